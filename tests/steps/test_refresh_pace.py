"""Once a minute: what SES allows is read anew while anything is sent."""

import pytest

from chalicelib.errors import CampaignStopped
from chalicelib.steps.refresh_pace import refresh_pace


class Account:
    """An account that was asked, was not, or lets nobody send."""

    def __init__(self, answer: bool | Exception) -> None:
        self._answer = answer

    def refresh_while_sending(self) -> bool:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


@pytest.mark.parametrize("asked", [True, False])
def test_it_says_whether_ses_was_asked(asked: bool) -> None:
    assert refresh_pace(Account(asked)) == {"asked": asked}


def test_an_account_that_may_send_nothing_is_told_and_is_no_failure() -> None:
    assert refresh_pace(Account(CampaignStopped("Paused."))) == {"asked": True, "stopped": "Paused."}


def test_any_other_failure_is_one() -> None:
    with pytest.raises(ConnectionError):
        refresh_pace(Account(ConnectionError("SES is away")))
