"""An app whose door for phones is open on this computer."""

from __future__ import annotations

import pytest
from phones import PhoneSide

from twitch_tracker.app.phone import guard

HERE = "127.0.0.1"


@pytest.fixture(scope="module")
def side(serve_all):
    """One app for this module, whose door is open on this computer."""
    served = serve_all(phone_address=HERE, phone_port=0, step_s=1.0)
    with served.parts.journal() as journal:
        for name in ("anna", "bert"):
            journal.add_patient(name)
    return PhoneSide(served)


@pytest.fixture
def phone(side):
    with side.phone() as client:
        yield client


@pytest.fixture
def stranger(side):
    with side.stranger() as client:
        yield client


@pytest.fixture(autouse=True)
def strangers_may_ask(monkeypatch):
    """What strangers ask in one test is not held against those of the next."""
    monkeypatch.setattr(guard, "MOST_A_MINUTE", 100_000)
