"""What a smoke test sends: a list that says of each row how it ends, to mailboxes that do what the table says."""

import json

import pytest

from chalicelib.domain.event import EventKind, read_notification
from chalicelib.domain.facts import EVENT_TIMES
from chalicelib.domain.mailing_list import read_rows
from chalicelib.domain.recipient import Recipient, canonical_address
from chalicelib.domain.template import Template
from hato.local.ses.links import trackable_links
from hato.local.ses.plan import plan
from hato.local.ses.settings import Settings
from hato.local.ses.step import Step, Trackable
from hato.smoke.expectations import MAILBOXES, MAILS, Mailbox, Plan

RUN = Plan("20260131-080000")


def test_hato_reads_the_list_as_the_plan_says():
    rows = list(read_rows([RUN.list_csv()]))
    ends = [("accepted", r.row, r.email) if isinstance(r, Recipient) else (r.reason_code, r.row, "") for r in rows]
    assert ends == [(r.end.value, r.number, r.email if r.end == "accepted" else "") for r in RUN.rows()]
    assert [end for end, _, _ in ends].count("accepted") == MAILS == 12
    assert {end for end, _, _ in ends} == {"accepted", "duplicate", "invalid"}


def test_every_address_is_a_labelled_one_of_the_mailbox_simulator_and_in_its_canonical_form():
    for mailbox in MAILBOXES:
        for address in RUN.addresses(mailbox):
            assert address.startswith(f"{mailbox.name}+{RUN.run}-")
            assert address.endswith("@simulator.amazonses.com")
            assert canonical_address(address) == address


def test_two_runs_share_no_address_no_mail_and_no_list():
    other = Plan("20260131-080001")
    assert not set(RUN.all_addresses()) & set(other.all_addresses())
    assert RUN.mail_id != other.mail_id
    assert RUN.file_name != other.file_name


def test_the_mail_says_what_it_is_and_has_a_link_and_asks_for_no_column_that_the_list_has_not():
    mail = RUN.mail()
    assert mail.mail_id == "hato-smoke-20260131-080000"
    assert "mailbox simulator" in mail.body
    assert "mailbox simulator" in mail.html
    Template(mail).check_columns(read_rows([RUN.list_csv()]).columns)
    rendered = Template(mail).render("a@example.com", {"username": "Ann"})
    assert rendered.subject == "Smoke test of Hato 20260131-080000 for Ann"
    assert trackable_links(rendered.html, None) == ("https://example.com/hato-smoke/20260131-080000",)


@pytest.mark.parametrize("mailbox", MAILBOXES, ids=lambda mailbox: mailbox.name)
def test_what_the_local_mailbox_simulator_does_is_what_must_or_may_come_back(mailbox: Mailbox):
    for address in RUN.addresses(mailbox):
        steps = plan(address, "m", Settings(), Trackable(opens=True, links=("https://example.com",)))
        told = {kind for step in steps if (kind := in_our_words(step, address)) in EVENT_TIMES}
        assert mailbox.must <= told <= mailbox.must | mailbox.may


def in_our_words(step: Step, address: str) -> EventKind:
    """The kind of event that Hato reads in what SES says of this step."""
    bounce_type, _, _ = step.detail.partition("/")
    notice = {
        "eventType": step.kind.value,
        "mail": {"destination": [address]},
        "bounce": {"bounceType": bounce_type, "bouncedRecipients": [{"emailAddress": address}]},
    }
    (event,) = read_notification(json.dumps(notice))
    return event.kind
