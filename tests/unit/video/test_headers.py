"""Recordings put together byte by byte: what is read of them, and that it is told."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from twitch_tracker.video.decoding import Decoder
from twitch_tracker.video.headers import find_headers
from twitch_tracker.wording.film.said import damage_in_words

CODECS = {
    "mp4": "mpeg4",
    "mov": "mpeg4",
    "flv": "flv1",
    "webm": "libvpx",
    "mkv": "mpeg4",
    "avi": "mpeg4",
    "mpg": "mpeg2video",
    "ts": "mpeg2video",
}
PICTURES, FPS = 12, 25


def film(path: Path, shade: int = 0) -> Path:
    """Half a second of a square that moves."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream(CODECS[path.suffix[1:]], rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for index in range(PICTURES):
            image = np.full((48, 64, 3), 60 + shade, np.uint8)
            image[10:20, 4 * index : 4 * index + 10] = 220
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def joined(tmp_path: Path, ending: str) -> Path:
    one = film(tmp_path / f"one.{ending}")
    two = film(tmp_path / f"two.{ending}", shade=60)
    both = tmp_path / f"both.{ending}"
    both.write_bytes(one.read_bytes() + two.read_bytes())
    return both


def read(path: Path):
    """How many pictures there are, and what was wrong."""
    decoder = Decoder(path)
    try:
        count = sum(1 for _ in decoder.pictures())
        return count, decoder.damage(count)
    finally:
        decoder.close()


@pytest.mark.parametrize("ending", CODECS)
def test_no_second_recording_is_lost_in_silence(tmp_path, ending):
    count, damage = read(joined(tmp_path, ending))
    if count >= 2 * PICTURES - 1:
        assert (damage.joins, damage.unread_recordings) == (1, 0)
    else:
        assert (damage.joins, damage.unread_recordings) == (0, 1)
        assert any("1 more recording after" in said for said in damage_in_words(damage))


@pytest.mark.parametrize("ending", CODECS)
def test_a_recording_alone_is_one(tmp_path, ending):
    count, damage = read(film(tmp_path / f"one.{ending}"))
    assert count >= PICTURES - 1
    assert not damage.any


def test_the_same_header_written_small_and_large_is_counted(tmp_path):
    """Boxes with their length in 64 bits, and one to the end of the file."""
    path = tmp_path / "made.mp4"
    small = (16).to_bytes(4, "big") + b"moov" + bytes(8)
    large = (1).to_bytes(4, "big") + b"moov" + (24).to_bytes(8, "big") + bytes(8)
    rest = bytes(4) + b"mdat" + b"moov" * 9
    path.write_bytes(small + large + rest)
    assert find_headers(path, "mov,mp4,m4a,3gp,3g2,mj2") == (16,)


@pytest.mark.parametrize("content", [b"", b"moov", bytes(40), b"\xff" * 64])
@pytest.mark.parametrize("name", ["mov,mp4", "flv", "avi", "matroska,webm", "mpegts"])
def test_what_is_none_of_these_has_no_headers(tmp_path, content, name):
    path = tmp_path / "odd"
    path.write_bytes(content)
    assert find_headers(path, name) == ()
    assert find_headers(tmp_path / "missing", name) == ()
