"""The deployed stage: is its stack whole, do its functions run, and does its configuration set let mails out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hato.doctor.finding import Finding, Mark, NotKnown
from hato.doctor.judging.account import SUPPRESSED

SUPPORTED_PYTHONS = ("3.11", "3.12", "3.13")
_WHOLE = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"}
# A stack that stands, though not as it was last told to.
_STANDS = {"UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "IMPORT_ROLLBACK_COMPLETE"}


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack of CloudFormation; its status in CloudFormation's own words, empty where there is none."""

    name: str
    status: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)

    def output(self, name: str) -> str:
        """An output. Raises NotKnown where there is no stack, or the stack has no such output."""
        if not self.status:
            raise NotKnown("There is no stack yet.")
        if name not in self.outputs:
            raise NotKnown(f"The stack has no output {name}.", f"Deploy it again: {deploy_command(self.name)}.")
        return self.outputs[name]


@dataclass(frozen=True, slots=True)
class Function:
    """A deployed function, and its From address as its environment has it."""

    name: str
    runtime: str
    sender: str = ""


@dataclass(frozen=True, slots=True)
class ConfigurationSet:
    """A configuration set; `suppressed` is None where it leaves that to the account."""

    name: str
    sends: bool
    measures_reputation: bool
    suppressed: frozenset[str] | None = None


def deploy_command(stack: str) -> str:
    """The command that makes or mends a stage's stack."""
    return f"`hato deploy --stage {stack.removeprefix('hato-')}`"


def judge_stack(stack: Stack, where: str) -> Finding:
    """Whether the stack is there, and as it was last told to be."""
    subject, status = "stack", stack.status.replace("_", " ").lower()
    if not stack.status:
        sender = deploy_command(stack.name).replace("`", "")
        mend = f"`{sender} --sender ADDRESS` makes it."
        return Finding(Mark.FAILED, subject, f"There is no stack {stack.name} in {where}.", mend)
    if stack.status in _WHOLE:
        return Finding(Mark.OK, subject, f"{stack.name} is there ({status}).")
    if stack.status in _STANDS:
        mend = f"Mend what its events complain of, and deploy again: {deploy_command(stack.name)}."
        return Finding(Mark.WARNING, subject, f"The last deployment of {stack.name} was undone ({status}).", mend)
    if stack.status.endswith("_IN_PROGRESS"):
        return Finding(Mark.WARNING, subject, f"{stack.name} is being changed ({status}).", "Look again in a while.")
    return Finding(
        Mark.FAILED,
        subject,
        f"{stack.name} is broken ({status}).",
        f"`aws cloudformation describe-stack-events --stack-name {stack.name}` says why; mend that, and deploy again: "
        f"{deploy_command(stack.name)}.",
    )


def judge_functions(stack: Stack, functions: Sequence[Function]) -> Finding:
    """Whether the functions are there, and run on a Python that Hato knows."""
    subject = "functions"
    if not functions:
        text = f"There is no function of {stack.name}."
        return Finding(Mark.FAILED, subject, text, f"Deploy them: {deploy_command(stack.name)}.")
    runtimes = sorted({function.runtime for function in functions})
    others = [runtime for runtime in runtimes if runtime.removeprefix("python") not in SUPPORTED_PYTHONS]
    if others:
        text = f"Functions run on {', '.join(others)}; Hato knows Python {', '.join(SUPPORTED_PYTHONS)}."
        mend = f"Deploy them with one of these: {deploy_command(stack.name)}."
        return Finding(Mark.WARNING, subject, text, mend)
    return Finding(Mark.OK, subject, f"{len(functions)} functions run on {', '.join(runtimes)}.")


def judge_configuration_set(name: str, found: ConfigurationSet | None) -> Iterator[Finding]:
    """Whether the configuration set lets mails out, and counts what becomes of them."""
    subject, command = "configuration set", "aws sesv2 put-configuration-set"
    if found is None:
        mend = f"`aws sesv2 create-configuration-set --configuration-set-name {name}`, and deploy again."
        yield Finding(Mark.FAILED, subject, f"There is no configuration set {name}.", mend)
        return
    if not found.sends:
        mend = f"`{command}-sending-options --configuration-set-name {name} --sending-enabled`"
        yield Finding(Mark.FAILED, subject, f"Sending is switched off for the configuration set {name}.", mend)
    elif not found.measures_reputation:
        mend = f"`{command}-reputation-options --configuration-set-name {name} --reputation-metrics-enabled`"
        yield Finding(Mark.WARNING, subject, f"{name} sends, but does not count its bounces and complaints.", mend)
    else:
        yield Finding(Mark.OK, subject, f"{name} sends, and counts its bounces and complaints.")
    if found.suppressed is not None and not found.suppressed >= SUPPRESSED:
        mend = f"`{command}-suppression-options --configuration-set-name {name} --suppressed-reasons BOUNCE COMPLAINT`"
        text = f"{name} has a rule of its own for the suppression list, which lets bounces or complaints through."
        yield Finding(Mark.WARNING, "set's suppression", text, mend)
