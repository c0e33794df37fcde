"""The state machine's executions."""

from tests.fakes.moments import Moments


class FakeExecutions:
    """What was started, by name; a name is started once."""

    def __init__(self, moments: Moments | None = None) -> None:
        self.started: dict[str, tuple[str, str]] = {}
        self.versions: dict[str, str] = {}
        self._moments = moments or Moments()

    def start(self, campaign_id: str, file_name: str, mail_id: str, version: str) -> None:
        self._moments.reached("before start")
        self.versions.setdefault(campaign_id, version)
        self.started.setdefault(campaign_id, (file_name, mail_id))
