"""The limit: SendBulkEmail with the whole body of each mail, and nothing besides."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import boto3

from bench.side_by_side.letter import SENDER, Letter, Person, filled_in

MOST_PER_CALL = 50


class BareBulk:
    """Sends 50 a call."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter
        self._client = boto3.client("sesv2")

    def ready(self, people: Sequence[Person]) -> Callable[[], object]:
        """It needs the people and no more."""
        return lambda: self._send(people)

    def content(self) -> dict[str, str]:
        """The template: the parts of the mail travel as its variables."""
        return {"Subject": "{{s}}", "Text": "{{t}}", "Html": "{{h}}"}

    def data(self, person: Person) -> dict[str, str]:
        """The variables of one mail."""
        letter = self.letter
        return {
            "s": filled_in(letter.subject, person),
            "t": filled_in(letter.text, person),
            "h": filled_in(letter.html, person),
        }

    def _send(self, people: Sequence[Person]) -> None:
        for start in range(0, len(people), MOST_PER_CALL):
            self._client.send_bulk_email(
                FromEmailAddress=SENDER,
                DefaultContent={"Template": {"TemplateContent": self.content(), "TemplateData": "{}"}},
                BulkEmailEntries=[self._entry(person) for person in people[start : start + MOST_PER_CALL]],
            )

    def _entry(self, person: Person) -> dict[str, Any]:
        data = {"ReplacementTemplate": {"ReplacementTemplateData": json.dumps(self.data(person))}}
        return {"Destination": {"ToAddresses": [person.email]}, "ReplacementEmailContent": data}


def contender(letter: Letter) -> BareBulk:
    """Make it."""
    return BareBulk(letter)
