"""Which frames of a video stand for all that look like them.

>>> {at: len(group) for at, group in sampled(np.arange(4.0), np.ones(4, bool)).items()}
{0: 1, 1: 1, 2: 1, 3: 1}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.simulate.picture.resampling import Image

__all__ = ["Pictures", "sampled"]

Pictures = Callable[[Sequence[int]], Mapping[int, Image]]
"""Gives the filmed frames at some places, which are in order and all different."""

SAMPLE_S: Final = 0.4
MOST_SAMPLES: Final = 60
"""Likeness is looked at so often, and no more often than this in one video."""


def sampled(
    time_s: NDArray[np.float64], chosen: NDArray[np.bool_]
) -> dict[int, NDArray[np.intp]]:
    """Choose some frames to look at, each with those that it stands for.

    Parameters
    ----------
    time_s : NDArray[np.float64]
        Frame times, shape (n,).
    chosen : NDArray[np.bool_]
        Frames of interest, shape (n,).
    """
    span_s = max(SAMPLE_S, float(time_s[-1] - time_s[0]) / MOST_SAMPLES)
    places = np.flatnonzero(chosen)
    bins = np.floor((time_s[places] - time_s[0]) / span_s)
    groups = [places[bins == one] for one in np.unique(bins)]
    return {int(group[len(group) // 2]): group for group in groups}
