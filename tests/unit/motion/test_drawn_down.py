"""The mouth corners followed outward and down."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.motion.drawn_down import drawn_down
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.regions import Region, Side

TIME_S = np.arange(300) / 30
LATE = TIME_S >= 5.0


def mouth_mm(motion, side):
    """How far the mouth corner moved after five seconds, in millimetres."""
    moved = motion.scores["position_mm"].of(Region.MOUTH_CORNER, side)
    return float(np.median(moved[LATE]) - np.median(moved[~LATE]))


def test_a_corner_drawn_down_moves_as_far_as_it_was_drawn(face):
    motion = measure_motion(face.film(TIME_S, down_mm={Side.LEFT: 5.0 * LATE}))
    down = drawn_down(motion)
    assert mouth_mm(down, Side.LEFT) == pytest.approx(5.0, abs=0.3)
    assert mouth_mm(down, Side.RIGHT) == pytest.approx(0.0, abs=0.3)
    assert mouth_mm(motion, Side.LEFT) < 2.0


def test_everything_else_stays(face):
    motion = measure_motion(face.film(TIME_S, down_mm={Side.LEFT: 5.0 * LATE}))
    down = drawn_down(motion)
    for name, score in motion.scores.items():
        for region in Region:
            if name.startswith(("position", "place")) and region is Region.MOUTH_CORNER:
                continue
            np.testing.assert_array_equal(
                down.scores[name].of_both(region), score.of_both(region)
            )
    assert motion.scores["position_io"] is not down.scores["position_io"]


def test_signals_of_an_earlier_version_have_no_such_view(face):
    motion = measure_motion(face.film(TIME_S))
    assert drawn_down(replace(motion, commissure_down_io=None)) is None
