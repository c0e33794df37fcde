"""`hato cost`: what mails cost, without an account."""

import json

import pytest
from typer.testing import CliRunner

from hato.cli.main import app
from tests.cli.conftest import check_document


def cost(*words: object) -> str:
    done = CliRunner().invoke(app, ["cost", *map(str, words)], env={"COLUMNS": "120"})
    assert done.exit_code == 0, done.output
    return done.output


def told(*words: object) -> dict[str, object]:
    output = cost(*words, "--json")
    check_document(["hato", "cost", "--json"], output)
    return json.loads(output)


def test_a_million_mails_are_told_line_by_line_and_sess_fee_apart() -> None:
    output = cost()
    assert "1,000,000 mails at 200 a second, all delivered, 30% opened, 5% clicked" in output
    assert "send_batch: INSERT deliveries" in output
    assert "SES's own fee is 100.00 USD besides." in output


def test_programs_get_lines_that_come_to_the_sum() -> None:
    document = told("--mails", 50_000, "--opens", 0.5, "--clicks", 0.1, "--rate", 14)
    assert (document["mails"], document["opens"], document["clicks"], document["rate"]) == (50_000, 0.5, 0.1, 14)
    assert sum(line["usd"] for line in document["lines"]) == pytest.approx(document["usd"], abs=1e-4)
    assert document["ses_usd"] == pytest.approx(5.0)


def test_what_is_opened_more_costs_more() -> None:
    assert told("--opens", 1)["usd"] > told("--opens", 0)["usd"]


def test_no_mail_costs_nothing() -> None:
    assert (told("--mails", 0)["usd"], told("--mails", 0)["ses_usd"]) == (0, 0)


def test_few_mails_have_one_line_for_all_that_is_too_small() -> None:
    assert "under 0.01" in cost("--mails", 10)


def test_mails_below_nothing_are_refused() -> None:
    assert CliRunner().invoke(app, ["cost", "--mails", "-1"]).exit_code == 2
