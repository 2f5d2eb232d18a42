"""Two published ways to find one-sided closures, as a yardstick.

Both see the same landmarks as the product. The eye aspect ratio (EAR) is the
mean distance between the lids over the distance between the canthi (after
Soukupova and Cech 2016).

`ear_difference`: the closure of one eye, as a share of its own open value,
exceeds that of the other by more than 0.25; pieces less than 0.1 s apart are
one.

`relative_difference`: written from a description of keinomura/HFS_analysis_app
(Nomura and Sakai, Zenodo 10.5281/zenodo.18845312), whose detector itself was
never published. (healthy - affected) / healthy of the apertures is split by a
Savitzky-Golay filter (3 s, second order) into a tonic part and a clonic rest; a
frame is in spasm when either lies more than 0.5 of its own standard deviation
above its mean, for at least 4 frames. The affected eye is the one whose
aperture varies more. Blinks, seen at the healthy eye, are left out with 3
frames on both sides. Three readings are ours: the mean as the zero of the
threshold, half the open aperture as the sign of a blink, and the whole
recording as the task (no second is cut off at its ends).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.motion.recorder import RawMotion
from twitch_tracker.motion.timing import frame_durations
from twitch_tracker.motion.usable import usable_reasons
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import (
    EYE_CORNERS,
    LOWER_LID,
    SIDES,
    UPPER_LID,
    Region,
    Side,
)
from twitch_tracker.timebase import Interval

__all__ = ["ear_difference", "eye_aspect_ratio", "relative_difference", "runs"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

OPEN_QUANTILE: Final = 0.75
"""The open eye: the upper quartile of its aspect ratio."""

EAR_THRESHOLD: Final = 0.25
EAR_JOIN_S: Final = 0.1

TONIC_WINDOW_S: Final = 3.0
TONIC_ORDER: Final = 2
RD_THRESHOLD_SD: Final = 0.5
RD_LEAST_FRAMES: Final = 4
BLINK_SHARE: Final = 0.5
BLINK_MARGIN_FRAMES: Final = 3


def eye_aspect_ratio(raw: RawMotion) -> Floats:
    """Return aspect ratio of each eye, shape (n, sides); NaN where not measurable."""
    columns = []
    for side in SIDES:
        upper = raw.points(UPPER_LID[side])[:, :, :2].astype(np.float64)
        lower = raw.points(LOWER_LID[side])[:, :, :2].astype(np.float64)
        corners = raw.points(EYE_CORNERS[side])[:, :, :2].astype(np.float64)
        height = np.linalg.norm(upper - lower, axis=2).mean(axis=1)
        width = np.linalg.norm(corners[:, 0] - corners[:, 1], axis=1)
        columns.append(height / np.maximum(width, 1e-6))
    ratio = np.stack(columns, axis=1)
    ratio[[bool(reasons) for reasons in usable_reasons(raw)]] = np.nan
    return np.asarray(ratio)


def _open_value(ratio: Floats) -> Floats:
    """Return aspect ratio of each open eye, shape (sides,); NaN without a frame."""
    if not np.isfinite(ratio).any():
        return np.full(ratio.shape[1], np.nan)
    return np.asarray(np.nanquantile(ratio, OPEN_QUANTILE, axis=0))


def ear_difference(raw: RawMotion) -> tuple[Episode, ...]:
    """Find one-sided closures by the difference of the aspect ratios.

    Parameters
    ----------
    raw : RawMotion
        A recording.

    Returns
    -------
    tuple of Episode
        Of the eyelid only, in order of onset.
    """
    ratio = eye_aspect_ratio(raw)
    closed = 1.0 - ratio / _open_value(ratio)
    found: list[Episode] = []
    for place, side in enumerate(SIDES):
        more = closed[:, place] - closed[:, 1 - place]
        inside = np.nan_to_num(more, nan=0.0) > EAR_THRESHOLD
        spans = _spans(inside, raw.time_s)
        found += [_episode(span, side) for span in _joined(spans, EAR_JOIN_S)]
    return tuple(sorted(found, key=lambda e: e.span))


def relative_difference(raw: RawMotion) -> tuple[Episode, ...]:
    """Find spasms by the relative difference of the apertures.

    Parameters
    ----------
    raw : RawMotion
        A recording.

    Returns
    -------
    tuple of Episode
        Of the eyelid of the more variable eye only, in order of onset.
    """
    ratio = eye_aspect_ratio(raw)
    known = np.isfinite(ratio).all(axis=1)
    if known.sum() < 2:
        return ()
    varying = ratio[known].std(axis=0) / ratio[known].mean(axis=0)
    affected = int(varying.argmax())
    healthy = ratio[:, 1 - affected]
    difference = (healthy - ratio[:, affected]) / np.maximum(healthy, 1e-6)
    tonic, clonic = _split(difference, known, raw.time_s)
    inside = _above(tonic, known) | _above(clonic, known)
    inside &= known & ~_near_blink(healthy, float(_open_value(ratio)[1 - affected]))
    kept = [run for run in runs(inside) if run[1] - run[0] >= RD_LEAST_FRAMES]
    mask = np.zeros_like(inside)
    for first, after in kept:
        mask[first:after] = True
    side = SIDES[affected]
    return tuple(_episode(span, side) for span in _spans(mask, raw.time_s))


def _split(difference: Floats, known: Mask, time_s: Floats) -> tuple[Floats, Floats]:
    """Return tonic part and clonic rest; gaps are bridged for the filter only."""
    from scipy.signal import savgol_filter

    places = np.arange(len(difference))
    whole = np.interp(places, places[known], difference[known])
    step_s = float(np.median(frame_durations(time_s)))
    window = min(round(TONIC_WINDOW_S / max(step_s, 1e-3)) | 1, (len(whole) - 1) | 1)
    window -= 2 * (window > len(whole))
    if window <= TONIC_ORDER:
        return whole, np.zeros_like(whole)
    tonic = np.asarray(savgol_filter(whole, window, TONIC_ORDER), np.float64)
    return tonic, whole - tonic


def _above(part: Floats, known: Mask) -> Mask:
    """Return where a part exceeds its mean by `RD_THRESHOLD_SD` of its deviation."""
    mean, deviation = part[known].mean(), part[known].std()
    return np.asarray(part > mean + RD_THRESHOLD_SD * max(float(deviation), 1e-9))


def _near_blink(healthy: Floats, open_value: float) -> Mask:
    """Return frames in or beside a blink of the healthy eye."""
    blink = np.nan_to_num(healthy, nan=np.inf) < BLINK_SHARE * open_value
    wide = np.ones(2 * BLINK_MARGIN_FRAMES + 1)
    spread = np.convolve(blink.astype(float), wide)
    return np.asarray(spread[BLINK_MARGIN_FRAMES:][: len(blink)] > 0.5)


# --- frames to spans --------------------------------------------------------


def runs(inside: Mask) -> list[tuple[int, int]]:
    """Return first frame of every run of True, and the first one after it."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inside.astype(int), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _spans(inside: Mask, time_s: Floats) -> list[Interval]:
    """Return spans of time of the runs: until the end of their last frame."""
    lasts = frame_durations(time_s)
    return [
        Interval(
            start_s=float(time_s[first]),
            end_s=float(time_s[after - 1] + lasts[after - 1]),
        )
        for first, after in runs(inside)
    ]


def _joined(spans: list[Interval], gap_s: float) -> list[Interval]:
    """Join spans with less than `gap_s` between them."""
    whole: list[Interval] = []
    for span in spans:
        if whole and span.start_s - whole[-1].end_s < gap_s:
            whole[-1] = Interval(start_s=whole[-1].start_s, end_s=span.end_s)
        else:
            whole.append(span)
    return whole


def _episode(span: Interval, side: Side) -> Episode:
    """Make a burst of which nothing but side and span is known."""
    return Episode(
        span=span,
        side=side,
        regions=(Region.EYELID,),
        lead_region=Region.EYELID,
        kind=EpisodeKind.CLONIC,
    )
