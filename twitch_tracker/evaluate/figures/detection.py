"""How many bursts were found, missed and falsely logged.

Counts and their quotients only; nothing here looks at when or how a burst was.
"""

from __future__ import annotations

import math
from typing import Final

from twitch_tracker.evaluate.figures.estimates import (
    FigureOfScores,
    FromSums,
    Share,
    quotient,
)
from twitch_tracker.evaluate.recordings import RecordingScore
from twitch_tracker.evaluate.times import shared, total_s
from twitch_tracker.records import Episode

__all__ = [
    "ALARMS_PER_MIN",
    "COUNTS",
    "F1",
    "MATCHED",
    "PRECISION",
    "SENSITIVITY",
    "could_not_be_measured",
]


def _found(score: RecordingScore) -> int:
    return len(score.matching.found)


def _missed(score: RecordingScore) -> int:
    return len(score.matching.missed)


def _false(score: RecordingScore) -> int:
    return len(score.matching.false_alarms)


def _true(score: RecordingScore) -> int:
    return score.true_count


def _minutes(score: RecordingScore) -> float:
    return score.rate_s / 60 if math.isfinite(score.rate_s) else 0.0


def _timed_false(score: RecordingScore) -> float:
    """Return false alarms of recordings whose length is known."""
    return _false(score) if _minutes(score) > 0 else 0.0


def _untouched_minutes(score: RecordingScore) -> float:
    return 0.0 if _true(score) else _minutes(score)


def _untouched_false(score: RecordingScore) -> float:
    return 0.0 if _true(score) else _timed_false(score)


SENSITIVITY: Final = Share(_found, _true)
PRECISION: Final = Share(_found, lambda s: s.logged_count)
F1: Final = Share(
    lambda s: 2 * _found(s),
    lambda s: 2 * _found(s) + _missed(s) + _false(s),
    of=lambda s: _found(s) + _missed(s) + _false(s),
)
ALARMS_PER_MIN: Final = Share(_timed_false, _minutes, of=_timed_false, bounded=False)

MATCHED: Final[dict[str, FigureOfScores]] = {
    "sensitivity": SENSITIVITY,
    "precision": PRECISION,
    "f1": F1,
}
"""What is also computed under other rules."""


def could_not_be_measured(score: RecordingScore, burst: Episode) -> bool:
    """Return whether most of a burst lies in time that could not be measured."""
    holes = score.source.excluded if score.source else ()
    hidden_s = total_s(shared([burst.span], holes))
    return hidden_s > burst.span.duration_s / 2


COUNTS: Final[dict[str, FigureOfScores]] = {
    **MATCHED,
    "false_alarms_per_min": ALARMS_PER_MIN,
    "untouched_false_alarms_per_min": Share(
        _untouched_false, _untouched_minutes, of=_untouched_false, bounded=False
    ),
    "count_error": FromSums(
        lambda s: (_false(s) - _missed(s), _true(s)), quotient, of=_true
    ),
    "wrong_side_share": Share(lambda s: s.matching.wrong_side, _true),
}
"""Figures made of counts, by name."""
