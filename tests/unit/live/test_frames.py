"""Pictures from a browser become frames, or are refused before they can do harm."""

from __future__ import annotations

import struct
import zlib

import cv2
import numpy as np
import pytest

from twitch_tracker.errors import BadParameter, VideoUnreadable
from twitch_tracker.live.frames import fitted, frame_from_picture


def jpeg(width: int = 640, height: int = 480) -> bytes:
    image = np.zeros((height, width, 3), np.uint8)
    image[:, : width // 2] = (0, 0, 255)  # red on the left, in OpenCV's BGR
    return cv2.imencode(".jpg", image)[1].tobytes()


def test_a_jpeg_becomes_an_rgb_frame_at_its_time():
    frame = frame_from_picture(jpeg(), index=3, time_s=1.25)
    assert frame.image.shape == (480, 640, 3)
    assert frame.time_s == 1.25
    assert frame.index == 3
    assert tuple(frame.image[10, 10] > 128) == (True, False, False)


@pytest.mark.parametrize(
    "data", [b"", b"no picture", jpeg()[:30], b"GIF89a" + b"0" * 9]
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(VideoUnreadable, match="left out"):
        frame_from_picture(data, index=0, time_s=0.0)


def test_a_picture_that_would_fill_the_memory_is_refused_unopened():
    """A PNG of a few bytes whose header claims 60,000 x 60,000 pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
    data += struct.pack(">I", zlib.crc32(chunk)) + b"\0\0\0\0IDAT" + b"\0" * 8
    with pytest.raises(VideoUnreadable):
        frame_from_picture(data, index=0, time_s=0.0)


@pytest.mark.parametrize("time_s", [-0.1, float("nan"), float("inf")])
def test_a_time_that_is_none_is_refused(time_s):
    with pytest.raises(BadParameter, match="time_s"):
        frame_from_picture(jpeg(), index=0, time_s=time_s)


def test_large_pictures_are_scaled_as_in_the_analysis_and_others_left_alone():
    large = frame_from_picture(jpeg(3840, 2160), index=0, time_s=0.0)
    assert fitted(large).image.shape == (1080, 1920, 3)
    small = frame_from_picture(jpeg(), index=0, time_s=0.0)
    assert fitted(small) is small
