"""Films of a video with bursts in it, each beside its truth.

A video is played forward and backward until it is long enough. Its pictures are scaled
down until the outer canthi are at most `EYES_APART_PX` apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from studies.truth.third.face import shown
from studies.truth.third.geometry import Half
from studies.truth.third.moves import Times, forces, truth_rows
from studies.truth.third.places import Landmarks, follow
from studies.truth.third.plan import FilmPlan
from twitch_tracker.errors import NoAnalysableFace
from twitch_tracker.regions import Side
from twitch_tracker.simulate.picture.resampling import Image
from twitch_tracker.simulate.render import truth_path
from twitch_tracker.simulate.truth import EYE_APERTURE_MM, write_truth
from twitch_tracker.threads import single_threaded
from twitch_tracker.video.files import open_video
from twitch_tracker.video.writer import VideoWriter

__all__ = ["Source", "load", "to_and_fro", "write_film"]

LONGEST_S: Final = 60.0
"""No more than this of a video is used."""
EYES_APART_PX: Final = 190.0
_CRF: Final = (18, 24)
"""Quality of x264, the last one not: from hardly any loss to the encoder's default."""


@dataclass(frozen=True, eq=False)
class Source:
    """A video in memory.

    Attributes
    ----------
    pictures : tuple of NDArray[np.uint8]
        RGB, scaled down, each of even size.
    landmarks : tuple of NDArray
        Of the face in each, in its pixels; NaN without a face.
    step_s : float
        Mean time from picture to picture.
    """

    pictures: tuple[Image, ...]
    landmarks: tuple[Landmarks, ...]
    step_s: float

    @property
    def duration_s(self) -> float:
        """How long it takes once."""
        return len(self.pictures) * self.step_s

    def times_s(self, seconds: float) -> Times:
        """Return when the pictures of a film of it are shown."""
        return np.arange(int(seconds / self.step_s)) * self.step_s

    def aperture_mm(self, side: Side) -> float:
        """Return how far an eye is open, the median of all pictures."""
        seen = [
            Half(mesh, side).aperture_mm()
            for mesh in self.landmarks
            if np.isfinite(mesh).all()
        ]
        return float(np.median(seen)) if seen else EYE_APERTURE_MM


def load(path: Path, weights: Path) -> Source:
    """Read a video and find the face in it.

    Parameters
    ----------
    path : Path
        The video.
    weights : Path
        A ``face_landmarker.task`` file.

    Raises
    ------
    NoAnalysableFace
        If it has no two pictures with a face.
    VideoUnreadable, TimestampsUnusable, WeightsMissing
        If video or weights cannot be read.
    """
    times_s: list[float] = []
    with open_video(path, end_s=LONGEST_S) as film:
        found = list(follow(film, weights))
    apart = [Half(mesh, Side.LEFT).io_px for mesh in found if np.isfinite(mesh).all()]
    if len(apart) < 2:
        raise NoAnalysableFace(f"{path.name}: expected a face, found none.")
    scale = min(1.0, EYES_APART_PX / float(np.median(apart)))
    pictures = []
    with open_video(path, end_s=LONGEST_S) as film:
        for frame in film:
            pictures.append(_scaled(frame.image, scale))
            times_s.append(frame.time_s)
    height, width = frame.image.shape[:2]
    shape = pictures[0].shape
    by = np.array([shape[1] / width, shape[0] / height]) if scale < 1 else np.ones(2)
    step_s = (times_s[-1] - times_s[0]) / (len(times_s) - 1)
    return Source(tuple(pictures), tuple(mesh * by for mesh in found), step_s)


def _scaled(image: Image, scale: float) -> Image:
    """Scale a picture down to an even size; one that stays is cut to it."""
    height, width = (int(side * scale) // 2 * 2 for side in image.shape[:2])
    if scale >= 1:
        return np.ascontiguousarray(image[:height, :width])
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def to_and_fro(shown_pictures: int, pictures: int) -> NDArray[np.intp]:
    """Return which picture is shown when; each end once a turn: 0 1 2 1 0 1."""
    turn = max(2 * (pictures - 1), 1)
    place = np.arange(shown_pictures) % turn
    return np.asarray(np.minimum(place, turn - place), dtype=np.intp)


def write_film(path: Path, source: Source, plan: FilmPlan) -> None:
    """Write a film and, beside it, its truth.

    Parameters
    ----------
    path : Path
        The film, ``.mp4``.
    source : Source
        The video.
    plan : FilmPlan
        What the film shows.
    """
    times_s = source.times_s(plan.seconds)
    moves = forces(plan, times_s, source.step_s)
    order = to_and_fro(len(times_s), len(source.pictures))
    crf = int(np.random.default_rng([*plan.seed, 1]).integers(*_CRF))
    height, width = source.pictures[0].shape[:2]
    with (
        single_threaded(),
        VideoWriter(
            path, width_px=width, height_px=height, crf=crf, repeatable=True
        ) as film,
    ):
        for place, time_s, acting in zip(order, times_s, moves, strict=True):
            image = source.pictures[place]
            for side, force in acting:
                image = shown(image, source.landmarks[place], side, force)
            film.write(image, float(time_s))
    aperture_mm = source.aperture_mm(plan.side)
    write_truth(truth_rows(plan, times_s, source.step_s, aperture_mm), truth_path(path))
