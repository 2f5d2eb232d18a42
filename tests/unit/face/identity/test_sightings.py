"""What a mesh shows does not depend on what is looked at with it."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from twitch_tracker.face.identity.gallery import Gallery
from twitch_tracker.face.identity.sightings import Sightings, smoothness


def differ(one, other) -> list[str]:
    """Name what two values of the same kind differ in."""
    if isinstance(one, np.ndarray):
        return [] if np.array_equal(one, other, equal_nan=True) else ["array"]
    if not hasattr(one, "__slots__"):
        return differ(np.array(one), np.array(other)) if np.isscalar(one) else []
    return [
        f"{field.name}.{what}"
        for field in fields(one)
        if field.name not in {"before", "like_before", "known"}
        for what in differ(getattr(one, field.name), getattr(other, field.name))
    ]


@pytest.fixture
def faces(portrait, mesh):
    """The same head at slowly changing places and under changing light."""
    shown = []
    for step in range(12):
        image = np.roll(portrait, (step, 2 * step), axis=(0, 1))
        image = (image * (1 - 0.04 * step)).astype(np.uint8)
        shown.append((image, mesh + np.array([2 * step, step, 0], np.float32)))
    return shown


def watch(faces, upcoming):
    """Look at one face after the other and learn of each third one."""
    gallery = Gallery()
    sightings = Sightings(gallery, upcoming)
    seen, last = [], None
    for place, face in enumerate(faces):
        sighting = sightings.look(*face)
        like = 0.0 if last is None or sighting is None else smoothness(sighting, last)
        seen.append((sighting, like))
        if sighting is not None and place % 3 == 0:
            gallery.learn(sighting.view, 0.0)
        last = sighting
    return seen


def test_blocks_are_described_as_each_face_alone(faces):
    asked = []

    def upcoming(mesh):
        (at,) = (place for place, face in enumerate(faces) if face[1] is mesh)
        asked.append(at)
        return faces[at + 1 : at + 5]

    alone = watch(faces, None)
    together = watch(faces, upcoming)
    assert asked == [0, 5, 10], "faces of a block are described once"
    for (one, like_one), (other, like_other) in zip(alone, together, strict=True):
        assert differ(one, other) == []
        assert like_one == like_other


def test_what_is_no_head_is_left_out_of_its_block(faces):
    broken = faces[2][1].copy()
    broken[:, 0] = np.random.default_rng(1).uniform(0, 400, len(broken))
    faces[2] = (faces[2][0], broken)
    alone = watch(faces, None)
    together = watch(faces, lambda mesh: faces[1:] if mesh is faces[0][1] else [])
    assert alone[2][0] is None
    assert together[2][0] is None
    for (one, _), (other, _) in zip(alone, together, strict=True):
        assert one is None or differ(one, other) == []
