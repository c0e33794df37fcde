"""Which of the languages of the pages a browser's owner reads best."""

from collections.abc import Sequence

LANGUAGES = ("en", "ja")


def preferred(accept_language: str, languages: Sequence[str] = LANGUAGES) -> str:
    """The language that an Accept-Language header likes best of these; the first where it likes none."""
    liked: dict[str, float] = {}
    for part in accept_language.split(","):
        name, _, quality = part.strip().lower().partition(";")
        liked[name.partition("-")[0].strip()] = max(_quality(quality), liked.get(name.partition("-")[0].strip(), 0.0))
    best = max(languages, key=lambda each: liked.get(each, 0.0))
    return best if liked.get(best) else languages[0]


def _quality(text: str) -> float:
    name, _, number = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(number)
    except ValueError:
        return 0.0
