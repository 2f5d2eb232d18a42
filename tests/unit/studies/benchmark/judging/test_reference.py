"""The yardsticks find what their descriptions promise, on made-up eyes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from studies.benchmark.judging.reference import (
    ear_difference,
    eye_aspect_ratio,
    relative_difference,
)
from twitch_tracker.motion.recorder import RawMotion
from twitch_tracker.records import QualityReason
from twitch_tracker.regions import Side

Eyes = Callable[..., RawMotion]
N = 360


def open_eye() -> np.ndarray:
    return np.ones(N)


def closed(first: int, after: int, to: float) -> np.ndarray:
    """An eye that is closed to a share of its aperture between two frames."""
    aperture = open_eye()
    aperture[first:after] = to
    return aperture


def test_the_aspect_ratio_is_height_over_width(eyes: Eyes):
    """Lids 9 px apart, canthi 30 px apart."""
    assert eye_aspect_ratio(eyes(open_eye(), open_eye()))[0] == pytest.approx(0.3)


def test_one_eye_closed_by_more_than_a_quarter_is_logged_on_its_side(eyes: Eyes):
    (found,) = ear_difference(eyes(open_eye(), closed(90, 105, 0.6)))
    assert found.side is Side.RIGHT
    assert found.span.start_s == pytest.approx(3.0)
    assert found.span.duration_s == pytest.approx(0.5)


def test_a_quarter_is_the_limit_and_bilateral_blinks_are_nothing(eyes: Eyes):
    assert ear_difference(eyes(open_eye(), closed(90, 105, 0.76))) == ()
    blink = closed(90, 97, 0.1)
    assert ear_difference(eyes(blink, blink)) == ()


def test_pieces_less_than_a_tenth_of_a_second_apart_are_one(eyes: Eyes):
    near, far = closed(90, 95, 0.4), closed(90, 95, 0.4)
    near[97:100] = 0.4  # 2 frames between
    far[99:102] = 0.4  # 4 frames between
    assert len(ear_difference(eyes(near, open_eye()))) == 1
    assert len(ear_difference(eyes(far, open_eye()))) == 2


def test_the_relative_difference_is_logged_on_the_more_variable_side(eyes: Eyes):
    found = relative_difference(eyes(closed(120, 150, 0.4), open_eye()))
    assert {episode.side for episode in found} == {Side.LEFT}
    assert any(e.span.start_s <= 4.5 <= e.span.end_s for e in found)


def test_the_relative_difference_needs_four_frames(eyes: Eyes):
    """A trembling eye: many short excursions, of which only longer ones count."""
    trembling = 1 + np.random.default_rng(1).normal(0, 0.1, N)
    found = relative_difference(eyes(trembling, open_eye()))
    assert found
    assert min(e.span.duration_s for e in found) >= 4 / 30 - 1e-6


def test_blinks_of_the_healthy_eye_are_left_out(eyes: Eyes):
    left = np.minimum(closed(120, 150, 0.4), closed(250, 258, 0.05))
    found = relative_difference(eyes(left, closed(250, 258, 0.1)))
    assert found
    assert not any(e.span.start_s < 8.7 and e.span.end_s > 8.25 for e in found)


@pytest.mark.parametrize("rule", [ear_difference, relative_difference])
def test_nothing_measurable_gives_nothing(eyes: Eyes, rule: Callable[..., tuple]):
    raw = eyes(open_eye()[:3], open_eye()[:3])
    unseen = RawMotion(**{**vars(raw), "reasons": ((QualityReason.NO_FACE,),) * 3})
    assert rule(unseen) == ()
    assert rule(raw) == ()
