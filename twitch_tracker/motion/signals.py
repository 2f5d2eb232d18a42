"""Compute the signals of a recording from what was kept of each frame.

Formulas, all in the head's own frame (`headframe`), against the person's own
face at rest (`reference`):

============  ==============================================================
eyelid        open aperture - aperture (positive when the eye closes)
mouth_corner  displacement of the oral commissure along `PULL_DIRECTION`
cheek         lift of the malar cheek: optical flow, held by the mesh
brow          lift of the brow above its own canthi
============  ==============================================================

Beside these positions stands what the skin alone did in the last second
(``skin_io``): mouth corner, cheek and brow by optical flow, without the mesh.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.motion.baseline import WINDOW_S
from twitch_tracker.motion.eyepatch import looks_closed, patch_closure
from twitch_tracker.motion.geometry import FaceGeometry, measure_geometry
from twitch_tracker.motion.headframe import fit_template, template_frames
from twitch_tracker.motion.known_face import (
    known_face_parameters,
    seen_eyes,
    usual_pose,
    with_known_face,
)
from twitch_tracker.motion.onesided import SMOOTH_SD_S, one_sided_evidence
from twitch_tracker.motion.recorder import RawMotion
from twitch_tracker.motion.reference import (
    OpenEyes,
    open_eyes,
    reference_parameters,
    rest_level,
    rest_weight,
)
from twitch_tracker.motion.sameness import (
    COARSE_QUANTISER,
    COMPRESSED_SHARE,
    SAME_LEVELS,
    SAME_MEAN,
    SAME_SHARE,
    VERY_COARSE_QUANTISER,
)
from twitch_tracker.motion.skinflow import FINEST_SCALE, SKIN_PLACES
from twitch_tracker.motion.smoothing import derivative, smooth
from twitch_tracker.motion.timing import (
    GAP_FACTOR,
    GAP_FLOOR_S,
    LEAST_PICTURES_HZ,
    frame_durations,
    fresh_step_s,
)
from twitch_tracker.motion.usable import (
    SETTLE_S,
    TURN_DEG,
    TURN_WITHIN_S,
    same_of,
    unseen_regions,
    usable_reasons,
)
from twitch_tracker.records import (
    FaceSeen,
    KnownEye,
    MotionSignals,
    OpenEye,
    QualityReason,
    RegionScores,
)
from twitch_tracker.regions import REGIONS, RIGID_POINTS, SIDES, Region, Side

__all__ = [
    "NOISE_FLOOR",
    "LocatedFace",
    "locate_face",
    "measure_motion",
    "motion_parameters",
]

Floats = NDArray[np.float64]

IRIS_MM: Final = 11.7
"""Horizontal iris diameter, 11.7 +- 0.5 mm in the population (Google Research,
MediaPipe Iris, 2020)."""

FRONTAL_DEG: Final = 15.0
"""The millimetre scale is read within this yaw of the camera's axis."""

PULL_DIRECTION: Final = (0.8, 0.6)
"""Outward and up, as zygomaticus major and risorius together pull the oral
commissure; a unit vector."""

DOWN_DIRECTION: Final = (0.8, -0.6)
"""Outward and down, as platysma and depressor anguli oris draw the oral commissure."""

CHEEK_HOLD_S: Final = 1.0
"""Faster cheek movement is read from optical flow, slower from the mesh."""

SKIN_HOLD_S: Final = 1.0
"""Movement of the skin by flow alone is forgotten with this time constant: steps
add up to drift, and a burst moves the skin within a fraction of it."""

ACTIVITY_SD_S: Final = 0.15
"""Time over which activity is averaged."""

NOISE_FLOOR: Final = {
    Region.EYELID: 0.067,
    Region.MOUTH_CORNER: 0.006,
    Region.CHEEK: 0.004,
    Region.BROW: 0.006,
}
"""Smallest noise believed: of the eyelid as a fraction of the open aperture, of
the others in interocular fractions (about 0.5 mm). The level of landmark noise
on the quietest development recordings; below it a very still face would make
events of nothing."""


@dataclass(frozen=True, kw_only=True)
class LocatedFace:
    """A recording whose mesh has been read: where each region is instead of its points.

    Attributes
    ----------
    raw : RawMotion
        What was recorded, without points and eye pictures: most of all that is kept.
        Its unseen regions include those behind a mask.
    reasons : tuple of tuple of QualityReason
        Why a frame is not usable.
    usable : NDArray[np.bool_]
        Frames that may be measured, shape (n,).
    geometry : FaceGeometry
        Where each region is in the head's frame.
    """

    raw: RawMotion
    reasons: tuple[tuple[QualityReason, ...], ...]
    usable: NDArray[np.bool_]
    geometry: FaceGeometry


def locate_face(raw: RawMotion) -> LocatedFace:
    """Read the mesh of a recording, so that its points can be released.

    Parameters
    ----------
    raw : RawMotion
        From `MotionRecorder.finish`.
    """
    raw = replace(raw, unseen=unseen_regions(raw))
    reasons = usable_reasons(raw)
    usable = np.array([not r for r in reasons], bool)
    nothing = np.empty((0, *raw.points_px.shape[1:]), np.float32)
    return LocatedFace(
        raw=replace(raw, points_px=nothing, eye_pictures=None),
        reasons=reasons,
        usable=usable,
        geometry=_geometry(raw, usable),
    )


def measure_motion(
    recorded: RawMotion | LocatedFace, faces: Sequence[FaceSeen] | None = None
) -> MotionSignals:
    """Turn a recording's raw points into signals.

    Parameters
    ----------
    recorded : RawMotion or LocatedFace
        From `MotionRecorder.raw`, or, of a long recording, from `locate_face`.
    faces : sequence of FaceSeen, optional
        What earlier recordings of the person show of the open eyes
        (`known_face.comparable`); without, none are asked.

    Returns
    -------
    MotionSignals
        Everything is NaN where a frame is not usable.
    """
    face = recorded if isinstance(recorded, LocatedFace) else locate_face(recorded)
    raw, usable, geometry = face.raw, face.usable, face.geometry
    eyes = _eyes(geometry, raw, usable, faces)
    places = _places(geometry, raw.unseen)
    positions = _positions(places, eyes, raw, usable)
    mm_per_io = _millimetres(raw, usable)
    return MotionSignals(
        time_s=raw.time_s,
        usable=usable,
        frame_s=frame_durations(raw.time_s),
        reasons=face.reasons,
        pose_deg=raw.pose_deg,
        interocular_px=raw.interocular_px,
        aperture=eyes.aperture,
        aperture_mm=(geometry.aperture_io * mm_per_io).astype(np.float32),
        patch_closure=eyes.patch_closure,
        look=eyes.look,
        rest_weight=eyes.rest_weight.astype(np.float32),
        own_open=eyes.opened.own,
        beside_mouth_io=_beside_mouth(geometry, eyes, raw),
        mouth_open_io=_seen_mouth(geometry.mouth_open_io, raw).astype(np.float32),
        commissure_down_io=_commissure_down(geometry, raw),
        mm_per_interocular=mm_per_io,
        scores=_scores(places, positions, eyes, raw, usable, mm_per_io),
        open_eyes=eyes.seen,
        known_eyes=eyes.known,
        fresh_step_s=fresh_step_s(raw.time_s, same_of(raw)),
        unchanged_share=raw.unchanged_share,
        quantiser=raw.quantiser,
        face_at=raw.face_at,
        joins_s=raw.joins_s,
    )


def motion_parameters() -> dict[str, object]:
    """Return every constant the signals depend on, for the log and its hash."""
    return {
        "smooth_sd_s": SMOOTH_SD_S,
        "activity_sd_s": ACTIVITY_SD_S,
        "cheek_hold_s": CHEEK_HOLD_S,
        "skin_hold_s": SKIN_HOLD_S,
        "skin_flow_finest_scale": FINEST_SCALE,
        **reference_parameters(),
        **known_face_parameters(),
        "pull_direction": list(PULL_DIRECTION),
        "down_direction": list(DOWN_DIRECTION),
        "noise_floor": {region.value: NOISE_FLOOR[region] for region in REGIONS},
        "baseline_window_s": WINDOW_S,
        "iris_mm": IRIS_MM,
        "turn_deg": TURN_DEG,
        "turn_within_s": TURN_WITHIN_S,
        "settle_s": SETTLE_S,
        "unseen": {
            "gap_floor_s": GAP_FLOOR_S,
            "gap_factor": GAP_FACTOR,
            "least_pictures_hz": LEAST_PICTURES_HZ,
            "same_levels": SAME_LEVELS,
            "same_share": SAME_SHARE,
            "same_mean": SAME_MEAN,
            "compressed_share": COMPRESSED_SHARE,
            "coarse_quantiser": COARSE_QUANTISER,
            "very_coarse_quantiser": VERY_COARSE_QUANTISER,
        },
    }


def _geometry(raw: RawMotion, usable: NDArray[np.bool_]) -> FaceGeometry:
    """Measure the usable frames; a template needs at least one of them."""
    frames = np.flatnonzero(usable)
    shown = frames[template_frames(len(frames))]
    template = (
        fit_template(raw.points(RIGID_POINTS, shown))
        if len(frames)
        else np.zeros((len(RIGID_POINTS), 3))
    )
    return measure_geometry(raw, template, usable)


@dataclass(frozen=True, kw_only=True)
class _Eyes:
    """What was read of both eyes; see `MotionSignals` for the meaning."""

    opened: OpenEyes
    seen: tuple[OpenEye, OpenEye]
    known: tuple[KnownEye, KnownEye] | None
    aperture: NDArray[np.float32]
    patch_closure: NDArray[np.float32]
    look: NDArray[np.float32]
    rest_weight: Floats


def _eyes(
    geometry: FaceGeometry,
    raw: RawMotion,
    usable: NDArray[np.bool_],
    faces: Sequence[FaceSeen] | None,
) -> _Eyes:
    """Read the eyes, by the mesh and by their look."""
    frame_s = frame_durations(raw.time_s)
    look = looks_closed(raw.eye_codes, usable, raw.networks)
    opened = open_eyes(
        geometry.aperture_io, look.astype(np.float64), raw.time_s, frame_s
    )
    seen = seen_eyes(geometry.aperture_io, look.astype(np.float64), opened, frame_s)
    known = None
    if faces is not None:
        pose_deg = usual_pose(raw.pose_deg, usable)
        opened, known = with_known_face(opened, seen, pose_deg, faces)
    aperture = (geometry.aperture_io / opened.level_io).astype(np.float32)
    patch = patch_closure(
        raw.eye_codes, geometry.aperture_io, opened, usable, raw.networks
    )
    closure = _mean_known(1.0 - aperture.astype(np.float64), patch.astype(np.float64))
    return _Eyes(
        opened=opened,
        seen=seen,
        known=known,
        aperture=aperture,
        patch_closure=patch,
        look=look,
        rest_weight=rest_weight(closure, raw.time_s),
    )


def _mean_known(first: Floats, second: Floats) -> Floats:
    """Return the mean of two readings; the one there is where the other is missing."""
    mean = (first + second) / 2
    return np.where(
        np.isfinite(mean), mean, np.where(np.isfinite(first), first, second)
    )


def _places(geometry: FaceGeometry, unseen: NDArray[np.bool_]) -> Floats:
    """Return where every region is along contraction, shape (n, regions, sides).

    NaN where a region reaches out of the picture.
    """
    by_region = {
        Region.EYELID: -geometry.aperture_io,
        Region.MOUTH_CORNER: geometry.commissure_io @ np.array(PULL_DIRECTION),
        Region.CHEEK: geometry.cheek_io[:, :, 1],
        Region.BROW: geometry.brow_io,
    }
    places = np.stack([by_region[region] for region in REGIONS], axis=1)
    return np.where(unseen[:, :, None], np.nan, places)


def _seen_mouth(values: Floats, raw: RawMotion) -> Floats:
    """Blank out frames in which the mouth reaches out of the picture."""
    hidden = raw.unseen[:, REGIONS.index(Region.MOUTH_CORNER)]
    return np.where(hidden.reshape(-1, *[1] * (values.ndim - 1)), np.nan, values)


def _positions(
    places: Floats, eyes: _Eyes, raw: RawMotion, usable: NDArray[np.bool_]
) -> Floats:
    """Return the displacement from the face at rest, shape (n, regions, sides)."""
    moved = np.empty_like(places)
    for index, region in enumerate(REGIONS):
        if region is Region.EYELID:
            moved[:, index] = places[:, index] + eyes.opened.level_io
        else:
            level = rest_level(places[:, index], eyes.rest_weight, raw.time_s)
            moved[:, index] = places[:, index] - level
    cheek = REGIONS.index(Region.CHEEK)
    moved[:, cheek] = _cheek_lift(moved[:, cheek], raw, usable)
    return moved


def _beside_mouth(
    geometry: FaceGeometry, eyes: _Eyes, raw: RawMotion
) -> NDArray[np.float32]:
    """Return displacement of upper lip and wing of the nose, shape (n, 2, sides)."""
    lip = geometry.upper_lip_io @ np.array(PULL_DIRECTION)
    places = (_seen_mouth(lip, raw), _seen_mouth(geometry.ala_io, raw))
    moved = [p - rest_level(p, eyes.rest_weight, raw.time_s) for p in places]
    return np.asarray(np.stack(moved, axis=1), np.float32)


def _commissure_down(geometry: FaceGeometry, raw: RawMotion) -> NDArray[np.float32]:
    """Return where each mouth corner is, outward and down, shape (n, sides)."""
    down = geometry.commissure_io @ np.array(DOWN_DIRECTION)
    return np.asarray(_seen_mouth(down, raw), np.float32)


def _cheek_lift(mesh: Floats, raw: RawMotion, usable: NDArray[np.bool_]) -> Floats:
    """Return the complementary filter: fast movement from flow, slow from the mesh.

    Each step adds the flow and forgets towards the mesh with time constant
    `CHEEK_HOLD_S` (a first-order complementary filter, Higgins 1975).
    """
    steps = np.diff(raw.time_s, prepend=raw.time_s[:1])
    keep = np.exp(-steps / CHEEK_HOLD_S)
    cheek = SKIN_PLACES.index(Region.CHEEK)
    flow = np.nan_to_num(raw.skin_step_io[:, :, cheek, 1].astype(np.float64))
    lift = np.full_like(mesh, np.nan)
    now = np.full(len(SIDES), np.nan)
    for i in np.flatnonzero(usable):
        known = np.isfinite(now)
        now = np.where(
            known, keep[i] * (now + flow[i]) + (1 - keep[i]) * mesh[i], mesh[i]
        )
        lift[i] = now
        if i + 1 < len(usable) and not usable[i + 1]:
            now = np.full(len(SIDES), np.nan)
    return lift


def _skin(raw: RawMotion, usable: NDArray[np.bool_]) -> Floats:
    """Return the movement by flow alone along contraction, shape (n, regions, sides).

    A leaky sum of the steps (`SKIN_HOLD_S`); NaN for the eyelid, and where a frame
    is not usable. After such a frame the sum starts again.
    """
    steps = np.nan_to_num(raw.skin_step_io.astype(np.float64))
    outward = np.array([1.0 if side is Side.LEFT else -1.0 for side in SIDES])
    moved = np.full((len(raw), len(REGIONS), len(SIDES)), np.nan)
    for place, region in enumerate(SKIN_PLACES):
        out, up = steps[:, :, place, 0] * outward, steps[:, :, place, 1]
        if region is Region.MOUTH_CORNER:
            up = PULL_DIRECTION[0] * out + PULL_DIRECTION[1] * up
        moved[:, REGIONS.index(region)] = _leaky_sum(up, raw.time_s, usable)
    return np.where(raw.unseen[:, :, None], np.nan, moved)


def _leaky_sum(steps: Floats, time_s: Floats, usable: NDArray[np.bool_]) -> Floats:
    """Return the sum of steps that forgets, shape (n, sides); NaN where not usable."""
    keep = np.exp(-np.diff(time_s, prepend=time_s[:1]) / SKIN_HOLD_S)
    total = np.full_like(steps, np.nan)
    now = np.zeros(steps.shape[1])
    for i, known in enumerate(usable):
        now = keep[i] * (now + steps[i]) if known else np.zeros(steps.shape[1])
        if known:
            total[i] = now
    return total


def _millimetres(raw: RawMotion, usable: NDArray[np.bool_]) -> float:
    """Return millimetres in one interocular distance; NaN when no iris was seen."""
    frontal = usable & (np.abs(raw.pose_deg[:, 0]) < FRONTAL_DEG)
    ratio = raw.interocular_px[frontal] / raw.iris_px[frontal]
    ratio = ratio[np.isfinite(ratio)]
    return float(IRIS_MM * np.median(ratio)) if len(ratio) else float("nan")


def _scores(
    places: Floats,
    positions: Floats,
    eyes: _Eyes,
    raw: RawMotion,
    usable: NDArray[np.bool_],
    mm_per_io: float,
) -> dict[str, RegionScores]:
    """Name the signals and describe how each was made."""
    time_s = raw.time_s
    speed = np.abs(derivative(smooth(positions, time_s, SMOOTH_SD_S), time_s))
    activity = smooth(speed, time_s, ACTIVITY_SD_S) * mm_per_io
    evidence = _evidence(positions, raw, eyes)
    base = ("head motion removed", "own level at rest removed")
    filter_ = f"Gaussian smoothing, sd {SMOOTH_SD_S} s"
    return {
        s.name: s
        for s in (
            _named("position_io", "interocular", time_s, positions, base),
            _named("place_io", "interocular", time_s, places, base[:1]),
            _named("skin_io", "interocular", time_s, _skin(raw, usable), base[:1]),
            _named("position_mm", "mm", time_s, positions * mm_per_io, base),
            _named("activity_mm_s", "mm/s", time_s, activity, (*base, filter_)),
            _named("one_sided", "sd", time_s, evidence, (*base, filter_)),
        )
    }


def _evidence(positions: Floats, raw: RawMotion, eyes: _Eyes) -> Floats:
    """Return the one-sided evidence of every region, shape (n, regions, sides).

    Lids are judged as a share of each eye's own open aperture: eyes differ in
    size, and a full closure is a full closure.
    """
    pose_deg = raw.pose_deg.astype(np.float64)
    columns = []
    for place, region in enumerate(REGIONS):
        moved = positions[:, place]
        if region is Region.EYELID:
            moved = moved / eyes.opened.level_io
        columns.append(
            one_sided_evidence(
                moved, pose_deg, raw.time_s, NOISE_FLOOR[region], eyes.rest_weight
            )
        )
    return np.stack(columns, axis=1)


def _named(
    name: str, unit: str, time_s: Floats, values: Floats, history: tuple[str, ...]
) -> RegionScores:
    return RegionScores(
        name=name,
        unit=unit,
        time_s=time_s,
        values=values.astype(np.float32),
        history=history,
    )
