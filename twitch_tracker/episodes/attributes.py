"""What a burst was like: regions, order, contractions, strength, certainty."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.confidence import confidence_of
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.episodes.rules import Candidate
from twitch_tracker.episodes.shape import shape_of
from twitch_tracker.records import Episode, MotionSignals
from twitch_tracker.regions import REGIONS, SIDES, Region, Side

__all__ = ["describe"]

Floats = NDArray[np.float64]

BROW_LIFT_MM: Final = 1.0
"""Brow rise that counts together with the eye's closure; about twice the
landmark noise of a quiet brow."""

BROW_LIFT_CLOSURE: Final = 0.3
"""... while the eye of the same side is closed by at least this fraction."""

ONSET_SHARE: Final = 0.3
"""A region's own onset is where its first rise passes this share of its peak."""

_LEAD_IN_S: Final = 0.15
"""Regions may start this long before the combined evidence does."""


def describe(
    candidate: Candidate, motion: MotionSignals, closed: Floats, params: EpisodeParams
) -> Episode:
    """Measure everything an `Episode` tells of a burst.

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
        With reasons in plain words.
    """
    view = _Burst(candidate, motion, params)
    regions = view.regions()
    onsets = {region: view.onset_s(region) for region in regions}
    shape = shape_of(*view.drive(), params)
    brow_lift = view.brow_lift(closed)
    return Episode(
        span=candidate.frames.span,
        side=candidate.side,
        regions=regions,
        lead_region=_lead(onsets),
        kind=shape.kind,
        contractions=shape.contractions,
        rate_hz=shape.rate_hz,
        peak_score=candidate.peak,
        mean_score=float(np.nanmean(candidate.score[candidate.frames.frames])),
        excursion_mm=view.excursion_mm(regions),
        asymmetry=view.asymmetry(),
        lag_s=_lag_s(onsets),
        confidence=confidence_of(candidate.peak),
        reasons=_reasons(candidate, regions, shape.contractions, brow_lift),
        brow_lift=brow_lift,
    )


class _Burst:
    """The signals of one burst, cut out."""

    def __init__(
        self, candidate: Candidate, motion: MotionSignals, params: EpisodeParams
    ) -> None:
        self._params = params
        self._side = candidate.side
        self._motion = motion
        self._cut = candidate.frames.frames
        self._before = self._frames_before(candidate)
        self.time_s = motion.time_s[self._cut]

    def _frames_before(self, candidate: Candidate) -> slice:
        onset_s = candidate.frames.span.start_s
        first = int(np.searchsorted(self._motion.time_s, onset_s - _LEAD_IN_S))
        return slice(first, max(candidate.frames.first, first + 1))

    def _evidence(self, region: Region) -> Floats:
        series = self._motion.scores["one_sided"].of(region, self._side)
        return series[self._cut].astype(np.float64)

    def _moved_mm(self, region: Region, side: Side) -> Floats:
        """Displacement within the burst, from its level just before, shape (m,).

        The level is a median: a minimum of noisy frames would make every
        excursion larger than it was.
        """
        series = self._motion.scores["position_mm"].of(region, side).astype(np.float64)
        before = series[self._before]
        level = np.nanmedian(before) if np.isfinite(before).any() else 0.0
        return np.asarray(series[self._cut] - level)

    def regions(self) -> tuple[Region, ...]:
        """Regions whose own evidence is strong enough; the eyelid always."""
        strong = {
            region
            for region in REGIONS
            if _largest(self._evidence(region)) >= self._params.region_sd
        }
        return tuple(r for r in REGIONS if r in strong or r is Region.EYELID)

    def onset_s(self, region: Region) -> float:
        """When a region began the movement that first took it to half its peak.

        Walking back from there to `ONSET_SHARE` of the peak keeps a flicker of
        noise before the burst from being taken for its onset.
        """
        wide = slice(self._before.start, self._cut.stop)
        series = self._motion.scores["one_sided"].of(region, self._side)[wide]
        peak = np.nanmax(series)
        first = int(np.argmax(series >= peak / 2))
        while first > 0 and series[first - 1] >= ONSET_SHARE * peak:
            first -= 1
        return float(self._motion.time_s[wide][first])

    def drive(self) -> tuple[Floats, Floats]:
        """The one signal contractions are counted in, and its times.

        The eyelid's evidence: it follows single contractions best. Frames that
        were not measured are left out: as zeros they would split one contraction
        in two.
        """
        lid = np.clip(self._evidence(Region.EYELID), 0, None)
        known = np.isfinite(lid)
        return lid[known], self.time_s[known]

    def excursion_mm(self, regions: tuple[Region, ...]) -> float:
        """Largest displacement of any involved region; NaN without a scale."""
        return max(_largest(self._moved_mm(r, self._side)) for r in regions)

    def asymmetry(self) -> float:
        """(own - other) / (own + other) of the summed squared displacement."""
        own = self._energy(self._side)
        other = self._energy(self._side.other)
        total = own + other
        return float((own - other) / total) if total > 0 else float("nan")

    def _energy(self, side: Side) -> float:
        parts = [self._moved_mm(r, side) for r in REGIONS if r is not Region.BROW]
        return float(sum(np.nansum(np.clip(p, 0, None) ** 2) for p in parts))

    def brow_lift(self, closed: Floats) -> bool:
        """Whether the brow rose while the eye of the same side was closing."""
        shut = closed[self._cut, SIDES.index(self._side)] > BROW_LIFT_CLOSURE
        raised = self._moved_mm(Region.BROW, self._side) > BROW_LIFT_MM
        alone = self._evidence(Region.BROW) >= self._params.region_sd
        return bool((shut & raised & alone).any())


def _largest(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.max()) if len(known) else float("nan")


def _lead(onsets: dict[Region, float]) -> Region:
    """The earliest region; within one frame the order of `REGIONS` decides."""
    return min(onsets, key=lambda region: (onsets[region], REGIONS.index(region)))


def _lag_s(onsets: dict[Region, float]) -> float:
    """Mouth corner after eyelid; NaN when only one of them took part."""
    if Region.EYELID in onsets and Region.MOUTH_CORNER in onsets:
        return onsets[Region.MOUTH_CORNER] - onsets[Region.EYELID]
    return math.nan


_REGION_WORDS: Final = {
    Region.EYELID: "eyelid",
    Region.MOUTH_CORNER: "mouth corner",
    Region.CHEEK: "cheek",
    Region.BROW: "brow",
}


def _reasons(
    candidate: Candidate,
    regions: tuple[Region, ...],
    contractions: int,
    brow_lift: bool,
) -> tuple[str, ...]:
    """Why it was kept, for a reader who was not there."""
    words = [_REGION_WORDS[r] for r in regions]
    where = " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
    said = [
        f"{where} of the {candidate.side} side moved beyond the other side and the head",
        f"evidence {candidate.peak:.1f} times the unrest of the quiet face",
    ]
    if contractions > 1:
        said.append(f"{contractions} separate contractions")
    if brow_lift:
        said.append("the brow rose while the eye closed")
    return tuple(said)
