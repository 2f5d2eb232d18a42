"""What each injection did to the burst rate.

Compared are stretches: the peak (days 14 to 30) with the weeks before, and with the peak
of the injection before, never across an operation, nor bursts that a person checked with
those that were found. The day of wear-off is where the
logarithm of the rate has come half-way back; it is reported only when the way back was
seen, and of an effect that is clear.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.history import TaskKind, Treatment, TreatmentKind
from twitch_tracker.progression.change.sure import sureness_of
from twitch_tracker.progression.change.windows import Window, compare, pooled_days
from twitch_tracker.progression.lazy import LazyCourses
from twitch_tracker.progression.recordings.columns import Columns, columns_of
from twitch_tracker.progression.recordings.phases import (
    EFFECT_DAYS,
    PEAK_DAYS,
    Acting,
    before_window,
    treatments_of,
)
from twitch_tracker.progression.results import (
    Cycle,
    Estimate,
    InjectionCourse,
    Sureness,
)
from twitch_tracker.progression.shares import injection_share
from twitch_tracker.progression.statistics.fit import WEAK_SD, Counts, Design, fit
from twitch_tracker.progression.statistics.noise import NoiseGrid
from twitch_tracker.progression.statistics.whiten import whiten
from twitch_tracker.progression.treatments.cycles import (
    EFFECTS,
    clearly_acts,
    effect_curves,
)
from twitch_tracker.regions import Side

__all__ = ["NoiseOf", "injection_courses"]

Array = NDArray[np.float64]
NoiseOf = Callable[[TaskKind, Side], NoiseGrid]

_STEP_DAYS: Final = 5.0
_CANDIDATES: Final = np.arange(36.0, 151.0, _STEP_DAYS)
"""Days on which half of the effect may be gone."""

_FOLLOWED_DAYS: Final = 170.0
_WIDEST: Final = 80.0
"""An interval wider than this many days does not give a day."""


def injection_courses(
    kinds: Sequence[Columns],
    treatments: Sequence[Treatment],
    noise_of: NoiseOf,
    cycles: Sequence[Cycle] = (),
) -> Sequence[InjectionCourse]:
    """Follow every injection on every side it may act on, in every kind of task.

    Parameters
    ----------
    kinds : sequence of Columns
        Recordings by kind.
    treatments : sequence of Treatment
        All of the person.
    noise_of : callable
        Variability of a kind and side.
    cycles : sequence of Cycle
        All injections of a side together. Where these clearly do anything, one of them is
        clear when its own 95 % interval excludes no effect.

    Returns
    -------
    sequence of InjectionCourse
        Those with a recording from four weeks before to wear-off, in order of day;
        each is followed when it is looked at (`lazy.LazyCourses`). Of an injection on the
        day of an operation nothing can be seen: it is left out.
    """
    places = [
        place
        for columns in kinds
        for side in columns.judged
        if columns.sides[side].bursts.sum() > 0
        for place in _places(columns, side, treatments)
    ]
    places.sort(key=lambda place: place.treatment.on)
    return LazyCourses(
        partial(
            _course,
            place,
            noise_of,
            together=clearly_acts(cycles, place.side, place.columns.kind),
        )
        for place in places
    )


def _places(
    columns: Columns, side: Side, treatments: Sequence[Treatment]
) -> list[_Place]:
    """Find all injections of one side among the recordings of one kind of task."""
    own = treatments_of(treatments, TreatmentKind.BOTULINUM_TOXIN, side)
    days = np.array([(t.on - columns.first_day).days for t in own], float)
    operations = treatments_of(
        treatments, TreatmentKind.MICROVASCULAR_DECOMPRESSION, side
    )
    done = np.array([(t.on - columns.first_day).days for t in operations], float)
    found: list[_Place] = []
    for number, treatment in enumerate(own):
        if days[number] in done:
            continue
        later = [d for d in (*days[number + 1 :], *done) if d > days[number]]
        place = _Place(
            number=number,
            treatment=treatment,
            columns=columns,
            side=side,
            day=float(days[number]),
            earlier=days[:number][days[:number] < days[number]],
            stop=float(min(later, default=days[number] + _FOLLOWED_DAYS)),
            operated=float(max(done[done < days[number]], default=-np.inf)),
        )
        if place.any_recording:
            found.append(place)
    return found


@dataclass(frozen=True, kw_only=True)
class _Place:
    """One injection among the recordings.

    Attributes
    ----------
    number : int
        How many came before it.
    day : float
        Its own.
    earlier : NDArray[np.float64]
        Days of those before it, in order.
    stop, operated : float
        Day of the next injection or operation, and of the last operation before it;
        minus infinity without one.
    """

    number: int
    treatment: Treatment
    columns: Columns
    side: Side
    day: float
    earlier: Array
    stop: float
    operated: float = -np.inf

    @property
    def before(self) -> Window:
        """Days before it, and after an operation: relief is none of an injection."""
        begin, end = before_window(self.day, self.earlier)
        return max(begin, self.operated + 1), end

    @property
    def end(self) -> float:
        """Where following it ends: the next treatment, or half a year."""
        return min(self.stop, self.day + _FOLLOWED_DAYS)

    def peak(self, injection: float | None = None) -> Window:
        """Return days of the peak of this or another injection."""
        start = self.day if injection is None else injection
        stop = self.stop if injection is None else self.day
        first, last = start + PEAK_DAYS[0], start + PEAK_DAYS[1] + 1
        return first, max(min(last, stop), first)

    @property
    def any_recording(self) -> bool:
        """Whether anything was recorded around it."""
        day = self.columns.day
        return bool(((day >= self.before[0]) & (day < self.end)).any())

    @property
    def within_last(self) -> bool:
        """Whether the injection before it may still have acted."""
        return bool(len(self.earlier)) and self.day - self.earlier[-1] < EFFECT_DAYS


def _course(place: _Place, noise_of: NoiseOf, *, together: bool) -> InjectionCourse:
    """Follow one injection; `together`, whether all of them clearly do anything."""
    side = place.side
    share = injection_share(place.columns.part(side), place.number)
    place = _of_one_basis(place)
    columns = place.columns
    noise = noise_of(columns.kind, side)
    effect = compare(columns, side, place.before, place.peak(), noise, EFFECTS)
    last_peak: Estimate | None = None
    differs = Sureness.UNCERTAIN
    if len(place.earlier) and place.earlier[-1] > place.operated:
        earlier = place.peak(float(place.earlier[-1]))
        against = compare(columns, side, earlier, place.peak(), noise)
        last_peak = against.ratio if np.isfinite(against.ratio.value) else None
        differs = sureness_of(against.log_evidence, share, against.p_value)
    sureness = (
        Sureness.CLEAR
        if together and effect.ratio.high < 1
        else sureness_of(effect.log_evidence, share, effect.p_value)
    )
    # The end of an effect that is not sure is not sure either.
    acted = sureness is Sureness.CLEAR and effect.ratio.value < 1
    worn_off = _wear_off(place, noise) if acted else None
    return InjectionCourse(
        treatment=place.treatment,
        side=side,
        kind=columns.kind,
        before=effect.first,
        peak=effect.second,
        peak_over_before=effect.ratio,
        peak_over_last_peak=last_peak,
        wear_off_day=worn_off,
        within_last=place.within_last,
        sureness=sureness,
        last_peak_sureness=differs,
    )


def _of_one_basis(place: _Place) -> _Place:
    """Keep what a person checked, or what was found, of which both stretches hold more.

    Checked bursts are fewer than those that were found, whatever an injection does.
    """
    columns = place.columns
    if len(np.unique(columns.basis)) < 2:
        return place
    counts = [
        np.bincount(
            columns.basis[(columns.day >= begin) & (columns.day < end)], minlength=2
        )
        for begin, end in (place.before, place.peak())
    ]
    in_both, in_all = np.minimum(*counts), np.add(*counts)
    wanted = max((0, 1), key=lambda basis: (in_both[basis], in_all[basis]))
    rows = [columns.recordings[n] for n in np.flatnonzero(columns.basis == wanted)]
    kept = columns_of(columns.kind, rows, columns.first_day)
    return replace(place, columns=replace(kept, lead=columns.lead))


def _wear_off(place: _Place, noise: NoiseGrid) -> Estimate | None:
    """Return the day on which half of the logarithmic effect was gone, or None.

    The rate follows a constant minus the effect's curve (the injection before is thought
    to have lasted as long); for every candidate day the restricted likelihood is
    computed, and its interval taken with even chances before.
    """
    day, bursts, minutes = pooled_days(
        place.columns,
        place.side,
        (place.columns.day >= place.before[0]) & (place.columns.day < place.end),
    )
    if len(day) < 6 or bursts.sum() < 8:
        return None
    effect = Acting.on(day, np.append(place.earlier, place.day)).columns
    smooth = Design.of(day, effect)
    family = Counts(count=bursts, exposure=minutes)
    eta = smooth.columns @ fit(family, smooth, noise.typical()).best
    response, variance = family.working(eta)
    acting = np.append(place.earlier[-1:], place.day)
    curves = effect_curves(day, acting, _CANDIDATES)
    stacked = np.column_stack([np.ones(len(day)), response, curves])
    white, log_det = whiten(day, variance, np.ones(len(day)), stacked, noise)
    chance, depth_z = _chances(white, log_det, noise.weights)
    return _read_off(chance, depth_z, float(day[-1] - place.day))


def _chances(white: Array, log_det: Array, weights: Array) -> tuple[Array, float]:
    """Return chance of every candidate, and the effect over its error at the best one.

    Averaged over the kinds of noise, which come with weights; `white` holds a
    constant, the response and the curves of `effect_curves`, shape (noise, n, 2 + curves).
    """
    white = np.ascontiguousarray(white)
    one, response, curves = white[:, :, 0], white[:, :, 1], white[:, :, 2:]
    aa = (one**2).sum(axis=1)[:, None]
    ar = (one * response).sum(axis=1)[:, None]
    both = white[:, :, :2].transpose(0, 2, 1) @ curves
    ac, cr = both[:, 0], both[:, 1]
    cc = (curves**2).sum(axis=1) + WEAK_SD**-2.0
    determinant = aa * cc - ac**2
    depth = (aa * cr - ac * ar) / determinant
    level = (cc * ar - ac * cr) / determinant
    rest = (response**2).sum(axis=1)[:, None] - level * ar - depth * cr
    log_chance = -0.5 * (log_det[:, None] + rest + np.log(determinant))
    chance = weights[:, None] * np.exp(log_chance - log_chance.max())
    chance /= chance.sum()
    best = int(chance.sum(axis=0).argmax())
    z = (depth * np.sqrt(determinant / aa))[:, best]
    own = chance[:, best] / chance[:, best].sum()
    of_days = chance.sum(axis=0).reshape(-1, len(_CANDIDATES)).sum(axis=0)
    return np.asarray(of_days), float(own @ z)


def _read_off(chance: Array, depth_z: float, last_day: float) -> Estimate | None:
    """Return the median and interval of the day, when it was seen."""
    below = np.append(0.0, np.cumsum(chance))
    edges = np.append(_CANDIDATES[0] - _STEP_DAYS, _CANDIDATES) + _STEP_DAYS / 2
    low, value, high = np.interp([0.025, 0.5, 0.975], below, edges)
    seen = float(chance[last_day - 5 > _CANDIDATES].sum())
    if depth_z > -2 or seen < 0.9 or high - low > _WIDEST:
        return None
    return Estimate(value=float(value), low=float(low), high=float(high))
