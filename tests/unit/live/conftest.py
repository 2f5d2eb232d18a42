"""Live recordings of the made-up face: pictures, meshes, a camera that misbehaves."""

from __future__ import annotations

import math
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from twitch_tracker.errors import CameraUnavailable
from twitch_tracker.motion.recorder import KEPT_POINTS
from twitch_tracker.pipeline import AnalysisOptions
from twitch_tracker.records import (
    Blink,
    Damage,
    Episode,
    EpisodeKind,
    Frame,
    TrackerInfo,
    VideoInfo,
)
from twitch_tracker.regions import MESH_POINTS, Region, Side
from twitch_tracker.timebase import Interval, Stamp

WIDTH_PX, HEIGHT_PX = 320, 240
TICKS = Fraction(1, 90_000)
FPS = 15


def _skin() -> NDArray[np.uint8]:
    """Skin of one person: every picture alike, so that it is always the subject."""
    rng = np.random.default_rng(2)
    grey = cv2.GaussianBlur(rng.normal(0, 1, (HEIGHT_PX, WIDTH_PX)), (0, 0), 4.0)
    grey = np.clip(128 + 40 * grey / grey.std(), 0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


class MeshByTime:
    """A tracker that knows the mesh of every moment; the picture tells the moment."""

    info = TrackerInfo(name="made-up", version="1", weights_sha256="00" * 32)

    def __init__(self, meshes: Sequence[NDArray[np.float32] | None]) -> None:
        self.meshes = meshes

    def _seen(self, image: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        return self.meshes[_read(image)]

    def find_all(self, image):
        mesh = self._seen(image)
        return [] if mesh is None else [mesh.copy()]

    def follow(self, image, last):
        del last
        mesh = self._seen(image)
        return None if mesh is None else mesh.copy()

    def close(self) -> None:
        pass


def _write(image: NDArray[np.uint8], number: int) -> None:
    """Hide a frame's number in its corner, far from the face."""
    bits = [(number >> place) & 1 for place in range(16)]
    image[0, :16] = np.array(bits, np.uint8)[:, None] * 255


def _read(image: NDArray[np.uint8]) -> int:
    return sum(int(v > 127) << place for place, v in enumerate(image[0, :16, 0]))


@dataclass
class Camera:
    """Delivers frames `numbers` of a scene, each at its own time."""

    scene: Scene
    numbers: Sequence[int]
    lost_at_end: bool = False
    damage: Damage = field(default_factory=Damage)
    shown: list[weakref.ref] = field(default_factory=list)

    @property
    def info(self) -> VideoInfo:
        return self.scene.info

    def __iter__(self) -> Iterator[Frame]:
        for number in self.numbers:
            frame = self.scene.frame(number)
            self.shown.append(weakref.ref(frame.image))
            self.damage = replace(self.damage, frames_read=self.damage.frames_read + 1)
            yield frame
            del frame
        if self.lost_at_end:
            raise CameraUnavailable("camera 0 delivers no pictures.")

    def close(self) -> None:
        pass


@dataclass(frozen=True)
class Scene:
    """A made-up recording.

    Bursts of the right side begin at `bursts_s`; both eyes blink at `blinks_s`;
    there is no face from `away_s[0]` to `away_s[1]`.
    """

    time_s: NDArray[np.float64]
    meshes: list[NDArray[np.float32] | None]
    bursts_s: tuple[float, ...]
    blinks_s: tuple[float, ...]
    skin: NDArray[np.uint8]

    info = VideoInfo(
        name="made-up",
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
        rotation_deg=0,
        nominal_fps=FPS,
        duration_s=math.nan,
        codec="none",
        mirrored=False,
        sha256="",
        time_base=TICKS,
    )
    options = AnalysisOptions(detector="geometric", every_picture=True)

    def frame(self, number: int, at_s: float | None = None) -> Frame:
        """One picture, at its own time or another one."""
        image = self.skin + np.uint8(
            number % 2
        )  # no two pictures of a camera are alike
        _write(image, number)
        time_s = float(self.time_s[number]) if at_s is None else at_s
        stamp = Stamp(pts=round(time_s / TICKS), time_base=TICKS)
        return Frame(index=number, stamp=stamp, image=image)

    def tracker(self) -> MeshByTime:
        """Who sees the face in it."""
        return MeshByTime(self.meshes)

    def camera(self, seconds: float = math.inf, *, lost_at_end: bool = False) -> Camera:
        """What films it."""
        count = int((self.time_s < seconds).sum())
        return Camera(self, range(count), lost_at_end)


@pytest.fixture(scope="session")
def make_scene(face, clock, shapes):
    """Make a `Scene`."""

    def make(
        seconds: float,
        *,
        bursts_s: Sequence[float] = (),
        blinks_s: Sequence[float] = (),
        away_s: tuple[float, float] = (math.inf, math.inf),
        held: tuple[float, float] | None = None,
    ) -> Scene:
        time_s = clock.even(FPS, seconds)
        still = np.zeros(len(time_s))
        drive = sum((shapes.train(time_s, at, 4, 3.0) for at in bursts_s), still)
        if held is not None:
            drive = np.maximum(drive, shapes.hold(time_s, *held))
        lids = sum((shapes.bump(time_s, at, 0.3) for at in blinks_s), still)
        raw = face.film(
            time_s,
            scale_px=100.0,
            shift_px=(160.0, 100.0),
            noise_px=0.1,
            closure={Side.RIGHT: np.maximum(0.8 * drive, lids), Side.LEFT: lids},
            pull_mm={Side.RIGHT: 5 * drive},
        )
        whole = np.zeros((len(time_s), MESH_POINTS, 3), np.float32)
        # Points nobody measures lie between the corners of the eyes and the mouth.
        rng = np.random.default_rng(9)
        whole[:] = rng.uniform((110, 60, -20), (210, 180, 20), (MESH_POINTS, 3))
        whole[:, list(KEPT_POINTS)] = raw.points_px
        meshes = [
            None if away_s[0] <= t < away_s[1] else mesh
            for mesh, t in zip(whole, time_s, strict=True)
        ]
        return Scene(time_s, meshes, tuple(bursts_s), tuple(blinks_s), _skin())

    return make


@pytest.fixture(scope="session")
def short_scene(make_scene) -> Scene:
    """Ten seconds: a burst at 2.5 s, a blink at 7 s."""
    return make_scene(10, bursts_s=[2.5], blinks_s=[7.0])


@pytest.fixture
def make_burst():
    """Make a burst."""

    def make(start_s: float, end_s: float, side: Side = Side.RIGHT) -> Episode:
        return Episode(
            span=Interval(start_s=start_s, end_s=end_s),
            side=side,
            regions=(Region.EYELID,),
            lead_region=Region.EYELID,
            kind=EpisodeKind.CLONIC,
        )

    return make


@pytest.fixture
def make_blink():
    """Make a blink; the right eye may close less."""

    def make(start_s: float, end_s: float, right: float = 0.9) -> Blink:
        return Blink(
            span=Interval(start_s=start_s, end_s=end_s),
            complete=right >= 0.75,
            closure_left=0.9,
            closure_right=right,
        )

    return make
