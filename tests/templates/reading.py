"""The templates of a package, and how their parts hang together."""

import copy
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from samtranslator.translator.transform import transform

from hato.project import ROOT

REFERENCE = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.[A-Za-z0-9.]+)?\}")
_ANY_BUCKET = "s3://hato-artifacts/key"  # SAM wants the files uploaded; where to is all the same here


@dataclass(frozen=True, slots=True)
class Templates:
    """The package's template, what SAM makes of it, the state machine's definition, and the project they came from."""

    sam: dict[str, Any]
    plain: dict[str, Any]
    definition: dict[str, Any]
    stacks: dict[str, dict[str, Any]]
    project: Path = ROOT

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """The properties of all resources of this type, in the template that CloudFormation deploys."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.plain["Resources"].items()
            if resource["Type"] == kind
        }

    def states(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """All states by name, those inside of a Map too."""
        for machine in self.machines():
            yield from machine["States"].items()

    def machines(self) -> Iterator[dict[str, Any]]:
        """The state machine, and each one inside of a Map."""
        waiting = [self.definition]
        while waiting:
            machine = waiting.pop()
            yield machine
            waiting += [state["ItemProcessor"] for state in machine["States"].values() if "ItemProcessor" in state]


def read_templates(folder: Path) -> Templates:
    """The templates of the package in this folder."""
    sam = yaml.safe_load((folder / "sam.yaml").read_text())
    text = (folder / "campaign.asl.json").read_text()
    stacks = {name: yaml.safe_load((folder / f"{name}.yaml").read_text()) for name in ("foundation", "orchestration")}
    return Templates(sam, to_cloudformation(sam, text), json.loads(text), stacks)


def to_cloudformation(sam: dict[str, Any], definition: str) -> dict[str, Any]:
    """The template that CloudFormation deploys, the state machine's definition inside of it as one plain text.

    SAM would take the definition in as an Fn::Join of lines, into which cfn-lint does not look.
    """
    uploaded = copy.deepcopy(sam)
    for resource in uploaded["Resources"].values():
        for name in ("CodeUri", "DefinitionUri"):
            if isinstance(resource.get("Properties", {}).get(name), str):
                resource["Properties"][name] = _ANY_BUCKET
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")  # SAM asks for it; nothing is called
    plain: dict[str, Any] = transform(uploaded, {}, SimpleNamespace(load=dict))  # no managed policies to look up
    for resource in plain["Resources"].values():
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            del resource["Properties"]["DefinitionS3Location"]
            resource["Properties"]["DefinitionString"] = definition
        if resource["Type"] == "AWS::ApiGateway::Stage":  # SAM leaves the reasons with the API alone
            api = plain["Resources"][resource["Properties"]["RestApiId"]["Ref"]]
            resource["Metadata"] = api.get("Metadata", {})
    return plain


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def logical_id(function: str) -> str:
    return "APIHandler" if function == "api_handler" else "".join(word.title() for word in function.split("_"))


def reachable(graph: dict[str, set[str]], start: set[str]) -> set[str]:
    found, waiting = set[str](), list(start)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += graph.get(name, ())
    return found
