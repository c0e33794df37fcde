"""What a command answers to a program: one JSON document on the standard output."""

import json
import sys

import typer


def print_json(document: object) -> None:
    """Print the document on one line; where the encoding has not every character, in ASCII, which says the same."""
    is_unicode = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "").startswith("utf")
    typer.echo(json.dumps(document, ensure_ascii=not is_unicode))
