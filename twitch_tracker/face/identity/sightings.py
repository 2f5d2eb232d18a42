"""What a mesh shows: pose, looks, sharpness, and how like the known views it is.

Most of what is computed of a face takes as long for several as for one. So when a mesh
is asked for, those that will likely be asked for next (`upcoming`) are described with
it. Each is described by itself: a sighting does not depend on when or with which others
it was computed.

>>> sightings = Sightings(gallery, ahead.upcoming)  # doctest: +SKIP
>>> sighting = sightings.look(frame.image, mesh)
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.face.identity.gallery import Gallery
from twitch_tracker.face.likeness import (
    View,
    compare_pairs,
    compute_likeness,
    compute_views,
)
from twitch_tracker.face.occlusion import measure_foreignnesses
from twitch_tracker.face.pose import HeadPose, fit_head_poses, measure_irises_px
from twitch_tracker.face.quality import measure_sharpnesses

__all__ = [
    "MOST_MISFIT",
    "FaceInPicture",
    "Sighting",
    "Sightings",
    "Upcoming",
    "smoothness",
]

MOST_MISFIT: Final = 0.12
"""Disagreement with the reference head, interocular distances, of a plausible face.

Largest in the development videos: 0.06.
"""

FaceInPicture = tuple[NDArray[np.uint8], NDArray[np.float32]]
"""A picture and a mesh in it."""

Upcoming = Callable[[NDArray[np.float32]], Sequence[FaceInPicture]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """A face in one picture.

    Attributes
    ----------
    mesh : NDArray[np.float32]
        Shape (478, 3).
    pose, view, iris_px, sharpness
        What it shows.
    before, like_before : View or None, float
        A view just before it, and the likeness to that.
    likeness, known, foreignness : float, View or None, float
        The most alike known view, the likeness to it and the foreignness against it;
        0, None and -1 when none is known.
    """

    mesh: NDArray[np.float32]
    pose: HeadPose
    view: View
    iris_px: float
    sharpness: float
    before: View | None
    like_before: float
    likeness: float = 0.0
    known: View | None = None
    foreignness: float = -1.0


def smoothness(sighting: Sighting, last: Sighting) -> float:
    """Compare a face with the one in the picture before; see `compute_likeness`."""
    if sighting.before is last.view:
        return sighting.like_before
    return compute_likeness(sighting.view, last.view)


class Sightings:
    """Describes meshes; remembers those that it was quicker to describe as well.

    Parameters
    ----------
    gallery : Gallery
        The known views. It may grow: what was compared is then compared again.
    upcoming : callable, optional
        Given a mesh, the pictures and meshes that follow it.
    """

    def __init__(self, gallery: Gallery, upcoming: Upcoming | None = None) -> None:
        """Start with nothing described."""
        self._gallery = gallery
        self._upcoming = upcoming
        self._known = gallery.known
        self._faces: list[
            tuple[weakref.ref[NDArray[np.uint8]], NDArray[np.float32]]
        ] = []
        self._sightings: list[Sighting | None] = []

    def look(
        self, image: NDArray[np.uint8], mesh: NDArray[np.float32]
    ) -> Sighting | None:
        """Describe a mesh; None when it does not look like a head at all."""
        at = self._place_of(image, mesh)
        if at is None:
            ahead = self._upcoming(mesh) if self._upcoming else ()
            faces, at = [(image, mesh), *ahead], 0
            # Weak references: pictures are not kept, and a reused array is a new picture.
            self._faces = [(weakref.ref(shown), found) for shown, found in faces]
            self._sightings = self._compared(_describe(faces))
        elif self._known is not self._gallery.known:
            self._faces, self._sightings = self._faces[at:], self._sightings[at:]
            self._sightings, at = self._compared(self._sightings), 0
        return self._sightings[at]

    def _place_of(
        self, image: NDArray[np.uint8], mesh: NDArray[np.float32]
    ) -> int | None:
        """Return the place of a face among those described; None if it is not there.

        Only what was looked at ahead is there: each is asked for once.
        """
        if self._upcoming is None:
            return None
        for at, (picture, found) in enumerate(self._faces):
            if picture() is image and found is mesh:
                return at
        return None

    def _compared(self, sightings: list[Sighting | None]) -> list[Sighting | None]:
        """Compare with the known views of now."""
        self._known = self._gallery.known
        plausible = [sighting for sighting in sightings if sighting is not None]
        if not plausible:
            return sightings
        matches = self._gallery.match([sighting.view for sighting in plausible])
        pairs = [
            (sighting.view, known)
            for sighting, (_, known) in zip(plausible, matches, strict=True)
            if known is not None
        ]
        measured = iter(_foreignness(pairs))
        compared = iter(
            replace(
                sighting,
                likeness=likeness,
                known=known,
                foreignness=-1.0 if known is None else next(measured),
            )
            for sighting, (likeness, known) in zip(plausible, matches, strict=True)
        )
        return [None if sighting is None else next(compared) for sighting in sightings]


def _foreignness(pairs: Sequence[tuple[View, View]]) -> list[float]:
    """Measure how foreign each first view looks beside the second."""
    if not pairs:
        return []
    views, known = zip(*pairs, strict=True)
    foreign: list[float] = measure_foreignnesses(views, known).tolist()
    return foreign


def _describe(faces: Sequence[FaceInPicture]) -> list[Sighting | None]:
    """Describe meshes but for what is known of the person; None for what is no head."""
    meshes = np.stack([mesh for _, mesh in faces])
    poses = fit_head_poses(meshes)
    heads = [at for at, pose in enumerate(poses) if pose.misfit <= MOST_MISFIT]
    if not heads:
        return [None] * len(faces)
    images = [faces[at][0] for at in heads]
    meshes, poses = meshes[heads], [poses[at] for at in heads]
    views = compute_views(images, meshes, poses)
    sharp = measure_sharpnesses(images, meshes, poses)
    irises = measure_irises_px(meshes)
    like = [0.0, *(compare_pairs(views[1:], views[:-1]) if len(views) > 1 else ())]
    sightings: list[Sighting | None] = [None] * len(faces)
    for place, at in enumerate(heads):
        sightings[at] = Sighting(
            mesh=faces[at][1],
            pose=poses[place],
            view=views[place],
            iris_px=irises[place],
            sharpness=sharp[place],
            before=views[place - 1] if place else None,
            like_before=float(like[place]),
        )
    return sightings
