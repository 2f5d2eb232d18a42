"""Cut-off and bilateral bursts are told of every detector alike."""

from __future__ import annotations

from dataclasses import replace

from twitch_tracker.episodes.detector import Detection
from twitch_tracker.episodes.marking import detect_and_mark
from twitch_tracker.regions import Side
from twitch_tracker.timebase import Interval


class Claims:
    """A detector that finds what it is told to."""

    name = "claims"

    def __init__(self, *episodes):
        self.found = Detection(episodes=episodes, blinks=(), near_misses=())

    def parameters(self):
        return {}

    def score(self, motion):
        raise NotImplementedError

    def detect(self, motion):
        return self.found


def test_every_burst_is_marked_whoever_found_it(session):
    """The face is missing in the tenth second of the recording."""
    right = session.episodes[0]

    def at(start_s, end_s, side=Side.RIGHT):
        return replace(right, span=Interval(start_s=start_s, end_s=end_s), side=side)

    given = (at(0, 1), at(3, 4), at(3.5, 5, Side.LEFT), at(8, 9))
    marked = detect_and_mark(Claims(*given), session.motion).episodes
    assert [e.onset_cut for e in marked] == [True, False, False, False]
    assert [e.offset_cut for e in marked] == [False, False, False, True]
    assert [e.bilateral for e in marked] == [False, True, True, False]
    back = (
        replace(e, onset_cut=False, offset_cut=False, bilateral=False) for e in marked
    )
    assert repr(tuple(back)) == repr(given), "nothing else changed"
