"""What is going on, told on the standard error of a terminal and nowhere else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Say = Callable[[str], None]


@contextmanager
def doing(words: str) -> Iterator[Say]:
    """Show these words, and those that are said later, until it is done."""
    with Console(stderr=True).status(words) as status:
        yield status.update


@contextmanager
def counting(words: str, total: int) -> Iterator[Callable[[int], None]]:
    """What is to be told how many more are done; a terminal shows how many are, and how long the others take."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda count: None
        return
    columns = (TextColumn(words), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(words, total=total)
        yield lambda count: progress.advance(task, count)
