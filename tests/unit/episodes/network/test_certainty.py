"""Confidence: what a candidate is judged by, and weights that can be read."""

from __future__ import annotations

import json

import numpy as np
import pytest

from twitch_tracker.episodes.network.burstnet import Verdict
from twitch_tracker.episodes.network.certainty import (
    CERTAINTY,
    TRAITS,
    Certainty,
    traits,
)
from twitch_tracker.episodes.network.features import CHANNELS, FEATURES
from twitch_tracker.episodes.rules import Candidate
from twitch_tracker.episodes.spans import FrameSpan
from twitch_tracker.errors import WeightsCorrupt, WeightsMissing
from twitch_tracker.networks import shipped_folder
from twitch_tracker.regions import SIDES, Side
from twitch_tracker.timebase import Interval


def candidate(first, end, fps=30.0, side=Side.LEFT):
    span = Interval(start_s=first / fps, end_s=end / fps)
    frames = FrameSpan(first=first, end=end, span=span)
    return Candidate(side=side, frames=frames, score=np.zeros(200))


def told(log_odds, fps=30.0, **where):
    n = len(log_odds)
    verdict = Verdict(
        log_odds=log_odds,
        seen=np.zeros((0, 2, FEATURES), np.float32),  # lids not measured
        seen_time_s=np.zeros(0),
    )
    seen = candidate(**where, fps=fps)
    values = traits(seen, verdict, np.full(n, 1 / fps))
    return dict(zip(TRAITS, values, strict=True))


def test_a_candidate_is_summed_up():
    log_odds = np.full((60, 2), -6.0)
    log_odds[10:40, 0] = 1.0
    log_odds[20:25, 0] = 4.0
    seen = told(log_odds, first=10, end=40)
    assert seen["strongest"] == pytest.approx(4.0)
    assert seen["mean"] == pytest.approx(1.5)


def test_frames_that_were_not_measured_are_left_out():
    log_odds = np.full((60, 2), 2.0)
    log_odds[15:18] = np.nan
    seen = told(log_odds, first=10, end=40)
    assert seen["mean"] == pytest.approx(2.0)


def test_how_long_it_lasts_is_told_by_its_logarithm():
    """Twice as long is as much more for a blink's length as for a minute's."""
    log_odds = np.zeros((1800, 2))
    lasted = [
        told(log_odds, first=0, end=n)["log_duration"] for n in (6, 12, 900, 1800)
    ]
    assert lasted[1] - lasted[0] == pytest.approx(np.log(2))
    assert lasted[3] - lasted[2] == pytest.approx(np.log(2))
    assert lasted[3] == pytest.approx(np.log(60))


@pytest.mark.parametrize("side", list(Side))
def test_an_eye_that_is_narrower_all_the_time_is_not_closing(side):
    """Closure beyond the other eye counts against just before and just after."""
    time_s = np.arange(0, 12, 1 / 30)
    seen = np.zeros((len(time_s), 2, FEATURES), np.float32)
    seen[:, :, -1] = 1.0
    lid_alone = [3, 7]  # by mesh and by look

    def closing(usual, within):
        told_now = seen.copy()
        inside = (time_s >= 5.0) & (time_s <= 7.0)
        for place in lid_alone:
            told_now[:, SIDES.index(side), place] = np.where(inside, within, usual)
        verdict = Verdict(
            log_odds=np.zeros((len(time_s), 2)),
            seen=told_now,
            seen_time_s=time_s,
        )
        which = candidate(150, 210, side=side)
        values = traits(which, verdict, np.full(len(time_s), 1 / 30))
        return dict(zip(TRAITS, values, strict=True))["closing"]

    assert closing(0.0, 0.4) == pytest.approx(0.4, abs=1e-6)
    assert closing(0.3, 0.35) == pytest.approx(0.05, abs=1e-6)
    assert closing(0.4, 0.4) == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("side", list(Side))
def test_a_mouth_corner_that_is_drawn_all_the_time_is_not_pulling(side):
    """A held pull and a train of pulls count, against just before and just after."""
    time_s = np.arange(0, 12, 1 / 30)
    seen = np.zeros((len(time_s), 2, FEATURES), np.float32)
    seen[:, :, -1] = 1.0
    names = [channel.name for channel in CHANNELS]
    mouth_alone = 4 * names.index("mouth") + 3
    inside = (time_s >= 5.0) & (time_s <= 7.0)

    def pulling(usual, within):
        told_now = seen.copy()
        moved = np.where(inside, within, usual)
        told_now[:, SIDES.index(side), mouth_alone] = moved
        verdict = Verdict(
            log_odds=np.zeros((len(time_s), 2)),
            seen=told_now,
            seen_time_s=time_s,
        )
        which = candidate(150, 210, side=side)
        values = traits(which, verdict, np.full(len(time_s), 1 / 30))
        return dict(zip(TRAITS, values, strict=True))["pulling"]

    assert pulling(0.0, 1.5) == pytest.approx(1.5, abs=1e-6)
    assert pulling(1.5, 1.5) == pytest.approx(0.0, abs=1e-6)
    jerks = np.where(np.sin(2 * np.pi * 4 * time_s) > 0, 1.5, 0.0)
    assert pulling(0.0, jerks) > 1.0


def test_what_fills_the_whole_recording_is_held_against_nothing():
    time_s = np.arange(60) / 30
    seen = np.ones((60, 2, FEATURES), np.float32)  # closed and measured throughout
    verdict = Verdict(
        log_odds=np.full((60, 2), 3.0),
        seen=seen,
        seen_time_s=time_s,
    )
    values = traits(candidate(0, 60), verdict, np.full(60, 1 / 30))
    summed = dict(zip(TRAITS, values, strict=True))
    assert summed["closing"] == summed["pulling"] == 0.0


def test_what_was_not_measured_says_nothing_of_closing():
    log_odds = np.zeros((60, 2))
    summed = told(log_odds, first=10, end=40)
    assert summed["closing"] == summed["pulling"] == 0.0


@pytest.mark.parametrize("fps", [15.0, 60.0])
def test_the_frame_rate_does_not_matter(fps):
    """The same second with a strongest sixth of it."""
    n = round(fps)
    log_odds = np.full((n, 2), 1.0)
    log_odds[: round(n / 6), 0] = 5.0
    seen = told(log_odds, fps=fps, first=0, end=n)
    assert seen["strongest"] == pytest.approx(5.0, abs=0.5)
    assert seen["mean"] == pytest.approx(1.0 + 4 / 6, abs=0.2)
    assert seen["log_duration"] == pytest.approx(0.0)


def test_the_shipped_weights_can_be_read_and_make_sense():
    """More evidence, more closing and more pulling are never less certain."""
    shipped = Certainty.load(shipped_folder())
    assert len(shipped.weights) == len(TRAITS)
    values = np.array([2.0, 1.0, 0.0, 0.3, 0.3])
    here = shipped.confidence(values)
    assert 0 < here < 1
    assert shipped.confidence(values + np.array([2.0, 2.0, 0, 0, 0])) > here
    assert shipped.confidence(values - np.array([0, 0, 0, 0.3, 0])) < here
    assert shipped.confidence(values - np.array([0, 0, 0, 0, 0.3])) < here


def test_confidence_stays_a_chance_for_any_evidence():
    weights = Certainty(intercept=0.0, weights=(1e6, *[0.0] * (len(TRAITS) - 1)))
    values = np.array([1e6, *[0.0] * (len(TRAITS) - 1)])
    assert 0.0 <= weights.confidence(-values) < 0.001
    assert 0.999 < weights.confidence(values) <= 1.0


def test_missing_weights_are_named(tmp_path):
    with pytest.raises(WeightsMissing, match=r"certainty\.json.*Install"):
        Certainty.load(tmp_path)


@pytest.mark.parametrize("text", ["{", '{"intercept": 1}', "[]"])
def test_damaged_weights_are_named(tmp_path, text):
    (tmp_path / CERTAINTY).write_text(text)
    with pytest.raises(WeightsCorrupt, match="strongest"):
        Certainty.load(tmp_path)


def test_a_weight_too_few_is_named(tmp_path):
    weights = dict.fromkeys(TRAITS[:-1], 1.0)
    content = json.dumps({"intercept": 0, "weights": weights})
    (tmp_path / CERTAINTY).write_text(content)
    with pytest.raises(WeightsCorrupt, match=TRAITS[-1]):
        Certainty.load(tmp_path)
