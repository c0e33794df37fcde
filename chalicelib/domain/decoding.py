"""From the bytes of an uploaded list to its text: unzipped, refused if it is no text, decoded.

Bytes that do not decode become lone surrogates, so that only the row they stand in is lost, and that row can
be named.
"""

import codecs
import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

from chalicelib.domain.encoding import SAMPLE, SAVE, choose_encoding, known_as
from chalicelib.errors import ListUnreadable

BLOCK = 64 * 1024

_GZIP = b"\x1f\x8b"

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


def _refuse_other_files(sample: bytes) -> None:
    for begins, what in _OTHER_FILES:
        if begins.match(sample):
            raise ListUnreadable(f"The file is {what}, not CSV text. {SAVE}")


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
        raise ListUnreadable(f"The file ends in the middle of a character ({known_as(encoding)}).") from error


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
