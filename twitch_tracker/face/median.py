"""The median of a few dozen numbers, many times a frame.

`numpy.median` takes ten times as long for so few numbers as sorting them does.

>>> median(np.array([3.0, 1.0, 2.0, 10.0]))
2.5
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["median"]

_Float = TypeVar("_Float", np.float32, np.float64)


def median(values: NDArray[_Float]) -> NDArray[_Float]:
    """Return what ``numpy.median(values, axis=-1)`` does, bit for bit.

    Parameters
    ----------
    values : NDArray
        Floats, at least one along the last axis.

    Returns
    -------
    NDArray
        Of the same type, without the last axis (a scalar for one axis); NaN where
        any of the values is.
    """
    order = np.sort(values, axis=-1)
    half, odd = divmod(values.shape[-1], 2)
    upper, last = order[..., half], order[..., -1]
    two = order.dtype.type(2)
    middle = upper if odd else (order[..., half - 1] + upper) / two
    return np.where(np.isnan(last), last, middle)[()]  # NaNs are sorted to the end
