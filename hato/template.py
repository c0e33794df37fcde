"""statemachine/resources.yaml, the one source of all that stands around the functions, and what is made of it.

`chalice package` merges it whole into one stack. `chalice deploy` makes only the functions, so there two stacks stand
beside them: the foundation, which they need to be there, and the orchestration, which needs them. Both are taken out
of the same file: what refers to a function, straight or by another, is orchestration, and all else is foundation.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from hato.project import ROOT

SOURCE = ROOT / "statemachine" / "resources.yaml"
_REFERENCE = re.compile(r"\$\{([A-Za-z0-9:]+)(\.[A-Za-z0-9.]+)?\}")
# What Chalice tells of its API; the orchestration passes it on, so that one stack has all outputs.
_TOLD_BY_CHALICE = ("EndpointURL", "RestAPIId", "PagesURL")
_FUNCTION = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:"


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms (!Ref, !GetAtt, !Sub, …) as their long ones."""


def _long_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)  # noqa: S101 - there are no other nodes
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _long_form)


def read_template(file: Path = SOURCE) -> dict[str, Any]:
    """A template with CloudFormation's functions in their long forms."""
    template: dict[str, Any] = yaml.load(file.read_text(), _Loader)  # noqa: S506 - a SafeLoader with our own forms
    return template


@dataclass(frozen=True)
class Source:
    """What resources.yaml says."""

    template: Mapping[str, Any]

    @cached_property
    def functions(self) -> dict[str, dict[str, Any]]:
        """The names of Chalice's functions, as Fn::Sub, by their logical ids."""
        patches = ((name, each) for name, each in self.template["Resources"].items() if "Type" not in each)
        named = {name: each.get("Properties", {}).get("FunctionName") for name, each in patches}
        return {name: function for name, function in named.items() if function is not None}

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        """The resources that are ours; what has no type of its own only adds to one of Chalice's."""
        return {name: each for name, each in self.template["Resources"].items() if "Type" in each}

    @cached_property
    def environment(self) -> dict[str, Any]:
        """The functions' environment variables."""
        return dict(self.template["Globals"]["Function"]["Environment"]["Variables"])

    @cached_property
    def own_environment(self) -> dict[str, Any]:
        """The environment variables that some functions have and others do not."""
        patches = (each for each in self.template["Resources"].values() if "Type" not in each)
        own = (each.get("Properties", {}).get("Environment", {}).get("Variables", {}) for each in patches)
        return {name: value for variables in own for name, value in variables.items()}

    def functions_told(self, variable: str) -> list[str]:
        """The functions that have this environment variable for their own, as .chalice/config.json names them."""
        patches = {name: self.template["Resources"][name].get("Properties", {}) for name in self.functions}
        told = [name for name, each in patches.items() if variable in each.get("Environment", {}).get("Variables", {})]
        return [self.functions[name]["Fn::Sub"].removeprefix("hato-${Stage}-") for name in told]

    @cached_property
    def orchestration_names(self) -> frozenset[str]:
        """The logical ids of what stands on the functions."""
        known = self.resources.keys() | self.template["Parameters"].keys()
        needs = {name: references(resource) for name, resource in self.resources.items()}
        found = {name for name, others in needs.items() if any(":" not in each for each in others - known)}
        while more := {name for name, others in needs.items() if others & found} - found:
            found |= more
        return frozenset(found)

    def foundation(self) -> dict[str, Any]:
        """The template of what must be there before `chalice deploy`."""
        resources = {name: each for name, each in self.resources.items() if name not in self.orchestration_names}
        orchestration = [self.resources[name] for name in self.orchestration_names]
        outputs = {
            _export(*target): {"Value": _value(*target), "Export": {"Name": {"Fn::Sub": _export_name(*target)}}}
            for target in sorted(_targets([orchestration, self.template["Outputs"]]))
            if target[0] in resources
        }
        return self._template("what `chalice deploy` needs to be there", resources, outputs)

    def orchestration(self) -> dict[str, Any]:
        """The template of what stands on the functions that `chalice deploy` has made; it has all outputs."""
        rewritten = {name: self._apart(self.resources[name]) for name in sorted(self.orchestration_names)}
        outputs = self._apart(self.template["Outputs"]) | {name: {"Value": {"Ref": name}} for name in _TOLD_BY_CHALICE}
        template = self._template("what stands on the functions of `chalice deploy`", rewritten, outputs)
        template["Parameters"] |= {name: {"Type": "String", "Default": ""} for name in _TOLD_BY_CHALICE}
        passed_on = {"cfn-lint": {"config": {"ignore_checks": ["W6001"]}}}  # outputs that are imports: on purpose
        return template | {"Transform": "AWS::Serverless-2016-10-31", "Metadata": passed_on}

    def _template(self, description: str, resources: dict[str, Any], outputs: dict[str, Any]) -> dict[str, Any]:
        """A template of these resources, with the conditions and parameters that they use."""
        conditions, used = self.template["Conditions"], set[str]()
        waiting = {name for name in texts([resources, outputs]) if name in conditions}
        while waiting:
            used |= waiting
            waiting = {name for name in texts([conditions[each] for each in used]) if name in conditions} - used
        kept = {name: conditions[name] for name in sorted(used)}
        named = references([resources, outputs, kept])
        parameters = {name: each for name, each in self.template["Parameters"].items() if name in named}
        return {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": f"Hato: {description}.",
            "Parameters": parameters,
            "Conditions": kept,
            "Resources": resources,
            "Outputs": outputs,
        }

    def _apart(self, part: Any) -> Any:
        """The part with what lies in the foundation imported, and the functions called by their names."""
        return _replaced(part, self._elsewhere)

    def _elsewhere(self, name: str, attribute: str) -> Any:
        """What stands for this reference in the orchestration; None where it is at home there."""
        function = self.functions.get(name) or self.functions.get(name.removesuffix("Role"))
        if function is not None:
            return {"Fn::Sub": _FUNCTION + function["Fn::Sub"]} if attribute else function
        if name in self.resources and name not in self.orchestration_names:
            return {"Fn::ImportValue": {"Fn::Sub": _export_name(name, attribute)}}
        return None


def references(part: Any) -> set[str]:
    """The logical ids, parameters and pseudo parameters that this part of a template refers to."""
    if isinstance(part, dict):
        depends = part.get("DependsOn", [])
        named = set(depends if isinstance(depends, list) else [depends])
        return named | {name for name, _ in _targets(part)}
    return {name for name, _ in _targets(part)}


def resolved(part: Any, values: Mapping[str, Any]) -> Any:
    """The part with every Ref and Fn::Sub replaced by what it stands for; a name that has no value is a KeyError."""
    if isinstance(part, list):
        return [resolved(each, values) for each in part]
    if not isinstance(part, dict):
        return part
    if "Ref" in part:
        return values[part["Ref"]]
    if "Fn::Sub" in part:
        return _REFERENCE.sub(lambda found: str(values[found[1]]), part["Fn::Sub"])
    return {name: resolved(each, values) for name, each in part.items()}


def _targets(part: Any) -> set[tuple[str, str]]:
    """What is referred to, with the attribute that is asked for, or none."""
    found = set[tuple[str, str]]()

    def note(name: str, attribute: str) -> None:
        found.add((name, attribute))

    _replaced(part, note)
    return found


def _replaced(part: Any, instead: Callable[[str, str], Any]) -> Any:
    """The part with each reference replaced by what `instead` gives for (name, attribute), where it gives anything."""
    if isinstance(part, list):
        return [_replaced(each, instead) for each in part]
    if not isinstance(part, dict):
        return part
    if isinstance(part.get("Ref"), str):
        return instead(part["Ref"], "") or part
    if "Fn::GetAtt" in part:
        name, attribute = part["Fn::GetAtt"]
        return instead(name, attribute) or part
    if "Fn::Sub" in part:
        return _replaced_in_text(part, instead)
    return {name: _replaced(each, instead) for name, each in part.items()}


def _replaced_in_text(part: dict[str, Any], instead: Callable[[str, str], Any]) -> dict[str, Any]:
    text, given = part["Fn::Sub"] if isinstance(part["Fn::Sub"], list) else (part["Fn::Sub"], {})
    variables: dict[str, Any] = {name: _replaced(value, instead) for name, value in given.items()}
    for name, attribute in _REFERENCE.findall(text):
        other = None if name in given else instead(name, attribute[1:])
        if other is not None:
            variables[_export(name, attribute[1:])] = other
            text = text.replace(f"${{{name}{attribute}}}", f"${{{_export(name, attribute[1:])}}}")
    return {"Fn::Sub": [text, variables] if variables else text}


def texts(part: Any) -> Iterable[str]:
    """Every text in this part of a template."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list | dict):
        for each in part.values() if isinstance(part, dict) else part:
            yield from texts(each)


def _export(name: str, attribute: str) -> str:
    return name + attribute.replace(".", "")


def _export_name(name: str, attribute: str) -> str:
    return f"hato-${{Stage}}-foundation:{_export(name, attribute)}"


def _value(name: str, attribute: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [name, attribute]} if attribute else {"Ref": name}
