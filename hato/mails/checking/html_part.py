"""What is amiss in the HTML part of a mail: links, pictures, and what mail programs throw away."""

from collections.abc import Iterator
from html.parser import HTMLParser

from hato.mails.checking.finding import Finding, error, warning
from hato.mails.checking.links import judge_address
from hato.mails.pieces import Pieces

_REFUSED = {"script", "iframe", "object", "embed", "form", "base", "link"}
_PART = "html"


def judge_html(html: str, pieces: Pieces) -> tuple[list[Finding], set[str]]:
    """The findings, each once, and the addresses of all links."""
    reader = _Reader(pieces)
    reader.feed(html)
    reader.close()
    return list(dict.fromkeys(reader.findings)), reader.links


class _Reader(HTMLParser):
    def __init__(self, pieces: Pieces) -> None:
        super().__init__(convert_charrefs=True)
        self.findings: list[Finding] = []
        self.links: set[str] = set()
        self._pieces = pieces

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.findings += self._refused(tag, given)
        if tag in {"a", "area"} and "href" in given:
            self.links.add(given["href"])
            self.findings += judge_address(given["href"], _PART, self._pieces)
        if tag == "img":
            self.findings += self._picture(given)

    def _refused(self, tag: str, given: dict[str, str]) -> Iterator[Finding]:
        if tag in _REFUSED:
            yield error(_PART, f"Mail programs refuse <{tag}>.", "Take it out.", f"<{tag}")
        for name in given:
            if name.startswith("on"):
                text = f"Mail programs refuse the attribute {name} of <{tag}>."
                yield error(_PART, text, "Take it out: mails run no code.", f"{name}=")

    def _picture(self, given: dict[str, str]) -> Iterator[Finding]:
        source = given.get("src", "")
        shown = self._pieces.show(source)
        if "alt" not in given:
            text = f"The picture {shown!r} has no alt text."
            yield warning(_PART, text, 'Say what it shows, or alt="" where it only decorates.', shown)
        if source.startswith("data:"):
            yield warning(_PART, "A picture lies in the mail itself (data:): Gmail hides it.", "Put it on a site.")
        elif not source.startswith("cid:"):
            yield from judge_address(source, _PART, self._pieces)
