"""Whether a list gives a mail every merge field that it uses."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from chalicelib.domain.mail import Mail
from chalicelib.domain.recipient import Recipient
from chalicelib.domain.template import Template, merge_fields
from hato.mails.checking.finding import Finding, error, note, warning
from hato.mails.pieces import Pieces

_word = re.compile(r"[^\W\d]\w*")
_shown = re.compile(r"\{\{-?\s*([^\W\d]\w*)\s*(?:\|\s*(?:e|escape|urlencode|upper|lower|title|trim)\s*)*-?\}\}")
_single = re.compile(r"(?<![{$%])\{ ?([A-Za-z_]\w*) ?\}(?!\})")


def judge_fields(template: Template, columns: Sequence[str] | None) -> Iterator[Finding]:
    """Each field that no column gives; without a list, a note of what its lists need."""
    if columns is None:
        if template.fields:
            yield note("mail", f"Its lists need the columns {', '.join(sorted(template.fields))}.", "Name one: --list.")
        return
    there = merge_fields(dict.fromkeys(columns, ""), "").keys()
    for name in missing_fields(template, columns):
        near = get_close_matches(name, [*there, "unsubscribe_url"], n=1, cutoff=0.6)
        hint = f"Did you mean {{{{ {near[0]} }}}}?" if near else f"The list has {', '.join(columns)}."
        text = f"{{{{ {name} }}}} is in the mail, and the list has no such column."
        yield error("mail", text, hint, _piece_with(name, template.mail))


def missing_fields(template: Template, columns: Sequence[str] | None) -> list[str]:
    """The fields that no column gives; none where there is no list."""
    if columns is None:
        return []
    return sorted(template.fields - merge_fields(dict.fromkeys(columns, ""), "").keys())


def judge_empty(mail: Mail, recipients: Sequence[Recipient]) -> Iterator[Finding]:
    """Each field that readers would see, and that is empty for some of these recipients."""
    for name in sorted(_shown_fields(mail)):
        rows = [each.row for each in recipients if not merge_fields(each.fields, each.email).get(name, "-").strip()]
        if rows:
            text = f"{{{{ {name} }}}} is empty in {len(rows)} of {len(recipients)} rows, as in row {rows[0]}."
            mend = f"Write what stands for it: {{{{ {name} or 'friend' }}}}, or {{% if {name} %}} … {{% endif %}}."
            yield warning("mail", text, mend, _piece_with(name, mail))


def _shown_fields(mail: Mail) -> set[str]:
    """The fields whose value is shown as it is, whatever it is."""
    pieces = _pieces_of(mail)
    conditions = {word for piece in pieces if piece.startswith("{%") for word in _word.findall(piece)}
    found = map(_shown.fullmatch, pieces)
    return {field[1] for field in found if field} - conditions


def _piece_with(name: str, mail: Mail) -> str:
    return next((piece for piece in _pieces_of(mail) if name in _word.findall(piece)), "")


def _pieces_of(mail: Mail) -> list[str]:
    text = f"{mail.subject}\n{mail.body}\n{mail.html}"
    pieces = Pieces(text)
    return list(pieces.used_in(pieces.hide(text)))


def judge_braces(part: str, text: str, pieces: Pieces) -> Iterator[Finding]:
    """What looks like a merge field with one brace too few."""
    for found in _single.finditer(re.sub(pieces.pattern, "", text)):
        mend = f"A merge field is {{{{ {found[1]} }}}}, with two braces."
        yield warning(part, f"{found[0]} is no merge field; readers see it as it is.", mend, found[0])
