"""What goes to SES, and what comes back, for one recipient."""

from dataclasses import dataclass
from enum import Enum, auto

from chalicelib.domain.mail import Rendered
from chalicelib.domain.recipient import Recipient
from chalicelib.domain.tracking import EVERYTHING, Tracking


class Answer(Enum):
    """What SES made of one recipient of a call."""

    ACCEPTED = auto()
    REFUSED = auto()  # this recipient never, not by another try either
    THROTTLED = auto()  # not at this pace
    TRANSIENT = auto()  # not now, for a reason that has nothing to do with the pace
    QUOTA = auto()  # not today
    STOPPED = auto()  # nothing more of this campaign
    UNSURE = auto()  # the call broke off: SES may have it or not


@dataclass(frozen=True, slots=True)
class SendResult:
    """SES's answer for one recipient."""

    answer: Answer
    message_id: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One recipient's mail, ready to go."""

    recipient: Recipient
    mail: Rendered
    unsubscribe_url: str = ""
    tracking: Tracking = EVERYTHING
