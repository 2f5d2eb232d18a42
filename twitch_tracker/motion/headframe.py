"""Take the head's own motion out of the mesh.

Every frame's mesh is laid onto one personal template of the points that facial
contractions hardly move (`regions.RIGID_POINTS`), by a robust similarity
transform. What remains is expressed in the head's frame: x towards the
subject's left, y up, z out of the face, one unit = the distance between the
outer canthi. The frame's mirror plane is x = 0, so that mirroring a recording
mirrors the result and changes nothing else.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.regions import EYE_CORNERS, RIGID_PAIRS, RIGID_POINTS, Side

__all__ = ["fit_template", "template_frames", "to_head_frame"]

Floats = NDArray[np.float64]

_OUTER_RIGHT: Final = RIGID_POINTS.index(EYE_CORNERS[Side.RIGHT][0])
_OUTER_LEFT: Final = RIGID_POINTS.index(EYE_CORNERS[Side.LEFT][0])
_FLIP: Final = np.array([-1.0, 1.0, 1.0])
_PICTURE_TO_HEAD: Final = np.array([1.0, -1.0, -1.0])
"""Pictures have y down and z into the scene; heads have y up and z outwards."""

_TEMPLATE_FRAMES: Final = 400
"""Frames the template is built from; more change it by less than its noise."""

_ROBUST_PASSES: Final = 4
"""Reweighting passes; the weights have settled after three on every clip seen."""


def template_frames(count: int) -> slice:
    """Return which of so many frames a template is built from.

    Of the frames chosen by it, it chooses all.
    """
    return slice(None, None, max(1, count // _TEMPLATE_FRAMES))


def fit_template(rigid_px: NDArray[np.float32]) -> Floats:
    """Build a person's own rigid template from a recording.

    Generalised Procrustes analysis (Gower 1975) with the median in place of
    the mean, so that a minority of bad frames does not bend it.

    Parameters
    ----------
    rigid_px : NDArray[np.float32]
        `regions.RIGID_POINTS` in every usable frame, shape (n, points, 3),
        without NaN, n >= 1.

    Returns
    -------
    Floats
        Shape (points, 3), in the head's frame, outer canthi one unit apart.
    """
    shapes = rigid_px[template_frames(len(rigid_px))].astype(np.float64)
    shapes = shapes * _PICTURE_TO_HEAD
    template = _levelled(np.median(_roughly_normalised(shapes), axis=0))
    for _ in range(3):
        placed, _, _ = _place(shapes, template)
        template = _levelled(np.median(placed, axis=0))
    return template


def to_head_frame(
    points_px: NDArray[np.float32],
    rigid_px: NDArray[np.float32],
    template: Floats,
) -> tuple[Floats, Floats, Floats]:
    """Express points in the head's frame.

    Parameters
    ----------
    points_px : NDArray[np.float32]
        Points to express, picture coordinates, shape (n, points, 3).
    rigid_px : NDArray[np.float32]
        `regions.RIGID_POINTS` of the same frames, shape (n, rigid, 3).
    template : Floats
        From `fit_template`.

    Returns
    -------
    points : Floats
        Shape (n, points, 3), in units of the outer canthal distance.
    rotation : Floats
        Shape (n, 3, 3): from picture axes (y up, z outwards) to the head's.
    residual : Floats
        Robust misfit of the rigid points, shape (n,), same units: how far the
        mesh is from this person's rigid shape.
    """
    rigid = rigid_px.astype(np.float64) * _PICTURE_TO_HEAD
    placed, rotation, (scale, source, target) = _place(rigid, template)
    points = points_px.astype(np.float64) * _PICTURE_TO_HEAD - source[:, None]
    points = scale[:, None, None] * np.einsum("nij,npj->npi", rotation, points)
    residual = np.median(np.linalg.norm(placed - template, axis=-1), axis=-1)
    return points + target[:, None], rotation, residual


def _roughly_normalised(shapes: Floats) -> Floats:
    """Centre every shape and give it unit canthal distance and upright eyes."""
    centred = shapes - shapes.mean(axis=1, keepdims=True)
    across = shapes[:, _OUTER_LEFT] - shapes[:, _OUTER_RIGHT]
    angle = -np.arctan2(across[:, 1], across[:, 0])
    cos, sin, zero, one = np.cos(angle), np.sin(angle), 0 * angle, 1 + 0 * angle
    upright = np.stack([cos, -sin, zero, sin, cos, zero, zero, zero, one], axis=-1)
    turned = np.einsum("nij,npj->npi", upright.reshape(-1, 3, 3), centred)
    return np.asarray(turned / np.linalg.norm(across, axis=-1)[:, None, None])


def _levelled(template: Floats) -> Floats:
    """Turn a shape so that its mirror plane is x = 0; canthi one unit apart."""
    centred = template - template.mean(axis=0)
    centred = centred / np.linalg.norm(centred[_OUTER_LEFT] - centred[_OUTER_RIGHT])
    mirrored = (centred * _FLIP)[list(RIGID_PAIRS)]
    placed, _, _ = _place(mirrored[None], centred)
    # Between a shape and its mirror image lies the symmetric one; its own axes
    # are those in which mirroring is x -> -x.
    symmetric = (centred + placed[0]) / 2
    normal = _mirror_normal(symmetric)
    up = symmetric[_FOREHEAD] - symmetric[_NOSE]
    up = up - normal * (up @ normal)
    up = up / np.linalg.norm(up)
    axes = np.stack([normal, up, np.cross(normal, up)])
    return np.asarray((centred - symmetric.mean(axis=0)) @ axes.T)


_FOREHEAD: Final = RIGID_POINTS.index(9)
_NOSE: Final = RIGID_POINTS.index(197)


def _mirror_normal(symmetric: Floats) -> Floats:
    """Return direction from the subject's right to their left, from all point pairs."""
    pairs = [(i, j) for i, j in enumerate(RIGID_PAIRS) if i < j]
    spans = np.array([symmetric[j] - symmetric[i] for i, j in pairs])
    reference = symmetric[_OUTER_LEFT] - symmetric[_OUTER_RIGHT]
    spans = spans * np.sign(spans @ reference)[:, None]
    total = spans.sum(axis=0)
    return np.asarray(total / np.linalg.norm(total))


def _place(
    shapes: Floats, template: Floats
) -> tuple[Floats, Floats, tuple[Floats, Floats, Floats]]:
    """Lay shapes (n, p, 3) onto a template by robust similarity transforms.

    Closed form of Umeyama (1991), iterated with Cauchy weights whose scale is
    the frame's own median misfit.
    """
    weights = np.ones(shapes.shape[:2])
    for _ in range(_ROBUST_PASSES):
        scale, rotation, source, target = _similarity(shapes, template, weights)
        moved = np.einsum("nij,npj->npi", rotation, shapes - source[:, None])
        placed = scale[:, None, None] * moved + target[:, None]
        miss = np.linalg.norm(placed - template, axis=-1)
        spread = np.maximum(np.median(miss, axis=1, keepdims=True), 1e-6)
        weights = 1.0 / (1.0 + (miss / (2.0 * spread)) ** 2)
    return placed, rotation, (scale, source, target)


def _similarity(
    shapes: Floats, template: Floats, weights: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return weighted least-squares scale, rotation and centroids (Umeyama 1991)."""
    share = weights / weights.sum(axis=1, keepdims=True)
    source = np.einsum("np,npi->ni", share, shapes)
    target = np.einsum("np,pi->ni", share, template)
    from_ = shapes - source[:, None]
    to = template[None] - target[:, None]
    covariance = np.einsum("np,npi,npj->nij", share, to, from_)
    u, s, vt = np.linalg.svd(covariance)
    proper = np.sign(np.linalg.det(u @ vt))
    fix = np.ones((len(shapes), 3))
    fix[:, 2] = proper
    rotation = (u * fix[:, None, :]) @ vt
    variance = np.einsum("np,npi->n", share, from_**2)
    scale = (s * fix).sum(axis=1) / np.maximum(variance, 1e-12)
    return scale, rotation, source, target
