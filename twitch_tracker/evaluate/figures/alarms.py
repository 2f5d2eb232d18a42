"""What was going on around the false alarms.

Knows that a false alarm belongs to every known event that it comes within
`NEAR_S` of, so the rows of the table may add up to more than all alarms; one
that belongs to none is under `NOTHING`. The minutes are those around the
events of the kind, clipped to what could be measured.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from twitch_tracker.evaluate.figures.estimates import Scores, Share, estimate
from twitch_tracker.evaluate.recordings import RecordingScore
from twitch_tracker.evaluate.times import shared, total_s, without
from twitch_tracker.records import Episode
from twitch_tracker.records.estimates import Estimate
from twitch_tracker.timebase import Interval

__all__ = ["NEAR_S", "NOTHING", "TRUE_BURST", "AlarmContext", "alarms_around", "around"]

NEAR_S: Final = 0.3
"""A false alarm this close to an event is counted for it."""

TRUE_BURST: Final = "true burst"
"""Near a true burst, of either side, that it does not match."""

NOTHING: Final = "nothing noted"
"""Near no event that the truth holds."""


@dataclass(frozen=True, kw_only=True)
class AlarmContext:
    """False alarms around one kind of event.

    Attributes
    ----------
    event : str
        E.g. ``blink``, or `TRUE_BURST`, or `NOTHING`.
    events : int
        How many of them the truth holds; 0 for `NOTHING`.
    minutes : float
        Time around them.
    alarms : int
        False alarms in that time.
    per_min : Estimate
        Alarms per such minute.
    """

    event: str
    events: int
    minutes: float
    alarms: int
    per_min: Estimate


def _events(score: RecordingScore) -> Iterator[tuple[str, Interval]]:
    """Yield everything known to have happened, by name."""
    if score.source is not None:
        for other in score.source.others:
            yield other.event, other.span
        for burst in score.source.truth:
            yield TRUE_BURST, burst.span


def _near(score: RecordingScore, event: str) -> list[Interval]:
    return [span.widened(NEAR_S) for name, span in _events(score) if name == event]


def around(score: RecordingScore, alarm: Episode) -> tuple[str, ...]:
    """Return what was going on around a false alarm.

    Returns
    -------
    tuple of str
        Names of events, sorted; only `NOTHING` when there are none.
    """
    close = {n for n, span in _events(score) if span.gap_s(alarm.span) <= NEAR_S}
    return tuple(sorted(close)) or (NOTHING,)


def _watched(score: RecordingScore) -> list[Interval]:
    """Return all time that could be measured; empty when the length is not known."""
    if score.source is None or not math.isfinite(score.recorded_s):
        return []
    whole = [Interval(start_s=0.0, end_s=score.recorded_s)]
    return without(whole, score.source.excluded)


def _time(score: RecordingScore, event: str) -> list[Interval]:
    """Return the measured time around the events of a kind, or around none."""
    watched = _watched(score)
    if event != NOTHING:
        return shared(watched, _near(score, event))
    return without(watched, (span.widened(NEAR_S) for _, span in _events(score)))


def _alarms(event: str) -> Callable[[RecordingScore], float]:
    def count(score: RecordingScore) -> float:
        alarms: Iterable[Episode] = score.matching.false_alarms
        return sum(event in around(score, alarm) for alarm in alarms)

    return count


def alarms_around(
    scores: Scores, *, seed: int = 0, draws: int = 2000
) -> tuple[AlarmContext, ...]:
    """Compute false alarms by what was going on.

    Returns
    -------
    tuple of AlarmContext
        Most alarms first.
    """
    names = {name for score in scores for name, _ in _events(score)}
    made = [_context(scores, name, seed, draws) for name in (*sorted(names), NOTHING)]
    return tuple(sorted(made, key=lambda context: -context.alarms))


def _context(scores: Scores, event: str, seed: int, draws: int) -> AlarmContext:
    alarms = _alarms(event)

    def minutes(score: RecordingScore) -> float:
        return total_s(_time(score, event)) / 60

    timed = Share(lambda s: alarms(s) if _watched(s) else 0.0, minutes, bounded=False)
    return AlarmContext(
        event=event,
        events=sum(len(_near(score, event)) for score in scores),
        minutes=math.fsum(map(minutes, scores)),
        alarms=round(math.fsum(map(alarms, scores))),
        per_min=estimate(timed, scores, seed=seed, draws=draws),
    )
