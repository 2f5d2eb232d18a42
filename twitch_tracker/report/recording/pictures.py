"""Picture strips: how the face looked before, at and after each burst.

Pictures are cut around the face from the upright, unmirrored frame, so the
person's right side is on the viewer's left. All pictures of one burst share one
cut, so that what differs between them is the face and not the crop. Pictures
identify a person: they exist only when a caller asks for them.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from twitch_tracker.errors import BadShape
from twitch_tracker.records import Episode, Frame, MotionSignals, Progress, Session
from twitch_tracker.regions import REGIONS, SIDES

__all__ = [
    "EpisodePicture",
    "EpisodePictures",
    "moments_of",
    "picture_box",
    "take_pictures",
]

PICTURE_HEIGHT_PX: Final = 220
JPEG_QUALITY: Final = 80
AROUND_S: Final = 0.5
"""How long before the onset and after the offset the outer pictures are taken."""
MARGIN: Final = 0.12
"""Room left around the face on every side, as a share of its longer side."""
ASPECT: Final = 0.8
"""Width of a picture over its height."""

GROUP: Final = 8
"""Whole pictures held at once (50 MB of 1920 x 1080)."""

ReadFramesAt = Callable[..., Iterable[Frame]]


@dataclass(frozen=True, kw_only=True, slots=True)
class EpisodePicture:
    """One picture: what it shows, its presentation time, and its JPEG."""

    label: str
    time_s: float
    jpeg: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class EpisodePictures:
    """The strip of one burst.

    Attributes
    ----------
    episode_index : int
        Place of the burst in ``session.episodes``, from 0.
    pictures : tuple of EpisodePicture
        In order of time.
    """

    episode_index: int
    pictures: tuple[EpisodePicture, ...]


def moments_of(
    episode: Episode, motion: MotionSignals
) -> tuple[tuple[str, float], ...]:
    """Choose when to look at a burst.

    Parameters
    ----------
    episode : Episode
        The burst.
    motion : MotionSignals
        Its recording; times are snapped to frames of it.

    Returns
    -------
    tuple of (str, float)
        Label and time in seconds: "Before", "Onset", "Peak" and "After", in order
        of time. The peak is where the involved regions are displaced the most.
    """
    last_s = float(motion.time_s[-1])
    wanted = (
        ("Before", max(episode.span.start_s - AROUND_S, 0.0)),
        ("Onset", episode.span.start_s),
        ("Peak", _peak_s(episode, motion)),
        ("After", min(episode.span.end_s + AROUND_S, last_s)),
    )
    return tuple(
        (label, _frame_time(time_s, motion.time_s)) for label, time_s in wanted
    )


def _frame_time(time_s: float, times_s: NDArray[np.float64]) -> float:
    """Return the time of the frame nearest to `time_s`."""
    return float(times_s[int(np.abs(times_s - time_s).argmin())])


def _peak_s(episode: Episode, motion: MotionSignals) -> float:
    inside = (motion.time_s >= episode.span.start_s) & (
        motion.time_s < episode.span.end_s
    )
    regions = [REGIONS.index(region) for region in episode.regions]
    values = motion.scores["position_io"].values[:, regions, SIDES.index(episode.side)]
    total = np.where(np.isfinite(values), values, 0.0).sum(axis=1)
    total[~inside] = -np.inf
    if not inside.any() or not (total > 0).any():
        return episode.span.middle_s
    return float(motion.time_s[int(total.argmax())])


def picture_box(
    boxes_px: NDArray[np.float32], width_px: int, height_px: int
) -> tuple[int, int, int, int]:
    """Return one upright cut that holds all the given face boxes.

    Parameters
    ----------
    boxes_px : NDArray[np.float32]
        Shape (m, 4): x0, y0, x1, y1; NaN rows where there was no face.
    width_px, height_px : int
        Size of the picture.

    Returns
    -------
    tuple of int
        x0, y0, x1, y1 inside the picture; the whole picture without any face.
    """
    seen = boxes_px[np.isfinite(boxes_px).all(axis=1)]
    if not len(seen):
        return 0, 0, width_px, height_px
    x0, y0 = seen[:, :2].min(axis=0)
    x1, y1 = seen[:, 2:].max(axis=0)
    height = (1 + 2 * MARGIN) * max(y1 - y0, (x1 - x0) / ASPECT)
    centre_x, centre_y = (x0 + x1) / 2, (y0 + y1) / 2
    left, right = centre_x - ASPECT * height / 2, centre_x + ASPECT * height / 2
    top, bottom = centre_y - height / 2, centre_y + height / 2
    cut = np.clip(
        [left, top, right, bottom], 0, [width_px, height_px, width_px, height_px]
    )
    box = np.rint(cut).astype(int)
    if box[2] - box[0] < 8 or box[3] - box[1] < 8:
        return 0, 0, width_px, height_px
    return int(box[0]), int(box[1]), int(box[2]), int(box[3])


def take_pictures(
    path: Path | str,
    session: Session,
    *,
    boxes_px: NDArray[np.float32],
    on_progress: Callable[[Progress], None] | None = None,
    read_frames: ReadFramesAt | None = None,
) -> list[EpisodePictures]:
    """Cut the picture strips of every burst out of the recording.

    Parameters
    ----------
    path : Path or str
        The recording that `session` came from.
    session : Session
        Its analysis.
    boxes_px : NDArray[np.float32]
        Shape (n, 4), one row per frame of ``session.motion``: x0, y0, x1, y1 of the
        subject's face in picture pixels, NaN without a face.
    on_progress : callable, optional
        Called after every picture.
    read_frames : callable, optional
        Stands in for `video.frames_at.read_frames_at`, for tests.

    Returns
    -------
    list of EpisodePictures
        One per burst, in order.

    Raises
    ------
    BadShape
        When `boxes_px` does not fit the session.
    VideoUnreadable
        When the recording cannot be read again.
    """
    motion = session.motion
    expected = (len(motion.time_s), 4)
    if boxes_px.shape != expected:
        raise BadShape("boxes_px", str(expected), boxes_px.shape)
    moments = [moments_of(episode, motion) for episode in session.episodes]
    times_s = sorted({time_s for strip in moments for _, time_s in strip})
    wanted = _wanted(moments)
    cuts = [_cut_of(strip, session, boxes_px) for strip in moments]
    taken: dict[tuple[int, int], EpisodePicture] = {}
    frames = _frames_in_groups(Path(path), times_s, session, read_frames or _reader())
    for done, (time_s, frame) in enumerate(frames, start=1):
        for index, place, label in wanted[time_s]:
            jpeg = _encode(frame.image, cuts[index], session)
            taken[index, place] = EpisodePicture(
                label=label, time_s=frame.time_s, jpeg=jpeg
            )
        if on_progress is not None:
            on_progress(_progress(done, len(times_s)))
    return [
        EpisodePictures(
            episode_index=index,
            pictures=tuple(taken[index, place] for place in range(len(strip))),
        )
        for index, strip in enumerate(moments)
    ]


def _frames_in_groups(
    path: Path, times_s: Sequence[float], session: Session, read: ReadFramesAt
) -> Iterator[tuple[float, Frame]]:
    """Read a few whole pictures at a time, so that memory stays small."""
    video = session.video
    side_px = max(video.width_px, video.height_px)
    for first in range(0, len(times_s), GROUP):
        group = times_s[first : first + GROUP]
        frames = read(path, group, mirrored=video.mirrored, max_side_px=side_px)
        yield from zip(group, frames, strict=True)


def _reader() -> ReadFramesAt:
    from twitch_tracker.video.frames_at import read_frames_at

    return read_frames_at


def _progress(done: int, total: int) -> Progress:
    return Progress(stage="pictures", done=done, total=total, unit="steps")


def _wanted(
    moments: Sequence[tuple[tuple[str, float], ...]],
) -> dict[float, list[tuple[int, int, str]]]:
    """Return which bursts want a frame: (episode, place in strip, label) by time."""
    wanted: dict[float, list[tuple[int, int, str]]] = {}
    for index, strip in enumerate(moments):
        for place, (label, time_s) in enumerate(strip):
            wanted.setdefault(time_s, []).append((index, place, label))
    return wanted


def _cut_of(
    strip: tuple[tuple[str, float], ...],
    session: Session,
    boxes_px: NDArray[np.float32],
) -> tuple[int, int, int, int]:
    rows = np.searchsorted(session.motion.time_s, [time_s for _, time_s in strip])
    video = session.video
    return picture_box(boxes_px[rows], video.width_px, video.height_px)


def _encode(
    image: NDArray[np.uint8],
    box: tuple[int, int, int, int],
    session: Session,
) -> bytes:
    """Cut, shrink and compress; `box` is in pixels of the session's pictures."""
    scale = image.shape[1] / session.video.width_px
    x0, y0, x1, y1 = (round(edge * scale) for edge in box)
    cut = Image.fromarray(np.ascontiguousarray(image[y0:y1, x0:x1]))
    width_px = max(1, round(cut.width * PICTURE_HEIGHT_PX / cut.height))
    small = cut.resize((width_px, PICTURE_HEIGHT_PX), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return buffer.getvalue()
