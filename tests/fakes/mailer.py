"""SES by a script."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chalicelib.domain.mail import Mail, Rendered
from chalicelib.domain.parcel import Answer, Parcel, SendResult
from tests.fakes.moments import Moments


@dataclass(frozen=True)
class Reply:
    """SES's answer for one address; `arrives` says whether a mail whose call broke off went out nevertheless."""

    answer: Answer
    arrives: bool = False


@dataclass
class FakeMailer:
    """Takes every mail, unless the script says otherwise; each line of the script is used once."""

    moments: Moments = field(default_factory=Moments)
    for_address: dict[str, list[Reply]] = field(default_factory=dict)
    for_call: list[Reply] = field(default_factory=list)
    calls: list[list[str]] = field(default_factory=list)
    inbox: list[tuple[str, Rendered]] = field(default_factory=list)

    def send(self, mail: Mail, campaign_id: str, parcels: Sequence[Parcel]) -> list[SendResult]:
        self.moments.reached("before send")
        self.calls.append([parcel.recipient.email for parcel in parcels])
        whole = self.for_call.pop(0) if self.for_call else None
        results = [self._send(parcel, whole) for parcel in parcels]
        self.moments.reached("after send")
        return results

    def fit(self, parcels: Sequence[Parcel], size: int) -> list[list[Parcel]]:
        return [list(parcels[start : start + size]) for start in range(0, len(parcels), size)]

    def reached(self) -> list[str]:
        """The addresses that got the mail, in the order they did."""
        return [email for email, _ in self.inbox]

    def _send(self, parcel: Parcel, whole: Reply | None) -> SendResult:
        email = parcel.recipient.email
        scripted = self.for_address.get(email)
        reply = whole or (scripted.pop(0) if scripted else Reply(Answer.ACCEPTED))
        if reply.answer is Answer.ACCEPTED or reply.arrives:
            self.inbox.append((email, parcel.mail))
        if reply.answer is Answer.ACCEPTED:
            return SendResult(Answer.ACCEPTED, f"message-{len(self.inbox)}")
        return SendResult(reply.answer, reason=f"SES says {reply.answer.name}")
