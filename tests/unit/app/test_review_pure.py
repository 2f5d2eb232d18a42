"""What a reviewer's wish makes of a burst, who reviews, and the review copy."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.app.review.acting import Wish, added, changed
from twitch_tracker.app.review.copying import KEY_EVERY, make_copy, times_file
from twitch_tracker.app.review.evidence import Evidence, measured_anew
from twitch_tracker.app.review.raters import Rater, check_same, name_rater
from twitch_tracker.errors import BadParameter, UploadRefused
from twitch_tracker.journal.entries import Way
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
    assert name_rater("  Dr   A ", Way.BLIND) == Rater(name="Dr A", way=Way.BLIND)
    for typed in ("", "   ", "x" * 81, "a\x00b"):
        with pytest.raises(BadParameter):
            name_rater(typed)


def test_an_act_of_somebody_else_is_refused():
    known, other = Rater(name="Dr A"), Rater(name="Dr B")
    assert check_same(known, Rater(name="Dr A")) is known
    scratch = Rater(name="Dr A", way=Way.SCRATCH)
    assert check_same(scratch, Rater(name="Dr A", way=Way.SCRATCH)) is scratch
    blind = Rater(name="Dr A", way=Way.BLIND)
    for rater, named in (
        (known, other),
        (None, known),
        (known, None),
        (scratch, known),
        (known, scratch),
        (known, blind),
    ):
        with pytest.raises(UploadRefused):
            check_same(rater, named)


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
    kept = np.fromfile(times_file(copy), dtype="<f8")
    assert kept == pytest.approx(times, abs=2e-5)
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


# --- cut-off edges ----------------------------------------------------------


def test_an_edge_that_a_person_moves_is_cut_off_where_the_signals_say_so(
    burst, evidence
):
    """The face is missing in the last second; the recording begins at 0."""
    given = replace(burst, onset_cut=True)
    assert changed(given, Wish(kind=EpisodeKind.MIXED), evidence).onset_cut
    inwards = changed(given, Wish(start_s=1.2), evidence)
    assert (inwards.onset_cut, inwards.offset_cut) == (False, False)
    outwards = changed(given, Wish(start_s=0.0, end_s=9.0), evidence)
    assert (outwards.onset_cut, outwards.offset_cut) == (True, True)
    new = added(Wish(start_s=8.0, end_s=9.0, side=Side.LEFT), evidence)
    assert (new.onset_cut, new.offset_cut) == (False, True)


def test_without_signals_only_the_edge_that_stays_is_known(burst, evidence):
    blank = replace(evidence, motion=None)
    given = replace(burst, onset_cut=True, offset_cut=True)
    after = changed(given, Wish(end_s=1.5), blank)
    assert (after.onset_cut, after.offset_cut) == (True, False)
