"""Each way of deploying, from nothing to nothing (tests/e2e/stages.py says how); they go on beside the other tests."""

from concurrent.futures import Future

import pytest

from tests.e2e.stages import WAYS

pytestmark = [pytest.mark.cloud, pytest.mark.late]

_PATIENCE = 480.0  # seconds; each step of it gives up sooner, and says what it waited for


@pytest.mark.parametrize("way", WAYS)
def test_a_stage_is_made_changed_while_it_sends_taken_down_and_found_again(
    lives: dict[str, Future[None]], way: str
) -> None:
    lives[way].result(_PATIENCE)
