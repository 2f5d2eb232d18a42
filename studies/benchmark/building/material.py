"""One video of a face, played forward and backward until it is long enough.

Knows a video's frames and meshes and in which order to show them. Note: a video that is
long enough keeps its own times; one that is played to and fro gets regular times, its
mean step apart; `source_index` leads from a frame of the play back to the frame as
filmed. All frames are held in memory, which is why faces are scaled down to
`EYES_APART_PX` and videos to `LONGEST_S`.

>>> source_index(6, 4).tolist()
[0, 1, 2, 3, 2, 1]
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studies.truth.half_face import shows_mouth
from twitch_tracker.errors import NoAnalysableFace
from twitch_tracker.face.trackers.tracker import FaceTracker
from twitch_tracker.records import Frame
from twitch_tracker.regions import EYE_CORNERS, SIDES, Side
from twitch_tracker.simulate.inject import follow_face
from twitch_tracker.simulate.picture.geometry import PictureGeometry, mm_per_interocular
from twitch_tracker.timebase import Interval, Stamp
from twitch_tracker.video.files import open_video

__all__ = [
    "LARGEST_SIDE_PX",
    "LONGEST_S",
    "Material",
    "Mesh",
    "Playing",
    "load_material",
    "played_spans",
    "source_index",
]

Mesh = NDArray[np.float32]

LONGEST_S: Final = 60.0
"""No more than this of a video is used."""

LARGEST_SIDE_PX: Final = 1280
"""Larger pictures are scaled down to this."""

EYES_APART_PX: Final = 140.0
"""... and those in which the outer canthi are farther apart than this, too: a face
fills about as much of an ordinary webcam's picture, and larger ones only cost."""

_PROBED_FRAMES: Final = 12

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
        Mean time from shown frame to shown frame.
    stride : int
        Of the frames as filmed, every how many is shown.
    """

    frames: int
    source_frames: int
    step_s: float
    stride: int = 1

    @property
    def to_and_fro(self) -> bool:
        """Whether any frame is shown more than once."""
        return self.frames > self.taken

    @property
    def taken(self) -> int:
        """How many different frames are shown."""
        return -(-self.source_frames // self.stride)

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
    """Return where a span of the video as filmed is seen when it is played to and fro.

    Parameters
    ----------
    span : Interval
        Seconds of the video as filmed.
    playing : Playing
        How it is played.
    """
    if not playing.to_and_fro:
        return (span,)
    at_s = source_index(playing.frames, playing.taken) * playing.step_s
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
        Its frames.
    playing : Playing
        How it is played.
    second_meshes : tuple of NDArray or None
        Mesh of each frame as filmed by another tracker, once `followed_by` it.
    """

    path: Path
    time_s: NDArray[np.float64]
    meshes: tuple[Mesh | None, ...]
    held: tuple[Frame, ...]
    playing: Playing
    second_meshes: tuple[Mesh | None, ...] = ()

    @property
    def order(self) -> NDArray[np.intp]:
        """Place as filmed of every shown frame, shape (frames,)."""
        playing = self.playing
        return source_index(playing.frames, playing.taken) * playing.stride

    @property
    def forward(self) -> NDArray[np.bool_]:
        """Which shown frames run forward in time, shape (frames,)."""
        period = max(2 * (self.playing.taken - 1), 1)
        place = np.arange(self.playing.frames) % period
        return np.asarray(place < self.playing.taken)

    @property
    def shown_s(self) -> NDArray[np.float64]:
        """Time of every shown frame, shape (frames,)."""
        if not self.playing.to_and_fro:
            return self.time_s[:: self.playing.stride]
        return np.arange(self.playing.frames) * self.playing.step_s

    @property
    def shown_meshes(self) -> tuple[Mesh | None, ...]:
        """Mesh of every shown frame."""
        return tuple(self.meshes[place] for place in self.order)

    @property
    def shown_second_meshes(self) -> tuple[Mesh | None, ...]:
        """Mesh by the other tracker of every shown frame."""
        return tuple(self.second_meshes[place] for place in self.order)

    def followed_by(self, tracker: FaceTracker) -> Material:
        """Return the same video with meshes of another tracker, too."""
        meshes = tuple(mesh for _, mesh in follow_face(self.held, tracker))
        return replace(self, second_meshes=meshes)

    def frames(self) -> Iterator[Frame]:
        """Show the frames with their times in the play."""
        for index, (place, time_s) in enumerate(
            zip(self.order, self.shown_s, strict=True)
        ):
            stamp = Stamp(
                pts=round(float(time_s) * _TICKS_PER_S),
                time_base=Fraction(1, _TICKS_PER_S),
            )
            yield Frame(index=index, stamp=stamp, image=self.held[place].image)

    def played(self, least_s: float, most_fps: float) -> Material:
        """Return the same video played for at least so long, at most so fast."""
        playing = _playing(self.time_s, least_s, most_fps)
        return replace(self, playing=playing)

    def pictures(self, places: Sequence[int]) -> dict[int, NDArray[np.uint8]]:
        """Show some frames as filmed, by their places."""
        return {place: self.held[place].image for place in places}

    def mm_per_io(self) -> float:
        """Return millimetres in one interocular distance."""
        return mm_per_interocular(np.array([m for m in self.meshes if m is not None]))

    def mouth_seen(self) -> NDArray[np.bool_]:
        """Return frames as filmed with the whole mouth in the picture, shape (n,)."""
        return np.array(
            [
                mesh is not None and shows_mouth(mesh, frame.image)
                for mesh, frame in zip(self.meshes, self.held, strict=True)
            ]
        )

    def apart_px(self) -> float:
        """Return distance of the outer canthi in pixels, the median of all frames."""
        return float(np.median([_apart_px(m) for m in self.meshes if m is not None]))

    def aperture_mm(self, side: Side) -> float:
        """Return palpebral aperture of an eye when it is open: its upper quartile.

        The median of an eye that is often narrowed by smiles is not its open one;
        the detector calls the same quartile open.
        """
        face = (PictureGeometry.from_mesh(m) for m in self.meshes if m is not None)
        return float(np.percentile([f.aperture_mm(side) for f in face], 75))


def _opened(path: Path, side_px: int = LARGEST_SIDE_PX):  # type: ignore[no-untyped-def]
    return open_video(path, end_s=LONGEST_S, max_side_px=side_px)


def _side_px(path: Path, tracker: FaceTracker) -> int:
    """Return longest side of a picture in which the face is as large as it is used."""
    with _opened(path) as source:
        seen = list(follow_face(islice(source, _PROBED_FRAMES), tracker))
    apart = [_apart_px(m) for _, m in seen if m is not None]
    longest = max((max(f.image.shape[:2]) for f, _ in seen), default=LARGEST_SIDE_PX)
    if not apart or max(apart) <= EYES_APART_PX:
        return longest
    return round(longest * EYES_APART_PX / float(np.median(apart)))


def _apart_px(mesh: Mesh) -> float:
    """Return distance of the outer canthi of one mesh."""
    outer = [EYE_CORNERS[side][0] for side in SIDES]
    return float(np.hypot(*np.diff(mesh[outer, :2], axis=0)[0]))


def load_material(
    path: Path,
    tracker: FaceTracker,
    least_s: float = 12.0,
    most_fps: float = 60.0,
) -> Material:
    """Read a video once and follow the face in it.

    Parameters
    ----------
    path : Path
        The video.
    tracker : FaceTracker
        Finds the face; the largest one is taken.
    least_s, most_fps : float
        How it is played; see `Material.played`.

    Raises
    ------
    NoAnalysableFace
        If fewer than `LEAST_SEEN` of the frames show one.
    VideoUnreadable, TimestampsUnusable
        If it cannot be read.
    """
    with _opened(path, _side_px(path, tracker)) as source:
        pairs = list(follow_face(source, tracker))
    time_s = np.array([frame.time_s for frame, _ in pairs])
    seen = sum(mesh is not None for _, mesh in pairs)
    if len(pairs) < 2 or seen < LEAST_SEEN * len(pairs):
        raise NoAnalysableFace(
            f"{path.name}: expected a face in at least {LEAST_SEEN:.0%} of the frames, "
            f"found one in {seen} of {len(pairs)}. Say use = no in the table of faces."
        )
    return Material(
        path=path,
        time_s=time_s,
        meshes=tuple(mesh for _, mesh in pairs),
        held=tuple(frame for frame, _ in pairs),
        playing=_playing(time_s, least_s, most_fps),
    )


def _playing(time_s: NDArray[np.float64], least_s: float, most_fps: float) -> Playing:
    """Decide how long to play, and how many frames to leave out."""
    step_s = float(time_s[-1] - time_s[0]) / (len(time_s) - 1)
    stride = max(1, math.ceil(1.0 / (step_s * most_fps) - 1e-6))
    taken = -(-len(time_s) // stride)
    enough = math.ceil(least_s / (step_s * stride) - 1e-6)
    return Playing(
        frames=max(taken, enough),
        source_frames=len(time_s),
        step_s=step_s * stride,
        stride=stride,
    )
