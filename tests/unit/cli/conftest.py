"""Commands that each begin with a journal of their own."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def _quickly(quick_new_journals: object) -> None:
    """New journals take no tenth of a second."""
