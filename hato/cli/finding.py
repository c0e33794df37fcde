"""What somebody names is looked up; where there is no such thing, they are told the nearest that there is."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

from botocore.exceptions import ClientError

from chalicelib.domain.mail import Mail
from chalicelib.domain.report import Report
from chalicelib.errors import CampaignNotFound, MailNotFound
from hato.access import Access


def campaign_report(access: Access, campaign_id: str) -> Report:
    """All the campaign's numbers. Raises CampaignNotFound, which names the nearest."""
    with nearest_campaign(access, campaign_id):
        return access.campaigns.report(campaign_id)


@contextmanager
def nearest_campaign(access: Access, campaign_id: str) -> Iterator[None]:
    """Whatever asks for this campaign; where there is none, the nearest is named."""
    try:
        yield
    except CampaignNotFound:
        known = (str(each["campaign_id"]) for each in access.campaigns.summaries())
        told = f"There is no campaign {campaign_id!r}. `hato campaigns` lists them"
        raise CampaignNotFound(f"{told}{nearest(campaign_id, known)}.") from None


def stored_mail(access: Access, mail_id: str) -> Mail:
    """The stored mail. Raises MailNotFound, which names the nearest, and MailInvalid."""
    try:
        return access.mails.get(mail_id)
    except MailNotFound:
        known = (each for each, _ in access.mails.subjects())
        told = f"There is no mail {mail_id!r}. `hato mail list` lists them"
        raise MailNotFound(f"{told}{nearest(mail_id, known)}, and `hato mail put` stores one.") from None


def nearest(name: str, known: Iterable[str]) -> str:
    """Words that name what looks most like it; empty where nothing does, or they may not be asked for."""
    try:
        found = get_close_matches(name, list(known), n=1)
    except ClientError:
        return ""
    return f"; the nearest is {found[0]}" if found else ""
