"""Mails as their authors write them, for the tests."""

from html.parser import HTMLParser

from chalicelib.domain.mail import Mail, Rendered
from chalicelib.domain.template import Template
from hato.mails.compiling import compile_mail
from hato.mails.mail_file import Kind, parse_mail_file

UNSUBSCRIBE = "https://api.example.com/unsubscribe/abc"


def written(body: str, *front: str, kind: Kind = Kind.MARKDOWN, name: str = "letter.md") -> Mail:
    """The mail of a file with this body, and these lines of front matter below the subject."""
    lines = ["---", "subject: Hello", *front, "---", body]
    return compile_mail(parse_mail_file(name, kind, "\n".join(lines)))


def filled(mail: Mail, **fields: str) -> Rendered:
    """The mail for a recipient with these fields."""
    return Template(mail).render("taro@example.com", fields, UNSUBSCRIBE)


def text_of(body: str, *front: str, **fields: str) -> str:
    """The text part of a Markdown body, filled in, without the footer."""
    return filled(written(body, *front), **fields).text.split("\n-----", 1)[0].rstrip("\n")


def html_of(body: str, *front: str, **fields: str) -> str:
    """What the body of the HTML part of a Markdown body holds, filled in, without styles."""
    return shape(filled(written(body, *front), **fields).html)


class _Shape(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.made: list[str] = []
        self.is_inside = False
        self.depth = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if self.is_inside:
            kept = [f" {name}={value}" for name, value in attributes if name in {"href", "src", "alt", "title"}]
            self.made.append(f"<{tag}{''.join(kept)}>")
            self.depth += tag == "td"
        if ("class", "content") in attributes:
            self.is_inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "td" and self.is_inside and not self.depth:
            self.is_inside = False
        if self.is_inside:
            self.made.append(f"</{tag}>")
            self.depth -= tag == "td"

    def handle_data(self, data: str) -> None:
        if self.is_inside:
            self.made.append(" ".join(data.split()) if data.strip() else "")


def shape(html: str) -> str:
    """The content of the layout: its tags with what matters of their attributes, and its text."""
    reader = _Shape()
    reader.feed(html)
    return "".join(reader.made)


def tags(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """Every tag of the page and the names of its attributes."""
    found: list[tuple[str, tuple[str, ...]]] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            found.append((tag, tuple(name for name, _ in attributes)))

    Tags().feed(html)
    return found
