"""Where in HTML a piece of text ends: what would be escaped well there, and what no escaping makes safe."""

import re
from dataclasses import dataclass, replace
from enum import Enum, auto

# Attributes whose value is an address that a reader's program goes to, or asks for something.
LINKS = frozenset({"action", "background", "cite", "data", "formaction", "href", "poster", "src", "xlink:href"})
# Attributes in which escaped text is still code.
CODE = frozenset({"srcdoc", "srcset", "style"})
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
_CODE_ELEMENTS = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes"})

_tag = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")
_opening = re.compile(r"<[/!?]?-?\Z")
_separator = re.compile(r"[:/?#]")
_attribute = re.compile(r"[^\s=/>\"']+")


class Place(Enum):
    """What kind of place it is."""

    TEXT = auto()
    OPENING = auto()  # behind a `<` of which nobody knows yet what it opens
    COMMENT = auto()
    ELEMENT = auto()  # inside an element whose text is no HTML
    TAG = auto()  # between the attributes
    QUOTED = auto()
    UNQUOTED = auto()


@dataclass(frozen=True, slots=True)
class Position:
    """A place in HTML.

    `begins` says whether nothing of an attribute's value has come yet, `is_schemeless` whether nothing has that ends
    the first word of an address. `pending` is the text of an opening.
    """

    place: Place = Place.TEXT
    element: str = ""
    attribute: str = ""
    quote: str = ""
    begins: bool = False
    is_schemeless: bool = False
    pending: str = ""

    @property
    def is_code(self) -> bool:
        """Whether text from outside would be code here, or could end what it stands in, however it is escaped."""
        match self.place:
            case Place.ELEMENT:
                return self.element in _CODE_ELEMENTS
            case Place.QUOTED:
                return self.attribute in CODE or self.attribute.startswith("on")
            case Place.TAG | Place.UNQUOTED | Place.OPENING:
                return True
        return False

    @property
    def is_half_a_link(self) -> bool:
        """Whether an address has begun, and what comes now could still make another scheme of it than what it seems."""
        return self._is_in_link and self.is_schemeless and not self.begins

    @property
    def is_link(self) -> bool:
        """Whether an address begins here."""
        return self._is_in_link and self.begins

    @property
    def _is_in_link(self) -> bool:
        return self.place is Place.QUOTED and self.attribute in LINKS


def after(position: Position, html: str) -> Position:
    """The position where this HTML ends that begins at the other; whatever it is, there is one."""
    if position.place is Place.OPENING:
        position, html = Position(), position.pending + html
    at = 0
    while at < len(html):
        at, position = _STEPS[position.place](position, html, at)
    return position


def filled(position: Position) -> Position:
    """The position behind a value that was filled in here."""
    if position.place is Place.TAG and position.attribute and position.begins:
        return replace(position, place=Place.UNQUOTED, begins=False)
    return replace(position, begins=False)


def _in_text(position: Position, html: str, at: int) -> tuple[int, Position]:
    begin = html.find("<", at)
    if begin < 0:
        return len(html), position
    if html.startswith("<!--", begin):
        return begin + 4, Position(Place.COMMENT)
    if _opening.match(html, begin):
        return len(html), Position(Place.OPENING, pending=html[begin:])
    found = _tag.match(html, begin)
    if found is None:
        return begin + 1, position
    element = "" if found[1] else found[2].lower()
    return found.end(), Position(Place.TAG, element)


def _in_comment(position: Position, html: str, at: int) -> tuple[int, Position]:
    end = html.find("-->", at)
    return (len(html), position) if end < 0 else (end + 3, Position())


def _in_element(position: Position, html: str, at: int) -> tuple[int, Position]:
    end = html.lower().find(f"</{position.element}", at)
    return (len(html), position) if end < 0 else (end + 2 + len(position.element), Position(Place.TAG))


def _in_tag(position: Position, html: str, at: int) -> tuple[int, Position]:
    character = html[at]
    if character == ">":
        raw = position.element in _RAW
        return at + 1, Position(Place.ELEMENT, position.element) if raw else Position()
    if character == "=" and position.attribute:
        return at + 1, replace(position, begins=True)
    if position.begins and character in "\"'":
        return at + 1, replace(position, place=Place.QUOTED, quote=character, is_schemeless=True)
    if character.isspace() or character in "/\"'=":
        return at + 1, position
    if position.begins:
        return at, replace(position, place=Place.UNQUOTED, begins=False)
    name = _attribute.match(html, at)
    return (name.end(), replace(position, attribute=name[0].lower())) if name else (at + 1, position)


def _in_quotes(position: Position, html: str, at: int) -> tuple[int, Position]:
    end = html.find(position.quote, at)
    if end < 0:
        begins = position.begins and not html[at:].strip()
        is_schemeless = position.is_schemeless and not _separator.search(html, at)
        return len(html), replace(position, begins=begins, is_schemeless=is_schemeless)
    return end + 1, Position(Place.TAG, position.element)


def _in_unquoted(position: Position, html: str, at: int) -> tuple[int, Position]:
    end = next((i for i in range(at, len(html)) if html[i].isspace() or html[i] == ">"), len(html))
    return (end, position) if end == len(html) else (end, Position(Place.TAG, position.element))


_STEPS = {
    Place.TEXT: _in_text,
    Place.OPENING: _in_text,
    Place.COMMENT: _in_comment,
    Place.ELEMENT: _in_element,
    Place.TAG: _in_tag,
    Place.QUOTED: _in_quotes,
    Place.UNQUOTED: _in_unquoted,
}
