"""Going through the checks: what one of them cannot learn does not keep the others from looking."""

import re
from collections.abc import Iterable, Iterator

from botocore.exceptions import BotoCoreError, ClientError

from hato.access import in_one_sentence
from hato.doctor.case import Case
from hato.doctor.checks import Check
from hato.doctor.finding import Finding, Mark, NotKnown

_DENIED = re.compile(r"AccessDenied|AuthorizationError|UnauthorizedOperation|NotAuthorized")
_ACTION = re.compile(r"not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)")


def examine(case: Case, checks: Iterable[Check]) -> Iterator[tuple[Check, Finding]]:
    """What each check finds, in order; where it finds nothing out, one finding says why."""
    for check in checks:
        for finding in _findings(case, check):
            yield check, finding


def _findings(case: Case, check: Check) -> Iterator[Finding]:
    if check.needs and case.introduction.error:
        yield Finding(Mark.UNKNOWN, check.subject, "Not known without credentials.")
        return
    try:
        found = check.look(case)
        yield from [found] if isinstance(found, Finding) else found
    except NotKnown as why:
        yield Finding(Mark.UNKNOWN, check.subject, str(why), why.mend)
    except ClientError as error:
        yield _refused(check, error)
    except BotoCoreError as error:
        yield Finding(Mark.UNKNOWN, check.subject, in_one_sentence(error))


def _refused(check: Check, error: ClientError) -> Finding:
    said = error.response["Error"]
    if not _DENIED.search(said.get("Code", "")):
        return Finding(Mark.UNKNOWN, check.subject, in_one_sentence(error))
    named = _ACTION.search(said.get("Message", ""))
    action = named[1] if named else _action(check, error.operation_name)
    text = f"Not known: this needs the IAM action {action}."
    return Finding(Mark.UNKNOWN, check.subject, text, "Have it allowed to you, or look with other credentials.")


def _action(check: Check, operation: str) -> str:
    return next((action for action in check.needs if action.endswith(f":{operation}")), operation)
