"""What a reviewer's edit makes of a burst."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.errors import BadParameter
from twitch_tracker.records import EpisodeKind, Origin
from twitch_tracker.regions import Region, Side
from twitch_tracker.review.editing import Edit, added, changed
from twitch_tracker.review.evidence import BurstEvidence, measured_again
from twitch_tracker.timebase import Interval

NAN = math.nan


@pytest.fixture
def evidence(session):
    motion = session.motion
    blank = np.zeros(len(motion.time_s), np.float32)
    return BurstEvidence(
        time_s=motion.time_s, last_s=1 / 30, right=blank, left=blank, motion=motion
    )


@pytest.fixture
def burst(session):
    return session.episodes[0]


# --- wishes -----------------------------------------------------------------


def test_only_what_was_wished_for_changes(burst, evidence):
    after = changed(burst, Edit(kind=EpisodeKind.MIXED), evidence)
    assert after == replace(burst, kind=EpisodeKind.MIXED)


def test_a_trimmed_burst_is_measured_anew_and_keeps_its_certainty(burst, evidence):
    after = changed(burst, Edit(end_s=1.5), evidence)
    assert after.span == Interval(start_s=burst.span.start_s, end_s=1.5)
    assert after.confidence == burst.confidence
    assert math.isnan(after.lag_s)
    assert after.excursion_mm == measured_again(after, evidence)
    assert after.excursion_mm != burst.excursion_mm


def test_on_the_other_side_nothing_of_this_side_is_told(burst, evidence):
    after = changed(burst, Edit(side=Side.LEFT), evidence)
    assert after.side is Side.LEFT
    assert (after.span, after.regions) == (burst.span, burst.regions)
    gone = (after.peak_score, after.mean_score, after.asymmetry, after.confidence)
    assert all(map(math.isnan, gone))
    assert (after.brow_lift, after.reasons) == (False, ())


def test_a_held_burst_is_one_contraction(burst, evidence):
    after = changed(burst, Edit(kind=EpisodeKind.TONIC), evidence)
    assert after.contractions == 1
    assert math.isnan(after.rate_hz)


def test_regions_stand_in_their_order_and_the_lead_is_one_of_them(burst, evidence):
    edit = Edit(regions=(Region.BROW, Region.MOUTH_CORNER))
    after = changed(burst, edit, evidence)
    assert after.regions == (Region.MOUTH_CORNER, Region.BROW)
    assert after.lead_region is Region.MOUTH_CORNER


@pytest.mark.parametrize(
    "edit",
    [
        Edit(regions=()),
        Edit(start_s=1.8),
        Edit(end_s=0.5),
        Edit(end_s=10.1),
        Edit(start_s=-0.1),
    ],
)
def test_nonsense_is_refused(burst, evidence, edit):
    with pytest.raises(BadParameter):
        changed(burst, edit, evidence)


def test_a_missed_burst_is_of_a_person_and_measured_where_it_can_be(evidence):
    made = added(Edit(start_s=2.0, end_s=2.5, side=Side.LEFT), evidence)
    assert made.origin is Origin.HUMAN
    assert made.regions == (Region.EYELID,)
    assert math.isnan(made.confidence)
    assert made.excursion_mm == measured_again(made, evidence)
    without = replace(evidence, motion=None)
    assert math.isnan(measured_again(made, without))


@pytest.mark.parametrize("missing", ["start_s", "end_s", "side"])
def test_a_missed_burst_needs_its_place(evidence, missing):
    whole = {"start_s": 2.0, "end_s": 2.5, "side": Side.LEFT}
    with pytest.raises(BadParameter):
        added(Edit(**{**whole, missing: None}), evidence)


def test_the_blind_get_times_and_no_evidence(evidence):
    seen, blind = (evidence.packed(blind=b) for b in (False, True))
    count = len(evidence.time_s)
    assert len(seen) == len(blind) == count * (8 + 4 + 4)
    assert blind[: 8 * count] == seen[: 8 * count]
    assert np.isnan(np.frombuffer(blind[8 * count :], "<f4")).all()


def test_an_edge_that_a_person_moves_is_cut_off_where_the_signals_say_so(
    burst, evidence
):
    """The face is missing in the last second; the recording begins at 0."""
    given = replace(burst, onset_cut=True)
    assert changed(given, Edit(kind=EpisodeKind.MIXED), evidence).onset_cut
    inwards = changed(given, Edit(start_s=1.2), evidence)
    assert (inwards.onset_cut, inwards.offset_cut) == (False, False)
    outwards = changed(given, Edit(start_s=0.0, end_s=9.0), evidence)
    assert (outwards.onset_cut, outwards.offset_cut) == (True, True)
    new = added(Edit(start_s=8.0, end_s=9.0, side=Side.LEFT), evidence)
    assert (new.onset_cut, new.offset_cut) == (False, True)


def test_without_signals_only_the_edge_that_stays_is_known(burst, evidence):
    blank = replace(evidence, motion=None)
    given = replace(burst, onset_cut=True, offset_cut=True)
    after = changed(given, Edit(end_s=1.5), blank)
    assert (after.onset_cut, after.offset_cut) == (True, False)
