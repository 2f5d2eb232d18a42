"""How much recording each frame stands for, and where frames are missing.

Durations are sums over frames of the time until the next frame. A pause in the
stream is nobody's time: it is neither analysable nor a burst.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["GAP_FACTOR", "GAP_FLOOR_S", "frame_durations", "gap_after"]

GAP_FACTOR: Final = 4.0
"""A step this many times the median step is a gap. Browser and phone recordings
stay below 1.5 times (FINDINGS of the design), a paused stream is far above."""

GAP_FLOOR_S: Final = 0.20
"""No step shorter than this is a gap: low frame rates and single lost frames."""


def gap_after(time_s: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Mark frames that are followed by missing frames.

    Parameters
    ----------
    time_s : NDArray[np.float64]
        Presentation times, increasing, shape (n,).

    Returns
    -------
    NDArray[np.bool_]
        Shape (n,); the last frame is never marked.
    """
    marked = np.zeros(len(time_s), bool)
    if len(time_s) > 1:
        steps = np.diff(time_s)
        marked[:-1] = steps > max(GAP_FLOOR_S, GAP_FACTOR * float(np.median(steps)))
    return marked


def frame_durations(time_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Seconds that each frame stands for.

    Parameters
    ----------
    time_s : NDArray[np.float64]
        Presentation times, increasing, shape (n,).

    Returns
    -------
    NDArray[np.float64]
        Time until the next frame, shape (n,); the median step for the last
        frame and for frames before a gap. A single frame stands for no time.
    """
    if len(time_s) < 2:
        return np.zeros(len(time_s))
    steps = np.diff(time_s)
    usual = float(np.median(steps))
    durations = np.append(steps, usual)
    durations[gap_after(time_s)] = usual
    return durations
