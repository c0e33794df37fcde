"""What the account says of itself, as far as an estimate needs it."""

import math

from hato.access import Access
from hato.checking.estimating import Account


def ask_account(access: Access) -> Account:
    """What SES lets the account send, and Hato's share of it, as its functions are told."""
    quota = access.client("sesv2").get_account()["SendQuota"]
    functions = access.client("lambda")
    told = functions.get_function_configuration(FunctionName=f"{access.stack}-send_batch")
    share = float(told.get("Environment", {}).get("Variables", {}).get("SENDING_SHARE") or 0.9)
    per_day = float(quota.get("Max24HourSend", -1))
    return Account(
        rate=float(quota["MaxSendRate"]),
        per_day=math.inf if per_day < 0 else per_day,  # -1 is SES's word for no limit
        sent_today=float(quota.get("SentLast24Hours", 0)),
        share=share,
    )
