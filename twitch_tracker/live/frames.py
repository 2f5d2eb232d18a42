"""Frames as the analysis needs them, also from pictures that a browser sends.

Note: a picture from outside is not trusted. Its size is read from its header before it
is decoded, and its time only moves forward.
"""

from __future__ import annotations

import io
import math
from dataclasses import replace
from fractions import Fraction
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from twitch_tracker.errors import BadParameter, VideoUnreadable
from twitch_tracker.language import say
from twitch_tracker.pipeline import ANALYSED_SIDE_PX
from twitch_tracker.records import Frame
from twitch_tracker.timebase import Stamp

__all__ = ["MOST_SIDE_PX", "fitted", "frame_from_picture"]

MOST_SIDE_PX: Final = 4096
"""Larger pictures from outside are refused before they are decoded."""

_TIME_BASE: Final = Fraction(1, 1_000_000)


def fitted(frame: Frame) -> Frame:
    """Return the frame no larger than the analysis looks at.

    Returns
    -------
    Frame
        The same one when its longer side is `pipeline.ANALYSED_SIDE_PX` or less.
    """
    height, width = frame.image.shape[:2]
    scale = ANALYSED_SIDE_PX / max(height, width)
    if scale >= 1:
        return frame
    size = (round(width * scale), round(height * scale))
    image = cv2.resize(frame.image, size, interpolation=cv2.INTER_AREA)
    return replace(frame, image=cast("NDArray[np.uint8]", image))


def frame_from_picture(data: bytes, *, index: int, time_s: float) -> Frame:
    """Decode a JPEG or PNG picture, e.g. from a web page's camera.

    Parameters
    ----------
    data : bytes
        The compressed picture.
    index : int
        Running number, from 0.
    time_s : float
        Seconds since the first picture.

    Returns
    -------
    Frame
        RGB, to be fed to a `LiveSession`.

    Raises
    ------
    VideoUnreadable
        If it is no such picture, or too large.
    BadParameter
        If the time is nonsense.
    """
    if not (math.isfinite(time_s) and time_s >= 0):
        raise BadParameter("time_s", say("0 or more seconds"), time_s)
    _check_header(data)
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if decoded is None:
        raise VideoUnreadable(
            say("a picture from the camera is damaged; it is left out.")
        )
    image = cast("NDArray[np.uint8]", cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB))
    stamp = Stamp(pts=round(time_s / _TIME_BASE), time_base=_TIME_BASE)
    return Frame(index=index, stamp=stamp, image=image)


def _check_header(data: bytes) -> None:
    """Refuse what is no picture or too large, before it is decoded."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
            size = picture.size
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise VideoUnreadable(
            say(
                "expected a JPEG or PNG picture from the camera, got something else; "
                "it is left out."
            )
        ) from error
    if not (max(size) <= MOST_SIDE_PX and min(size) >= 1):
        raise VideoUnreadable(
            say(
                "expected a picture of at most {most_side_px} x {most_side_px} "
                "pixels, got {width} x {height}; ask the camera for a smaller one.",
                most_side_px=MOST_SIDE_PX,
                width=size[0],
                height=size[1],
            )
        )
