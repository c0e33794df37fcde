"""A report's numbers, held against what the simulated people did, with every event told twice and out of order."""

import pytest

from hato.access import Access
from hato.local.cloud import LocalCloud
from hato.truth.run import hold_against_truth

pytestmark = pytest.mark.cloud


def test_every_number_of_a_report_and_its_page_is_what_people_did(cloud: LocalCloud, deployed: Access) -> None:
    finding = hold_against_truth(cloud, deployed, 150, 7, lambda text: None)
    assert finding.wrong == []
    lively = ("delivered", "bounced", "soft_bounced", "opened", "clicked", "unsubscribed")
    assert all(finding.expected[name] for name in lively)
    assert finding.expected["human_opened"] < finding.expected["opened"]
    assert finding.expected["human_clicked"] < finding.expected["clicked"]
