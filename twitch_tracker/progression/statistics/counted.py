"""How likely counts are under a kind of variability: Laplace's method, where each hypothesis lies.

`evidence` takes the likelihood of each count for a normal one at one place, the same with and
without a change. Where bursts end, that place lies between what either of them expects, and a
long run of zeros speaks for less than it should. Here every hypothesis is linearised where it
lies itself. It costs a matrix for each, so it is asked only of what matters.

Sources: Tierney and Kadane 1986, JASA 81:82-86; the form without an inverse of the
covariance, Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, section 3.4.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["log_likelihoods"]

Array = NDArray[np.float64]

_STEPS: Final = 25
_CLOSE: Final = 1e-3
_FARTHEST: Final = 2.0
"""Never moved further than a factor of e squared in one step."""


def log_likelihoods(
    count: Array, expected: Array, covariance: Array, start: Array
) -> Array:
    """Return the log likelihood of counts, but for what depends on the counts alone.

    Parameters
    ----------
    count : NDArray[np.float64]
        Shape (n,).
    expected : NDArray[np.float64]
        What is expected of each where nothing is added, for k hypotheses; shape (k, n).
    covariance : NDArray[np.float64]
        Of what is added to the logarithm of it, shape (k, n, n).
    start : NDArray[np.float64]
        A first guess of what is added, shape (k, n).

    Returns
    -------
    NDArray[np.float64]
        Shape (k,).
    """
    log_expected = np.log(expected)
    added, turned = start, np.zeros_like(start)
    one, inner = np.eye(len(count)), np.empty_like(covariance)
    for _ in range(_STEPS):
        mean = _mean(log_expected + added)
        root = np.sqrt(mean)
        np.multiply(root[:, :, None], covariance, out=inner)
        inner *= root[:, None, :]
        inner += one
        towards = mean * added + count - mean
        pulled = root * (covariance @ towards[:, :, None])[:, :, 0]
        back = np.linalg.solve(inner, pulled[:, :, None])[:, :, 0]
        turned = towards - root * back
        new = (covariance @ turned[:, :, None])[:, :, 0]
        moved = np.clip(new - added, -_FARTHEST, _FARTHEST)
        added = added + moved
        if float(np.abs(moved).max()) < _CLOSE:
            break
    mean = _mean(log_expected + added)
    root = np.sqrt(mean)
    inner = one + root[:, :, None] * covariance * root[:, None, :]
    fitted = (count * (log_expected + added) - mean).sum(axis=1)
    return np.asarray(
        fitted - 0.5 * (turned * added).sum(axis=1) - 0.5 * np.linalg.slogdet(inner)[1]
    )


def _mean(log_mean: Array) -> Array:
    return np.maximum(np.exp(np.clip(log_mean, -30, 30)), 1e-9)
