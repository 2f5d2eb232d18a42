"""Candidates that are no bursts are refused, and told why in words."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.episodes.rules import Candidate, refusal
from twitch_tracker.episodes.spans import find_spans
from twitch_tracker.regions import Side

PARAMS = EpisodeParams()


@pytest.fixture
def time_s(clock):
    return clock.even(30, 10)


@pytest.fixture
def judge(time_s):
    """Judge the one candidate on the right that a drive makes, 8 deviations high."""

    def judged(drive, left, right, peak=8.0):
        score = peak * drive
        (frames,) = find_spans(
            score, time_s, np.full(len(time_s), 1 / 30), enter=2.0, leave=1.2
        )
        candidate = Candidate(side=Side.RIGHT, frames=frames, score=score)
        closed = np.stack(np.broadcast_arrays(left, right, time_s)[:2], axis=1)
        return refusal(candidate, closed, time_s, PARAMS)

    return judged


def test_a_brisk_closure_of_one_eye_is_kept(judge, time_s, shapes):
    drive = shapes.bump(time_s, 5.0, 0.3)
    assert judge(drive, left=0.0, right=0.8 * drive) is None


def test_weak_evidence_is_refused_with_both_numbers(judge, time_s, shapes):
    drive = shapes.bump(time_s, 5.0, 0.3)
    reason = judge(drive, left=0.0, right=0.2 * drive, peak=2.6)
    assert reason == f"too_weak(2.6,{PARAMS.enter_sd:.1f})"


def test_an_unequal_blink_is_refused_as_one(judge, time_s, shapes):
    """The left eye closes by half as much, at the same moment."""
    drive = shapes.bump(time_s, 5.0, 0.3)
    reason = judge(drive, left=0.45 * drive, right=0.9 * drive)
    assert reason == "unequal_blink"


def test_a_faint_tremor_of_the_other_lid_is_not_a_blink(judge, time_s, shapes):
    drive = shapes.bump(time_s, 5.0, 0.3)
    assert judge(drive, left=0.1 * drive, right=0.9 * drive) is None


def test_eyes_that_close_one_after_the_other_did_not_blink(judge, time_s, shapes):
    drive = shapes.bump(time_s, 5.0, 0.4)
    later = shapes.bump(time_s, 5.2, 0.3)
    assert judge(drive, left=0.45 * later, right=0.9 * drive) is None


def test_a_longer_burst_may_have_a_blink_in_it(judge, time_s, shapes):
    drive = shapes.hold(time_s, 4.5, 5.5)
    blink = shapes.bump(time_s, 5.0, 0.3)
    assert judge(drive, left=blink, right=np.maximum(drive, blink)) is None


def test_a_lid_that_was_half_closed_before_did_not_close(judge, time_s, shapes):
    """The left eye squints all the time at a quarter; only the right one closes."""
    drive = shapes.bump(time_s, 5.0, 0.3)
    assert judge(drive, left=0.25, right=0.9 * drive) is None


def test_a_slow_onset_is_refused_as_a_posture(judge, time_s):
    """Two seconds from nothing to its height."""
    drive = np.clip((time_s - 4) / 2, 0, 1) * (time_s < 8)
    reason = judge(drive, left=0.0, right=0.5 * drive)
    assert reason == "slow"


def test_what_was_there_from_the_first_frame_is_not_called_slow(judge, time_s):
    """The right eye is half closed when the recording begins, until second 3."""
    drive = np.clip((3.0 - time_s) / 2.0, 0, 1)
    reason = judge(drive, left=0.0, right=0.5 * drive)
    assert reason == "already_there"
