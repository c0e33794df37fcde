"""A package becomes a stack: one CloudFormation template, functions and all."""

from collections.abc import Mapping

import yaml

from chalicelib.domain import pacing
from hato import durable
from hato.access import Access
from hato.packaging import Package
from hato.stacks import DeployFailed, Progress, Stack

__all__ = ["DeployFailed", "Progress", "deploy", "send_concurrency"]


def deploy(
    access: Access, package: Package, parameters: Mapping[str, str], progress: Progress = lambda text: None
) -> dict[str, str]:
    """Create or update the stage's stack from the package; returns its outputs. Raises DeployFailed.

    What an earlier stack of the stage has left, its tables, bucket and key, becomes the new one's.
    """
    stack = Stack(access, access.stack, progress)
    if stack.is_new() and "Sender" not in parameters:
        raise DeployFailed(f"{access.stack} is a new stack and needs its From address: --sender ADDRESS.")
    template = yaml.safe_load(package.template.read_text())
    found, told = durable.adopt(access, stack, template)
    stack.apply(template, package.folder, standing(access) | pages(access) | told | dict(parameters), found)
    access.forget()
    return access.outputs


def standing(access: Access) -> dict[str, str]:
    """The parameters that say where the stack stands."""
    return {"Stage": access.stage, "OnLocalCloud": "true" if access.endpoint_url else "false"}


def pages(access: Access) -> dict[str, str]:
    """The parameter that says where the pages are: on the local cloud, where the id of the API follows."""
    return {"PagesUrl": f"{access.endpoint_url}/_aws/execute-api/"} if access.endpoint_url else {}


def send_concurrency(access: Access) -> int:
    """How many batches the send function takes at once, by the account's rate: twice what one campaign asks for."""
    rate = access.client("sesv2").get_account()["SendQuota"]["MaxSendRate"]
    limits = pacing.Limits(max(1.0, rate))
    return min(pacing.MOST_AT_ONCE, 2 * pacing.concurrency(limits, pacing.batch_size(limits)))
