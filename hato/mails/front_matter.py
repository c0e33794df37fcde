"""The front matter of a mail's file: YAML between two lines of `---`, and what each of its keys may be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from email.utils import parseaddr
from typing import Any

import yaml

from chalicelib.errors import MailInvalid
from hato.mails.utm import Utm, UtmInvalid

_FENCE = "---"
_BOOLEAN, _NULL, _MERGE_FIELD = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null", "{{"


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a mail's file says of the mail; what it leaves out is empty, or None where empty would mean something."""

    subject: str = ""
    mail_id: str = ""
    sender: str = ""
    reply_to: tuple[str, ...] = ()
    preheader: str = ""
    footer: str = ""
    lang: str = ""
    track_opens: bool = True
    track_clicks: bool = True
    layout: bool | None = None
    utm: Utm | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """A file in its two parts, and the number of the line on which the body begins."""

    front: str
    body: str
    body_line: int


class _Wrong(ValueError):
    """A value is none that its key may have; the text goes on from `line N: key`."""


def split(text: str) -> Parts:
    """The file's front matter and its body. Raises MailInvalid where the front matter is not closed."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return Parts("", text, 1)
    for at, line in enumerate(lines[1:], 1):
        if line.rstrip() == _FENCE:
            return Parts("\n".join(lines[1:at]), "\n".join(lines[at + 1 :]), at + 2)
    raise MailInvalid("line 1: the front matter begins with --- and no second line of --- ends it.")


def parse(front: str) -> FrontMatter:
    """What the front matter says. Raises MailInvalid, with the line of the file and the key."""
    values: dict[str, Any] = {}
    for key, node in _nodes(front):
        name, read = _KEYS.get(key.value, ("", _text))
        where = f"line {_line(key)}"
        if not name:
            raise MailInvalid(f"{where}: there is no {key.value}{_nearest(key.value)} Known are {', '.join(_KEYS)}.")
        if name in values:
            raise MailInvalid(f"{where}: {key.value} is there twice.")
        try:
            values[name] = read(node)
        except (_Wrong, UtmInvalid) as why:
            raise MailInvalid(f"{where}: {key.value} {why}.") from None
    return FrontMatter(**values)


def _nodes(front: str) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    try:
        root = yaml.compose(front, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + 2
        hint = "put quotation marks around a value that holds ': ', or that begins with a mark such as { or @"
        raise MailInvalid(f"line {line}: the front matter is no YAML ({error.problem}); {hint}.") from None
    except yaml.YAMLError:
        raise MailInvalid("the front matter has a character that YAML does not take.") from None
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode):
        raise MailInvalid("line 2: the front matter must be lines of `key: value`.")
    for key, _ in root.value:
        if not isinstance(key, yaml.ScalarNode):
            raise MailInvalid(f"line {_line(key)}: a key of the front matter must be a plain word.")
    return list(root.value)


def _text(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode) and node.flow_style:
        raise _Wrong("begins with a brace, so YAML needs quotation marks around it")
    if not isinstance(node, yaml.ScalarNode):
        raise _Wrong("must be text")
    return "" if node.tag == _NULL else str(node.value).strip()


def _one_line(node: yaml.Node) -> str:
    text = _text(node)
    if not text.isprintable():
        raise _Wrong("must be one line, without control characters")
    return text


def _mail_id(node: yaml.Node) -> str:
    mail_id = _one_line(node)
    if not mail_id or "/" in mail_id or _MERGE_FIELD in mail_id:
        raise _Wrong("must be a name without / and merge fields")
    return mail_id


def _address(node: yaml.Node) -> str:
    text = _one_line(node)
    local, at, domain = parseaddr(text)[1].rpartition("@")
    if not (local and at and domain) or _MERGE_FIELD in text:
        raise _Wrong(f"must be an address, such as news@example.com or Name <news@example.com>; {text!r} is none")
    return text


def _addresses(node: yaml.Node) -> tuple[str, ...]:
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return tuple(_address(each) for each in nodes)


def _yes_or_no(node: yaml.Node) -> bool:
    if not isinstance(node, yaml.ScalarNode) or node.tag != _BOOLEAN:
        raise _Wrong("must be true or false")
    return bool(yaml.SafeLoader.bool_values[node.value.lower()])


def _language(node: yaml.Node) -> str:
    language = "no" if _is(node, _BOOLEAN) and node.value.lower() == "no" else _one_line(node)  # Norwegian
    if not language.replace("-", "").isalnum() or not language.isascii():
        raise _Wrong("must be a language's code, such as en or ja")
    return language


def _utm(node: yaml.Node) -> Utm | None:
    if _is(node, _BOOLEAN):
        return Utm() if _yes_or_no(node) else None
    if not isinstance(node, yaml.MappingNode):
        raise _Wrong("must be true, or hold lines such as `utm_campaign: spring`")
    return Utm.from_mapping({str(key.value): _one_line(value) for key, value in node.value})


def _is(node: yaml.Node, tag: str) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == tag


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 2  # YAML counts from 0, and --- is line 1 of the file


def _nearest(key: str) -> str:
    found = get_close_matches(key, _KEYS, n=1)
    return f"; did you mean {found[0]}?" if found else "."


_KEYS: Mapping[str, tuple[str, Callable[[yaml.Node], Any]]] = {
    "mail_id": ("mail_id", _mail_id),
    "subject": ("subject", _one_line),
    "from": ("sender", _address),
    "reply_to": ("reply_to", _addresses),
    "preheader": ("preheader", _one_line),
    "track_opens": ("track_opens", _yes_or_no),
    "track_clicks": ("track_clicks", _yes_or_no),
    "lang": ("lang", _language),
    "footer": ("footer", _text),
    "utm": ("utm", _utm),
    "layout": ("layout", _yes_or_no),
}
