"""Every test of delivery knows the kind `test.note`."""

import pytest

from tests.bot.delivery.scene import kinds  # noqa: F401  # a fixture


@pytest.fixture(autouse=True)
def _kinds(kinds: None) -> None:  # noqa: F811  # asked for by name
    """Register the kind for the time of the test."""
