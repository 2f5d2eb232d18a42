"""Convert a decoded picture to an upright RGB array with square pixels.

Note: the *shown* picture is the stored one with its pixels made square (the narrower
direction is stretched, so that nothing is thrown away), then mirrored and turned as the
display matrix says. Only after that is a selfie that was stored mirrored turned back.
Alpha is dropped; grey, palette and deep formats become 8-bit RGB. High-dynamic-range
recordings are not tone mapped: they look flat.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, cast

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from twitch_tracker.regions import unmirror

__all__ = [
    "Layout",
    "compute_layout",
    "read_display_matrix",
    "to_rgb",
]


_MAX_STRETCH: Final = 4
"""Sample aspect ratios beyond this (either way) are taken for nonsense."""

_TURNS: Final = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """How the pictures of one recording become what is shown.

    Attributes
    ----------
    stored_px : tuple of int
        Width and height as decoded.
    scaled_px : tuple of int
        Width and height after scaling, before turning.
    aspect : float
        Width of a stored pixel over its height.
    rotation_deg : int
        Clockwise turn to apply: 0, 90, 180 or 270.
    flipped : bool
        Whether the display matrix mirrors the picture (before the turn).
    """

    stored_px: tuple[int, int]
    scaled_px: tuple[int, int]
    aspect: float
    rotation_deg: int
    flipped: bool

    @property
    def shown_px(self) -> tuple[int, int]:
        """Width and height as delivered."""
        width, height = self.scaled_px
        return (height, width) if self.rotation_deg in {90, 270} else (width, height)


def compute_layout(
    picture: VideoFrame, aspect: Fraction | None, max_side_px: int | None = None
) -> Layout:
    """Decide size and turn from the first picture of a recording.

    Parameters
    ----------
    picture : VideoFrame
        A decoded picture.
    aspect : Fraction or None
        Sample aspect ratio the file states (width over height of a pixel).
    max_side_px : int, optional
        Longest side to deliver; larger pictures are scaled down.

    Returns
    -------
    Layout
        The way from stored to shown.
    """
    pixel = _believable(aspect)
    width, height = float(picture.width), float(picture.height)
    width, height = width * max(pixel, 1.0), height / min(pixel, 1.0)
    if max_side_px is not None and max(width, height) > max_side_px:
        shrink = max_side_px / max(width, height)
        width, height = width * shrink, height * shrink
    rotation_deg, flipped = read_display_matrix(picture)
    return Layout(
        stored_px=(picture.width, picture.height),
        scaled_px=(max(round(width), 1), max(round(height), 1)),
        aspect=pixel,
        rotation_deg=rotation_deg,
        flipped=flipped,
    )


def _believable(aspect: Fraction | None) -> float:
    """Return the pixel's width over its height; 1 where the file has nonsense."""
    if not aspect or not 1 / _MAX_STRETCH <= aspect <= _MAX_STRETCH:
        return 1.0
    return float(aspect)


def read_display_matrix(picture: VideoFrame) -> tuple[int, bool]:
    """Read the turn and mirroring that a recording asks its player for.

    The matrix is that of ISO/IEC 14496-12 (``tkhd``), as FFmpeg hands it on:
    nine 32-bit numbers ``a b u, c d v, x y w``; the x axis of the stored picture
    is shown along (a, b) and its y axis along (c, d), y pointing down. Turns
    that are no quarter turn go to the nearest one.

    Returns
    -------
    rotation_deg : int
        Clockwise turn, one of 0, 90, 180, 270.
    flipped : bool
        Whether the picture is mirrored left to right before that turn.
    """
    data = cast("Mapping[str, Any]", picture.side_data).get("DISPLAYMATRIX")
    if data is None:
        return 0, False
    a, b, _, c, d = np.frombuffer(bytes(data), np.int32)[:5].astype(float)
    flipped = bool(a * d - b * c < 0)
    sign = -1.0 if flipped else 1.0
    clockwise_deg = math.degrees(math.atan2(sign * b, sign * a))
    return round(clockwise_deg / 90) % 4 * 90, flipped


def to_rgb(picture: VideoFrame, layout: Layout, *, mirrored: bool) -> NDArray[np.uint8]:
    """Convert a decoded picture to the array that is shown.

    Parameters
    ----------
    picture : VideoFrame
        A decoded picture.
    layout : Layout
        The recording's way from stored to shown. A picture of another size (a
        stream that changed it midway) is fitted into it with black borders.
    mirrored : bool
        Whether the recording was stored mirrored; it is then turned back.

    Returns
    -------
    NDArray[np.uint8]
        RGB, shape (height, width, 3) of `layout.shown_px`, contiguous.
    """
    if (picture.width, picture.height) == layout.stored_px:
        image = _scaled(picture, layout.scaled_px)
    else:
        image = _letterboxed(picture, layout)
    if layout.flipped:
        image = unmirror(image)
    image = _turned(image, layout.rotation_deg)
    return unmirror(image) if mirrored else np.ascontiguousarray(image)


def _turned(image: NDArray[np.uint8], rotation_deg: int) -> NDArray[np.uint8]:
    """Turn a picture clockwise by a multiple of 90 degrees."""
    if rotation_deg == 0:
        return image
    return cast("NDArray[np.uint8]", cv2.rotate(image, _TURNS[rotation_deg]))


def _scaled(picture: VideoFrame, size_px: tuple[int, int]) -> NDArray[np.uint8]:
    """Convert to RGB and scale in one step of libswscale.

    By default it starts a thread for each core, again for every picture, which costs
    several times what the conversion does. The result is the same.
    """
    width, height = size_px
    rgb = picture.reformat(
        width=width,
        height=height,
        format="rgb24",
        interpolation=Interpolation.BILINEAR,
        threads=1,
    )
    return cast("NDArray[np.uint8]", rgb.to_ndarray())


def _letterboxed(picture: VideoFrame, layout: Layout) -> NDArray[np.uint8]:
    """Fit a picture of another size into the recording's own, undistorted."""
    width, height = layout.scaled_px
    shape = (picture.width * layout.aspect, float(picture.height))
    scale = min(width / shape[0], height / shape[1])
    inner = (max(round(shape[0] * scale), 1), max(round(shape[1] * scale), 1))
    inner = (min(inner[0], width), min(inner[1], height))
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    canvas = np.zeros((height, width, 3), np.uint8)
    canvas[top : top + inner[1], left : left + inner[0]] = _scaled(picture, inner)
    return canvas
