"""Blinks of which one eye shows less are told from a spasm of one eye."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.episodes.network.burstnet import Verdict
from twitch_tracker.episodes.network.conjugate import (
    LONGEST_S,
    MIRRORED_MOST,
    mirrored_share,
)
from twitch_tracker.episodes.network.features import CHANNELS, FEATURES, PACE_HZ
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.episodes.rules import Candidate
from twitch_tracker.episodes.spans import FrameSpan
from twitch_tracker.regions import Side
from twitch_tracker.timebase import Interval

TIME_S = np.arange(round(6 * PACE_HZ)) / PACE_HZ
NAMES = [channel.name for channel in CHANNELS]


def closing(*at_s, depth=0.8, long_s=0.2):
    """One smooth closure of the eye at each moment."""
    shape = sum(np.exp(-0.5 * ((TIME_S - at) / (long_s / 4)) ** 2) for at in at_s)
    return depth * np.minimum(shape, 1.0) if at_s else np.zeros_like(TIME_S)


def share(left, right, start_s=2.65, end_s=3.35, side=Side.LEFT):
    """Ask about a candidate that is as long as a blink."""
    seen = np.zeros((len(TIME_S), 2, FEATURES), np.float32)
    for name in ("lid_mesh", "lid_look"):
        place = 4 * NAMES.index(name)
        seen[:, 0, place], seen[:, 0, place + 1] = left, right
        seen[:, 1, place], seen[:, 1, place + 1] = right, left
    n = len(TIME_S)
    verdict = Verdict(
        log_odds=np.zeros((n, 2)),
        movement_log_odds=np.zeros((n, 2)),
        seen=seen,
        seen_time_s=TIME_S,
        quiet=np.ones(n, bool),
    )
    span = Interval(start_s=start_s, end_s=end_s)
    frames = FrameSpan(first=0, end=n, span=span)
    return mirrored_share(
        Candidate(side=side, frames=frames, score=np.zeros(n)), verdict
    )


def test_a_closure_of_one_eye_is_not_mirrored():
    assert share(closing(3.0), closing()) == 0.0


def test_a_little_leak_to_the_other_eye_is_not_enough():
    assert share(closing(3.0), closing(3.0, depth=0.1)) < MIRRORED_MOST


@pytest.mark.parametrize("blinks", [(3.0,), (2.8, 3.2)])
def test_blinks_of_which_one_eye_shows_half_are_mirrored(blinks):
    found = share(closing(*blinks), closing(*blinks, depth=0.4))
    assert found == pytest.approx(0.5, abs=0.05)
    assert found > MIRRORED_MOST


def test_what_the_mesh_moves_along_is_no_reason_to_refuse():
    """The face landmarker moves the other eye by a quarter, and noise comes on top."""
    assert share(closing(3.0), closing(3.0, depth=0.28)) < MIRRORED_MOST


def test_one_contraction_alone_is_enough_for_a_spasm():
    """A spasm with a common blink in the middle of it."""
    both = closing(3.2)
    assert share(both, both * 0.6) > MIRRORED_MOST
    assert share(np.maximum(closing(2.8), both), both * 0.6) < MIRRORED_MOST


def test_a_blink_during_a_held_spasm_does_not_refuse_it():
    held = 0.7 * ((TIME_S > 2.7) & (TIME_S < 3.3))
    blink = closing(3.0, depth=0.9)
    assert share(np.maximum(held, blink), blink) < MIRRORED_MOST


def test_what_the_other_eye_does_at_another_time_does_not_matter():
    assert share(closing(2.8), closing(3.2)) < MIRRORED_MOST


def test_sides_are_treated_alike():
    left, right = closing(2.8, 3.2), closing(2.8, 3.2, depth=0.3)
    here = share(left, right, side=Side.LEFT)
    assert here > 0
    assert share(right, left, side=Side.RIGHT) == pytest.approx(here)


@pytest.mark.parametrize(("lasts_s", "mirrored"), [(0.79, True), (0.81, False)])
def test_what_lasts_longer_than_a_blink_is_no_blink(lasts_s, mirrored):
    """In a spasm of minutes both eyes blink, too: such a burst is never refused."""
    ends = {"start_s": 3 - lasts_s / 2, "end_s": 3 + lasts_s / 2}
    found = share(closing(3.0), closing(3.0, depth=0.4), **ends)
    assert (found > MIRRORED_MOST) is mirrored
    assert mirrored or found == 0.0


def test_the_longest_blink_is_the_same_everywhere():
    assert EpisodeParams().blink_longest_s == LONGEST_S


def test_a_burst_of_the_lower_face_alone_is_not_mirrored():
    assert share(closing(), closing()) == 0.0
