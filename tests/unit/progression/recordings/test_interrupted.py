"""A long burst that was logged in pieces is one burst to whoever counts and times bursts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.history import TaskKind
from twitch_tracker.progression.recordings.columns import columns_of
from twitch_tracker.regions import Side


@pytest.fixture
def left(recording):
    """The left side of recordings of which durations, pauses and cuts are stated."""

    def columns(*stated):
        made = []
        for day, (durations, pauses, first_cut, last_cut) in enumerate(stated):
            given = recording(day, durations)
            cut = np.zeros((2, len(durations)), bool)
            cut[0, 0], cut[1, -1] = first_cut, last_cut
            totals = replace(
                given.sides[Side.LEFT],
                pauses_s=np.array(pauses, np.float32),
                onset_cut=cut[0],
                offset_cut=cut[1],
            )
            made.append(replace(given, sides={**given.sides, Side.LEFT: totals}))
        first = made[0].started_at.date()
        return columns_of(TaskKind.REST, made, first).sides[Side.LEFT]

    return columns


def test_a_long_burst_in_three_pieces_is_one(left):
    """Its pauses are none, and what the ends of the recording cut stays cut."""
    own = left(([30.0, 20.0, 25.0], [0.4, 0.9], True, False))
    assert own.durations.values == pytest.approx([76.3])
    assert own.durations.onset_cut.tolist() == [True]
    assert own.durations.offset_cut.tolist() == [False]
    assert not len(own.pauses.values)
    assert (own.onsets.tolist(), own.ends.tolist()) == ([0.0], [1.0])
    # What was logged stays what it is.
    assert own.bursts.tolist() == [3.0]
    assert own.spasm_s == pytest.approx([75.0])


def test_short_bursts_in_quick_succession_stay_apart(left):
    """Contractions of a train are bursts of their own, however near they lie."""
    own = left(([0.8, 0.5, 1.2, 2.0], [0.35, 0.5, 0.4], False, False))
    assert own.durations.count.tolist() == [4.0]
    assert own.pauses.values == pytest.approx([0.35, 0.5, 0.4])


def test_a_pause_of_more_than_a_second_is_one(left):
    """However long the bursts are."""
    own = left(([90.0, 60.0], [1.2], False, False))
    assert own.durations.count.tolist() == [2.0]


def test_pauses_that_were_not_watched_are_allowed_for(left):
    """Of three bursts with one watched pause nobody knows between which it lies."""
    own = left(
        ([30.0, 20.0, 25.0], [0.4], False, False),
        ([30.0, 20.0, 0.5], [0.4], False, False),
        ([30.0, 20.0], [0.4], False, False),
    )
    # Between any two of the first; perhaps beside the short one of the second.
    assert own.durations.count.tolist() == [2.0, 2.0, 1.0]


def test_recordings_are_not_put_together(left):
    """The last burst of one and the first of the next are two."""
    own = left(([60.0], [], False, True), ([60.0], [], True, False))
    assert own.durations.count.tolist() == [1.0, 1.0]


def test_what_a_recording_cut_off_lasted_longer_than_was_seen(left):
    """Seven seconds of a burst that had begun before: a pause of half a second is none."""
    assert left(([7.0], [], True, False)).durations.count.tolist() == [1.0]
    cut = left(([7.0, 2.0], [0.5], True, False))
    assert cut.durations.values == pytest.approx([9.5])
    whole = left(([7.0, 2.0], [0.5], False, False))
    assert whole.durations.values == pytest.approx([7.0, 2.0])
