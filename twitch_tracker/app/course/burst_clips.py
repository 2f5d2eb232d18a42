"""A few seconds of a recording as a small film that every browser plays.

Whatever the recording is (WebM without an index, HEVC of a phone, a mirror image), it
is decoded, turned upright and unmirrored, and written as H.264. Note: seconds count from
the first shown frame, as everywhere in the analysis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from twitch_tracker.errors import BadParameter
from twitch_tracker.exchange.disk.durable import make_folder
from twitch_tracker.language import say
from twitch_tracker.records import Episode, ReadOptions
from twitch_tracker.video.files import open_video
from twitch_tracker.video.writer import VideoWriter

__all__ = ["AROUND_S", "MOST_S", "Cut", "cut", "cut_of", "typical_burst"]

AROUND_S: Final = 0.7
"""Shown before the onset and after the offset."""

MOST_S: Final = 15.0
"""A longer burst is shown up to here."""

_MOST_SIDE_PX: Final = 640
_LONGEST_MS: Final = 86_400_000


@dataclass(frozen=True, kw_only=True)
class Cut:
    """From when to when, in milliseconds."""

    start_ms: int
    end_ms: int

    @property
    def is_sensible(self) -> bool:
        """Whether it is a stretch that may be cut."""
        length_ms = self.end_ms - self.start_ms
        most_ms = 1000 * (MOST_S + 2 * AROUND_S)
        begins = 0 <= self.start_ms <= _LONGEST_MS
        return begins and 100 <= length_ms <= most_ms


def typical_burst(bursts: Sequence[Episode]) -> Episode | None:
    """Choose the burst of median length; of an even number the shorter middle one."""
    if not bursts:
        return None
    ordered = sorted(bursts, key=lambda b: (b.span.duration_s, b.span.start_s))
    return ordered[(len(ordered) - 1) // 2]


def cut_of(burst: Episode) -> Cut:
    """Return the stretch that shows a burst."""
    start_s = max(burst.span.start_s - AROUND_S, 0.0)
    end_s = min(burst.span.end_s, burst.span.start_s + MOST_S) + AROUND_S
    return Cut(start_ms=round(1000 * start_s), end_ms=round(1000 * end_s))


def cut(
    video: Path,
    wanted: Cut,
    target: Path,
    *,
    mirrored: bool,
    reading: ReadOptions | None = None,
) -> Path:
    """Cut a stretch out of a video.

    Parameters
    ----------
    video : Path
        Any video that can be analysed.
    wanted : Cut
        Which stretch.
    target : Path
        The MP4 to make; one that is there already is left as it is.
    mirrored : bool
        Whether the stored picture is a mirror image; it is turned back.
    reading : ReadOptions, optional
        As what it was analysed; without, as the file says.

    Returns
    -------
    Path
        `target`.

    Raises
    ------
    RecordingError
        The video cannot be read.
    BadParameter
        The stretch is beyond its end.
    OutputNotWritable
        The disk refuses.
    """
    if target.is_file():
        return target
    make_folder(target.parent, mode=0o700)
    with open_video(
        video,
        mirrored=mirrored,
        start_s=wanted.start_ms / 1000,
        end_s=wanted.end_ms / 1000,
        max_side_px=_MOST_SIDE_PX,
        reading=reading,
    ) as source:
        frames = iter(source)
        first = next(frames, None)
        if first is None:
            length = say(
                "{start_ms} to {end_ms} ms",
                start_ms=wanted.start_ms,
                end_ms=wanted.end_ms,
            )
            raise BadParameter("stretch", say("a part of the recording"), length)
        height_px, width_px = first.image.shape[:2]
        with VideoWriter(target, width_px=width_px, height_px=height_px) as writer:
            writer.write(first.image, 0.0)
            for frame in frames:
                writer.write(frame.image, frame.time_s - first.time_s)
    return target
