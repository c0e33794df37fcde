"""The reference is what the code says, and no page speaks of a command, a target or a place that is not there."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command

from hato import durable
from hato.access import Access
from hato.cli.main import app
from hato.deploying import standing
from hato.project import ROOT
from hato.reference import PAGES
from hato.reference.settings import SET_BY_DEPLOY
from hato.stacks import Stack
from hato.template import read_template
from tests.fakes.aws import FakeAws, refusal
from tests.markdown import Page

READ_BY_PEOPLE = [file for name in ("README.md", "README.ja.md") if (file := ROOT / name).exists()] + sorted(
    (ROOT / "docs").glob("*.md")
)
PARAMETERS = read_template()["Parameters"]


# ── the reference ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_page_is_what_the_generator_makes(name: str) -> None:
    is_up_to_date = (ROOT / "docs" / name).read_text(encoding="utf-8") == PAGES[name]()
    assert is_up_to_date, f"docs/{name} is out of date: run `make docs`."


def commands_below(command, path: str) -> list:
    """The command and all below it, each with what is typed to reach it."""
    below = getattr(command, "commands", {}).items()
    return [(path, command)] + [found for name, each in below for found in commands_below(each, f"{path} {name}")]


@pytest.mark.parametrize(("path", "command"), commands_below(get_command(app), "hato"))
def test_the_reference_has_every_command_with_all_that_it_takes(path: str, command) -> None:
    section = Page(Path("cli.md"), PAGES["cli.md"]()).section(f"`{path}`").text
    assert command.help.split("\n")[0] in section
    for parameter in command.params:
        is_option = parameter.param_type_name == "option"
        for name in parameter.opts if is_option else [parameter.metavar or parameter.name.upper()]:
            assert f"`{name}`" in section or f"`{name} " in section


def test_the_reference_says_what_a_choice_is_and_what_an_option_is_without_being_told() -> None:
    page = Page(Path("cli.md"), PAGES["cli.md"]())
    assert "| `--queue send\\|events` |" in page.section("`hato dead-letters list`").text
    assert "Default: `300`. At least 1. |" in page.section("`hato smoke`").text
    assert "Environment variable: `HATO_STAGE`. |" in page.section("Which Hato a command speaks to").text
    assert "as in lists/\\<mail_id>/. Required. |" in page.section("`hato mail put`").text


def test_the_reference_has_every_setting_once() -> None:
    rows = [line.split("|")[1].strip() for line in PAGES["settings.md"]().splitlines() if line.startswith("| `")]
    columns = PAGES["settings.md"]().replace("\\|", "").split("|")
    read = re.findall(r'"([A-Z][A-Z_]+)"', (ROOT / "chalicelib" / "settings.py").read_text())
    asked = {each for each in read if each not in {"DEBUG", "INFO", "WARNING", "ERROR"}}
    assert len(asked) > 20
    for variable in asked:
        assert [each.strip() for each in columns].count(f"`{variable}`") == 1
    for parameter in PARAMETERS:
        assert rows.count(f"`{parameter}`") == 1 + (parameter in SET_BY_DEPLOY)


def test_the_reference_names_what_a_deployment_gives_to_the_template_by_itself() -> None:
    aws = FakeAws(
        {
            ("cloudformation", "DescribeStacks"): refusal("DescribeStacks", "ValidationError", "does not exist"),
            ("secretsmanager", "DescribeSecret"): refusal("DescribeSecret", "ResourceNotFoundException"),
            ("dynamodb", "DescribeTable"): refusal("DescribeTable", "ResourceNotFoundException"),
            ("s3", "HeadBucket"): refusal("HeadBucket", "404"),
        }
    )
    aws.stage, aws.stack, aws.region = "dev", "hato-dev", "us-east-1"
    aws.pseudo_parameters = {"AWS::AccountId": "123456789012", "AWS::Region": "us-east-1", "AWS::Partition": "aws"}
    _, told = durable.adopt(aws, Stack(aws, "hato-dev"), {"Resources": {}})
    by_the_command = {"SendConcurrency"}  # tests/cli see that it does
    assert SET_BY_DEPLOY.keys() == standing(Access("dev")).keys() | told.keys() | by_the_command


# ── what the pages show ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("file", READ_BY_PEOPLE, ids=lambda file: file.name)
def test_every_hato_command_that_a_page_shows_is_one_with_the_options_it_has(file: Path) -> None:
    page = Page.read(file)
    mentioned = [(each, False) for each in page.spans] + [(each, True) for each in page.lines_of_code]
    commands = [(each, is_whole) for each, is_whole in mentioned if each.startswith("hato ")]
    wrong = [f"`{each}`: {why}" for each, is_whole in commands if (why := what_is_wrong(each, is_whole))]
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("file", READ_BY_PEOPLE, ids=lambda file: file.name)
def test_every_link_of_a_page_leads_somewhere(file: Path) -> None:
    assert "\n".join(dead_links(Page.read(file))) == ""


@pytest.mark.parametrize("file", READ_BY_PEOPLE, ids=lambda file: file.name)
def test_every_make_target_that_a_page_names_is_one(file: Path) -> None:
    assert "\n".join(unknown_targets(Page.read(file), (ROOT / "Makefile").read_text())) == ""


def what_is_wrong(command: str, is_whole: bool) -> str:
    """What is wrong with a command that is shown, empty where nothing is; a whole one lacks nothing that it needs."""
    try:
        _, *words = shlex.split(re.sub(r"[][]", "", command), comments=True)
    except ValueError as error:
        return str(error)
    found = get_command(app)
    while isinstance(found, TyperGroup) and words and not words[0].startswith("-"):
        name = words.pop(0)
        if name not in found.commands:
            return f"there is no command {name}"
        found = found.commands[name]
    try:
        given, more, _ = found.make_parser(typer.Context(found)).parse_args(words)
    except TyperException as error:
        return str(error)
    if more:
        return f"there is no place for {' '.join(more)}"
    return next(filter(None, (what_is_wrong_with(each, given.get(each.name), is_whole) for each in found.params)), "")


def what_is_wrong_with(parameter, value, is_whole: bool) -> str:
    if value is None:
        return f"{parameter.name} is missing" if is_whole and parameter.required else ""
    choices = parameter.type_descriptor.choices
    if choices and not set(value.split("|")) <= {each.value for each in choices}:
        return f"{value} is no {parameter.name}"
    names = {each.partition("=")[0] for each in value} if parameter.opts == ["--set"] else set()
    unknown = sorted(names - PARAMETERS.keys() - {"NAME"})
    return f"there is no parameter {', '.join(unknown)}" if unknown else ""


def dead_links(page: Page) -> list[str]:
    """The links that lead to no file, or to no heading in it."""
    dead = []
    for link in page.links:
        if re.match(r"[a-z]+:", link):
            continue
        path, _, heading = link.partition("#")
        file = page.file.parent / path if path else page.file
        if not file.exists() or (heading and heading not in Page.read(file).anchors):
            dead.append(link)
    return dead


def unknown_targets(page: Page, makefile: str) -> list[str]:
    """The targets that the page would have made, and that the Makefile does not know."""
    known = set(re.findall(r"^([a-z-]+):(?!=)", makefile, re.MULTILINE))
    lines = [each for each in [*page.spans, *page.lines_of_code] if re.match(r"make\s", each)]
    named = [word for line in lines for word in shlex.split(line, comments=True)[1:]]
    return [word for word in named if "=" not in word and word not in known]


# ── each look finds what it looks for ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("hato sned people.csv", "there is no command sned"),
        ("hato local upp", "there is no command upp"),
        ("hato report ID --pdf", "No such option: --pdf"),
        ("hato report ID OTHER", "there is no place for OTHER"),
        ("hato pause", "campaign is missing"),
        ("hato send people.csv --watch", "mail is missing"),
        ("hato mail put welcome --subject", "requires an argument"),
        ("hato dead-letters list --queue sent", "sent is no queue"),
        ("hato deploy --set Speed=2", "there is no parameter Speed"),
        ("hato mail put welcome --subject 'Hello", "No closing quotation"),
    ],
)
def test_a_wrong_command_is_found(command: str, why: str) -> None:
    assert why in what_is_wrong(command, is_whole=True)


@pytest.mark.parametrize(
    "command",
    [
        "hato local up  # and a word about it",
        "hato deploy --stage prod --set SendingShare=0.5 --set NAME=VALUE [--by cloudformation|chalice]",
        'hato mail put welcome --subject "Hello {{ username }}" --text letter.txt',
        "hato send people.csv --mail welcome --help",
    ],
)
def test_a_right_command_is_let_pass(command: str) -> None:
    assert what_is_wrong(command, is_whole=True) == ""


def test_a_command_that_is_only_named_need_not_be_whole() -> None:
    assert what_is_wrong("hato pause", is_whole=False) == ""


def test_a_link_to_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# Once\n\n```\n# Never\n```\n\n## Twice `or` more\n\n## Once\n")
    text = (
        "[a](other.md) [b](other.md#once-1) [c](other.md#twice-or-more) [d](https://example.com/x) `[e](gone.md)`\n"
        '[f](gone.md), [g](other.md#never) [h](#here) <img src="gone.png">\n\n[i]: gone-too.md\n\n## There\n[j](#there)'
    )
    (tmp_path / "page.md").write_text(text)
    dead = ["gone.md", "other.md#never", "#here", "gone.png", "gone-too.md"]
    assert dead_links(Page.read(tmp_path / "page.md")) == dead


def test_a_target_that_the_makefile_lacks_is_found() -> None:
    text = "`make demo`, `make it so`\n\n```\nmake test PYTHON=python3.12   # all\nmake tests\n```\n"
    assert unknown_targets(Page(Path("page.md"), text), "BIN := x\ndemo: a\n\tb\ntest:\n") == ["it", "so", "tests"]
