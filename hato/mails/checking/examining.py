"""Every check of a mail: of what is written, and of what some recipients would get."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.domain.mail import Mail, Rendered
from chalicelib.domain.recipient import Recipient
from chalicelib.domain.template import Template
from chalicelib.errors import HatoError
from hato.mails.checking.fields import judge_empty, judge_fields, missing_fields
from hato.mails.checking.finding import Finding, Level, error, located
from hato.mails.checking.parts import judge_parts, judge_size, judge_subject
from hato.mails.checking.spam import judge_spam
from hato.mails.pieces import Pieces
from hato.mails.sample import Sample, placeholders

_MOST_ROWS_NAMED = 5


def examine(
    mail: Mail,
    columns: Sequence[str] | None,
    recipients: Sequence[Recipient],
    when: datetime,
    source: str = "",
) -> list[Finding]:
    """All findings, the worst first. Raises MailInvalid where the template does not parse.

    `columns` are those of a list, None without one; `recipients` some of its rows; `source` is the text of the mail's
    file, in which findings are given their lines.
    """
    template, pieces = Template(mail), Pieces("\n".join((mail.subject, mail.body, mail.html)))
    samples = [Sample(each) for each in recipients] or [placeholders(mail)]
    rendered, failures = _rendered(template, samples)
    if not rendered:  # what does not depend on the list can be looked at all the same
        samples = [placeholders(mail)]
        rendered, _ = _rendered(template, samples)
    findings = [
        *judge_subject(mail.subject, rendered, pieces),
        *judge_fields(template, columns),
        *([] if missing_fields(template, columns) else failures),  # else every row says so again
        *judge_empty(mail, recipients),
        *judge_parts(mail, pieces),
        *judge_size(rendered),
        *(judge_spam(mail, rendered[0], samples[0].recipient.email, when) if rendered else ()),
    ]
    order = list(Level)
    return sorted(located(findings, source or mail.body or mail.html), key=lambda each: order.index(each.level))


def _rendered(template: Template, samples: Sequence[Sample]) -> tuple[list[Rendered], list[Finding]]:
    """The mail for each sample; an error for each of the first rows that it cannot be filled in for."""
    rendered, failures = [], []
    for sample in samples:
        try:
            rendered.append(sample.rendered(template))
        except HatoError as why:
            row = sample.recipient.row
            where = f"Row {row}" if row else "With a placeholder in each field"
            failures.append(error("mail", f"{where}: {why}", "" if row else "Name a list: --list."))
    return rendered, failures[:_MOST_ROWS_NAMED]
