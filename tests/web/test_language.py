"""Which language a page is in."""

import pytest

from chalicelib.web.language import preferred


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ja", "ja"),
        ("ja-JP", "ja"),
        ("JA", "ja"),
        ("en-US,en;q=0.9", "en"),
        ("ja,en-US;q=0.9,en;q=0.8", "ja"),
        ("en-GB;q=0.7, ja;q=0.8", "ja"),
        ("en, ja", "en"),
        ("fr, de;q=0.5", "en"),
        ("fr, ja;q=0.1", "ja"),
        ("ja;q=0", "en"),
        ("*", "en"),
        ("ja;q=much", "en"),
        (";;q=,,=", "en"),
        ("ja;Q = 1", "ja"),
    ],
)
def test_it_is_the_one_that_the_browser_likes_best_and_else_english(header: str, language: str) -> None:
    assert preferred(header) == language
