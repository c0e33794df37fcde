"""The other way to deploy: `chalice deploy` makes the functions, and two stacks stand around them.

The foundation must be there before, the orchestration comes after; both are taken out of statemachine/resources.yaml.
The stage's settings are kept where Chalice keeps them, in .chalice/config.json.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalicelib.settings import Settings
from hato import durable
from hato.access import Access
from hato.deploying import pages, standing
from hato.packaging import local_wheels, write_stacks
from hato.policies import narrowed
from hato.project import ROOT
from hato.stacks import DeployFailed, Progress, Stack
from hato.template import Source, read_template, resolved

_PAGES = "PAGES_URL"


def foundation_name(access: Access) -> str:
    """The name of the stack that stands before the functions; where it is there, the stage was deployed by Chalice."""
    return f"{access.stack}-foundation"


def deploy_by_chalice(
    access: Access,
    parameters: Mapping[str, str],
    progress: Progress = lambda text: None,
    project: Path = ROOT,
) -> dict[str, str]:
    """Foundation, `chalice deploy`, orchestration; returns the outputs of the last. Raises DeployFailed.

    `project` is the checkout whose .chalice/ holds the stage, and where Chalice notes what it deployed.
    """
    source = Source(read_template())
    _check(access, source, parameters, _settings(project, access.stage))
    make_foundation(access, source, parameters, progress)
    write_stage(access, source, parameters, project)
    progress("chalice deploy")
    run_chalice(access, project, "deploy", "--no-autogen-policy")
    made = _deployed(project, access.stage)
    pages_url, is_new = tell_pages(access, parameters, project)
    if is_new:
        progress("chalice deploy, with the address of the pages")
        run_chalice(access, project, "deploy", "--no-autogen-policy")
    told = {"EndpointURL": made["rest_api_url"], "RestAPIId": made["rest_api_id"], "PagesURL": pages_url}
    with tempfile.TemporaryDirectory(prefix="hato-stacks-") as folder:
        write_stacks(Path(folder))
        stack = Stack(access, access.stack, progress)
        template = source.orchestration()
        stack.apply(template, Path(folder), _declared(template, standing(access) | told))
    access.forget()
    _redrive_notifications(access)
    return access.outputs


def make_foundation(access: Access, source: Source, parameters: Mapping[str, str], progress: Progress) -> None:
    """Make or update what `chalice deploy` needs to be there."""
    stack, template = Stack(access, foundation_name(access), progress), source.foundation()
    found, told = durable.adopt(access, stack, template)
    given = standing(access) | told | dict(parameters)
    stack.apply(template, Path(), _declared(template, given), found)


def write_stage(access: Access, source: Source, parameters: Mapping[str, str], project: Path) -> None:
    """Write the stage into the project's .chalice/: its settings, and each function's policy, narrowed to it.

    A setting that is not given stays what the stage has, and is the default in a new stage.
    """
    before = _settings(project, access.stage)
    _check(access, source, parameters, before)
    file = project / ".chalice" / "config.json"
    config = json.loads(file.read_text())
    stage = config.setdefault("stages", {}).setdefault(access.stage, {})
    values = _values(access, source, parameters, before)
    stage["environment_variables"] = {name: str(resolved(each, values)) for name, each in source.environment.items()}
    known = stage.get("lambda_functions", {})
    stage["lambda_functions"] = {
        function: known.get(function, {})
        | {"iam_policy_file": _write_policy(access, project, settings["iam_policy_file"], values)}
        for function, settings in config["lambda_functions"].items()
    }
    file.write_text(json.dumps(config, indent=2) + "\n")


def tell_pages(access: Access, parameters: Mapping[str, str], project: Path) -> tuple[str, bool]:
    """Write down where the stage's pages are, for the functions that make links; where that is, and whether it is news.

    Only when Chalice has made the API it is known, so the first time takes a second `chalice deploy`.
    """
    file = project / ".chalice" / "config.json"
    config = json.loads(file.read_text())
    functions = config["stages"][access.stage]["lambda_functions"]
    told = [
        functions[name].setdefault("environment_variables", {})
        for name in Source(read_template()).functions_told(_PAGES)
    ]
    made, before = _deployed(project, access.stage), next((each[_PAGES] for each in told if each.get(_PAGES)), "")
    own = f"{here}{made['rest_api_id']}/api/" if (here := pages(access).get("PagesUrl")) else made["rest_api_url"]
    # An API's own address is made anew: after `hato destroy` the stage has another API.
    asked = parameters.get("PagesUrl", "" if "execute-api" in before else before)
    is_new = any(each.get(_PAGES) != (asked or own) for each in told)
    for variables in told:
        variables[_PAGES] = asked or own
    file.write_text(json.dumps(config, indent=2) + "\n")
    return asked or own, is_new


def run_chalice(access: Access, project: Path, command: str, *options: str) -> None:
    """Run a command of Chalice for the stage. Raises DeployFailed with the end of what it said."""
    key = access.credentials()
    environment = {
        **os.environ,
        **local_wheels(),
        **({"AWS_ENDPOINT_URL": access.endpoint_url} if access.endpoint_url else {}),
        **({"AWS_ACCESS_KEY_ID": key.access_key, "AWS_SECRET_ACCESS_KEY": key.secret_key} if key else {}),
        **({"AWS_SESSION_TOKEN": key.token} if key and key.token else {}),
        "AWS_DEFAULT_REGION": access.region,
    }
    done = subprocess.run(  # noqa: S603 - our own interpreter, and a stage that the template's pattern bounds
        [
            *(sys.executable, "-c", "from chalice.cli import main; main()"),
            *("--project-dir", str(project), command, "--stage", access.stage, *options),
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or "Could not install" in done.stdout:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise DeployFailed(f"`chalice {command} --stage {access.stage}` failed:\n{said}")


def _settings(project: Path, stage: str) -> dict[str, str]:
    """The stage's settings as they are, by the variables that the functions are told them in; none where it is new."""
    config = json.loads((project / ".chalice" / "config.json").read_text())
    return dict(config.get("stages", {}).get(stage, {}).get("environment_variables", {}))


def _check(access: Access, source: Source, parameters: Mapping[str, str], before: Mapping[str, str]) -> None:
    """Refuse what could not be deployed, before anything is. Raises DeployFailed or SettingInvalid."""
    known = {name for name in source.template["Parameters"] if name not in standing(access)}
    if unknown := sorted(parameters.keys() - known):
        raise DeployFailed(f"There is no parameter {', '.join(unknown)}; there are {', '.join(sorted(known))}.")
    if "Sender" not in parameters and "SENDER" not in before:
        raise DeployFailed(f"{access.stage} is a new stage and needs its From address: --sender ADDRESS.")
    refer = {name: each["Ref"] for name, each in source.environment.items() if "Ref" in each}
    told = {name: parameters[parameter] for name, parameter in refer.items() if parameter in parameters}
    told |= {name: parameters["PagesUrl"] for name in source.own_environment if "PagesUrl" in parameters}
    Settings.from_environment({**before, **told})  # what these refuse would keep every function from starting


def _values(access: Access, source: Source, parameters: Mapping[str, str], before: Mapping[str, str]) -> dict[str, Any]:
    """What each name in the template stands for in this stage."""
    defaults = {name: each["Default"] for name, each in source.template["Parameters"].items()}
    kept = {
        value["Ref"]: before[name]
        for name, value in source.environment.items()
        if "Ref" in value and value["Ref"] in defaults and name in before
    }
    resources = Stack(access, foundation_name(access)).outputs()
    return defaults | kept | dict(parameters) | standing(access) | access.pseudo_parameters | resources


def _write_policy(access: Access, project: Path, name: str, values: Mapping[str, Any]) -> str:
    """Write the policy for this stage beside the one for all, and return its name as config.json knows it."""
    folder = project / ".chalice"
    document = resolved(narrowed(json.loads((folder / name).read_text())), values)
    (folder / access.stage).mkdir(exist_ok=True)
    (folder / access.stage / name).write_text(json.dumps(document, indent=2) + "\n")
    return f"{access.stage}/{name}"


def _declared(template: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if name in template["Parameters"]}


def is_made(project: Path, stage: str) -> bool:
    """Whether Chalice has deployed the stage from this checkout."""
    return _note(project, stage).exists()


def _note(project: Path, stage: str) -> Path:
    return project / ".chalice" / "deployed" / f"{stage}.json"


def _deployed(project: Path, stage: str) -> dict[str, Any]:
    """What Chalice noted of the stage's API."""
    note = json.loads(_note(project, stage).read_text())
    return next(each for each in note["resources"] if each["resource_type"] == "rest_api")


def _redrive_notifications(access: Access) -> None:
    """Let SNS keep what it cannot hand to a function: Chalice has no word for that."""
    sns, sqs = access.client("sns"), access.client("sqs")
    queue = access.outputs["EventDeadLetterQueue"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    for topic in ("FeedbackTopic", "DeliveryTopic", "EngagementTopic"):
        for each in sns.list_subscriptions_by_topic(TopicArn=access.outputs[topic])["Subscriptions"]:
            if each["Protocol"] == "lambda":
                sns.set_subscription_attributes(
                    SubscriptionArn=each["SubscriptionArn"],
                    AttributeName="RedrivePolicy",
                    AttributeValue=json.dumps({"deadLetterTargetArn": arn}),
                )
