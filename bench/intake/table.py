"""The result as people read it."""

from collections.abc import Iterable

from rich.table import Table

from bench.intake.result import LAMBDA_MB, LAMBDA_SECONDS, Measured, Result

NOTES = {
    "csv.reader": "Python's csv alone, from a file",
    "read": "rows judged: encoding, cells, address, duplicates",
    "prepare": "the whole step, from the list in S3 to batches.jsonl in S3",
    "finish": "the whole step, from the outcome files in S3 to report.csv in S3",
    "boto3": "the ledger's items handed out by boto3 as it comes, and nothing done with them",
    "paging": "the same without botocore's parsing",
    "recount": "all counters of a campaign made anew from the ledger",
}
_COLUMNS = ("rows", "rows/s", "µs/row", "spread", "of\ncsv", "MB at\nmost", "MB\ngrown")


def table(result: Result) -> Table:
    """A line for each thing and size."""
    made = Table(box=None, padding=(0, 1), header_style="dim")
    made.add_column("", no_wrap=True)
    for column in _COLUMNS:
        made.add_column(column, justify="right", no_wrap=True)
    alone = {each.rows: each.rows_a_second for each in result.measured if each.name == "csv.reader"}
    for name in NOTES:
        for number, each in enumerate(each for each in result.measured if each.name == name):
            made.add_row("" if number else name, *_cells(each, alone.get(each.rows)))
    return made


def sentences(result: Result) -> Iterable[str]:
    """What the two functions can take, and what the names in the table mean."""
    for each in result.largest:
        memory = f"{each.rows_by_memory:,} by its memory" if each.rows_by_memory else "any number by its memory"
        yield (
            f"{each.name} takes {each.rows_by_time:,} rows by the processor's time ({LAMBDA_SECONDS} s) "
            f"and {memory} ({LAMBDA_MB[each.name]:,} MB)."
        )
    for name, note in NOTES.items():
        yield f"[bold]{name}[/]: {note}"


def _cells(each: Measured, alone: float | None) -> tuple[str, ...]:
    return (
        f"{each.rows:,}",
        f"{each.rows_a_second:,.0f}",
        f"{1e6 / each.rows_a_second:.2f}",
        f"{each.spread:.0%}" if len(each.seconds) > 1 else "once",
        f"{each.rows_a_second / alone:.3f}" if alone else "",
        f"{each.peak_mb:,.0f}",
        f"{each.grown_mb:,.1f}",
    )
