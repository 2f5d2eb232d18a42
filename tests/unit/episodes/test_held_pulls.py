"""Pulls of a mouth corner that last: one burst from step to step, or none."""

from __future__ import annotations

import numpy as np
import pytest
from pulled_mouths import held, pulled

from twitch_tracker.episodes.held_pulls import held_pulls
from twitch_tracker.episodes.network.certainty import Certainty
from twitch_tracker.episodes.network.features import paced
from twitch_tracker.episodes.network.learned import LearnedDetector
from twitch_tracker.episodes.pulls import PULL_TRAITS, PULLS, pulls
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.networks import shipped_folder
from twitch_tracker.regions import Region, Side

PACE_HZ = 30


def sure(raw):
    """What the weights are sure of."""
    weights = Certainty.load(shipped_folder(), PULLS, PULL_TRAITS)
    found = pulls(paced(measure_motion(raw)))
    return [p for p in found if weights.confidence(p.traits) >= 0.65]


@pytest.mark.parametrize("spans", [[(10, 19)], [(20, 70)], [(8, 10), (25, 60)]])
def test_a_pull_of_any_length_is_one_and_not_its_edges(face, spans):
    """A level of the last seconds made of one minute two bursts of half a second."""
    seen = sure(pulled(face, spans, lasts_s=spans[-1][1] + 12))
    assert [p.side for p in seen] == [Side.RIGHT] * len(spans)
    for pull, (start_s, end_s) in zip(seen, spans, strict=True):
        assert pull.span.start_s == pytest.approx(start_s, abs=0.15)
        assert pull.span.end_s == pytest.approx(end_s, abs=0.15)


def test_the_detector_logs_a_long_pull_once(face):
    """In a recording of which it fills two thirds, too."""
    raw = pulled(face, [(20, 100)], lasts_s=120)
    (burst,) = LearnedDetector().detect(measure_motion(raw)).episodes
    assert burst.side is Side.RIGHT
    assert burst.span.duration_s == pytest.approx(80, abs=0.3)
    assert Region.MOUTH_CORNER in burst.regions
    assert Region.EYELID not in burst.regions


def test_a_pull_whose_end_nobody_filmed_lasts_to_the_end(face):
    (pull,) = sure(pulled(face, [(10, 60)], lasts_s=30))
    assert pull.span.end_s == pytest.approx(30, abs=0.15)


def test_a_pause_between_pulls_of_one_side_is_no_pull_of_the_other(face):
    """The corner that lets go moves the mouth to the other side, and it grows even."""
    spans = [(4, 9), (14, 19), (24, 29), (34, 39)]
    time_s = np.arange(50 * PACE_HZ) / PACE_HZ
    drive = held(time_s, spans)
    raw = face.film(
        time_s,
        # a mouth that is drawn to one side as a whole
        pull_mm={Side.RIGHT: 5.0 * drive, Side.LEFT: -5.5 * drive},
        noise_px=0.15,
    )
    assert {p.side for p in sure(raw)} <= {Side.RIGHT}


def steps(height_io, spans, lasts_s, rise_s=0.06):
    """Place of a mouth corner that is drawn out, and its times."""
    time_s = np.arange(round(lasts_s * PACE_HZ)) / PACE_HZ
    noise = np.random.default_rng(1).normal(0, 0.001, len(time_s))
    return height_io * held(time_s, spans, rise_s) + noise, time_s


def test_both_edges_must_be_steps():
    own, time_s = steps(0.03, [(5, 20)], 30)
    assert len(held_pulls(own, own, time_s)) == 1
    creeping, _ = steps(0.03, [(5, 20)], 30, rise_s=3.0)
    assert held_pulls(creeping, creeping, time_s) == []
    back = np.where(time_s > 12, np.minimum(own, 0.03 * (20 - time_s) / 8), own)
    assert held_pulls(back, back, time_s) == []


def test_it_must_move_by_itself_and_beyond_the_other_one():
    own, time_s = steps(0.03, [(5, 20)], 30)
    still = np.zeros(len(time_s))
    assert held_pulls(own, still, time_s) == []
    assert held_pulls(still, own, time_s) == []


def test_what_was_not_measured_ends_it():
    own, time_s = steps(0.03, [(5, 20)], 30)
    own[(time_s > 12) & (time_s < 14)] = np.nan
    (pull,) = held_pulls(own, own, time_s)
    assert pull.span.end_s == pytest.approx(12, abs=0.1)


def test_nothing_is_found_in_nothing():
    assert held_pulls(np.zeros(0), np.zeros(0), np.zeros(0)) == []
    unknown = np.full(300, np.nan)
    assert held_pulls(unknown, unknown, np.arange(300) / PACE_HZ) == []


def test_a_corner_that_comes_back_to_its_place_is_no_pull_without_end():
    """Brows that rise for a second draw it down; back at rest it stays for ever."""
    down, time_s = steps(-0.025, [(15, 16.4)], 30)
    assert held_pulls(down, down, time_s) == []
    late, _ = steps(-0.025, [(9, 14)], 30)
    assert held_pulls(late, late, time_s) == []


@pytest.mark.parametrize(
    "spans", [[(10, 40)], [(4, 12), (13, 40)], [(2, 20), (24, 40)]]
)
def test_a_pull_after_another_one_may_last_to_the_end(spans):
    own, time_s = steps(0.03, spans, 30)
    found = held_pulls(own, own, time_s)
    assert len(found) == len(spans)
    assert found[-1].span.end_s == pytest.approx(30, abs=0.1)
