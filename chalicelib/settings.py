"""What the functions are told by their environment, read once and then frozen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.domain.breaker import Breaker
from chalicelib.domain.delivery import Settling, UnknownOutcomes
from chalicelib.errors import SettingInvalid

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
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
    notification_topic: str
    configuration_set: str
    state_machine: str
    link_key_secret: str
    pages_url: str
    sending_share: float
    send_concurrency: int
    settling: Settling
    breaker: Breaker
    soft_bounce_limit: int
    ledger_days: int
    log_level: str

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
            notification_topic=environment.get("NOTIFICATION_TOPIC", ""),
            configuration_set=name("CONFIGURATION_SET", ""),
            state_machine=name("STATE_MACHINE", "-campaign"),
            link_key_secret=name("LINK_KEY_SECRET", "-link-key"),
            pages_url=_pages_url(environment),
            sending_share=_number(environment, "SENDING_SHARE", 0.9, at_most=1.0),
            send_concurrency=_whole_number(environment, "SEND_CONCURRENCY", 10, at_least=2, at_most=1000),
            settling=Settling(
                # Below a minute no call could begin in time to have ended before it; above, the state machine's
                # patience with an unsettled batch would end first.
                timedelta(minutes=_number(environment, "SETTLING_MINUTES", 15.0, at_least=1.0, at_most=100.0)),
                _choice(environment, "UNKNOWN_OUTCOMES", UnknownOutcomes.RESEND),
            ),
            breaker=Breaker(
                bounces=_number(environment, "BOUNCE_LIMIT", 0.05, at_most=1.0),
                complaints=_number(environment, "COMPLAINT_LIMIT", 0.001, at_most=1.0),
                after=_whole_number(environment, "BREAKER_AFTER", 1000),
            ),
            soft_bounce_limit=_whole_number(environment, "SOFT_BOUNCE_LIMIT", 5),
            ledger_days=_days(environment, "LEDGER_DAYS"),
            log_level=_log_level(environment),
        )


def _pages_url(environment: Mapping[str, str]) -> str:
    url = environment.get("PAGES_URL", "")
    if url and not re.fullmatch(r"https?://[!-~]+", url):
        raise SettingInvalid(f"PAGES_URL must be an address of web pages, https://..., not {url!r}.")
    return url if not url or url.endswith("/") else f"{url}/"


def _number(
    environment: Mapping[str, str], variable: str, default: float, at_least: float = 0.0, at_most: float = _MOST
) -> float:
    text = environment.get(variable, "")
    try:
        number = float(text) if text else float(default)
    except ValueError:
        raise SettingInvalid(f"{variable} must be a number, not {text!r}.") from None
    if not (number > 0 and at_least <= number <= at_most):
        bound = f"at least {at_least:,}" if at_least else "more than 0"
        raise SettingInvalid(f"{variable} must be {bound} and at most {at_most:,}, not {text!r}.")
    return number


def _whole_number(
    environment: Mapping[str, str], variable: str, default: int, at_least: float = 0.0, at_most: float = _MOST
) -> int:
    number = _number(environment, variable, default, at_least, at_most)
    if number != int(number):
        raise SettingInvalid(f"{variable} must be a whole number, not {environment[variable]!r}.")
    return int(number)


def _days(environment: Mapping[str, str], variable: str) -> int:
    """So many days, or 0 for ever; never fewer than a campaign may take."""
    text = environment.get(variable) or "0"
    if not re.fullmatch(r"0|[3-9]\d|[1-9]\d{2,3}", text, re.ASCII):
        raise SettingInvalid(f"{variable} must be 0, for ever, or from 30 to 9999 days, not {text!r}.")
    return int(text)


def _choice(environment: Mapping[str, str], variable: str, default: UnknownOutcomes) -> UnknownOutcomes:
    text = environment.get(variable) or default
    try:
        return UnknownOutcomes(text)
    except ValueError:
        raise SettingInvalid(f"{variable} must be {' or '.join(UnknownOutcomes)}, not {text!r}.") from None


def _log_level(environment: Mapping[str, str]) -> str:
    text = environment.get("LOG_LEVEL") or "INFO"
    if text not in LOG_LEVELS:
        raise SettingInvalid(f"LOG_LEVEL must be {' or '.join(LOG_LEVELS)}, not {text!r}.")
    return text
