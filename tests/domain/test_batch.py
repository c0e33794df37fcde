"""Batches: nobody is lost, nobody is added, every message fits the queue, and no text at all is a surprise."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.batch import MOST_BYTES, Batch, BatchMessage, pack, task_token_of
from chalicelib.domain.mailing_list import read_rows
from chalicelib.domain.recipient import Recipient
from chalicelib.errors import BatchMalformed

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(["\u2028", "\x85", "\r\n", '"'])
FIELDS = st.dictionaries(TEXT, TEXT, max_size=3)
PEOPLE = st.lists(FIELDS, max_size=30).map(
    lambda rows: [Recipient(row, f"p{row}@example.com", fields) for row, fields in enumerate(rows, 2)]
)
ID = TEXT.filter(bool)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("a@example.com"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def document(**changes: Any) -> dict[str, Any]:
    person = {"row": 2, "email": "taro@example.com", "fields": {"name": "太郎"}}
    return {"campaign_id": "c-1", "mail_id": "m-1", "batch": 0, "recipients": [person]} | changes


def recipients(**changes: Any) -> list[dict[str, Any]]:
    return [document()["recipients"][0] | changes]


def packed(size: int, people: Iterable[Recipient]) -> Iterator[Batch]:
    """The batches that people are packed into, read back from their lines."""
    return (Batch.from_document(json.loads(line)) for line in pack("c-1", "m-1", size, people))


def as_json(batch: Batch) -> str:
    """The batch's line as Python's own json makes it, and the separators that some take for line ends escaped."""
    people = [{"row": who.row, "email": who.email, "fields": dict(who.fields)} for who in batch.recipients]
    whole = {"campaign_id": batch.campaign_id, "mail_id": batch.mail_id, "batch": batch.number, "recipients": people}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[\x85\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text)


@given(PEOPLE, st.integers(1, 12))
def test_a_line_is_byte_for_byte_what_json_makes_of_its_batch(people: list[Recipient], size: int) -> None:
    lines = list(pack("c-1", "m-1", size, people))
    assert (
        lines == [as_json(batch) for batch in packed(size, people)] == [each.to_line() for each in packed(size, people)]
    )


@given(ID, ID, st.integers(0, 10**9), PEOPLE)
def test_so_it_is_with_any_ids(campaign_id: str, mail_id: str, number: int, people: list[Recipient]) -> None:
    batch = Batch(campaign_id, mail_id, number, tuple(people))
    assert batch.to_line() == as_json(batch)


def test_the_rows_of_a_list_are_written_with_the_names_of_its_columns() -> None:
    rows = 'email,50% off,"a ""b""",名前,%s\na@example.com,1,2\u2028,3%d,\nb@example.com,,,,%\n'
    people = [row for row in read_rows([rows.encode()]) if isinstance(row, Recipient)]
    (line,) = pack("c-1", "m-1", 10, people)
    assert line == as_json(Batch("c-1", "m-1", 0, tuple(people)))
    fields = [each["fields"] for each in json.loads(line)["recipients"]]
    assert fields == [
        {"email": "a@example.com", "50% off": "1", 'a "b"': "2\u2028", "名前": "3%d", "%s": ""},
        {"email": "b@example.com", "50% off": "", 'a "b"': "", "名前": "", "%s": "%"},
    ]


@given(PEOPLE, st.integers(1, 12))
def test_packing_keeps_every_recipient_in_order_and_numbers_the_batches(people: list[Recipient], size: int) -> None:
    batches = list(packed(size, people))
    assert [person for batch in batches for person in batch.recipients] == people
    assert [batch.number for batch in batches] == list(range(len(batches)))
    assert all((batch.campaign_id, batch.mail_id) == ("c-1", "m-1") for batch in batches)


@given(PEOPLE, st.integers(1, 12))
def test_every_batch_but_the_last_is_full(people: list[Recipient], size: int) -> None:
    *full, last = [len(batch.recipients) for batch in packed(size, people)] or [1]
    assert set(full) <= {size}
    assert 1 <= last <= size


def sized(row: int, size: int, character: str = "a") -> Recipient:
    """A recipient who takes so many bytes of a batch's line, or up to five less, with the comma."""
    empty = Batch("", "", 0, (Recipient(row, f"p{row}@example.com", {"text": ""}),)).to_line()
    unit = len(Batch(character, "", 0, ()).to_line().encode()) - len(Batch("", "", 0, ()).to_line())
    room = size - len(empty) + len(Batch("", "", 0, ()).to_line()) - 1
    return Recipient(row, f"p{row}@example.com", {"text": character * (room // unit)})


def used(batch: Batch) -> int:
    """The bytes that the batch's recipients take."""
    return len(batch.to_line().encode()) - len(Batch("c-1", "m-1", batch.number, ()).to_line()) + 1


@given(
    st.lists(st.integers(500, 40_000), min_size=10, max_size=20),
    st.sampled_from(["a", "é", "鳩", "😀", '"', "\x01", "\x85", "\u2028"]),
)
def test_a_batch_is_cut_when_its_message_would_grow_too_large_and_no_sooner(sizes: list[int], character: str) -> None:
    people = [sized(row, size, character) for row, size in enumerate(sizes, 2)]
    batches = list(packed(100, people))
    assert [person for batch in batches for person in batch.recipients] == people
    assert all(used(batch) <= MOST_BYTES for batch in batches)
    for one, other in pairwise(batches):
        joined = Batch("c-1", "m-1", one.number, (*one.recipients, other.recipients[0]))
        assert used(joined) > MOST_BYTES


def test_a_batch_is_filled_to_the_last_byte() -> None:
    people = [sized(row, MOST_BYTES // 10) for row in range(10, 40)]
    assert [used(batch) for batch in packed(100, people)] == [MOST_BYTES] * 3
    people[4] = sized(14, MOST_BYTES // 10 + 1)
    assert [len(batch.recipients) for batch in packed(100, people)] == [9, 10, 10, 1]


def test_no_recipients_make_no_batch() -> None:
    assert list(packed(10, [])) == []


def test_packing_reads_no_further_than_the_batch_it_hands_out() -> None:
    people = iter([Recipient(row, f"p{row}@example.com", {}) for row in range(10)])
    assert len(next(packed(3, people)).recipients) == 3
    assert next(people).row == 4


@given(ID, ID, st.integers(0, 10**9), PEOPLE.filter(bool))
def test_a_batch_round_trips_through_one_line_of_json(
    campaign_id: str, mail_id: str, number: int, people: list[Recipient]
) -> None:
    batch = Batch(campaign_id, mail_id, number, tuple(people))
    line = batch.to_line()
    assert line.splitlines() == [line]  # whoever cuts the file into lines, and at whatever line ends
    assert Batch.from_document(json.loads(line)) == batch


def test_a_line_holds_exactly_what_the_contract_names() -> None:
    batch = Batch("c-1", "m-1", 0, (Recipient(2, "taro@example.com", {"name": "太郎"}),))
    assert json.loads(batch.to_line()) == document()


def test_a_message_carries_the_token_and_the_batch() -> None:
    message = BatchMessage.from_body(json.dumps({"task_token": "t-1", "batch": document()}))
    assert message == BatchMessage("t-1", Batch.from_document(document()))


def test_a_batch_made_by_hand_has_its_addresses_put_in_the_one_form() -> None:
    batch = Batch.from_document(document(recipients=recipients(email=" Taro@Example.COM ", fields={"age": 7})))
    assert batch.recipients == (Recipient(2, "taro@example.com", {"age": "7"}),)


def test_fields_may_be_left_out() -> None:
    batch = Batch.from_document(document(recipients=[{"row": 2, "email": "taro@example.com"}]))
    assert batch.recipients[0].fields == {}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ([], "no JSON object"),
        (None, "no JSON object"),
        (document(campaign_id=""), "no campaign_id"),
        (document(campaign_id=7), "no campaign_id"),
        (document(mail_id=None), "no mail_id"),
        (document(batch=-1), "no number"),
        (document(batch=True), "no number"),
        (document(batch="0"), "no number"),
        (document(recipients=[]), "no recipients"),
        (document(recipients={}), "no recipients"),
        (document(recipients=["taro@example.com"]), "no JSON object"),
        (document(recipients=recipients(row="2")), "row or its email"),
        (document(recipients=recipients(row=True)), "row or its email"),
        (document(recipients=recipients(email=None)), "row or its email"),
        (document(recipients=recipients(fields=["x"])), "fields of row 2"),
        (document(recipients=recipients(email="taro")), "row 2 cannot be used: There is no @"),
        (document(recipients=recipients() + recipients(row=3, email="TARO@example.com")), "names a recipient twice"),
    ],
)
def test_what_is_no_batch_is_malformed_and_it_says_why(wrong: object, why: str) -> None:
    with pytest.raises(BatchMalformed, match=why):
        Batch.from_document(wrong)
    with pytest.raises(BatchMalformed, match=why):
        BatchMessage.from_body(json.dumps({"task_token": "t-1", "batch": wrong}))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("1" * 5000, "no JSON"),
        ("[1]", "no JSON object"),
        ("{}", "no task_token"),
        ('{"task_token": ""}', "no task_token"),
        ('{"task_token": 7}', "no task_token"),
    ],
)
def test_what_is_no_message_is_malformed_and_it_says_why(body: str, why: str) -> None:
    with pytest.raises(BatchMalformed, match=why):
        BatchMessage.from_body(body)


def test_a_malformed_batch_does_not_repeat_the_address() -> None:
    with pytest.raises(BatchMalformed) as raised:
        Batch.from_document(document(recipients=recipients(email="ta ro@example.com")))
    assert "ro@example.com" not in str(raised.value)


@given(JSON)
def test_no_json_at_all_is_anything_but_a_batch_or_malformed(anything: object) -> None:
    holes = [anything, document(recipients=anything), document(recipients=[anything])]
    holes += [document(**{name: anything}) for name in ("campaign_id", "mail_id", "batch")]
    holes += [document(recipients=recipients(**{name: anything})) for name in ("row", "email", "fields")]
    for hole in holes:
        for body in (json.dumps(hole), json.dumps({"task_token": "t-1", "batch": hole})):
            try:
                BatchMessage.from_body(body)
            except BatchMalformed:
                assert isinstance(task_token_of(body), str)
        with suppress(BatchMalformed):
            assert isinstance(Batch.from_document(hole), Batch)


@pytest.mark.parametrize("half", [r"\ud83d", r"\udc00"])
def test_a_message_with_half_a_character_is_malformed_wherever_it_stands(half: str) -> None:
    body = json.dumps({"task_token": "t-1", "batch": document(recipients=recipients(fields={"name": "HALF"}))})
    for part in ("HALF", "c-1", "m-1", "t-1"):
        with pytest.raises(BatchMalformed, match="half a character"):
            BatchMessage.from_body(body.replace(part, half))
    assert BatchMessage.from_body(body.replace("HALF", r"\ud83d\ude00")).batch.recipients[0].fields == {"name": "😀"}


@given(st.text())
def test_no_text_at_all_is_anything_but_malformed(body: str) -> None:
    with pytest.raises(BatchMalformed):
        BatchMessage.from_body(body)
    assert task_token_of(body) == ""


@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ('{"a":', "}"), ('{"\\u00e9":', "}")])
def test_no_depth_of_nesting_is_a_surprise(opened: str, closed: str) -> None:
    for depth in [*range(100, 1000, 7), *range(900, 1000)]:
        fields = f'{{"x": {opened * depth}1{closed * depth}}}'
        batch = json.dumps(document(recipients=recipients(fields="F"))).replace('"F"', fields)
        with suppress(BatchMalformed):
            BatchMessage.from_body(f'{{"task_token": "t-1", "batch": {batch}}}')


def test_the_token_of_a_malformed_batch_can_still_be_read() -> None:
    assert task_token_of('{"task_token": "t-1", "batch": 7}') == "t-1"
    assert task_token_of('{"task_token": 7}') == ""
    assert task_token_of("[]") == ""
    assert task_token_of("no JSON") == ""
