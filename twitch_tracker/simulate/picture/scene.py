"""What comes between face and camera: a hand, or nobody in the picture.

Works on any picture whose face mesh is known (the hand) or on any picture at
all (the absence). The hand is a soft-edged shape with fingers in the person's
own skin colour, shaded towards its edges, with a shadow on the face. It is
meant to hide and to move like a hand, not to pass for one in a still.

>>> Scene().quiet
True
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.regions import CHEEK, SIDES, Side
from twitch_tracker.simulate.picture.resampling import (
    Field,
    Image,
    blur,
    sample,
    smoothstep,
)

__all__ = ["Hand", "Scene", "apply_scene"]

MeshPoints = NDArray[np.floating[Any]]

_FINGERS: Final = (-0.165, -0.055, 0.055, 0.165)  # across the hand, in face widths
_FINGER_ENDS: Final = (0.06, 0.0, 0.02, 0.12)  # how much shorter each one is
_FINGER: Final = 0.058  # half width of a finger
_PALM: Final = (0.46, 0.235)  # from the fingertips to the palm; its half width
_SEAM: Final = 0.12  # over which the parts of the hand run into each other
_ARM: Final = 0.15  # half width of the forearm
_TILT: Final = 0.35  # radians by which the fingers point up


@dataclass(frozen=True, kw_only=True)
class Hand:
    """One hand at one moment; see `events.HandOverFace`.

    Attributes
    ----------
    side, reach, height
        As in the event.
    amount : float
        How far it has come in: 0 outside, 1 at its reach.
    """

    side: Side
    reach: float
    height: float
    amount: float


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What happens to a whole picture at one moment.

    Attributes
    ----------
    hands : tuple of Hand
        Hands over the face.
    away : float
        How far the picture is moved sideways, in its widths, positive towards
        the subject's left.
    """

    hands: tuple[Hand, ...] = ()
    away: float = 0.0

    @property
    def quiet(self) -> bool:
        """Whether nothing happens."""
        return not self.hands and self.away == 0.0


def apply_scene(image: Image, mesh: MeshPoints | None, scene: Scene) -> Image:
    """Put a scene on a picture.

    Parameters
    ----------
    image : NDArray[np.uint8]
        RGB, shape (height, width, 3).
    mesh : NDArray or None
        The face in it, shape (478, 3); without one no hand is drawn.
    scene : Scene
        What happens.

    Returns
    -------
    NDArray[np.uint8]
        A new picture, or `image` itself when nothing happens.
    """
    if mesh is not None:
        for hand in scene.hands:
            image = _with_hand(image, np.asarray(mesh, dtype=np.float64), hand)
    return _moved_aside(image, scene.away) if scene.away else image


# --- the absence ------------------------------------------------------------


def _moved_aside(image: Image, away: float) -> Image:
    """Slide a picture; what is uncovered continues its edge, blurred."""
    height, width = image.shape[:2]
    shift = away * width
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    source = x - np.float32(shift)
    shown = sample(image, source, y)
    edge = image[:, :1] if shift > 0 else image[:, -1:]
    smooth = blur(np.repeat(edge, 9, axis=1).astype(np.float32), 0.02 * height)[:, 4:5]
    outside = np.maximum(-source, source - (width - 1))
    share = smoothstep(outside / (0.02 * width))[..., None]
    mixed = shown + share * (smooth - shown)
    return np.asarray(np.clip(np.rint(mixed), 0, 255), dtype=np.uint8)


# --- the hand ---------------------------------------------------------------


def _with_hand(image: Image, mesh: NDArray[np.float64], hand: Hand) -> Image:
    """Lay one hand over a picture."""
    along, across, size = _place(image, mesh, hand)
    inside = -_distance(along, across)  # in face widths, positive on the hand
    feather = max(1.2 / size, 0.008)
    cover = smoothstep(0.5 + 0.5 * inside / feather)
    shadow = blur(cover, 0.05 * size)
    shadow = np.roll(shadow, round(0.03 * size), axis=0)
    tone = _skin_tone(image, mesh)
    round_off = 1 - 0.3 * np.exp(-np.maximum(inside, 0.0) / 0.025)
    light = round_off * (0.98 - 0.25 * np.clip(across + 0.1, -0.3, 0.3))
    skin = tone * light[..., None].astype(np.float32)
    darker = image * (1 - 0.3 * shadow[..., None])
    mixed = darker + cover[..., None] * (skin - darker)
    near = shadow > 0.004
    out = np.where(near[..., None], mixed, image)
    return np.asarray(np.clip(np.rint(out), 0, 255), dtype=np.uint8)


def _place(
    image: Image, mesh: NDArray[np.float64], hand: Hand
) -> tuple[Field, Field, float]:
    """Return coordinates of every pixel in the hand's frame, in face widths.

    The first runs from the fingertips back along the fingers, the second
    across them, downwards.
    """
    left, right = mesh[454, :2], mesh[234, :2]  # in front of the subject's ears
    outward = (left - right) if hand.side is Side.LEFT else (right - left)
    size = max(float(np.hypot(*outward)), 8.0)
    outward = outward / size
    down = mesh[152, :2] - mesh[10, :2]
    down = down / max(float(np.hypot(*down)), 1e-6)
    brow, chin = mesh[9, :2], mesh[152, :2]
    edge = left if hand.side is Side.LEFT else right
    goal = edge - hand.reach * size * outward
    goal = goal + down * ((brow + hand.height * (chin - brow) - goal) @ down)
    tip = goal + (1 - hand.amount) * (hand.reach + 0.9) * size * outward
    back = np.cos(_TILT) * outward + np.sin(_TILT) * down
    y, x = np.mgrid[0 : image.shape[0], 0 : image.shape[1]].astype(np.float32)
    dx, dy = x - tip[0], y - tip[1]
    first = (dx * back[0] + dy * back[1]) / size
    side = down - (down @ back) * back
    side = side / max(float(np.hypot(*side)), 1e-6)
    second = (dx * side[0] + dy * side[1]) / size
    return first.astype(np.float32), second.astype(np.float32), size


def _distance(along: Field, across: Field) -> Field:
    """Return the distance from the hand's outline in face widths, negative inside."""
    palm_at, palm_half = _PALM
    fingers = [
        _capsule(along, across, end + _FINGER, palm_at, place, _FINGER)
        for place, end in zip(_FINGERS, _FINGER_ENDS, strict=True)
    ]
    behind = np.abs(along - palm_at - 0.14) - 0.06
    beside = np.abs(across) - palm_half + 0.12
    palm = np.hypot(np.maximum(behind, 0.0), np.maximum(beside, 0.0)) - 0.12
    arm = _capsule(along, across, palm_at + 0.2, 9.0, 0.02, _ARM)
    thumb_at = along - 0.9 * (across - palm_half)
    thumb = _capsule(thumb_at, across, palm_at - 0.08, palm_at + 0.1, 0.27, 0.07)
    shape = np.minimum.reduce(fingers)
    for part in (palm, arm, thumb):
        shape = _joined(shape, part)
    return np.asarray(shape, dtype=np.float32)


def _joined(one: Field, other: Field) -> Field:
    """Return the union with a rounded seam (polynomial smooth minimum)."""
    blend = np.maximum(_SEAM - np.abs(one - other), 0.0) / _SEAM
    return np.asarray(np.minimum(one, other) - 0.25 * _SEAM * blend**2, np.float32)


def _capsule(
    along: Field, across: Field, start: float, end: float, place: float, half: float
) -> Field:
    """Return the distance from a thick line along the hand."""
    beyond = along - np.clip(along, start, end)
    return np.asarray(np.hypot(beyond, across - place) - half, dtype=np.float32)


def _skin_tone(image: Image, mesh: NDArray[np.float64]) -> Field:
    """Return the median colour of both cheeks, shape (3,)."""
    points = np.rint(mesh[[p for side in SIDES for p in CHEEK[side]], :2]).astype(int)
    rows = np.clip(points[:, 1], 0, image.shape[0] - 1)
    columns = np.clip(points[:, 0], 0, image.shape[1] - 1)
    return np.asarray(np.median(image[rows, columns], axis=0), dtype=np.float32)
