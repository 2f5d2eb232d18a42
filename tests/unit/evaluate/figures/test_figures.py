"""Figures of time, description, agreement and subgroups, worked out by hand."""

from __future__ import annotations

import math
from dataclasses import fields

import pytest

from twitch_tracker.evaluate.figures.agreement import bland_altman
from twitch_tracker.evaluate.figures.alarms import NOTHING, TRUE_BURST, alarms_around
from twitch_tracker.evaluate.figures.attributes import region_figures
from twitch_tracker.evaluate.figures.calibration import calibrate, price_list
from twitch_tracker.evaluate.figures.measures import measures
from twitch_tracker.evaluate.figures.subgroups import subgroups
from twitch_tracker.evaluate.merging import levelled
from twitch_tracker.evaluate.recordings import ScoredRecording, score
from twitch_tracker.exchange.coding.coded import CodedBurst, OtherEvent
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval


def recording(truth, logged, **more) -> ScoredRecording:
    given = {"name": "x", "face": "ann", "recorded_s": 60.0, **more}
    return ScoredRecording(truth=tuple(truth), logged=tuple(logged), **given)


def figure(name, truth, logged, **more) -> float:
    return measures()[name]([score(recording(truth, logged, **more))])


def coded(episode, *noted):
    given = {item.name: getattr(episode, item.name) for item in fields(episode)}
    return CodedBurst(**given, noted=frozenset(noted))


# --- time -------------------------------------------------------------------


def test_errors_of_onset_and_offset_have_a_size_and_a_direction(burst):
    truth = [burst(1, 2), burst(5, 6), burst(9, 10)]
    logged = [burst(1.1, 2.4), burst(4.8, 6.0), burst(9.1, 10.1)]

    def found(name):
        return figure(name, truth, logged, frame_s=1 / 30)

    assert found("onset_error_s") == pytest.approx(0.1)
    assert found("onset_bias_s") == pytest.approx(0.1)
    assert found("onset_error_frames") == pytest.approx(3)
    assert found("offset_error_s") == pytest.approx(0.1)
    assert found("offset_bias_frames") == pytest.approx(3)
    assert found("duration_ratio") == pytest.approx(1.2)
    early = figure("onset_bias_s", [burst(5, 6)], [burst(4.8, 6)])
    assert early == pytest.approx(-0.2)


def test_without_a_frame_rate_there_are_no_frames(burst):
    assert math.isnan(figure("onset_error_frames", [burst(1, 2)], [burst(1, 2)]))


# --- description ------------------------------------------------------------


def test_what_truth_does_not_tell_is_compared_with_nothing(burst):
    names = ("kind_agreement", "region_agreement", "lead_region_agreement")
    truth, logged = burst(1, 2), burst(1, 2, kind=EpisodeKind.TONIC)
    assert [figure(n, [truth], [logged]) for n in names] == [0, 1, 1]
    assert all(math.isnan(figure(n, [coded(truth)], [logged])) for n in names)
    assert math.isnan(
        figure("contractions_within_one", [coded(truth, "kind")], [logged])
    )


def test_lead_region(burst):
    other = burst(1, 2, lead_region=Region.CHEEK)
    assert figure("lead_region_agreement", [burst(1, 2)], [other]) == 0


def test_each_region_has_recall_and_precision(burst):
    """Truth: eyelid and cheek, then eyelid. Log: eyelid, then eyelid and brow."""
    truth = [burst(1, 2, regions=(Region.EYELID, Region.CHEEK)), burst(5, 6)]
    logged = [burst(1, 2), burst(5, 6, regions=(Region.EYELID, Region.BROW))]
    found = {r.region: r for r in region_figures([score(recording(truth, logged))])}
    assert found[Region.EYELID].recall.value == 1
    assert found[Region.EYELID].precision.value == 1
    assert (found[Region.CHEEK].true, found[Region.CHEEK].recall.value) == (1, 0)
    assert found[Region.BROW].precision.value == 0
    assert math.isnan(found[Region.BROW].recall.value)
    assert math.isnan(found[Region.MOUTH_CORNER].precision.value)


def test_size_is_compared_only_where_both_are_known(burst):
    mm = [1.0, 2.0, 4.0, math.nan, 3.0]
    truth = [burst(5 * k, 5 * k + 1, excursion_mm=v) for k, v in enumerate(mm)]
    logged = [burst(5 * k, 5 * k + 1, excursion_mm=0.5 * v) for k, v in enumerate(mm)]
    scored = score(recording(truth, logged))
    assert measures()["amplitude_ratio"]([scored]) == 0.5
    assert measures()["amplitude_correlation"].n([scored]) == 4


# --- merging ----------------------------------------------------------------


def test_pieces_of_different_kinds_make_a_mixed_burst(burst):
    pieces = [burst(1, 2), burst(2.1, 3, kind=EpisodeKind.TONIC)]
    (whole,) = levelled(pieces, merge_gap_s=0.3, shortest_s=0)
    assert whole.kind is EpisodeKind.MIXED


def test_a_merged_burst_knows_what_both_pieces_knew(burst):
    one = coded(burst(1, 2), "regions", "lead_region", "kind")
    cheek = burst(1.5, 3, regions=(Region.CHEEK,), lead_region=Region.CHEEK)
    (whole,) = levelled(
        [coded(cheek, "regions", "lead_region"), one], merge_gap_s=0.3, shortest_s=0
    )
    assert whole.noted == {"regions", "lead_region"}
    assert whole.regions == (Region.EYELID, Region.CHEEK)
    assert whole.lead_region is Region.EYELID


# --- agreement --------------------------------------------------------------


def test_rates_divide_by_what_each_was_counted_in(burst):
    """6 true in 60 s, 3 logged in the 30 s that could be measured: the same rate."""
    truth = [burst(10 * k, 10 * k + 1) for k in range(6)]
    half = {"analysable_s": 30.0, "excluded": (Interval(start_s=30, end_s=60),)}
    scored = score(recording(truth, truth[:3], **half))
    assert measures()["rate_error_median_abs"]([scored]) == pytest.approx(0)
    assert measures()["count_error"]([scored]) == -0.5
    assert scored.minutes_basis == "analysable"
    assert score(recording(truth, [])).minutes_basis == "recorded"


def test_kappa_of_time_in_spasm(burst):
    """One side of 60 s: truth 0 to 20, log 10 to 20. The other side is quiet.

    Agreed 110 of 120 s; by chance 1/6 * 1/12 + 5/6 * 11/12 = 56/72.
    """
    found = figure("spasm_time_kappa", [burst(0, 20)], [burst(10, 20)])
    assert found == pytest.approx((110 / 120 - 56 / 72) / (1 - 56 / 72))
    assert figure("spasm_time_kappa", [burst(0, 20)], [burst(0, 20)]) == 1
    other = figure("spasm_time_kappa", [burst(0, 20)], [burst(0, 20, Side.LEFT)])
    assert other < 0


def test_bland_altman(burst):
    """Differences of +1, +2 and +3 bursts a minute: bias 2, limits 2 +- 1.96."""
    films = [
        recording(
            [], [burst(5 * i, 5 * i + 1) for i in range(k)], name=str(k), face="a"
        )
        for k in (1, 2, 3)
    ]
    found = bland_altman([score(film) for film in films])
    assert (found.n, found.bias.value) == (3, 2)
    assert (found.low, found.high) == pytest.approx((0.04, 3.96))


def test_untouched_recordings_have_a_rate_of_their_own(burst):
    quiet = recording([], [burst(1, 2)], name="q")
    busy = recording([burst(1, 2)], [burst(30, 31), burst(40, 41)], name="b")
    scores = [score(quiet), score(busy)]
    assert measures()["untouched_false_alarms_per_min"](scores) == 1
    assert measures()["false_alarms_per_min"](scores) == 1.5


# --- false alarms -----------------------------------------------------------


def test_false_alarms_belong_to_what_is_near(burst):
    """Alarms 0.2 s after a blink, during a smile and a blink, and alone."""

    def event(name, start_s, end_s):
        return OtherEvent(event=name, span=Interval(start_s=start_s, end_s=end_s))

    others = (event("blink", 1, 1.2), event("smile", 10, 14), event("blink", 12, 12.2))
    alarms = [burst(1.4, 1.8), burst(11.8, 12.1), burst(30, 31)]
    film = recording([burst(50, 51)], alarms, others=others, analysable_s=60.0)
    found = {c.event: c for c in alarms_around([score(film)])}
    counts = {name: context.alarms for name, context in found.items()}
    assert counts == {"blink": 2, "smile": 1, NOTHING: 1, TRUE_BURST: 0}
    assert found["blink"].events == 2
    assert found["blink"].minutes * 60 == pytest.approx(2 * 0.8)
    # everything but the first blink, the smile around the second, and the burst
    assert found[NOTHING].minutes * 60 == pytest.approx(60 - 0.8 - 4.6 - 1.6)


def test_the_time_around_events_ends_with_the_recording(burst):
    late = OtherEvent(event="blink", span=Interval(start_s=59.9, end_s=60.4))
    found = alarms_around([score(recording([], [burst(1, 2)], others=(late,)))])
    minutes = {context.event: context.minutes for context in found}
    assert minutes["blink"] * 60 == pytest.approx(0.4)


# --- subgroups --------------------------------------------------------------


def test_sensitivity_by_size_extent_and_kind(burst):
    truth = [
        burst(1, 2, excursion_mm=1.0),
        burst(5, 6, excursion_mm=1.5, kind=EpisodeKind.TONIC),
        burst(9, 10, excursion_mm=8.0, regions=(Region.EYELID, Region.MOUTH_CORNER)),
        coded(burst(13, 14)),
        burst(17, 18, excursion_mm=2.0, regions=(Region.BROW,)),
    ]
    film = recording(truth, [truth[0], truth[2]])
    found = {(g.group, g.name): g for g in subgroups([score(film)])}
    shares = {key: (g.n, g.sensitivity.value) for key, g in found.items()}
    assert shares == {
        ("severity", "mild"): (2, 0.5),
        ("severity", "moderate"): (1, 0.0),
        ("severity", "severe"): (1, 1.0),
        ("severity", "not known"): (1, 0.0),
        ("extent", "eyelid only"): (2, 0.5),
        ("extent", "with lower face"): (1, 1.0),
        ("extent", "other"): (1, 0.0),
        ("extent", "not known"): (1, 0.0),
        ("kind", "clonic"): (3, 2 / 3),
        ("kind", "tonic"): (1, 0.0),
        ("kind", "not known"): (1, 0.0),
    }


# --- confidence -------------------------------------------------------------


@pytest.fixture
def sure_and_unsure(burst):
    """Of two bursts logged at 0.9 both are true, of two at 0.4 one is."""
    truth = [burst(1, 2), burst(5, 6), burst(9, 10)]
    logged = [
        burst(1, 2, confidence=0.9),
        burst(5, 6, confidence=0.9),
        burst(9, 10, confidence=0.4),
        burst(20, 21, confidence=0.4),
        burst(30, 31),
    ]
    return recording(truth, logged, analysable_s=60.0)


def test_calibration(sure_and_unsure):
    found = calibrate([score(sure_and_unsure)])
    bins = [(b.low, b.n, b.mean_confidence, b.share_true.value) for b in found.bins]
    assert bins == [(0.4, 2, 0.4, 0.5), (0.9, 2, 0.9, 1.0)]
    assert (found.n, found.without) == (4, 1)
    assert found.expected_error.value == pytest.approx(0.1)
    assert found.brier.value == pytest.approx((2 * 0.01 + 0.36 + 0.16) / 4)


def test_the_price_of_thresholds(sure_and_unsure):
    prices = price_list([sure_and_unsure], (0.0, 0.4, 0.41, 0.95))
    assert [price.logged for price in prices] == [5, 4, 2, 0]
    assert [price.sensitivity.value for price in prices] == [1, 1, 2 / 3, 0]
    assert [price.false_alarms_per_min.value for price in prices] == [2, 1, 0, 0]
    assert price_list([recording([], [])]) == ()
