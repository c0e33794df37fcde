"""Once a minute: what SES allows may have changed, and somebody may be sending."""

from typing import Any, Protocol

from chalicelib.errors import CampaignStopped


class Account(Protocol):
    """The SES account's limits."""

    def refresh_while_sending(self) -> bool:
        """Ask SES again if anything was sent or wanted to be sent since it was last asked; whether it was asked.

        Raises CampaignStopped where SES lets the account send nothing at all.
        """
        ...


def refresh_pace(account: Account) -> dict[str, Any]:
    """Read the account's limits anew while anything sends; where nothing does, this is one small read."""
    try:
        return {"asked": account.refresh_while_sending()}
    except CampaignStopped as error:  # the batches learn it from SES itself
        return {"asked": True, "stopped": str(error)}
