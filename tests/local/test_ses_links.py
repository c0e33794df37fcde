"""The links of a mail that SES would track."""

import pytest

from hato.local.ses.address import read_mailbox
from hato.local.ses.draft import Content, Draft
from hato.local.ses.links import trackable_links
from hato.local.ses.message import accept


@pytest.mark.parametrize(
    ("html", "text", "links"),
    [
        ("<a href='https://a.example/?x=1'>", "http://b.example", ["https://a.example/?x=1"]),
        ('<a ses:no-track href="https://no.example">n</a> <A HREF="http://yes.example">', None, ["http://yes.example"]),
        ('<a href="https://no.example" ses:no-track>n</a>', None, []),
        ("<p>no link</p>", "https://b.example", []),
        (None, "see https://b.example/c now, or http://d.example", ["https://b.example/c", "http://d.example"]),
        (None, "nothing", []),
        (None, None, []),
        ('<a class="x"\n href = "https://a.example">a</a>', None, ["https://a.example"]),
        ("<a href=https://a.example>a</a>", None, ["https://a.example"]),
        ("""<a title="a > b" href="https://a.example/o'brien">a</a>""", None, ["https://a.example/o'brien"]),
        ('<a data-href="https://no.example" href="https://a.example">a</a>', None, ["https://a.example"]),
        ('<a href="mailto:a@example.com">a</a><a name="here">b</a><abbr href="https://no.example">', None, []),
    ],
)
def test_the_anchors_of_html_are_its_links_and_those_of_text_what_looks_like_one(
    html: str | None, text: str | None, links: list[str]
) -> None:
    assert trackable_links(html, text) == tuple(links)


def test_a_link_is_what_a_browser_reads_and_not_how_html_writes_it() -> None:
    assert trackable_links('<a href=" https://a.example/?x=1&amp;y=2 ">', None) == ("https://a.example/?x=1&y=2",)


def test_each_link_counts_once_in_the_order_of_the_mail_and_the_first_fifty_count() -> None:
    anchors = [f'<a href="https://example.com/{number}">' for number in range(60)]
    found = trackable_links("".join(sorted(anchors * 2, key=anchors.index)), None)
    assert found == tuple(f"https://example.com/{number}" for number in range(50))


def test_nobody_simulated_follows_the_link_to_unsubscribe() -> None:
    pages = ("https://a.example/unsubscribe/token", "https://a.example/api/unsubscribe/token?x=1")
    others = (
        "https://a.example/unsubscribe",
        "https://a.example/?to=/unsubscribe/x",
        "https://a.example/#/unsubscribe/",
    )
    html = "".join(f'<a href="{link}">' for link in (*pages, *others))
    assert trackable_links(html, None) == others
    assert trackable_links(None, " ".join((*pages, *others))) == others


def test_mails_with_the_same_links_share_them_in_memory() -> None:
    def mail() -> Draft:
        html = "".join(["<a href='https://example.com/", "one'>"])
        return Draft(
            read_mailbox("a@example.com"), [read_mailbox("b@example.com")], Content("s", None, html), "SendEmail"
        )

    first, second = (accept(mail(), f"id-{number}", 0.0, "example.com") for number in range(2))
    assert first.links[0] is second.links[0]
