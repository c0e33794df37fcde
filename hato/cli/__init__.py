"""The `hato` command."""
