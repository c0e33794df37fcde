"""Files that can be downloaded, in a set."""


class FakeDownloads:
    """The campaigns that have a report.csv; who asked is remembered."""

    def __init__(self, *campaign_ids: str) -> None:
        self.campaign_ids = set(campaign_ids)
        self.asked: list[str] = []

    def report(self, campaign_id: str, seconds: int) -> str:
        self.asked.append(campaign_id)
        found = campaign_id in self.campaign_ids
        return f"https://files.example.com/{campaign_id}?signed&seconds={seconds}" if found else ""
