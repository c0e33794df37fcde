"""`hato demo`."""

import typer
from rich.console import Console


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(name="demo")(demo_command)


def demo_command() -> None:
    """Run a whole campaign on this machine, twice, and check that everything adds up."""
    from hato.demo import run_demo  # imports the local cloud's parts only when they are wanted

    raise typer.Exit(run_demo(Console()))
