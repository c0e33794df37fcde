"""A real mail to one address, outside any campaign: nothing of it is written into a ledger."""

from typing import Any, Protocol

from chalicelib.aws.bulk_request import tracking_overrides, unsubscribe_headers
from chalicelib.domain.mail import Mail, Rendered
from chalicelib.domain.recipient import AddressInvalid, canonical_address
from chalicelib.domain.tag import to_tag
from chalicelib.domain.template import Template
from chalicelib.domain.tracking import Tracking
from chalicelib.errors import HatoError
from hato.doctor.asking.stack import ask_functions, ask_stack
from hato.mails.sample import Sample

MARK = "[test] "
# No `campaign` and no `mail`: the events of such mails are written to the ledger, and a campaign of this mail would
# then leave the address out.
TAG = "test"


class TrialRefused(HatoError):
    """The mail cannot be sent to that address, or from here."""


class Stage(Protocol):
    """The stage that sends it."""

    stage: str

    @property
    def outputs(self) -> dict[str, str]: ...
    @property
    def stack(self) -> str: ...
    def client(self, service: str) -> Any: ...
    def unsubscribe_url(self, email: str, mail_id: str) -> str: ...


def send_trial(stage: Stage, mail: Mail, sample: Sample, address: str) -> str:
    """Send the mail, filled in with the sample's fields, to the address; SES's id of the message.

    Raises TrialRefused, MergeFieldMissing or MailInvalid.
    """
    try:
        email = canonical_address(address)
    except AddressInvalid as why:
        raise TrialRefused(f"The mail cannot be sent to {address!r}: {why.reason}") from None
    url = stage.unsubscribe_url(email, mail.mail_id)
    rendered = sample.for_address(email).rendered(Template(mail), url)
    sender = mail.sender or stage_sender(stage)
    configuration_set = stage.outputs["ConfigurationSet"]
    asked = request(mail, rendered, email, sender=sender, unsubscribe_url=url, configuration_set=configuration_set)
    answer = stage.client("sesv2").send_email(**asked)
    return str(answer["MessageId"])


def request(
    mail: Mail, rendered: Rendered, email: str, *, sender: str, unsubscribe_url: str, configuration_set: str
) -> dict[str, Any]:
    """The call of SendEmail."""
    parts = {"Text": rendered.text, "Html": rendered.html}
    asked: dict[str, Any] = {
        "FromEmailAddress": sender,
        "Destination": {"ToAddresses": [email]},
        "ConfigurationSetName": configuration_set,
        "EmailTags": [{"Name": TAG, "Value": to_tag(mail.mail_id)}],
        "Content": {
            "Simple": {
                "Subject": _content(MARK + rendered.subject),
                "Body": {name: _content(part) for name, part in parts.items() if part.strip()},
                "Headers": unsubscribe_headers(unsubscribe_url),
            }
        },
    }
    if mail.reply_to:
        asked["ReplyToAddresses"] = list(mail.reply_to)
    if mail.tracking != Tracking():
        asked["ConfigurationOverrides"] = {"Tracking": tracking_overrides(mail.tracking)}
    return asked


def stage_sender(stage: Stage) -> str:
    """The From address that the stage was deployed with. Raises TrialRefused where there is none."""
    told = ask_stack(stage.client("cloudformation"), stage.stack).parameters.get("Sender", "")
    if not told:  # where `chalice deploy` made the functions, no stack needs a sender
        functions = ask_functions(stage.client("lambda"), stage.stage)
        told = next((each.sender for each in functions if each.sender), "")
    if not told:
        raise TrialRefused(f"{stage.stack} has no sender: name one in the mail, `from: you@example.com`.")
    return told


def _content(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}
