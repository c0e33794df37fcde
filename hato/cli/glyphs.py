"""The characters that charts and marks are drawn with: blocks where the terminal's encoding has them, else ASCII."""

from dataclasses import astuple, dataclass

from rich.console import Console


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One set of characters; `levels` go from the lowest to the full one, `widths` from the narrowest."""

    full: str
    rest: str
    levels: str
    widths: str
    side: str
    corner: str
    floor: str
    done: str
    now: str
    held: str
    failed: str
    to_come: str
    none: str


UNICODE = Glyphs("█", "░", "▁▂▃▄▅▆▇█", "▏▎▍▌▋▊▉█", "│", "└", "─", "✓", "▶", "‖", "✗", "·", "–")
ASCII = Glyphs("#", ".", ".:#", ":#", "|", "+", "-", "x", ">", "=", "!", ".", "-")


def glyphs_for(console: Console) -> Glyphs:
    """Those that the console's encoding can show."""
    try:
        "".join(astuple(UNICODE)).encode(console.encoding)
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE
