"""What a shell is offered."""

import time
from collections.abc import Iterator

import pytest

from chalicelib.domain.campaign import Status
from chalicelib.domain.mail import Mail
from hato.access import Access
from hato.cli.completing import offered, stages_of
from tests.cli.conftest import Run

AT = "2026-01-01T00:00:00.000Z"


def test_what_begins_so_is_offered_in_its_order() -> None:
    assert offered("spring", lambda: ["spring-2", "autumn", "spring-1"]) == ["spring-2", "spring-1"]


def test_nothing_is_offered_where_the_answer_takes_too_long() -> None:
    def slowly() -> Iterator[str]:
        yield "a"
        time.sleep(5)

    begun = time.monotonic()
    assert offered("", slowly, seconds=0.05) == []
    assert time.monotonic() - begun < 4


def test_nothing_is_offered_or_told_where_the_question_fails(capfd: pytest.CaptureFixture[str]) -> None:
    def failing() -> Iterator[str]:
        yield "a"
        raise OSError("no route to host")

    assert offered("", failing) == []
    assert capfd.readouterr() == ("", "")


def test_stages_are_those_of_hatos_stacks() -> None:
    stacks = ["hato-prod", "other", "hato-dev-foundation", "hato-dev", "hato-local"]
    assert stages_of(stacks) == ["dev", "local", "prod"]


@pytest.mark.cloud
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_how_to_complete(hato: Run, shell: str) -> None:
    shown = hato("--show-completion", shell)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "_HATO_COMPLETE" in shown.stdout


@pytest.mark.cloud
@pytest.mark.parametrize(
    ("line", "offer"),
    [
        ("hato status compl", "completed-campaign"),
        ("hato report --stage local compl", "completed-campaign"),
        ("hato mail show compl", "completed-mail"),
        ("hato send list.csv --mail compl", "completed-mail"),
        ("hato why a@example.com --mail compl", "completed-mail"),
        ("hato campaigns --stage loc", "local"),
        ("hato campai", "campaigns"),
    ],
)
def test_the_tab_key_completes_what_there_is(hato: Run, deployed: Access, line: str, offer: str) -> None:
    deployed.campaigns.create("completed-campaign", "lists/m/a.csv", "m", AT)
    deployed.campaigns.finish("completed-campaign", Status.CANCELLED, "Made for a test.", {}, AT)
    deployed.mails.put(Mail("completed-mail", "Subject", "Body"))
    asked = {"_HATO_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1)}
    done = hato(**asked, HATO_COMPLETION_SECONDS="60")
    assert (done.stdout.split(), done.stderr) == ([offer], "")


@pytest.mark.cloud
def test_the_tab_key_is_silent_where_nobody_answers(hato: Run) -> None:
    asked = {"_HATO_COMPLETE": "complete_bash", "COMP_WORDS": "hato status ", "COMP_CWORD": "2"}
    done = hato(**asked, HATO_ENDPOINT_URL="http://127.0.0.1:9")
    assert (done.stdout.strip(), done.stderr) == ("", "")
