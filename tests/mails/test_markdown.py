"""Markdown as people write it in mails, in English and in Japanese, with conditions and loops between its lines."""

import pytest

from tests.mails.writing import filled, html_of, written


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("# A\n\nB *c* **d**", "<h1>A</h1><p>B<em>c</em><strong>d</strong></p>"),
        ("~~a~~", "<p><s>a</s></p>"),
        ("a\nb", "<p>a b</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a\n4. b", "<ol><li>a</li><li>b</li></ol>"),
        ("![a pigeon](https://example.com/p.png)", "<p><img src=https://example.com/p.png alt=a pigeon></p>"),
        ("a <b>c</b>", "<p>a<b>c</b></p>"),
        ("a & b < c", "<p>a & b < c</p>"),
    ],
)
def test_markdown_becomes_html(body: str, html: str) -> None:
    assert html_of(body) == html


@pytest.mark.parametrize(
    "address", ["https://example.com/a?b=1&c=2", "http://example.com", "https://example.com/a(b)c"]
)
def test_an_address_in_the_text_is_a_link(address: str) -> None:
    assert f"<a href={address}>{address}</a>" in html_of(f"Look at {address}.")


def test_an_address_ends_where_japanese_or_a_mark_begins() -> None:
    html = html_of(
        "「https://example.com/a」、（https://example.com/b）。**https://example.com/c**, https://example.com/d!"
    )
    for page in "abcd":
        assert f"<a href=https://example.com/{page}>https://example.com/{page}</a>" in html


def test_an_address_that_is_a_link_already_is_not_one_twice() -> None:
    html = html_of(
        '[https://example.com](https://example.com/a) <a href="https://example.com/b">https://example.com</a> x'
    )
    assert html.count("<a ") == 2


def test_a_link_that_is_a_paragraph_is_a_button_and_any_other_is_not() -> None:
    assert 'class="button"' in written("[Read on](https://example.com)").html
    for body in (
        "https://example.com",
        "<https://example.com>",
        "See [this](https://example.com)",
        "[a](https://example.com) [b](https://example.com)",
        "- [a](https://example.com)",
        "[![p](https://example.com/p.png)](https://example.com)",
        "[Stop]({{ unsubscribe_url }})",
    ):
        assert 'class="button"' not in written(body).html


# Japanese


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("これは**「鳩」**です。", "<p>これは<strong>「鳩」</strong>です。</p>"),
        ("**注意。**次の行", "<p><strong>注意。</strong>次の行</p>"),
        ("**注意：**読む", "<p><strong>注意：</strong>読む</p>"),
        ("鳩は*鳥*です", "<p>鳩は<em>鳥</em>です</p>"),
        ("３ * ４ * ５", "<p>３ * ４ * ５</p>"),
    ],
)
def test_stars_work_beside_kana_and_kanji(body: str, html: str) -> None:
    assert html_of(body) == html


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("鳩が\n飛ぶ。", "<p>鳩が飛ぶ。</p>"),
        ("ようこそ、\n{{ name }}様", "<p>ようこそ、Ada様</p>"),
        ("{{ name }}\n様", "<p>Ada様</p>"),
        ("鳩が\nfly", "<p>鳩が fly</p>"),
        ("Hello\n{{ name }}", "<p>Hello Ada</p>"),
    ],
)
def test_a_line_break_between_kana_or_kanji_is_no_space(body: str, html: str) -> None:
    assert html_of(body, name="Ada") == html


# Conditions and loops


def test_a_condition_around_a_paragraph_leaves_no_empty_one() -> None:
    for body in (
        "a\n\n{% if x %}\nb\n{% endif %}\n\nc",
        "a\n\n{% if x %}b{% endif %}\n\nc",
        "a\n{% if x %}\nb\n{% endif %}\nc",
    ):
        assert html_of(body, x="") == "<p>a</p><p>c</p>"
        assert html_of(body, x="1") == "<p>a</p><p>b</p><p>c</p>"


def test_a_condition_with_two_sides_within_a_paragraph_stays_within_it() -> None:
    body = "{% if x %}a{% else %}b{% endif %}"
    assert [html_of(body, x=x) for x in ("1", "")] == ["<p>a</p>", "<p>b</p>"]


def test_a_condition_with_two_sides_around_paragraphs() -> None:
    body = "{% if x %}\na\n{% else %}\nb\n\nc\n{% endif %}"
    assert [html_of(body, x=x) for x in ("1", "")] == ["<p>a</p>", "<p>b</p><p>c</p>"]


@pytest.mark.parametrize("marker", ["-", "1."])
def test_a_list_with_a_condition_between_its_items_is_one_list(marker: str) -> None:
    kind = "ul" if marker == "-" else "ol"
    body = f"{marker} a\n{{% if x %}}\n{marker} b\n{{% endif %}}\n{marker} c"
    assert html_of(body, x="1") == f"<{kind}><li>a</li><li>b</li><li>c</li></{kind}>"
    assert html_of(body, x="") == f"<{kind}><li>a</li><li>c</li></{kind}>"


def test_a_list_that_is_a_loop_is_one_list() -> None:
    assert html_of("{% for each in [1, 2] %}\n- {{ each }}\n{% endfor %}") == "<ul><li>1</li><li>2</li></ul>"


def test_a_condition_may_hold_the_end_of_one_list_and_more() -> None:
    body = "- a\n{% if x %}\n- b\n\nc\n{% endif %}\n\nd"
    assert html_of(body, x="1") == "<ul><li>a</li></ul><ul><li>b</li></ul><p>c</p><p>d</p>"
    assert html_of(body, x="") == "<ul><li>a</li></ul><p>d</p>"


def test_a_condition_within_a_list_within_a_list_and_within_a_quotation() -> None:
    assert html_of("- a\n  - b\n  {% if x %}\n  - c\n  {% endif %}", x="1") == (
        "<ul><li>a<ul><li>b</li><li>c</li></ul></li></ul>"
    )
    assert html_of("> a\n>\n> {% if x %}\n> b\n> {% endif %}", x="") == "<blockquote><p>a</p></blockquote>"


def test_a_heading_may_stand_under_a_condition() -> None:
    assert html_of("# {% if x %}a{% endif %}\n\nb", x="") == "<p>b</p>"


def test_code_shows_what_stands_in_it_filled_in() -> None:
    assert "&lt;b&gt; Ada" in filled(written("`<b> {{ name }}`"), name="Ada").html
