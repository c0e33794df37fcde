"""How `hato doctor` shows its findings."""

import io

import pytest
from rich.console import Console

from hato.access import Access
from hato.cli.doctor import print_findings
from hato.doctor.checks import Check
from hato.doctor.finding import Finding, Mark

COMMAND = "`aws sesv2 put-account-suppression-attributes --suppressed-reasons BOUNCE COMPLAINT`"
FINDINGS = [
    ("account", Finding(Mark.OK, "credentials", "Account 123456789012, region eu-west-1.")),
    ("account", Finding(Mark.WARNING, "suppression", "SES puts nobody on its list.", COMMAND)),
    ("sender", Finding(Mark.WARNING, "MAIL FROM", "There is no MAIL FROM domain of your own.", "Make one.")),
    ("sender", Finding(Mark.FAILED, "identity", "Neither news@example.com nor its domain is an identity of SES.")),
    ("reputation", Finding(Mark.UNKNOWN, "bounces", "Not known yet.")),
]


def printed(width: int, is_terminal: bool) -> str:
    output = io.StringIO()
    console = Console(file=output, width=width, force_terminal=is_terminal, color_system=None)
    found = [(Check(theme, finding.subject, lambda case: ()), finding) for theme, finding in FINDINGS]
    print_findings(console, Access("dev", "eu-west-1"), found)
    return output.getvalue()


def test_findings_are_grouped_by_theme_and_counted() -> None:
    lines = printed(200, is_terminal=True).splitlines()
    assert lines[0] == "hato-dev in eu-west-1"
    assert [line for line in lines[1:-1] if line and not line.startswith(" ")] == ["account", "sender", "reputation"]
    assert lines[-1] == "1 ok, 2 warnings, 1 failed, 1 not known"
    assert "  failed     identity     Neither news@example.com nor its domain is an identity of SES." in lines


def test_a_narrow_terminal_gets_narrow_lines_with_the_sentences_below_each_other() -> None:
    lines = printed(60, is_terminal=True).splitlines()
    start = lines.index("  failed     identity     Neither news@example.com nor its")
    assert lines[start + 1] == " " * 26 + "domain is an identity of SES."
    assert "                          -> Make one." in lines
    assert [line for line in lines if len(line) > 60] == [f"             -> {COMMAND}"]


@pytest.mark.parametrize(("width", "is_terminal"), [(60, True), (60, False), (200, True)])
def test_a_command_is_never_cut_so_that_it_can_be_copied(width: int, is_terminal: bool) -> None:
    assert [line for line in printed(width, is_terminal).splitlines() if COMMAND in line]


def test_a_pipe_gets_a_line_for_each_finding_whatever_its_width() -> None:
    lines = printed(20, is_terminal=False).splitlines()
    assert "  failed     identity     Neither news@example.com nor its domain is an identity of SES." in lines
