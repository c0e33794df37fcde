"""The sentences that Hato's own parts keep as reasons, in the reader's language."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_UNKNOWN = "送信を始めましたが、成否を確認できませんでした。"
# What stands in the tables is English; `{}` is any text, which goes into the translation as it is.
JAPANESE: Sequence[tuple[str, str]] = (
    ("There is no address.", "アドレスがありません。"),
    ("There is no @ in the address.", "アドレスに @ がありません。"),
    ("There is nothing before the @.", "@ の前に何もありません。"),
    ("There is nothing after the @.", "@ の後に何もありません。"),
    (
        "There is more than one @ in the text; a row holds one address.",
        "@ が 2 つ以上あります。1 行に書けるアドレスは 1 つです。",
    ),
    (
        "The part before the @ has letters that are not ASCII; SES cannot send there.",
        "@ の前に ASCII 以外の文字があり、SES では送れません。",
    ),
    ("The part before the @ is longer than 64 characters.", "@ の前が 64 文字を超えています。"),
    ("There is a space inside the address.", "アドレスの途中に空白があります。"),
    (
        "The part before the @ begins or ends with a dot, or has two dots together.",
        "@ の前がドットで始まるか終わっている、またはドットが続いています。",
    ),
    (
        "The part before the @ has a character that addresses do not have.",
        "@ の前に、アドレスに使えない文字があります。",
    ),
    (
        "The part before the @ needs quotes; SES cannot be relied on to take it.",
        "@ の前に引用符が必要なアドレスで、SES が受け付けるとは限りません。",
    ),
    ("The part after the @ has no dot.", "@ の後にドットがありません。"),
    ("The address is longer than 254 characters.", "アドレスが 254 文字を超えています。"),
    ("The domain is reserved and receives no mail.", "予約されたドメインで、メールを受け取りません。"),
    ("The part after the @ is not a domain name.", "@ の後がドメイン名ではありません。"),
    ("An earlier row has the same address.", "前の行に同じアドレスがあります。"),
    ("The contact unsubscribed.", "配信停止済みです。"),
    ("The contact complained.", "苦情の申し立てがありました。"),
    ("The contact bounced.", "不達になったことがあります。"),
    ("The contact bounced repeatedly.", "不達が繰り返されました。"),
    ("The contact has been on SES's suppression list.", "SES のサプレッションリストに登録されています。"),
    ("The contact unsubscribed {}.", "配信停止済みです（{}）。"),
    ("The contact complained {}.", "苦情の申し立てがありました（{}）。"),
    ("The contact bounced {}.", "不達になりました（{}）。"),
    ("The contact bounced repeatedly {}.", "不達が繰り返されました（{}）。"),
    (
        "The contact has been on SES's suppression list since {}.",
        "SES のサプレッションリストに登録されています（{}）。",
    ),
    ("The contact is marked with haserror.", "連絡先に haserror の印が付いています。"),
    ("A send was begun and how it ended never became known.", _UNKNOWN),
    ("Not sent: the batch was given up.", "送信できませんでした。バッチの処理を打ち切りました。"),
    ("The address was erased on request.", "本人の依頼により消去されたアドレスです。"),
    ("Accepted in campaign {}.", "キャンペーン {} で受理されています。"),
    ("Other reasons.", "その他の理由。"),
    ("Paused by its owner.", "担当者が一時停止しました。"),
    ("Cancelled by its owner.", "担当者が取り消しました。"),
    (
        "Paused by the circuit breaker: {} of {} mails bounced, {}; the limit is {}.",
        "自動で一時停止しました：{1} 通のうち {0} 通（{2}）が不達となり、上限の {3} を超えました。",
    ),
    (
        "Paused by the circuit breaker: {} of {} mails were complained of, {}; the limit is {}.",
        "自動で一時停止しました：{1} 通のうち {0} 通（{2}）に苦情があり、上限の {3} を超えました。",
    ),
    (
        "SES lets this account send nothing: see its account dashboard.",
        "このアカウントでは SES が送信を許可していません。SES のアカウントダッシュボードを確認してください。",
    ),
    (
        "There is no mail {} in the table {}: put it there with `hato mail put`.",
        "テーブル {1} にメール {0} がありません。`hato mail put` で登録してください。",
    ),
    (
        "Mail {} uses {}, but the list has only the columns {}.",
        "メール {} は {} を使いますが、宛先リストにある列は {} だけです。",
    ),
    ("There is no file {}.", "ファイル {} がありません。"),
    ("The file is empty.", "ファイルが空です。"),
    ("The list has a header and no rows.", "宛先リストにヘッダーだけがあり、行がありません。"),
    ("The row has no {}.", "この行に {} がありません。"),
    ("This link shows numbers, and no addresses.", "このリンクで見られるのは数値だけで、アドレスは見られません。"),
    (
        "There is no report.csv: it is written when the campaign has ended.",
        "report.csv はまだありません。キャンペーンが終わると作成されます。",
    ),
    ("This link is not valid.", "リンクが正しくありません。"),
    ("This link has expired.", "リンクの有効期限が切れています。"),
    ("This link shows numbers, and no addresses.", "このリンクで見られるのは数値だけで、宛先は表示されません。"),
    (
        "There is no report.csv: it is written when the campaign has ended.",
        "report.csv はありません。キャンペーンが終了すると作成されます。",
    ),
    ("There is no campaign {}.", "キャンペーン {} はありません。"),
)

_gap = re.compile("( since)? …")
_PATTERNS = [
    (re.compile(re.escape(english).replace(r"\{\}", "(.+?)"), re.DOTALL), japanese) for english, japanese in JAPANESE
]


class Sentence(NamedTuple):
    """A text, and whether it is in the language that was asked for."""

    text: str
    is_translated: bool


def sentence(text: str, language: str) -> Sentence:
    """The sentence in this language, or as it is where nobody translated it.

    Where a time was left out of it (`…`), it says nothing of when.
    """
    text = _gap.sub("", text)
    if language == "en":
        return Sentence(text, True)
    for pattern, translation in _PATTERNS:
        if found := pattern.fullmatch(text):
            return Sentence(translation.format(*found.groups()), True)
    return Sentence(text, False)
