"""The shape of a burst in time: separate contractions, a held one, or both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.records import EpisodeKind

__all__ = ["BurstShape", "shape_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class BurstShape:
    """Kind, number of contractions (at least 1) and their rate."""

    kind: EpisodeKind
    contractions: int
    rate_hz: float


def shape_of(drive: Floats, time_s: Floats, params: EpisodeParams) -> BurstShape:
    """Count contractions and tell clonic from tonic.

    Two contractions are separate when the signal falls between them by
    `params.contraction_depth` of the burst's peak. A contraction that stays
    above half of the peak for longer than `params.held_s` is held.

    Parameters
    ----------
    drive : Floats
        Strength over the burst, shape (n,), n >= 1, not negative.
    time_s : Floats
        Shape (n,).
    params : EpisodeParams
        Thresholds.

    Returns
    -------
    BurstShape
        ``rate_hz`` is NaN for a single contraction.
    """
    peaks = _contraction_times(drive, time_s, params)
    held = _longest_above_half_s(drive, time_s) > params.held_s
    count = max(len(peaks), 1)
    rate_hz = (count - 1) / (peaks[-1] - peaks[0]) if count > 1 else float("nan")
    if held:
        kind = EpisodeKind.MIXED if count > 1 else EpisodeKind.TONIC
    else:
        kind = EpisodeKind.CLONIC
    return BurstShape(kind=kind, contractions=count, rate_hz=float(rate_hz))


def _contraction_times(drive: Floats, time_s: Floats, params: EpisodeParams) -> Floats:
    """Times of the peaks of separate contractions (SciPy's prominence rule)."""
    from scipy.signal import find_peaks

    # Equal peaks would each count as prominent; the first one shall win a tie.
    ranked = drive * (1 - 1e-9 * np.arange(len(drive)))
    padded = np.concatenate([[0.0], ranked, [0.0]])
    tall = max(float(drive.max()), 1e-9)
    depth = params.contraction_depth * tall
    places, _ = find_peaks(padded, prominence=depth, height=depth)
    times = time_s[np.clip(places - 1, 0, len(time_s) - 1)]
    kept: list[float] = []
    for time in times:
        if not kept or time - kept[-1] >= params.contraction_apart_s:
            kept.append(float(time))
    return np.array(kept)


def _longest_above_half_s(drive: Floats, time_s: Floats) -> float:
    """Longest time in one piece above half of the peak, in seconds."""
    above = np.concatenate([[False], drive > drive.max() / 2, [False]])
    edges = np.flatnonzero(np.diff(above)).reshape(-1, 2)
    return max((float(time_s[b - 1] - time_s[a]) for a, b in edges), default=0.0)
