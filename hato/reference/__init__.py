"""docs/cli.md and docs/settings.md, made from what they describe: the command itself, and the template."""

from collections.abc import Callable, Mapping

from hato.reference import commands, settings

PAGES: Mapping[str, Callable[[], str]] = {"cli.md": commands.page, "settings.md": settings.page}
