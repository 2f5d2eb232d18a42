"""A made-up face: landmarks and a picture of grey skin with two white eyes."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from studies.truth.third.geometry import LINES, POINTS
from twitch_tracker.regions import Side

MIDDLE = 120
APART = 100


class Face(NamedTuple):
    image: NDArray[np.uint8]
    landmarks: NDArray[np.float64]
    eyes: dict[Side, NDArray[np.bool_]]


@pytest.fixture(scope="session")
def face() -> Face:
    """The subject's right is on the left of the picture."""
    landmarks = np.full((478, 2), (MIDDLE, 130.0))
    landmarks[168], landmarks[0], landmarks[17] = (120, 98), (120, 160), (120, 182)
    noise = np.random.default_rng(1).normal(120, 25, (240, 240, 3))
    image = cv2.GaussianBlur(noise, (0, 0), 2).astype(np.uint8)
    eyes = {}
    for side, sign in ((Side.RIGHT, -1), (Side.LEFT, 1)):
        across = np.linspace(50, 20, 9)
        bow = 7 * np.sin(np.pi * np.linspace(0, 1, 9))
        heights = {"upper": 100 - bow, "lower": 100 + bow}
        for name, height in heights.items():
            x = MIDDLE + sign * across
            landmarks[list(LINES[side][name])] = np.stack([x, height], axis=-1)
        for name, height in (("brow_under", 82.0), ("brow_over", 75.0)):
            x = MIDDLE + sign * np.linspace(52, 15, 5)
            landmarks[list(LINES[side][name])] = np.stack([x, 0 * x + height], axis=-1)
        places = {"corner": (22, 170), "ala": (14, 140), "cheek": (35, 140)}
        for name, (x_px, y_px) in {**places, "jaw": (30, 200)}.items():
            landmarks[POINTS[side][name]] = (MIDDLE + sign * x_px, y_px)
        outline = [
            landmarks[list(LINES[side]["upper"])],
            landmarks[list(LINES[side]["lower"])][::-1],
        ]
        mask = np.zeros(image.shape[:2], np.uint8)
        cv2.fillPoly(mask, [np.rint(np.vstack(outline)).astype(np.int32)], (1,))
        eyes[side] = mask > 0
        image[eyes[side]] = 250
    return Face(image, landmarks, eyes)
