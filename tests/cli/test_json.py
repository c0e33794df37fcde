"""Every command answers programs too, and docs/json.md says how; the tests of each command hold it to that."""

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from hato.cli.main import app
from tests.cli.shapes import Shape, command_of, documented, shape_of

WITHOUT = {"hato demo": "a show for people, that writes build/demo.json"}


def commands() -> dict[str, object]:
    """Every command by what is typed for it; groups are none."""

    def below(command, path: str):
        if isinstance(command, TyperGroup):
            for name, each in command.commands.items():
                yield from below(each, f"{path} {name}")
        else:
            yield path, command

    return dict(below(get_command(app), "hato"))


@pytest.mark.parametrize("path", commands())
def test_every_command_takes_json_and_says_what_it_prints(path: str) -> None:
    options = {option for each in commands()[path].params for option in each.opts}
    assert ("--json" in options) != (path in WITHOUT)
    assert (path in documented()) != (path in WITHOUT)


@pytest.mark.parametrize("path", documented())
def test_every_section_is_of_a_command_that_there_is_and_can_be_read(path: str) -> None:
    assert path.partition(" --")[0] in commands()
    shape = shape_of(path)
    assert shape.fields or shape.items


def test_a_command_is_known_by_its_words() -> None:
    assert command_of(["hato", "mail", "list", "--json"]) == "hato mail list"
    assert command_of(["hato", "status", "c-1", "--json"]) == "hato status"
    assert command_of(["hato", "report", "c-1", "--json", "--link"]) == "hato report --link"


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"name": "a", "tags": ["x"], "more": {"anything": 1}}, ""),
        ({"name": "a", "tags": []}, ".more lacks"),
        ({"tags": [], "more": {}}, ""),
        ({"name": 3, "tags": [], "more": {}}, ".name is 3"),
        ({"tags": [1], "more": {}}, ".tags[] is 1"),
        ({"tags": [], "more": {}, "less": 1}, ".less is not documented"),
        ({"tags": [], "more": {"anything": True}}, ".more.anything is True"),
        ([], "the document is []"),
    ],
)
def test_a_document_that_is_not_as_documented_is_found(document: object, fault: str) -> None:
    text, number = Shape((str,), may_lack=True), Shape((int, float))
    fields = {"name": text, "tags": Shape((list,), items=Shape((str,))), "more": Shape((dict,), fields={"*": number})}
    assert list(Shape((dict,), fields=fields).faults(document)) == ([fault] if fault else [])
