"""The text part as people read it."""

import pytest

from hato.mails.mail_file import Kind
from tests.mails.writing import filled, text_of, written

A, B = "https://example.com/a", "https://example.com/b"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("# Hello\n\nA *b* **c** `d`", "Hello\n=====\n\nA b c d"),
        ("## 鳩便\n\nc", "鳩便\n----\n\nc"),
        ("### Small", "Small"),
        ("a\n\n- b\n- c\n\nd", "a\n\n- b\n- c\n\nd"),
        ("- a\n  - b\n  - c\n- d", "- a\n  - b\n  - c\n- d"),
        ("9. a\n10. b\n\n    c", "9. a\n\n10. b\n\n    c"),
        ("> a\n> b\n\nc", "> a b\n\nc"),
        ("> a\n>\n> - b\n\nc", "> a\n>\n> - b\n\nc"),
        ("> a\n\nb\n\n> c", "> a\n\nb\n\n> c"),
        ("a  \nb", "a\nb"),
        ("    a <b>\n\n      c", "    a <b>\n\n      c"),
        ("a\n\n***\n\nb", "a"),  # the rest is behind the line, as the footer is
        ("a & b &lt;c&gt; &nbsp;d", "a & b <c> \xa0d"),
        (f"See [this]({A}), or [that]({B}).", f"See this ({A}), or that ({B})."),
        (f"[this]({A})", f"this: {A}"),
        (f"- [this]({A})\n- [that]({B}) too", f"- this: {A}\n- that ({B}) too"),
        (f"At {A}.", f"At {A}."),
        (f"<{A}>", A),
        (f"[こちら]({A})から", f"こちら ({A}) から"),
        (f"{A} を見る", f"{A} を見る"),
        ("[us](mailto:us@example.com) us@example.com", "us (mailto:us@example.com) us@example.com"),
        ("[us@example.com](mailto:us@example.com)", "us@example.com"),
        ("[top](#top)", "top"),
        (f"![a pigeon]({A}) ![]({B})", "[a pigeon]"),
        (f"[![a pigeon]({A})]({B})", f"[a pigeon]: {B}"),
        ("| a | b |\n| --- | --- |\n| c | d |\n\ne", "a | b\nc | d\n\ne"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ('<p hidden>x</p><p style="display: none">y<br><b>z</b></p><p>a</p>', "a"),
    ],
)
def test_markdown_reads_well_as_text(body: str, text: str) -> None:
    assert text_of(body) == text


@pytest.mark.parametrize(
    ("body", "shown", "hidden"),
    [
        ("a\n\n{% if x %}\nb\n{% endif %}\n\nc", "a\n\nb\n\nc", "a\n\nc"),
        ("- a\n{% if x %}\n- b\n{% endif %}\n- c\n\nd", "- a\n- b\n- c\n\nd", "- a\n- c\n\nd"),
        ("- a\n{% if x %}\n- b\n{% endif %}\n\nd", "- a\n- b\n\nd", "- a\n\nd"),
        ("a {% if x %}b {% endif %}c", "a b c", "a c"),
        ("{% if x %}a{% else %}b{% endif %} c", "a c", "b c"),
        ("> {% if x %}\n> a\n> {% endif %}\n> b", "> a\n>\n> b", "> b"),
        (f"{{% if x %}}\n[a]({A})\n{{% endif %}}\n\nb", f"a: {A}\n\nb", "b"),
        ("a\n\n{% for each in [1, 2] %}\nb{{ each }}\n{% endfor %}\n\nc", "a\n\nb1\n\nb2\n\nc", "a\n\nb1\n\nb2\n\nc"),
    ],
)
def test_what_a_condition_leaves_out_leaves_no_blank_lines(body: str, shown: str, hidden: str) -> None:
    assert (text_of(body, x="1"), text_of(body, x="")) == (shown, hidden)


def test_no_line_is_wrapped_so_that_no_address_is_cut() -> None:
    long = f"https://example.com/{'a' * 300}"
    assert text_of(f"{'word ' * 60}[here]({long})") == f"{'word ' * 60}here ({long})"


def test_a_page_of_layout_tables_reads_in_its_order() -> None:
    page = (
        "<html><head><title>No</title><style>p{}</style></head><body><table><tr><td><h1>Hello</h1></td></tr>"
        "<tr><td>left</td><td>right</td></tr></table><p>End &copy;</p></body></html>"
    )
    assert written(page, kind=Kind.HTML).body.startswith("Hello\n=====\n\nleft\nright\n\nEnd ©\n")


def test_a_value_is_text_in_the_text_part() -> None:
    assert text_of("Hello {{ x }}", x="<b>&amp;") == "Hello <b>&amp;"


def test_the_line_below_a_heading_is_as_long_as_its_fields_may_be() -> None:
    assert filled(written("# {{ name }}様"), name="山田").text.startswith("山田様\n==========\n")
