"""What clinicians use to distinguish what bursts may come from, measured and never judged.

Each is a share or a difference with its interval and one bound beyond which it stands
out. The bounds lie between what published groups show, not at what suits one person;
how often each is right on simulated people stands in docs/validation.md. Note: bursts
at rest of the latest three months of sides that are judged; nothing is reported of
fewer than ten bursts or three recordings.

Sources: both eyes together in blepharospasm, one side after the other in hemifacial
spasm (Mov Disord 1999;14:345); the brow that rises with closure in 68 % of hemifacial
spasm, 24 % after palsy, none of blepharospasm (J Neurol Sci 2017;378:36; Pawlowski 2013,
10.1002/mds.25472); weakness beside spasm and movement of the other group with every
task after palsy (10.1016/j.neucli.2024.103019; closure and smile of healthy faces differ by
some 6 %, PMID 33235050); jerks of tics change place; myokymia flickers finely and
continuously.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.history import LoggedRecording, Task, TaskKind
from twitch_tracker.progression.clinic.regions_reached import latest_rows, latest_share
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.results import Estimate, Sign, SignSeen
from twitch_tracker.progression.statistics.intervals import mean_interval
from twitch_tracker.regions import Side

__all__ = ["BOUNDS", "STANDS_OUT", "signs_of"]

Array = NDArray[np.float64]

BOUNDS: Final = {
    Sign.BOTH_TOGETHER: 0.5,
    Sign.BROW_LIFT: 0.2,
    Sign.WEAKER_CLOSURE: 0.85,
    Sign.MOVES_ALONG: 0.1,
    Sign.QUICK: 0.5,
    Sign.FLICKER: 0.5,
}
"""Shares of bursts, a ratio below which, and a share of the opening above which it stands
out."""

STANDS_OUT: Final = {
    Sign.BOTH_TOGETHER: ((40, 40), (0, 40)),
    Sign.BROW_LIFT: ((40, 40), (0, 40)),
    Sign.WEAKER_CLOSURE: ((39, 40), (0, 40)),
    Sign.MOVES_ALONG: ((40, 40), (0, 40)),
    Sign.QUICK: ((40, 40), (0, 40)),
    Sign.FLICKER: ((40, 40), (0, 40)),
}
"""Of how many simulated people who have it, and of how many who have not, it stood out
(``demo-patient --coverage 40 --seed 9000``, table in docs/validation.md)."""

_LEAST_BURSTS: Final = 10
_LEAST_RECORDINGS: Final = 3
_QUICK_S: Final = 0.25
_FINE_MM: Final = 1.0
_MOUTH_TASKS: Final = (Task.SMILING, Task.PURSING)


def signs_of(kinds: Sequence[Columns]) -> tuple[SignSeen, ...]:
    """Measure all of them on the sides that are judged.

    Parameters
    ----------
    kinds : sequence of Columns
        Recordings by kind.

    Returns
    -------
    tuple of SignSeen
        Of what was recorded often enough.
    """
    return tuple(
        seen
        for columns in kinds
        for side in columns.judged
        for seen in (*_of_bursts(columns, side), *_of_tasks(columns, side))
    )


def _of_bursts(columns: Columns, side: Side) -> Iterator[SignSeen]:
    """Yield shares of the latest bursts at rest."""
    own, rows = columns.sides[side], latest_rows(columns)
    bursts = own.bursts[rows]
    if columns.kind is not TaskKind.REST or bursts.sum() < _LEAST_BURSTS:
        return
    late = own.durations.row >= (rows.start or 0)
    whole = ~own.durations.onset_cut & ~own.durations.offset_cut
    n = len(columns.day)

    def by_row(chosen: NDArray[np.bool_]) -> Array:
        counted = np.bincount(own.durations.row[late & chosen], minlength=n)
        return counted[rows].astype(float)

    quick = own.durations.values <= _QUICK_S
    fine = own.excursions.values < _FINE_MM
    measured = np.bincount(own.excursions.row, minlength=n)[rows].astype(float)
    weak = np.bincount(own.excursions.row[fine], minlength=n)[rows].astype(float)
    busy_s = own.spasm_s[rows].sum()
    watched_s = columns.minutes[rows].sum() * 60
    shares = {
        Sign.BOTH_TOGETHER: (own.bilateral[rows], bursts),
        Sign.BROW_LIFT: (own.brow_lifts[rows], bursts),
        Sign.QUICK: (by_row(whole & quick), by_row(whole)),
        Sign.FLICKER: (weak, measured),
    }
    for sign, (hits, of) in shares.items():
        if of.sum() < _LEAST_BURSTS:
            continue
        share = latest_share(hits, of)
        out = share.low > BOUNDS[sign]
        if sign is Sign.FLICKER:
            # Fine and continuous: more than half of the time, too.
            out = out and busy_s > watched_s / 2
        if sign is Sign.QUICK:
            # Of changing place: no part of the face takes part in most of them.
            regions = [hits[rows].sum() for hits in own.with_region.values()]
            out = out and max(regions) < 0.7 * bursts.sum()
        yield SignSeen(
            sign=sign,
            side=side,
            value=share,
            counted=int(hits.sum()),
            of=int(of.sum()),
            stands_out=bool(out),
        )


def _of_tasks(columns: Columns, side: Side) -> Iterator[SignSeen]:
    """Return how far the eye closes when asked to, and when only the mouth was."""
    if columns.kind is not TaskKind.PROVOKED:
        return
    latest = columns.recordings[latest_rows(columns)]
    closing = [r for r in latest if r.task is Task.FORCED_CLOSURE]
    own, other = _reaches(closing, side)
    if len(own) >= _LEAST_RECORDINGS and other.min() > 0.05 < own.min():
        mean = _mean(np.log(own / other))
        value = Estimate(
            value=float(np.exp(mean.value)),
            low=float(np.exp(mean.low)),
            high=float(np.exp(mean.high)),
        )
        yield SignSeen(
            sign=Sign.WEAKER_CLOSURE,
            side=side,
            value=value,
            counted=len(own),
            of=len(own),
            stands_out=value.high < BOUNDS[Sign.WEAKER_CLOSURE],
        )
    moving = [r for r in latest if r.task in _MOUTH_TASKS]
    own, other = _reaches(moving, side)
    if len(own) >= _LEAST_RECORDINGS:
        along = _mean(own - other)
        yield SignSeen(
            sign=Sign.MOVES_ALONG,
            side=side,
            value=along,
            counted=len(own),
            of=len(own),
            stands_out=along.low > BOUNDS[Sign.MOVES_ALONG],
        )


def _reaches(recordings: Sequence[LoggedRecording], side: Side) -> tuple[Array, Array]:
    """Return reaches of closure of both sides, where both were measured."""
    both = np.array(
        [
            (r.face.closure_reach(side), r.face.closure_reach(side.other))
            for r in recordings
        ],
        float,
    ).reshape(-1, 2)
    both = both[np.isfinite(both).all(axis=1)]
    return both[:, 0], both[:, 1]


def _mean(values: Array) -> Estimate:
    """Return the mean of recordings with Student's interval."""
    mean, low, high = mean_interval(values, np.zeros(len(values), np.int64), 1)
    return Estimate(value=float(mean[0]), low=float(low[0]), high=float(high[0]))
