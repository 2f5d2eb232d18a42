"""The average cycle of injections as a drawing: how the bursts run by weeks after one.

It draws the numbers of `progression.treatments.average`: the burst rate over that
without any injection, with its interval. Places sideways are per cent of the width,
places up and down pixels of `HEIGHT`, as in every chart of the course. Note: nothing is
drawn where the burst rate does not clearly follow the injections, and the page says so.
Each single injection is a thin line of what was counted, the latest one a thick line,
and has a row in the table.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from twitch_tracker import units
from twitch_tracker.history import TaskKind
from twitch_tracker.language import say, say_n, uncapitalised
from twitch_tracker.progression.recordings.phases import EFFECT_DAYS
from twitch_tracker.progression.results import Cycle, Estimate, Progression
from twitch_tracker.report.progress.clinic import MOST_ONES, leading_cycle
from twitch_tracker.report.progress.svg import HEIGHT, path_through
from twitch_tracker.report.recording.cards import Fact
from twitch_tracker.units import day_text
from twitch_tracker.wording.terms import side_title

__all__ = ["CycleView", "OneLine", "OneRow", "cycle_view"]

_TICKS: Final = (0.0, 0.5, 1.0)
_LEAST_TOP: Final = 1.25
_MOST_TOP: Final = 1.6
_WEEKS: Final = (0, 4, 8, 12, 16, 20)


@dataclass(frozen=True, kw_only=True)
class OneLine:
    """What was counted after one injection: `path`, and whether it is the latest."""

    path: str
    name: str
    is_latest: bool


@dataclass(frozen=True, kw_only=True)
class OneRow:
    """What one injection alone shows."""

    day: str
    at_best: str
    half_gone: str


@dataclass(frozen=True, kw_only=True)
class CycleView:
    """What is drawn and said of the average cycle.

    Attributes
    ----------
    key, title, alt : str
        Side for the colour, heading, and the drawing in words.
    line, band : str
        Paths, per cent sideways and pixels downward.
    y_ticks, x_ticks : tuple
        Places and labels.
    now_x : float or None
        Where this cycle stands; None when its injection no longer acts.
    facts : tuple of Fact
        Onset, best, half gone, each with its interval.
    stands : str
        Where this cycle stands, in a sentence; empty when that is not known.
    open : str
        Why nothing is drawn, in a sentence; empty with a curve.
    ones : tuple of OneLine
        The latest injections one by one, the latest last.
    rows : tuple of OneRow
        What each of them shows, the latest first.
    """

    key: str
    title: str
    alt: str
    line: str
    band: str
    y_ticks: tuple[tuple[float, str], ...]
    x_ticks: tuple[tuple[float, str], ...]
    now_x: float | None
    facts: tuple[Fact, ...]
    stands: str
    ones: tuple[OneLine, ...] = ()
    rows: tuple[OneRow, ...] = ()
    open: str = ""


def cycle_view(progression: Progression, today: date) -> CycleView | None:
    """Draw the average cycle of the side that leads.

    Parameters
    ----------
    progression : Progression
        What was found.
    today : date
        Where this cycle stands is stated for this day.

    Returns
    -------
    CycleView or None
        None without an injection; without a curve where none is clear yet.
    """
    cycle = leading_cycle(progression)
    if cycle is None:
        return _nothing_clear(progression, today)
    points = cycle.curve
    last = max(point.day for point in points)
    top = _top(point.over_untreated for point in points)
    line = [(_x(p.day, last), _y(p.over_untreated.value, top)) for p in points]
    high = [(_x(p.day, last), _y(p.over_untreated.high, top)) for p in points]
    low = [(_x(p.day, last), _y(p.over_untreated.low, top)) for p in points]
    day = None if cycle.last_on is None else (today - cycle.last_on).days
    return CycleView(
        key=cycle.side.value,
        title=say_n(
            "After {n} injection: {side} side, at rest",
            "After an injection, {n} of them laid over each other: {side} side, at rest",
            cycle.injections,
            side=uncapitalised(side_title(cycle.side)),
        ),
        alt=_alt(cycle),
        line=path_through(line),
        band=path_through([*high, *reversed(low)]) + "Z",
        y_ticks=tuple(
            (_y(tick, top), say("{p} %", p=round(100 * tick))) for tick in _TICKS
        ),
        x_ticks=_weeks(last),
        now_x=_x(day, last) if day is not None and 0 <= day <= last else None,
        facts=_facts(cycle),
        stands=_stands(cycle, day),
        ones=_ones(cycle, last, top),
        rows=_rows(progression, cycle),
    )


def _nothing_clear(progression: Progression, today: date) -> CycleView | None:
    """Say of injections that may still act that nothing is clear of them yet."""
    kind = TaskKind.REST
    found = {c.side: c for c in progression.cycles if c.kind is kind}
    cycle = next((found[s] for s in progression.judged if s in found), None)
    if cycle is None or cycle.last_on is None:
        return None
    stands = _stands(cycle, (today - cycle.last_on).days)
    if not stands:
        return None
    side = uncapitalised(side_title(cycle.side))
    return CycleView(
        key=cycle.side.value,
        title=say("After an injection: {side} side, at rest", side=side),
        alt="",
        line="",
        band="",
        y_ticks=(),
        x_ticks=(),
        now_x=None,
        facts=(),
        stands=stands,
        rows=_rows(progression, cycle),
        open=say_n(
            "Bursts do not clearly follow the {n} injection of these recordings yet, "
            "so no curve is drawn. Recordings in the weeks before an injection and in "
            "weeks 2 to 5 after it show most.",
            "Bursts do not clearly follow the {n} injections of these recordings yet, "
            "so no curve is drawn. Recordings in the weeks before an injection and in "
            "weeks 2 to 5 after it show most.",
            cycle.injections,
        ),
    )


def _ones(cycle: Cycle, last: int, top: float) -> tuple[OneLine, ...]:
    """Draw the latest injections one by one, on the scale of the average."""
    return tuple(
        OneLine(
            path=path_through(
                (_x(d, last), _y(value, top))
                for d, value in zip(one.days, one.over_untreated, strict=True)
                if d <= last
            ),
            name=day_text(one.on),
            is_latest=one.on == cycle.last_on,
        )
        for one in cycle.each[-MOST_ONES:]
    )


def _rows(progression: Progression, cycle: Cycle) -> tuple[OneRow, ...]:
    """Say what each of the latest injections shows by itself."""
    own = [
        course
        for course in progression.injections
        if (course.side, course.kind) == (cycle.side, cycle.kind)
    ]
    return tuple(
        OneRow(
            day=day_text(course.treatment.on),
            at_best=_over_before(course.peak_over_before),
            half_gone=say("not known")
            if course.wear_off_day is None
            else say("week {n}", n=_week(course.wear_off_day.value)),
        )
        for course in own[: -MOST_ONES - 1 : -1]
    )


def _weeks(last: float) -> tuple[tuple[float, str], ...]:
    """Label the weeks; there is no room for their name, which stands below."""
    return tuple((_x(7 * week, last), str(week)) for week in _WEEKS if 7 * week <= last)


def _over_before(ratio: Estimate) -> str:
    if not (math.isfinite(ratio.value) and math.isfinite(ratio.high)):
        return say("not known")
    return units.with_interval(
        units.percent(ratio.value), units.percent(ratio.low), units.percent(ratio.high)
    )


def _top(values: Iterable[Estimate]) -> float:
    """Choose the top: every value fits, wide intervals are cut."""
    known = [v for v in values if math.isfinite(v.high)]
    highest = max((v.high for v in known), default=1.0)
    fits = 1.1 * max((v.value for v in known), default=1.0)
    return max(min(highest, _MOST_TOP), _LEAST_TOP, fits)


def _x(day: float, last: float) -> float:
    return round(100 * day / last, 2)


def _y(value: float, top: float) -> float:
    return round(HEIGHT * (1 - min(max(value / top, 0.0), 1.0)), 1)


def _facts(cycle: Cycle) -> tuple[Fact, ...]:
    """Say when it begins, when it is best and how good, and when half is gone."""
    best = cycle.best
    return tuple(
        fact
        for fact in (
            _day_fact(say("Half of the effect is there"), cycle.onset_day),
            _day_fact(say("Day of the fewest bursts"), cycle.best_day),
            None
            if best is None
            else Fact(
                label=say("At their fewest, bursts are"),
                value=say(
                    "{share} of those without an injection",
                    share=units.percent(best.value),
                ),
                note=_interval(units.percent(best.low), units.percent(best.high)),
            ),
            _day_fact(say("Half of the effect is gone"), cycle.half_way_day),
        )
        if fact is not None
    )


def _day_fact(label: str, day: Estimate | None) -> Fact | None:
    if day is None:
        return Fact(label=label, value=say("not known yet"), note="")
    value = (
        say_n("{n} day after it", "{n} days after it", round(day.value))
        if day.value < 21
        else say("week {n}", n=_week(day.value))
    )
    note = _interval(
        say("day {n}", n=round(day.low)), say("day {n}", n=round(day.high))
    )
    return Fact(label=label, value=value, note=note)


def _interval(low: str, high: str) -> str:
    return say("95 % interval {interval}", interval=units.interval(low, high))


def _week(day: float) -> int:
    """Enumerate the weeks after an injection from 1."""
    return int(day // 7) + 1


def _stands(cycle: Cycle, day: int | None) -> str:
    if day is None or cycle.last_on is None or not 0 <= day <= 2 * EFFECT_DAYS:
        return ""
    fields = {"week": _week(day), "on": day_text(cycle.last_on)}
    if cycle.half_way_day is None:
        return say("Now: week {week} since the injection of {on}.", **fields)
    return say(
        "Now: week {week} since the injection of {on}; usually half of the effect is gone "
        "in week {half}.",
        half=_week(cycle.half_way_day.value),
        **fields,
    )


def _alt(cycle: Cycle) -> str:
    first, last = cycle.curve[0], cycle.curve[-1]
    lowest = min(cycle.curve, key=lambda point: point.over_untreated.value)
    return say(
        "Bursts after an injection, in per cent of those without one: {first} on day "
        "{a}, least {least} on day {b}, {last} on day {c}.",
        first=units.percent(first.over_untreated.value),
        a=first.day,
        least=units.percent(lowest.over_untreated.value),
        b=lowest.day,
        last=units.percent(last.over_untreated.value),
        c=last.day,
    )
