"""Whether text reads as Western European, which tells Windows-1252 (Latin-1, and a few signs) from other encodings."""

import re

# The letters that these languages add to a to z.
_WESTERN = (
    "àâæçéèêëîïôœùûüÿ",  # French
    "äöüßé",  # German
    "áéíñóúüªº",  # Spanish
    "àèéìíîòóùú",  # Italian
    "áâãàçéêíóôõúüªº",  # Portuguese
    "àçèéíïòóúü",  # Catalan
    "éèëïöüóáêîôû",  # Dutch
    "æøåéóôäöü",  # Danish, Norwegian
    "åäöéü",  # Swedish, Finnish
    "áæéíðóöúýþ",  # Icelandic
    "áéíóúàèìòùâêîôû",  # Irish, Scottish, Welsh
)
# The letters of others, and the encoding in which the same bytes are those.
_ELSEWHERE = (
    ("cp1250", "áäčďéěíĺľňóôŕřšťúůýž"),  # Czech, Slovak
    ("cp1250", "ąćęłńóśźż"),  # Polish
    ("cp1250", "áéíóöőúüű"),  # Hungarian
    ("cp1250", "čćđšž"),  # Croatian, Slovene, Bosnian
    ("cp1250", "ăâîşţ"),  # Romanian
    ("cp1257", "āčēģīķļņšūž"),  # Latvian
    ("cp1257", "ąčęėįšųūž"),  # Lithuanian
)
_TURKISH = "âçğîıöşüû"
_TURKISH_BYTES = frozenset("ðýþ")  # which are the Turkish ğ, ı and ş in Windows-1254

_word = re.compile(r"[A-Za-z\xaa\xba\xc0-\u017f]+")
_ascii = re.compile(r"[A-Za-z]")
_three_together = re.compile(r"[\xaa\xba\xc0-\u017f]{3}")
_odd_capital = re.compile(r"[a-z\xdf-\xff][\xc0-\xdeŒŠŽŸ]|[A-Z][\xc0-\xdeŒŠŽŸ]+[a-z]")
# A sign where a letter should be: DOS, the Macintosh, Polish and others have letters where Windows-1252 has these.
_sign_in_word = re.compile(
    r"[A-Za-z][^\x00-\x7f\xa0\xad\xb7\u2019\xaa\xba\xc0-\u017f][a-z]"
    r"|[a-z][‚„†‡ˆ‰‹Œƒ¡¢£¥¦¶±´¸¹¼½¾]|[¢£¥¦§¨©¬®¯°±²³´µ¶¸¹¼½¾][a-zß-ÿ]"
)
_no_text = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f¤×÷]|[¡-¿]{2}")


def is_western(sample: bytes) -> bool:
    """Say whether the bytes, read as Windows-1252, are words of the languages that it was made for."""
    text = sample.decode("cp1252")
    if _no_text.search(text) or _sign_in_word.search(text) or not all(map(_is_word, _word.findall(text))):
        return False
    letters = _letters(text)
    if letters & _TURKISH_BYTES and _reads_as(sample, "cp1254", _TURKISH):
        return False
    if any(letters <= set(language) for language in _WESTERN):
        return True
    return letters <= set("".join(_WESTERN)) and not any(_reads_as(sample, *other) for other in _ELSEWHERE)


def _is_word(word: str) -> bool:
    if word.isascii() or len(word) == 1:
        return True
    return bool(_ascii.search(word)) and not _three_together.search(word) and not _odd_capital.search(word)


def _letters(text: str) -> set[str]:
    return {letter for letter in text.lower() if letter > "\x7f" and letter.isalpha()}


def _reads_as(sample: bytes, codec: str, language: str) -> bool:
    return _letters(sample.decode(codec, "replace")) <= set(language)
