"""A mail's file becomes a mail whose merge fields are all in their places, and whose values stay text."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.template import Template
from chalicelib.errors import MailInvalid
from hato.mails.compiling import compile_file
from hato.mails.mail_file import Kind
from hato.project import ROOT
from tests.mails.writing import UNSUBSCRIBE, filled, shape, tags, written

# Markdown with a merge field in each kind of place, and how often its value is in the HTML then.
PLACES = [
    ("{{ x }}", 1),
    ("{{x}}{{ x }}", 2),
    ("# {{ x }}", 1),
    ("{{ x }}\n===", 1),
    ("- {{ x }}\n- b", 1),
    ("1. {{ x }}", 1),
    ("- a\n\n  {{ x }}", 1),
    ("> {{ x }}", 1),
    ("**{{ x }}**様", 1),
    ("*{{ x }}*_{{ x }}_", 2),
    ("`{{ x }}`", 1),
    ("```\n{{ x }}\n```", 1),
    ("    {{ x }}", 1),
    ("[{{ x }}](https://example.com)", 1),
    ("[page]( https://example.com/{{ x|urlencode }}?a=1&b={{ x|urlencode }}#top )", 2),
    ('[page](https://{{ x|lower }}.example.com/ "{{ x }}")', 1),
    ("[a][r]\n\n[r]: https://example.com/{{ x|urlencode }}", 1),
    ("![{{ x }}]( https://example.com/{{ x|urlencode }}.png )", 2),
    ("https://example.com/{{ x|urlencode }}", 2),
    ("<https://example.com/{{ x|urlencode }}>", 2),
    ("| {{ x }} | b |\n| --- | --- |\n| c | {{ x }} |", 2),
    ("{% if x %}\n{{ x }}\n{% endif %}", 1),
    ("{% if x %}{{ x }}{% endif %}", 1),
    ("- a\n{% if x %}\n- {{ x }}\n{% endif %}\n- b", 1),
    ("{% for each in [1, 2] %}\n1. {{ x }}\n{% endfor %}", 2),
    ('a {% if x == "Mark" %}{{ x }}{% else %}{{ x }}{{ x }}{% endif %} b', 1),
    ('<div title="{{ x }}">{{ x }}</div>', 2),
    ("<div title={{ x }}>\n\n{{ x }}\n\n</div>", 2),
    ("<table><tr><td>{{ x }}</td></tr>{% if x %}<tr><td>{{ x }}</td></tr>{% endif %}</table>", 2),
    ("a  \n{{ x }}\\\n{{ x }}", 2),
    ("~~{{ x }}~~ \\*{{ x }}\\*", 2),
    ("<!-- {{ x }} -->", 1),
    ("{{ x|default(\"}}\") }} {{ x|replace('a', '&') }}", 1),
]

MARKS = ["<", ">", '"', "&", "```", "\n\n"]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PLACES), min_size=1, max_size=6), st.sampled_from(["", "utm: true"]))
def test_a_merge_field_is_filled_in_wherever_it_stands(places: list[tuple[str, int]], utm: str) -> None:
    mail = written("\n\n".join(place for place, _ in places), utm)
    html = filled(mail, x="Mark").html
    assert html.count("Mark") + html.count("https://mark.example.com") == sum(times for _, times in places) + sum(
        "|lower" in place for place, _ in places
    )
    assert "{{" not in html
    assert "zqv" not in html + mail.body


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([*(place for place, _ in PLACES), "<", ">", '"', "&", "```", "\n\n"]) | st.text(max_size=5)
    )
)
def test_whatever_is_written_becomes_a_mail_that_can_be_filled_in_or_is_refused(pieces: list[str]) -> None:
    try:
        mail = written("Text" + "".join(pieces))
        Template(mail)
        parts = mail.body + mail.html
    except MailInvalid as why:
        parts = str(why)
    assert "zqv" not in parts
    assert "zqs" not in parts


ATTACKS = [
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "</td></tr></table><h1>",
    "--><script>alert(1)</script>",
    "]]><style>*{display:none}</style>",
    "{{ 7 * 7 }}{% for x in range(9) %}",
    "zqv0x",
    "javascript:alert(1)",
    "a\r\nBcc: all@example.com",
]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("place", [place for place, _ in PLACES])
def test_a_value_from_the_list_adds_no_tag_and_no_attribute_anywhere(place: str, attack: str) -> None:
    mail = written(place)
    try:
        attacked = filled(mail, x=attack).html
    except MailInvalid:
        return
    ours = filled(mail, x="other").html  # not "Mark", which is another branch in one of the places
    assert tags(attacked) == tags(ours)
    assert "<script" not in attacked
    assert "49" not in shape(attacked)


def test_a_link_that_a_value_would_make_code_is_not_filled_in() -> None:
    mail = written("[page]({{ url }})")
    with pytest.raises(MailInvalid):
        filled(mail, url="javascript:alert(1)")
    assert 'href="https://example.com/?a=1&amp;b=2"' in filled(mail, url="https://example.com/?a=1&b=2").html


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<style>p { color: {{ color }} }</style>\n\nText", "stands in a <style> element"),
        ("<script>{{ x }}</script>\n\nText", "stands in a <script> element"),
        ('<p style="color: {{ color }}">Text</p>', "in the attribute style"),
        ('<p onclick="{{ x }}">Text</p>', "in the attribute onclick"),
        ("<p {{ x }}>Text</p>", "stands in a tag outside of an attribute's value"),
        ('<p {% if x %}title="a"{% endif %}>Text</p>', "stands in a tag outside of an attribute's value"),
        ("{% if x %}<div>{% endif %}\n\nText\n\n{% if x %}</div>{% endif %}", "whole elements"),
        ("<p>{% if x %}Text</p><p>{% endif %}more</p>", "whole elements"),
        ("<div><{{ x }}>Text</div>", "outside of an attribute's value"),
        ("<div></{{ x }}>Text</div>", "outside of an attribute's value"),
        ('<div <a "{{ x }}" b>Text</div>', "outside of an attribute's value"),
        ("<template>Text", "is not closed, and takes in the unsubscribe link"),
        ("<p>Text</p><!-- note", "is not closed, and takes in the unsubscribe link"),
    ],
)
def test_a_piece_where_nothing_could_protect_its_value_or_keep_the_page_whole_is_refused(body: str, said: str) -> None:
    with pytest.raises(MailInvalid, match=said) as refused:
        written(body)
    assert "html, line" not in str(refused.value)  # a line that the author has never seen


@pytest.mark.parametrize("body", ["a <{{ x }} b", 'a </{{ x }}"', "<p>a<{{ x }}"])
def test_a_value_never_names_an_element_that_is_not_even_closed(body: str) -> None:
    with pytest.raises(MailInvalid, match=r"stands in a tag|stands behind a <"):
        written(body, kind=Kind.HTML)
    assert "&lt;Mark" in filled(written("a <{{ x }} b"), x="Mark").html


def test_an_error_of_the_template_names_the_line_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "letter.md").write_text("---\nsubject: Hello\n---\n\nHello\n\n{% if %}\n")
    with pytest.raises(MailInvalid, match=r"letter\.md: .*line 7"):
        compile_file(tmp_path / "letter.md")


def test_a_markdown_file_becomes_a_whole_mail() -> None:
    mail = written(
        "Hello {{ name }}",
        "mail_id: spring",
        "from: News <news@example.com>",
        "reply_to: [a@example.com, b@example.com]",
        "track_opens: false",
        "preheader: Short & <sweet> {{ name }}",
        "lang: de",
    )
    assert (mail.mail_id, mail.sender, mail.reply_to) == (
        "spring",
        "News <news@example.com>",
        ("a@example.com", "b@example.com"),
    )
    assert (mail.track_opens, mail.track_clicks) == (False, True)
    rendered = filled(mail, name="<Ada>")
    assert "Short &amp; &lt;sweet&gt; &lt;Ada&gt;" in rendered.html
    assert "Short" not in rendered.text
    assert '<html lang="de"' in rendered.html
    assert "Abbestellen" in rendered.text
    assert "<title>Hello</title>" in rendered.html


def test_the_unsubscribe_link_is_in_both_parts_and_left_alone_by_ses() -> None:
    rendered = filled(written("Hello"))
    assert f"Unsubscribe: {UNSUBSCRIBE}" in rendered.text
    assert f'<a ses:no-track href="{UNSUBSCRIBE}"' in rendered.html
    assert rendered.html.count(UNSUBSCRIBE) == 1


def test_a_body_or_a_footer_with_the_unsubscribe_link_gets_no_second_one() -> None:
    for mail in (
        written("[Stop it]({{ unsubscribe_url }}) please"),
        written("Hello", "footer: 'Stop it: {{ unsubscribe_url }}'"),
        written("{{ unsubscribe_url }}", kind=Kind.TEXT),
    ):
        assert (filled(mail).text + filled(mail).html).count(UNSUBSCRIBE) == 1 + bool(mail.html)


def test_the_footer_is_text_and_its_addresses_are_links() -> None:
    html = filled(written("Hello", "footer: |", "  Pigeon <Post> & Co", "  https://example.com/a?b=1&c=2")).html
    assert "Pigeon &lt;Post&gt; &amp; Co<br>" in html
    assert 'href="https://example.com/a?b=1&amp;c=2"' in html


def test_a_japanese_mail_has_japanese_words_and_says_its_language() -> None:
    mail = written("こんにちは")
    assert 'lang="ja"' in mail.html
    assert "配信停止はこちら: {{ unsubscribe_url }}" in mail.body


# HTML and text files


def test_a_piece_of_html_gets_the_layout_and_a_whole_page_keeps_its_own() -> None:
    piece = written("<h1>Hello</h1>", kind=Kind.HTML)
    assert 'class="sheet"' in piece.html
    page = written(
        "<html><head><title>T</title></head><body><h1>Hello</h1></body></html>", "preheader: P", kind=Kind.HTML
    )
    assert 'class="sheet"' not in page.html
    assert page.html.index(">P͏") < page.html.index("Hello") < page.html.index("{{ unsubscribe_url }}")
    assert page.html.endswith("</body></html>")
    assert "Hello" in page.body


def test_a_whole_page_cannot_be_put_into_the_layout() -> None:
    with pytest.raises(MailInvalid, match="layout: false"):
        written("<html><body>Hello</body></html>", "layout: true", kind=Kind.HTML)


def test_styles_go_into_the_elements_and_media_queries_stay_in_the_head() -> None:
    css = "<style>p { color: #123456 } @media (max-width: 400px) { p { color: red !important } }</style>"
    mail = written(f"<html><head>{css}</head><body><p>Hello</p></body></html>", kind=Kind.HTML)
    assert '<p style="color: #123456;">' in mail.html
    assert "@media (max-width: 400px)" in mail.html.split("</head>")[0]


def test_the_character_set_is_said_before_the_styles() -> None:
    html = written("Hello").html
    assert html.index("charset") < html.index("<style>") < html.index("</head>")


def test_css_that_cannot_be_read_is_refused_in_a_sentence() -> None:
    with pytest.raises(MailInvalid, match="the CSS cannot be read"):
        written(
            '<html><head><style>p{margin:0}</style></head><body><p style="color">x</p></body></html>', kind=Kind.HTML
        )


def test_statements_between_the_rows_of_a_table_stay_there() -> None:
    rows = "<table>{% for each in [1, 2] %}<tr><td>{{ x }}</td></tr>{% endfor %}</table>"
    html = filled(written(rows, kind=Kind.HTML), x="Mark").html
    assert shape(html).count("<tr><td>Mark</td></tr>") == 2


def test_a_text_file_is_text_alone_with_the_way_out_below() -> None:
    mail = written(
        "Hello {{ name }}\n{% if vip %}\nThank you.\n{% endif %}\nBye", "footer: Pigeon Post", kind=Kind.TEXT
    )
    assert mail.html == ""
    assert filled(mail, name="Ada", vip="").text == (
        f"Hello Ada\nBye\n\n-- \nPigeon Post\nUnsubscribe: {UNSUBSCRIBE}\n"
    )
    assert "Hello Ada\nThank you.\nBye\n" in filled(mail, name="Ada", vip="1").text


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.md")), ids=lambda path: path.name)
def test_an_example_becomes_a_mail_that_can_be_filled_in(example: Path) -> None:
    mail = compile_file(example)
    fields = dict.fromkeys(Template(mail).fields, "family")
    rendered = filled(mail, **fields)
    assert "family" in rendered.subject
    assert rendered.text.count("\n\n\n") == 0
    assert UNSUBSCRIBE in rendered.text
    assert UNSUBSCRIBE in rendered.html
