"""`hato smoke`: a small campaign to SES's mailbox simulator, in a real account, to see that every event comes back."""

from hato.smoke.expectations import Plan
from hato.smoke.run import Smoke

__all__ = ["Plan", "Smoke"]
