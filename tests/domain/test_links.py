"""The links of a mail, and which of them was followed."""

import pytest

from chalicelib.domain.links import LONGEST, MOST, OTHER, Links, links_of

HTML = """
<p><a href="https://example.com/">one</a> <A class="x>y" HREF='https://example.com/?a=1&amp;b=2'>two</A>
<a href=https://example.com/bare>three</a> <a href="https://example.com/">one again</a>
<a href="mailto:a@example.com">no page</a> <a name="here">no link</a> <a href="#here">nor this</a>
<a ses:no-track href="https://example.com/quiet">not tracked</a>
<a href="{{ unsubscribe_url }}">the way out</a> <a href="{{ shop }}/cart">a field</a>
<a href="https://example.com/p/{{ id }}?ref={{ ref }}">fields</a>
"""


def test_the_links_to_pages_are_found_once_each_in_their_order() -> None:
    assert links_of(HTML) == (
        "https://example.com/",
        "https://example.com/?a=1&b=2",
        "https://example.com/bare",
        "{{ shop }}/cart",
        "https://example.com/p/{{ id }}?ref={{ ref }}",
    )


def test_only_so_many_and_so_long_links_are_kept() -> None:
    many = "".join(f'<a href="https://example.com/{number}">x</a>' for number in range(MOST + 5))
    assert len(links_of(many)) == MOST
    assert links_of(f'<a href="https://example.com/{"x" * LONGEST}">x</a>') == ()


@pytest.mark.parametrize(
    ("followed", "number"),
    [
        ("https://example.com/", "0"),
        ("https://example.com/?a=1&b=2", "1"),
        ("https://example.com/?a=1&amp;b=2", "1"),  # as it stands in the mail
        ("https://example.com/p/7?ref=mail", "4"),
        ("https://example.com/p/?ref=", "4"),
        ("https://shop.example/cart", "3"),
        ("https://example.com/p/7", OTHER),
        ("https://elsewhere.example/", OTHER),
        ("", OTHER),
    ],
)
def test_a_followed_link_is_found_whatever_stands_in_its_fields(followed: str, number: str) -> None:
    assert Links(links_of(HTML)).number_of(followed) == number


def test_where_several_fit_the_one_is_meant_of_which_most_is_written_out() -> None:
    links = Links(["https://{{ any }}", "https://example.com/{{ page }}", "https://example.com/a"])
    assert [links.number_of(f"https://example.com/{page}") for page in "ab"] == ["2", "1"]
    assert links.number_of("https://x.example/") == "0"


def test_fields_do_not_overlap_what_is_written_out() -> None:
    assert Links(["https://a/{{ x }}/a/"]).number_of("https://a/") == OTHER


def test_no_mail_is_too_odd_to_look_for_links() -> None:
    assert links_of('<a href="https://x.example' * 2_000) == ()
    assert links_of("<a " + "'" * 5_000) == ()
