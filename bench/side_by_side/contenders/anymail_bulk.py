"""django-anymail's merging: a message to 50 people and what differs, by SendBulkEmail.

It uses SendBulkEmail for a message with a template_id, and only for such: the letter is a template stored in SES.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.mail import EmailMessage

from bench.side_by_side.contenders.in_django import connection
from bench.side_by_side.letter import MAIL_ID, SENDER, Letter, Person, filled_in

MOST_PER_CALL = 50


class AnymailBulk:
    """Sends 50 a call."""

    def __init__(self) -> None:
        self._connection = connection("anymail.backends.amazon_ses.EmailBackend")

    def ready(self, people: Sequence[Person]) -> Callable[[], object]:
        """It needs the people and no more."""
        return lambda: self._send_all(people)

    def _send_all(self, people: Sequence[Person]) -> None:
        for start in range(0, len(people), MOST_PER_CALL):
            self._send(people[start : start + MOST_PER_CALL])

    def _send(self, people: Sequence[Person]) -> None:
        message = EmailMessage(from_email=SENDER, to=[person.email for person in people], connection=self._connection)
        message.template_id = MAIL_ID
        message.merge_data = {person.email: _variables(person) for person in people}
        message.merge_metadata = {person.email: {"mail": MAIL_ID} for person in people}
        message.send()


def _variables(person: Person) -> dict[str, Any]:
    return {"name": person.name, "email": person.email, "unsubscribe_url": filled_in("{{ unsubscribe_url }}", person)}


def contender(letter: Letter) -> AnymailBulk:
    """Make it; the letter lies in SES."""
    return AnymailBulk()
