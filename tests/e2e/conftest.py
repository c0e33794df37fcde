"""The deployed Hato, for tests that know nothing of its code."""

import pytest

from hato.access import Access
from hato.local.cloud import LocalCloud
from tests.e2e.plain_aws import PlainAws


@pytest.fixture(scope="session")
def aws(cloud: LocalCloud, deployed: Access) -> PlainAws:
    """The stack on the local cloud, by its outputs."""
    return PlainAws(cloud.endpoint_url, cloud.region, deployed.stack, cloud.inbox_url)
