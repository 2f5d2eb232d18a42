"""What every journal promises of numbers that an older version did not know."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import select, update

from twitch_tracker.history import Basis
from twitch_tracker.journal.entries import ReviewAction
from twitch_tracker.journal.store.schema import episodes, revisions
from twitch_tracker.journal.upkeep import recomputing
from twitch_tracker.journal.upkeep.checking_rows import digest_of_revision
from twitch_tracker.records import MotionSignals
from twitch_tracker.regions import Side

FRAMES = 6_000
"""Ten minutes, ten pictures a second."""


def signals_seen() -> MotionSignals:
    """Eyes that close to a half at times; seconds 9.5 to 10 were not measured."""
    time_s = np.arange(FRAMES) / 10
    both = np.ones((FRAMES, 2), np.float32)
    both[::4] = 0.5
    none = np.full(FRAMES, np.nan, np.float32)
    return MotionSignals(
        time_s=time_s,
        usable=(time_s < 9.5) | (time_s >= 10),
        frame_s=np.full(FRAMES, 0.1),
        reasons=((),) * FRAMES,
        pose_deg=np.zeros((FRAMES, 3), np.float32),
        interocular_px=np.full(FRAMES, 100, np.float32),
        aperture=both,
        aperture_mm=both * 9,
        patch_closure=np.full((FRAMES, 2), np.nan, np.float32),
        look=np.full((FRAMES, 2), np.nan, np.float32),
        beside_mouth_io=np.full((FRAMES, 2, 2), np.nan, np.float32),
        mouth_open_io=none,
        rest_weight=none,
        own_open=(0.3, 0.3),
        mm_per_interocular=90.0,
        scores={},
    )


@pytest.fixture
def old(journal, make_analysis, tmp_path):
    """A reviewed recording with signals, as the first version left it.

    It did not look for eyes that were hardly ever open.
    """
    signals = tmp_path / "signals.parquet"
    signals.write_bytes(os.urandom(5_000))
    journal.log("anna", make_analysis(signals=signals))
    (entry,) = journal.recordings("anna")
    for key in ("d1", "d2", "d3", "d4"):
        journal.review(entry.recording_id, "eva", ReviewAction.CONFIRM, key)
    journal.finish_review(entry.recording_id, "eva")
    return journal


def row_of(journal):
    with journal._database.read() as connection:
        (row,) = recomputing.lacking(connection)
        return row


def test_what_was_not_known_is_measured_from_kept_signals(old, monkeypatch) -> None:
    monkeypatch.setattr(recomputing, "read_signals", lambda _: signals_seen())
    before = old.history("anna", basis=Basis.REVIEWED).recordings[0]
    assert np.isnan(before.face.closure_reach_left)
    assert not before.sides[Side.RIGHT].offset_cut.any()

    found = old.recompute()

    assert (len(found.done), found.unreadable) == (1, ())
    for basis in (Basis.DETECTED, Basis.REVIEWED):
        after = old.history("anna", basis=basis).recordings[0]
        assert after.face.closure_reach_left == pytest.approx(0.5, abs=0.01)
        # The burst of 10.0 to 10.5 s was there when measuring went on.
        assert after.sides[Side.RIGHT].onset_cut.tolist() == [True, False, False]
        assert after.sides[Side.RIGHT].episodes == 3
    assert old.check() == ()
    assert old.changes("anna")[-1].action == "recompute"
    # Once is enough.
    assert old.recompute().done == ()


def test_bursts_of_a_version_that_looked_for_cuts_stay(old, monkeypatch) -> None:
    """Whatever the signals say: it was judged with more than these."""
    with old._database.write() as connection:
        connection.execute(update(revisions).values(hardly_open="[]"))
    monkeypatch.setattr(recomputing, "read_signals", lambda _: signals_seen())
    old.recompute()
    with old._database.read() as connection:
        cut = connection.execute(select(episodes.c.onset_cut)).scalars().all()
    assert not any(cut)


def test_signals_that_cannot_be_read_change_nothing(old) -> None:
    before = row_of(old)
    found = old.recompute()
    assert found.done == ()
    assert len(found.unreadable) == 1
    assert dict(row_of(old)) == dict(before)
    assert old.check() == ()


def test_a_recording_without_signals_lacks_nothing_that_could_be_had(
    journal, make_analysis
) -> None:
    journal.log("anna", replace(make_analysis(), signals=None))
    found = journal.recompute()
    assert (found.done, found.unreadable) == ((), ())


def test_the_hash_follows_the_numbers(old, monkeypatch) -> None:
    before = row_of(old)
    monkeypatch.setattr(recomputing, "read_signals", lambda _: signals_seen())
    old.recompute()
    with old._database.read() as connection:
        wanted = select(revisions.c.digest).where(revisions.c.id == before["id"])
        after = connection.execute(wanted).scalar_one()
        assert after != before["digest"]
        assert digest_of_revision(connection, before) != after
