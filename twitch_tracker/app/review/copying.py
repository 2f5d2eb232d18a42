"""Make one review copy of a recording: quick to seek in, with the true times.

The copy is upright and never mirrored, its first picture is at zero, every picture
keeps its time, and every `KEY_EVERY` pictures is a key picture, so that a browser steps
in either direction by decoding at most that many. Note: `times_file` is written before
the copy, and a copy that is there is whole.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from twitch_tracker.encrypted.files import write_all
from twitch_tracker.records import ReadOptions
from twitch_tracker.video.files import open_video
from twitch_tracker.video.writer import VideoWriter

__all__ = ["COPY", "KEY_EVERY", "TURNED_COPY", "copy_name", "make_copy", "times_file"]

COPY: Final = "copy.mp4"
TURNED_COPY: Final = "copy-turned.mp4"
"""Of a recording that is known to be stored as a mirror image: who learns that later
must not go on with the copy from before, for its sides are wrong."""

KEY_EVERY: Final = 8
"""Pictures from one that stands alone to the next."""

_MOST_SIDE_PX: Final = 1280
_CRF: Final = 23
_PRESET: Final = "superfast"
_TICK_S: Final = 1 / 90_000
_REPORT_EVERY_S: Final = 1.0


def copy_name(*, mirrored: bool, reading: ReadOptions) -> str:
    """Return what the copy of a recording is called.

    Parameters
    ----------
    mirrored : bool
        Whether the recording was stored as a mirror image.
    reading : ReadOptions
        As what it was analysed: another film of the file, or another speed, is another
        copy.
    """
    name = TURNED_COPY if mirrored else COPY
    marks = [] if reading.stream is None else [f"film{reading.stream}"]
    if reading.slowed not in {None, 1.0}:
        marks.append(f"slowed{reading.slowed:.4g}")
    stem, dot, suffix = name.rpartition(".")
    return "-".join((stem, *marks)) + dot + suffix


def times_file(copy: Path) -> Path:
    """Return where the picture times of a copy are (float64, seconds)."""
    return copy.with_suffix(".times")


def make_copy(
    source: Path,
    copy: Path,
    *,
    mirrored: bool,
    reading: ReadOptions | None = None,
    on_share: Callable[[float], None] = lambda _share: None,
) -> None:
    """Make a review copy.

    Parameters
    ----------
    source : Path
        The recording.
    copy : Path
        The MP4 file to make; its folder must exist.
    mirrored : bool
        Whether the recording was stored as a mirror image.
    reading : ReadOptions, optional
        As what it was analysed; without, as the file says.
        on_share : callable
        Called about every second of video with the share that is done, 0 to 1.

    Raises
    ------
    VideoUnreadable, TimestampsUnusable
        The recording cannot be read.
    OutputNotWritable
        The disk refuses; nothing is left behind then.
    """
    times: list[float] = []
    reported_s = 0.0
    with open_video(
        source, mirrored=mirrored, max_side_px=_MOST_SIDE_PX, reading=reading
    ) as film:
        info = film.info
        width_px, height_px = film.upright_px
        with VideoWriter(
            copy,
            width_px=width_px,
            height_px=height_px,
            crf=_CRF,
            preset=_PRESET,
            key_every=KEY_EVERY,
        ) as writer:
            for time_s, picture in film.upright():
                if times and time_s < times[-1] + 2 * _TICK_S:
                    continue
                writer.write_picture(picture, time_s)
                times.append(time_s)
                if time_s - reported_s >= _REPORT_EVERY_S:
                    reported_s = time_s
                    on_share(min(reported_s / max(info.duration_s, reported_s), 1.0))
            write_all(times_file(copy), np.array(times, dtype="<f8").tobytes())
