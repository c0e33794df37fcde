"""A contact: what is known of an address over all campaigns, and whether it may be written to."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.forgotten import is_about_the_forgotten
from chalicelib.errors import HatoError

# What Hato itself keeps of a contact. No list brings these, and no mail shows them on purpose.
SUPPRESSIONS = ("unsubscribed_at", "complained_at", "bounced_at", "soft_bounced_at", "ses_suppressed_at")
OURS = frozenset(
    {*SUPPRESSIONS, "soft_bounces", "soft_bounces_ended_at", "error_reason", "noted_at", "ses_suppression_reason"}
)
_REASONS = (
    ("unsubscribed_at", "unsubscribed {}"),
    ("complained_at", "complained {}"),
    ("bounced_at", "bounced {}"),
    ("soft_bounced_at", "bounced repeatedly {}"),
    ("ses_suppressed_at", "has been on SES's suppression list since {}"),
)


class WhereInvalid(HatoError):
    """The text is no condition on a contact's attribute."""


def why_suppressed(contact: Mapping[str, Any]) -> str:
    """Why this contact must not be written to; empty where it may. The one place that decides it."""
    for attribute, reason in _REASONS:
        if contact.get(attribute):
            return f"The contact {reason.format(contact[attribute])}."
    return "The contact is marked with haserror." if is_set(contact.get("haserror")) else ""


def is_contact(item: Mapping[str, Any]) -> bool:
    """Whether somebody made this item of the table a contact: not by events alone, and not of the forgotten."""
    return "noted_at" not in item and not is_about_the_forgotten(item)


def is_in_good_standing(contact: Mapping[str, Any], where: Mapping[str, str] | None = None) -> bool:
    """Whether a broadcast goes to this contact: it is one, nothing is against it, and it fulfils the conditions."""
    return is_contact(contact) and not why_suppressed(contact) and matches(contact, where or {})


def matches(contact: Mapping[str, Any], where: Mapping[str, str]) -> bool:
    """Whether every one of these attributes is there and, as text, this."""
    fields = as_fields(contact)
    return all(fields.get(name) == text for name, text in where.items())


def parse_where(text: str) -> tuple[str, str]:
    """Name and value of a condition such as `plan=pro`. Raises WhereInvalid."""
    name, equals, value = text.partition("=")
    if not (equals and name.strip()):
        raise WhereInvalid(f"{text!r} is no condition on contacts: write NAME=VALUE, as in plan=pro.")
    return name.strip(), value.strip()


def as_fields(contact: Mapping[str, Any]) -> dict[str, str]:
    """The contact's texts and numbers, as text."""
    return {name: str(value) for name, value in contact.items() if isinstance(value, str | int | float)}


def is_set(flag: Any) -> bool:
    """Whether a flag is on, however it was written: as a number, as a truth value, or as text."""
    return str(flag).strip().lower() not in {"", "0", "false", "none"}
