"""Figures of a small judged set whose right answers can be worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from twitch_tracker.evaluate.figures.estimates import estimate
from twitch_tracker.evaluate.figures.measures import measures
from twitch_tracker.evaluate.matching import match_bursts
from twitch_tracker.evaluate.recordings import RecordingScore
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import Region, Side


@pytest.fixture
def scores(burst):
    """Two faces. Ann: two of three found, one false alarm in a minute. Bob: one of
    one found, and once the wrong side, in two minutes.
    """
    ann = match_bursts(
        [burst(1, 2), burst(5, 6), burst(9, 10)],
        [burst(1.1, 2.1), burst(5.0, 6.0), burst(20, 21)],
    )
    bob = match_bursts(
        [burst(1, 3, excursion_mm=4.0), burst(9, 10)],
        [burst(1, 2, excursion_mm=3.0), burst(9, 10, Side.LEFT)],
    )
    return [
        RecordingScore(face="ann", activity="rest", analysable_s=60.0, matching=ann),
        RecordingScore(face="bob", activity="talk", analysable_s=120.0, matching=bob),
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sensitivity", 3 / 5),
        ("precision", 3 / 5),
        ("f1", 3 / 5),
        ("false_alarms_per_min", 2 / 3),
        ("count_error", 0.0),
        ("wrong_side_share", 1 / 5),
        ("onset_error_s", 0.0),
        ("offset_error_s", 0.1),
        ("duration_ratio", 1.0),
        ("kind_agreement", 1.0),
        ("region_agreement", 1.0),
    ],
)
def test_figures_are_pooled_over_recordings(scores, name, value):
    assert measures()[name](scores) == pytest.approx(value)


def test_without_any_burst_shares_are_not_defined_but_alarms_are(burst):
    quiet = RecordingScore(
        face="eve",
        activity="rest",
        analysable_s=120.0,
        matching=match_bursts([], [burst(1, 2)]),
    )
    found = {name: measure([quiet]) for name, measure in measures().items()}
    assert math.isnan(found["sensitivity"])
    assert math.isnan(found["count_error"])
    assert found["precision"] == 0.0
    assert found["false_alarms_per_min"] == pytest.approx(0.5)


def test_regions_agree_by_jaccard_and_contractions_within_one(burst):
    truth = burst(
        1, 2, regions=(Region.EYELID, Region.CHEEK), contractions=4, excursion_mm=1.0
    )
    near = burst(1, 2, contractions=5)
    far = burst(5, 6, contractions=9)
    score = RecordingScore(
        face="ann",
        activity="rest",
        analysable_s=60.0,
        matching=match_bursts([truth, burst(5, 6, contractions=4)], [near, far]),
    )
    assert measures()["region_agreement"]([score]) == pytest.approx((0.5 + 1.0) / 2)
    assert measures()["contractions_within_one"]([score]) == pytest.approx(0.5)


def test_contraction_counts_of_held_bursts_do_not_count(burst):
    tonic = burst(1, 2, kind=EpisodeKind.TONIC, contractions=1)
    score = RecordingScore(
        face="ann",
        activity="rest",
        analysable_s=60.0,
        matching=match_bursts([tonic], [burst(1, 2, contractions=9)]),
    )
    assert math.isnan(measures()["contractions_within_one"]([score]))
    assert measures()["kind_agreement"]([score]) == 0.0


def test_what_the_log_leaves_open_is_not_right_and_set_apart(burst):
    clonic = [burst(t, t + 1, contractions=4) for t in (1, 4)]
    logged = [clonic[0], replace(clonic[1], kind=None, contractions=None)]
    score = RecordingScore(
        face="ann",
        activity="rest",
        analysable_s=60.0,
        matching=match_bursts(clonic, logged),
    )
    found = {name: measure([score]) for name, measure in measures().items()}
    for name in ("kind_agreement", "contractions_within_one"):
        assert found[name] == 0.5
        assert found[f"{name}_claimed"] == 1.0


@pytest.mark.parametrize(("grows", "expected"), [(True, 1.0), (False, -1.0)])
def test_amplitude_correlation_is_of_ranks(burst, grows, expected):
    mm = [1.0, 2.0, 4.0, 8.0]
    truth = [
        burst(t, t + 1, excursion_mm=v) for t, v in zip((1, 4, 7, 10), mm, strict=False)
    ]
    said = [v**2 if grows else -v for v in mm]
    logged = [
        burst(t, t + 1, excursion_mm=v)
        for t, v in zip((1, 4, 7, 10), said, strict=False)
    ]
    score = RecordingScore(
        face="a", activity="rest", analysable_s=60, matching=match_bursts(truth, logged)
    )
    found = measures()["amplitude_correlation"]([score])
    assert found == pytest.approx(expected)


def test_the_interval_draws_faces_and_holds_the_value(scores):
    """With two faces each resample is one of ann-ann, ann-bob, bob-bob."""
    found = estimate(measures()["sensitivity"], scores, draws=500)
    assert found.value == pytest.approx(3 / 5)
    assert found.low == pytest.approx(1 / 2)
    assert found.high == pytest.approx(2 / 3)


def test_the_interval_is_the_same_every_time(scores):
    f1 = measures()["f1"]
    assert estimate(f1, scores, draws=50) == estimate(f1, scores, draws=50)


def test_a_single_face_has_no_interval(scores):
    found = estimate(measures()["f1"], scores[:1])
    assert math.isfinite(found.value)
    assert math.isnan(found.low)
    assert math.isnan(found.high)
