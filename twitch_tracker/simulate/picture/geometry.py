"""Where the parts of a face are in one picture, measured from its mesh.

Knows the eye's own rotated frame, the lid margins and the brow above them, the
directions in which the facial muscles pull, and how many pixels a millimetre is. Note:
inside an `EyeGeometry` x runs along the line through the canthi from the *viewer's*
left to right and y runs down the face, both in pixels; everything else is in picture
pixels. Sides are the subject's own.

>>> face = PictureGeometry.from_mesh(mesh)  # doctest: +SKIP
>>> face.eyes[Side.RIGHT].aperture_px  # doctest: +SKIP
14.2
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from twitch_tracker.errors import BadParameter, BadShape
from twitch_tracker.regions import IRIS, MESH_POINTS, SIDES, Side
from twitch_tracker.simulate.picture.resampling import Field, Image, sample

__all__ = [
    "CHIN",
    "IRIS_MM",
    "EyeGeometry",
    "PictureGeometry",
    "Pull",
    "mm_per_interocular",
]

IRIS_MM: Final = 11.7
"""Horizontal iris diameter, 11.7 +- 0.5 mm over adults (the constant behind
MediaPipe Iris; Google Research, 2020)."""

_UPPER_MARGIN: Final = {
    Side.RIGHT: (33, 246, 161, 160, 159, 158, 157, 173, 133),
    Side.LEFT: (263, 466, 388, 387, 386, 385, 384, 398, 362),
}
_LOWER_MARGIN: Final = {
    Side.RIGHT: (33, 7, 163, 144, 145, 153, 154, 155, 133),
    Side.LEFT: (263, 249, 390, 373, 374, 380, 381, 382, 362),
}
_BROW_LOWER_EDGE: Final = {
    Side.RIGHT: (46, 53, 52, 65, 55),
    Side.LEFT: (276, 283, 282, 295, 285),
}
_BROW_UPPER_EDGE: Final = {
    Side.RIGHT: (70, 63, 105, 66, 107),
    Side.LEFT: (300, 293, 334, 296, 336),
}
_COMMISSURE: Final = {Side.RIGHT: 61, Side.LEFT: 291}
# Malar end of the zygomaticus major, towards which the corner is pulled.
_ZYGOMA: Final = {Side.RIGHT: (117, 123), Side.LEFT: (346, 352)}
_MALAR: Final = {Side.RIGHT: (50, 101, 118, 205), Side.LEFT: (280, 330, 347, 425)}
_OUTER_CANTHI: Final = (33, 263)
CHIN: Final = 152
_LOWER_LIP: Final = 17
_CURVE_SAMPLES: Final = 96


@dataclass(frozen=True, kw_only=True)
class EyeGeometry:
    """One eye in its own rotated frame.

    Attributes
    ----------
    origin_px : NDArray[np.float64]
        The canthus on the viewer's left, in picture pixels, shape (2,).
    along, down : NDArray[np.float64]
        Unit vectors of the frame in the picture, shape (2,).
    width_px : float
        Distance between the canthi.
    outer_first : bool
        Whether the outer canthus is the one on the viewer's left.
    x_px : NDArray[np.float64]
        Where the curves are sampled, 0 to `width_px`, shape (k,).
    upper_px, lower_px, brow_px : NDArray[np.float64]
        y of the upper lid margin, lower lid margin and lower edge of the
        brow over `x_px`, shape (k,).
    """

    origin_px: NDArray[np.float64]
    along: NDArray[np.float64]
    down: NDArray[np.float64]
    width_px: float
    outer_first: bool
    x_px: NDArray[np.float64]
    upper_px: NDArray[np.float64]
    lower_px: NDArray[np.float64]
    brow_px: NDArray[np.float64]

    @property
    def aperture_px(self) -> float:
        """Largest distance between the lid margins."""
        return float((self.lower_px - self.upper_px).max())

    def sample(self, image: Image, x: Field, y: Field) -> Field:
        """Sample a picture at places of this frame; (h, w) -> (h, w, 3)."""
        at_x = self.origin_px[0] + x * self.along[0] + y * self.down[0]
        at_y = self.origin_px[1] + x * self.along[1] + y * self.down[1]
        shown = sample(image, at_x.astype(np.float32), at_y.astype(np.float32))
        return shown.astype(np.float32)


@dataclass(frozen=True, kw_only=True)
class Pull:
    """One muscle's smooth displacement of the skin around a centre.

    Attributes
    ----------
    centre_px : NDArray[np.float64]
        Where the displacement is largest, shape (2,).
    step_px_per_mm : NDArray[np.float64]
        Displacement in picture pixels for one millimetre, shape (2,); shorter
        where the direction points away from the camera.
    axes_px : NDArray[np.float64]
        Half axes along and across `along`, where it has died out, shape (2,).
    along : NDArray[np.float64]
        Unit vector of the first half axis, shape (2,).
    """

    centre_px: NDArray[np.float64]
    step_px_per_mm: NDArray[np.float64]
    axes_px: NDArray[np.float64]
    along: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class PictureGeometry:
    """Everything the warp needs to know of a face in one picture.

    Attributes
    ----------
    mesh_px : NDArray[np.float64]
        The mesh it was made from, shape (478, 3).
    interocular_px : float
        Distance between the outer canthi in the mesh's three dimensions.
    px_per_mm : float
        Pixels per millimetre at the face.
    eyes : Mapping[Side, EyeGeometry]
        The eyes.
    mouth_corner, cheek, brow : Mapping[Side, Pull]
        How those regions move.
    jaw : Pull
        How the lower lip and chin move down.
    """

    mesh_px: NDArray[np.float64]
    interocular_px: float
    px_per_mm: float
    eyes: Mapping[Side, EyeGeometry]
    mouth_corner: Mapping[Side, Pull]
    cheek: Mapping[Side, Pull]
    brow: Mapping[Side, Pull]
    jaw: Pull

    @classmethod
    def from_mesh(
        cls, mesh_px: NDArray[np.floating[Any]], mm_per_io: float | None = None
    ) -> PictureGeometry:
        """Measure a face from its mesh.

        Parameters
        ----------
        mesh_px : NDArray
            Mesh of shape (478, 3) in picture pixels.
        mm_per_io : float, optional
            Millimetres in one interocular distance, known from elsewhere (see
            `mm_per_interocular`); taken from this mesh's irises otherwise.

        Raises
        ------
        BadShape
            If the mesh is not 478 points of three coordinates.
        BadParameter
            If the mesh is degenerate (eyes on one spot).
        """
        mesh = np.asarray(mesh_px, dtype=np.float64)
        if mesh.shape != (MESH_POINTS, 3):
            raise BadShape("mesh_px", f"({MESH_POINTS}, 3)", mesh.shape)
        interocular = _interocular_px(mesh)
        if mm_per_io is None:
            mm_per_io = mm_per_interocular(mesh[None])
        scale = interocular / mm_per_io
        return cls(
            mesh_px=mesh,
            interocular_px=interocular,
            px_per_mm=scale,
            eyes={side: _eye(mesh, side) for side in SIDES},
            mouth_corner={s: _mouth_pull(mesh, s, interocular, scale) for s in SIDES},
            cheek={s: _cheek_pull(mesh, s, interocular, scale) for s in SIDES},
            brow={s: _brow_pull(mesh, s, interocular, scale) for s in SIDES},
            jaw=_jaw_pull(mesh, interocular, scale),
        )

    @property
    def axes(self) -> tuple[NDArray[np.float64], ...]:
        """Unit vectors to the subject's left and up the face, in 3-D."""
        return _head_axes(self.mesh_px)

    def aperture_mm(self, side: Side) -> float:
        """Return the palpebral aperture of one eye, in millimetres."""
        return self.eyes[side].aperture_px / self.px_per_mm


def mm_per_interocular(meshes_px: NDArray[np.floating[Any]]) -> float:
    """Return millimetres in one interocular distance, from the irises.

    Takes the median over pictures and both eyes of the horizontal iris
    diameter, which is `IRIS_MM` in adults. Accurate to about 5 %.

    Parameters
    ----------
    meshes_px : NDArray
        Meshes of one person, shape (n, 478, 3).

    Raises
    ------
    BadParameter
        If no mesh has irises of a positive size.
    """
    ratios = []
    for side in SIDES:
        _, east, _, west, _ = IRIS[side]
        across = meshes_px[:, east, :2] - meshes_px[:, west, :2]
        iris = np.linalg.norm(across, axis=1)
        span = meshes_px[:, _OUTER_CANTHI[0]] - meshes_px[:, _OUTER_CANTHI[1]]
        ratios.append(np.linalg.norm(span, axis=1) / np.maximum(iris, 1e-6))
    ratio = float(np.nanmedian(np.concatenate(ratios)))
    if not 1.0 < ratio < 50.0:
        raise BadParameter("meshes_px", "meshes with irises", ratio)
    return IRIS_MM * ratio


def _interocular_px(mesh: NDArray[np.float64]) -> float:
    first, second = _OUTER_CANTHI
    distance = float(np.linalg.norm(mesh[first] - mesh[second]))
    if not distance > 4.0:
        raise BadParameter("mesh_px", "outer canthi more than 4 px apart", distance)
    return distance


def _eye(mesh: NDArray[np.float64], side: Side) -> EyeGeometry:
    """Put one eye's curves into its own frame."""
    upper = mesh[list(_UPPER_MARGIN[side]), :2]
    lower = mesh[list(_LOWER_MARGIN[side]), :2]
    brow = mesh[list(_BROW_LOWER_EDGE[side]), :2]
    # The viewer's left canthus is the outer one of the right eye.
    first, last = (0, -1) if side is Side.RIGHT else (-1, 0)
    origin = upper[first]
    along = upper[last] - origin
    width = float(np.hypot(*along))
    if width < 2.0:
        raise BadParameter("mesh_px", "an eye at least 2 px wide", width)
    along = along / width
    down = np.array([-along[1], along[0]])
    frame = np.stack([along, down], axis=1)
    x = np.linspace(0.0, width, _CURVE_SAMPLES)
    top = _curve((upper - origin) @ frame, x)
    bottom = np.maximum(_curve((lower - origin) @ frame, x), top)
    above = np.minimum(_curve((brow - origin) @ frame, x), top - 0.12 * width)
    return EyeGeometry(
        origin_px=origin,
        along=along,
        down=down,
        width_px=width,
        outer_first=side is Side.RIGHT,
        x_px=x,
        upper_px=top,
        lower_px=bottom,
        brow_px=above,
    )


def _curve(points: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Interpolate y over x through unordered points, keeping the shape."""
    ordered = points[np.argsort(points[:, 0])]
    keep = np.concatenate([[True], np.diff(ordered[:, 0]) > 1e-3])
    ordered = ordered[keep]
    inside = np.clip(x, ordered[0, 0], ordered[-1, 0])
    return np.asarray(PchipInterpolator(ordered[:, 0], ordered[:, 1])(inside))


def _head_axes(mesh: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Return unit vectors to the subject's left and up the face, in 3-D, shape (3,)."""
    left = mesh[_OUTER_CANTHI[1]] - mesh[_OUTER_CANTHI[0]]
    left = left / np.linalg.norm(left)
    up = mesh[10] - mesh[CHIN]
    up = up - (up @ left) * left
    return left, up / np.linalg.norm(up)


def _pull(
    centre: NDArray[np.float64],
    direction: NDArray[np.float64],
    scale: float,
    axes: tuple[float, float],
    along: NDArray[np.float64],
) -> Pull:
    flat = along[:2] / max(float(np.hypot(*along[:2])), 1e-6)
    return Pull(
        centre_px=centre[:2].copy(),
        step_px_per_mm=scale * direction[:2],
        axes_px=np.array(axes),
        along=flat,
    )


def _mouth_pull(
    mesh: NDArray[np.float64], side: Side, interocular: float, scale: float
) -> Pull:
    """Return the pull of the oral commissure outward and up, towards the zygoma."""
    left, _ = _head_axes(mesh)
    corner = mesh[_COMMISSURE[side]]
    outward = left if side is Side.LEFT else -left
    towards = mesh[list(_ZYGOMA[side])].mean(axis=0) - corner
    towards = towards / np.linalg.norm(towards)
    direction = towards + 0.5 * outward
    direction = direction / np.linalg.norm(direction)
    reach = 0.48 * interocular
    return _pull(corner, direction, scale, (reach, 0.9 * reach), left)


def _cheek_pull(
    mesh: NDArray[np.float64], side: Side, interocular: float, scale: float
) -> Pull:
    """Return the lift of the malar skin towards the eye."""
    left, up = _head_axes(mesh)
    centre = mesh[list(_MALAR[side])].mean(axis=0)
    return _pull(centre, up, scale, (0.42 * interocular, 0.30 * interocular), left)


def _brow_pull(
    mesh: NDArray[np.float64], side: Side, interocular: float, scale: float
) -> Pull:
    """Return the lift of the brow by the frontalis."""
    _, up = _head_axes(mesh)
    edge = mesh[list(_BROW_UPPER_EDGE[side])]
    lower = mesh[list(_BROW_LOWER_EDGE[side])]
    centre = 0.5 * (edge.mean(axis=0) + lower.mean(axis=0))
    run = edge[-1] - edge[0]
    axes = (0.42 * interocular, 0.24 * interocular)
    return _pull(centre, up, scale, axes, run)


def _jaw_pull(mesh: NDArray[np.float64], interocular: float, scale: float) -> Pull:
    """Return the fall of the lower lip and chin."""
    left, up = _head_axes(mesh)
    centre = 0.5 * (mesh[_LOWER_LIP] + mesh[CHIN])
    return _pull(centre, -up, scale, (0.5 * interocular, 0.42 * interocular), left)
