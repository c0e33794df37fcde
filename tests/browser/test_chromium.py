"""Where the browser is missing."""

import pytest

from tests.browser.chromium import is_required


@pytest.mark.parametrize(
    ("environment", "required"),
    [
        ({}, False),
        ({"CI": "true"}, True),
        ({"HATO_BROWSER": "required"}, True),
        ({"CI": "", "HATO_BROWSER": ""}, False),
    ],
)
def test_tests_fail_without_it_in_ci_and_where_it_is_required_and_are_skipped_elsewhere(environment, required) -> None:
    assert is_required(environment) is required
