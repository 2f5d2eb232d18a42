"""Sums by group: one typed function."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["sums"]


def sums(
    group: NDArray[np.int64], values: NDArray[np.generic], groups: int = 0
) -> NDArray[np.float64]:
    """Sum values of each group.

    Parameters
    ----------
    group : NDArray[np.int64]
        To which group each value belongs, from 0; shape (n,).
    values : NDArray
        Shape (n,).
    groups : int
        Least number of groups.

    Returns
    -------
    NDArray[np.float64]
        Shape (groups,) or longer.
    """
    return np.asarray(np.bincount(group, values, groups), float)
