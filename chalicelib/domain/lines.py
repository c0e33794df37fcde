"""The text of a list in pieces of whole lines, whatever ends them: LF, CRLF, CR, or a mixture."""

from collections.abc import Iterable, Iterator
from io import IncrementalNewlineDecoder, StringIO

from chalicelib.errors import ListUnreadable

LINE_LENGTH = 1024 * 1024


def whole_lines(texts: Iterable[str]) -> Iterator[str]:
    """Yield the same text in pieces that each end where a line does; every line ends with LF, the last one too.

    Raises ListUnreadable for a line over LINE_LENGTH characters.
    """
    line_ends = IncrementalNewlineDecoder(None, translate=True)
    rest = ""
    for piece in texts:
        text = line_ends.decode(piece)
        cut = text.rfind("\n") + 1
        # A piece is shorter, so only the line that was begun before it can be too long.
        if len(rest) + (text.find("\n") if cut else len(text)) > LINE_LENGTH:
            raise ListUnreadable(
                f"The file has a line of more than {LINE_LENGTH:,} characters, so it is no mailing list."
            )
        if cut:
            yield rest + text[:cut]
        rest = text[cut:] if cut else rest + text
    rest += line_ends.decode("", final=True)
    if rest:
        yield rest if rest.endswith("\n") else rest + "\n"


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, their ends on: unlike str.splitlines, only LF ends a line."""
    return StringIO(text, newline="\n").readlines()
