"""README's commands, word for word, as somebody types them who has nothing but README; it goes on beside the others."""

from concurrent.futures import Future

import pytest

pytestmark = [pytest.mark.cloud, pytest.mark.late]

_PATIENCE = 480.0  # seconds; each command gives up sooner


def test_readme_can_be_followed_word_for_word(newcomer: Future[None]) -> None:
    newcomer.result(_PATIENCE)
