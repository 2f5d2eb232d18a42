"""How the bursts are now against a while ago: the one thing a person asks first.

Compared are a week with the week before, or with the days before a treatment that lies
in between; never are days before and after a treatment, or of another camera, put
together, nor bursts that a person checked with those that were found. A comparison of a few days is no trend and says nothing of years: that is
`trends`. Note: where the interval of the ratio reaches one it is "as often as", and
where it is so wide that a threefold change could hide in it, nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.history import (
    LoggedRecording,
    PatientHistory,
    TaskKind,
    Treatment,
    TreatmentKind,
)
from twitch_tracker.progression.change.windows import (
    Compared,
    Window,
    compare,
    daily_noise,
)
from twitch_tracker.progression.latest import latest_basis
from twitch_tracker.progression.recordings.breaks import breaks_of, since_the_last
from twitch_tracker.progression.recordings.choose import choose
from twitch_tracker.progression.recordings.columns import Columns, columns_of
from twitch_tracker.progression.recordings.phases import (
    EFFECT_DAYS,
    ONSET_DAY,
    treatments_of,
)
from twitch_tracker.progression.results import MOSTLY, Estimate
from twitch_tracker.progression.standing import standing_clear
from twitch_tracker.progression.statistics.noise import NoiseGrid
from twitch_tracker.regions import SIDES, Side

__all__ = ["Against", "Direction", "Glance", "glance_of"]

_WEEK_DAYS: Final = 7
_MONTH_DAYS: Final = 28
_OPERATION_DAYS: Final = 365
_OPERATION_BEFORE_DAYS: Final = 90
_AFTER_DAYS: Final = 21
"""After a treatment the latest three weeks are "now": in so many an injection wears off."""

_FOLD: Final = 3.0
"""No ratio beyond this, up or down, may lie in an interval that is "as often as"."""

_NORMAL: Final = 1.96
_NONE_COUNTED: Final = 0.5
"""Bursts that stand for none where a variance is divided."""

_MOST_NEEDED: Final = 10

_LEAST_MIN: Final = 1.0
"""In less than a minute no burst is nothing: a side with one a minute has none in every
third minute."""


class Against(StrEnum):
    """With what the latest days are compared."""

    WEEK = "week"
    MONTH = "month"
    INJECTION = "injection"
    OPERATION = "operation"
    OTHER = "other"


class Direction(StrEnum):
    """How often bursts are now."""

    FEWER = "fewer"
    SAME = "same"
    MORE = "more"
    NONE = "none"
    MISTAKES = "mistakes"
    MOSTLY = "mostly"
    UNSURE = "unsure"
    TOO_EARLY = "too_early"


_SAYS_LITTLE: Final = (Direction.UNSURE, Direction.SAME, Direction.FEWER)
"""What is said of how often bursts begin and says nothing of bursts that hardly ever end."""


@dataclass(frozen=True, kw_only=True)
class Glance:
    """How the bursts are now, of the side that stood clear of false alarms first.

    Attributes
    ----------
    side : Side
        Whose bursts.
    kind : TaskKind
        Of which tasks.
    against : Against
        With what is compared.
    direction : Direction
        What came of it; `MOSTLY` where bursts take at least half of the time now, and no more
        begin than before; `MISTAKES` where no side has more bursts than the program finds
        by mistake; `TOO_EARLY` in the days in which an injection does not act yet.
    since : date or None
        Day of the treatment; None for a week or a month.
    first_on, last_on : date
        First and last day of the recordings that are "now".
    now, before : Estimate
        Bursts that begin per minute without one.
    ratio : Estimate
        Now over before; NaN when it cannot be determined.
    minutes : float
        Analysable minutes of now.
    time_share : float
        Share of them in bursts; NaN without any.
    more_recordings : int
        About how many further recordings would do where nothing can be said; 0 where
        that cannot be said.
    """

    side: Side
    kind: TaskKind
    against: Against
    direction: Direction
    since: date | None
    first_on: date
    last_on: date
    now: Estimate
    before: Estimate
    ratio: Estimate
    minutes: float
    time_share: float
    more_recordings: int


def glance_of(history: PatientHistory) -> Glance | None:
    """Compare the latest days of a person with those before.

    Parameters
    ----------
    history : PatientHistory
        What the journal holds.

    Returns
    -------
    Glance or None
        Of the first kind of task that was recorded, at rest if there is any; None
        without a recording that can be measured.
    """
    chosen = choose(history.recordings, None, None)
    if not chosen.recordings:
        return None
    columns = _columns(chosen.recordings, history.treatments)
    clear = list(standing_clear([columns]))
    side = clear[0] if clear else _side(columns)
    noise = daily_noise(columns, side, history.treatments)
    windows = _windows(columns, side, history.treatments)
    found = _look(columns, side, windows, noise)
    late = _after_an_operation(columns, side, history.treatments)
    if found.direction is Direction.UNSURE and windows.since is None and late:
        again = _look(columns, side, late, noise)
        if again.direction in (Direction.FEWER, Direction.MORE):
            found = again
    if not clear and columns.sides[side].bursts.sum() > 0:
        return replace(found, direction=Direction.MISTAKES)
    if found.time_share >= MOSTLY and found.direction in _SAYS_LITTLE:
        return replace(found, direction=Direction.MOSTLY)
    return found


def _look(columns: Columns, side: Side, windows: _Windows, noise: NoiseGrid) -> Glance:
    """Compare two stretches of a side."""
    compared = compare(columns, side, windows.before, windows.now, noise)
    inside = columns.day >= windows.now[0]
    last = float(columns.day[-1])
    first = float(columns.day[inside][0]) if inside.any() else last
    return Glance(
        side=side,
        kind=columns.kind,
        against=windows.against,
        direction=_direction(compared, windows, columns, side),
        since=windows.since,
        first_on=columns.date_of(first),
        last_on=columns.date_of(last),
        now=compared.second,
        before=compared.first,
        ratio=compared.ratio,
        minutes=compared.minutes,
        time_share=_time_share(columns, side, windows.now),
        more_recordings=_more(compared.ratio, columns, side, windows),
    )


def _time_share(columns: Columns, side: Side, window: Window) -> float:
    """Return the share of a stretch's analysable time in bursts."""
    inside = (columns.day >= window[0]) & (columns.day < window[1])
    watched_s = 60 * float(columns.minutes[inside].sum())
    busy_s = float(columns.sides[side].spasm_s[inside].sum())
    return busy_s / watched_s if watched_s > 0 else math.nan


def _columns(
    recordings: Sequence[LoggedRecording], treatments: Sequence[Treatment]
) -> Columns:
    """Choose recordings of the first kind since the last break, by the last device.

    Of bursts that a person checked or of those that were found, as the latest ones are.
    """
    first_day = recordings[0].started_at.date()
    kind = next(k for k in TaskKind if any(r.task.kind is k for r in recordings))
    rows = [r for r in recordings if r.task.kind is kind]
    columns = columns_of(kind, rows, first_day)
    kept = since_the_last([columns], breaks_of([columns], treatments)).get(0, columns)
    device = next((r.device for r in reversed(kept.recordings) if r.device), "")
    alike = [r for r in kept.recordings if not r.device or r.device == device]
    last = columns_of(kind, alike, first_day)
    wanted = latest_basis(last)
    rows = [r for r, own in zip(alike, last.basis, strict=True) if own == wanted]
    return columns_of(kind, rows, first_day)


def _side(columns: Columns) -> Side:
    """Return the side with most bursts; of none the right one."""
    counts = {side: float(columns.sides[side].bursts.sum()) for side in SIDES}
    return max(counts, key=lambda side: (counts[side], side is Side.RIGHT))


# --- what is compared -------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Windows:
    against: Against
    since: date | None
    before: Window
    now: Window
    too_early: bool = False


def _windows(columns: Columns, side: Side, treatments: Sequence[Treatment]) -> _Windows:
    """Find two stretches with no treatment between but at their border."""
    last = float(columns.day[-1])
    marked = _latest_mark(columns, side, treatments)
    if marked is not None:
        return _around(columns, marked, last)
    now = (last - _WEEK_DAYS + 1, last + 1)
    for against, days in ((Against.WEEK, _WEEK_DAYS), (Against.MONTH, _MONTH_DAYS)):
        before = (now[0] - days, now[0])
        if _any(columns, before):
            return _Windows(against=against, since=None, before=before, now=now)
    # Recordings far apart: the last one against those of half a year before.
    now = (last, last + 1)
    before = (last - 182, last)
    return _Windows(against=Against.MONTH, since=None, before=before, now=now)


def _after_an_operation(
    columns: Columns, side: Side, treatments: Sequence[Treatment]
) -> _Windows | None:
    """Return the latest three weeks and the days before the last operation.

    However old it is. Where hardly any burst is left, weeks say too little of each other.
    """
    last = float(columns.day[-1])
    given = treatments_of(treatments, TreatmentKind.MICROVASCULAR_DECOMPRESSION, side)
    past = [t for t in given if t.on < columns.date_of(last)]
    return _around(columns, max(past, key=lambda t: t.on), last) if past else None


def _any(columns: Columns, window: Window) -> bool:
    return bool(((columns.day >= window[0]) & (columns.day < window[1])).any())


def _latest_mark(
    columns: Columns, side: Side, treatments: Sequence[Treatment]
) -> Treatment | None:
    """Return the latest treatment that may act on a side and still matters."""
    last = columns.date_of(float(columns.day[-1]))
    reach = {
        TreatmentKind.BOTULINUM_TOXIN: EFFECT_DAYS,
        TreatmentKind.MICROVASCULAR_DECOMPRESSION: _OPERATION_DAYS,
        TreatmentKind.OTHER: _MONTH_DAYS,
    }
    found = [
        t
        for kind, days in reach.items()
        for t in treatments_of(treatments, kind, side)
        if 0 <= (last - t.on).days <= days
    ]
    return max(found, key=lambda t: t.on, default=None)


_AGAINST: Final = {
    TreatmentKind.BOTULINUM_TOXIN: Against.INJECTION,
    TreatmentKind.MICROVASCULAR_DECOMPRESSION: Against.OPERATION,
    TreatmentKind.OTHER: Against.OTHER,
}


def _around(columns: Columns, treatment: Treatment, last: float) -> _Windows:
    """Return the latest three weeks after a treatment, and the days before it."""
    day = float((treatment.on - columns.first_day).days)
    against = _AGAINST[treatment.kind]
    operation = against is Against.OPERATION
    reach = _OPERATION_BEFORE_DAYS if operation else _MONTH_DAYS
    begins = day + (ONSET_DAY if against is Against.INJECTION else 1)
    early = last < begins
    now = (max(begins, last - _AFTER_DAYS + 1), last + 1)
    return _Windows(
        against=against,
        since=treatment.on,
        before=(day - reach, day),
        now=(day, last + 1) if early else now,
        too_early=early,
    )


# --- what comes of it -------------------------------------------------------------


def _direction(
    compared: Compared, windows: _Windows, columns: Columns, side: Side
) -> Direction:
    if windows.too_early:
        return Direction.TOO_EARLY
    ratio = compared.ratio
    if not columns.sides[side].bursts.sum() > 0:
        return Direction.NONE if compared.minutes >= _LEAST_MIN else Direction.UNSURE
    if not all(map(math.isfinite, (ratio.value, ratio.low, ratio.high))):
        return Direction.UNSURE
    if ratio.high < 1:
        return Direction.FEWER
    if ratio.low > 1:
        return Direction.MORE
    near = ratio.low >= 1 / _FOLD and ratio.high <= _FOLD
    return Direction.SAME if near else Direction.UNSURE


def _more(ratio: Estimate, columns: Columns, side: Side, windows: _Windows) -> int:
    """Count the recordings like these that would do, if the ratio stays as it is.

    Enough is where the interval no longer holds both one and a threefold change. Its
    variance is shared out between both stretches by their bursts; more recordings only
    help the later one.
    """
    if not columns.sides[side].bursts.sum() > 0:
        return 1
    if not (ratio.low > 0 and math.isfinite(ratio.high) and ratio.high > ratio.low):
        return 0
    variance = (math.log(ratio.high / ratio.low) / (2 * _NORMAL)) ** 2
    moved = abs(math.log(ratio.value))
    enough = (max(moved, math.log(_FOLD) - moved) / _NORMAL) ** 2
    before, now = (
        1 / max(_bursts(columns, columns.sides[side].bursts, window), _NONE_COUNTED)
        for window in (windows.before, windows.now)
    )
    later = variance * now / (before + now)
    recordings = int(
        ((columns.day >= windows.now[0]) & (columns.day < windows.now[1])).sum()
    )
    for more in range(1, _MOST_NEEDED + 1):
        if variance - later + later * recordings / (recordings + more) <= enough:
            return more
    return 0


def _bursts(columns: Columns, bursts: NDArray[np.float64], window: Window) -> float:
    inside = (columns.day >= window[0]) & (columns.day < window[1])
    return float(bursts[inside].sum())
