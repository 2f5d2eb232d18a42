"""Films of one face in any size, rate and codec, for measuring speed and memory.

``TWITCH_TRACKER_SPEED_FILM`` names the film that is scaled; the example by default.
It is played forward and backward in turn, so that a film of any length moves as a face
does.
"""

from __future__ import annotations

import functools
import itertools
import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation

EXAMPLE: Final = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"
_MOST_HELD: Final = 300
_HEIGHTS: Final = {"480p": 480, "720p": 720, "1080p": 1080, "4K": 2160}
_ENCODERS: Final = {"h264": ("libx264", "23"), "hevc": ("libx265", "26")}


@dataclass(frozen=True)
class Film:
    """What a film is like: its name in tables is what `str` gives."""

    size: str
    fps: int
    codec: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.size}{self.fps} {self.codec}"


def source_film() -> Path:
    """Return the film that is scaled."""
    return Path(os.environ.get("TWITCH_TRACKER_SPEED_FILM", EXAMPLE))


def make_film(folder: Path, film: Film, *, number: int = 0) -> Path:
    """Encode a film; `number` makes the content of several ones differ."""
    path = folder / f"{film.size}{film.fps}_{film.codec}_{film.seconds:g}_{number}.mp4"
    if path.exists():
        return path
    height = _HEIGHTS[film.size]
    held = _scaled(source_film(), height)
    there_and_back = list(range(len(held))) + list(range(len(held) - 2, 0, -1))
    encoder, quality = _ENCODERS[film.codec]
    with av.open(str(path), "w") as out:
        stream = out.add_stream(encoder, rate=film.fps)
        stream.width, stream.height = held[0].width, held[0].height
        stream.pix_fmt = "yuv420p"
        stream.options = {
            "crf": quality,
            "preset": "fast",
            "x265-params": "log-level=0",
        }
        places = itertools.islice(itertools.cycle(there_and_back), number, None)
        for index in range(round(film.seconds * film.fps)):
            picture = held[next(places)]
            picture.pts, picture.time_base = index, Fraction(1, film.fps)
            picture.pict_type = av.video.frame.PictureType.NONE
            for packet in stream.encode(picture):
                out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)
    return path


@functools.lru_cache(maxsize=2)
def _scaled(path: Path, height: int) -> list[VideoFrame]:
    """Decode the first seconds of a film at another size."""
    held: list[VideoFrame] = []
    with av.open(str(path)) as film:
        for picture in film.decode(video=0):
            width = round(picture.width * height / picture.height / 2) * 2
            held.append(
                picture.reformat(
                    width=width,
                    height=height,
                    format="yuv420p",
                    interpolation=Interpolation.BICUBIC,
                )
            )
            if len(held) * width * height * 1.5 > 1e9 or len(held) == _MOST_HELD:
                break
    return held


def loop_film(source: Path, path: Path, seconds: float) -> int:
    """Write a film again and again without encoding it anew; return its pictures."""
    frames, shift, stream = 0, 0, None
    with av.open(str(path), "w") as out:
        while True:
            with av.open(str(source)) as film:
                stored = film.streams.video[0]
                stream = stream or out.add_stream_from_template(stored)
                packets = [p for p in film.demux(stored) if p.dts is not None]
                for packet in packets:
                    packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                    packet.stream = stream
                frames += len(packets)
                shift = max(packet.pts + packet.duration for packet in packets)
                base = stored.time_base
                for packet in packets:
                    out.mux(packet)
            if shift * base >= seconds:
                return frames
