"""Which samples of a long signal to draw, so that peaks and gaps survive.

Min/max decimation: time is cut into equal bins of samples and each bin keeps its
smallest and largest value and the edges of every gap in it, so that an envelope
looks the same and a gap stays a gap. Stretches of interest keep every sample
while the budget allows.
"""

from __future__ import annotations

import itertools
from typing import cast

import numpy as np
from numpy.typing import NDArray

__all__ = ["indices_to_draw"]


def indices_to_draw(
    values: NDArray[np.float32],
    *,
    max_points: int,
    keep: NDArray[np.bool_] | None = None,
) -> NDArray[np.intp]:
    """Choose the samples to draw.

    Parameters
    ----------
    values : NDArray[np.float32]
        Shape (n, series); NaN where not measured. One choice for all series.
    max_points : int
        Upper bound for the samples chosen.
    keep : NDArray[np.bool_], optional
        Shape (n,): samples to keep whole when they fit into half of `max_points`.

    Returns
    -------
    NDArray[np.intp]
        Increasing sample numbers, at most `max_points`.
    """
    count, series = values.shape
    if count <= max_points:
        return np.arange(count, dtype=np.intp)
    kept = np.empty(0, dtype=np.intp)
    if keep is not None and int(keep.sum()) <= max_points // 2:
        kept = np.flatnonzero(keep)
    # a bin keeps min and max of each series, both edges of a gap and both ends
    bins = max(1, (max_points - len(kept)) // (2 * series + 4))
    edges = np.linspace(0, count, bins + 1).astype(np.intp)
    chosen = [kept]
    for start, stop in itertools.pairwise(edges):
        chosen.append(start + _of_bin(values[start:stop]))
    return cast("NDArray[np.intp]", np.unique(np.concatenate(chosen)))


def _of_bin(part: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the samples of one bin that carry its envelope and its gaps."""
    missing = np.flatnonzero(~np.isfinite(part).all(axis=1))
    if len(missing) == len(part):
        return np.array([0, len(part) - 1], dtype=np.intp)
    low = np.where(np.isfinite(part), part, np.inf).argmin(axis=0)
    high = np.where(np.isfinite(part), part, -np.inf).argmax(axis=0)
    gap = missing[[0, -1]] if len(missing) else missing
    ends = [0, len(part) - 1]
    everything = np.concatenate([low, high, gap, ends]).astype(np.intp)
    return cast("NDArray[np.intp]", np.unique(everything))
