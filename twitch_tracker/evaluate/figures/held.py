"""Whether long contractions are logged as what they are.

A contraction of half a minute that is logged as ten bursts is found by every count of
overlaps; for a patient it is ten short bursts instead of a long one. These figures ask
for one burst over most of it, for the time in spasm of a recording, and for bursts on a
side that did nothing.
"""

from __future__ import annotations

import math
from typing import Final

from twitch_tracker.evaluate.figures.estimates import FigureOfScores, Share
from twitch_tracker.evaluate.recordings import RecordingScore
from twitch_tracker.evaluate.times import total_s
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import SIDES

__all__ = ["COVERED", "HELD", "HELD_S", "held_as_one"]

HELD_S: Final = {
    "held_1_to_3_s": (1.0, 3.0),
    "held_3_to_20_s": (3.0, 20.0),
    "held_over_20_s": (20.0, math.inf),
}
"""Lengths of held contractions that are reported apart."""

COVERED: Final = 0.8
"""One burst must cover this share of a held contraction."""

WITHIN: Final = 0.1
"""Logged time in spasm may be wrong by this share of the true time."""

DUTY: Final = (0.05, 0.9)
"""Shares of a recording in spasm for which its time in spasm is asked."""


def _held(score: RecordingScore, low_s: float, high_s: float) -> list[Episode]:
    source = score.source
    if source is None:
        return []
    return [
        burst
        for burst in source.truth
        if burst.kind is EpisodeKind.TONIC and low_s <= burst.span.duration_s < high_s
    ]


def _as_one(score: RecordingScore, burst: Episode) -> bool:
    """Return whether one logged burst of its side covers most of it."""
    source = score.source
    return source is not None and any(
        logged.side is burst.side
        and logged.span.overlap_s(burst.span) >= COVERED * burst.span.duration_s
        for logged in source.logged
    )


def held_as_one(low_s: float, high_s: float = math.inf) -> Share:
    """Return the share of held contractions of some lengths logged as one burst each.

    Parameters
    ----------
    low_s, high_s : float
        Their lengths, the upper one excluded.
    """

    def found(score: RecordingScore) -> float:
        return sum(_as_one(score, burst) for burst in _held(score, low_s, high_s))

    return Share(found, lambda score: len(_held(score, low_s, high_s)))


def _spasm_s(bursts: tuple[Episode, ...]) -> float:
    """Return seconds of bursts, of both sides added up."""
    spans = {side: [b.span for b in bursts if b.side is side] for side in SIDES}
    return sum(total_s(own) for own in spans.values())


def _asked(score: RecordingScore) -> bool:
    """Return whether a recording's time in spasm is asked for."""
    source = score.source
    if source is None or not source.truth or not score.recorded_s > 0:
        return False
    return DUTY[0] <= _spasm_s(source.truth) / score.recorded_s <= DUTY[1]


def _right_time(score: RecordingScore) -> float:
    source = score.source
    if source is None or not _asked(score):
        return 0.0
    ratio = _spasm_s(source.logged) / _spasm_s(source.truth)
    return float(abs(ratio - 1.0) <= WITHIN)


def _strange_side(score: RecordingScore) -> float:
    """Return the logged bursts on a side, while only the other side had one."""
    source = score.source
    if source is None:
        return 0.0
    return sum(
        not any(_meets(burst, true, same=True) for true in source.truth)
        and any(_meets(burst, true, same=False) for true in source.truth)
        for burst in source.logged
    )


def _meets(burst: Episode, true: Episode, *, same: bool) -> bool:
    return (true.side is burst.side) is same and burst.span.overlap_s(true.span) > 0


HELD: Final[dict[str, FigureOfScores]] = {
    **{name: held_as_one(*bounds) for name, bounds in HELD_S.items()},
    "spasm_time_within_10pct": Share(_right_time, lambda s: float(_asked(s))),
    "strange_side_bursts": Share(
        _strange_side, lambda s: s.logged_count, of=_strange_side, bounded=False
    ),
}
"""Figures of long contractions, by name."""
