"""How coarsely a film was written, of every codec that people's films come in.

The films are written here, at levels that are known or at least in order.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import av
import numpy as np
import pytest

from twitch_tracker.video.coarse import jpeg, vp8
from twitch_tracker.video.coarse.av1 import Av1Headers
from twitch_tracker.video.coarse.hevc import HevcHeaders
from twitch_tracker.video.coarse.scale import on_scale
from twitch_tracker.video.files import open_video

QUIET = {"x265-params": "log-level=none"}
REALTIME = {"deadline": "realtime", "cpu-used": "8"}


def _pictures(count, size):
    """Structure of every width that moves, with a camera's noise."""
    rng = np.random.default_rng(3)
    rows, columns = np.mgrid[: size[1], : size[0]]
    for k in range(count):
        wave = np.sin((columns + 3 * k) / 5) + np.sin(rows / (9 + k % 3))
        image = 128 + 40 * wave + rng.normal(0, 4, wave.shape)
        yield np.repeat(np.clip(image, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def _write(path, codec, options, *, level=None, size=(160, 96), count=12, gop=None):
    """A film; `level` holds the quantiser of FFmpeg's own encoders."""
    if codec not in av.codecs_available:
        pytest.skip(f"no encoder {codec} here")
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=30, options=options)
        stream.width, stream.height = size
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        if gop is not None:
            stream.gop_size = gop
        if level is not None:
            stream.codec_context.qmin = stream.codec_context.qmax = level
            stream.bit_rate = 100_000
        for k, image in enumerate(_pictures(count, size)):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame = frame.reformat(format=stream.pix_fmt)
            frame.pts, frame.time_base = k, Fraction(1, 30)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def _told(path):
    with open_video(path) as source:
        return [frame.quantiser for frame in source]


# --- exactly ------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["mp4", "mkv", "ts"])
@pytest.mark.parametrize("level", [24, 40])
@pytest.mark.parametrize("gop", [4, 250])
def test_hevc_says_it_in_the_headers_of_key_pictures(tmp_path, ending, level, gop):
    """Pictures that can be decoded alone, the first one and those within a film."""
    said = f"log-level=none:qp={level}:ipratio=1:keyint={gop}:min-keyint={gop}"
    path = _write(tmp_path / f"f.{ending}", "libx265", {"x265-params": said})
    assert _told(path) == pytest.approx([on_scale("hevc", level)] * 12)


@pytest.mark.parametrize("ending", ["webm", "mkv"])
@pytest.mark.parametrize(("level", "index"), [(8, 9), (30, 39), (63, 127)])
def test_vp8_says_it_in_every_header(tmp_path, ending, level, index):
    options = {**REALTIME, "qmin": str(level), "qmax": str(level), "b": "9M"}
    path = _write(tmp_path / f"f.{ending}", "libvpx", {**options, "crf": str(level)})
    assert _told(path) == pytest.approx([on_scale("vp8", index)] * 12)


@pytest.mark.parametrize("ending", ["mp4", "avi"])
@pytest.mark.parametrize("level", [4, 10, 20])
def test_mpeg4_tells_its_step(tmp_path, ending, level):
    path = _write(tmp_path / f"f.{ending}", "mpeg4", {}, level=level)
    assert np.median(_told(path)) == pytest.approx(4 + 6 * math.log2(2 * level), abs=1)


def test_h264_is_on_its_own_scale(tmp_path):
    path = _write(
        tmp_path / "f.mp4", "libx264", {"qp": "33", "x264-params": "aq-mode=0"}
    )
    assert np.median(_told(path)) == pytest.approx(33, abs=3)


# --- in order -----------------------------------------------------------------

LADDERS = {
    "av1 mp4": ("libsvtav1", "mp4", [{"crf": str(k)} for k in (20, 40, 63)]),
    "av1 mkv": ("libsvtav1", "mkv", [{"crf": str(k)} for k in (25, 50, 63)]),
    "hevc": ("libx265", "mp4", [{"crf": str(k), **QUIET} for k in (18, 30, 42)]),
    "vp9": (
        "libvpx-vp9",
        "webm",
        [{"crf": str(k), "b": "0", **REALTIME} for k in (15, 40, 63)],
    ),
}


@pytest.mark.parametrize("name", list(LADDERS))
def test_what_is_written_more_coarsely_is_told_to_be(tmp_path, name, monkeypatch):
    monkeypatch.setenv("SVT_LOG", "0")
    codec, ending, options = LADDERS[name]
    found = [
        np.median(_told(_write(tmp_path / f"f{k}.{ending}", codec, how)))
        for k, how in enumerate(options)
    ]
    assert all(0 < level <= 51 for level in found)
    assert all(b - a > 3 for a, b in itertools.pairwise(found))
    assert found[0] < 30
    assert found[-1] > 33


@pytest.mark.parametrize("size", [(160, 96), (722, 406), (1280, 720)])
def test_av1_of_every_size_is_read(tmp_path, size, monkeypatch):
    """How a picture is parted stands before it and depends on its size."""
    monkeypatch.setenv("SVT_LOG", "0")
    options = {"crf": "50", "preset": "12"}
    path = _write(tmp_path / "f.mp4", "libsvtav1", options, size=size, count=3)
    assert not np.isnan(_told(path)).any()


def test_motion_jpeg_is_read_from_its_tables(tmp_path):
    found = [
        np.median(_told(_write(tmp_path / f"f{q}.avi", "mjpeg", {}, level=q)))
        for q in (3, 10, 31)
    ]
    assert all(4 < b - a < 12 for a, b in itertools.pairwise(found))
    assert found[-1] == pytest.approx(36, abs=1)


def test_of_a_codec_that_nobody_measured_nothing_is_told(tmp_path):
    path = _write(tmp_path / "f.avi", "ffv1", {})
    assert np.isnan(_told(path)).all()


# --- whatever the bytes are -----------------------------------------------------


def test_no_bytes_are_too_odd(tmp_path):
    """Headers that lie, and headers that end: told as not known, never an error."""
    hevc = _write(tmp_path / "f.mp4", "libx265", {"crf": "30", **QUIET})
    with av.open(str(hevc)) as film:
        stream = film.streams.video[0]
        extradata = bytes(stream.codec_context.extradata)
        packet = next(bytes(p) for p in film.demux(stream) if p.size)
    rng = np.random.default_rng(11)
    for _ in range(600):
        noise = rng.bytes(int(rng.integers(0, 80)))
        bad, worse = bytearray(extradata), bytearray(packet[:400])
        for data in (bad, worse):
            for at in rng.integers(0, len(data), 4):
                data[at] = rng.integers(0, 256)
        for read in (
            vp8.read_quantiser,
            jpeg.read_step,
            HevcHeaders(bytes(bad)).read_quantiser,
            HevcHeaders(noise).read_quantiser,
            Av1Headers(b"\x81\x00\x00\x00" + noise).read_quantiser,
        ):
            for given in (noise, bytes(worse), b""):
                found = read(given)
                assert found is None or math.isfinite(found)
