"""The state machine's definition."""

from typing import Any

from chalicelib import errors
from hato.template import texts
from tests.templates.reading import REFERENCE, Templates, reachable

# The errors that AWS itself gives to a Retry or a Catch.
STATES_ERRORS = {"States.ALL", "States.TaskFailed", "States.Timeout", "States.HeartbeatTimeout", "States.Permissions"}


# What ends a batch for good.
NEVER_AGAIN = {"CampaignStopped", "BatchMalformed", "MailInvalid", "MailNotFound"}

_ENDS = {"Succeed", "Fail"}


def check_states_are_reachable(templates: Templates) -> list[str]:
    """every state can be reached, every next state exists, and every path can end"""
    found = []
    for machine in templates.machines():
        nexts = {name: _next_states(state) for name, state in machine["States"].items()}
        targets = {machine["StartAt"]}.union(*nexts.values())
        found += [f"there is no state {name}" for name in sorted(targets - nexts.keys())]
        reached = reachable(nexts, {machine["StartAt"]})
        found += [f"{name} is never reached" for name in nexts if name not in reached]
        ends = {name for name, state in machine["States"].items() if state.get("End") or state["Type"] in _ENDS}
        found += [f"{name} never ends" for name in nexts if not ends & reachable(nexts, {name})]
    return found


def check_errors_are_known(templates: Templates) -> list[str]:
    """every error that a Retry or a Catch names is one of Hato's or of AWS's, and States.ALL stands alone and last"""
    ours = {name for name, thing in vars(errors).items() if isinstance(thing, type)}
    found = []
    for name, state in templates.states():
        for part in ("Retry", "Catch"):
            listed = [rule["ErrorEquals"] for rule in state.get(part, ())]
            unknown = {error for each in listed for error in each} - ours - STATES_ERRORS
            found += [f"{part} of {name} names {error}" for error in sorted(unknown)]
            if any("States.ALL" in each and (each != ["States.ALL"] or each is not listed[-1]) for each in listed):
                found.append(f"{part} of {name} has States.ALL before others")
    return found


def check_errors_are_told_apart(templates: Templates) -> list[str]:
    """a batch that must wait has a Retry for each reason to wait, and one that can never be sent is not tried again"""
    rules = dict(templates.states())["SendBatch"]["Retry"]
    attempts = {error: rule.get("MaxAttempts", 3) for rule in rules for error in rule["ErrorEquals"]}
    returned = {each.__name__ for each in errors.BatchReturned.__subclasses__()}
    found = [f"SendBatch does not wait for {name}" for name in sorted(returned) if not attempts.get(name)]
    return found + [f"SendBatch tries {name} again" for name in sorted(NEVER_AGAIN) if attempts.get(name) != 0]


def check_substitutions(templates: Templates) -> list[str]:
    """every ${Substitution} of the definition is given, and every one that is given is used"""
    used = {name for text in texts(templates.definition) for name in REFERENCE.findall(text)}
    machine = templates.of_type("AWS::StepFunctions::StateMachine")["CampaignStateMachine"]
    given = set(machine.get("DefinitionSubstitutions", {}))
    unset = [f"${{{name}}} is not given" for name in sorted(used - given)]
    return unset + [f"{name} is given and not used" for name in sorted(given - used)]


def _next_states(state: dict[str, Any]) -> set[str]:
    rules = [state, *state.get("Choices", ()), *state.get("Catch", ())]
    return {rule[key] for rule in rules for key in ("Next", "Default") if key in rule}
