"""README.ja.md is README.md in Japanese: neither has a section, a row, a command or a link that the other lacks."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hato.project import ROOT
from tests.markdown import Page

ENGLISH, JAPANESE = Page.read(ROOT / "README.md"), Page.read(ROOT / "README.ja.md")
EACH_OTHER = {"README.md", "README.ja.md"}

_BLOCK = re.compile(r"^( *)(`{3,})[^\n`]*\n.*?^\1\2 *$\n?", re.MULTILINE | re.DOTALL)  # also in an item of a list
_SECTION = re.compile(r"^(?=#{1,6} )", re.MULTILINE)
_ROW = re.compile(r"^ *(\||[-*] |\d+\. )", re.MULTILINE)


def blocks(page: Page) -> list[str]:
    """The blocks of code with their fences, in order."""
    return [found[0] for found in _BLOCK.finditer(page.text)]


def sections(page: Page) -> list[Page]:
    """The sections without their blocks, in order, each up to the next heading of any level."""
    return [Page(page.file, each) for each in _SECTION.split(_BLOCK.sub("\n", page.text))]


def levels(page: Page) -> list[int]:
    """The levels of the headings, in order; 0 for what stands before the first."""
    return [len(each.text) - len(each.text.lstrip("#")) for each in sections(page)]


def rows(page: Page) -> list[list[str]]:
    """The rows of tables and the items of lists in each section, in order, by the mark that they begin with."""
    return [_ROW.findall(each.text) for each in sections(page)]


def words(page: Page) -> list[set[str]]:
    """What each section has in backticks; the order of words is each language's own."""
    return [set(each.spans) for each in sections(page)]


def links(page: Page) -> list[list[str]]:
    """Where the links of each section lead, but for those from one language to the other."""
    return [sorted(link for link in each.links if link not in EACH_OTHER) for each in sections(page)]


LOOKS = [levels, blocks, rows, words, links]


@pytest.mark.parametrize("look", LOOKS)
def test_both_readmes_have_the_same(look: Callable[[Page], list]) -> None:
    assert look(JAPANESE) == look(ENGLISH)


def test_each_readme_begins_with_a_link_to_the_other() -> None:
    title = "# Hato 鳩\n\n"
    assert ENGLISH.text.startswith(title + "[日本語](README.ja.md)\n\n")
    assert JAPANESE.text.startswith(title + "[English](README.md)\n\n")


TEXT = """# Hato

[日本語](README.ja.md)

## One

Use `hato send`, see [a](docs/a.md):

```
$ hato send  # no heading
# nor is this
```

- also this:

  ```
  aws s3 ls
  ```

### Two

See [b](docs/b.md).

| | |
|---|---|
| first | second |

1. once
2. twice
"""


@pytest.mark.parametrize(
    ("look", "old", "new"),
    [
        (levels, "### Two", "## Two"),
        (levels, "### Two", "Two"),
        (levels, "See [b]", "### Three\n\nSee [b]"),
        (blocks, "$ hato send  #", "$ hato send #"),
        (blocks, "# nor is this\n", ""),
        (blocks, "  aws s3 ls", "  aws s3 mb"),
        (blocks, "```\n$", "```bash\n$"),
        (rows, "| first | second |\n", ""),
        (rows, "2. twice\n", ""),
        (rows, "- also", "- more\n- also"),
        (words, "`hato send`", "`hato mail`"),
        (words, "`hato send`", "hato send"),
        (links, "docs/b.md", "docs/c.md"),
        (links, "(docs/b.md)", "(docs/b.md#there)"),
        (links, "[b](docs/b.md)", "docs/b.md"),
        (links, "See [b]", "See [a](docs/a.md), [b]"),
    ],
)
def test_what_one_alone_has_is_found(look: Callable[[Page], list], old: str, new: str) -> None:
    assert TEXT.count(old) == 1
    assert look(Page(Path("a.md"), TEXT.replace(old, new))) != look(Page(Path("b.md"), TEXT))


def test_prose_and_the_order_of_words_may_differ() -> None:
    prose = "[a](docs/a.md) にあるとおり、`hato send` を使います。"
    text = TEXT.replace("Use `hato send`, see [a](docs/a.md):", prose).replace("日本語](README.ja", "English](README")
    assert text.count(prose) == text.count("[English](README.md)") == 1
    page, other = Page(Path("a.md"), text), Page(Path("b.md"), TEXT)
    assert [look(page) for look in LOOKS] == [look(other) for look in LOOKS]
