"""How one small picture lies on another: a similarity, from the pixels.

Lucas and Kanade's method (1981) on two scales with Tukey's weights, so that
what really changed (a lid, a shadow) does not pull. The mean difference in
brightness and contrast is taken out first.

Note: the result maps places (x, y) of the *second* picture to places of the first,
``second(p) = first(W p)``.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.simulate.picture.resampling import Field, blur

__all__ = ["register"]

_STEPS: Final = 12
_ENOUGH_PX: Final = 0.003  # smaller steps end the search
_TUKEY: Final = 4.685  # in robust standard deviations: 95 % efficiency
_MAD: Final = 1.4826


def register(
    first: Field, second: Field, weight: Field, scales_px: tuple[float, ...]
) -> NDArray[np.float64] | None:
    """Find the similarity between two grey pictures of the same shape.

    Parameters
    ----------
    first, second : NDArray[np.float32]
        Shape (h, w).
    weight : NDArray[np.float32]
        How much each pixel of `second` counts, 0 to 1, shape (h, w).
    scales_px : tuple of float
        Standard deviations of the blur, coarse to fine.

    Returns
    -------
    NDArray[np.float64] or None
        Shape (2, 3); None where the pixels do not determine it.
    """
    rows, columns = first.shape
    size = 0.5 * max(rows, columns)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    x, y = (x - columns / 2) / size, (y - rows / 2) / size
    p = np.zeros(4)
    first, second = np.asarray(first, np.float32), np.asarray(second, np.float32)
    for scale in scales_px:
        one, two = blur(first, scale), blur(second, scale)
        for _ in range(_STEPS):
            change = _step(one, two, weight, x, y, _matrix(p, size, first.shape))
            if change is None:
                return None
            p += change
            if np.abs(change).max() < _ENOUGH_PX:
                break
    return _matrix(p, size, first.shape)


def _matrix(
    p: NDArray[np.float64], size: float, shape: tuple[int, ...]
) -> NDArray[np.float64]:
    """Return the affine matrix of (grow, turn, x, y), in pixels at the block's edge."""
    grow, turn = p[0] / size, p[1] / size
    linear = np.array([[1 + grow, -turn], [turn, 1 + grow]])
    centre = np.array([shape[1] / 2, shape[0] / 2])
    return np.column_stack([linear, centre + p[2:] - linear @ centre])


def _step(
    first: Field,
    second: Field,
    weight: Field,
    x: Field,
    y: Field,
    matrix: NDArray[np.float64],
) -> NDArray[np.float64] | None:
    """Return one Gauss-Newton step of the four parameters."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    shown = cv2.warpAffine(
        first, matrix, first.shape[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    total = float(weight.sum())
    if total < 16:
        return None
    away = second - shown
    away -= (weight * away).sum() / total
    spread = _MAD * float(np.median(np.abs(away[weight > 0.5]))) + 1e-6
    calm = np.clip(1 - (away / (_TUKEY * spread)) ** 2, 0, None) ** 2 * weight
    dy, dx = np.gradient(shown)
    slopes = np.stack([dx * x + dy * y, dy * x - dx * y, dx, dy, np.ones_like(dx)])
    flat = slopes.reshape(5, -1)
    pulled = flat * calm.ravel()
    # Not by a matrix product: its threads would wait for each other for longer.
    normal = np.einsum("ik,jk->ij", pulled, flat).astype(np.float64)
    if np.linalg.cond(normal[:4, :4]) > 1e6:
        return None
    wanted = np.einsum("ik,k->i", pulled, away.ravel()).astype(np.float64)
    return np.asarray(np.linalg.solve(normal, wanted)[:4])
