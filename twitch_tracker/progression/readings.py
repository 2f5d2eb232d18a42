"""The most important sentences of a page, the most important first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from twitch_tracker.history import Basis, TaskKind
from twitch_tracker.language import mark, say, say_n
from twitch_tracker.progression import words
from twitch_tracker.progression.results import (
    Estimate,
    InjectionCourse,
    Measure,
    OperationCourse,
    Progression,
    Series,
    Sureness,
)
from twitch_tracker.progression.windows import NOTHING
from twitch_tracker.regions import SIDES, Region, Side

__all__ = ["readings_of"]

_IMPORTANCE: Final = (
    Measure.EPISODES_PER_MIN,
    Measure.SPASM_FRACTION,
    Measure.MEDIAN_DURATION_S,
    Measure.BOTH_REGIONS_SHARE,
    Measure.SHARE_OVER_1S,
    Measure.LONGEST_DURATION_S,
    Measure.MEDIAN_PAUSE_S,
    Measure.EXCURSION_MM,
    Measure.BROW_LIFT_SHARE,
    Measure.REST_ASYMMETRY,
    Measure.BLINKS_PER_MIN,
)
_MOST_LIKELY: Final = 4
"""Changes that are more likely than not are also told with their charts."""
_LIKELY_BY_CHANCE: Final = 0.15
"""Share of the trends of stable persons that look more likely than not: 14.3 and 14.9 %
by ``twitch-tracker demo-patient --coverage`` (docs/progression.md)."""
_KINDS: Final = (TaskKind.REST, TaskKind.PROVOKED, TaskKind.AFTER, TaskKind.OTHER)


def readings_of(found: Progression) -> Progression:
    """Return the same with its readings.

    Parameters
    ----------
    found : Progression
        Everything else.

    Returns
    -------
    Progression
        With at least one reading.
    """
    if not found.recordings:
        text = (say("No recording counts yet: there is nothing to tell."),)
        return replace(found, readings=text + tuple(_left_out(found)))
    effects = _treatments(found)
    changes = list(_changes(found, Sureness.CLEAR))
    clear = [*changes, *(text for r, text in effects if words.can_be_told(r))]
    likely = list(_changes(found, Sureness.LIKELY))
    lines = [
        *clear,
        *(_maybe_chance(found, len(likely)) if likely and not changes else []),
        *likely[:_MOST_LIKELY],
        *([] if clear or likely else _untold(found)),
        *_spread(found),
        *(a.words for a in found.associations if a.sureness is Sureness.CLEAR),
        *(text for ratio, text in effects if not words.can_be_told(ratio)),
        *_basis(found),
        *_left_out(found),
    ]
    return replace(found, readings=tuple(lines) or (_quiet(found),))


def _sides(found: Progression) -> list[Side | None]:
    """Sides, that with more bursts first; what belongs to both is last."""
    bursts = dict.fromkeys(SIDES, 0)
    for series in found.series:
        if series.measure is Measure.EPISODES_PER_MIN and series.side is not None:
            bursts[series.side] += sum(dot.bursts for dot in series.periods)
    return [*sorted(SIDES, key=lambda side: -bursts[side]), None]


def _ordered(found: Progression) -> list[Series]:
    """Series by side, kind of task and importance."""
    sides = _sides(found)
    return sorted(
        found.series,
        key=lambda s: (
            sides.index(s.side),
            _KINDS.index(s.kind),
            _IMPORTANCE.index(s.measure),
        ),
    )


def _changes(found: Progression, sureness: Sureness) -> Iterator[str]:
    """Changes of one sureness."""
    for series in _ordered(found):
        if series.trend is not None and series.trend.sureness is sureness:
            yield words.at_place(series.side, series.kind, series.trend.words)


def _maybe_chance(found: Progression, likely: int) -> Iterator[str]:
    """Say how many changes would look likely if nothing changed."""
    trends = sum(series.trend is not None for series in found.series)
    by_chance = max(1, round(_LIKELY_BY_CHANCE * trends))
    yield say(
        "No trend is clear yet. {likely} of {trends} look more likely than not; if "
        "nothing changed, about {by_chance} would look so by chance.",
        likely=likely,
        trends=trends,
        by_chance=by_chance,
    )


def _treatments(found: Progression) -> list[tuple[Estimate, str]]:
    """The last operation and the latest injection that can be told: ratio and words."""
    sides = _sides(found)
    order = {side: place for place, side in enumerate(sides)}
    effects: list[tuple[Estimate, str]] = []
    if found.operations:
        last = max(course.treatment.on for course in found.operations)
        effects += [
            (_last_ratio(course), course.words)
            for course in sorted(found.operations, key=lambda c: order[c.side])
            if course.treatment.on == last and course.before.value > 0
        ]
    effects += [
        (course.peak_over_before, course.words)
        for course in sorted(_last_told(found), key=lambda c: order[c.side])
    ]
    return effects


def _last_told(found: Progression) -> list[InjectionCourse]:
    """Courses of the latest day of injections that can be told; looks at no earlier."""
    told: list[InjectionCourse] = []
    for course in reversed(found.injections):
        if told and course.treatment.on != told[0].treatment.on:
            break
        if np.isfinite(course.peak_over_before.value):
            told.append(course)
    return told[::-1]


def _last_ratio(course: OperationCourse) -> Estimate:
    """Return the ratio at the last mark that was recorded; NaN without any."""
    seen = [mark for mark in course.marks if np.isfinite(mark.rate.value)]
    return seen[-1].over_before if seen else NOTHING


def _untold(found: Progression) -> Iterator[str]:
    """What would be needed to tell a change of the burst rate."""
    rates = [s for s in _ordered(found) if s.measure is Measure.EPISODES_PER_MIN]
    busy = [s for s in rates if any(dot.bursts for dot in s.periods)]
    for series in busy[:1]:
        text = _too_few(operated=bool(found.operations))
        if series.trend is not None:
            text = series.trend.words
        yield words.at_place(series.side, series.kind, text)


def _too_few(*, operated: bool) -> str:
    """Say what a trend needs."""
    if operated:
        return say(
            "No change can be told yet. A trend needs recordings on at least four days "
            "over at least a week, beginning nine months after an operation."
        )
    return say(
        "No change can be told yet. A trend needs recordings on at least four days over "
        "at least a week."
    )


_REACHED: Final = {
    Region.MOUTH_CORNER: mark("the mouth corner has taken part since {day}"),
    Region.CHEEK: mark("the cheek has taken part since {day}"),
}


def _spread(found: Progression) -> Iterator[str]:
    """Regions that joined after the first day."""
    for reached in found.regions:
        if reached.region not in _REACHED:
            continue
        if reached.first_on is None or reached.first_on == found.first_on:
            continue
        place = words.place_words(reached.side, reached.kind)
        since = say(_REACHED[reached.region], day=words.day_words(reached.first_on))
        if np.isfinite(reached.latest_share.value):
            yield say(
                "{place}: {clause}, lately in {percent:.0f} % of the bursts.",
                place=place,
                clause=since,
                percent=100 * reached.latest_share.value,
            )
        else:
            yield say("{place}: {clause}.", place=place, clause=since)


def _basis(found: Progression) -> Iterator[str]:
    """Tell when reviewed and detected bursts are counted together."""
    if found.basis is Basis.BOTH:
        yield say(
            "Some recordings count bursts that a person checked, others those the "
            "program found: part of a change may come from that."
        )


def _left_out(found: Progression) -> Iterator[str]:
    """Tell which recordings are in no chart."""
    for out in found.left_out:
        yield say_n(
            "{n} recording not counted. {reason}",
            "{n} recordings not counted. {reason}",
            len(out.recordings),
            reason=out.reason,
        )


def _quiet(found: Progression) -> str:
    """What is said when nothing else is."""
    return say_n(
        "No burst in {n} recording ({minutes:.0f} analysable minutes).",
        "No burst in {n} recordings ({minutes:.0f} analysable minutes).",
        found.recordings,
        minutes=found.analysable_min,
    )
