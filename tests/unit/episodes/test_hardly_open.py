"""An eye that nobody saw open is said to be so, and the other one is not blamed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.episodes.hardly_open import hardly_open
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.regions import SIDES


def quiet(face, seconds=8.0):
    """A face at rest."""
    return measure_motion(face.film(np.arange(round(30 * seconds)) / 30))


@pytest.mark.parametrize("place", [0, 1])
def test_the_side_whose_open_eye_was_not_seen_is_told_with_its_time(face, place):
    own = [True, True]
    own[place] = False
    motion = replace(quiet(face), own_open=tuple(own))
    [state] = hardly_open(motion)
    assert state.side is SIDES[place]
    assert state.span.start_s == motion.time_s[0]
    assert state.span.duration_s == pytest.approx(motion.recorded_s, abs=0.05)


def test_two_open_eyes_are_no_state(face):
    assert hardly_open(replace(quiet(face), own_open=(True, True))) == ()


def test_what_was_not_measured_is_not_called_shut(face):
    motion = replace(quiet(face), own_open=(False, False))
    blind = replace(motion, usable=np.zeros(len(motion.time_s), bool))
    assert hardly_open(blind) == ()


def test_a_moment_is_too_short_to_call_an_eye_shut(face):
    assert hardly_open(replace(quiet(face, 3.0), own_open=(False, False))) == ()
