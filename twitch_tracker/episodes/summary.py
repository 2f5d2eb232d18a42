"""The numbers of one recording.

Every rate divides by analysable minutes, that of new bursts by those without a burst.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.records import (
    Blink,
    Episode,
    ExcludedSpan,
    FaceNumbers,
    HardlyOpen,
    MotionSignals,
    QualityReason,
    SessionSummary,
    SideSummary,
)
from twitch_tracker.regions import REGIONS, SIDES, Region, Side
from twitch_tracker.timebase import Interval

__all__ = [
    "LONG_BURST_S",
    "excluded_spans",
    "join_spans",
    "poisson_interval",
    "summarise",
    "unseen_s",
    "watched_pauses_s",
]

LONG_BURST_S: Final = 1.0
"""The one hard time constant of the Jankovic rating scale's frequency item."""

UNSEEN_S: Final = 0.3
"""A pause with a longer unmeasured stretch is not counted: a burst may hide there.
Bursts closer than this are one burst anyway (`EpisodeParams.merge_gap_s`)."""

_ROUNDING_S: Final = 1e-3
"""Frames that end less than this before the next begin are not followed by a gap."""

_NAN: Final = float("nan")


def summarise(
    motion: MotionSignals,
    episodes: Iterable[Episode],
    blinks: Iterable[Blink],
    hardly_open: Iterable[HardlyOpen] = (),
    face: FaceNumbers | None = None,
) -> SessionSummary:
    """Compute the headline numbers.

    Parameters
    ----------
    motion : MotionSignals
        Signals, for the analysable time.
    episodes, blinks, hardly_open
        What was found.
    face : FaceNumbers, optional
        What the face did apart from bursts (`face_numbers.face_numbers`).

    Returns
    -------
    SessionSummary
        Rates are NaN when nothing was analysable.
    """
    bursts, closures, shut = tuple(episodes), tuple(blinks), tuple(hardly_open)
    minutes = motion.analysable_s / 60
    return SessionSummary(
        recorded_s=motion.recorded_s,
        analysable_s=motion.analysable_s,
        sides={
            side: _side(
                [burst for burst in bursts if burst.side is side],
                [state for state in shut if state.side is side],
                motion,
            )
            for side in SIDES
        },
        rest_asymmetry=_rest_asymmetry(motion, bursts, closures),
        blinks=len(closures),
        complete_blinks=sum(b.complete for b in closures),
        blinks_per_min=len(closures) / minutes if minutes > 0 else _NAN,
        excluded_s=_excluded_s(motion),
        regions_unseen_s=_regions_unseen_s(motion),
        pictures_hz=_pictures_hz(motion),
        unchanged_share=motion.unchanged_share,
        quantiser=motion.quantiser,
        face=face or FaceNumbers(),
    )


def _pictures_hz(motion: MotionSignals) -> float:
    """Return fresh pictures a second, as a rule; NaN where nobody looked."""
    if motion.fresh_step_s is None or not motion.usable.any():
        return _NAN
    return 1 / float(np.median(motion.fresh_step_s[motion.usable]))


def poisson_interval(count: int, exposure: float) -> tuple[float, float]:
    """Return the exact 95 % interval of a Poisson rate (Garwood 1936).

    Parameters
    ----------
    count : int
        Events seen.
    exposure : float
        How long was watched, in the unit the rate is per.

    Returns
    -------
    low, high : float
        NaN when `exposure` is not positive.
    """
    if exposure <= 0:
        return _NAN, _NAN
    if count == 0:  # as below, without loading SciPy
        return 0.0, -math.log1p(-0.975) / exposure
    # Quantiles of gamma, as those of chi-square halved: scipy.stats loads for half a second.
    from scipy.special import gammaincinv

    low = float(gammaincinv(count, 0.025))
    high = float(gammaincinv(count + 1, 0.975))
    return low / exposure, high / exposure


def _side(
    bursts: list[Episode], hardly_open: list[HardlyOpen], motion: MotionSignals
) -> SideSummary:
    """Return the headline numbers of one side."""
    minutes = motion.analysable_s / 60
    durations = np.array([e.span.duration_s for e in bursts])
    low, high = poisson_interval(len(bursts), minutes)
    spasm_s = float(motion.frame_s[_inside(motion, [e.span for e in bursts])].sum())
    free_s = max(motion.analysable_s - spasm_s, 0.0)
    onsets = sum(not e.onset_cut for e in bursts)
    new_low, new_high = poisson_interval(onsets, free_s / 60)
    reached = {region for e in bursts for region in e.regions}
    return SideSummary(
        episodes=len(bursts),
        episodes_per_min=len(bursts) / minutes if minutes > 0 else _NAN,
        episodes_per_min_low=low,
        episodes_per_min_high=high,
        spasm_fraction=spasm_s / motion.analysable_s if minutes > 0 else _NAN,
        spasm_s=spasm_s,
        median_duration_s=float(np.median(durations)) if bursts else _NAN,
        longest_duration_s=float(durations.max()) if bursts else _NAN,
        median_pause_s=_median_pause_s(bursts, motion),
        share_over_1s=float((durations > LONG_BURST_S).mean()) if bursts else _NAN,
        regions=tuple(r for r in REGIONS if r in reached),
        cut_off=sum(e.cut for e in bursts),
        bilateral=sum(e.bilateral for e in bursts),
        onsets=onsets,
        free_s=free_s,
        onsets_per_free_min=60 * onsets / free_s if free_s > 0 else _NAN,
        onsets_per_free_min_low=new_low,
        onsets_per_free_min_high=new_high,
        hardly_open_s=sum((state.span.duration_s for state in hardly_open), 0.0),
    )


def _inside(motion: MotionSignals, spans: Iterable[Interval]) -> NDArray[np.bool_]:
    """Return the usable frames that lie in any of the spans."""
    mask = np.zeros(len(motion.time_s), bool)
    for span in spans:
        mask |= (motion.time_s >= span.start_s) & (motion.time_s < span.end_s)
    return mask & motion.usable


def watched_pauses_s(
    spans: Sequence[Interval], unseen_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return pauses between bursts of one side that were watched throughout.

    Parameters
    ----------
    spans : sequence of Interval
        The bursts of one side, in order of onset.
    unseen_s : NDArray[np.float64]
        Begin and end of what was not measured, shape (n, 2), in order and apart
        (`join_spans`).

    Returns
    -------
    NDArray[np.float64]
        Lengths in seconds, in order; pauses with `UNSEEN_S` or more unmeasured at
        a stretch are left out, because a burst may hide there.
    """
    pauses = []
    busy_until_s = -np.inf
    for earlier, later in pairwise(spans):
        busy_until_s = max(busy_until_s, earlier.end_s)
        gap = (busy_until_s, later.start_s)
        if gap[1] > gap[0] and _longest_inside_s(unseen_s, *gap) < UNSEEN_S:
            pauses.append(gap[1] - gap[0])
    return np.array(pauses, np.float64)


def _longest_inside_s(
    unseen_s: NDArray[np.float64], start_s: float, end_s: float
) -> float:
    """Return the longest stretch of the unseen within a pause, in seconds."""
    if not len(unseen_s):
        return 0.0
    inside = np.clip(unseen_s, start_s, end_s)
    return float((inside[:, 1] - inside[:, 0]).max())


def join_spans(spans: Iterable[Interval]) -> NDArray[np.float64]:
    """Join spans that touch or overlap.

    Parameters
    ----------
    spans : iterable of Interval
        In any order, e.g. of `excluded_spans`, where one unseen stretch is several
        when its reasons change.

    Returns
    -------
    NDArray[np.float64]
        Begins and ends in seconds, shape (n, 2), in order and apart.
    """
    joined: list[list[float]] = []
    for span in sorted(spans):
        if joined and span.start_s - joined[-1][1] <= _ROUNDING_S:
            joined[-1][1] = max(joined[-1][1], span.end_s)
        else:
            joined.append([span.start_s, span.end_s])
    return np.array(joined, np.float64).reshape(-1, 2)


def _median_pause_s(bursts: list[Episode], motion: MotionSignals) -> float:
    """Return median pause between bursts, over pauses that were watched throughout."""
    unseen = unseen_s(motion.time_s, motion.usable, motion.frame_s)
    pauses = watched_pauses_s([e.span for e in bursts], unseen)
    return float(np.median(pauses)) if len(pauses) else _NAN


def unseen_s(
    time_s: NDArray[np.float64],
    usable: NDArray[np.bool_],
    frame_s: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Find the stretches without a usable frame.

    Parameters
    ----------
    time_s, usable, frame_s
        Of `records.MotionSignals`, shape (n,).

    Returns
    -------
    NDArray[np.float64]
        Begins and ends in seconds, shape (m, 2), in order and apart. The first began,
        and the last ends, at no known time: they are endless.
    """
    seen_s = time_s[usable]
    until_s = seen_s + frame_s[usable]
    gaps = np.stack([np.append(-np.inf, until_s), np.append(seen_s, np.inf)], axis=1)
    return np.asarray(gaps[gaps[:, 1] - gaps[:, 0] > _ROUNDING_S])


def _rest_asymmetry(
    motion: MotionSignals, bursts: tuple[Episode, ...], blinks: tuple[Blink, ...]
) -> float:
    """Return (right - left) / mean of the open apertures outside bursts and blinks."""
    busy = [e.span for e in bursts] + [b.span.widened(0.2) for b in blinks]
    quiet = motion.usable & ~_inside(motion, busy)
    open_mm = motion.aperture_mm[quiet]
    open_mm = open_mm[np.isfinite(open_mm).all(axis=1)]
    if not len(open_mm):
        return _NAN
    left, right = (
        float(np.median(open_mm[:, SIDES.index(s)])) for s in (Side.LEFT, Side.RIGHT)
    )
    return (right - left) / ((right + left) / 2) if right + left > 0 else _NAN


def _excluded_s(motion: MotionSignals) -> dict[QualityReason, float]:
    """Return seconds lost to each reason, most first."""
    lost: dict[QualityReason, float] = {}
    for reasons, seconds in zip(motion.reasons, motion.frame_s, strict=True):
        for reason in reasons:
            lost[reason] = lost.get(reason, 0.0) + float(seconds)
    ends_s = motion.time_s[:-1] + motion.frame_s[:-1]
    missing_s = float(np.clip(motion.time_s[1:] - ends_s, 0.0, None).sum())
    if missing_s > _ROUNDING_S:
        lost[QualityReason.MISSING_FRAMES] = missing_s
    return dict(sorted(lost.items(), key=lambda item: -item[1]))


def _regions_unseen_s(motion: MotionSignals) -> dict[Region, float]:
    """Return analysable seconds with a region outside the picture, most first."""
    places = motion.scores.get("place_io")
    if places is None:
        return {}
    unseen_s = {}
    for region in REGIONS:
        seen = np.isfinite(places.of_both(region)).any(axis=1)
        unseen_s[region] = float(motion.frame_s[motion.usable & ~seen].sum())
    ordered = sorted(unseen_s.items(), key=lambda item: -item[1])
    return {region: seconds for region, seconds in ordered if seconds > 0}


def excluded_spans(motion: MotionSignals) -> tuple[ExcludedSpan, ...]:
    """Return stretches that could not be measured, with their reasons.

    Returns
    -------
    tuple of ExcludedSpan
        In order; a stretch ends where its reasons change. Pauses in the stream
        itself are reported as ``missing_frames``.
    """
    ends_s = motion.time_s + motion.frame_s
    spans: list[ExcludedSpan] = []
    first = 0
    n = len(motion.time_s)
    for i in range(n):
        last = i + 1 == n
        if (
            not last
            and motion.reasons[i + 1] == motion.reasons[first]
            and not _gap(motion, i)
        ):
            continue
        if motion.reasons[first]:
            spans.append(
                _excluded(motion.time_s[first], ends_s[i], motion.reasons[first])
            )
        if not last and _gap(motion, i):
            missing = (QualityReason.MISSING_FRAMES,)
            spans.append(_excluded(ends_s[i], motion.time_s[i + 1], missing))
        first = i + 1
    return tuple(spans)


def _gap(motion: MotionSignals, i: int) -> bool:
    """Return whether frames are missing after frame `i`."""
    end_s = motion.time_s[i] + motion.frame_s[i]
    return bool(motion.time_s[i + 1] - end_s > _ROUNDING_S)


def _excluded(
    start_s: float, end_s: float, reasons: tuple[QualityReason, ...]
) -> ExcludedSpan:
    span = Interval(start_s=float(start_s), end_s=float(end_s))
    return ExcludedSpan(span=span, reasons=reasons)
