"""The pieces of a template are kept as they are, wherever they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hato.mails.pieces import Pieces, is_balanced

PIECES = [
    "{{ name }}",
    "{{name}}",
    "{{ x|default('}}') }}",
    '{{ x|default("%}") }}',
    "{% if x == '%}' %}",
    "{%- endif -%}",
]
TEXTS = st.lists(st.sampled_from([*PIECES, "zqv0x", "zq", "{{", "}}", "{%", "<b>", "\n"]) | st.text(max_size=4)).map(
    "".join
)


@given(TEXTS)
def test_what_was_hidden_is_shown_again_as_it_was(text: str) -> None:
    pieces = Pieces(text)
    assert pieces.show(pieces.hide(text)) == text


@pytest.mark.parametrize("piece", PIECES)
def test_a_hidden_piece_is_letters_and_digits_in_lower_case(piece: str) -> None:
    hidden = Pieces(piece).hide(piece)
    assert hidden.isalnum()
    assert hidden == hidden.lower()


def test_a_word_that_looks_like_a_hidden_piece_is_not_taken_for_one() -> None:
    text = "zqv0x zqqs0x ZQv0x {{ name }}"
    pieces = Pieces(text)
    assert pieces.hide(text).startswith("zqv0x zqqs0x ZQv0x zqqq")
    assert pieces.show(pieces.hide(text)) == text


def test_an_authors_comment_is_left_out() -> None:
    text = "a{# not for readers: {{ name }} #}b"
    pieces = Pieces(text)
    assert pieces.show(pieces.hide(text)) == "ab"


def test_a_statement_between_elements_is_shown_where_its_comment_stands() -> None:
    pieces = Pieces("")
    assert pieces.show(f"<!--{pieces.hide('{% if x %}')}-->") == "{% if x %}"


def test_a_mail_unsubscribes_by_the_field_and_not_by_a_word_or_a_comment() -> None:
    pieces = Pieces("")
    assert pieces.unsubscribes(pieces.hide("{{ unsubscribe_url|e }}"))
    assert not pieces.unsubscribes(pieces.hide("{# unsubscribe_url #} unsubscribe_url {{ my_unsubscribe_url_2 }}"))


@pytest.mark.parametrize(
    ("keywords", "balanced"),
    [
        (["if", "endif"], True),
        (["if", "else", "endif", "for", "endfor"], True),
        ([], True),
        (["if"], False),
        (["endif", "if"], False),
        (["else"], False),
    ],
)
def test_statements_are_balanced_where_all_that_they_open_is_closed(keywords: list[str], balanced: bool) -> None:
    assert is_balanced(keywords) is balanced
