"""The state machine's executions."""

from collections.abc import Mapping
from typing import Any

from tests.fakes.moments import Moments


class FakeExecutions:
    """What was started, by name; a name is started once. An execution runs until it is ended."""

    def __init__(self, moments: Moments | None = None) -> None:
        self.started: dict[str, tuple[str, str]] = {}
        self.versions: dict[str, str] = {}
        self.inputs: dict[str, dict[str, Any]] = {}
        self.running: set[str] = set()
        self.ended: dict[str, str] = {}
        self._moments = moments or Moments()

    def start(self, campaign_id: str, file_name: str, mail_id: str, version: str) -> None:
        self._moments.reached("before start")
        self.versions.setdefault(campaign_id, version)
        self.started.setdefault(campaign_id, (file_name, mail_id))
        document = {"file_name": file_name, "mail_id": mail_id}
        self.run(campaign_id, document | ({"version_id": version} if version else {}))

    def run(self, name: str, document: Mapping[str, object]) -> None:
        self._moments.reached("before run")
        if name not in self.inputs:
            self.inputs[name] = dict(document)
            self.running.add(name)

    def is_running(self, name: str) -> bool:
        self._moments.reached("before look")
        return name in self.running

    def end(self, name: str, reason: str) -> None:
        if name in self.running:
            self.running.remove(name)
            self.ended[name] = reason
