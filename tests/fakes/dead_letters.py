"""The dead-letter queue."""


class FakeDeadLetters:
    """Messages that nobody can use, with why."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str]] = []

    def put(self, body: str, reason: str) -> None:
        self.letters.append((body, reason))

    def received(self) -> list[tuple[str, str]]:
        return self.letters
