"""The built-in layout: the page around a mail's body, with what stands above and below it."""

import re
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from hato.mails.language import unsubscribe_words
from hato.mails.markdown import URL

UNSUBSCRIBE_FIELD = "{{ unsubscribe_url }}"
# After the preheader, so that a list of mails does not show the beginning of the body behind it.
_FILLING = "&#847;&zwnj;&nbsp;" * 60
_HIDDEN = "display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all"
_FOOT = "margin:24px 12px;text-align:center;font-family:Arial,Meiryo,sans-serif;font-size:13px;color:#626b78"
_body = re.compile(r"""(?i)<body\b(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_body_end = re.compile(r"(?i)</body\s*>")


def page(body: str, *, subject: str, preheader: str, footer: str, language: str) -> str:
    """The whole page; `body` and `footer` are HTML, the others text."""
    return _layout().substitute(
        lang=escape(language),
        subject=escape(subject),
        css=_file("layout.css").strip(),
        preheader=_preheader(preheader),
        body=body.strip(),
        footer=f'<tr><td class="footer">\n<hr>\n{footer}</td></tr>\n' if footer else "",
    )


def completed(html: str, *, preheader: str, footer: str) -> str:
    """A page of the author's own, with the preheader at the beginning of its body and the footer at the end."""
    if preheader:
        begin = _body.search(html)
        at = begin.end() if begin else 0
        html = html[:at] + _preheader(preheader) + html[at:]
    if footer:
        ends = [found.start() for found in _body_end.finditer(html)]
        at = ends[-1] if ends else len(html)
        html = f'{html[:at]}<div style="{_FOOT}">\n{footer}</div>\n{html[at:]}'
    return html


def footer(text: str, *, language: str, unsubscribe: str) -> str:
    """The footer as HTML: the author's text, and the unsubscribe link where its address is given; may be empty."""
    lines = [_linked(line) for line in text.split("\n") if line.strip()]
    paragraphs = [f"<p>{'<br>'.join(lines)}</p>"] if lines else []
    if unsubscribe:
        paragraphs.append(f'<p><a href="{unsubscribe}">{escape(unsubscribe_words(language))}</a></p>')
    return "".join(f"{paragraph}\n" for paragraph in paragraphs)


def _linked(line: str) -> str:
    made, rest = "", 0
    for found in URL.finditer(line):
        address = escape(found[0])
        made += f'{escape(line[rest : found.start()])}<a href="{address}">{address}</a>'
        rest = found.end()
    return made + escape(line[rest:])


def _preheader(text: str) -> str:
    return f'<div style="{_HIDDEN}">{escape(text)}{_FILLING}</div>\n' if text else ""


@cache
def _layout() -> Template:
    return Template(_file("layout.html"))


def _file(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
