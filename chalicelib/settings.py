"""What the functions are told by their environment, read once and then frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.errors import SettingInvalid

_MOST = 1_000_000  # no setting has a use for more, and time itself ends at some


@dataclass(frozen=True, slots=True)
class Settings:
    """Names of this stage's resources, and the choices of its owner.

    Every name has a default made from the stage, so that the code, both ways of deploying and the policies agree
    without being told.
    """

    stage: str
    sender: str
    upload_bucket: str
    mails_table: str
    contacts_table: str
    campaigns_table: str
    deliveries_table: str
    send_queue: str
    dead_letter_queue: str
    feedback_topic: str
    delivery_topic: str
    engagement_topic: str
    configuration_set: str
    state_machine: str
    link_key_secret: str
    sending_share: float
    settling_time: timedelta
    soft_bounce_limit: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings that these environment variables stand for. Raises SettingInvalid."""
        stage = environment.get("STAGE") or "dev"
        prefix = f"hato-{stage}"

        def name(variable: str, suffix: str) -> str:
            return environment.get(variable) or prefix + suffix

        return cls(
            stage=stage,
            sender=environment.get("SENDER", ""),
            upload_bucket=name("UPLOAD_BUCKET", "-uploads"),
            mails_table=name("MAILS_TABLE", "-mails"),
            contacts_table=name("CONTACTS_TABLE", "-contacts"),
            campaigns_table=name("CAMPAIGNS_TABLE", "-campaigns"),
            deliveries_table=name("DELIVERIES_TABLE", "-deliveries"),
            send_queue=name("SEND_QUEUE", "-send"),
            dead_letter_queue=name("SEND_DEAD_LETTER_QUEUE", "-send-dead-letters"),
            feedback_topic=name("FEEDBACK_TOPIC", "-feedback"),
            delivery_topic=name("DELIVERY_TOPIC", "-delivery"),
            engagement_topic=name("ENGAGEMENT_TOPIC", "-engagement"),
            configuration_set=name("CONFIGURATION_SET", ""),
            state_machine=name("STATE_MACHINE", "-campaign"),
            link_key_secret=name("LINK_KEY_SECRET", "-link-key"),
            sending_share=_number(environment, "SENDING_SHARE", 0.9, at_most=1.0),
            settling_time=timedelta(minutes=_number(environment, "SETTLING_MINUTES", 15.0)),
            soft_bounce_limit=_whole_number(environment, "SOFT_BOUNCE_LIMIT", 5),
        )


def _number(environment: Mapping[str, str], variable: str, default: float, at_most: float = _MOST) -> float:
    text = environment.get(variable, "")
    try:
        number = float(text) if text else float(default)
    except ValueError:
        raise SettingInvalid(f"{variable} must be a number, not {text!r}.") from None
    if not 0 < number <= at_most:
        raise SettingInvalid(f"{variable} must be more than 0 and at most {at_most:,}, not {text!r}.")
    return number


def _whole_number(environment: Mapping[str, str], variable: str, default: int) -> int:
    number = _number(environment, variable, default)
    if number != int(number):
        raise SettingInvalid(f"{variable} must be a whole number, not {environment[variable]!r}.")
    return int(number)
