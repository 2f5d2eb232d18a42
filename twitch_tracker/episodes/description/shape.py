"""The shape of a burst in time: separate contractions, a held one, or both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.motion.smoothing import smooth
from twitch_tracker.records import EpisodeKind

__all__ = ["BurstShape", "shape_of"]

Floats = NDArray[np.float64]

STRENGTH_QUANTILE: Final = 0.9
"""One noisy frame must not set the scale of a whole burst."""


@dataclass(frozen=True, kw_only=True)
class BurstShape:
    """Kind, number of contractions (at least 1) and their rate."""

    kind: EpisodeKind
    contractions: int
    rate_hz: float


def shape_of(drive: Floats, time_s: Floats, params: EpisodeParams) -> BurstShape:
    """Count contractions and decide between clonic and tonic.

    A burst's strength is the ninth decile of its signal. Two contractions are
    separate when the signal falls between them by `params.contraction_depth`
    of it. A burst that stays above `params.held_level` of it for longer than
    `params.held_s` is held, a single contraction for longer than
    `params.held_alone_s`; it is mixed when many contractions remain in it after
    smoothing.

    Parameters
    ----------
    drive : Floats
        Strength over the burst, shape (n,), n >= 1, not negative. Not smoothed
        by more than a frame: that fills the trough between fast contractions.
    time_s : Floats
        Shape (n,).
    params : EpisodeParams
        Thresholds.

    Returns
    -------
    BurstShape
        ``rate_hz`` is NaN for a single contraction.
    """
    peaks = _contractions(drive, time_s, params)
    above = drive > params.held_level * _strength(drive)
    long_s = params.held_s if len(peaks) > 1 else params.held_alone_s
    if _longest_s(above, time_s, params.held_dip_s) <= long_s:
        return _separate(EpisodeKind.CLONIC, peaks)
    clear = _contractions(smooth(drive, time_s, params.mixed_smooth_s), time_s, params)
    span_s = float(time_s[-1] - time_s[0])
    many = len(clear) >= params.mixed_contractions
    if many and len(clear) >= params.mixed_rate_hz * span_s:
        return _separate(EpisodeKind.MIXED, peaks)
    return BurstShape(kind=EpisodeKind.TONIC, contractions=1, rate_hz=float("nan"))


def _strength(drive: Floats) -> float:
    return max(float(np.quantile(drive, STRENGTH_QUANTILE)), 1e-9)


def _contractions(drive: Floats, time_s: Floats, params: EpisodeParams) -> list[float]:
    """Return times of the separate contractions."""
    depth = params.contraction_depth * _strength(drive)
    peaks = _contraction_times(drive, time_s, depth)
    return _apart(peaks, params.contraction_apart_s)


def _separate(kind: EpisodeKind, peaks: list[float]) -> BurstShape:
    """Describe a burst of separate contractions at the given times."""
    count = max(len(peaks), 1)
    rate_hz = (count - 1) / (peaks[-1] - peaks[0]) if count > 1 else float("nan")
    return BurstShape(kind=kind, contractions=count, rate_hz=rate_hz)


def _contraction_times(drive: Floats, time_s: Floats, depth: float) -> list[float]:
    """Return times of peaks that stand out by `depth` (SciPy's prominence)."""
    from scipy.signal import find_peaks

    # Equal peaks would each count as prominent; the first one shall win a tie.
    ranked = drive * (1 - 1e-9 * np.arange(len(drive)))
    padded = np.concatenate([[0.0], ranked, [0.0]])
    places, _ = find_peaks(padded, prominence=depth, height=depth)
    return [float(t) for t in time_s[np.clip(places - 1, 0, len(time_s) - 1)]]


def _apart(times: list[float], apart_s: float) -> list[float]:
    """Leave out times closer than `apart_s` to the last one kept."""
    kept: list[float] = []
    for time in times:
        if not kept or time - kept[-1] >= apart_s:
            kept.append(time)
    return kept


def _longest_s(above: NDArray[np.bool_], time_s: Floats, dip_s: float) -> float:
    """Return the longest time above in one piece, shorter dips bridged, in seconds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], above, [False]])))
    pieces: list[tuple[float, float]] = []
    for first, end in edges.reshape(-1, 2):
        start_s, stop_s = float(time_s[first]), float(time_s[end - 1])
        next_s = float(time_s[min(end, len(time_s) - 1)])
        if pieces and start_s - pieces[-1][1] <= dip_s:
            start_s = pieces.pop()[0]
        pieces.append((start_s, max(stop_s, next_s)))
    return max((stop_s - start_s for start_s, stop_s in pieces), default=0.0)
