"""What is said of DNS records."""

import pytest

from hato.doctor.asking.dns import ask_dmarc, ask_mail_hosts, ask_spf
from hato.doctor.finding import Finding, Mark
from hato.doctor.judging.dns import judge_dmarc, judge_from_mx, judge_mail_from_mx, judge_mail_from_spf
from tests.fakes.resolver import FakeResolver

HOST = "feedback-smtp.eu-west-1.amazonses.com"
SES = "v=spf1 include:amazonses.com ~all"


def dmarc(domain: str, **records: tuple[str, ...]) -> Finding:
    texts = {f"_dmarc.{name.replace('_', '.')}": found for name, found in records.items()}
    return judge_dmarc(ask_dmarc(FakeResolver(texts), domain))


def spf(**records: tuple[str, ...]) -> Finding:
    texts = {name.replace("_", "."): found for name, found in records.items()}
    return judge_mail_from_spf(ask_spf(FakeResolver(texts), "bounce.example.com"))


@pytest.mark.parametrize("policy", ["none", "quarantine", "reject"])
def test_a_dmarc_record_with_a_policy_is_good(policy: str) -> None:
    finding = dmarc("example.com", example_com=("unrelated", f"v=DMARC1; p={policy}; rua=mailto:a@example.com"))
    assert finding.mark is Mark.OK
    assert f"the policy {policy}" in finding.text


def test_a_domain_without_dmarc_falls_under_the_one_above_and_its_policy_for_subdomains() -> None:
    finding = dmarc("a.news.example.com", example_com=("v=DMARC1; p=reject; sp=quarantine",))
    assert finding.mark is Mark.OK
    assert "_dmarc.example.com has the policy quarantine for a.news.example.com" in finding.text
    assert "the policy none" in dmarc("news.example.com", example_com=("v=DMARC1; p=none",)).text


def test_the_nearest_dmarc_record_counts() -> None:
    both = {"news_example_com": ("v=DMARC1; p=none; sp=reject",), "example_com": ("v=DMARC1; p=reject",)}
    assert "the policy none" in dmarc("news.example.com", **both).text


def test_a_top_level_domain_is_not_asked_for_dmarc() -> None:
    assert dmarc("example.com", com=("v=DMARC1; p=reject",)).mark is Mark.WARNING


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ((), "There is no DMARC record at _dmarc.example.com"),
        (("v=DMARC1; p=none", "v=DMARC1; p=reject"), "receivers heed none"),
        (("v=DMARC1; rua=mailto:a@example.com",), "has no policy"),
        (("v=DMARC1; p=strict",), "has no policy"),
        (("v=DMARC10; p=none",), "There is no DMARC record"),
    ],
)
def test_dmarc_that_receivers_do_not_heed_is_a_warning(records: tuple[str, ...], said: str) -> None:
    finding = dmarc("example.com", example_com=records)
    assert finding.mark is Mark.WARNING
    assert said in finding.text
    assert finding.mend


def test_answers_go_to_the_preferred_host() -> None:
    hosts = ask_mail_hosts(
        FakeResolver(mail_hosts={"example.com": ("mx1.example.net", "mx2.example.net")}), "example.com"
    )
    finding = judge_from_mx(hosts)
    assert (finding.mark, finding.text) == (Mark.OK, "Answers to example.com go to mx1.example.net.")


@pytest.mark.parametrize("hosts", [(), (".",)])
def test_a_from_domain_that_takes_no_mail_is_a_warning(hosts: tuple[str, ...]) -> None:
    found = ask_mail_hosts(FakeResolver(mail_hosts={"example.com": hosts}), "example.com")
    assert judge_from_mx(found).mark is Mark.WARNING


@pytest.mark.parametrize(
    ("hosts", "mark"),
    [
        ((HOST,), Mark.OK),
        ((), Mark.FAILED),
        (("feedback-smtp.us-east-1.amazonses.com",), Mark.FAILED),
        ((HOST, "mx.example.com"), Mark.FAILED),
    ],
)
def test_bounces_must_go_to_ses_of_this_region_and_nowhere_else(hosts: tuple[str, ...], mark: Mark) -> None:
    found = ask_mail_hosts(FakeResolver(mail_hosts={"bounce.example.com": hosts}), "bounce.example.com")
    finding = judge_mail_from_mx(found, "eu-west-1")
    assert finding.mark is mark
    assert (f'bounce.example.com with "10 {HOST}"' in finding.mend) is (mark is Mark.FAILED)


@pytest.mark.parametrize("record", [SES, "v=spf1 +include:AMAZONSES.com. -all", "V=SPF1 mx include:amazonses.com ?all"])
def test_spf_that_names_ses_is_good(record: str) -> None:
    assert spf(bounce_example_com=("google-site-verification=x", record)).mark is Mark.OK


def test_spf_that_names_ses_by_way_of_another_domain_is_good() -> None:
    found = spf(
        bounce_example_com=("v=spf1 include:all.example.com ~all",),
        all_example_com=("v=spf1 redirect=senders.example.com",),
        senders_example_com=(SES,),
    )
    assert found.mark is Mark.OK


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ((), "has no SPF record"),
        ((SES, "v=spf1 -all"), "receivers heed none"),
        (("v=spf1 include:other.example -all",), "does not name SES"),
        (("v=spf1 include:bounce.example.com -all",), "does not name SES"),
        (("v=spf10 include:amazonses.com",), "has no SPF record"),
    ],
)
def test_spf_that_lets_ses_not_send_fails(records: tuple[str, ...], said: str) -> None:
    finding = spf(bounce_example_com=records)
    assert finding.mark is Mark.FAILED
    assert said in finding.text
    assert finding.mend


def test_spf_is_followed_no_further_than_receivers_follow_it() -> None:
    chain = {f"d{n}_example": (f"v=spf1 include:d{n + 1}.example ~all",) for n in range(20)}
    assert spf(bounce_example_com=("v=spf1 include:d0.example ~all",), **chain, d20_example=(SES,)).mark is Mark.FAILED
