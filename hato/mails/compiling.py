"""From a mail's file to the mail that is stored: all that is the same for every recipient is done here, once."""

import re
from pathlib import Path

from chalicelib.domain.mail import Mail
from chalicelib.domain.template import Template
from chalicelib.errors import MailInvalid
from hato.mails import layout, links, markdown
from hato.mails.html import is_whole, ready
from hato.mails.language import language_of, unsubscribe_words
from hato.mails.mail_file import Kind, MailFile, read_mail_file
from hato.mails.pieces import Pieces
from hato.mails.plain_text import to_text
from hato.mails.text_lines import without_statement_lines

_compiled_line = re.compile(r", html, line \d+:")  # of what was made, which the author has never seen


def compile_file(path: Path) -> Mail:
    """The mail that the file at this path holds. Raises MailInvalid or OSError."""
    file = read_mail_file(path)
    try:
        return compile_mail(file)
    except MailInvalid as error:
        raise MailInvalid(f"{path}: {error}") from None


def compile_mail(file: MailFile) -> Mail:
    """The mail that the file holds. Raises MailInvalid."""
    _check_template(file)
    compiler = _Compiler(file)
    text, html = compiler.parts()
    front = file.front
    mail = Mail(
        mail_id=file.mail_id,
        subject=front.subject,
        body=text,
        html=html,
        sender=front.sender,
        reply_to=front.reply_to,
        track_opens=front.track_opens,
        track_clicks=front.track_clicks,
    )
    try:
        Template(mail)
    except MailInvalid as error:
        raise MailInvalid(_compiled_line.sub(", html:", str(error))) from None
    return mail


def _check_template(file: MailFile) -> None:
    """Raises MailInvalid where the template does not parse, with the line as the file has it."""
    above = "\n" * (file.body_line - 1)
    Template(Mail(file.mail_id, file.front.subject, above + file.body))


class _Compiler:
    """One file's parts, with the pieces of its template hidden until the end."""

    def __init__(self, file: MailFile) -> None:
        front = file.front
        self._file = file
        self._pieces = pieces = Pieces(file.text)
        self._body = pieces.hide(file.body)
        self._footer = pieces.hide(front.footer)
        self._language = front.lang or language_of(front.subject + file.body)
        self._utm = front.utm.for_mail(file.mail_id) if front.utm else None
        unsubscribes = pieces.unsubscribes(self._body) or pieces.unsubscribes(self._footer)
        self._unsubscribe = "" if unsubscribes else pieces.hide(layout.UNSUBSCRIBE_FIELD)

    def parts(self) -> tuple[str, str]:
        """The text part and the HTML part; the latter empty where the file is text."""
        if self._file.kind is Kind.TEXT:
            return self._pieces.show(self._text()), ""
        html = links.in_html(ready(self._page(), self._pieces), self._pieces, self._utm)
        text = to_text(html, self._pieces)
        if self._unsubscribe and self._unsubscribe not in text:  # nobody would see it in the HTML part either
            raise MailInvalid("an element or a comment is not closed, and takes in the unsubscribe link below.")
        return self._pieces.show(text), self._pieces.show(html)

    def _text(self) -> str:
        lines = [self._body.rstrip()]
        if self._footer or self._unsubscribe:
            lines.append("\n-- ")
        if self._footer:
            lines.append(self._footer)
        if self._unsubscribe:
            lines.append(f"{unsubscribe_words(self._language)}: {self._unsubscribe}")
        text = without_statement_lines("\n".join(lines) + "\n", self._pieces)
        return links.in_text(text, self._pieces, self._utm)

    def _page(self) -> str:
        file, front, language = self._file, self._file.front, self._language
        is_html = file.kind is Kind.HTML
        body = self._body if is_html else markdown.to_html(self._body, self._pieces)
        preheader = self._pieces.hide(front.preheader)
        foot = layout.footer(self._footer, language=language, unsubscribe=self._unsubscribe)
        has_layout = front.layout if front.layout is not None else not (is_html and is_whole(body))
        if not has_layout:
            return layout.completed(body, preheader=preheader, footer=foot)
        if is_html and is_whole(body):
            raise MailInvalid("the HTML is a whole page already, so it needs `layout: false`.")
        subject = self._pieces.hide(front.subject)
        return layout.page(body, subject=subject, preheader=preheader, footer=foot, language=language)
