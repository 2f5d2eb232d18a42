"""What stays in memory is set aside, and still let go of when it is thrown away."""

from __future__ import annotations

import gc
import weakref

import pytest

from twitch_tracker.app import freezing


class Ring:
    """Something that only Python's search for unused memory can let go of."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture
def watched(monkeypatch):
    """Every search counts as slow; afterwards all is as it was."""
    monkeypatch.setattr(freezing, "_SLOW_S", -1.0)
    before = list(gc.callbacks)
    freezing.freeze_objects()
    yield
    gc.callbacks[:] = before
    gc.unfreeze()


def test_what_survives_a_slow_search_is_set_aside(watched):
    kept = Ring()
    gc.collect()
    assert gc.get_freeze_count() > 0
    gone = weakref.ref(kept)
    del kept
    gc.collect()
    assert gone() is not None, "it is not looked at any more"
    freezing.look_again()
    assert gone() is None


def test_a_quick_search_sets_nothing_aside(watched, monkeypatch):
    monkeypatch.setattr(freezing, "_SLOW_S", 1e9)
    gc.unfreeze()
    gc.collect()
    assert gc.get_freeze_count() == 0


def test_what_pages_were_working_with_is_let_go_of_later(watched, monkeypatch):
    """Every slow search sets aside what is in use just then; that must not add up."""
    in_use = [Ring() for _ in range(100)]
    gc.collect()
    gone = [weakref.ref(one) for one in in_use]
    del in_use
    gc.collect()
    assert all(one() is not None for one in gone)
    monkeypatch.setattr(freezing, "_EVERY_S", 0.0)
    gc.collect()
    assert not any(one() is not None for one in gone)


def test_memory_is_flat_while_everything_is_slow(watched, monkeypatch):
    monkeypatch.setattr(freezing, "_EVERY_S", 0.0)
    counts = []
    for _ in range(6):
        in_use = [Ring() for _ in range(1000)]
        gc.collect()
        counts.append(gc.get_freeze_count())
        del in_use
    assert max(counts[2:]) - min(counts[2:]) < 500, "a thousand more each time before"
