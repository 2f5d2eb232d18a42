"""Collect, frame by frame, what motion needs.

Only about ninety mesh points, a code of each eye's look and a few numbers are
kept of each frame, so a recording of any length costs 1.2 kilobytes a frame.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import BadParameter
from twitch_tracker.face.occlusion import eyes_hidden, lips_hidden
from twitch_tracker.face.passed import Looked, fill_in
from twitch_tracker.face.trackers.region_of_interest import place_in_picture
from twitch_tracker.language import say
from twitch_tracker.motion.eyepatch import CODE_LENGTH, PATCH_SHAPE, EyeCoder, cut_eyes
from twitch_tracker.motion.sameness import SamePicture, UnchangedShare, repeated
from twitch_tracker.motion.skinflow import SKIN_PLACES, SkinFlow
from twitch_tracker.networks import shipped_folder
from twitch_tracker.records import FaceObservation, Frame, QualityReason
from twitch_tracker.records.rows import Rows
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
    RIGID_POINTS,
    SIDES,
    UPPER_LID,
    UPPER_LIP,
)

__all__ = ["KEPT_POINTS", "MotionRecorder", "RawMotion", "coded_by"]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Held:
    """A picture whose motion is still to be measured, and the mesh in it if there is one.

    `passed` says that nothing moved in it, nor on the way to the next one that was
    looked at.
    """

    time_s: float
    image: NDArray[np.uint8]
    mesh: NDArray[np.float32] | None
    passed: bool


BLOCK: Final = 4
"""Pictures that are looked at together: most of what is measured of a face takes as
long for several as for one; more no longer lie in the processor's cache."""

LOOK_EVERY_S: Final = 0.5
"""How often is looked whether a mask hides the lips, or dark glasses the eyes."""


def _kept_points() -> tuple[int, ...]:
    lids = (UPPER_LID, LOWER_LID, EYE_CORNERS, IRIS)
    sets = (*lids, ORAL_COMMISSURE, UPPER_LIP, ALA_NASI, CHEEK, BROW)
    wanted = {*RIGID_POINTS, *LIPS, *CHIN}
    for group in sets:
        for side in SIDES:
            wanted.update(group[side])
    return tuple(sorted(wanted))


KEPT_POINTS: Final = _kept_points()
"""The mesh points that are kept of every frame, in rising order."""


@dataclass(frozen=True, kw_only=True)
class RawMotion:
    """What was kept of every frame.

    Attributes
    ----------
    time_s : NDArray[np.float64]
        Shape (n,).
    points_px : NDArray[np.float32]
        `KEPT_POINTS` of the mesh, shape (n, points, 3); NaN without a face.
    skin_step_io : NDArray[np.float32]
        From `SkinFlow.step`, shape (n, sides, `SKIN_PLACES`, 2).
    eye_codes : NDArray[np.float16]
        From `EyeCoder.code`, shape (n, sides, `CODE_LENGTH`).
    networks : Path
        Folder of the networks that made the codes and can read them.
    eye_pictures : NDArray[np.uint8] or None
        What the codes were made from, when that was asked for; black without a
        face. Shape (n, sides, *`PATCH_SHAPE`).
    pose_deg : NDArray[np.float32]
        Yaw, pitch, roll, shape (n, 3).
    interocular_px, iris_px : NDArray[np.float32]
        Shape (n,).
    reasons : tuple of tuple of QualityReason
        Why a frame is not usable.
    unseen : NDArray[np.bool_]
        Which regions reach out of the picture, shape (n, regions).
    cuts_s : tuple of float
        Times of the first frame after a cut.
    joins_s : tuple of float
        Those of them at which another recording begins.
    same : NDArray[np.bool_] or None
        Frames that show the same picture as the one before (`sameness`), shape (n,);
        None where nobody looked.
    unchanged_share : float
        How much of the face does not change from one picture to the next, as a rule
        (`sameness.UnchangedShare`); NaN where nobody looked.
    quantiser : float
        Median of `Frame.quantiser`, in whole steps; NaN where none is known.
    lips_hidden : NDArray[np.bool_] or None
        Whether a mask hid the lips when last looked (`face.occlusion`), shape (n,).
    eyes_hidden : NDArray[np.bool_] or None
        Whether dark glasses hid both eyes when last looked, shape (n,).
    face_at : NDArray[np.float32] or None
        Where the face is, in shares of the picture's width and height, shape (n, 2);
        NaN without a face, None where that was not kept.
    """

    time_s: NDArray[np.float64]
    points_px: NDArray[np.float32]
    skin_step_io: NDArray[np.float32]
    eye_codes: NDArray[np.float16]
    networks: Path
    pose_deg: NDArray[np.float32]
    interocular_px: NDArray[np.float32]
    iris_px: NDArray[np.float32]
    reasons: tuple[tuple[QualityReason, ...], ...]
    unseen: NDArray[np.bool_]
    cuts_s: tuple[float, ...] = ()
    joins_s: tuple[float, ...] = ()
    eye_pictures: NDArray[np.uint8] | None = None
    same: NDArray[np.bool_] | None = None
    lips_hidden: NDArray[np.bool_] | None = None
    unchanged_share: float = math.nan
    quantiser: float = math.nan
    eyes_hidden: NDArray[np.bool_] | None = None
    face_at: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.time_s)

    def points(
        self,
        mesh_points: tuple[int, ...],
        frames: NDArray[np.intp] | None = None,
    ) -> NDArray[np.float32]:
        """Return some of the kept points, shape (frames, len(mesh_points), 3)."""
        places = [KEPT_POINTS.index(p) for p in mesh_points]
        if frames is None:
            return self.points_px[:, places]
        return self.points_px[frames[:, None], places]


def coded_by(raw: RawMotion, networks: Path) -> RawMotion:
    """Return the same recording with its eyes coded by other networks.

    Parameters
    ----------
    raw : RawMotion
        Recorded with its eye pictures.
    networks : Path
        Folder of the networks.

    Raises
    ------
    BadParameter
        If the pictures were not kept.
    """
    if raw.eye_pictures is None:
        expected = say("a recording made with keep_eyes=True")
        raise BadParameter("raw", expected, say("one without pictures of the eyes"))
    coder = EyeCoder(networks)
    seen = np.isfinite(raw.points_px[:, 0, 0])
    codes = [
        coder.code(eyes if known else None)
        for eyes, known in zip(raw.eye_pictures, seen, strict=True)
    ]
    shape = (len(raw), len(SIDES), CODE_LENGTH)
    new = np.array(codes, np.float16).reshape(shape)
    return replace(raw, eye_codes=new, networks=networks)


class MotionRecorder:
    """Takes observations one by one; `raw` gives everything so far.

    Parameters
    ----------
    networks : Path, optional
        Folder of the networks; the shipped ones by default.
    keep_eyes : bool
        Keep the pictures of the eyes, too, for `coded_by` and for training.
    block : int
        So many pictures are held and looked at together, which is faster and gives the
        same; 1 where nothing may wait.
    """

    def __init__(
        self,
        networks: Path | None = None,
        *,
        keep_eyes: bool = False,
        block: int = BLOCK,
    ) -> None:
        """Start empty."""
        self._block = block
        self._held: list[_Held] = []
        self._last: Looked | None = None
        self._pictures = (
            Rows((len(SIDES), *PATCH_SHAPE), np.uint8) if keep_eyes else None
        )
        self._networks = networks or shipped_folder()
        self._eyes = EyeCoder(self._networks)
        self._skin = SkinFlow()
        self._sameness = SamePicture()
        self._unchanged = UnchangedShare()
        self._looked_s = -math.inf
        self._time_s = Rows((), np.float64)
        self._points = Rows((len(KEPT_POINTS), 3), np.float32)
        self._skin_steps = Rows((len(SIDES), len(SKIN_PLACES), 2), np.float32)
        self._codes = Rows((len(SIDES), CODE_LENGTH), np.float16)
        self._numbers = Rows((5,), np.float32)
        self._unseen = Rows((len(REGIONS),), np.bool_)
        self._same = Rows((), np.bool_)
        self._changes = Rows((), np.float32)
        self._hidden = Rows((), np.bool_)
        self._dark_glasses = Rows((), np.bool_)
        self._face_at = Rows((2,), np.float32)
        self._quantisers = Rows((), np.float64)
        self._reasons: list[tuple[QualityReason, ...]] = []
        self._cuts_s: list[float] = []
        self._joins_s: list[float] = []

    def __len__(self) -> int:
        """Return the number of frames taken so far."""
        return len(self._time_s)

    def cut(self, time_s: float, *, joined: bool = False) -> None:
        """Note that the frame at `time_s` shows another scene than the one before.

        `joined` says that another recording begins with it, so that nothing goes on.

        To be called before that frame is pushed.
        """
        self._look_at_held()
        self._cuts_s.append(time_s)
        if joined:
            self._joins_s.append(time_s)
        self._skin.forget()

    def push(
        self, frame: Frame, observation: FaceObservation, *, passed: bool = False
    ) -> None:
        """Take one frame and what was seen in it.

        `passed` says that nobody looked, because nothing moved between the frames
        before and after it (`face.passing`): its motion is what lies between theirs.
        """
        mesh = observation.landmarks_px
        self._time_s.append(observation.time_s)
        self._points.append(math.nan if mesh is None else mesh[list(KEPT_POINTS)])
        same = self._sameness.step(frame.image, mesh)
        self._same.append(same)
        self._changes.append(self._sameness.change)
        self._unchanged.step(frame.time_s, frame.image, mesh, same=same)
        self._look_what_is_worn(frame, mesh)
        self._quantisers.append(frame.quantiser)
        self._face_at.append(
            (math.nan, math.nan)
            if mesh is None
            else place_in_picture(mesh, frame.image.shape)
        )
        self._numbers.append(
            (*observation.pose_deg, observation.interocular_px, observation.iris_px)
        )
        self._reasons.append(observation.quality.reasons)
        self._unseen.append([r in observation.quality.unseen for r in REGIONS])
        kept = None if mesh is None else mesh.copy()
        held = _Held(
            time_s=observation.time_s, image=frame.image, mesh=kept, passed=passed
        )
        self._held.append(held)
        if not passed and sum(not one.passed for one in self._held) >= self._block:
            self._look_at_held()

    def _look_at_held(self) -> None:
        """Measure the motion in the pictures that are held, and release them."""
        held, self._held = self._held, []
        if not held:
            return
        looked = [one for one in held if not one.passed] or held
        eyes = [None if o.mesh is None else cut_eyes(o.image, o.mesh) for o in looked]
        steps = self._skin.steps([(one.image, one.mesh) for one in looked])
        measured = [
            Looked(time_s=one.time_s, step=step, look=code)
            for one, step, code in zip(
                looked, steps, self._eyes.codes(eyes), strict=True
            )
        ]
        times_s = [one.time_s for one in held]
        all_steps, codes = fill_in(times_s, measured, self._last)
        self._skin_steps.extend(all_steps)
        self._codes.extend(codes)
        self._last = measured[-1]
        self._keep_pictures(held)

    def _keep_pictures(self, held: list[_Held]) -> None:
        """Keep the eyes of pictures, where that was asked for; black without a face."""
        if self._pictures is None:
            return
        nothing = np.zeros((len(SIDES), *PATCH_SHAPE), np.uint8)
        eyes = [nothing if o.mesh is None else cut_eyes(o.image, o.mesh) for o in held]
        self._pictures.extend(np.stack(eyes))

    def raw(self, first: int = 0) -> RawMotion:
        """Return everything taken so far, from frame `first` on, as arrays."""
        self._look_at_held()
        times_s = self._time_s.copy(first)
        since_s = float(times_s.min(initial=math.inf)) if first else -math.inf
        return self._as_raw(
            lambda rows: rows.copy(first),
            self._repeats()[first:],
            self._reasons[first:],
            since_s,
        )

    def finish(self) -> RawMotion:
        """Hand over everything taken, without a copy; nothing is left here."""
        self._look_at_held()
        repeats = self._repeats()
        reasons, self._reasons = self._reasons, []
        return self._as_raw(Rows.take, repeats, reasons, -math.inf)

    def _as_raw(
        self,
        get: Callable[[Rows], NDArray[Any]],
        repeats: NDArray[np.bool_],
        reasons: list[tuple[QualityReason, ...]],
        since_s: float,
    ) -> RawMotion:
        """Make a recording of what `get` returns of the rows, and of cuts `since_s`."""
        quantiser = self._quantiser()
        numbers = get(self._numbers)
        return RawMotion(
            time_s=get(self._time_s),
            points_px=get(self._points),
            skin_step_io=get(self._skin_steps),
            eye_codes=get(self._codes),
            networks=self._networks,
            pose_deg=numbers[:, :3],
            interocular_px=numbers[:, 3],
            iris_px=numbers[:, 4],
            reasons=tuple(reasons),
            unseen=get(self._unseen),
            cuts_s=tuple(c for c in self._cuts_s if c >= since_s),
            joins_s=tuple(c for c in self._joins_s if c >= since_s),
            eye_pictures=None if self._pictures is None else get(self._pictures),
            same=repeats,
            lips_hidden=get(self._hidden),
            eyes_hidden=get(self._dark_glasses),
            unchanged_share=self._unchanged.median,
            quantiser=quantiser,
            face_at=get(self._face_at),
        )

    def _repeats(self) -> NDArray[np.bool_]:
        """Mark pictures that show nothing new."""
        return np.logical_or(self._same.copy(), repeated(self._changes.copy()))

    def _quantiser(self) -> float:
        """Return the usual one, in whole steps: parts of one depend on the decoder's threads."""
        known = self._quantisers.copy()
        known = known[~np.isnan(known)]
        return float(np.round(np.median(known))) if len(known) else math.nan

    def _look_what_is_worn(
        self, frame: Frame, mesh: NDArray[np.float32] | None
    ) -> None:
        """Look now and then for a mask and dark glasses; what was seen last holds."""
        worn = False, False
        if mesh is not None:
            if len(self._hidden) and frame.time_s - self._looked_s < LOOK_EVERY_S:
                worn = self._hidden.last, self._dark_glasses.last
            else:
                self._looked_s = frame.time_s
                worn = lips_hidden(frame.image, mesh), eyes_hidden(frame.image, mesh)
        self._hidden.append(worn[0])
        self._dark_glasses.append(worn[1])
