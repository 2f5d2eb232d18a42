"""What is told of a burst: regions, order, strength, and words."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.episodes.blinks import closure as closure_of
from twitch_tracker.episodes.description.attributes import confidence_of, describe
from twitch_tracker.episodes.description.taking_part import (
    APERTURE_HEIGHT,
    LID_READ_SHARE,
    READ_SHARE,
)
from twitch_tracker.episodes.detector import GeometricDetector
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.episodes.rules import Candidate
from twitch_tracker.episodes.spans import FrameSpan
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval

NOISE_PX = 0.3
OPEN_MM = 10 * APERTURE_HEIGHT
"""Largest height between the lids of the made-up face."""


@pytest.fixture
def time_s(clock):
    return clock.even(60, 14)


@pytest.fixture
def only_burst(face, time_s):
    """Film the right side's movements and return the one burst found there."""

    def found(**moves):
        motion = face.measure(time_s, noise_px=NOISE_PX, **moves)
        (episode,) = GeometricDetector().detect(motion).episodes
        return episode

    return found


def right(drive):
    return {Side.RIGHT: drive}


def test_a_wink_is_an_eyelid_burst_on_that_side(only_burst, time_s, shapes):
    episode = only_burst(closure=right(0.8 * shapes.bump(time_s, 10.0, 0.3)))
    assert episode.side is Side.RIGHT
    assert episode.regions == (Region.EYELID,)
    assert episode.lead_region is Region.EYELID
    assert math.isnan(episode.lag_s)
    assert episode.excursion_mm == pytest.approx(
        0.8 / LID_READ_SHARE * OPEN_MM, abs=0.6
    )
    assert episode.asymmetry == pytest.approx(1.0, abs=0.03)
    assert not episode.brow_lift


def test_regions_that_moved_took_part(only_burst, time_s, shapes):
    drive = shapes.bump(time_s, 10.0, 0.4)
    episode = only_burst(
        closure=right(0.8 * drive), pull_mm=right(5 * drive), cheek_mm=right(3 * drive)
    )
    assert episode.regions == (Region.EYELID, Region.MOUTH_CORNER, Region.CHEEK)


@pytest.mark.parametrize("lag_s", [-0.10, 0.0, 0.10])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_region_that_moved_first_leads(face, time_s, shapes, lag_s, seed):
    """Mouth after eyelid is a positive lag, read to a frame and a half at 60 fps."""
    motion = face.measure(
        time_s,
        noise_px=NOISE_PX,
        seed=seed,
        closure=right(0.8 * shapes.hold(time_s, 10.0, 10.6)),
        pull_mm=right(5 * shapes.hold(time_s, 10.0 + lag_s, 10.6 + lag_s)),
    )
    (episode,) = GeometricDetector().detect(motion).episodes
    assert episode.lag_s == pytest.approx(lag_s, abs=0.026)
    if lag_s:
        leads = Region.EYELID if lag_s > 0 else Region.MOUTH_CORNER
        assert episode.lead_region is leads


def test_a_weakly_moving_mouth_does_not_seem_to_lead_by_its_noise(face, time_s, shapes):
    """Eyelid first by 0.1 s in six recordings with other noise; a mouth of 2 mm."""
    lags = []
    for seed in range(6):
        motion = face.measure(
            time_s,
            noise_px=0.6,
            seed=seed,
            closure=right(0.8 * shapes.hold(time_s, 10.0, 10.6)),
            pull_mm=right(2.0 * shapes.hold(time_s, 10.1, 10.7)),
        )
        (episode,) = GeometricDetector().detect(motion).episodes
        lags.append(episode.lag_s)
    assert np.nanmin(lags) > 0
    assert np.nanmedian(lags) == pytest.approx(0.1, abs=0.04)


def test_excursion_is_the_largest_of_the_regions_and_noise_adds_little(
    face, time_s, shapes
):
    """A closure of six tenths among six noises: they add less than a millimetre."""
    told = []
    for seed in range(6):
        motion = face.measure(
            time_s,
            noise_px=0.8,
            seed=seed,
            closure=right(0.6 * shapes.hold(time_s, 10.0, 10.4)),
            pull_mm=right(3 * shapes.hold(time_s, 10.0, 10.4)),
        )
        (episode,) = GeometricDetector().detect(motion).episodes
        told.append(episode.excursion_mm)
    assert np.mean(told) == pytest.approx(0.6 / LID_READ_SHARE * OPEN_MM, abs=0.9)


def test_without_a_scale_there_is_no_excursion_but_a_burst(face, time_s, shapes):
    drive = shapes.bump(time_s, 10.0, 0.3)
    raw = face.film(time_s, noise_px=NOISE_PX, closure=right(0.8 * drive))
    blind = replace(raw, iris_px=np.full_like(raw.iris_px, np.nan))
    (episode,) = GeometricDetector().detect(measure_motion(blind)).episodes
    assert math.isnan(episode.excursion_mm)


def test_the_more_the_other_side_moves_the_less_the_asymmetry(
    only_burst, time_s, shapes
):
    """Only the mouth of the other side moves with it."""
    drive = shapes.hold(time_s, 10.0, 10.7)
    told = [
        only_burst(
            closure=right(0.8 * drive),
            pull_mm={Side.RIGHT: 6 * drive, Side.LEFT: other * drive},
        ).asymmetry
        for other in (0.0, 3.0, 5.0)
    ]
    assert 1.0 >= told[0] > told[1] > told[2] > 0.0


def test_a_brow_that_rises_while_the_eye_closes_is_told(only_burst, time_s, shapes):
    drive = shapes.hold(time_s, 10.0, 10.6)
    lifted = only_burst(closure=right(0.8 * drive), brow_mm=right(4 * drive))
    assert lifted.brow_lift
    assert Region.BROW in lifted.regions
    assert "brow_rose" in lifted.reasons


def test_a_brow_that_falls_with_the_closing_eye_is_no_lift(only_burst, time_s, shapes):
    drive = shapes.hold(time_s, 10.0, 10.6)
    lowered = only_burst(closure=right(0.8 * drive), brow_mm=right(-4 * drive))
    assert not lowered.brow_lift


def test_both_brows_rising_is_no_one_sided_lift(only_burst, time_s, shapes):
    drive = shapes.hold(time_s, 10.0, 10.6)
    both = {Side.LEFT: 4 * drive, Side.RIGHT: 4 * drive}
    assert not only_burst(closure=right(0.8 * drive), brow_mm=both).brow_lift


@pytest.mark.parametrize("rate_hz", [1.5, 3.0])
def test_contractions_are_counted_through_the_whole_chain(
    only_burst, time_s, shapes, rate_hz
):
    drive = shapes.train(time_s, 10.0, 5, rate_hz, width_s=0.45 / rate_hz)
    drive = np.maximum(drive, 0.15 * shapes.hold(time_s, 10.0, 10.0 + 4.5 / rate_hz))
    episode = only_burst(closure=right(0.8 * drive), pull_mm=right(5 * drive))
    assert episode.contractions == 5
    assert episode.kind is EpisodeKind.CLONIC
    assert episode.rate_hz == pytest.approx(rate_hz, rel=0.05)
    assert "contractions(5)" in episode.reasons


def test_a_few_unmeasured_frames_do_not_split_a_held_contraction(face, time_s, shapes):
    unseen = (time_s > 10.5) & (time_s < 10.6)
    motion = face.measure(
        time_s,
        noise_px=NOISE_PX,
        unseen=unseen,
        closure=right(0.8 * shapes.hold(time_s, 10.0, 11.2)),
    )
    (episode,) = GeometricDetector().detect(motion).episodes
    assert episode.kind is EpisodeKind.TONIC
    assert episode.contractions == 1


def test_reasons_name_the_side_and_the_regions(only_burst, time_s, shapes):
    drive = shapes.bump(time_s, 10.0, 0.4)
    episode = only_burst(closure=right(0.8 * drive), pull_mm=right(5 * drive))
    assert episode.reasons[0] == "moved(right,eyelid,mouth_corner)"


def test_confidence_grows_with_the_evidence_and_stays_a_share():
    told = [confidence_of(peak) for peak in (0.0, 3.0, 6.0, 12.0, 1000.0)]
    assert told == sorted(told)
    assert 0.0 < told[0] < 0.5 < told[-1] <= 1.0


def test_the_mirrored_face_has_the_same_burst_on_the_other_side(face, time_s, shapes):
    drive = shapes.train(time_s, 10.0, 4, 3.0)
    raw = face.film(
        time_s,
        noise_px=NOISE_PX,
        closure=right(0.8 * drive),
        pull_mm=right(4 * drive),
        brow_mm=right(3 * drive),
    )
    (one,) = GeometricDetector().detect(measure_motion(raw)).episodes
    mirrored = measure_motion(face.mirrored(raw))
    (other,) = GeometricDetector().detect(mirrored).episodes
    assert (one.side, other.side) == (Side.RIGHT, Side.LEFT)
    assert (one.regions, one.kind) == (other.regions, other.kind)
    assert one.contractions == other.contractions == 4
    assert other.lead_region is one.lead_region
    assert other.excursion_mm == pytest.approx(one.excursion_mm, rel=0.02)
    assert other.span.start_s == pytest.approx(one.span.start_s, abs=0.005)


def test_onset_and_offset_are_those_of_the_lid(only_burst, time_s, shapes):
    episode = only_burst(closure=right(0.8 * shapes.hold(time_s, 10.0, 10.7)))
    assert episode.span.start_s == pytest.approx(10.015, abs=0.025)
    assert episode.span.end_s == pytest.approx(10.685, abs=0.025)


def test_a_blink_during_a_held_burst_is_no_contraction(face, time_s, shapes):
    held = 0.6 * shapes.hold(time_s, 10.0, 11.5)
    blink = 0.9 * shapes.bump(time_s, 10.8, 0.2)
    motion = face.measure(
        time_s,
        noise_px=NOISE_PX,
        closure={Side.RIGHT: np.maximum(held, blink), Side.LEFT: blink},
    )
    episodes = GeometricDetector().detect(motion).episodes
    assert {e.side for e in episodes} == {Side.RIGHT}
    told_mm = max(e.excursion_mm for e in episodes)
    assert told_mm == pytest.approx(0.6 / LID_READ_SHARE * OPEN_MM, abs=1.1)


def test_it_is_told_when_part_of_a_burst_was_not_seen(face, time_s, shapes):
    held = right(0.8 * shapes.hold(time_s, 10.0, 11.0))
    unseen = (time_s > 10.35) & (time_s < 10.6)
    motion = face.measure(time_s, noise_px=NOISE_PX, unseen=unseen, closure=held)
    (episode,) = GeometricDetector().detect(motion).episodes
    (share,) = [r for r in episode.reasons if r.startswith("unmeasured(")]
    assert share in {f"unmeasured(0.{percent})" for percent in range(20, 31)}
    whole = face.measure(time_s, noise_px=NOISE_PX, closure=held)
    (episode,) = GeometricDetector().detect(whole).episodes
    assert not any(r.startswith("unmeasured(") for r in episode.reasons)


@pytest.fixture
def described(face, time_s):
    """Describe the right side from 9.9 s on, whoever found it."""

    def told(end_s, noise_px=NOISE_PX, **moves):
        motion = face.measure(time_s, noise_px=noise_px, **moves)
        first, end = np.searchsorted(time_s, (9.9, end_s))
        frames = FrameSpan(
            first=int(first), end=int(end), span=Interval(start_s=9.9, end_s=end_s)
        )
        candidate = Candidate(
            side=Side.RIGHT, frames=frames, score=np.ones(len(time_s))
        )
        return describe(candidate, motion, closure_of(motion), EpisodeParams())

    return told


def test_a_burst_of_the_lower_face_alone_is_told_without_the_eyelid(
    described, time_s, shapes
):
    drive = shapes.train(time_s, 10.0, 4, 3.0)
    episode = described(11.3, pull_mm=right(6 * drive), cheek_mm=right(4 * drive))
    assert episode.regions == (Region.MOUTH_CORNER, Region.CHEEK)
    assert episode.lead_region is Region.MOUTH_CORNER
    assert episode.kind is EpisodeKind.CLONIC
    assert episode.contractions == 4
    assert episode.rate_hz == pytest.approx(3.0, rel=0.06)
    assert episode.asymmetry > 0.9
    assert not episode.brow_lift
    assert episode.reasons[0] == "moved(right,mouth_corner,cheek)"


def test_a_held_pull_of_the_mouth_has_the_mouth_s_edges_and_size(
    described, time_s, shapes
):
    held = shapes.hold(time_s, 10.0, 11.5)
    episode = described(11.6, pull_mm=right(6 * held))
    assert episode.regions == (Region.MOUTH_CORNER,)
    assert episode.kind is EpisodeKind.TONIC
    assert episode.contractions == 1
    assert episode.span.start_s == pytest.approx(10.015, abs=0.04)
    assert episode.span.end_s == pytest.approx(11.485, abs=0.04)
    assert episode.excursion_mm == pytest.approx(6 / READ_SHARE, rel=0.1)


def test_a_blink_during_a_burst_of_the_lower_face_is_no_part_of_it(
    described, time_s, shapes
):
    held = shapes.hold(time_s, 10.0, 11.5)
    blink = 0.9 * shapes.bump(time_s, 10.8, 0.2)
    episode = described(
        11.6,
        pull_mm=right(6 * held),
        closure={Side.LEFT: blink, Side.RIGHT: blink},
    )
    assert episode.regions == (Region.MOUTH_CORNER,)
    assert episode.contractions == 1
