"""What is said of the From address."""

from dataclasses import replace
from typing import Any

import pytest

from hato.doctor.asking.ses import ask_identity
from hato.doctor.finding import Finding, Mark, NotKnown
from hato.doctor.judging.sender import (
    Identity,
    Sender,
    judge_dkim,
    judge_mail_from,
    judge_sender,
    judge_verification,
)
from tests.fakes.aws import FakeAws, refusal

SENDER = Sender.parse("News <Taro@News.Example.com>")
GOOD = Identity(
    *("example.com", True, "SUCCESS", True, "SUCCESS"), mail_from="bounce.example.com", mail_from_state="SUCCESS"
)


class SomeIdentities(FakeAws):
    """SES with identities by name."""

    def __init__(self, **verified: bool) -> None:
        super().__init__({})
        self.verified = {name.replace("_", "."): is_verified for name, is_verified in verified.items()}
        self.names: list[str] = []

    def answer(self, service: str, operation: Any, asked: dict[str, Any]) -> dict[str, Any]:
        name = asked["EmailIdentity"]
        self.names.append(name)
        missing = refusal(operation.name, "NotFoundException")
        self.answers[service, operation.name] = (
            {"VerifiedForSendingStatus": self.verified[name]} if name in self.verified else missing
        )
        return super().answer(service, operation, asked)


def test_a_sender_is_an_address_and_its_domain_in_ascii() -> None:
    assert Sender("Taro@news.example.com", "news.example.com") == SENDER
    assert Sender.parse("鳩 <hato@例え.jp>").domain == "xn--r8jz45g.jp"


@pytest.mark.parametrize("text", ["", "nobody", "@example.com", "a@", "a@localhost", "a@b..example", "a@" + "x" * 64])
def test_a_text_without_address_or_domain_is_no_sender(text: str) -> None:
    with pytest.raises(NotKnown, match="is no address with a domain") as why:
        Sender.parse(text)
    assert "--sender ADDRESS" in why.value.mend


def test_the_address_its_domain_and_the_domains_above_are_looked_for_in_this_order() -> None:
    ses = SomeIdentities()
    assert ask_identity(ses.client("sesv2"), SENDER) is None
    assert ses.names == ["Taro@news.example.com", "news.example.com", "example.com"]


@pytest.mark.parametrize(
    ("verified", "found"),
    [
        ({"news_example_com": True, "example_com": True}, "news.example.com"),
        ({"news_example_com": False, "example_com": True}, "example.com"),
        ({"news_example_com": False, "example_com": False}, "news.example.com"),
    ],
)
def test_the_nearest_verified_identity_counts_and_else_the_nearest(verified: dict[str, bool], found: str) -> None:
    identity = ask_identity(SomeIdentities(**verified).client("sesv2"), SENDER)
    assert identity is not None
    assert identity.name == found


@pytest.mark.parametrize(("behaviour", "refuses"), [("REJECT_MESSAGE", True), ("USE_DEFAULT_VALUE", False)])
def test_an_identity_is_read_as_ses_tells_it(behaviour: str, refuses: bool) -> None:
    answer = {
        "VerifiedForSendingStatus": True,
        "VerificationStatus": "SUCCESS",
        "DkimAttributes": {"SigningEnabled": False, "Status": "PENDING"},
        "MailFromAttributes": {
            "MailFromDomain": "bounce.example.com",
            "MailFromDomainStatus": "FAILED",
            "BehaviorOnMxFailure": behaviour,
        },
    }
    ses = FakeAws({("sesv2", "GetEmailIdentity"): answer}).client("sesv2")
    assert ask_identity(ses, SENDER) == Identity(
        *(SENDER.address, True, "SUCCESS", False, "PENDING", "bounce.example.com", "FAILED", refuses)
    )


def test_a_good_identity_has_three_good_findings() -> None:
    found = list(judge_sender(SENDER, GOOD, "eu-west-1"))
    assert [(finding.subject, finding.mark) for finding in found] == [
        ("identity", Mark.OK),
        ("DKIM", Mark.OK),
        ("MAIL FROM", Mark.OK),
    ]


def test_a_sender_without_an_identity_fails_with_the_command_that_makes_one() -> None:
    (finding,) = judge_sender(SENDER, None, "eu-west-1")
    assert finding.mark is Mark.FAILED
    assert "in eu-west-1" in finding.text
    assert "create-email-identity --email-identity news.example.com --region eu-west-1" in finding.mend


@pytest.mark.parametrize(("name", "step"), [("a@example.com", "Follow the link"), ("example.com", "into the DNS")])
def test_an_identity_that_is_not_verified_fails_with_the_next_step(name: str, step: str) -> None:
    finding = judge_verification(replace(GOOD, name=name, is_verified=False, verification="TEMPORARY_FAILURE"))
    assert finding.mark is Mark.FAILED
    assert "temporary failure" in finding.text
    assert step in finding.mend


@pytest.mark.parametrize(
    ("signs", "state", "mend"),
    [
        (False, "SUCCESS", "put-email-identity-dkim-attributes --email-identity example.com --signing-enabled"),
        (True, "PENDING", "three DKIM records"),
        (True, "FAILED", "three DKIM records"),
        (False, "NOT_STARTED", "three DKIM records"),
    ],
)
def test_mails_that_are_not_signed_fail(signs: bool, state: str, mend: str) -> None:
    finding = judge_dkim(replace(GOOD, signs=signs, dkim=state))
    assert finding.mark is Mark.FAILED
    assert mend in finding.mend


def mail_from(**changes: Any) -> Finding:
    return judge_mail_from(replace(GOOD, **changes))


def test_a_sender_without_a_mail_from_domain_is_a_warning() -> None:
    finding = mail_from(mail_from="", mail_from_state="", name="taro@example.com")
    assert finding.mark is Mark.WARNING
    assert "--email-identity taro@example.com --mail-from-domain bounce.example.com" in finding.mend


@pytest.mark.parametrize("state", ["PENDING", "TEMPORARY_FAILURE", "FAILED"])
def test_a_mail_from_domain_that_does_not_work_fails_only_where_ses_then_refuses_to_send(state: str) -> None:
    assert mail_from(mail_from_state=state).mark is Mark.WARNING
    refusing = mail_from(mail_from_state=state, refuses_without_mail_from=True)
    assert refusing.mark is Mark.FAILED
    assert "SES refuses to send" in refusing.text
