"""A mail's language: what it is where nobody said it, and Hato's own few words in it."""

import re

_JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9f]")
_UNSUBSCRIBE = {
    "en": "Unsubscribe",
    "ja": "配信停止はこちら",
    "de": "Abbestellen",
    "es": "Darse de baja",
    "fr": "Se désabonner",
    "it": "Annulla l'iscrizione",
    "ko": "수신 거부",
    "pt": "Cancelar a inscrição",
    "zh": "退订",
}


def language_of(text: str) -> str:
    """`ja` where the text holds kana or kanji, else `en`."""
    return "ja" if _JAPANESE.search(text) else "en"


def unsubscribe_words(language: str) -> str:
    """What the unsubscribe link is called; in English where Hato does not know the language."""
    return _UNSUBSCRIBE.get(language.lower().partition("-")[0], _UNSUBSCRIBE["en"])


def is_wide(character: str) -> bool:
    """Whether the character is one of those between which a line break is no space: kana, kanji, their marks."""
    return "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or "\uff00" <= character <= "\uffef"
