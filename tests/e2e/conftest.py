"""The deployed Hato, for tests that know nothing of its code."""

import pytest

from hato.access import Access
from hato.local.cloud import LocalCloud
from tests.e2e.plain_aws import PlainAws
from tests.e2e.visitor import Visitor, visitor_of_a_campaign


@pytest.fixture(scope="session")
def aws(cloud: LocalCloud, deployed: Access) -> PlainAws:
    """The stack on the local cloud, by its outputs."""
    return PlainAws(cloud.endpoint_url, cloud.region, deployed.stack, cloud.inbox_url)


@pytest.fixture(scope="session")
def visitor(aws: PlainAws, deployed: Access) -> Visitor:
    """Somebody who may sign links to a campaign that has ended."""
    return visitor_of_a_campaign(aws, deployed)
