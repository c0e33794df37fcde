"""An upload becomes a campaign: the same one, however often S3 tells of it."""

from typing import Any, Protocol

from chalicelib.domain.campaign import Status, Upload, broadcast_mail_id
from chalicelib.domain.mail import Mail, parse_broadcast
from chalicelib.domain.upload_options import UploadOptions
from chalicelib.errors import CampaignFailed
from chalicelib.invocation import invocation
from chalicelib.steps.clock import Clock, timestamp
from chalicelib.steps.notify import Notify


class Campaigns(Protocol):
    """The campaigns' own records."""

    def create(self, campaign_id: str, source: str, mail_id: str, now: str, version: str) -> bool:
        """Record a new campaign as `preparing`, with the list's version; False where it exists already."""
        ...

    def fail(self, campaign_id: str, reason: str, now: str) -> None:
        """Mark a campaign failed that never began, for its owner to read why; one that began is left alone."""
        ...


class Uploads(Protocol):
    """The uploaded files."""

    def read_small(self, bucket: str, key: str, version: str) -> tuple[bytes, dict[str, str]]:
        """The whole object, and what its uploader said of it.

        Raises ListNotFound, or MailInvalid where it is too large for a mail.
        """
        ...


class Mails(Protocol):
    """Where mails are kept."""

    def put(self, mail: Mail) -> None:
        """Store the mail under its id."""
        ...


class Executions(Protocol):
    """The state machine."""

    def start(self, campaign_id: str, file_name: str, mail_id: str, version: str) -> None:
        """Start the campaign's execution for this version of the file; nothing where it was started before."""
        ...


def start_campaign(
    upload: Upload,
    *,
    campaigns: Campaigns,
    uploads: Uploads,
    mails: Mails,
    executions: Executions,
    clock: Clock,
    notify: Notify,
) -> dict[str, Any]:
    """Start the campaign of an uploaded list or text, or record why it cannot be started.

    Safe to repeat at any point: the campaign's id comes from the upload, and each step does nothing the second time.
    """
    if upload.is_nothing_to_send:
        return {"ignored": upload.key}
    campaign_id, now = upload.campaign_id, timestamp(clock.now())
    invocation.about(campaign_id)
    source = f"s3://{upload.bucket}/{upload.key}"
    try:
        mail_id = _broadcast_mail_id(upload, uploads, mails) if upload.is_broadcast else upload.list_mail_id()
    except CampaignFailed as error:
        campaigns.create(campaign_id, source, "", now, upload.version)
        campaigns.fail(campaign_id, str(error), now)
        notify(campaign_id, Status.FAILED)
        return {"campaign": campaign_id, "failed": type(error).__name__}
    campaigns.create(campaign_id, source, mail_id, now, upload.version)
    executions.start(campaign_id, upload.key, mail_id, upload.version)
    return {"campaign": campaign_id, "mail": mail_id}


def _broadcast_mail_id(upload: Upload, uploads: Uploads, mails: Mails) -> str:
    """The id of the mail that the upload names, or that it is, which is stored then."""
    content, metadata = uploads.read_small(upload.bucket, upload.key, upload.version)
    if named := UploadOptions.read(metadata).mail_id:
        return named
    mail = parse_broadcast(broadcast_mail_id(upload.key, content), content)
    mails.put(mail)
    return mail.mail_id
