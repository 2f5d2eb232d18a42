"""Rims of glasses stay where they are; lashes and skin do not count as rims."""

from __future__ import annotations

import numpy as np
import pytest

from studies.truth.second.geometry import COLUMNS, LidLines
from studies.truth.second.worn import without_worn
from twitch_tracker.regions import Side

SKIN = (190, 140, 120)


@pytest.fixture
def eye() -> LidLines:
    """An eye 60 px wide whose lateral canthus is at (60, 100)."""
    return LidLines(
        origin=np.array([60.0, 100.0]),
        along=np.array([60.0, 0.0]),
        down=np.array([0.0, 60.0]),
        upper=np.full(COLUMNS, -0.15),
        lower=np.full(COLUMNS, 0.15),
        brow=np.full(COLUMNS, -0.7),
    )


@pytest.fixture
def skin() -> np.ndarray:
    return np.full((200, 180, 3), SKIN, dtype=np.uint8)


def test_bare_skin_has_nothing_on_it(skin, eye):
    same, worn = without_worn(skin, eye)
    assert same is skin
    assert worn.max() == 0


def test_a_rim_above_the_eye_is_taken_out(skin, eye):
    glasses = skin.copy()
    glasses[68:72] = 30
    bare, worn = without_worn(glasses, eye)
    assert worn[70].min() > 0.9
    assert worn[85:].max() < 0.1
    assert np.abs(bare.astype(int) - SKIN).max() < 12


def test_lashes_and_a_broad_brow_are_no_rim(skin, eye):
    face = skin.copy()
    face[88:92, 60:120] = 30  # lashes at the margin
    face[40:58, 55:125] = 30  # a brow
    _, worn = without_worn(face, eye)
    assert worn[80:120].max() < 0.1
    assert worn[42:56, 60:120].max() < 0.1


def test_each_side_has_its_own_habits_and_a_seed_repeats_them():
    from studies.truth.second.style import draw_styles

    assert draw_styles(1) == draw_styles(1)
    assert draw_styles(1)[Side.LEFT] != draw_styles(1)[Side.RIGHT]
    assert draw_styles(1) != draw_styles(2)
