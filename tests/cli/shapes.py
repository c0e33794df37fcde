"""What docs/json.md says of a document that a command prints, and whether a document is so."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from hato.project import ROOT
from tests.markdown import Page

PAGE = ROOT / "docs" / "json.md"
_ROW = re.compile(r"^\| `([^`]+)` \| (.+?) \| .+ \|$", re.MULTILINE)
_SAME = re.compile(r"^The same as \[`(hato [a-z -]+)`\]", re.MULTILINE)
_AS = re.compile(r" as `(hato [a-z -]+)`$")
_KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
    "any": (object,),
}


@dataclass
class Shape:
    """One value: what it may be, what is in it, and whether it may lack; `items` is of a list."""

    kinds: tuple[type, ...] = (object,)
    may_lack: bool = False
    fields: dict[str, "Shape"] = field(default_factory=dict)
    items: "Shape | None" = None

    def faults(self, value: Any, at: str = "") -> Iterator[str]:
        """Where the value is not as documented."""
        if not isinstance(value, self.kinds) or (isinstance(value, bool) and self.kinds == _KINDS["number"]):
            yield f"{at or 'the document'} is {value!r:.40}"
        elif isinstance(value, dict) and self.fields:
            yield from self._of_object(value, at)
        elif isinstance(value, list) and self.items:
            for each in value:
                yield from self.items.faults(each, f"{at}[]")

    def _of_object(self, value: Mapping[str, Any], at: str) -> Iterator[str]:
        for name, shape in self.fields.items():
            if name not in value and not shape.may_lack and name != "*":
                yield f"{at}.{name} lacks"
        for name, each in value.items():
            shape = self.fields.get(name, self.fields.get("*"))
            if shape is None:
                yield f"{at}.{name} is not documented"
            else:
                yield from shape.faults(each, f"{at}.{name}")


@cache
def page() -> Page:
    return Page.read(PAGE)


def documented() -> list[str]:
    """The commands that have a section."""
    return re.findall(r"^## `(hato [^`]+)`$", page().text, re.MULTILINE)


@cache
def shape_of(command: str) -> Shape:
    """What the page says of the command's document. Raises KeyError where it says nothing."""
    text = page().section(f"`{command}`").text
    if same := _SAME.search(text):
        return shape_of(same[1])
    root = Shape()
    for path, told in _ROW.findall(text):
        place = root
        for name in re.findall(r"\[\]|[^.\[\]]+", path):
            place = _below(place, name)
        _fill(place, told)
    return root


def command_of(words: Sequence[str]) -> str:
    """The command that is called by these words."""
    found = (each for each in documented() if _is_called(each.split(), [*words]))
    return max(found, key=len)


def _is_called(documented: list[str], words: list[str]) -> bool:
    """Whether these words call the command, with the options that its section is about."""
    path = [each for each in documented if not each.startswith("--")]
    return words[: len(path)] == path and {*documented[len(path) :]} <= {*words}


def _below(place: Shape, name: str) -> Shape:
    if name == "[]":
        place.items = place.items or Shape()
        return place.items
    return place.fields.setdefault(name, Shape())


def _fill(place: Shape, told: str) -> None:
    place.may_lack = told.endswith(", may lack")
    told = told.removesuffix(", may lack")
    if other := _AS.search(told):
        place.fields = shape_of(other[1]).fields
        told = told[: other.start()]
    if told == "array of strings":
        told, place.items = "array", Shape(_KINDS["string"])
    place.kinds = tuple(kind for word in told.split(" or ") for kind in _KINDS[word])
