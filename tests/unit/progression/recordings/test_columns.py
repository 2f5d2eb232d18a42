"""Recordings become columns, and what is known of each burst stays beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from twitch_tracker.history import TaskKind
from twitch_tracker.progression.recordings.columns import columns_of
from twitch_tracker.regions import Side


def test_what_was_cut_off_stays_beside_its_duration(recording):
    """A burst without a length is left out, and so is what is known of it."""

    def told(day, durations, onset_cut, offset_cut, bilateral):
        given = recording(day, durations)
        totals = replace(
            given.sides[Side.LEFT],
            onset_cut=np.array(onset_cut, bool),
            offset_cut=np.array(offset_cut, bool),
            bilateral=bilateral,
        )
        return replace(given, sides={**given.sides, Side.LEFT: totals})

    recordings = (
        told(0, [1.0, 0.0, 2.0], [0, 1, 1], [0, 1, 0], 1),
        recording(1),
        told(2, [4.0], [0], [1], 0),
    )
    first_day = recordings[0].started_at.date()
    left = columns_of(TaskKind.REST, recordings, first_day).sides[Side.LEFT]
    assert left.durations.values.tolist() == [1.0, 2.0, 4.0]
    assert left.durations.onset_cut.tolist() == [False, True, False]
    assert left.durations.offset_cut.tolist() == [False, False, True]
    assert left.bilateral.tolist() == [1.0, 0.0, 0.0]
    for other in (left.pauses, left.excursions):
        assert not other.onset_cut.any()
        assert len(other.onset_cut) == len(other.offset_cut) == len(other.values)
