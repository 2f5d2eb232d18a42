"""Small synthetic recordings whose pictures tell which frame they are."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import av
import cv2
import numpy as np
import pytest
from av.stream import Disposition

from twitch_tracker.video.files import open_video

BITS = 8
STEADY = [40 * i for i in range(60)]  # ms
MARKERS = {
    "top-left": (230, 20, 20),
    "top-right": (20, 200, 20),
    "bottom-left": (30, 30, 230),
}


def draw(index, width=128, height=96):
    """A grey picture: colours in three corners, the number as bars in the middle."""
    image = np.full((height, width, 3), 110, np.uint8)
    corner_h, corner_w = height // 4, width // 4
    image[:corner_h, :corner_w] = MARKERS["top-left"]
    image[:corner_h, -corner_w:] = MARKERS["top-right"]
    image[-corner_h:, :corner_w] = MARKERS["bottom-left"]
    bar = width // BITS
    for bit in range(BITS):
        value = 235 if index >> bit & 1 else 20
        image[height * 3 // 8 : height * 5 // 8, bit * bar : (bit + 1) * bar] = value
    return image


def read_number(image):
    """Which frame an upright picture shows."""
    height, width, _ = image.shape
    row = image[height * 15 // 32 : height * 17 // 32].mean(axis=(0, 2))
    bar = width / BITS
    return sum(
        1 << bit
        for bit in range(BITS)
        if row[int((bit + 0.3) * bar) : int((bit + 0.7) * bar)].mean() > 120
    )


def corners(image):
    """The colour name seen in each corner of a picture."""
    height, width, _ = image.shape
    h, w = height // 8, width // 8
    spots = {
        "top-left": image[:h, :w],
        "top-right": image[:h, -w:],
        "bottom-left": image[-h:, :w],
        "bottom-right": image[-h:, -w:],
    }
    names = {"red": (230, 20, 20), "green": (20, 200, 20), "blue": (30, 30, 230)}

    def name(spot):
        colour = spot.reshape(-1, 3).mean(axis=0)
        for label, wanted in names.items():
            if np.abs(colour - wanted).max() < 60:
                return label
        return "grey"

    return {where: name(spot) for where, spot in spots.items()}


def write_clip(
    path: Path,
    ticks: Sequence[int],
    *,
    time_base: Fraction = Fraction(1, 1000),
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    size: tuple[int, int] = (128, 96),
    numbers: Sequence[int] | None = None,
    picture: Callable[[int], np.ndarray] | None = None,
    rotate_ccw: int | None = None,
    hflip: bool = False,
    gop: int = 12,
    aspect: Fraction | None = None,
    options: dict[str, str] | None = None,
    mux_options: dict[str, str] | None = None,
    restamp: Callable[[av.Packet], av.Packet] | None = None,
    with_sound: bool = False,
    fmt: str | None = None,
    rate: int = 30,
):
    """Write numbered pictures at exactly these presentation stamps."""
    width, height = size
    numbers = range(len(ticks)) if numbers is None else numbers
    with av.open(
        str(path), "w", format=fmt, container_options=mux_options or {}
    ) as out:
        # By itself libvpx spends twenty times as long on waiting for its own threads.
        alone = {"threads": "1"} if codec.startswith("libvpx") else {}
        stream = out.add_stream(codec, rate=rate, options=alone | (options or {}))
        stream.width, stream.height, stream.pix_fmt = width, height, pix_fmt
        stream.codec_context.time_base = time_base
        stream.time_base = time_base
        if codec not in {"png", "qtrle", "mjpeg", "ffv1"}:
            stream.codec_context.gop_size = gop
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        if rotate_ccw is not None:
            stream.set_display_rotation(rotate_ccw, hflip=hflip)
        sound = None
        if with_sound:
            sound = out.add_stream("aac", rate=8000, layout="mono")
        packets = []
        for number, tick in zip(numbers, ticks, strict=True):
            image = draw(number, width, height) if picture is None else picture(number)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame = frame.reformat(format=pix_fmt)
            frame.pts, frame.time_base = tick, time_base
            packets += stream.encode(frame)
        packets += stream.encode(None)
        if sound is not None:
            packets += _silence(sound)
        for packet in packets:
            changed = restamp(packet) if restamp else packet
            out.mux(changed)
    return path


def _silence(stream):
    samples = av.AudioFrame.from_ndarray(
        np.zeros((1, 8000), np.float32), format="fltp", layout="mono"
    )
    samples.sample_rate = 8000
    samples.pts = 0
    return stream.encode(samples) + stream.encode(None)


def write_sound(path, *, cover=False):
    """A second of silence, with a cover picture if asked."""
    with av.open(str(path), "w", format="mp4") as out:
        stream = out.add_stream("aac", rate=8000, layout="mono")
        art = None
        if cover:
            art = out.add_stream("png", rate=1)
            art.width, art.height, art.pix_fmt = 128, 96, "rgb24"
            art.disposition = Disposition.attached_pic
        packets = _silence(stream)
        if art is not None:
            frame = av.VideoFrame.from_ndarray(draw(0), format="rgb24")
            packets += art.encode(frame) + art.encode(None)
        for packet in packets:
            out.mux(packet)
    return path


def read(path, **options):
    """What a recording is, its damage, and the time and number of every picture."""
    with open_video(path, **options) as source:
        shown = [(frame.time_s, read_number(frame.image)) for frame in source]
        return source.info, source.damage, shown


def times(shown):
    return [time_s for time_s, _ in shown]


def numbers(shown):
    return [number for _, number in shown]


@pytest.fixture(scope="session")
def clips():
    """The helpers above under one name."""
    return SimpleNamespace(
        STEADY=STEADY,
        draw=draw,
        read=read,
        times=times,
        numbers=numbers,
        number=read_number,
        corners=corners,
        write=write_clip,
        write_sound=write_sound,
    )


@pytest.fixture
def vfr_ticks():
    """Uneven stamps in ms, like a browser's: steps of 17 to 61 ms, one gap."""
    rng = np.random.default_rng(5)
    steps = rng.integers(17, 62, 89)
    steps[40] = 400
    return [0, *np.cumsum(steps).tolist()]


@pytest.fixture
def ffmpeg_first_picture():
    """The first picture as the ffmpeg program shows it, turned by its own rule."""
    program = shutil.which("ffmpeg")
    if program is None:
        pytest.skip("the ffmpeg program is not on this computer")

    def first(path):
        out = path.with_suffix(".png")
        command = [program, "-v", "error", "-y", "-i", path, "-frames:v", "1", out]
        subprocess.run(command, check=True, timeout=60)
        return np.ascontiguousarray(cv2.imread(str(out))[:, :, ::-1])

    return first
