"""`python -m hato.reference`: write docs/cli.md and docs/settings.md."""

import sys

from hato.project import ROOT, shown
from hato.reference import PAGES


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        file = ROOT / "docs" / name
        file.write_text(page(), encoding="utf-8")
        sys.stdout.write(f"{shown(file)}\n")


if __name__ == "__main__":
    main()
