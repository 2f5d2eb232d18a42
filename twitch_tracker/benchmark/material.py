"""One video of a face, played forward and backward until it is long enough.

Knows a video's frames and meshes and in which order to show them. Conventions
that bite: a video that is long enough keeps its own times; one that is played
to and fro gets regular times, its mean step apart; `source_index` leads from a
frame of the play back to the frame as filmed. Frames of a short video are held
in memory, those of a long one are read again for each play.

>>> source_index(6, 4).tolist()
[0, 1, 2, 3, 2, 1]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import NoAnalysableFace
from twitch_tracker.face.tracker import FaceTracker
from twitch_tracker.records import Frame
from twitch_tracker.regions import Side
from twitch_tracker.simulate.geometry import FaceGeometry, mm_per_interocular
from twitch_tracker.simulate.inject import follow_face
from twitch_tracker.timebase import Interval, Stamp
from twitch_tracker.video.files import open_video

__all__ = [
    "LARGEST_SIDE_PX",
    "LEAST_S",
    "LONGEST_S",
    "Material",
    "Playing",
    "load_material",
    "played_spans",
    "source_index",
]

Mesh = NDArray[np.float32]

LEAST_S: Final = 12.0
"""A shorter video is played to and fro until it lasts this long."""

LONGEST_S: Final = 120.0
"""No more than this of a video is used."""

LARGEST_SIDE_PX: Final = 1280
"""Larger pictures are scaled down to this."""

LEAST_SEEN: Final = 0.5
"""A video must show a face in at least this share of its frames."""

_TICKS_PER_S: Final = 90_000


@dataclass(frozen=True, kw_only=True)
class Playing:
    """How a video is played.

    Attributes
    ----------
    frames : int
        How many frames are shown.
    source_frames : int
        How many there are.
    step_s : float
        Mean time from frame to frame.
    """

    frames: int
    source_frames: int
    step_s: float

    @property
    def to_and_fro(self) -> bool:
        """Whether any frame is shown more than once."""
        return self.frames > self.source_frames

    @property
    def duration_s(self) -> float:
        """Length of what is shown."""
        return self.frames * self.step_s


def source_index(frames: int, source_frames: int) -> NDArray[np.intp]:
    """Place of each shown frame in the video as filmed.

    The ends are shown once per turn: 0 1 2 3 2 1 0 1 ...

    Parameters
    ----------
    frames, source_frames : int
        How many are shown, and how many there are.
    """
    period = max(2 * (source_frames - 1), 1)
    place = np.arange(frames) % period
    return np.asarray(np.minimum(place, period - place), dtype=np.intp)


def played_spans(span: Interval, playing: Playing) -> tuple[Interval, ...]:
    """Where a span of the video as filmed is seen when it is played to and fro.

    Parameters
    ----------
    span : Interval
        Seconds of the video as filmed.
    playing : Playing
        How it is played.
    """
    if not playing.to_and_fro:
        return (span,)
    at_s = source_index(playing.frames, playing.source_frames) * playing.step_s
    inside = (at_s >= span.start_s - 1e-9) & (at_s < span.end_s)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inside.astype(int), [0]])))
    return tuple(
        Interval(start_s=a * playing.step_s, end_s=b * playing.step_s)
        for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    )


@dataclass(frozen=True)
class Material:
    """A video with the face found in it.

    Attributes
    ----------
    path : Path
        The video.
    time_s : NDArray[np.float64]
        Times as filmed, shape (n,).
    meshes : tuple of NDArray or None
        Mesh of each frame as filmed.
    held : tuple of Frame
        Its frames, when it is short; else empty.
    playing : Playing
        How it is played.
    """

    path: Path
    time_s: NDArray[np.float64]
    meshes: tuple[Mesh | None, ...]
    held: tuple[Frame, ...]
    playing: Playing

    @property
    def order(self) -> NDArray[np.intp]:
        """Place as filmed of every shown frame, shape (frames,)."""
        return source_index(self.playing.frames, self.playing.source_frames)

    @property
    def forward(self) -> NDArray[np.bool_]:
        """Which shown frames run forward in time, shape (frames,)."""
        period = max(2 * (self.playing.source_frames - 1), 1)
        place = np.arange(self.playing.frames) % period
        return np.asarray(place < self.playing.source_frames)

    @property
    def shown_s(self) -> NDArray[np.float64]:
        """Time of every shown frame, shape (frames,)."""
        if not self.playing.to_and_fro:
            return self.time_s
        return np.arange(self.playing.frames) * self.playing.step_s

    @property
    def shown_meshes(self) -> tuple[Mesh | None, ...]:
        """Mesh of every shown frame."""
        return tuple(self.meshes[place] for place in self.order)

    def frames(self) -> Iterator[Frame]:
        """Show the frames with their times in the play."""
        if not self.held:
            with _opened(self.path) as source:
                yield from islice(source, self.playing.source_frames)
            return
        for index, (place, time_s) in enumerate(
            zip(self.order, self.shown_s, strict=True)
        ):
            stamp = Stamp(
                pts=round(float(time_s) * _TICKS_PER_S),
                time_base=Fraction(1, _TICKS_PER_S),
            )
            yield Frame(index=index, stamp=stamp, image=self.held[place].image)

    def pictures(self, places: Sequence[int]) -> dict[int, NDArray[np.uint8]]:
        """Show some frames as filmed, by their places, in one reading.

        Parameters
        ----------
        places : sequence of int
            In order.
        """
        wanted = set(places)
        if self.held:
            return {place: self.held[place].image for place in places}
        with _opened(self.path) as source:
            frames = islice(source, max(wanted, default=-1) + 1)
            return {k: f.image for k, f in enumerate(frames) if k in wanted}

    def mm_per_io(self) -> float:
        """Millimetres in one interocular distance."""
        return mm_per_interocular(np.array([m for m in self.meshes if m is not None]))

    def aperture_mm(self, side: Side) -> float:
        """Palpebral aperture of an eye when it is open: its upper quartile.

        The median of an eye that is often narrowed by smiles is not its open one;
        the detector calls the same quartile open.
        """
        face = (FaceGeometry.from_mesh(m) for m in self.meshes if m is not None)
        return float(np.percentile([f.aperture_mm(side) for f in face], 75))


def _opened(path: Path):  # type: ignore[no-untyped-def]
    return open_video(path, end_s=LONGEST_S, max_side_px=LARGEST_SIDE_PX)


def load_material(path: Path, tracker: FaceTracker) -> Material:
    """Read a video once and follow the face in it.

    Parameters
    ----------
    path : Path
        The video.
    tracker : FaceTracker
        Finds the face; the largest one is taken.

    Raises
    ------
    NoAnalysableFace
        If fewer than `LEAST_SEEN` of the frames show one.
    VideoUnreadable, TimestampsUnusable
        If it cannot be read.
    """
    times: list[float] = []
    meshes: list[Mesh | None] = []
    held: list[Frame] = []
    with _opened(path) as source:
        for frame, mesh in follow_face(source, tracker):
            times.append(frame.time_s)
            meshes.append(mesh)
            if frame.time_s < LEAST_S:
                held.append(frame)
            else:
                held.clear()
    seen = sum(mesh is not None for mesh in meshes)
    if len(times) < 2 or seen < LEAST_SEEN * len(times):
        raise NoAnalysableFace(
            f"{path.name}: expected a face in at least {LEAST_SEEN:.0%} of the frames, "
            f"found one in {seen} of {len(times)}. Say use = no in the table of faces."
        )
    return Material(
        path=path,
        time_s=np.array(times),
        meshes=tuple(meshes),
        held=tuple(held),
        playing=_playing(np.array(times)),
    )


def _playing(time_s: NDArray[np.float64]) -> Playing:
    """Decide how long to play."""
    step_s = float(time_s[-1] - time_s[0]) / (len(time_s) - 1)
    enough = int(np.ceil(LEAST_S / step_s - 1e-6))
    return Playing(
        frames=max(len(time_s), enough), source_frames=len(time_s), step_s=step_s
    )
