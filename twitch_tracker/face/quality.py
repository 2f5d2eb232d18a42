"""Whether a face can be measured in one frame, and why not.

Causal: a frame is judged by itself and by what was seen before it, so the same rules
hold in a file and live. Note: reasons are about the *measurement*. A face that was
enlarged from a small picture is soft but measurable; a sharp face turned away is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.face.likeness import View
from twitch_tracker.face.pose import HeadPose
from twitch_tracker.face.trackers.region_of_interest import inside_picture
from twitch_tracker.records import Quality, QualityReason
from twitch_tracker.regions import (
    BROW,
    CHEEK,
    EYE_CORNERS,
    LOWER_LID,
    ORAL_COMMISSURE,
    SIDES,
    UPPER_LID,
    UPPER_LIP,
    Region,
    Side,
)

__all__ = [
    "QualityLimits",
    "is_turned_away",
    "judge",
    "measure_sharpnesses",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class QualityLimits:
    """Bounds of a measurable face.

    "Gain" below is the slope of the lid aperture measured on the degraded
    video against the untouched one, over 75-120 frames with blinks of four
    development videos.

    Attributes
    ----------
    min_interocular_px : float
        Smaller is TOO_SMALL. Videos made smaller: at 36 px gain 0.92-1.03, at
        30 px 0.89-1.03 and noise as before, at 24 px gain down to 0.80 and
        noise up to 1.5 times, at 18 px 0.62.
    max_yaw_deg, max_pitch_deg : float
        More is TURNED_AWAY. Beyond about 35 degrees of yaw the far eye and
        mouth corner disappear behind the nose and cheek (seen in the turning
        development videos: the mesh there is a guess).
    min_sharpness : float
        Less is BLURRED; see `measure_sharpnesses`. Videos blurred progressively:
        above 0.10 gain is 0.76-1.2, at 0.085 about 0.3-1.0, below 0.08 mostly
        under 0.5. Untouched videos: 0.13 and more in 98 % of frames; enlarged
        ones (18 px faces shown at any size): 0.09-0.13.
    min_brightness, min_contrast : float
        Mean luma of the face (0-255), and the standard deviation of its luma
        over the mesh points, below which it is TOO_DARK. Videos made darker
        with fresh noise of 2 levels: gain 0.8-0.9 at contrast 5-7, 0.73 at 4.1,
        0.55 at 2.9 (brightness 13), 0.67 at brightness 6.
    max_saturated : float
        Share of mesh points with luma of 250 and more, above which it is
        TOO_BRIGHT. Videos made brighter: gain 0.9 at 0.43, 0.77-0.87 at
        0.6-0.7, 0.5 at 0.9.
    max_foreignness : float
        More is COVERED; see `occlusion.measure_foreignnesses`. A skin-coloured
        textured patch drawn over part of the face: 70 % above; untouched
        resting and talking faces: none of 1,100; strong expressions: 0.3 %,
        real hands before the face among them.
    """

    min_interocular_px: float = 30.0
    max_yaw_deg: float = 35.0
    max_pitch_deg: float = 30.0
    min_sharpness: float = 0.085
    min_brightness: float = 10.0
    min_contrast: float = 3.5
    max_saturated: float = 0.5
    max_foreignness: float = 0.25


def _both_sides(*tables: Mapping[Side, tuple[int, ...]]) -> NDArray[np.intp]:
    return np.array([p for table in tables for side in SIDES for p in table[side]])


_EYES: Final = _both_sides(EYE_CORNERS, UPPER_LID, LOWER_LID)
"""Points without which nothing is measured."""

_BESIDE_EYES: Final = {
    Region.MOUTH_CORNER: _both_sides(ORAL_COMMISSURE, UPPER_LIP),
    Region.CHEEK: _both_sides(CHEEK),
    Region.BROW: _both_sides(BROW),
}
"""Points at which the other regions are measured."""

_CANTHI: Final = np.array([*EYE_CORNERS[Side.LEFT], *EYE_CORNERS[Side.RIGHT]])

_STRIP_SCALE_PX: Final = 80.0
"""Interocular distance at which sharpness is measured."""

_STRIP_SIZE_PX: Final = (96, 40)
_STRIP_CENTRE_PX: Final = np.array([48.0, 20.0])

SATURATED: Final = 250.0
"""Luma from which a point carries no more detail (8-bit video range, full)."""


def judge(
    landmarks_px: NDArray[np.float32],
    shape: tuple[int, ...],
    pose: HeadPose,
    view: View,
    *,
    sharpness: float,
    foreignness: float,
    limits: QualityLimits,
) -> Quality:
    """Judge one face.

    Parameters
    ----------
    landmarks_px : NDArray[np.float32]
        The face's mesh, shape (478, 3).
    pose : HeadPose
        The mesh's pose.
    view : View
        What the face looks like.
    limits : QualityLimits
        The bounds.
    shape : tuple of int
        Of the picture: height, width, and possibly more.
    sharpness : float
        From `measure_sharpnesses`.
    foreignness : float
        From `occlusion.measure_foreignnesses`; -1 where no view was known.

    Returns
    -------
    Quality
        All reasons that hold, in a fixed order, and the regions outside the picture.
    """
    bounds = limits
    dark = (
        float(view.broad.mean()) < bounds.min_brightness
        or float(view.broad.std()) < bounds.min_contrast
    )
    saturated = float((view.broad >= SATURATED).mean())
    outside = ~inside_picture(landmarks_px, shape)
    holds = {
        QualityReason.TOO_SMALL: pose.scale_px < bounds.min_interocular_px,
        QualityReason.TURNED_AWAY: is_turned_away(pose, bounds),
        QualityReason.BLURRED: sharpness < bounds.min_sharpness,
        QualityReason.TOO_DARK: dark,
        QualityReason.TOO_BRIGHT: saturated > bounds.max_saturated,
        QualityReason.COVERED: foreignness > bounds.max_foreignness,
        QualityReason.OUT_OF_FRAME: bool(outside[_EYES].any()),
    }
    reasons = tuple(reason for reason, true in holds.items() if true)
    unseen = tuple(
        region for region, points in _BESIDE_EYES.items() if outside[points].any()
    )
    return Quality(reasons=reasons, sharpness=sharpness, unseen=unseen)


def measure_sharpnesses(
    images: Sequence[NDArray[np.uint8]],
    landmarks_px: NDArray[np.float32],
    poses: Sequence[HeadPose],
) -> list[float]:
    """Measure how sharp the eye region of each face is, relative to its own contrast.

    The region is brought to one size and upright; root-mean-square gradient
    (Sobel) along and across, each over the standard deviation of the luma; the
    smaller of both, because motion blurs one direction only.

    Parameters
    ----------
    images : sequence of NDArray[np.uint8]
        RGB, shape (height, width, 3), one for each mesh.
    landmarks_px : NDArray[np.float32]
        Shape (meshes, 478, 3).
    poses : sequence of HeadPose
        The meshes' head poses.

    Returns
    -------
    list of float
        About 0.2 for an ordinary webcam; per pixel at 80 pixels interocular.
    """
    strips = np.stack(
        [_cut_strip(*face) for face in zip(images, landmarks_px, poses, strict=True)]
    )
    gradients = [
        [cv2.Sobel(strip, cv2.CV_32F, x, y, scale=0.125) for x, y in ((1, 0), (0, 1))]
        for strip in strips
    ]
    energies = np.square(np.array(gradients)).reshape(len(strips), 2, -1).mean(axis=2)
    contrast = strips.reshape(len(strips), -1).std(axis=1) + np.float32(2.0)
    sharp: list[float] = (np.sqrt(energies.min(axis=1)) / contrast).tolist()
    return sharp


def _cut_strip(
    image: NDArray[np.uint8], landmarks_px: NDArray[np.float32], pose: HeadPose
) -> NDArray[np.float32]:
    """Return the luma around both eyes, upright, at one size."""
    angle = np.radians(pose.roll_deg)
    scale = _STRIP_SCALE_PX / pose.scale_px
    turn = scale * np.array(
        [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    )
    centre = landmarks_px[_CANTHI, :2].mean(axis=0).astype(np.float64)
    reach = int(np.ceil(np.hypot(*_STRIP_SIZE_PX) / 2 / scale)) + 2
    left, top = (max(int(value) - reach, 0) for value in centre)
    piece = image[top : int(centre[1]) + reach, left : int(centre[0]) + reach]
    if min(piece.shape[:2]) < 2:
        return np.zeros(_STRIP_SIZE_PX[::-1], np.float32)
    light = cv2.cvtColor(np.ascontiguousarray(piece), cv2.COLOR_RGB2GRAY)
    if scale < 0.6:
        width = round(1 / scale)
        light = cv2.blur(light, (width, width))
    shift = _STRIP_CENTRE_PX - turn @ (centre - (left, top))
    strip = cv2.warpAffine(
        light,
        np.column_stack([turn, shift]),
        _STRIP_SIZE_PX,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(strip, np.float32)


def is_turned_away(pose: HeadPose, limits: QualityLimits) -> bool:
    """Return whether the head is turned too far to see both sides."""
    return (
        abs(pose.yaw_deg) > limits.max_yaw_deg
        or abs(pose.pitch_deg) > limits.max_pitch_deg
    )
