"""The most important sentences of a page, the most important first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from twitch_tracker.history import Basis, TaskKind
from twitch_tracker.progression import words
from twitch_tracker.progression.results import (
    Measure,
    Progression,
    Series,
    Sureness,
)
from twitch_tracker.regions import Region

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
        text = ("No recording counts yet: there is nothing to tell.",)
        return replace(found, readings=text + tuple(_left_out(found)))
    clear = list(_changes(found, Sureness.CLEAR))
    likely = list(_changes(found, Sureness.LIKELY))[:_MOST_LIKELY]
    lines = [
        *clear,
        *_treatments(found),
        *likely,
        *([] if clear or likely else _untold(found)),
        *_spread(found),
        *(a.words for a in found.associations if a.sureness is Sureness.CLEAR),
        *_basis(found),
        *_left_out(found),
    ]
    return replace(found, readings=tuple(lines) or (_quiet(found),))


def _ordered(found: Progression) -> list[Series]:
    """Series by importance."""
    return sorted(
        found.series,
        key=lambda s: (_KINDS.index(s.kind), _IMPORTANCE.index(s.measure)),
    )


def _changes(found: Progression, sureness: Sureness) -> Iterator[str]:
    """Changes of one sureness."""
    for series in _ordered(found):
        if series.trend is not None and series.trend.sureness is sureness:
            where = words.place_words(series.side, series.kind)
            yield f"{where}: {series.trend.words}"


def _treatments(found: Progression) -> Iterator[str]:
    """Every operation, and the latest injection that can be told."""
    if found.operations:
        last = max(course.treatment.on for course in found.operations)
        for course in found.operations:
            if course.treatment.on == last and course.before.value > 0:
                yield course.words
    told = [c for c in found.injections if np.isfinite(c.peak_over_before.value)]
    if told:
        last = max(course.treatment.on for course in told)
        yield from (c.words for c in told if c.treatment.on == last)


def _untold(found: Progression) -> Iterator[str]:
    """What would be needed to tell a change of the burst rate."""
    rates = [s for s in _ordered(found) if s.measure is Measure.EPISODES_PER_MIN]
    busy = [s for s in rates if any(dot.bursts for dot in s.recordings)]
    for series in busy[:2]:
        where = words.place_words(series.side, series.kind)
        if series.trend is not None:
            yield f"{where}: {series.trend.words}"
        else:
            yield (
                f"{where}: no change can be told yet; a trend needs recordings on at "
                "least four days over at least a week"
                + (
                    ", beginning nine months after an operation."
                    if found.operations
                    else "."
                )
            )


def _spread(found: Progression) -> Iterator[str]:
    """Regions that joined after the first day."""
    for reached in found.regions:
        if reached.region in (Region.EYELID, Region.BROW):
            continue
        if reached.first_on is None or reached.first_on == found.first_on:
            continue
        share = reached.latest_share
        lately = (
            f"; lately in {100 * share.value:.0f} % of bursts"
            if np.isfinite(share.value)
            else ""
        )
        yield (
            f"{words.place_words(reached.side, reached.kind)}: the "
            f"{words.region_words(reached.region)} takes part since "
            f"{reached.first_on.isoformat()}{lately}."
        )


def _basis(found: Progression) -> Iterator[str]:
    """Tell when reviewed and detected bursts are counted together."""
    if found.basis is Basis.BOTH:
        yield (
            "Some recordings count bursts that a person checked, others those the "
            "program found: part of a change may come from that."
        )


def _left_out(found: Progression) -> Iterator[str]:
    """Tell which recordings are in no chart."""
    for out in found.left_out:
        n = len(out.recordings)
        yield f"{n} recording{'' if n == 1 else 's'} not counted. {out.reason}"


def _quiet(found: Progression) -> str:
    """What is said when nothing else is."""
    n = found.recordings
    return (
        f"No burst in {n} recording{'' if n == 1 else 's'} "
        f"({found.analysable_min:.0f} analysable minutes)."
    )
