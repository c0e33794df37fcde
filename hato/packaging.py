"""The exported templates and the zip: what `chalice package` makes of a clean copy of the app for CloudFormation alone,
and the two stacks that stand around what `chalice deploy` makes.

python -m hato.packaging FOLDER [STAGE]
"""

import compileall
import json
import os
import py_compile
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from chalicelib.errors import HatoError
from hato.policies import narrowed
from hato.project import ROOT
from hato.template import Source, read_template

TEMPLATE = "sam.yaml"
FOUNDATION, ORCHESTRATION = "foundation.yaml", "orchestration.yaml"
_PARTS = ("app.py", "chalicelib", "requirements.txt", "statemachine")


class PackagingFailed(HatoError):
    """`chalice package` did not make a package."""


@dataclass(frozen=True, slots=True)
class Package:
    """A folder with the template and the files that it names."""

    folder: Path

    @property
    def template(self) -> Path:
        """The SAM template."""
        return self.folder / TEMPLATE

    @property
    def archive(self) -> Path:
        """The zip with the functions' code."""
        return self.folder / "deployment.zip"

    @property
    def foundation(self) -> Path:
        """The template of what must be there before `chalice deploy`."""
        return self.folder / FOUNDATION

    @property
    def orchestration(self) -> Path:
        """The template of what stands on the functions of `chalice deploy`."""
        return self.folder / ORCHESTRATION


def package(folder: Path, stage: str = "dev", project: Path = ROOT) -> Package:
    """Make the package of this stage in the folder, in the place of what was there. Raises PackagingFailed."""
    with tempfile.TemporaryDirectory(prefix="hato-package-") as name:
        copy = Path(name)
        copy_app(copy, project)
        _forget_stages(copy / ".chalice" / "config.json")
        _run_chalice(copy, stage)
        _add_bytecode(copy / "out" / "deployment.zip")
        _narrow_policies(copy / "out" / TEMPLATE)
        write_stacks(copy / "out")
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(copy / "out", folder)
    return Package(folder)


def write_stacks(folder: Path) -> None:
    """Write the templates of the two stacks that `chalice deploy` needs, with the definition that one of them names."""
    source = Source(read_template())
    for name, template in ((FOUNDATION, source.foundation()), (ORCHESTRATION, source.orchestration())):
        _write(folder / name, template)
    shutil.copy(ROOT / "statemachine" / "campaign.asl.json", folder)


def copy_app(target: Path, project: Path = ROOT) -> None:
    """Only what belongs into the zip: no caches, and none of Chalice's earlier packages."""
    (target / ".chalice").mkdir(parents=True)
    for part in _PARTS:
        source = project / part
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target / part)
    for file in (project / ".chalice").glob("*.json"):
        shutil.copy(file, target / ".chalice")


def _forget_stages(config: Path) -> None:
    """Leave out what only `chalice deploy` reads: the parameters of a stack say it, and its roles are narrowed."""
    settings = json.loads(config.read_text())
    for stage in settings.get("stages", {}).values():
        stage.pop("environment_variables", None)
        stage.pop("lambda_functions", None)
    config.write_text(json.dumps(settings))


def _run_chalice(app: Path, stage: str) -> None:
    command = [
        *(sys.executable, "-c", "from chalice.cli import main; main()", "package", "--stage", stage),
        *("--merge-template", "statemachine/resources.yaml", "--template-format", "yaml", "out"),
    ]
    environment = {"AWS_DEFAULT_REGION": "us-east-1", **os.environ, **local_wheels()}
    done = subprocess.run(  # noqa: S603 - our own interpreter, and a stage that the caller names
        command, cwd=app, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode or not (app / "out" / TEMPLATE).exists() or "Could not install" in done.stdout:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise PackagingFailed(f"`chalice package` failed:\n{said}")


def _narrow_policies(file: Path) -> None:
    """Let each role say its own stage and account, where Chalice's policy files cannot."""
    template = yaml.safe_load(file.read_text())
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::IAM::Role":
            for policy in resource["Properties"]["Policies"]:
                policy["PolicyDocument"] = narrowed(policy["PolicyDocument"])
    _write(file, template)


def _write(file: Path, template: dict[str, Any]) -> None:
    file.write_text(yaml.dump(template, Dumper=_WithoutAliases, allow_unicode=True))


class _WithoutAliases(yaml.SafeDumper):
    """CloudFormation reads no YAML aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _add_bytecode(archive: Path) -> None:
    """Add each module's compiled form, so that no cold start compiles anything.

    A Lambda runs the Python version that packages it. The bytecode is marked as not to be checked against the
    source: the zip's fixed dates would say nothing.
    """
    with tempfile.TemporaryDirectory(prefix="hato-bytecode-") as name, zipfile.ZipFile(archive, "a") as target:
        target.extractall(name)
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        compileall.compile_dir(name, quiet=2, stripdir=name, invalidation_mode=mode)
        for compiled in sorted(Path(name).rglob("*.pyc")):
            entry = zipfile.ZipInfo(compiled.relative_to(name).as_posix())
            target.writestr(entry, compiled.read_bytes(), zipfile.ZIP_DEFLATED)


def local_wheels() -> dict[str, str]:
    """Tells pip to take the wheels that `make setup` fetched, where it did: packaging then needs no network."""
    wheels = Path(sys.prefix) / "wheels"
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)} if wheels.is_dir() else {}


if __name__ == "__main__":
    made = package(Path(sys.argv[1]).resolve(), sys.argv[2] if sys.argv[2:] else "dev")
    sys.stdout.write(f"{made.template}\n")
