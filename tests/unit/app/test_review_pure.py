"""What a reviewer's wish makes of a burst, who agrees with whom, and the review copy."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.app.review.acting import Wish, added, changed
from twitch_tracker.app.review.agreeing import (
    PROGRAM,
    Verdicts,
    agreements,
    limits_of,
)
from twitch_tracker.app.review.copying import KEY_EVERY, make_copy, read_times
from twitch_tracker.app.review.evidence import Evidence, measured_anew
from twitch_tracker.app.review.figures import draw_limits
from twitch_tracker.app.review.raters import Rater, check_same, name_rater
from twitch_tracker.errors import BadParameter, UploadRefused
from twitch_tracker.records import EpisodeKind, Origin
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval
from twitch_tracker.video.files import open_video
from twitch_tracker.video.writer import VideoWriter

NAN = math.nan


@pytest.fixture
def evidence(session):
    motion = session.motion
    blank = np.zeros(len(motion.time_s), np.float32)
    return Evidence(
        time_s=motion.time_s, last_s=1 / 30, right=blank, left=blank, motion=motion
    )


@pytest.fixture
def burst(session):
    return session.episodes[0]


# --- wishes -----------------------------------------------------------------


def test_only_what_was_wished_for_changes(burst, evidence):
    after = changed(burst, Wish(kind=EpisodeKind.MIXED), evidence)
    assert after == replace(burst, kind=EpisodeKind.MIXED)


def test_a_trimmed_burst_is_measured_anew_and_keeps_its_certainty(burst, evidence):
    after = changed(burst, Wish(end_s=1.5), evidence)
    assert after.span == Interval(start_s=burst.span.start_s, end_s=1.5)
    assert after.confidence == burst.confidence
    assert math.isnan(after.lag_s)
    assert after.excursion_mm == measured_anew(after, evidence)
    assert after.excursion_mm != burst.excursion_mm


def test_on_the_other_side_nothing_of_this_side_is_told(burst, evidence):
    after = changed(burst, Wish(side=Side.LEFT), evidence)
    assert after.side is Side.LEFT
    assert (after.span, after.regions) == (burst.span, burst.regions)
    gone = (after.peak_score, after.mean_score, after.asymmetry, after.confidence)
    assert all(map(math.isnan, gone))
    assert (after.brow_lift, after.reasons) == (False, ())


def test_a_held_burst_is_one_contraction(burst, evidence):
    after = changed(burst, Wish(kind=EpisodeKind.TONIC), evidence)
    assert after.contractions == 1
    assert math.isnan(after.rate_hz)


def test_regions_stand_in_their_order_and_the_lead_is_one_of_them(burst, evidence):
    wish = Wish(regions=(Region.BROW, Region.MOUTH_CORNER))
    after = changed(burst, wish, evidence)
    assert after.regions == (Region.MOUTH_CORNER, Region.BROW)
    assert after.lead_region is Region.MOUTH_CORNER


@pytest.mark.parametrize(
    "wish",
    [
        Wish(regions=()),
        Wish(start_s=1.8),
        Wish(end_s=0.5),
        Wish(end_s=10.1),
        Wish(start_s=-0.1),
    ],
)
def test_nonsense_is_refused(burst, evidence, wish):
    with pytest.raises(BadParameter):
        changed(burst, wish, evidence)


def test_a_missed_burst_is_of_a_person_and_measured_where_it_can_be(evidence):
    made = added(Wish(start_s=2.0, end_s=2.5, side=Side.LEFT), evidence)
    assert made.origin is Origin.HUMAN
    assert made.regions == (Region.EYELID,)
    assert math.isnan(made.confidence)
    assert made.excursion_mm == measured_anew(made, evidence)
    without = replace(evidence, motion=None)
    assert math.isnan(measured_anew(made, without))


@pytest.mark.parametrize("missing", ["start_s", "end_s", "side"])
def test_a_missed_burst_needs_its_place(evidence, missing):
    whole = {"start_s": 2.0, "end_s": 2.5, "side": Side.LEFT}
    with pytest.raises(BadParameter):
        added(Wish(**{**whole, missing: None}), evidence)


def test_the_blind_get_times_and_no_evidence(evidence):
    seen, blind = (evidence.packed(blind=b) for b in (False, True))
    count = len(evidence.time_s)
    assert len(seen) == len(blind) == count * (8 + 4 + 4)
    assert blind[: 8 * count] == seen[: 8 * count]
    assert np.isnan(np.frombuffer(blind[8 * count :], "<f4")).all()


# --- raters -----------------------------------------------------------------


def test_a_name_is_tidied_and_nonsense_refused():
    assert name_rater("  Dr   A ", blind=True) == Rater(name="Dr A", blind=True)
    for typed in ("", "   ", "x" * 81, "a\x00b"):
        with pytest.raises(BadParameter):
            name_rater(typed, blind=False)


def test_an_act_of_somebody_else_is_refused():
    known = Rater(name="Dr A")
    assert check_same(known, "Dr A") is known
    for rater, named in ((known, "Dr B"), (None, "Dr A"), (known, "")):
        with pytest.raises(UploadRefused):
            check_same(rater, named)


# --- agreement --------------------------------------------------------------


def verdicts(burst, **bursts):
    entry = type("Entry", (), {"recording_id": "1", "patient_id": "anna"})()
    at = {
        name: tuple(
            replace(burst, span=Interval(start_s=a, end_s=b), side=side)
            for a, b, side in spans
        )
        for name, spans in bursts.items()
    }
    at[PROGRAM] = at.pop("program")
    return Verdicts(
        entry=entry, recorded_s=60.0, analysable_s=60.0, excluded=(), bursts=at
    )


R, L = Side.RIGHT, Side.LEFT


def test_raters_who_mark_the_same_agree_fully(burst):
    same = [(1.0, 2.0, R), (5.0, 5.5, R)]
    (pair, *with_program) = agreements([verdicts(burst, a=same, b=same, program=same)])
    assert (pair.first, pair.second, pair.recordings) == ("a", "b", 1)
    assert (pair.both, pair.only_first, pair.only_second) == (2, 0, 0)
    assert pair.f1 == pair.kappa == 1.0
    assert pair.durations.bias == pair.durations.low == 0.0
    assert [p.first for p in with_program] == [PROGRAM, PROGRAM]


def test_disagreement_is_counted_by_hand(burst):
    """Rater a keeps two of the program's three bursts and adds one on the left."""
    program = [(1.0, 2.0, R), (5.0, 6.0, R), (9.0, 10.0, R)]
    a = [(1.0, 2.0, R), (5.0, 6.5, R), (20.0, 21.0, L)]
    (pair,) = agreements([verdicts(burst, a=a, program=program)])
    assert (pair.both, pair.only_first, pair.only_second) == (2, 1, 1)
    assert pair.f1 == pytest.approx(2 * 2 / 6)
    # of 120 s on two sides: 2 s in both, 1 s program alone, 1.5 s rater alone
    agreed, program_s, rater_s = 1 - 2.5 / 120, 3 / 120, 3.5 / 120
    chance = program_s * rater_s + (1 - program_s) * (1 - rater_s)
    assert pair.kappa == pytest.approx((agreed - chance) / (1 - chance))
    assert pair.durations.bias == pytest.approx(0.25)
    assert pair.rates.differences == (0.0,)
    assert math.isnan(pair.rates.bias), "one recording has no limits"


def test_who_did_not_judge_a_recording_is_left_out(burst):
    one = verdicts(burst, a=[(1.0, 2.0, R)], program=[(1.0, 2.0, R)])
    two = verdicts(burst, b=[], program=[])
    assert [(p.first, p.second) for p in agreements([one, two])] == [
        (PROGRAM, "a"),
        (PROGRAM, "b"),
    ]


def test_limits_of_agreement_are_those_of_bland_and_altman():
    found = limits_of([(1.0, 2.0), (2.0, 2.0), (4.0, 6.0)])
    assert found.differences == (1.0, 0.0, 2.0)
    assert found.means == (1.5, 2.0, 5.0)
    assert found.bias == 1.0
    assert found.high == pytest.approx(1.0 + 1.96 * 1.0)
    assert found.low == pytest.approx(1.0 - 1.96 * 1.0)


def test_the_figure_says_what_it_shows():
    labels = {"title": "T", "mean_label": "m", "difference_label": "d", "digits": 1}
    figure = draw_limits(limits_of([(1.0, 2.0), (2.0, 2.0), (4.0, 6.0)]), **labels)
    assert len(figure.points) == 3
    assert "3 pairs" in figure.words
    assert "-1.0 and 3.0" in figure.words
    low, high = (line.at for line in figure.lines if line.kind == "limit")
    assert low > high, "upwards is more"
    for x, y in figure.points:
        assert figure.left <= x <= figure.right
        assert figure.top <= y <= figure.bottom
    assert draw_limits(limits_of([(1.0, 2.0)]), **labels).points == ()
    flat = draw_limits(limits_of([(1.0, 1.0), (1.0, 1.0)]), **labels)
    assert len(flat.points) == 2


# --- the review copy --------------------------------------------------------


def test_a_copy_keeps_every_picture_at_its_time_and_turns_mirrors_back(tmp_path):
    """Pictures at uneven times; the left half of the stored picture is bright."""
    steps = np.random.default_rng(3).uniform(0.02, 0.06, 40)
    times = np.cumsum(steps) - steps[0]
    source, copy = tmp_path / "a.mp4", tmp_path / "copy.mp4"
    image = np.zeros((48, 64, 3), np.uint8)
    image[:, :32] = 220
    with VideoWriter(source, width_px=64, height_px=48) as writer:
        for time_s in times:
            writer.write(image, float(time_s))
    make_copy(source, copy, mirrored=True)
    with open_video(copy) as film:
        frames = list(film)
    assert [f.time_s for f in frames] == pytest.approx(times, abs=2e-5)
    assert read_times(copy) == pytest.approx(times, abs=2e-5)
    for frame in frames:
        assert frame.image[:, 40:].mean() > 200
        assert frame.image[:, :24].mean() < 20
    assert longest_way(copy) <= KEY_EVERY
    assert {p.name for p in tmp_path.iterdir()} == {"a.mp4", "copy.mp4", "copy.times"}


def longest_way(path):
    """Count the pictures from one that stands alone to the next, at most."""
    import av

    with av.open(str(path)) as film:
        keys = [p.is_keyframe for p in film.demux(video=0) if p.size]
    places = [*np.flatnonzero(keys), len(keys)]
    return max(np.diff(places))
