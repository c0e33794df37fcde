"""Whether somebody says yes. With --json it is asked on the standard error, for the output is for a program."""

import sys

import typer


def agrees(question: str, *, as_json: bool = False) -> bool:
    """Ask; where nobody is there to answer, the answer is no."""
    if as_json:
        return _answer(f"{question} [y/N]").lower() in {"y", "yes"}
    try:
        return typer.confirm(question)
    except typer.Abort:
        return False


def ask(question: str, yes: bool, otherwise: str, *, as_json: bool = False) -> None:
    """Ask, unless told not to; ends the command with a sentence where the answer is no."""
    if yes or agrees(question, as_json=as_json):
        return
    typer.echo(otherwise, err=as_json)
    raise typer.Exit(1)


def ask_for_name(name: str, *, as_json: bool = False) -> None:
    """Have the name typed; ends the command where another is, or none."""
    words = f"Type {name} to go on"
    typed = _answer(words) if as_json else typer.prompt(words, default="", show_default=False)
    if typed != name:
        typer.echo("Nothing was done.", err=as_json)
        raise typer.Exit(1)


def _answer(question: str) -> str:
    """What is typed; Typer's own questions leave a space on the standard output, wherever they are asked."""
    typer.echo(f"{question}: ", err=True, nl=False)
    return sys.stdin.readline().strip()
