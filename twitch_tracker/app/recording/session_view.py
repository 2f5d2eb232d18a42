"""A guided session on one card: compared with the last one, and its progress.

Note: only comparable days are compared. The last session is the last earlier day on
which the same kind of task was recorded with the same method; days and reasons are
those of the page that compares two days.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from twitch_tracker.app.recording.clips import Clip, ClipState
from twitch_tracker.history import PatientHistory, TaskKind
from twitch_tracker.language import say
from twitch_tracker.progression.comparing import (
    Day,
    SideBySide,
    common_tasks,
    day_of,
    days_recorded,
    obstacles,
    side_by_side,
)
from twitch_tracker.progression.results import ChartPoint, Estimate, Measure
from twitch_tracker.regions import SIDES, Side
from twitch_tracker.units import day_text
from twitch_tracker.wording.measures import interval_text, value_text
from twitch_tracker.wording.terms import KINDS, kind_title, side_name

__all__ = ["SessionCard", "Whole", "build_card", "how_far_in_all"]

_WIDEST: Final = 9.0
"""High over low end of a ratio from which on a threefold change could hide in it."""


# --- how far ----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Whole:
    """How far the analyses of a session are: parts that are over, of how many."""

    over: int
    of: int
    share: float


def how_far_in_all(clips: Sequence[Clip], shares: Sequence[float]) -> Whole:
    """Add up how far the analyses of some recordings are.

    Parameters
    ----------
    clips : sequence of Clip
        Of a session.
    shares : sequence of float
        How far each of them is, 0 to 1; looked at where it is not over.

    Returns
    -------
    Whole
        Weighed by length: a minute takes longer than seconds.
    """
    waits = {ClipState.WAITING, ClipState.ANALYSING}
    weights = [clip.filmed_s or 30.0 for clip in clips]
    done = [
        min(max(share, 0.0), 1.0) if clip.state in waits else 1.0
        for clip, share in zip(clips, shares, strict=True)
    ]
    total = sum(weights)
    return Whole(
        over=sum(clip.state not in waits for clip in clips),
        of=len(clips),
        share=sum(w * d for w, d in zip(weights, done, strict=True)) / total
        if total
        else 1.0,
    )


# --- the card ---------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One rate, and its interval; `interval` is empty without one."""

    value: str
    interval: str


@dataclass(frozen=True, kw_only=True)
class CardRow:
    """One side in one kind of task: now and last time."""

    key: str
    name: str
    now: Cell
    before: Cell


@dataclass(frozen=True, kw_only=True)
class SessionCard:
    """What is said of a session first.

    Attributes
    ----------
    sentence : str
        Against the last session.
    last : str
        The day of the last session; empty without one.
    rows : tuple of CardRow
        Bursts a minute.
    """

    sentence: str
    last: str
    rows: tuple[CardRow, ...]


Compare = Callable[[PatientHistory, TaskKind, Day, Day], SideBySide]
"""Puts two days side by side; `Courses.compared` keeps what it found."""


def build_card(
    history: PatientHistory, names: Sequence[str], compare: Compare = side_by_side
) -> SessionCard | None:
    """Compare a session with the last one.

    Parameters
    ----------
    history : PatientHistory
        Of the session's person.
    names : sequence of str
        The session's recordings in the journal.
    compare : callable
        `side_by_side`, or the same from memory.

    Returns
    -------
    SessionCard or None
        None when nothing of the session counts.
    """
    compared = [
        found
        for kind in KINDS
        if (found := _of_kind(history, kind, names, compare)) is not None
    ]
    if not compared:
        return None
    first = compared[0]
    return SessionCard(
        sentence=_sentence(first),
        last="" if first.last is None else day_text(first.last.on),
        rows=tuple(row for found in compared for row in _rows(found)),
    )


@dataclass(frozen=True, kw_only=True)
class _Compared:
    kind: TaskKind
    now: Day
    last: Day | None
    numbers: SideBySide


def _of_kind(
    history: PatientHistory, kind: TaskKind, names: Sequence[str], compare: Compare
) -> _Compared | None:
    """Compare a kind of task of the session with the last day of the same tasks."""
    own = [r for r in history.recordings if r.recording_id in names]
    here = tuple(r for r in own if r.task.kind is kind and r.analysable_s > 0)
    if not here:
        return None
    now = Day(on=here[0].started_at.date(), recordings=here)
    earlier = [day for day in days_recorded(history, kind) if day < now.on]
    last = day_of(history, kind, earlier[-1]) if earlier else None
    if last is None:
        return _Compared(
            kind=kind,
            now=now,
            last=None,
            numbers=compare(history, kind, now, now),
        )
    before, today = common_tasks(last, now)
    numbers = compare(history, kind, before, today)
    return _Compared(kind=kind, now=today, last=before, numbers=numbers)


def _rows(found: _Compared) -> list[CardRow]:
    rows = []
    for row in found.numbers.rows:
        if row.measure is not Measure.EPISODES_PER_MIN or row.side is None:
            continue
        name = say(
            "{kind}, {side}", kind=kind_title(found.kind), side=side_name(row.side)
        )
        rows.append(
            CardRow(
                key=row.side.value,
                name=name,
                now=_cell(row.later),
                before=_cell(row.earlier if found.last is not None else None),
            )
        )
    return rows


def _cell(point: ChartPoint | None) -> Cell:
    if point is None:
        return Cell(value="-", interval="")
    interval = interval_text(Measure.EPISODES_PER_MIN, point.estimate)
    return Cell(
        value=value_text(Measure.EPISODES_PER_MIN, point.estimate.value),
        interval="" if interval == "-" else interval,
    )


def _sentence(found: _Compared) -> str:
    """Say how often bursts were against last time, or why that is not said."""
    if found.last is None:
        return say(
            "This is the first session of this kind: nothing to compare with yet."
        )
    day = day_text(found.last.on)
    stands = {each.key for each in obstacles(found.last, found.now)}
    if "method" in stands:
        return say(
            "Not comparable with last time ({day}): it was measured with another "
            "method.",
            day=day,
        )
    if "basis" in stands:
        return say(
            "Not comparable with last time ({day}) until both or neither is reviewed.",
            day=day,
        )
    if "task" in stands:
        return say(
            "Not comparable with last time ({day}): other tasks were done.",
            day=day,
        )
    side = _side(found.numbers)
    return _in_words(found.numbers.ratios[side], day)


def _side(numbers: SideBySide) -> Side:
    """Return the side with more bursts on both days together."""
    counts = dict.fromkeys(SIDES, 0)
    for row in numbers.rows:
        if row.measure is Measure.EPISODES_PER_MIN and row.side is not None:
            counts[row.side] += sum(p.bursts for p in (row.earlier, row.later) if p)
    return max(counts, key=lambda side: (counts[side], side is Side.RIGHT))


def _in_words(ratio: Estimate, day: str) -> str:
    if not all(map(math.isfinite, (ratio.value, ratio.low, ratio.high))):
        return say("No burst this time or last time ({day}).", day=day)
    if ratio.high < 1:
        return say("Fewer bursts than last time ({day}).", day=day)
    if ratio.low > 1:
        return say("More bursts than last time ({day}).", day=day)
    if ratio.low <= 0 or ratio.high / ratio.low > _WIDEST:
        return say(
            "Too few minutes to say whether it differs from last time ({day}).", day=day
        )
    return say("About as many bursts as last time ({day}).", day=day)
