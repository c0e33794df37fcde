"""What people see who mistype a command."""

import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.cloud


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("bogus",), "No such command 'bogus'"),
        (("deploy", "--bogus"), "No such option"),
        (("deploy", "--by", "hand"), "'hand' is not one of"),
        (("deploy", "--set", "SendingShare"), "'SendingShare' is not NAME=VALUE"),
        (("report",), "Missing argument"),
    ],
)
def test_a_mistyped_command_is_told_so_in_a_sentence(hato: Run, arguments: tuple[str, ...], said: str) -> None:
    done = hato(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
