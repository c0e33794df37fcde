"""Which encoding a list is in, told from its beginning: cheap tests of the usual ones first, charset-normalizer last.

A wrong letter in a person's name is worse than a refusal, so an encoding is chosen only where the text reads as it
should: Japanese as kana and kanji, Western European as words with the letters of one of its languages.
"""

import codecs
import re

from chalicelib.domain.western import is_western
from chalicelib.errors import ListUnreadable

SAMPLE = 256 * 1024  # bytes, of which a file may have more
SAVE = 'Save it as "CSV UTF-8".'
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_NAMES = {
    "utf-8-sig": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp932": "Shift_JIS",
    "euc_jp": "EUC-JP",
    "cp1252": "Windows-1252",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp949": "EUC-KR",
    "gb18030": "GB18030",
    "big5": "Big5",
}
# Those of the rest of which charset-normalizer may be believed, because their letters are all its own.
_OTHERS = ("cp1251", "cp1253", "cp949", "gb18030", "big5")
_COHERENT = 0.5
_OTHERS_SAMPLE = 16 * 1024

# Japanese in Shift_JIS: two-byte characters with no Latin letter beside them. Hardly any other encoding uses
# 81-9F, where kana and the usual kanji begin; Windows-1252 has its curly quotes there, beside letters.
_shift_jis = re.compile(rb"(?<![A-Za-z])(?:[\x81-\x9f\xe0-\xea][\x40-\x7e\x80-\xfc])++(?![a-z])")
_level_one = re.compile(rb"[\x81-\x9f]")
_half_width = re.compile(
    rb"(?<![A-Za-z\x80-\xff])(?:[\xb3\xb6-\xc4\xca-\xce]\xde|[\xca-\xce]\xdf|[\xa5-\xdd]){2,}+(?![A-Za-z\x80-\xff])"
)
# Japanese in EUC-JP: kana, punctuation, and kanji of level one. Chinese and Korean have the same bytes, but no kana,
# and would hardly be read as what is usual in names and addresses.
_euc_run = re.compile(rb"(?<![a-z\x80-\xff])(?:(?<![A-Z])[\x80-\xff]++(?![a-z])|[\x80-\xff]++(?![A-Za-z]))")
_USUAL_KANJI = frozenset(
    "一三勝李慶應上下中久之乃二五井亜京人介今伊会住佐体保信倉健優光入八公六内円出利前加勇北千半南博原口古右号司吉名合和咲員喜四土坂城堂堀場増"
    "夏多大太夫夕奈好妻姓子学孝安宏宮家富寛寺小尾屋山岐岡岩岸島崎嶋川州工左市希帆平年幸広店康弘彦待後徳志恵悠愛慎成所手探斉斎斗新方日"
    "早明春昌智月有木未本札朝村杉東松林果枝柴栄株根桜森植様横橋正武歩水永江池沢河治沼泉波津洋浅浜浦海清渡源滝潤瀬熊片物玉王玲理琴生用田由"
    "男町畑番直真県瞳知石社神福秀秋科秦種稲空立竜竹笠章筆管節米紀純紗結絵緑線織美義翔翼者肇良花芝若英茂茨草荒荻菅菊華菜萩葉葵葛藤蘭行表西"
    "見角計記誠調谷豊貴賀赤路辺近通進遠道達郁郎部都酒里野金鈴鎌長門開間関阪阿陽隆雄雅電静青順須顧顔飛飯香高魚鳥鶴麻黒齊龍"
)
_high = re.compile(rb"[\x80-\xff]")


def known_as(codec: str) -> str:
    """Return the name by which people know a codec."""
    return _NAMES.get(codec, codec)


def choose_encoding(sample: bytes) -> str:
    """Return the codec for a text that begins with the sample; raise ListUnreadable if none can be relied on."""
    if sample[:2] in _UTF16:
        return _UTF16[sample[:2]]
    if b"\0" in sample:
        return _unmarked_utf16(sample)
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(sample)
    foreign = [character for character in text if character > "\x7f"]
    broken = sum("\udc80" <= character <= "\udcff" for character in foreign)
    if broken * 3 <= len(foreign):
        return "utf-8-sig"
    for codec, reads_well in (("euc_jp", _is_euc_jp), ("cp932", _is_shift_jis), ("cp1252", _is_western)):
        if reads_well(sample):
            return codec
    return _other(sample) or _refuse(sample, text)


def _unmarked_utf16(sample: bytes) -> str:
    """Return the UTF-16 whose every ASCII character has its NUL at the same side, if a quarter of all are ASCII."""
    for codec, zeros, others in (("utf-16-le", sample[1::2], sample[::2]), ("utf-16-be", sample[::2], sample[1::2])):
        if b"\0" not in others and zeros.count(0) * 4 >= len(zeros) and _decodes(sample, codec):
            return codec
    raise ListUnreadable(f"The file has NUL bytes, so it is not CSV text. {SAVE}")


def _decodes(sample: bytes, codec: str) -> bool:
    """Say whether the sample is text in that codec; the last character of a part of a file may be cut."""
    try:
        codecs.getincrementaldecoder(codec)("strict").decode(sample, final=len(sample) < SAMPLE)
    except UnicodeDecodeError:
        return False
    return True


def _is_euc_jp(sample: bytes) -> bool:
    if not _decodes(sample, "euc_jp"):
        return False
    runs = _euc_run.findall(sample)
    text = codecs.getincrementaldecoder("euc_jp")("ignore").decode(b" ".join(runs)).replace(" ", "")
    kana = sum("\u3041" <= letter <= "\u30fe" or "\uff61" <= letter <= "\uff9f" for letter in text)
    usual = kana + sum(letter in _USUAL_KANJI or "\u3000" <= letter <= "\u3040" for letter in text)
    beside_latin = len(_high.findall(sample)) - sum(map(len, runs))
    return beside_latin * 2 <= sum(map(len, runs)) and (kana * 8 >= len(text) or usual * 3 >= len(text))


def _is_shift_jis(sample: bytes) -> bool:
    if not _decodes(sample, "cp932"):
        return False
    japanese = [run.group() for run in _shift_jis.finditer(sample)]
    if not any(map(_level_one.search, japanese)):
        return not _high.search(_half_width.sub(b"", sample))
    # The rest may be half-width katakana, which look like Western European letters: never most of the text.
    rest = len(_high.findall(_shift_jis.sub(b"", sample)))
    return sum(map(len, japanese)) * 3 >= rest


def _is_western(sample: bytes) -> bool:
    return _decodes(sample, "cp1252") and is_western(sample)


def _other(sample: bytes) -> str:
    """Return one of the other encodings, if charset-normalizer is sure of it."""
    # Here, because loading it takes longer than all else that reads a list, and hardly any list needs it.
    from charset_normalizer import from_bytes

    lines = [line for line in sample.splitlines(keepends=True) if not line.isascii()]
    best = from_bytes(b"".join(lines)[:_OTHERS_SAMPLE]).best()
    is_sure = best is not None and best.encoding in _OTHERS and best.coherence >= _COHERENT
    return best.encoding if best is not None and is_sure and _decodes(sample, best.encoding) else ""


def _refuse(sample: bytes, text: str) -> str:
    at = next(index for index, character in enumerate(text) if "\udc80" <= character <= "\udcff")
    byte = len(text[:at].encode("utf-8", "surrogateescape"))
    line = 1 + len(re.findall(r"\r\n?|\n", text[:at]))
    raise ListUnreadable(
        f"The file is not UTF-8, and which encoding it is in cannot be told: see byte 0x{sample[byte]:02X} at offset "
        f"{byte:,}, line {line:,}. {SAVE}"
    )
