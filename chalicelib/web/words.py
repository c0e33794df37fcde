"""The words of the pages, in the reader's language: the English text is the key to the others."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from chalicelib.web.japanese import JAPANESE
from chalicelib.web.language import LANGUAGES
from chalicelib.web.sentences import Sentence, sentence


class Words:
    """Says things in one language."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]

    def __call__(self, text: str, **values: Any) -> Markup:
        """The text in this language with the values, which are escaped, in their places. Raises KeyError."""
        said = JAPANESE[text] if self.language == "ja" else text
        return Markup(said).format(**values)  # noqa: S704 - our own words; format() escapes what goes into them

    def name(self, names: Mapping[str, str], name: str) -> Markup:
        """What a short name is called; a name that is not among them stays what it is."""
        return self(names[name]) if name in names else Markup.escape(name)

    def sentence(self, text: str) -> Sentence:
        """What Hato's own parts, or SES, said in English."""
        return sentence(text, self.language)
