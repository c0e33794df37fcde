"""The inbox page: the list, its search, and one mail."""

from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

import pytest

from tests.local.test_ses_server import Running, bulk, entry, serving, simple

NOWHERE = "http://127.0.0.1:9"
AUTUMN = [{"Name": "campaign", "Value": "readers-1"}, {"Name": "mail", "Value": "autumn"}]
WINTER = [{"Name": "campaign", "Value": "readers-12"}, {"Name": "mail", "Value": "winter"}]


@pytest.fixture
def running() -> Iterator[Running]:
    with serving(NOWHERE) as simulator:
        yield simulator


class Ids(HTMLParser):
    """What a page's elements are called, and what its links, labels and titles lead to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.ids += [named["id"]] if "id" in named else []
        self.references += [named[name] for name in ("for", "aria-labelledby") if name in named]
        self.references += [named["href"][1:]] if named.get("href", "").startswith("#") else []


def page(running: Running, path: str) -> str:
    status, headers, body = running.http("GET", path)
    assert status == 200
    assert headers["content-security-policy"].startswith("default-src 'none'")
    return body.decode()


def found(running: Running, words: str) -> set[str]:
    shown = page(running, f"/?q={words}")
    return {name for name in ("ann", "bob") if f"<span>{name}@example.com</span>" in shown}


def two_mails(running: Running) -> None:
    bulk(running, entry("ann@example.com", {"name": "Zoë"}, ReplacementTags=AUTUMN))
    bulk(running, entry("bob@example.com", {"name": "Bob"}, ReplacementTags=WINTER))


def test_the_pages_escape_what_mails_say(running: Running) -> None:
    message_id = bulk(running, entry("ann@example.com", {"name": "<script>alert(1)</script>\"'"}))[0]["MessageId"]
    for path in ("/", "/?q=script", f"/inbox/{message_id}"):
        assert "<script" not in page(running, path)
    assert 'sandbox=""' in page(running, f"/inbox/{message_id}")


def test_a_mail_that_is_not_there_is_not_found(running: Running) -> None:
    status, _, body = running.http("GET", "/inbox/none")
    assert (status, b"No such mail" in body) == (404, True)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("zo%C3%AB", {"ann"}),
        ("BOB@", {"bob"}),
        ("campaign:readers-1", {"ann"}),
        ("Campaign:READERS-12", {"bob"}),
        ("readers-1", {"ann", "bob"}),
        ("winter", {"bob"}),
        ("mail:win", set()),
        ("campaign", set()),
        ("hi+example.com", {"ann", "bob"}),
        ("autumn+ann@", {"ann"}),
        ("autumn+bob@", set()),
        ("++", {"ann", "bob"}),
    ],
)
def test_a_mail_is_found_by_every_word_in_address_subject_or_tag(running: Running, words: str, names: set[str]) -> None:
    two_mails(running)
    assert found(running, words) == names


def test_a_search_that_finds_nothing_says_so_whatever_the_page(running: Running) -> None:
    assert "No mail has all of this" in page(running, "/?q=nobody&page=-3")


def test_the_list_shows_the_tags_that_tell_mails_apart(running: Running) -> None:
    bulk(running, entry("ann@example.com", ReplacementTags=[*AUTUMN, {"Name": "shard", "Value": "03"}]))
    assert ">campaign:readers-1</a>" in page(running, "/")
    searched = page(running, "/?q=campaign:readers-1")
    assert ">campaign:readers-1</a>" not in searched
    assert ">mail:autumn</a>" in searched
    assert "shard" not in page(running, "/")


def test_a_tag_leads_to_all_mails_that_have_it(running: Running) -> None:
    two_mails(running)
    assert 'href="/?q=mail%3Aautumn"' in page(running, "/")
    assert found(running, "mail%3Aautumn") == {"ann"}


def test_one_mail_shows_all_its_parts_and_a_way_to_each(running: Running) -> None:
    message_id = bulk(running, entry("ann@example.com", ReplacementTags=AUTUMN))[0]["MessageId"]
    running.cloud.wait_for(3)
    shown = page(running, f"/inbox/{message_id}")
    for part in ("html", "text", "headers", "tags", "events", "by-hand", "source"):
        assert f'href="#{part}"' in shown
        assert f'<section class="card" id="{part}"' in shown
    assert 'href="/?q=campaign%3Areaders-1"' in shown
    assert "Content-Type: multipart/alternative" in shown
    for kind in ("Send", "Delivery", "Open", "Click"):
        assert f">{kind}</span>" in shown
    assert 'title="https://example.com">example.com</span>' in shown


def test_what_a_mail_has_not_is_not_shown(running: Running) -> None:
    shown = page(running, f"/inbox/{simple(running)}")
    assert 'href="#html"' not in shown
    assert "<iframe" not in shown
    assert "The mail has no tags." in shown


def test_every_label_title_and_way_on_a_page_leads_to_something_and_no_name_is_used_twice(running: Running) -> None:
    many = {"ToAddresses": ["ann@example.com", "bob@example.com"]}
    message_id = bulk(running, entry("x@example.com", Destination=many))[0]["MessageId"]
    names = Ids(page(running, f"/inbox/{message_id}"))
    assert len(names.ids) == len(set(names.ids))
    assert set(names.references) <= set(names.ids)


def test_a_long_source_is_shown_from_its_beginning_and_whole_as_text(running: Running) -> None:
    text = "x" * 300_000
    message_id = simple(running, Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": text}}}})
    assert "This is the beginning." in page(running, f"/inbox/{message_id}")
    assert len(running.http("GET", f"/messages/{message_id}/source")[2]) > 300_000
    assert "This is the beginning." not in page(running, f"/inbox/{simple(running)}")


def test_what_is_still_to_come_is_said(running: Running) -> None:
    running.http("PUT", "/_simulator/settings", '{"engagement_delay": 86400, "time_lapse": 2}')
    message_id = bulk(running, entry("ann@example.com"))[0]["MessageId"]
    running.cloud.wait_for(1)
    shown = unescape(page(running, f"/inbox/{message_id}"))
    assert "to come" in shown[shown.index(">Open<") :]
    assert "to come" not in shown[: shown.index(">Open<")]
