"""The language of mails has bounds, and nothing that a list brings becomes part of it."""

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.domain.mail import Mail
from chalicelib.domain.sandbox import MOST_STEPS, _is_page
from chalicelib.domain.template import Template
from chalicelib.errors import MailInvalid, MergeFieldMissing


def filled_in(body: str, **fields: str) -> str:
    return Template(Mail("m-1", "Hello", body)).render("taro@example.com", fields).text


def html(source: str, **fields: str) -> str:
    return Template(Mail("m-1", "Hello", "", source)).render("taro@example.com", fields).html


# What mails use


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("{{ x }}", "a b"),
        ("{{ x | upper }} {{ x.title() }} {{ x | default('-') }}", "A B A B a b"),
        ("{% if x == 'a b' %}yes{% else %}no{% endif %}", "yes"),
        ("{% for word in x.split() %}[{{ word }}]{% endfor %}", "[a][b]"),
        ("{% for n in range(3) %}{{ n }}{% endfor %}", "012"),
        ("{{ x ~ '-' ~ 1 }} {{ x + '!' }}", "a b-1 a b!"),
        ("{{ 'yes' if x in ['a b', 'c'] else 'no' }}", "yes"),
        ("{{ x | replace(' ', '-') }} {{ x.split() | join('/') }}", "a-b a/b"),
        ("{% set y = x | length %}{{ y * 2 + 1 }}", "7"),
        ("{% for a in 'xy' %}{{ loop.index }}{% if not loop.last %},{% endif %}{% endfor %}", "1,2"),
    ],
)
def test_variables_conditions_loops_and_filters_are_there(body: str, text: str) -> None:
    assert filled_in(body, x="a b") == text


def test_texts_put_together_in_html_are_escaped_once() -> None:
    assert html("<p>{{ x ~ '<' }}</p>", x="<b>") == "<p>&lt;b&gt;&lt;</p>"


# What would never end, or grow without end


@pytest.mark.parametrize(
    "body",
    [
        "{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}",
        "{% for a in x %}{% for b in x %}{% for c in x %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in range(1000000000) %}{% endfor %}",
        "{{ range(1000000000) | join }}",
        "{{ 'a' * 1000000000 }}",
        "{{ x * 1000000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '{:>1000000000}'.format(1) }}",
        "{{ x.center(1000000000) }}",
        "{{ x.replace('a', x) }}",
        "{{ (x | replace('a', x)) | replace('a', x) | replace('a', x) }}",
        "{% set y = x %}" + "{% set y = y ~ y %}" * 40 + "{{ y }}",
        "{% set y = x %}" + "{% set y = y + y %}" * 40 + "{{ y }}",
        "{{ x.__class__ }}",
        "{{ x.encode().hex() }}",
    ],
)
def test_what_grows_without_end_fails_its_row(body: str) -> None:
    with pytest.raises(MailInvalid, match="cannot be filled in for this row"):
        filled_in(body, x="a" * 2_000)


@pytest.mark.parametrize(
    "body",
    [
        "{{ 2 ** 1000000 }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% set y %}{{ x }}{{ x }}{% endset %}",
        "{% filter upper %}x{% endfilter %}",
        "{% include 'x' %}",
        "{% extends 'x' %}",
        "{% block b %}{% endblock %}",
        "{% call f() %}{% endcall %}",
        "{% autoescape false %}{{ x }}{% endautoescape %}",
        "{% with y = x %}{% endwith %}",
        "{{ {'a': x} }}",
        "{% set y = [x, x] %}",
        "{{ x | safe }}",
        "{{ x | center(1000000000) }}",
        "{{ x | format }}",
        "{{ x | attr('__class__') }}",
        "{{ x | _no_link }}",
    ],
)
def test_what_mails_have_no_use_for_is_no_part_of_the_language(body: str) -> None:
    with pytest.raises(
        MailInvalid, match=r"is not part of a mail's language|may hold only what|No filter named|unknown tag"
    ):
        filled_in(body, x="a")


@pytest.mark.parametrize("name", ["lipsum", "cycler", "joiner", "namespace", "dict"])
def test_no_name_is_there_that_a_list_does_not_give(name: str) -> None:
    mail = Template(Mail("m-1", "Hello", "{{ " + name + "() }}"))
    assert mail.fields == {name}
    with pytest.raises(MergeFieldMissing):
        mail.check_columns(["x"])


def test_a_column_cannot_take_the_place_of_what_counts_the_steps() -> None:
    loop = "{% for a in range(1000) %}{% endfor %}{% for a in 'x' %}{% endfor %}"
    with pytest.raises(MailInvalid, match=f"more than {MOST_STEPS:,} steps"):
        filled_in(loop, _step="x")


def test_the_steps_of_one_recipient_do_not_count_for_the_next() -> None:
    mail = Template(Mail("m-1", "Hello", "{% for a in range(900) %}{% endfor %}done"))
    assert [mail.render("taro@example.com", {}).text for _ in range(3)] == ["done"] * 3


# What a row brings into HTML


EVIL = [
    "<script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "--><img src=x onerror=alert(1)>",
    "{{ unsubscribe_url }}{% for x in range(9) %}",
    "&lt;b&gt;",
]


@pytest.mark.parametrize("value", EVIL)
@pytest.mark.parametrize("source", ["<p>{{ x }}</p>", "<p title='{{ x }}'>a</p>", '<p title="{{ x }}">a</p>'])
def test_a_value_is_text_and_can_end_nothing_that_it_stands_in(source: str, value: str) -> None:
    made = html(source, x=value)
    assert made.count("<") == source.count("<")
    quotes = source.count('"') + source.count("'")
    assert made.count('"') + made.count("'") == quotes


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<b>x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example/x",
        "/path",
        "evil.example",
        "https://",
        "https:evil",
        "http://[",
        "https://example.com/a b",
        "\x01javascript:alert(1)",
    ],
)
@pytest.mark.parametrize(
    "source",
    [
        '<a href="{{ x }}">go</a>',
        "<a class=y HREF = '{{ x }}'>go</a>",
        '<img alt="" src="{{ x }}">',
        '<a href="{% if x %}{{ x }}{% endif %}">go</a>',
        '{% for y in [1] %}<a href=" {{ x }}#top">go</a>{% endfor %}',
        '<form action="{{ x }}">',
    ],
)
def test_where_a_link_begins_only_an_address_of_a_page_is_filled_in(source: str, value: str) -> None:
    with pytest.raises(MailInvalid, match="holds no address of a page") as raised:
        html(source, x=value)
    assert value not in str(raised.value)


@pytest.mark.parametrize(
    "value", ["https://example.com/?a=1&b=2", "HTTP://example.com", "mailto:taro@example.com", "tel:+81-3", ""]
)
def test_an_address_of_a_page_is_filled_in_as_it_is(value: str) -> None:
    assert html('<a href="{{ x }}">go</a>', x=value) == '<a href="{}">go</a>'.format(value.replace("&", "&amp;"))


def test_within_a_link_a_value_is_a_value() -> None:
    assert (
        html('<a href="https://example.com/{{ x }}">', x="javascript:") == '<a href="https://example.com/javascript:">'
    )


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("<script>let a = '{{ x }}'</script>", "in a <script> element"),
        ("<style>p {color: {{ x }}}</style>", "in a <style> element"),
        ('<p style="color: {{ x }}">', "in the attribute style"),
        ('<p onclick="go({{ x }})">', "in the attribute onclick"),
        ('<iframe srcdoc="{{ x }}">', "in the attribute srcdoc"),
        ("<{{ x }}>", "behind <"),
        ("</{{ x }}>", "behind <"),
        ("<!{{ x }}>", "behind <"),
        ("<!-{{ x }}>", "behind <"),
        ("<{% if x %}{{ x }}{% endif %}>", "behind <"),
        ("<{% if x %}b {{ x }}{% endif %}>", "in a tag without quotation marks"),
        ("<a href={{ x }}>", "in a tag without quotation marks"),
        ("<p title={{ x }}>", "in a tag without quotation marks"),
        ("<p title=a{{ x }}>", "in a tag without quotation marks"),
        ("<p {{ x }}>", "in a tag without quotation marks"),
        ("<p title='a'{{ x }}>", "in a tag without quotation marks"),
        ("<!-- a --><p\n{% if x %} {{ x }}{% endif %}>", "in a tag without quotation marks"),
    ],
)
def test_where_a_value_would_be_code_no_field_may_stand(source: str, where: str) -> None:
    with pytest.raises(MailInvalid, match=f"html, line [12]: a merge field may not stand {where}"):
        html(source, x="a")


@pytest.mark.parametrize(
    "source",
    [
        '<a href="{{ x }}{{ x }}">',
        '<a href="java{{ x }}">',
        '<a href="{{ x }}java{{ x }}">',
        '<a href="{% if x %}{{ x }}{% endif %}{{ x }}">',
    ],
)
def test_what_could_become_another_scheme_is_no_address(source: str) -> None:
    with pytest.raises(MailInvalid, match="the address in href must begin with https:// or with one merge field"):
        html(source, x="")


def test_behind_the_first_word_of_an_address_any_number_of_fields_may_stand() -> None:
    source = '<a href="{{ x }}/{{ y }}{{ y }}"><a href="https://{{ y }}.example/{{ y }}{{ y }}">'
    made = html(source, x="https://example.com", y="a")
    assert made == '<a href="https://example.com/aa"><a href="https://a.example/aa">'


@pytest.mark.parametrize(
    "source",
    [
        "<!-- {{ x }} -->",
        "<title>{{ x }}</title>",
        "1 < 2 {{ x }}",
        "1 < {{ x }}",
        "<{% if x %}b{% else %}i{% endif %}>{{ x }}",
        "<p title='a > b'>{{ x }}</p>",
        "<!-- <script> -->{{ x }}",
        "<script>a < b</script>{{ x }}",
        "<style>p > a {}</style>\n<p class=big>{{ x }}</p>",
        "<p hidden>{{ x }}",
        "<br/>{{ x }}",
        "</p title='>{{ x }}",
    ],
)
def test_in_text_a_field_may_stand_whatever_comes_before(source: str) -> None:
    assert "a&lt;b" in html(source, x="a<b")


@given(st.from_regex(r"(?i)https?:/?/?[a-z0-9.:@\[\]%-]*[/?#]?[!-~\s]*", fullmatch=True))
@example("https://example.com")
@example("http://example.com/a b")
@example("https://a@b.example/")
@example("https://[::1]/")
def test_what_is_known_at_once_as_an_address_of_a_page_is_one_by_the_long_way_too(text: str) -> None:
    if _is_page(text):
        parts = urlsplit(text)
        assert parts.scheme.lower() in {"http", "https"}
        assert parts.hostname
        assert not any(letter <= " " or letter == "\x7f" for letter in text)
