"""The fault lab's short run: everything goes wrong at once, and nobody is lost and nobody gets it twice."""

from pathlib import Path

import pytest

from hato.faults.lab import run
from hato.faults.trouble import SHORT
from hato.packaging import Package

pytestmark = pytest.mark.cloud


def test_with_everything_going_wrong_at_once_everybody_has_the_mail_once(made_package: Package, tmp_path: Path) -> None:
    result = run(SHORT, made_package, tmp_path, lambda text: None)
    assert result.wrong == ()
    assert (result.kills, result.lost, result.doubled, result.unknown) == (SHORT.kills, 0, 0, 0)
    assert result.accepted == result.inbox == SHORT.recipients
    assert result.balanced
    assert result.throttled > 0
