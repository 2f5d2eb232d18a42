"""Confidence: what a candidate is judged by, and weights that can be read."""

from __future__ import annotations

import json

import numpy as np
import pytest

from twitch_tracker.episodes.network.burstnet import Verdict, quiet_moments
from twitch_tracker.episodes.network.certainty import (
    CERTAINTY,
    MOST_CLOSING,
    MOST_STRONGEST,
    TRAITS,
    Certainty,
    traits,
)
from twitch_tracker.episodes.network.features import FEATURES
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
    verdict = Verdict(
        log_odds=np.zeros_like(log_odds),  # asked of the course, not here
        movement_log_odds=log_odds,
        seen=np.zeros((0, 2, FEATURES), np.float32),  # lids not measured
        seen_time_s=np.zeros(0),
        quiet=np.zeros(0, bool),
    )
    seen = candidate(**where, fps=fps)
    values = traits(seen, verdict)
    return dict(zip(TRAITS, values, strict=True))


def test_the_strongest_contraction_says_how_strong_a_candidate_is():
    log_odds = np.full((60, 2), -6.0)
    log_odds[10:40, 0] = 1.0
    log_odds[20:25, 0] = 3.0
    assert told(log_odds, first=10, end=40)["strongest_movement"] == pytest.approx(3.0)


def test_what_an_eye_looks_like_all_the_time_makes_nothing_certain():
    """The network is sure of a burst, and not of any movement."""
    verdict = Verdict(
        log_odds=np.full((60, 2), 4.0),
        movement_log_odds=np.full((60, 2), -3.0),
        seen=np.zeros((0, 2, FEATURES), np.float32),
        seen_time_s=np.zeros(0),
        quiet=np.zeros(0, bool),
    )
    values = traits(candidate(10, 40), verdict)
    seen = dict(zip(TRAITS, values, strict=True))
    assert seen["strongest_movement"] == pytest.approx(-3.0)
    assert Certainty.load(shipped_folder()).confidence(values) < 0.2


def test_a_moment_says_little_of_a_long_stretch():
    """Half a second of evidence: all of a burst of as long, a twelfth of six seconds."""
    log_odds = np.full((180, 2), -1.0)
    log_odds[:15, 0] = 4.0
    short, long = (told(log_odds, first=0, end=n) for n in (15, 180))
    assert short["strongest_movement"] == pytest.approx(4.0)
    assert long["strongest_movement"] == pytest.approx(-1.0)


def test_evidence_beyond_a_bound_says_nothing_more():
    found = [
        told(np.full((60, 2), most), first=10, end=40)["strongest_movement"]
        for most in (6, 9)
    ]
    assert found[0] == found[1] == MOST_STRONGEST


def test_frames_that_were_not_measured_are_left_out():
    log_odds = np.full((60, 2), 2.0)
    log_odds[15:18] = np.nan
    seen = told(log_odds, first=10, end=40)
    assert seen["strongest_movement"] == pytest.approx(2.0)


def test_a_contraction_of_a_minute_is_as_certain_as_one_of_a_second():
    log_odds = np.full((1800, 2), 2.0)
    short, long = (told(log_odds, first=0, end=n) for n in (30, 1800))
    assert short == long


TIME_S = np.arange(0, 12, 1 / 30)
INSIDE = (TIME_S >= 5.0) & (TIME_S <= 7.0)


def closing(side, mesh, look, log_odds=None):
    """What is read of an eye whose closure beyond the other one is given, (m,) each."""
    seen = np.zeros((len(TIME_S), 2, FEATURES), np.float32)
    seen[:, :, -1] = 1.0
    for place, values in ((3, mesh), (7, look)):
        seen[:, SIDES.index(side), place] = values
    if log_odds is None:
        log_odds = np.full((len(TIME_S), 2), -3.0)
    verdict = Verdict(
        log_odds=log_odds,
        movement_log_odds=log_odds,
        seen=seen,
        seen_time_s=TIME_S,
        quiet=quiet_moments(log_odds, TIME_S, TIME_S),
    )
    values = traits(candidate(150, 210, side=side), verdict)
    return dict(zip(TRAITS, values, strict=True))["closing"]


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize(
    ("usual", "within", "read"), [(0.0, 0.4, 0.4), (0.3, 0.35, 0.05), (0.4, 0.4, 0.0)]
)
def test_an_eye_that_is_narrower_all_the_time_is_not_closing(side, usual, within, read):
    """Closure beyond the other eye counts against just before and just after."""
    lid = np.where(INSIDE, within, usual)
    assert closing(side, lid, lid) == pytest.approx(read, abs=1e-6)


def test_what_only_the_mesh_or_only_the_look_sees_is_not_closing():
    """Each errs by glasses, hair or light; seldom both."""
    lid = np.where(INSIDE, 0.6, 0.0)
    nothing = np.zeros(len(TIME_S))
    assert closing(Side.LEFT, lid, lid) == MOST_CLOSING
    assert closing(Side.LEFT, lid, nothing) == closing(Side.LEFT, nothing, lid) == 0.0


def test_the_other_eye_opening_after_its_own_burst_is_not_closing():
    """Held against the end of that burst this eye seemed to close."""
    other_held = TIME_S < 4.95
    lid = np.where(other_held, -0.5, 0.0)
    log_odds = np.full((len(TIME_S), 2), -3.0)
    log_odds[other_held, SIDES.index(Side.RIGHT)] = 3.0
    lid_after = np.where(TIME_S > 7.0, -0.5, lid)
    log_odds[TIME_S > 7.1, SIDES.index(Side.RIGHT)] = 3.0
    assert closing(Side.LEFT, lid_after, lid_after, log_odds) < 0.05


def test_what_fills_the_whole_recording_is_held_against_nothing():
    time_s = np.arange(60) / 30
    seen = np.ones((60, 2, FEATURES), np.float32)  # closed and measured throughout
    verdict = Verdict(
        log_odds=np.full((60, 2), 3.0),
        movement_log_odds=np.full((60, 2), 3.0),
        seen=seen,
        seen_time_s=time_s,
        quiet=np.zeros(60, bool),
    )
    values = traits(candidate(0, 60), verdict)
    assert dict(zip(TRAITS, values, strict=True))["closing"] == 0.0


def test_what_was_not_measured_says_nothing_of_closing():
    log_odds = np.zeros((60, 2))
    summed = told(log_odds, first=10, end=40)
    assert summed["closing"] == 0.0


@pytest.mark.parametrize("fps", [15.0, 60.0])
def test_the_frame_rate_does_not_matter(fps):
    """The same second with a strongest fifth of it."""
    n = round(fps)
    log_odds = np.full((n, 2), 1.0)
    log_odds[: round(n / 5), 0] = 3.0
    seen = told(log_odds, fps=fps, first=0, end=n)
    assert seen["strongest_movement"] == pytest.approx(3.0, abs=0.4)


def test_the_shipped_weights_can_be_read_and_make_sense():
    """More evidence and more closing are never less certain."""
    shipped = Certainty.load(shipped_folder())
    assert len(shipped.weights) == len(TRAITS)
    values = np.array([2.0, 0.2])
    here = shipped.confidence(values)
    assert 0 < here < 1
    assert shipped.confidence(values + np.array([1.0, 0.0])) > here
    assert shipped.confidence(values + np.array([0.0, 0.2])) > here


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
