"""What a fallible detector logs of the bursts of one side in one recording.

Bursts are cut by what was not measured; some are missed, some invented, long ones
interrupted, near ones joined, edges moved. Note: times are seconds from the first
frame; a stretch that was seen is watched for itself, and nothing crosses its ends; a
burst that touches an end is cut there, as `episodes.description.cut_off` describes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.demo.lives.person import Detector
from twitch_tracker.episodes.description.cut_off import NEAR_EDGE_S

__all__ = ["SideBursts", "Visibility", "log_bursts"]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

_LEAST_S: Final = 0.07
"""Two pictures at 30 a second: what is shorter is not seen at all."""

_FALSE_MEDIAN_S: Final = 0.35
_FALSE_SD: Final = 0.5
_BREAK_S: Final = 0.4
_EYELID: Final = 0


@dataclass(frozen=True, kw_only=True)
class SideBursts:
    """Bursts of one side in one recording, true or logged, in order of onset.

    Attributes
    ----------
    spans_s : Array
        Onset and offset, shape (bursts, 2).
    excursion_mm : Array
        Shape (bursts,).
    part : Flags
        Which region takes part, in the order of `regions.REGIONS`, shape
        (bursts, regions).
    cut : Flags
        Whether onset and offset were not seen, shape (bursts, 2).
    """

    spans_s: Array
    excursion_mm: Array
    part: Flags
    cut: Flags

    def __len__(self) -> int:
        """Return the number of bursts."""
        return len(self.spans_s)

    def chosen(self, which: Flags | NDArray[np.int64]) -> SideBursts:
        """Return some of them."""
        return SideBursts(
            spans_s=self.spans_s[which],
            excursion_mm=self.excursion_mm[which],
            part=self.part[which],
            cut=self.cut[which],
        )


@dataclass(frozen=True, kw_only=True)
class Visibility:
    """How well a detector sees in one recording.

    Attributes
    ----------
    detector : Detector
        Whose.
    day : float
        On which day.
    false_per_min : float
        False alarms a minute in this recording.
    """

    detector: Detector
    day: float
    false_per_min: float


def log_bursts(
    rng: np.random.Generator,
    true: SideBursts,
    stretches_s: Array,
    visibility: Visibility,
) -> SideBursts:
    """Log what is seen.

    Parameters
    ----------
    rng : np.random.Generator
        Source of chance.
    true : SideBursts
        All bursts of the day's process, in time of the recording; those outside it
        are not looked at.
    stretches_s : Array
        Begin and end of what was measured, in order, shape (stretches, 2).
    visibility : Visibility
        How well.

    Returns
    -------
    SideBursts
        What is logged.
    """
    parts = [
        _in_stretch(rng, true, float(begin), float(end), visibility)
        for begin, end in stretches_s
    ]
    return _together(parts)


def _in_stretch(
    rng: np.random.Generator,
    true: SideBursts,
    begin_s: float,
    end_s: float,
    visibility: Visibility,
) -> SideBursts:
    """Log one stretch that was watched throughout."""
    spans = true.spans_s
    inside = (spans[:, 1] > begin_s) & (spans[:, 0] < end_s)
    there = _clipped(true.chosen(inside), begin_s, end_s)
    found = _found(rng, there, visibility)
    found = _moved(rng, found, visibility.detector)
    found = _interrupted(rng, found, visibility.detector)
    invented = _invented(rng, begin_s, end_s, visibility)
    logged = _joined(_together([found, invented]), visibility.detector.join_s)
    return _clipped(logged, begin_s, end_s)


def _clipped(seen: SideBursts, begin_s: float, end_s: float) -> SideBursts:
    """Cut at the ends of a stretch; what is left of a burst may be too short to see."""
    spans = np.clip(seen.spans_s, begin_s, end_s)
    cut = seen.cut | np.column_stack(
        [spans[:, 0] <= begin_s + NEAR_EDGE_S, spans[:, 1] >= end_s - NEAR_EDGE_S]
    )
    clipped = SideBursts(
        spans_s=spans, excursion_mm=seen.excursion_mm, part=seen.part, cut=cut
    )
    return clipped.chosen(spans[:, 1] - spans[:, 0] >= _LEAST_S)


def _found(
    rng: np.random.Generator, seen: SideBursts, visibility: Visibility
) -> SideBursts:
    """Miss whole bursts, and regions of others; blame regions that did nothing."""
    detector = visibility.detector
    lasts = seen.spans_s[:, 1] - seen.spans_s[:, 0]
    chance = detector.found.on(visibility.day) * lasts / (lasts + detector.half_found_s)
    kept = seen.chosen(rng.random(len(seen)) < chance)
    noticed = rng.random(kept.part.shape) < detector.region_found.on(visibility.day)
    blamed = rng.random(kept.part.shape) < detector.false_region
    part = (kept.part & noticed) | (~kept.part & blamed)
    part[:, _EYELID] = kept.part[:, _EYELID]
    return SideBursts(
        spans_s=kept.spans_s, excursion_mm=kept.excursion_mm, part=part, cut=kept.cut
    )


def _moved(
    rng: np.random.Generator, seen: SideBursts, detector: Detector
) -> SideBursts:
    """Move the edges that were seen; those that were cut stay."""
    shift = detector.edge_sd_s * rng.normal(size=(len(seen), 2))
    spans = seen.spans_s + np.where(seen.cut, 0.0, shift)
    spans[:, 1] = np.maximum(spans[:, 1], spans[:, 0] + _LEAST_S)
    return SideBursts(
        spans_s=spans, excursion_mm=seen.excursion_mm, part=seen.part, cut=seen.cut
    )


def _interrupted(
    rng: np.random.Generator, seen: SideBursts, detector: Detector
) -> SideBursts:
    """Log some long bursts in pieces, with short breaks between them."""
    lasts = seen.spans_s[:, 1] - seen.spans_s[:, 0]
    breaks = rng.poisson(detector.split_per_min * lasts / 60)
    pieces = []
    for place in np.flatnonzero(breaks):
        onset, offset = seen.spans_s[place]
        at = np.sort(rng.uniform(onset, offset, breaks[place]))
        gap = detector.join_s + rng.exponential(_BREAK_S, len(at))
        begins = np.concatenate([[onset], at + gap])
        ends = np.concatenate([at, [offset]])
        spans = np.column_stack([begins, ends])
        cut = np.zeros(spans.shape, bool)
        cut[0, 0], cut[-1, 1] = seen.cut[place]
        same = np.full(len(spans), place)
        whole = seen.chosen(same)
        left = spans[:, 1] - spans[:, 0] >= _LEAST_S
        pieces.append(
            SideBursts(
                spans_s=spans, excursion_mm=whole.excursion_mm, part=whole.part, cut=cut
            ).chosen(left)
        )
    return _together([seen.chosen(breaks == 0), *pieces])


def _invented(
    rng: np.random.Generator, begin_s: float, end_s: float, visibility: Visibility
) -> SideBursts:
    """Draw false alarms."""
    n = int(rng.poisson(visibility.false_per_min * (end_s - begin_s) / 60))
    onset = rng.uniform(begin_s, end_s, n)
    lasts = _FALSE_MEDIAN_S * np.exp(_FALSE_SD * rng.normal(size=n))
    part = rng.random((n, 4)) < visibility.detector.false_region
    part[:, _EYELID] = True
    return SideBursts(
        spans_s=np.column_stack([onset, onset + lasts]),
        excursion_mm=1.2 * np.exp(0.4 * rng.normal(size=n)),
        part=part,
        cut=np.zeros((n, 2), bool),
    )


def _together(parts: list[SideBursts]) -> SideBursts:
    """Put bursts together, in order of onset."""
    spans = np.concatenate([p.spans_s for p in parts] or [np.empty((0, 2))])
    all_of_them = SideBursts(
        spans_s=spans,
        excursion_mm=np.concatenate([p.excursion_mm for p in parts] or [np.empty(0)]),
        part=np.concatenate([p.part for p in parts] or [np.empty((0, 4), bool)]),
        cut=np.concatenate([p.cut for p in parts] or [np.empty((0, 2), bool)]),
    )
    return all_of_them.chosen(np.argsort(spans[:, 0], kind="stable"))


def _joined(seen: SideBursts, join_s: float) -> SideBursts:
    """Join bursts that overlap, or with too short a pause between them."""
    if len(seen) < 2:
        return seen
    until = np.maximum.accumulate(seen.spans_s[:, 1])
    begins = np.concatenate([[True], seen.spans_s[1:, 0] - until[:-1] >= join_s])
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(seen)) - 1
    return SideBursts(
        spans_s=np.column_stack([seen.spans_s[first, 0], until[last]]),
        excursion_mm=np.maximum.reduceat(seen.excursion_mm, first),
        part=np.logical_or.reduceat(seen.part, first, axis=0),
        cut=np.column_stack([seen.cut[first, 0], seen.cut[last, 1]]),
    )
