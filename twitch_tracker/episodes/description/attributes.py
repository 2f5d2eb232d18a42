"""What a burst was like: regions, order, contractions, strength, certainty."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes import reasons
from twitch_tracker.episodes.description.beyond import LIGHT_SD_S, BurstView, view_of
from twitch_tracker.episodes.description.claims import claimed_shape, pictures_hz
from twitch_tracker.episodes.description.edges import sharpened
from twitch_tracker.episodes.description.order import lag_s
from twitch_tracker.episodes.description.shape import shape_of
from twitch_tracker.episodes.description.taking_part import (
    excursion_mm,
    lid_took_part,
    regions_of,
    strength,
)
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.episodes.rules import Candidate
from twitch_tracker.motion.smoothing import smooth
from twitch_tracker.records import Episode, MotionSignals
from twitch_tracker.regions import REGIONS, SIDES, Region, Side

__all__ = ["confidence_of", "describe"]

Floats = NDArray[np.float64]

INTERCEPT: Final = -2.15
PER_SD: Final = 0.42
"""Logistic weights, rounded. Fitted on the development videos, untouched and with
simulated bursts warped into them (`simulate.inject`), all kinds of activity
together."""

BROW_LIFT_CLOSURE: Final = 0.3
"""A brow that takes part lifts *with* the closure; it counts as a sign when the eye
of the same side closes by at least this share."""

LEAD_FRAMES: Final = 1.5
LEAD_LEAST_S: Final = 0.04
"""On simulated bursts nine lags in ten are right to 30 ms at 30 fps."""

UNSEEN_SHARE: Final = 0.15
"""A burst of which more was not measured says so: of the simulated clonic trains
seen less than this, 7 in 21 are counted right within one, of the others 101 in 110."""

_LEAD_IN_S: Final = 0.15
"""A burst's displacement is counted from its level this long before."""


def confidence_of(peak_score: float) -> float:
    """Return the chance that a detection is a true one-sided burst.

    Parameters
    ----------
    peak_score : float
        Strongest combined evidence, in deviations of the quiet face.

    Returns
    -------
    float
        0 to 1; 0.5 is as likely as not.
    """
    return 1.0 / (1.0 + math.exp(-(INTERCEPT + PER_SD * peak_score)))


def describe(
    candidate: Candidate, motion: MotionSignals, closed: Floats, params: EpisodeParams
) -> Episode:
    """Measure everything that an `Episode` holds.

    Parameters
    ----------
    candidate : Candidate
        A candidate that was not refused.
    motion : MotionSignals
        The signals.
    closed : Floats
        Closure of each eye, shape (n, sides).
    params : EpisodeParams
        Thresholds.

    Returns
    -------
    Episode
        With reasons.
    """
    view = view_of(candidate.frames, candidate.side, motion)
    regions = regions_of(view, params)
    lags = _lags_s(view, regions)
    drive = strength(view)
    read = shape_of(*_inside(drive, view), params)
    shape = claimed_shape(read, pictures_hz(motion, candidate.frames))
    brow_lift = Region.BROW in regions and _eye_closed(candidate, closed)
    return Episode(
        span=sharpened(candidate.frames.span, view.time_s, _edge_signal(view, drive)),
        side=candidate.side,
        regions=regions,
        lead_region=_lead(regions, lags, _lead_margin_s(view.time_s)),
        kind=shape.kind,
        contractions=shape.contractions,
        rate_hz=shape.rate_hz,
        peak_score=candidate.peak,
        mean_score=float(np.nanmean(candidate.score[candidate.frames.frames])),
        excursion_mm=excursion_mm(view, regions),
        asymmetry=_asymmetry(candidate, motion),
        lag_s=lags.get(Region.MOUTH_CORNER, math.nan),
        confidence=confidence_of(candidate.peak),
        reasons=(
            *_reasons(candidate, regions, shape.contractions, brow_lift),
            *shape.why_not,
            *_caveats(view),
        ),
        brow_lift=brow_lift,
    )


def _inside(drive: Floats, view: BurstView) -> tuple[Floats, Floats]:
    """Return the strength and times of the burst's own measured frames.

    Frames that were not measured are left out: as zeros they would split one
    contraction in two. A burst that was not measured at all is one moment.
    """
    known = view.inside & np.isfinite(drive)
    if not known.any():
        return np.zeros(1), view.time_s[view.inside][:1]
    return np.clip(drive[known], 0, None), view.time_s[known]


def _lags_s(view: BurstView, regions: tuple[Region, ...]) -> dict[Region, float]:
    """Return the lag of each other region behind the eyelid; NaN where unknown."""
    closure = view.closure()
    return {
        region: lag_s(
            view.time_s, closure, smooth(view.of(region), view.time_s, LIGHT_SD_S)
        )
        for region in regions
        if region is not Region.EYELID
    }


def _edge_signal(view: BurstView, drive: Floats) -> Floats:
    """Return the signal that shows where the burst begins and ends, shape (n,)."""
    return view.closure() if lid_took_part(view) else drive


def _lead(
    regions: tuple[Region, ...], lags: dict[Region, float], margin_s: float
) -> Region:
    """Return the earliest region; the eyelid, unless another is clearly earlier.

    Without the eyelid there is nothing to be late against: the first of `REGIONS`.
    """
    if Region.EYELID not in regions:
        return regions[0]
    clear = {
        region: lag
        for region, lag in lags.items()
        if math.isfinite(lag) and lag < -margin_s
    }
    return min(clear, key=lambda region: clear[region]) if clear else Region.EYELID


def _lead_margin_s(time_s: Floats) -> float:
    """Return by how much less counts as together, in s: a frame and a half."""
    usual = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
    return max(LEAD_FRAMES * usual, LEAD_LEAST_S)


def _eye_closed(candidate: Candidate, closed: Floats) -> bool:
    """Return whether the eye of the burst closed at all."""
    own = closed[candidate.frames.frames, SIDES.index(candidate.side)]
    return bool(np.nan_to_num(own).max(initial=0.0) > BROW_LIFT_CLOSURE)


def _asymmetry(candidate: Candidate, motion: MotionSignals) -> float:
    """Return (own - other) / (own + other) of the summed squared displacement."""
    own = _energy(candidate, motion, candidate.side)
    other = _energy(candidate, motion, candidate.side.other)
    total = own + other
    return float((own - other) / total) if total > 0 else float("nan")


def _energy(candidate: Candidate, motion: MotionSignals, side: Side) -> float:
    """Return the summed squared displacement from just before the burst, brow left out.

    The level before is a median: a minimum of noisy frames would make every
    displacement larger than it was.
    """
    cut, before = candidate.frames.frames, _frames_before(candidate, motion)
    total = 0.0
    for region in REGIONS:
        if region is Region.BROW:
            continue
        series = motion.scores["position_mm"].of(region, side).astype(np.float64)
        level = series[before]
        rest = np.nanmedian(level) if np.isfinite(level).any() else 0.0
        total += float(np.nansum(np.clip(series[cut] - rest, 0, None) ** 2))
    return total


def _frames_before(candidate: Candidate, motion: MotionSignals) -> slice:
    onset_s = candidate.frames.span.start_s
    first = int(np.searchsorted(motion.time_s, onset_s - _LEAD_IN_S))
    return slice(first, max(candidate.frames.first, first + 1))


def _reasons(
    candidate: Candidate,
    regions: tuple[Region, ...],
    contractions: int | None,
    brow_lift: bool,
) -> tuple[str, ...]:
    """Return why it was kept, for a reader who was not there."""
    said = [
        reasons.moved(regions, candidate.side),
        reasons.evidence_found(candidate.peak),
    ]
    if contractions is not None and contractions > 1:
        said.append(reasons.contractions_counted(contractions))
    if brow_lift:
        said.append(reasons.BROW_ROSE)
    return tuple(said)


def _caveats(view: BurstView) -> tuple[str, ...]:
    """Return what a reader should know before trusting the numbers of this burst."""
    unseen = float(np.isnan(view.drive()[view.inside]).mean())
    if unseen < UNSEEN_SHARE:
        return ()
    return (reasons.unmeasured(unseen),)
