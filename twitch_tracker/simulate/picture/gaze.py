"""Eyes that look elsewhere: the iris moves within the lids that stay.

The eyeball is sampled where it was before it turned. Along the eye the map
keeps the canthi and carries the iris rigidly; across, what would come from
behind a lid repeats the lid's margin. Outside the palpebral opening nothing
changes.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from twitch_tracker.regions import IRIS, Side
from twitch_tracker.simulate.picture.geometry import EyeGeometry
from twitch_tracker.simulate.picture.resampling import Field, Image, smoothstep

__all__ = ["EYEBALL_RADIUS_MM", "turn_eye"]

EYEBALL_RADIUS_MM: Final = 12.0
"""Half the axial length of an adult's eye, 23 to 24 mm."""

_CANTHUS: Final = 0.06  # least distance of the moved iris from a canthus, eye widths


def turn_eye(
    image: Image,
    eye: EyeGeometry,
    mesh_px: NDArray[np.floating[Any]],
    side: Side,
    shift_px: NDArray[np.float64],
    at: Field,
    canvas: Field,
) -> None:
    """Show one eye looking elsewhere, in place.

    Parameters
    ----------
    image : NDArray[np.uint8]
        The original picture.
    eye : EyeGeometry
        The eye in it.
    mesh_px : NDArray
        The mesh it is from, shape (478, 3).
    side : Side
        Which eye.
    shift_px : NDArray[np.float64]
        How far the iris moves in the picture, shape (2,).
    at, canvas
        As for `lids.close_eye`.
    """
    part = at - eye.origin_px.astype(np.float32)
    x, y = part @ eye.along.astype(np.float32), part @ eye.down.astype(np.float32)
    near = (x > 0) & (x < eye.width_px) & (np.abs(y) < eye.width_px)
    rows, columns = near.any(axis=1).nonzero()[0], near.any(axis=0).nonzero()[0]
    if len(rows) == 0:
        return
    box = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    x, y = x[box], y[box]
    upper, lower = (
        np.interp(x, eye.x_px, curve).astype(np.float32)
        for curve in (eye.upper_px, eye.lower_px)
    )
    middle, half = _iris(eye, mesh_px, side)
    source_x, share = _along(eye, middle, half, float(shift_px @ eye.along), x)
    moved = y - np.float32(shift_px @ eye.down) * share
    rim = min(1.0, 0.03 * eye.width_px)
    source_y = np.clip(
        moved, np.minimum(upper + rim, lower), np.maximum(lower - rim, upper)
    )
    ball = eye.sample(image, source_x, source_y.astype(np.float32))
    inside = np.minimum(y - upper, lower - y) / max(0.03 * eye.width_px, 1.0)
    weight = smoothstep(inside)[..., None]
    canvas[box] += weight * (ball - canvas[box])


def _iris(
    eye: EyeGeometry, mesh_px: NDArray[np.floating[Any]], side: Side
) -> tuple[float, float]:
    """Return the middle and half width of the iris along the eye, in pixels."""
    points = np.asarray(mesh_px[list(IRIS[side]), :2], dtype=float) - eye.origin_px
    along = points @ eye.along
    half = 0.5 * float(np.ptp(along[1:]))
    return float(along[0]), max(half, 0.05 * eye.width_px)


def _along(
    eye: EyeGeometry, middle: float, half: float, shift: float, x: Field
) -> tuple[Field, Field]:
    """Return where the eyeball shown at `x` was, and how much it goes with the iris."""
    room = _CANTHUS * eye.width_px
    low, high = middle - half, middle + half
    low, high = max(low, 2 * room), min(high, eye.width_px - 2 * room)
    shift = float(np.clip(shift, room - low, eye.width_px - room - high))
    shown = np.array([0.0, low + shift, high + shift, eye.width_px])
    was = np.array([0.0, low, high, eye.width_px])
    source = PchipInterpolator(shown, was, extrapolate=True)(x)
    share = PchipInterpolator(shown, [0.0, 1.0, 1.0, 0.0])(np.clip(x, 0, eye.width_px))
    return source.astype(np.float32), share.astype(np.float32)
