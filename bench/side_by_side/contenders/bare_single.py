"""SendEmail, a call for each mail."""

from collections.abc import Callable, Sequence

import boto3

from bench.side_by_side.letter import SENDER, Letter, Person, filled_in


class BareSingle:
    """Sends one a call."""

    def __init__(self, letter: Letter) -> None:
        self._letter = letter
        self._client = boto3.client("sesv2")

    def ready(self, people: Sequence[Person]) -> Callable[[], object]:
        """It needs the people and no more."""
        return lambda: self._send_all(people)

    def _send_all(self, people: Sequence[Person]) -> None:
        for person in people:
            self._send(person)

    def _send(self, person: Person) -> None:
        letter = self._letter
        body = {"Text": filled_in(letter.text, person), "Html": filled_in(letter.html, person)}
        self._client.send_email(
            FromEmailAddress=SENDER,
            Destination={"ToAddresses": [person.email]},
            Content={
                "Simple": {
                    "Subject": {"Data": filled_in(letter.subject, person)},
                    "Body": {name: {"Data": text} for name, text in body.items()},
                }
            },
        )


def contender(letter: Letter) -> BareSingle:
    """Make it."""
    return BareSingle(letter)
