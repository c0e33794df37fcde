"""A contact: what is known of an address over all campaigns, and whether it may be written to."""

from collections.abc import Mapping
from typing import Any


def why_suppressed(contact: Mapping[str, Any]) -> str:
    """Why this contact must not be written to; empty where it may. The one place that decides it."""
    for attribute, reason in (
        ("unsubscribed_at", "unsubscribed"),
        ("complained_at", "complained"),
        ("bounced_at", "bounced"),
        ("soft_bounced_at", "bounced repeatedly"),
    ):
        if contact.get(attribute):
            return f"The contact {reason} {contact[attribute]}."
    return "The contact is marked with haserror." if is_set(contact.get("haserror")) else ""


def is_in_good_standing(contact: Mapping[str, Any]) -> bool:
    """Whether a broadcast goes to this contact: somebody made it one, and nothing is against it."""
    return "noted_at" not in contact and not why_suppressed(contact)


def is_set(flag: Any) -> bool:
    """Whether a flag is on, however it was written: as a number, as a truth value, or as text."""
    return str(flag).strip().lower() not in {"", "0", "false", "none"}
