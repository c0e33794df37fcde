"""What a Django project does to send: settings, and a message for a person."""

import os
from typing import Any

import django
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from bench.side_by_side.letter import SENDER, Letter, Person, filled_in


def connection(backend: str) -> Any:
    """A connection by this e-mail backend, opened: one for all mails, for opening takes longer than sending."""
    settings.configure(EMAIL_BACKEND=backend, AWS_SES_REGION_ENDPOINT_URL=os.environ["AWS_ENDPOINT_URL"])
    django.setup()
    opened = get_connection()
    opened.open()
    return opened


def message(letter: Letter, person: Person, opened: Any) -> Any:
    """The letter for this person, text and HTML; Django leaves the filling in to its user."""
    subject, text = filled_in(letter.subject, person), filled_in(letter.text, person)
    made = EmailMultiAlternatives(subject, text, SENDER, [person.email], connection=opened)
    made.attach_alternative(filled_in(letter.html, person), "text/html")
    return made
