"""What each half of a face does in every picture of a film, and what is true of it.

A burst is drawn as a shutter sees it: the mean of three moments around each picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studies.truth.third.geometry import Force
from studies.truth.third.kinetics import Course, Pulse, Shape, contract, pulse
from studies.truth.third.plan import Burst, Closure, FilmPlan
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import Side
from twitch_tracker.simulate.truth import EYE_APERTURE_MM, TruthRow

__all__ = ["Times", "forces", "truth_rows"]

_SHUTTER: Final = (-0.3, 0.0, 0.3)
"""Moments that a picture shows, in pictures from its own time."""
_SEEN: Final = 0.004
"""A weaker contraction is not drawn."""
_EDGE: Final = 0.12
"""Share of its own peak from which on a burst is seen: its true onset and offset."""
_CLOSING_S: Final = 0.12
_CLOSING_LOWER: Final = 0.15
"""How fast both eyes close, and what of it the lower lids do."""

_KIND: Final = {
    Shape.JERK: EpisodeKind.CLONIC,
    Shape.TRAIN: EpisodeKind.CLONIC,
    Shape.HELD: EpisodeKind.TONIC,
    Shape.MIXED: EpisodeKind.MIXED,
}

Times = NDArray[np.float64]


def forces(
    plan: FilmPlan, times_s: Times, step_s: float
) -> tuple[tuple[tuple[Side, Force], ...], ...]:
    """Return what each half of the face does in every picture of a film.

    Parameters
    ----------
    plan : FilmPlan
        What the film shows.
    times_s : NDArray[np.float64]
        When its pictures are shown.
    step_s : float
        Time from picture to picture.
    """
    acting: list[list[tuple[Side, Force]]] = [[] for _ in times_s]
    for burst, course in zip(plan.bursts, _courses(plan, times_s, step_s), strict=True):
        for place in np.flatnonzero(course.strength > _SEEN):
            share = float(course.strength[place])
            acting[place].append((burst.side, _force(burst, share)))
    for closure in plan.closures:
        for side in Side:
            shares = _closing(closure, side, times_s, step_s)
            for place in np.flatnonzero(shares > _SEEN):
                lids = min(1.0, closure.lids[side] * float(shares[place]))
                force = Force(
                    lids=lids, lower_lid=_CLOSING_LOWER, squeeze=closure.squeeze[side]
                )
                acting[place].append((side, force))
    return tuple(tuple(halves) for halves in acting)


def truth_rows(
    plan: FilmPlan, times_s: Times, step_s: float, aperture_mm: float = EYE_APERTURE_MM
) -> tuple[TruthRow, ...]:
    """Return what happens in a film, in order of onset.

    The severity of a burst is the last of its `reasons`; closures of both eyes are
    rows ``blink``.

    Parameters
    ----------
    plan, times_s, step_s
        As for `forces`.
    aperture_mm : float
        How far the eye is open, which turns a closure into millimetres.
    """
    courses = _courses(plan, times_s, step_s)
    bursts = [
        _burst_row(burst, course, times_s, step_s, aperture_mm)
        for burst, course in zip(plan.bursts, courses, strict=True)
    ]
    return (*bursts, *(_closure_row(closure) for closure in plan.closures))


def _moments(times_s: Times, step_s: float) -> Times:
    """Return the moments that every picture shows, one picture after another."""
    return np.ravel(times_s[:, None] + step_s * np.array(_SHUTTER))


def _courses(plan: FilmPlan, times_s: Times, step_s: float) -> Iterator[Course]:
    """Draw how each burst runs, as seen by a shutter."""
    moments_s = _moments(times_s, step_s)
    for place, burst in enumerate(plan.bursts):
        rng = np.random.default_rng([*plan.seed, 2, place])
        course = contract(burst.shape, moments_s, burst.onset_s, burst.duration_s, rng)
        yield Course(
            strength=course.strength.reshape(-1, len(_SHUTTER)).mean(axis=1),
            contractions=course.contractions,
            rate_hz=course.rate_hz,
        )


def _force(burst: Burst, share: float) -> Force:
    """Return what a burst does at a share of its strength."""
    return Force(
        lids=min(1.0, share * burst.lids),
        lower_lid=burst.lower_lid,
        squeeze=burst.squeeze,
        corner_mm=0.0 if burst.platysma else share * burst.corner_mm,
        platysma_mm=share * burst.corner_mm if burst.platysma else 0.0,
        cheek_mm=share * burst.cheek_mm,
        brow_mm=share * burst.brow_mm,
    )


def _closing(closure: Closure, side: Side, times_s: Times, step_s: float) -> Times:
    start_s = closure.onset_s + closure.late_s[side]
    top_s = closure.duration_s - _CLOSING_S - closure.fall_s
    one = Pulse(start_s, _CLOSING_S, top_s, closure.fall_s)
    shares = pulse(_moments(times_s, step_s), one)
    return np.asarray(shares.reshape(-1, len(_SHUTTER)).mean(axis=1))


def _burst_row(
    burst: Burst, course: Course, times_s: Times, step_s: float, aperture_mm: float
) -> TruthRow:
    seen = np.flatnonzero(course.strength > _EDGE * course.strength.max())
    onset_s, offset_s = float(times_s[seen[0]]), float(times_s[seen[-1]]) + step_s
    sizes_mm = (burst.lids * aperture_mm, burst.corner_mm, burst.cheek_mm)
    return TruthRow(
        onset_s=round(onset_s, 4),
        offset_s=round(offset_s, 4),
        duration_s=round(offset_s - onset_s, 4),
        side=burst.side.value,
        regions=";".join(burst.regions),
        lead_region=burst.regions[0].value,
        kind=_KIND[burst.shape].value,
        contractions=course.contractions,
        rate_hz=course.rate_hz if course.contractions > 1 else math.nan,
        excursion_mm=round(max(*sizes_mm, abs(burst.brow_mm)), 3),
        asymmetry=1.0,
        reasons=f"third injector;{burst.severity}",
        event="spasm",
        closure=burst.lids,
    )


def _closure_row(closure: Closure) -> TruthRow:
    return TruthRow(
        onset_s=round(closure.onset_s, 4),
        offset_s=round(closure.onset_s + closure.duration_s, 4),
        duration_s=round(closure.duration_s, 4),
        regions="eyelid",
        event="blink",
        closure=1.0,
    )
