"""A bar chart as SVG, for pages that are read in light and in dark."""

from collections.abc import Sequence
from html import escape

_WIDTH, _ROW, _LABELS, _FIGURES, _TOP = 760, 26, 270, 90, 34
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#24292f}.t{font-weight:600}.b{fill:#8ba3b8}.o{fill:#c2410c}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.b{fill:#5b7288}.o{fill:#f97316}}"
)


def bars(title: str, rows: Sequence[tuple[str, float, str]], ours: str) -> str:
    """A bar for each row: its label, its length, and the figure beside it; `ours` is the label in colour."""
    most = max(length for _, length, _ in rows)
    height = _TOP + _ROW * len(rows) + 6
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<text class="t" x="0" y="18">{escape(title)}</text>',
    ]
    for number, (label, length, figure) in enumerate(rows):
        top = _TOP + _ROW * number
        width = max(1.0, (_WIDTH - _LABELS - _FIGURES) * length / most)
        colour = "o" if label == ours else "b"
        lines.append(
            f'<text x="{_LABELS - 10}" y="{top + 15}" text-anchor="end">{escape(label)}</text>'
            f'<rect class="{colour}" x="{_LABELS}" y="{top + 3}" width="{width:.1f}" height="16"/>'
            f'<text x="{_LABELS + width + 8:.1f}" y="{top + 15}">{escape(figure)}</text>'
        )
    return "\n".join([*lines, "</svg>", ""])
