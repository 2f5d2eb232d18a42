"""The headline numbers: what they divide by, and what they leave out."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from twitch_tracker.episodes.summary import (
    excluded_spans,
    poisson_interval,
    summarise,
)
from twitch_tracker.motion.timing import frame_durations
from twitch_tracker.records import (
    Blink,
    Episode,
    EpisodeKind,
    MotionSignals,
    QualityReason,
    RegionScores,
)
from twitch_tracker.regions import REGIONS, SIDES, Region, Side
from twitch_tracker.timebase import Interval

FPS = 10


def burst(start_s, end_s, side=Side.RIGHT, regions=(Region.EYELID,), **more):
    return Episode(
        span=Interval(start_s=start_s, end_s=end_s),
        side=side,
        regions=regions,
        lead_region=regions[0],
        kind=EpisodeKind.CLONIC,
        **more,
    )


def blink(start_s, complete=True):
    span = Interval(start_s=start_s, end_s=start_s + 0.2)
    return Blink(span=span, complete=complete, closure_left=1.0, closure_right=1.0)


def watched(seconds=120.0, unseen=(), time_s=None, aperture_mm=(10.0, 10.0)):
    """Signals of a recording with unmeasured stretches, and no movement in it."""
    if time_s is None:
        time_s = np.arange(round(seconds * FPS)) / FPS
    n = len(time_s)
    usable = np.ones(n, bool)
    for start_s, end_s in unseen:
        usable &= ~((time_s >= start_s - 1e-9) & (time_s < end_s - 1e-9))
    shut = np.where(usable[:, None], np.array(aperture_mm), np.nan)
    return MotionSignals(
        time_s=time_s,
        usable=usable,
        frame_s=frame_durations(time_s),
        reasons=tuple(() if u else (QualityReason.NO_FACE,) for u in usable),
        pose_deg=np.zeros((n, 3), np.float32),
        interocular_px=np.full(n, 150.0, np.float32),
        aperture=np.where(usable[:, None], 1.0, np.nan).astype(np.float32),
        aperture_mm=shut.astype(np.float32),
        patch_closure=np.where(usable[:, None], [0.0, 0.0], np.nan).astype(np.float32),
        look=np.where(usable[:, None], [0.1, 0.1], np.nan).astype(np.float32),
        rest_weight=usable.astype(np.float32),
        own_open=(True, True),
        beside_mouth_io=np.zeros((n, 2, 2), np.float32),
        mouth_open_io=np.zeros(n, np.float32),
        mm_per_interocular=90.0,
        scores={},
    )


# --- rates ------------------------------------------------------------------


def test_rates_divide_by_analysable_minutes_not_by_recorded_ones():
    """Two minutes recorded, one of them without a face: three bursts a minute."""
    bursts = [burst(5, 6), burst(15, 16), burst(25, 26)]
    summary = summarise(watched(120, [(60, 120)]), bursts, [blink(30), blink(40)])
    assert summary.recorded_s == pytest.approx(120.0)
    assert summary.analysable_s == pytest.approx(60.0)
    right = summary.sides[Side.RIGHT]
    assert right.episodes == 3
    assert right.episodes_per_min == pytest.approx(3.0)
    assert right.spasm_s == pytest.approx(3.0)
    assert right.spasm_fraction == pytest.approx(3 / 60)
    assert summary.blinks_per_min == pytest.approx(2.0)


def test_new_bursts_are_counted_over_the_time_without_a_burst():
    """Two minutes: one burst goes on from before for 60 s, three begin in the rest."""
    bursts = [
        burst(0, 60, onset_cut=True),
        burst(70, 75),
        burst(80, 85),
        burst(90, 95),
    ]
    right = summarise(watched(120), bursts, []).sides[Side.RIGHT]
    assert (right.episodes, right.onsets) == (4, 3)
    assert right.free_s == pytest.approx(45.0)
    assert right.onsets_per_free_min == pytest.approx(4.0)
    assert right.onsets_per_free_min_low == pytest.approx(0.6187 / 0.75, rel=1e-3)
    assert right.episodes_per_min == pytest.approx(2.0)
    all_burst = summarise(watched(60), [burst(0, 60, onset_cut=True)], [])
    assert math.isnan(all_burst.sides[Side.RIGHT].onsets_per_free_min)


def test_each_side_is_counted_for_itself():
    bursts = [burst(5, 6), burst(5, 8, Side.LEFT)]
    summary = summarise(watched(60), bursts, [])
    assert summary.sides[Side.LEFT].longest_duration_s == pytest.approx(3.0)
    assert summary.sides[Side.RIGHT].longest_duration_s == pytest.approx(1.0)


def test_the_side_that_did_not_twitch_has_zeros_and_undefined_durations():
    left = summarise(watched(60), [burst(5, 6)], []).sides[Side.LEFT]
    assert (left.episodes, left.episodes_per_min, left.spasm_s) == (0, 0.0, 0.0)
    assert left.spasm_fraction == 0.0
    assert left.episodes_per_min_low == 0.0
    assert left.episodes_per_min_high == pytest.approx(3.689, abs=1e-3)
    for undefined in (
        left.median_duration_s,
        left.longest_duration_s,
        left.median_pause_s,
        left.share_over_1s,
    ):
        assert math.isnan(undefined)
    assert left.regions == ()


def test_durations_shares_and_regions_are_told():
    both = (Region.EYELID, Region.CHEEK)
    bursts = [burst(5, 5.5), burst(10, 11), burst(20, 24, regions=both)]
    right = summarise(watched(60), bursts, []).sides[Side.RIGHT]
    assert right.median_duration_s == pytest.approx(1.0)
    assert right.longest_duration_s == pytest.approx(4.0)
    assert right.share_over_1s == pytest.approx(1 / 3), "exactly one second is not over"
    assert right.regions == both


def test_spasm_time_that_was_not_measured_is_not_counted():
    right = summarise(watched(60, [(11, 12)]), [burst(10, 13)], []).sides[Side.RIGHT]
    assert right.spasm_s == pytest.approx(2.0)


def test_nothing_analysable_is_undefined_not_zero():
    summary = summarise(watched(60, [(0, 60)]), [], [])
    assert summary.analysable_s == 0.0
    assert math.isnan(summary.blinks_per_min)
    assert math.isnan(summary.rest_asymmetry)
    for side in SIDES:
        one = summary.sides[side]
        assert one.episodes == 0
        assert math.isnan(one.episodes_per_min)
        assert math.isnan(one.episodes_per_min_low)
        assert math.isnan(one.episodes_per_min_high)
        assert math.isnan(one.spasm_fraction)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39), (100, 81.36, 121.63)],
)
def test_the_poisson_interval_is_the_textbook_one(count, low, high):
    """Garwood's exact limits, as printed in tables."""
    assert poisson_interval(count, 1.0) == pytest.approx((low, high), abs=0.006)


def test_the_poisson_interval_of_no_event_is_what_scipy_says_to_the_last_digit():
    from scipy.special import gammaincinv

    assert poisson_interval(0, 1.0) == (0.0, float(gammaincinv(1, 0.975)))


def test_the_poisson_interval_is_per_unit_of_exposure():
    assert poisson_interval(10, 2.0) == pytest.approx((4.795 / 2, 18.39 / 2), abs=3e-3)
    assert all(math.isnan(bound) for bound in poisson_interval(3, 0.0))


# --- pauses -----------------------------------------------------------------


def median_pause_s(motion, bursts):
    return summarise(motion, bursts, []).sides[Side.RIGHT].median_pause_s


def test_a_pause_runs_from_offset_to_next_onset():
    bursts = [burst(5, 6), burst(10, 11), burst(21, 22)]
    assert median_pause_s(watched(60), bursts) == pytest.approx(7.0)


def test_one_burst_has_no_pause():
    assert math.isnan(median_pause_s(watched(60), [burst(5, 6)]))


@pytest.mark.parametrize("length_s", [1.0, 3.0])
def test_a_pause_with_an_unmeasured_second_in_it_is_not_counted(length_s):
    """Even if it lasted more than a minute: a burst may hide there."""
    bursts = [burst(5, 6), burst(10, 11), burst(100, 101)]
    gap = (50.0, 50.0 + length_s)
    assert median_pause_s(watched(120, [gap]), bursts) == pytest.approx(4.0)


def test_a_single_lost_frame_does_not_cost_the_pause():
    bursts = [burst(5, 6), burst(10, 11)]
    assert median_pause_s(watched(60, [(8.0, 8.1)]), bursts) == pytest.approx(4.0)


def test_a_pause_over_missing_frames_is_not_counted():
    time_s = np.arange(600) / FPS
    time_s[80:] += 20.0
    bursts = [burst(5, 6), burst(30, 31)]
    assert math.isnan(median_pause_s(watched(time_s=time_s), bursts))


# --- asymmetry at rest ------------------------------------------------------


def test_rest_asymmetry_is_negative_when_the_right_eye_is_narrower():
    motion = watched(60, aperture_mm=(10.0, 8.0))
    assert summarise(motion, [], []).rest_asymmetry == pytest.approx(-2 / 9)


def test_rest_asymmetry_leaves_out_bursts_and_blinks():
    """The right eye is shut in a burst of 40 s and open for the other 20."""
    motion = watched(60)
    shut = motion.aperture_mm.copy()
    shut[(motion.time_s >= 10) & (motion.time_s < 50), SIDES.index(Side.RIGHT)] = 0.0
    motion = replace(motion, aperture_mm=shut)
    assert summarise(motion, [burst(10, 50)], []).rest_asymmetry == 0.0


# --- what could not be measured ---------------------------------------------


def limits(excluded):
    return excluded.span.start_s, excluded.span.end_s


def test_excluded_spans_have_their_reasons_and_end_where_these_change():
    motion = watched(10, [(2, 4)])
    reasons = list(motion.reasons)
    for i in range(30, 40):
        reasons[i] = (QualityReason.NO_FACE, QualityReason.BLURRED)
    motion = replace(motion, reasons=tuple(reasons))
    first, second = excluded_spans(motion)
    assert limits(first) == pytest.approx((2.0, 3.0))
    assert first.reasons == (QualityReason.NO_FACE,)
    assert limits(second) == pytest.approx((3.0, 4.0))
    assert second.reasons == (QualityReason.NO_FACE, QualityReason.BLURRED)


def test_a_pause_of_the_stream_is_told_as_missing_frames():
    time_s = np.arange(100) / FPS
    time_s[50:] += 3.0
    motion = watched(time_s=time_s)
    (span,) = excluded_spans(motion)
    assert span.reasons == (QualityReason.MISSING_FRAMES,)
    assert limits(span) == pytest.approx((5.0, 8.0))
    missing_s = summarise(motion, [], []).excluded_s[QualityReason.MISSING_FRAMES]
    assert missing_s == pytest.approx(3.0)


def test_a_pause_within_an_unmeasured_stretch_is_told_apart():
    time_s = np.arange(100) / FPS
    time_s[50:] += 3.0
    spans = excluded_spans(watched(time_s=time_s, unseen=[(4.0, 9.0)]))
    assert [s.reasons for s in spans] == [
        (QualityReason.NO_FACE,),
        (QualityReason.MISSING_FRAMES,),
        (QualityReason.NO_FACE,),
    ]
    for earlier, later in pairwise(spans):
        assert earlier.span.end_s == pytest.approx(later.span.start_s)


def test_an_unmeasured_recording_is_one_span_and_a_good_one_none():
    (span,) = excluded_spans(watched(10, [(0, 10)]))
    assert limits(span) == pytest.approx((0.0, 10.0))
    assert excluded_spans(watched(10)) == ()
    assert excluded_spans(watched(time_s=np.empty(0))) == ()


def test_excluded_seconds_add_up_per_reason():
    """A frame with two reasons counts for both."""
    motion = watched(10, [(2, 4)])
    reasons = list(motion.reasons)
    reasons[20] = (QualityReason.NO_FACE, QualityReason.TOO_DARK)
    summary = summarise(replace(motion, reasons=tuple(reasons)), [], [])
    assert summary.excluded_s[QualityReason.NO_FACE] == pytest.approx(2.0)
    assert summary.excluded_s[QualityReason.TOO_DARK] == pytest.approx(0.1)
    assert set(summary.excluded_s) == {QualityReason.NO_FACE, QualityReason.TOO_DARK}


def test_analysable_and_excluded_time_make_up_the_recording():
    motion = watched(60, [(10, 20), (33.3, 41.7)])
    excluded_s = sum(s.span.duration_s for s in excluded_spans(motion))
    assert excluded_s + motion.analysable_s == pytest.approx(motion.recorded_s)


def test_time_in_which_a_region_was_outside_the_picture_is_told_of_that_region():
    motion = watched(10.0, unseen=[(0.0, 1.0)])
    places = np.zeros((len(motion.time_s), len(REGIONS), len(SIDES)), np.float32)
    places[motion.time_s < 4.0, REGIONS.index(Region.MOUTH_CORNER)] = np.nan
    score = RegionScores(
        name="place_io", unit="interocular", time_s=motion.time_s, values=places
    )
    summary = summarise(replace(motion, scores={"place_io": score}), (), ())
    assert summary.regions_unseen_s == pytest.approx({Region.MOUTH_CORNER: 3.0})
