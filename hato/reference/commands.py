"""docs/cli.md: every command with its arguments and options, their defaults and environment variables."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from hato.cli.exit_status import MEANINGS
from hato.cli.main import app
from hato.cli.reach import reach
from hato.reference.markdown import anchor, code, table, text

Parameter = TyperArgument | TyperOption

_VALUES = {"str": "TEXT", "float": "NUMBER", "float range": "NUMBER", "file": "FILE"}
_COMMON = frozenset(inspect.signature(reach).parameters)
_COMMON_TITLE = "Which Hato a command speaks to"
_HEAD = """\
# The `hato` command

This page is made from the command itself, by `make docs`. Every command also explains itself with `--help`.

{index}

## Exit statuses

{statuses}

## Completion

`hato --install-completion` makes the tab key of your shell complete commands and options, and also the ids of campaigns
and mails and the names of stages, as AWS or the local cloud knows them. Where these do not answer within a
second, or as many as HATO_COMPLETION_SECONDS says, nothing is offered. `hato --show-completion` prints what would be
installed.

## JSON

With `--json` a command prints one JSON document; [docs/json.md](json.md) says what is in it. Without it, a terminal is
shown colours, unless the environment variable `NO_COLOR` is set, and what is going on; a pipe gets plain text.

## {common_title}

While a local cloud is running, commands speak to it, and otherwise to the stage `dev` in AWS, with the credentials
and the region of your AWS settings. These options, which all commands that speak to a deployed Hato have, name another:

{common}

The local cloud keeps its note and its logs in the folder that the environment variable `HATO_LOCAL_FOLDER` names, and
without it in `.hato/local` of the checkout.
"""


@dataclass(frozen=True)
class Entry:
    """A command, or a group of commands, and what is typed to reach it."""

    path: str
    command: TyperCommand | TyperGroup

    @property
    def help(self) -> str:
        """What it says of itself."""
        return inspect.cleandoc(self.command.help or "")

    @property
    def parameters(self) -> list[Parameter]:
        """Its arguments, and then its options."""
        shown = [each for each in self.command.params if isinstance(each, Parameter) and not each.hidden]
        return sorted(shown, key=lambda each: isinstance(each, TyperOption))

    @property
    def own(self) -> list[Parameter]:
        """Its parameters but for those that all commands share."""
        return [each for each in self.parameters if each.name not in _COMMON]

    @property
    def common(self) -> list[Parameter]:
        """What it has of the options that all commands share."""
        return [each for each in self.parameters if each.name in _COMMON]


def page() -> str:
    """The page, as Markdown."""
    top, *others = entries()
    index = [(f"[{code(each.path)}](#{anchor(each.path)})", _first_paragraph(each)) for each in others]
    common = next(each.common for each in others if each.common)
    head = _HEAD.format(
        index=table(("command", ""), index),
        statuses=table(("status", "means"), ((str(each.value), told) for each, told in MEANINGS.items())),
        common_title=_COMMON_TITLE,
        common=_table(common),
    )
    return "\n".join([head, *(_section(each) for each in (top, *others))])


def entries() -> Iterator[Entry]:
    """Every command of the app, and `hato` itself as the first."""
    yield from _below(get_command(app), "hato")


def _below(command: object, path: str) -> Iterator[Entry]:
    if not isinstance(command, TyperCommand | TyperGroup):
        raise TypeError(f"{path} is not made by Typer.")
    yield Entry(path, command)
    if isinstance(command, TyperGroup):
        for name, each in command.commands.items():
            yield from _below(each, f"{path} {name}")


def _first_paragraph(entry: Entry) -> str:
    return text(entry.help.split("\n\n")[0].replace("\n", " "))


def _section(entry: Entry) -> str:
    parts = [f"## {code(entry.path)}", text(entry.help)]
    if isinstance(entry.command, TyperGroup):
        parts.append(f"It takes one of the commands {', '.join(map(code, entry.command.commands))}.")
    else:
        parts.append(f"```\n{_synopsis(entry)}\n```")
    if entry.own:
        parts.append(_table(entry.own))
    if entry.common:
        options = ", ".join(code(option) for each in entry.common for option in each.opts)
        parts.append(f"[{_COMMON_TITLE}](#{anchor(_COMMON_TITLE)}): {options}.")
    return "\n\n".join(parts) + "\n"


def _synopsis(entry: Entry) -> str:
    """How it is called, with what it cannot do without before all that is left to choose."""
    needed = [_called(each) for each in entry.own if each.required]
    free = [f"[{_called(each)}]" + "..." * _is_repeated(each) for each in entry.own if not each.required]
    return " ".join([entry.path, *needed, *free])


def _table(parameters: list[Parameter]) -> str:
    kinds = dict.fromkeys(each.param_type_name for each in parameters)
    return table((" or ".join(kinds), ""), ((code(_called(each)), _told(each)) for each in parameters))


def _called(parameter: Parameter) -> str:
    if isinstance(parameter, TyperArgument):
        return parameter.metavar or parameter.name.upper()
    name = ", ".join([*parameter.opts, *parameter.secondary_opts])
    return name if parameter.is_flag else f"{name} {parameter.metavar or _value(parameter)}"


def _value(parameter: Parameter) -> str:
    """What stands for its value: the choices, or the kind."""
    kind = parameter.display_type(typer.Context(TyperCommand(None))).strip("<>")
    return _VALUES.get(kind, kind)


def _told(parameter: Parameter) -> str:
    """All that there is to say of it, sentence by sentence."""
    sentences = [text(parameter.help or f"A {_value(parameter).lower()}.")]
    if parameter.required:
        sentences.append("Required.")
    if _is_repeated(parameter) and "repeated" not in sentences[0]:
        sentences.append("May be repeated.")
    if isinstance(parameter, TyperOption) and not parameter.is_flag and parameter.show_default and parameter.default:
        default = parameter.default
        sentences.append(f"Default: {code(default.value if isinstance(default, Enum) else default)}.")
    if parameter.min is not None:
        sentences.append(f"At least {parameter.min}.")
    if parameter.max is not None:
        sentences.append(f"At most {parameter.max}.")
    if parameter.envvar:
        variables = [parameter.envvar] if isinstance(parameter.envvar, str) else parameter.envvar
        sentences.append(f"Environment variable: {', '.join(map(code, variables))}.")
    return " ".join(sentences)


def _is_repeated(parameter: Parameter) -> bool:
    return isinstance(parameter, TyperOption) and parameter.multiple
