"""What counts as printed as it is shown, and what does not."""

from pathlib import Path

import pytest

from tests.markdown import Page
from tests.transcript import Step, campaigns_as_shown, steps, with_campaigns

SHOWN, PRINTED = "list-1c6ec27a1f3cb2d4", "list-ffffffffffffffff"
OTHER = "list-0000000000000000"
MESSAGE = "010001a202b468e5-f54ea38d-828e-0586-919c-07e89a376990-000000"


@pytest.mark.parametrize(
    ("shown", "printed", "campaigns"),
    [
        ("All is well.", "All is well.\n", {}),
        ("All is well.", "All is well.   \n", {}),
        ("All is well.", "All is lost.\n", None),
        ("All is well.", "All is well.\nOr not.\n", None),
        ("", "", None),
        ("a\n...", "a\nb\nc\n", {}),
        ("a\n...", "a\n", {}),
        ("a\n  ...\nc", "a\nb\nb\nc\n", {}),
        ("a\n...\nc", "a\nb\n", None),
        (f"Campaign {SHOWN} is paused.", f"Campaign {PRINTED} is paused.\n", {SHOWN: PRINTED}),
        (f"Campaign {SHOWN} is paused.", "Campaign other-ffffffffffffffff is paused.\n", None),
        (f"Campaign {SHOWN} is paused.", "Campaign list-ffff is paused.\n", None),
        (f"{SHOWN} {SHOWN}", f"{PRINTED} {PRINTED}\n", {SHOWN: PRINTED}),
        (f"{SHOWN} {SHOWN}", f"{PRINTED} {OTHER}\n", None),
        ("url http://127.0.0.1:37875", "url http://127.0.0.1:50\n", {}),
        ("url http://127.0.0.1:37875", "url http://127.0.0.2:50\n", None),
        ("2026-01-15 09:30  4 rows", "2027-12-31 23:59  4 rows\n", {}),
        ("2026-01-15 09:30  4 rows", "2027-12-31 23:59  5 rows\n", None),
        (f"2,{MESSAGE}", f"2,{MESSAGE.replace('f', '0')}\n", {}),
        (f"2,{MESSAGE}", "2,\n", None),
    ],
)
def test_what_is_shown_is_what_is_printed_but_for_what_changes_from_run_to_run(
    shown: str, printed: str, campaigns: dict[str, str] | None
) -> None:
    assert campaigns_as_shown(shown.split("\n"), printed) == campaigns


def test_a_command_is_given_the_campaign_that_was_printed_where_another_is_shown() -> None:
    assert with_campaigns(f"hato pause {SHOWN}  # {OTHER}", {SHOWN: PRINTED}) == f"hato pause {PRINTED}  # {OTHER}"


def test_a_block_is_a_script_or_commands_with_what_they_print() -> None:
    text = "# Page\n\n```\nprintf '$ a'\nb\n```\n\nand\n\n```\n$ c\nd\ne\n$ f\n```\n"
    found = list(steps(Page(Path("page.md"), text)))
    assert found == [Step("printf '$ a'\nb\n"), Step("c", ("d", "e")), Step("f")]
