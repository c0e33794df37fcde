"""`hato mail check`: what is amiss in a mail before anybody gets it. Nothing here sends or stores."""

from hato.mails.checking.examining import examine
from hato.mails.checking.finding import Finding, Level

__all__ = ["Finding", "Level", "examine"]
