"""What the command ends with: the one table of exit statuses."""

from enum import IntEnum


class ExitStatus(IntEnum):
    """What a script is told."""

    DONE = 0
    NOT_DONE = 1
    MISUSED = 2
    BROKEN_OFF = 130


MEANINGS = {
    ExitStatus.DONE: "It is done.",
    ExitStatus.NOT_DONE: "It was not done, and a sentence on the standard error says why and what to try next; "
    "or what was asked about is not well, where the command says so below.",
    ExitStatus.MISUSED: "The command was called in a way that it does not know; "
    "`hato check` also says so that a list cannot be sent to at all.",
    ExitStatus.BROKEN_OFF: "It was broken off, by Ctrl-C or at a question that had to be answered.",
}
