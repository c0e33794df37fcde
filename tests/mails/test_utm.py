"""UTM parameters: on the pages of both parts, and nowhere else."""

import pytest

from hato.mails.mail_file import Kind
from tests.mails.writing import UNSUBSCRIBE, filled, written

ALL = "utm_source=newsletter&utm_medium=email&utm_campaign=letter"
PAGE = "https://example.com"


@pytest.mark.parametrize(
    ("address", "becomes"),
    [
        (PAGE, f"{PAGE}?{ALL}"),
        (f"{PAGE}/a", f"{PAGE}/a?{ALL}"),
        (f"{PAGE}/a?b=1", f"{PAGE}/a?b=1&{ALL}"),
        (f"{PAGE}/a?", f"{PAGE}/a?{ALL}"),
        (f"{PAGE}/a?b&", f"{PAGE}/a?b&{ALL}"),
        (f"{PAGE}/a#top", f"{PAGE}/a?{ALL}#top"),
        (f"{PAGE}/{{{{ x }}}}?b={{{{ x }}}}#{{{{ x }}}}", f"{PAGE}/X?b=X&{ALL}#X"),
        ("http://example.com", f"http://example.com?{ALL}"),
        ("HTTPS://example.com/A", f"HTTPS://example.com/A?{ALL}"),
        (f"{PAGE}?utm_source=mine", f"{PAGE}?utm_source=mine"),
        (f"{PAGE}?a=1&UTM_Campaign=mine", f"{PAGE}?a=1&UTM_Campaign=mine"),
        ("https://{{ host }}/a", "https://shop.example.com/a"),
        ("https://{{ x|lower }}.example.com/a", "https://x.example.com/a"),
        (f"{PAGE}/{{% if x %}}a?b=1{{% endif %}}", f"{PAGE}/a?b=1"),
        ("{{ url }}", "https://shop.example.com/u"),
        ("mailto:a@example.com", "mailto:a@example.com"),
        ("tel:+811234", "tel:+811234"),
        ("#top", "#top"),
        ("{{ unsubscribe_url }}", UNSUBSCRIBE),
        ("{{ unsubscribe_url }}?a=1", f"{UNSUBSCRIBE}?a=1"),
        (f"{PAGE}/?next={{{{ unsubscribe_url|urlencode }}}}", None),
    ],
)
def test_a_link_gets_them_where_it_is_a_page_of_the_authors(address: str, becomes: str | None) -> None:
    fields = {"x": "X", "host": "shop.example.com", "url": "https://shop.example.com/u"}
    html = filled(written(f'x <a href="{address}">y</a>', "utm: true"), **fields).html
    if becomes is None:
        assert "utm_" not in html
    else:
        assert f'href="{becomes.replace("&", "&amp;")}"' in html


def test_the_author_may_say_them_and_what_is_left_out_is_filled_in() -> None:
    mail = written(f"[a]({PAGE})", "utm: {utm_source: pigeon post, utm_content: a&b}", "mail_id: 春")
    assert f"{PAGE}?utm_source=pigeon%20post&utm_medium=email&utm_campaign=%E6%98%A5&utm_content=a%26b" in mail.body


def test_both_parts_have_them_and_only_where_they_are_asked_for() -> None:
    for body, kind in (
        (f"See {PAGE}.", Kind.MARKDOWN),
        (f"See {PAGE}.", Kind.TEXT),
        (f'<a href="{PAGE}">x</a>', Kind.HTML),
    ):
        asked = written(body, "utm: true", kind=kind)
        assert f"{PAGE}?{ALL}" in asked.body
        assert asked.html.count("utm_campaign=letter") == (kind is not Kind.TEXT)
        assert "utm_" not in written(body, kind=kind).body + written(body, kind=kind).html


def test_an_address_in_japanese_text_ends_where_the_text_goes_on() -> None:
    assert (
        f"「{PAGE}/a?{ALL}」をご覧ください。"
        in written(f"「{PAGE}/a」をご覧ください。", "utm: true", kind=Kind.TEXT).body
    )
