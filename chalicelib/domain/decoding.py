"""From the bytes of an uploaded list to its text: unzipped, refused if it is no text, decoded.

Bytes that do not decode become lone surrogates, so that only the row they stand in is lost, and that row can
be named.
"""

import codecs
import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

from chalicelib.errors import ListUnreadable

BLOCK = 64 * 1024
SAMPLE = 256 * 1024  # what the encoding is chosen on

_GZIP = b"\x1f\x8b"
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_SAVE = 'Save it as "CSV UTF-8".'

# What a file begins with that is no text; the more particular first.
_OTHER_FILES = (
    (re.compile(rb"PK\x03\x04.*(?:\[Content_Types\]\.xml|xl/)", re.DOTALL), "an Excel workbook"),
    (re.compile(rb"PK\x03\x04.*opendocument\.spreadsheet", re.DOTALL), "an OpenDocument spreadsheet"),
    (re.compile(rb"PK\x03\x04"), "a zip archive"),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an old Excel workbook"),
    (re.compile(rb"%PDF-"), "a PDF"),
    (re.compile(rb"\xff\xfe\0\0|\0\0\xfe\xff"), "UTF-32 text"),
    (re.compile(rb"[^\x80-\xff]*\x1b\$[@B]"), "ISO-2022-JP text"),
)
# Japanese in Shift_JIS: two-byte characters with no Latin letter beside them. Hardly any other encoding uses
# 81-9F, where kana and the usual kanji begin; Windows-1252 has its curly quotes there, beside letters.
_japanese = re.compile(rb"(?<![A-Za-z])(?:[\x81-\x9f\xe0-\xea][\x40-\x7e\x80-\xfc])++(?![a-z])")
_high = re.compile(rb"[\x80-\xff]")
_level_one = re.compile(rb"[\x81-\x9f]")


def decoded(chunks: Iterable[bytes]) -> tuple[str, Iterator[str]]:
    """Return the encoding and the text, in pieces that do not depend on how the bytes were cut.

    Raises ListUnreadable if the file is no text, or in an encoding that cannot be told; iterating raises it
    for a damaged gzip file and for UTF-16 that is cut short.
    """
    sample, blocks = _peeked(_reblocked(chunks))
    if sample.startswith(_GZIP):
        sample, blocks = _peeked(_reblocked(_unzipped(blocks)))
    _refuse_other_files(sample)
    encoding = choose_encoding(sample)
    return encoding, _texts(blocks, encoding)


def choose_encoding(sample: bytes) -> str:
    """Return the codec for a text that begins with the sample; raise ListUnreadable if none can be relied on.

    UTF-16 by its mark; UTF-8 if it decodes, or if only some characters among many do not; CP932 (Windows'
    Shift_JIS) if it decodes and reads as Japanese. Anything else would put wrong letters into people's names.
    """
    if sample[:2] in _UTF16:
        return _UTF16[sample[:2]]
    if b"\0" in sample:
        raise ListUnreadable(f"The file has NUL bytes, so it is not CSV text. {_SAVE}")
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(sample)
    foreign = [character for character in text if character > "\x7f"]
    broken = sum("\udc80" <= character <= "\udcff" for character in foreign)
    if broken * 3 <= len(foreign):
        return "utf-8-sig"
    if _is_japanese(sample):
        return "cp932"
    at = next(index for index, character in enumerate(text) if "\udc80" <= character <= "\udcff")
    byte = len(text[:at].encode("utf-8", "surrogateescape"))
    line = 1 + len(re.findall(r"\r\n?|\n", text[:at]))
    raise ListUnreadable(
        f"The file is neither UTF-8 nor Shift_JIS text: see byte 0x{sample[byte]:02X} at offset {byte:,}, "
        f"line {line:,}. {_SAVE}"
    )


def _is_japanese(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("cp932")("strict").decode(sample)
    except UnicodeDecodeError:
        return False
    japanese = [run.group() for run in _japanese.finditer(sample)]
    if not any(map(_level_one.search, japanese)):
        return False
    # The rest may be half-width katakana, which look like Western European letters: never most of the text.
    rest = len(_high.findall(_japanese.sub(b"", sample)))
    return sum(map(len, japanese)) * 3 >= rest


def _refuse_other_files(sample: bytes) -> None:
    for begins, what in _OTHER_FILES:
        if begins.match(sample):
            raise ListUnreadable(f"The file is {what}, not CSV text. {_SAVE}")


def _texts(blocks: Iterable[bytes], encoding: str) -> Iterator[str]:
    utf16 = encoding.startswith("utf-16")
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass" if utf16 else "surrogateescape")
    first = True
    try:
        for block in chain(blocks, [b""]):
            text = decoder.decode(block, final=not block)
            yield text.removeprefix("\ufeff") if first and utf16 else text
            first = False
    except UnicodeDecodeError as error:
        raise ListUnreadable(f"The file ends in the middle of a character ({encoding}).") from error


def _reblocked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in blocks of one size, however they came."""
    buffer = bytearray()
    for chunk in chunks:
        for start in range(0, len(chunk), BLOCK):
            buffer += chunk[start : start + BLOCK]
            if len(buffer) >= BLOCK:
                yield bytes(buffer[:BLOCK])
                del buffer[:BLOCK]
    if buffer:
        yield bytes(buffer)


def _peeked(blocks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return the first SAMPLE bytes, and all the blocks still to be read."""
    first: list[bytes] = []
    for block in blocks:
        first.append(block)
        if len(first) * BLOCK >= SAMPLE:
            break
    return b"".join(first), chain(first, blocks)


def _unzipped(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what a gzip file holds, at most one block at a time, however far it was compressed."""
    unzip = zlib.decompressobj(wbits=31)
    try:
        for block in blocks:
            rest = block
            while rest:
                if unzip.eof:  # a gzip file may be several, one after another
                    unzip = zlib.decompressobj(wbits=31)
                yield unzip.decompress(rest, BLOCK)
                rest = unzip.unused_data.lstrip(b"\0") if unzip.eof else unzip.unconsumed_tail
        while not unzip.eof and (more := unzip.decompress(b"", BLOCK)):
            yield more
    except zlib.error as error:
        raise ListUnreadable("The file is a damaged gzip file.") from error
    if not unzip.eof:
        raise ListUnreadable("The file is a gzip file that was cut short.")
