"""A made-up face whose every movement is known.

The face is symmetric, 90 mm wide between the outer canthi, with 10 mm open
eyes and the irises of an average adult. Its head frame is the one of
`motion.headframe`: x to the subject's left, y up, z out of the face, in
interocular distances.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from pseudo_language import pseudo, speaks_pseudo

from twitch_tracker.motion.eyepatch import CODE_LENGTH
from twitch_tracker.motion.recorder import KEPT_POINTS, RawMotion
from twitch_tracker.motion.signals import DOWN_DIRECTION, measure_motion
from twitch_tracker.networks import shipped_folder
from twitch_tracker.records import MotionSignals, QualityReason
from twitch_tracker.regions import (
    ALA_NASI,
    BROW,
    CHEEK,
    CHIN,
    EYE_CORNERS,
    IRIS,
    LIPS,
    LOWER_LID,
    ORAL_COMMISSURE,
    REGIONS,
    RIGID_PAIRS,
    RIGID_POINTS,
    SIDES,
    UPPER_LID,
    UPPER_LIP,
    Side,
)
from twitch_tracker.report.deidentified.synthetic_face import (
    BROW_AT,
    CHEEK_AT,
    CORNER_AT,
    LEFT_HALF,
    LID_X,
    MIDLINE,
)

__all__ = ["pseudo", "speaks_pseudo"]  # fixtures of another file

MM_PER_IO = 90.0
OPEN_MM = 10.0
IRIS_MM = 11.7
PULL = np.array([0.8, 0.6])

Floats = NDArray[np.float64]
PerSide = Mapping[Side, Floats | float] | None

_LID_MIDDLE_Y = -0.10
_IRIS_IO = IRIS_MM / MM_PER_IO


def _series(time_s: Floats, value: Floats | float) -> Floats:
    return np.broadcast_to(np.asarray(value, float), time_s.shape)


def _sided(time_s: Floats, given: PerSide) -> dict[Side, Floats]:
    return {s: _series(time_s, (given or {}).get(s, 0.0)) for s in SIDES}


def _mirror_partner() -> dict[int, int]:
    """Partner of every kept point across the midline."""
    partner = {
        p: RIGID_POINTS[q] for p, q in zip(RIGID_POINTS, RIGID_PAIRS, strict=True)
    }
    partner.update({p: p for p in (*LIPS, *CHIN)})
    lids = (UPPER_LID, LOWER_LID, EYE_CORNERS)
    for table in (*lids, ORAL_COMMISSURE, UPPER_LIP, ALA_NASI, CHEEK, BROW):
        for a, b in zip(table[Side.LEFT], table[Side.RIGHT], strict=True):
            partner.update({a: b, b: a})
    # Iris: centre, then a rim point to the picture's right, top, left, bottom.
    for a, b in zip((0, 1, 2, 3, 4), (0, 3, 2, 1, 4), strict=True):
        left, right = IRIS[Side.LEFT][a], IRIS[Side.RIGHT][b]
        partner.update({left: right, right: left})
    return partner


class MadeUpFace:
    """Builds recordings of the made-up face."""

    MM_PER_IO = MM_PER_IO
    OPEN_MM = OPEN_MM

    def head(
        self,
        time_s: Floats,
        *,
        closure: PerSide = None,
        pull_mm: PerSide = None,
        down_mm: PerSide = None,
        cheek_mm: PerSide = None,
        brow_mm: PerSide = None,
        open_mm: PerSide = None,
        jaw_mm: Floats | float = 0.0,
    ) -> dict[int, Floats]:
        """Place every kept point in the head's frame; arrays of shape (n, 3).

        `closure` is a share of the open eye, the others are millimetres up
        (for the mouth corner along its direction of pull; `down_mm` draws it outward
        and down). `jaw_mm` lowers the lower lip.
        """
        shut, pull = _sided(time_s, closure), _sided(time_s, pull_mm)
        cheek, brow = _sided(time_s, cheek_mm), _sided(time_s, brow_mm)
        down = _sided(time_s, down_mm)
        opened = open_mm or dict.fromkeys(SIDES, OPEN_MM)
        at: dict[int, Floats] = {}

        def put(point: int, xyz: tuple[float, float, float], move: Floats) -> None:
            at[point] = np.asarray(xyz) + move / MM_PER_IO

        still = np.zeros((len(time_s), 3))
        dropped = -_series(time_s, jaw_mm)[:, None] * np.array([0.0, 1.0, 0.0])
        for point, (y, z) in MIDLINE.items():
            put(point, (0.0, y, z), dropped if point in LIPS[2:] else still)
        partner = _mirror_partner()
        for point, (x, y, z) in LEFT_HALF.items():
            put(point, (x, y, z), still)
            put(partner[point], (-x, y, z), still)
        for side in SIDES:
            out = 1.0 if side is Side.LEFT else -1.0
            gap = _series(time_s, opened[side])
            up = np.array([0.0, 1.0, 0.0])
            upper = gap * (0.6 - 0.85 * shut[side])
            lower = gap * (-0.4 + 0.15 * shut[side])
            for place, x in enumerate(LID_X):
                middle = (out * x, _LID_MIDDLE_Y, 0.0)
                put(UPPER_LID[side][place], middle, upper[:, None] * up)
                put(LOWER_LID[side][place], middle, lower[:, None] * up)
            corner = np.array([out * PULL[0], PULL[1], 0.0])
            below = np.array([out * DOWN_DIRECTION[0], DOWN_DIRECTION[1], 0.0])
            moved = pull[side][:, None] * corner + down[side][:, None] * below
            for point, (x, y, z) in zip(ORAL_COMMISSURE[side], CORNER_AT, strict=True):
                put(point, (out * x, y, z), moved)
            for point, (x, y, z) in zip(CHEEK[side], CHEEK_AT, strict=True):
                put(point, (out * x, y, z), cheek[side][:, None] * up)
            for point, (x, y, z) in zip(BROW[side], BROW_AT, strict=True):
                put(point, (out * x, y, z), brow[side][:, None] * up)
            rim = _IRIS_IO / 2 * np.array([[0, 0], [1, 0], [0, 1], [-1, 0], [0, -1]])
            for point, (dx, dy) in zip(IRIS[side], rim, strict=True):
                put(point, (out * 0.34 + dx, _LID_MIDDLE_Y + dy, 0.0), still)
        return at

    def film(
        self,
        time_s: Floats,
        *,
        yaw_deg: Floats | float = 0.0,
        pitch_deg: Floats | float = 0.0,
        roll_deg: Floats | float = 0.0,
        scale_px: Floats | float = 150.0,
        shift_px: tuple[Floats | float, Floats | float] = (320.0, 180.0),
        noise_px: float = 0.0,
        seed: int = 1,
        unseen: NDArray[np.bool_] | None = None,
        **moves: PerSide,
    ) -> RawMotion:
        """Film the face: moves as for `head`, pose and size as in the picture."""
        time_s = np.asarray(time_s, float)
        head = self.head(time_s, **moves)
        points = np.stack([_series3(time_s, head[p]) for p in KEPT_POINTS], axis=1)
        angles = [_series(time_s, a) for a in (yaw_deg, pitch_deg, roll_deg)]
        scale = _series(time_s, scale_px)
        turned = points @ _turns(*angles).transpose(0, 2, 1)
        seen = scale[:, None, None] * turned * (1, -1, -1)
        seen[..., 0] += _series(time_s, shift_px[0])[:, None]
        seen[..., 1] += _series(time_s, shift_px[1])[:, None]
        seen += np.random.default_rng(seed).normal(0, 1, seen.shape) * noise_px
        steps = self._skin_steps(time_s, moves)
        hidden = np.zeros(len(time_s), bool) if unseen is None else unseen.astype(bool)
        numbers = np.stack([*angles, scale, scale * _IRIS_IO], axis=1)
        numbers[hidden] = np.nan
        seen[hidden] = np.nan
        steps[hidden] = np.nan
        steps[1:][hidden[:-1]] = np.nan
        why = (QualityReason.NO_FACE,)
        return RawMotion(
            time_s=time_s,
            points_px=seen.astype(np.float32),
            skin_step_io=steps.astype(np.float32),
            eye_codes=np.full((len(time_s), 2, CODE_LENGTH), np.nan, np.float16),
            networks=shipped_folder(),
            pose_deg=numbers[:, :3].astype(np.float32),
            interocular_px=numbers[:, 3].astype(np.float32),
            iris_px=numbers[:, 4].astype(np.float32),
            reasons=tuple(why if h else () for h in hidden),
            unseen=np.zeros((len(time_s), len(REGIONS)), bool),
        )

    def _skin_steps(self, time_s: Floats, moves: Mapping[str, PerSide]) -> Floats:
        """Steps of mouth corners, cheeks and brows, shape (n, 2, 3, 2)."""
        at = np.zeros((len(time_s), len(SIDES), 3, 2))
        for place, name in enumerate(("pull_mm", "cheek_mm", "brow_mm")):
            for row, (side, mm) in enumerate(_sided(time_s, moves.get(name)).items()):
                out = 1.0 if side is Side.LEFT else -1.0
                along = PULL * (out, 1.0) if name == "pull_mm" else np.array([0, 1.0])
                at[:, row, place] = mm[:, None] * along
        return np.diff(at, axis=0, prepend=np.nan) / MM_PER_IO

    def measure(self, time_s: Floats, **how: object) -> MotionSignals:
        """Film the face and measure the recording."""
        return measure_motion(self.film(time_s, **how))

    def mirrored(self, raw: RawMotion, width_px: float = 640.0) -> RawMotion:
        """Show the recording in a mirror: what was right is left."""
        partner = _mirror_partner()
        places = [KEPT_POINTS.index(partner[p]) for p in KEPT_POINTS]
        points = raw.points_px[:, places].copy()
        points[..., 0] = width_px - points[..., 0]
        return replace(
            raw,
            points_px=points,
            skin_step_io=raw.skin_step_io[:, ::-1] * np.float32([-1, 1]),
            eye_codes=raw.eye_codes[:, ::-1],
            pose_deg=raw.pose_deg * np.float32([-1, 1, -1]),
        )


def _series3(time_s: Floats, values: Floats) -> Floats:
    return np.broadcast_to(values, (len(time_s), 3))


def _turns(yaw_deg: Floats, pitch_deg: Floats, roll_deg: Floats) -> Floats:
    """Head to picture axes (y up, z to the viewer), shape (n, 3, 3).

    Yaw turns the nose to the subject's left (+x), pitch lifts it (+y), roll
    tips the crown to the subject's left.
    """
    a, b, c = np.radians([yaw_deg, pitch_deg, roll_deg])
    zero, one = np.zeros_like(a), np.ones_like(a)

    def matrix(*cells: Floats) -> Floats:
        return np.stack(cells, axis=-1).reshape(-1, 3, 3)

    yaw = matrix(
        *(np.cos(a), zero, np.sin(a)),
        *(zero, one, zero),
        *(-np.sin(a), zero, np.cos(a)),
    )
    pitch = matrix(
        *(one, zero, zero),
        *(zero, np.cos(b), np.sin(b)),
        *(zero, -np.sin(b), np.cos(b)),
    )
    roll = matrix(
        *(np.cos(c), np.sin(c), zero),
        *(-np.sin(c), np.cos(c), zero),
        *(zero, zero, one),
    )
    return yaw @ pitch @ roll


@pytest.fixture(scope="session")
def face() -> MadeUpFace:
    """Return the builder of recordings of the made-up face."""
    return MadeUpFace()


def _even(fps: float, seconds: float) -> Floats:
    return np.arange(round(fps * seconds)) / fps


def _irregular(seconds: float) -> Floats:
    """A browser recording: steps of 23 to 43 ms."""
    steps = np.random.default_rng(5).uniform(0.023, 0.043, round(seconds / 0.02))
    times = np.cumsum(steps) - steps[0]
    return times[times < seconds]


class Clock:
    """Frame times of recordings."""

    even = staticmethod(_even)
    irregular = staticmethod(_irregular)
    KINDS = ("12 fps", "30 fps", "60 fps", "irregular")

    def of(self, kind: str, seconds: float) -> Floats:
        """Frame times of a kind of recording."""
        if kind == "irregular":
            return _irregular(seconds)
        return _even(float(kind.removesuffix(" fps")), seconds)


@pytest.fixture(scope="session")
def clock() -> Clock:
    """Return the maker of frame times."""
    return Clock()


class Shapes:
    """Time courses of movement, from 0 to 1."""

    @staticmethod
    def bump(time_s: Floats, middle_s: float, width_s: float) -> Floats:
        """One smooth contraction: a raised cosine, `width_s` from foot to foot."""
        phase = np.clip((time_s - middle_s) / width_s, -0.5, 0.5)
        return 0.5 + 0.5 * np.cos(2 * np.pi * phase)

    def train(
        self,
        time_s: Floats,
        onset_s: float,
        count: int,
        rate_hz: float,
        width_s: float = 0.2,
    ) -> Floats:
        """Contractions one after another; the first begins at `onset_s`."""
        middles = onset_s + width_s / 2 + np.arange(count) / rate_hz
        return np.sum([self.bump(time_s, m, width_s) for m in middles], axis=0)

    @staticmethod
    def hold(
        time_s: Floats, onset_s: float, offset_s: float, rise_s: float = 0.1
    ) -> Floats:
        """A contraction that is held; it begins at `onset_s`, ends at `offset_s`."""
        up = np.clip((time_s - onset_s) / rise_s, 0, 1)
        down = np.clip((offset_s - time_s) / rise_s, 0, 1)
        return np.minimum(up, down)


@pytest.fixture(scope="session")
def shapes() -> Shapes:
    """Return the maker of time courses."""
    return Shapes()
