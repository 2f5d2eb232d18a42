"""Where a course was broken by how it was recorded, and not by the face.

Two breaks are found in the recordings themselves. The bursts may change sides: a
disease does not, but a picture that is suddenly mirrored does. And bursts may come or
go on both sides at once: new glasses, a lamp or a beard make false alarms that know no
side, while a second side follows the first years later (8.4 years on average, Mov
Disord 1999;14:345). Each may happen more than once. Note: what is reported of changes begins
again with the last break; charts show everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np

from twitch_tracker.history import Treatment
from twitch_tracker.progression.recordings.broken import Break, Broken
from twitch_tracker.progression.recordings.columns import Columns, columns_of
from twitch_tracker.progression.recordings.cuts import flipped_days, jumped_days

__all__ = ["before_a_jump", "breaks_of", "since_the_last"]

_AROUND_DAYS: Final = 45
"""A jump so near to a treatment may be its effect, and one so near to another the same."""


def breaks_of(
    kinds: Sequence[Columns], treatments: Sequence[Treatment]
) -> tuple[Break, ...]:
    """Look for breaks in the kind of task with the most recordings.

    Parameters
    ----------
    kinds : sequence of Columns
        Recordings by kind.
    treatments : sequence of Treatment
        What changes on both sides around a treatment is not taken for a break.

    Returns
    -------
    tuple of Break
        In order of day.
    """
    if not kinds:
        return ()
    columns = max(kinds, key=lambda each: len(each.day))
    sides = [
        Break(on=columns.date_of(d), what=Broken.SIDE) for d in flipped_days(columns)
    ]
    found = sorted([*sides, *_jumps(columns, treatments)], key=lambda each: each.on)
    return tuple(
        replace(each, until=after.on) for each, after in pairwise(found)
    ) + tuple(found[-1:])


def _jumps(columns: Columns, treatments: Sequence[Treatment]) -> list[Break]:
    """Find where bursts come or go on both sides, which no treatment explains.

    Looked for among bursts that were found and among those that a person checked, each by
    themselves: a person who begins to check takes away on both sides what was found by
    mistake, and that is no other lamp. Where both show a jump, that of the larger part is
    taken.
    """
    known = [treatment.on for treatment in treatments]
    found = list[Break]()
    for basis in np.argsort(-np.bincount(columns.basis), kind="stable"):
        jumps = [
            Break(on=columns.date_of(day), what=Broken.BOTH_SIDES)
            for day in jumped_days(columns, columns.basis == basis)
        ]
        near = [*known, *(each.on for each in found)]
        found += [
            jump
            for jump in jumps
            if all(abs((jump.on - on).days) > _AROUND_DAYS for on in near)
        ]
    return found


def since_the_last(
    kinds: Sequence[Columns], breaks: Sequence[Break]
) -> dict[int, Columns]:
    """Return what changes are reported of: recordings from the last break on.

    Parameters
    ----------
    kinds : sequence of Columns
        Recordings by kind.
    breaks : sequence of Break
        In order of day.

    Returns
    -------
    dict
        By place in `kinds`, those of which something is left.
    """
    if not breaks:
        return dict(enumerate(kinds))
    return _within(kinds, breaks[-1].on, date.max)


def before_a_jump(
    kinds: Sequence[Columns], breaks: Sequence[Break]
) -> tuple[Columns, ...]:
    """Return recordings from before bursts came or went on both sides, if they did so last.

    Of several stretches with such jumps between them, the one with fewest bursts on the
    side that has fewer: what is found by mistake may come, go, and come again.

    Parameters
    ----------
    kinds : sequence of Columns
        Recordings by kind.
    breaks : sequence of Break
        In order of day.

    Returns
    -------
    tuple of Columns
        From no earlier than the last change of sides; empty where that is the last break.
    """
    sides = [n for n, each in enumerate(breaks) if each.what is Broken.SIDE]
    first = sides[-1] if sides else -1
    jumps = breaks[first + 1 :]
    if not jumps:
        return ()
    edges = [breaks[first].on if sides else date.min, *(jump.on for jump in jumps)]
    stretches = [tuple(_within(kinds, a, b).values()) for a, b in pairwise(edges)]
    return min((each for each in stretches if each), key=_mistakes, default=())


def _mistakes(kinds: Sequence[Columns]) -> float:
    """Return bursts a minute of the side with fewer.

    One more than were seen: none in a short stretch says little.
    """
    columns = max(kinds, key=lambda each: len(each.day))
    fewer = min(float(own.onsets.sum()) for own in columns.sides.values())
    return (fewer + 1) / float(columns.minutes.sum())


def _within(kinds: Sequence[Columns], first: date, until: date) -> dict[int, Columns]:
    """Return what was recorded from a day on and before another one, by place."""
    kept = {
        place: [r for r in columns.recordings if first <= r.started_at.date() < until]
        for place, columns in enumerate(kinds)
    }
    return {
        place: columns_of(kinds[place].kind, rows, kinds[place].first_day)
        for place, rows in kept.items()
        if rows
    }
