"""Half a lower face, ready to be laid over other frames of the same person.

From the middle of the mouth outward, between the eye, the nose and the jaw. The
piece moves with the head in three dimensions (mouth and cheek do not lie in the
plane of the eyes), as a similarity of the picture. Where the halves meet, the
lips of the piece are led over to those that are there, so that they are joined;
the corner and the cheek are not bent.

>>> half = HalfPatch(image, mesh, Side.LEFT)  # doctest: +SKIP
>>> shown = half.laid_over(later, mesh_of_later)  # doctest: +SKIP
"""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.face.pose import HeadPose, fit_head_pose
from twitch_tracker.face.trackers.region_of_interest import inside_picture
from twitch_tracker.regions import Side
from twitch_tracker.simulate.picture.resampling import (
    Field,
    Image,
    resized,
    sample,
    smoothstep,
)
from twitch_tracker.simulate.real.graft import Box, Motion, join, similarity

__all__ = ["HalfPatch", "shows_mouth"]

Mesh = NDArray[np.floating[Any]]

FEATHER: Final = 0.1
"""Width of the edge, interocular distances, across the middle, too."""

LED: Final = 0.24
"""From the middle out to here, interocular distances, the lips are led over; the
corner of the mouth is at 0.3."""

_MIDDLE: Final = (2, 164, 0, 13, 14, 17, 18, 200, 199, 152)
"""From below the nose to the chin."""

_OUTLINE: Final = {
    Side.LEFT: (
        *(326, 327, 358, 371, 329, 349, 348, 347, 346, 340, 345, 352),
        *(323, 361, 288, 397, 365, 379, 378, 400, 377),
    ),
    Side.RIGHT: (
        *(97, 98, 129, 142, 100, 120, 119, 118, 117, 111, 116, 123),
        *(93, 132, 58, 172, 136, 150, 149, 176, 148),
    ),
}
"""Around the nose, below the eye, down the jaw."""

_MOUTH: Final = (0, 17, 61, 291, 200)  # lips, corners, chin
_MARGIN: Final = 0.12  # of the block around the outline, interocular distances
_KEPT: Final = 0.35  # of what is kept of the picture around the outline, likewise
_COARSE: Final = 0.05  # raster of the leading over, interocular distances
_LIKENESS_PX: Final = 48  # size at which likeness is judged: folds, no pores
_MATCH: Final = 6.0  # grey levels: where the pictures differ more, they show two things


class HalfPatch:
    """One half of a lower face.

    Parameters
    ----------
    image : NDArray[np.uint8]
        The picture that it is taken from; only the part around it is kept.
    mesh : NDArray
        Its mesh, shape (478, 3).
    side : Side
        Which half, the subject's own.
    """

    def __init__(self, image: Image, mesh: Mesh, side: Side) -> None:
        self.side = side
        self._whole = shows_mouth(mesh, image)
        pose = fit_head_pose(mesh)
        self._outline = mesh[[*_MIDDLE, *_OUTLINE[side]]].astype(np.float64)
        self._head = pose.to_head(self._outline)
        box = _around(self._outline[:, :2], _KEPT * pose.scale_px, image.shape)
        self._image = image[box].copy()
        self._outline[:, :2] -= [box[1].start, box[0].start]

    def laid_over(self, image: Image, mesh: Mesh) -> Image:
        """Return a picture with this half shown in it.

        Parameters
        ----------
        image : NDArray[np.uint8]
            The other picture, which is left as it is.
        mesh : NDArray
            Its mesh, shape (478, 3).
        """
        laid = self._laid(image, mesh)
        if laid is None:
            return image
        box, patch, weight = laid
        there = image[box].astype(np.float32)
        out = image.copy()
        out[box] = join(there, patch, _alike(there, patch, 1.0 - weight), weight)
        return out

    def likeness(self, image: Image, mesh: Mesh) -> float:
        """Return how alike another picture looks where this half would be, -1 to 1.

        The correlation of the two around the mouth, beside the nose and below the
        eye. A hand before the mouth, another light or another scene make it small;
        a mouth beyond the edge of either picture makes it -1. Parameters as for
        `laid_over`.
        """
        laid = self._laid(image, mesh)
        if laid is None or not (self._whole and shows_mouth(mesh, image)):
            return -1.0
        box, patch, weight = laid
        grey = np.full(3, 1 / 3, np.float32)
        share = min(1.0, _LIKENESS_PX / max(weight.shape))
        rows, columns = (max(round(n * share), 8) for n in weight.shape)
        one, two, there = (
            resized(field, rows, columns, cv2.INTER_AREA)
            for field in (image[box].astype(np.float32) @ grey, patch @ grey, weight)
        )
        inside = there > 0.2
        if inside.sum() < _LIKENESS_PX:
            return -1.0
        return float(np.corrcoef(one[inside], two[inside])[0, 1])

    def _laid(self, image: Image, mesh: Mesh) -> tuple[Box, Field, Field] | None:
        """Return where this half lies, how it looks there, and how much of it shows."""
        pose = fit_head_pose(mesh)
        outline = mesh[[*_MIDDLE, *_OUTLINE[self.side]], :2].astype(np.float64)
        box = _around(outline, _MARGIN * pose.scale_px, image.shape)
        if min(box[0].stop - box[0].start, box[1].stop - box[1].start) < 8:
            return None
        motion = similarity(self._outline[:, :2], _in_picture(pose, self._head))
        frame = _Frame(outline[: len(_MIDDLE)], pose, self.side, box)
        own = self._outline[:, :2] @ motion[:, :2].T + motion[:, 2]
        count = len(_MIDDLE)
        lead = frame.lead(outline[:count], own[:count] - outline[:count])
        return box, self._shown(frame, motion, lead), frame.weight(outline, own)

    def _shown(self, frame: _Frame, motion: Motion, lead: Field) -> Field:
        """Return the moved piece, its middle led over to that of the other picture."""
        back = np.asarray(cv2.invertAffineTransform(motion), dtype=np.float32)
        x, y = frame.x + lead[..., 0], frame.y + lead[..., 1]
        at_x = back[0, 0] * x + back[0, 1] * y + back[0, 2]
        at_y = back[1, 0] * x + back[1, 1] * y + back[1, 2]
        return sample(self._image, at_x, at_y).astype(np.float32)


class _Frame:
    """The block of the other picture, seen from the middle of its mouth."""

    def __init__(
        self, middle: NDArray[np.float64], pose: HeadPose, side: Side, box: Box
    ) -> None:
        self.y, self.x = np.mgrid[box].astype(np.float32)
        self._coarse = max(int(_COARSE * pose.scale_px), 1)
        self.io = pose.scale_px
        self._box = box
        self._down = middle[-1] - middle[0]
        self._down /= max(float(np.hypot(*self._down)), 1e-6)
        # To the subject's left, which is the viewer's right.
        left = np.array([self._down[1], -self._down[0]])
        self._out = left if side is Side.LEFT else -left

    def weight(self, outline: NDArray[np.float64], own: NDArray[np.float64]) -> Field:
        """Return how much of the piece shows, 0 to 1, shape (h, w).

        Nothing beyond the outline of either face, that of the piece (`own`) being
        where it comes to lie.
        """
        count = len(_MIDDLE)
        half = 0.5 * FEATHER * self.io
        # Half of the middle's edge lies on either side.
        middle = outline[:count][::-1] - half * self._out
        mask = self._filled(np.concatenate([middle, outline[count:]]))
        mask &= self._filled(np.concatenate([middle, own[count:]]))
        inside = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
        return smoothstep(np.asarray(inside / (2 * half), dtype=np.float32))

    def _filled(self, polygon: NDArray[np.float64]) -> NDArray[np.uint8]:
        corner = np.array([self._box[1].start, self._box[0].start])
        mask = np.zeros(self.x.shape, np.uint8)
        cv2.fillPoly(mask, [np.round(polygon - corner).astype(np.int32)], (1,))
        return mask

    def lead(self, middle: NDArray[np.float64], off: NDArray[np.float64]) -> Field:
        """Return how far from its place every pixel is taken, shape (h, w, 2)."""
        rows, columns = self.x.shape
        few = (max(rows // self._coarse, 4), max(columns // self._coarse, 4))
        x, y = (resized(f, *few, cv2.INTER_AREA) for f in (self.x, self.y))
        down = x * np.float32(self._down[0]) + y * np.float32(self._down[1])
        out = x * np.float32(self._out[0]) + y * np.float32(self._out[1])
        along = middle @ self._down
        order = np.argsort(along)
        along, off, bend = along[order], off[order], (middle @ self._out)[order]
        away = (out - np.interp(down, along, bend)) / (LED * self.io)
        near = 1.0 - smoothstep(away.astype(np.float32))
        parts = [near * np.interp(down, along, off[:, axis]) for axis in range(2)]
        field = np.stack(parts, axis=2).astype(np.float32)
        return resized(field, rows, columns, cv2.INTER_LINEAR)


def shows_mouth(mesh: Mesh, image: Image) -> bool:
    """Return whether the mouth lies inside the picture, and not only its mesh."""
    return bool(inside_picture(mesh[list(_MOUTH)], image.shape).all())


def _in_picture(pose: HeadPose, head: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where points of the head's own frame are in a picture, shape (k, 2)."""
    return np.asarray((pose.scale_px * head @ pose.rotation.T + pose.shift_px)[:, :2])


def _around(points: NDArray[np.float64], by: float, shape: tuple[int, ...]) -> Box:
    """Return box around points, cut at the picture."""
    low = np.maximum(np.floor(points.min(axis=0) - by).astype(int), 0)
    high = np.ceil(points.max(axis=0) + by).astype(int) + 1
    return (
        slice(int(min(low[1], shape[0])), int(min(max(high[1], 0), shape[0]))),
        slice(int(min(low[0], shape[1])), int(min(max(high[0], 0), shape[1]))),
    )


def _alike(there: Field, patch: Field, rim: Field) -> Field:
    """Leave out of the rim where the two pictures show different things.

    Lips that part, teeth, the edge of the face: there, the difference is not
    one of light, and would be carried into the cheek.
    """
    away = (there - patch) @ np.full(3, 1 / 3, np.float32)
    usual = np.median(away[rim > 0.5]) if (rim > 0.5).any() else np.float32(0)
    spread = np.float32(_MATCH)
    return np.asarray(rim / (1 + ((away - usual) / spread) ** 2), dtype=np.float32)
