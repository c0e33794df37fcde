"""The fault lab's short run: everything goes wrong at once, and nobody is lost and nobody gets it twice."""

from concurrent.futures import Future

import pytest

from hato.faults.trouble import SHORT
from hato.faults.verdict import Result

pytestmark = [pytest.mark.cloud, pytest.mark.late]

_PATIENCE = 540.0  # seconds; the run itself gives up sooner, and says how far it came


def test_with_everything_going_wrong_at_once_everybody_has_the_mail_once(short_run: Future[Result]) -> None:
    result = short_run.result(_PATIENCE)
    assert result.wrong == ()
    assert (result.lost, result.doubled, result.unknown) == (0, 0, 0)
    assert result.accepted == result.inbox == SHORT.recipients
    assert result.balanced
    assert result.kills == SHORT.kills
    assert min(result.throttled, result.dropped, result.taken_over) > 0
