"""Keys that the stack made."""

from typing import Any


def read_secret(secretsmanager: Any, name: str) -> str:
    """The secret's text."""
    return str(secretsmanager.get_secret_value(SecretId=name)["SecretString"])
