"""All campaigns, the newest first, as a table that leaves out columns where the terminal is narrow."""

from hato.cli.listing.reading import Found, read_newest
from hato.cli.listing.table import print_campaigns

__all__ = ["Found", "print_campaigns", "read_newest"]
