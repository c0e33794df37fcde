"""docs/settings.md: the parameters of a stack, and what the functions read of their environment besides."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from typing import Any

from chalicelib.errors import SettingInvalid
from chalicelib.settings import Settings
from hato.reference.markdown import code, table, text
from hato.template import Source, read_template, references

# What nobody need give to `hato deploy`, and what it then gives to the template.
SET_BY_DEPLOY = {
    "Stage": "What `--stage` or `HATO_STAGE` names.",
    "SendConcurrency": "By the rate that SES grants the account, and anew each time: what `--set` gives holds until "
    "`hato deploy` is next run without it.",
    "LinkKeyIsThere": "When a stack is made: `true` where an earlier one of the stage has left its key.",
    "OnLocalCloud": "`true` where it speaks to an endpoint url in place of AWS.",
}
_BESIDES = {
    "SOFT_BOUNCE_LIMIT": "After so many transient bounces, at most one a message, a contact is not written to again.",
}
_HEAD = """\
# Settings

This page is made from `statemachine/resources.yaml` and `chalicelib/settings.py`, by `make docs`.

## Parameters

A stage's choices are the parameters of its stack:

```
hato deploy --stage dev --set SendingShare=0.5 --set UnknownOutcomes=hold
```

What is not given stays as it is; `--sender` gives `Sender`, which a new stage needs. The functions are told by the
environment variable in the last column, where there is one.

A stage that is deployed by `chalice deploy` (with `hato deploy --by chalice`, or `hato chalice-stage` and Chalice
itself) keeps these variables in `.chalice/config.json`, and the parameters that have none in its stack
`hato-<stage>-foundation`.

CloudFormation refuses a value that is out of bounds. Functions that Chalice makes refuse it themselves, and do not
start.

{parameters}

## What `hato deploy` sets by itself

{by_itself}

## Environment variables that are no parameters

These are read by the functions, and set by no parameter. Give them to all functions in `environment_variables` at the
top of `.chalice/config.json`, which both ways of deploying read.

{besides}

The names of a stage's resources are made from the stage, and nobody need set them. Each has a variable all the same,
and some of them are told by the stack. Without `NOTIFICATION_TOPIC` nobody is told of campaigns.

{names}
"""


class _Asked(dict[str, str]):
    """An environment in which nothing is set, and that notes what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.variables: list[str] = []

    def get(self, key: str, default: Any = None) -> Any:
        self.variables.append(key)
        return default


def page() -> str:
    """The page, as Markdown."""
    source = Source(read_template())
    parameters = source.template["Parameters"]
    told = {
        each["Ref"]: name for name, each in source.environment.items() if "Ref" in each and each["Ref"] in parameters
    }
    told |= {name: own for own, each in source.own_environment.items() for name in references(each) & parameters.keys()}
    free = [each for each in variables() if each not in told.values()]
    names = [each for each in free if str(_default(each)).startswith("hato-") or each in source.environment]
    return _HEAD.format(
        parameters=_parameters(parameters, told),
        by_itself=table(("parameter", ""), ((code(name), to) for name, to in SET_BY_DEPLOY.items())),
        besides=_besides([each for each in free if each not in names]),
        names=_names(names, source.environment.keys()),
    )


def variables() -> list[str]:
    """The environment variables that the functions read."""
    asked = _Asked()
    Settings.from_environment(asked)
    return list(dict.fromkeys(asked.variables))


def _parameters(parameters: Mapping[str, Mapping[str, Any]], told: Mapping[str, str]) -> str:
    rows = (
        (
            code(name),
            code(rules["Default"]) if rules["Default"] != "" else "none",
            _bounds(rules),
            _marked(rules["Description"], parameters),
            code(told[name]) if name in told else "",
        )
        for name, rules in parameters.items()
    )
    return table(("parameter", "default", "bounds", "", "environment variable"), rows)


def _besides(variables: Iterable[str]) -> str:
    rows = ((code(each), code(_default(each)), _refusal(each), _BESIDES[each]) for each in variables)
    return table(("environment variable", "default", "bounds", ""), rows)


def _names(variables: Iterable[str], told: Collection[str]) -> str:
    rows = (
        (code(each), code(default) if (default := _default(each)) else "none", "yes" if each in told else "")
        for each in variables
    )
    return table(("environment variable", "without it", "told by the stack"), rows)


def _bounds(rules: Mapping[str, Any]) -> str:
    if "AllowedValues" in rules:
        return ", ".join(map(code, rules["AllowedValues"]))
    if "AllowedPattern" in rules:
        return code(rules["AllowedPattern"])
    return f"{rules['MinValue']:,} to {rules['MaxValue']:,}"


def _marked(description: str, parameters: Mapping[str, Any]) -> str:
    """The description with the names of parameters and commands as code."""
    named = "|".join(name for name in parameters if not re.fullmatch("[A-Z][a-z]*", name))
    return text(re.sub(rf"\b(?:{named}|hato deploy|hato-<stage>)(?!\w)", lambda found: code(found[0]), description))


def _default(variable: str) -> Any:
    """What the functions take where the variable is not set; in it stands <stage> for the stage."""
    untold = Settings.from_environment({"STAGE": "<stage>"})
    told = Settings.from_environment({"STAGE": "<stage>", variable: "77"})
    (changed,) = (each.name for each in fields(Settings) if getattr(told, each.name) != getattr(untold, each.name))
    return getattr(untold, changed)


def _refusal(variable: str) -> str:
    """The bounds of the variable, as the functions tell them to whoever sets nonsense."""
    try:
        Settings.from_environment({variable: "nan"})
    except SettingInvalid as error:
        return str(error).removeprefix(f"{variable} must be ").partition(", not ")[0]
    raise ValueError(f"{variable} takes anything.")
