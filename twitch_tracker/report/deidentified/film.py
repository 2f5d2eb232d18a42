"""The film of a synthetic face: lines and points on a grid, at the true times.

The person's right side is drawn blue and on the left of the picture, as somebody sees
them who faces them; a ring in the corner of a side says that it is in a burst. No pixel
of the recording is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.motion.recorder import KEPT_POINTS
from twitch_tracker.records import Episode
from twitch_tracker.regions import (
    ALA_NASI,
    BROW,
    CHEEK,
    EYE_CORNERS,
    IRIS,
    LIPS,
    LOWER_LID,
    ORAL_COMMISSURE,
    SIDES,
    UPPER_LID,
    UPPER_LIP,
    Side,
)
from twitch_tracker.report.overlay.face import RGB
from twitch_tracker.video.writer import VideoWriter

__all__ = ["SIZE_PX", "draw_synthetic_face", "write_film"]

SIZE_PX: Final = 640
_UNIT_PX: Final = 270.0
_CENTRE: Final = (SIZE_PX / 2, SIZE_PX * 0.36)
_MIDLINE_RGB: Final = (150, 150, 150)
_GRID_PX: Final = 40
_GRID_RGB: Final = (70, 70, 70)
"""Against it a movement is seen more easily; and what looks for faces in pictures takes
lines on plain black for one now and then."""

_SHIFT: Final = 4


def _lines(side: Side) -> tuple[tuple[int, ...], ...]:
    """Return what is drawn of one side, as lines through points."""
    outer, inner = EYE_CORNERS[side]
    top, _, _, bottom = LIPS
    corner = ORAL_COMMISSURE[side][0]
    return (
        (outer, *UPPER_LID[side], inner),
        (outer, *LOWER_LID[side], inner),
        BROW[side],
        (corner, *reversed(UPPER_LIP[side]), top),
        (corner, bottom),
        ALA_NASI[side],
    )


_POINTS: Final = {side: (*CHEEK[side], IRIS[side][0]) for side in SIDES}
_MIDLINE: Final = ((168, 6, 197, 195, 5), (13,), (14,), (152,))
_PLACE: Final = {point: place for place, point in enumerate(KEPT_POINTS)}


def draw_synthetic_face(
    points: NDArray[np.float64], in_burst: Iterable[Side] = ()
) -> NDArray[np.uint8]:
    """Draw one moment.

    Parameters
    ----------
    points : NDArray[np.float64]
        Of `synthetic_face.put_on_synthetic_face`, shape (points, 3); only black where it is NaN.
    in_burst : iterable of Side
        Sides that are in a burst.

    Returns
    -------
    NDArray[np.uint8]
        RGB, shape (`SIZE_PX`, `SIZE_PX`, 3).
    """
    image = np.zeros((SIZE_PX, SIZE_PX, 3), np.uint8)
    if not np.isfinite(points).all():
        return image
    for at in range(0, SIZE_PX, _GRID_PX):
        image[at : at + 2] = image[:, at : at + 2] = _GRID_RGB
    flat = np.clip(points[:, :2] * (_UNIT_PX, -_UNIT_PX) + _CENTRE, -2000, 4000)
    for side in SIDES:
        for line in _lines(side):
            _draw(image, flat, line, RGB[side])
        for point in _POINTS[side]:
            _draw(image, flat, (point,), RGB[side])
    for line in _MIDLINE:
        _draw(image, flat, line, _MIDLINE_RGB)
    for side in in_burst:
        x = SIZE_PX - 40 if side is Side.LEFT else 40
        cv2.circle(image, (x, 40), 18, RGB[side], 4, cv2.LINE_AA)
    return image


def _draw(
    image: NDArray[np.uint8],
    flat: NDArray[np.float64],
    line: tuple[int, ...],
    rgb: tuple[int, int, int],
) -> None:
    """Draw a line through points, or a single point."""
    at = np.rint(flat[[_PLACE[point] for point in line]] * 2**_SHIFT).astype(np.int32)
    if len(at) == 1:
        x, y = map(int, at[0])
        cv2.circle(image, (x, y), 3 << _SHIFT, rgb, cv2.FILLED, cv2.LINE_AA, _SHIFT)
    else:
        cv2.polylines(image, [at], False, rgb, 2, cv2.LINE_AA, _SHIFT)


def write_film(
    path: Path,
    time_s: NDArray[np.float64],
    points: NDArray[np.float64],
    episodes: Iterable[Episode] = (),
) -> Path:
    """Write the film.

    Parameters
    ----------
    path : Path
        The MP4 file to make.
    time_s : NDArray[np.float64]
        Presentation times, shape (n,).
    points : NDArray[np.float64]
        Of `synthetic_face.put_on_synthetic_face`, shape (n, points, 3).
    episodes : iterable of Episode
        Bursts, on the same clock.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    OutputNotWritable
        It cannot be written.
    """
    bursts = tuple(episodes)
    with VideoWriter(path, width_px=SIZE_PX, height_px=SIZE_PX) as writer:
        for at_s, face in zip(time_s, points, strict=True):
            now = {
                burst.side
                for burst in bursts
                if burst.span.start_s <= at_s < burst.span.end_s
            }
            writer.write(draw_synthetic_face(face, now), float(at_s - time_s[0]))
    return path
