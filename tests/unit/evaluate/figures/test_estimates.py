"""Intervals by face, and the shapes of figures, against plain ways to get them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import spearmanr

from twitch_tracker.evaluate.figures.estimates import (
    Median,
    RankCorrelation,
    Share,
    estimate,
)
from twitch_tracker.evaluate.figures.measures import measures
from twitch_tracker.evaluate.matching import match_bursts
from twitch_tracker.evaluate.recordings import RecordingScore


@pytest.fixture
def faces():
    """Three faces with 2, 1 and 3 recordings; `values` are kept beside them."""

    def make(face: str, minutes: float) -> RecordingScore:
        return RecordingScore(
            face=face,
            activity="",
            analysable_s=60 * minutes,
            matching=match_bursts([], []),
        )

    return [make("a", 1), make("a", 2), make("b", 3), make("c", 4), make("c", 5)]


def plainly(scores, statistic, draws=300):
    """The bootstrap written out: draw faces, pool, compute, take percentiles."""
    names = list(dict.fromkeys(score.face for score in scores))
    picks = np.random.default_rng(0).integers(len(names), size=(draws, len(names)))
    found = []
    for pick in picks:
        drawn = [s for i in pick for s in scores if s.face == names[i]]
        found.append(statistic(drawn))
    return np.percentile([f for f in found if math.isfinite(f)], (2.5, 97.5))


def values(score):
    """Some numbers that depend on the recording, one of them unknown."""
    k = score.analysable_s / 60
    return [k, k**2, -k, math.nan]


def pairs(score):
    k = score.analysable_s / 60
    return [(k, k**2), (k + 0.5, 3.0), (k, math.nan), (-k, k)]


def test_a_median_is_that_of_the_pooled_values(faces):
    def plain(scores):
        pooled = [v for s in scores for v in values(s) if math.isfinite(v)]
        return float(np.median(pooled))

    found = estimate(Median(values), faces, draws=300)
    assert found.value == plain(faces)
    assert (found.low, found.high) == pytest.approx(tuple(plainly(faces, plain)))


def test_a_share_adds_first_and_divides_last(faces):
    def plain(scores):
        return sum(values(s)[1] for s in scores) / sum(values(s)[0] for s in scores)

    share = Share(lambda s: values(s)[1], lambda s: values(s)[0], bounded=False)
    found = estimate(share, faces, draws=300)
    assert found.value == plain(faces)
    assert (found.low, found.high) == pytest.approx(tuple(plainly(faces, plain)))


def test_a_rank_correlation_is_spearmans_also_with_ties(faces):
    def plain(scores):
        known = [p for s in scores for p in pairs(s) if all(map(math.isfinite, p))]
        return float(spearmanr(*zip(*known, strict=True)).statistic)

    found = estimate(RankCorrelation(pairs), faces, draws=300)
    assert found.value == pytest.approx(plain(faces))
    assert (found.low, found.high) == pytest.approx(tuple(plainly(faces, plain)))


@pytest.mark.parametrize(
    ("above", "low", "high"),
    [(0, 0.0, 1 - 0.025 ** (1 / 10)), (2, 0.025 ** (1 / 10), 1.0)],
)
def test_none_and_all_of_ten_are_not_certain(faces, above, low, high):
    """Clopper and Pearson: 0 of 10 may be up to 31 %, 10 of 10 at least 69 %."""
    found = estimate(Share(lambda _: above, lambda _: 2), faces)
    assert (found.low, found.high) == pytest.approx((low, high))
    assert round(1 - 0.025 ** (1 / 10), 2) == 0.31


def test_no_alarm_in_fifteen_minutes_may_still_be_one_in_four(faces):
    """Poisson: the upper end for no event is 3.69 / time."""
    found = estimate(measures()["false_alarms_per_min"], faces)
    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(3.689 / 15, rel=1e-3)


def test_nothing_to_count_gives_nan_and_no_warning(faces):
    for name, measure in measures().items():
        found = estimate(measure, faces, draws=20)
        if "alarms" in name or name == "rate_correlation":
            continue
        assert math.isnan(found.value), name
