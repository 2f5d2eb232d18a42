"""What strong compression does, by codec: how much is lost, and what bursts are made up.

``python -m studies.coarse_films FILM... [--codec libx265] [--until 12]`` writes each
film again at several levels and prints a line for each: what the codec states, on the
scale of H.264; how far the pictures are from those before (mean squared error of
brightness); how much of the face does not change; and the bursts that are found without
more care. The films that are meant show a face without bursts: what is found there is
made up.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final, cast

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from twitch_tracker.episodes.description import claims
from twitch_tracker.pipeline import analyze

__all__ = ["main"]

_REALTIME: Final = {"deadline": "realtime", "cpu-used": "8"}
_LADDERS: Final[dict[str, tuple[str, tuple[int, ...]]]] = {
    "libx264": ("mp4", (18, 24, 30, 36, 42)),
    "libx265": ("mp4", (28, 34, 38, 42, 46)),
    "libsvtav1": ("mp4", (45, 55, 60, 63)),
    "libvpx-vp9": ("webm", (40, 55, 63)),
    "libvpx": ("webm", (30, 50, 63)),
    "mpeg4": ("mp4", (10, 20, 31)),
    "mjpeg": ("avi", (10, 20, 31)),
}
_BASE: Final = Fraction(1, 30)


def _options(codec: str, level: int) -> dict[str, str]:
    """Return options that hold a codec at a level."""
    said = {"crf": str(level)}
    if codec in ("libx264", "libx265"):
        quiet = {"x265-params": "log-level=none"} if codec == "libx265" else {}
        return {**said, **quiet, "preset": "veryfast"}
    if codec == "libvpx":
        return {**said, **_REALTIME, "b": "20M", "qmin": str(level), "qmax": str(level)}
    if codec == "libvpx-vp9":
        return {**said, **_REALTIME, "b": "0"}
    return {**said, "preset": "10"} if codec == "libsvtav1" else {}


def _pictures(path: Path, until_s: float) -> Iterator[VideoFrame]:
    """Yield the pictures of a film, as whole steps of a thirtieth of a second."""
    last = -1
    with av.open(str(path)) as film:
        for picture in film.decode(video=0):
            if picture.time >= until_s:
                return
            step = round(picture.time / float(_BASE))
            if step > last:
                picture.pts, picture.time_base, last = step, _BASE, step
                yield picture


def _write(path: Path, codec: str, level: int, pictures: Iterator[VideoFrame]) -> None:
    """Write pictures at a level; FFmpeg's own encoders are held by their quantiser."""
    with av.open(str(path), "w") as out:
        added = out.add_stream(codec, rate=30, options=_options(codec, level))
        stream = cast("VideoStream", added)
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for k, picture in enumerate(pictures):
            if k == 0:
                stream.width = picture.width // 2 * 2
                stream.height = picture.height // 2 * 2
                if codec in ("mpeg4", "mjpeg"):
                    stream.codec_context.qmin = stream.codec_context.qmax = level
                    stream.bit_rate = 100_000
            out.mux(
                stream.encode(
                    picture.reformat(stream.width, stream.height, stream.pix_fmt)
                )
            )
        out.mux(stream.encode())


def _lost(one: Path, other: Path, until_s: float) -> float:
    """Return the mean squared error of brightness of two films of one scene."""
    errors = []
    both = zip(_pictures(one, until_s), _pictures(other, until_s), strict=False)
    for mine, theirs in both:
        size = theirs.width, theirs.height
        a, b = (p.reformat(*size, "gray").to_ndarray() for p in (mine, theirs))
        errors.append(float(((a.astype(np.float32) - b) ** 2).mean()))
    return float(np.mean(errors))


def main(words: list[str] | None = None) -> None:
    """Print a line for each film, codec and level.

    Parameters
    ----------
    words : list of str, optional
        The command line; by default that of the program.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", nargs="+", type=Path)
    parser.add_argument("--codec", action="append", choices=list(_LADDERS))
    parser.add_argument("--until", type=float, default=12.0, help="seconds")
    given = parser.parse_args(words)
    claims.MORE_CARE = claims.MOST_CARE = 0.0  # type: ignore[misc]  # what it is for
    _say("film codec level quantiser lost unchanged made_up")
    with tempfile.TemporaryDirectory() as folder:
        for film in given.films:
            for codec in given.codec or _LADDERS:
                ending, levels = _LADDERS[codec]
                for level in levels:
                    written = Path(folder) / f"film.{ending}"
                    _write(written, codec, level, _pictures(film, given.until))
                    session = analyze(written)
                    summary = session.summary
                    found = [
                        f"{e.side}@{e.span.start_s:.1f}s:{e.confidence:.2f}"
                        for e in session.episodes
                    ]
                    _say(
                        f"{film.stem} {codec} {level} {summary.quantiser:.0f} "
                        f"{_lost(film, written, given.until):.1f} "
                        f"{summary.unchanged_share:.2f} {' '.join(found) or '-'}"
                    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
