"""One true burst, one logged burst, same side; nothing found twice."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.evaluate.matching import IOU_RULE, MatchRule, match_bursts
from twitch_tracker.regions import Region, Side


def counts(matching):
    return len(matching.found), len(matching.missed), len(matching.false_alarms)


def test_the_same_bursts_are_all_found(burst):
    bursts = [burst(1, 2), burst(4, 5), burst(4, 5, Side.LEFT)]
    assert counts(match_bursts(bursts, bursts)) == (3, 0, 0)


def test_nothing_true_and_nothing_logged_is_no_error():
    assert counts(match_bursts([], [])) == (0, 0, 0)


def test_the_wrong_side_is_a_miss_and_a_false_alarm(burst):
    matching = match_bursts([burst(1, 2)], [burst(1, 2, Side.LEFT)])
    assert counts(matching) == (0, 1, 1)
    assert matching.wrong_side == 1


def test_a_false_alarm_elsewhere_is_not_a_wrong_side(burst):
    matching = match_bursts([burst(1, 2)], [burst(8, 9, Side.LEFT)])
    assert matching.wrong_side == 0


def test_one_long_detection_finds_one_of_five_twitches(burst):
    twitches = [burst(t, t + 0.2) for t in (1.0, 2.0, 3.0, 4.0, 5.0)]
    assert counts(match_bursts(twitches, [burst(0.9, 5.3)])) == (1, 4, 0)


@pytest.mark.parametrize(("late_s", "found"), [(0.05, 1), (0.099, 1), (0.101, 0)])
def test_overlap_is_asked_within_a_tenth_of_a_second(burst, late_s, found):
    logged = burst(2.0 + late_s, 3.0)
    assert len(match_bursts([burst(1.0, 2.0)], [logged]).found) == found


@pytest.mark.parametrize(("gap_s", "bursts"), [(0.29, 1), (0.31, 2)])
def test_pieces_closer_than_the_merge_gap_are_one(burst, gap_s, bursts):
    pieces = [burst(1.0, 2.0), burst(2.0 + gap_s, 3.0)]
    assert len(match_bursts(pieces, []).missed) == bursts


def test_pieces_of_different_sides_are_never_merged(burst):
    pieces = [burst(1.0, 2.0), burst(2.1, 3.0, Side.LEFT)]
    assert len(match_bursts(pieces, []).missed) == 2


def test_a_merged_burst_has_all_regions_and_the_larger_excursion(burst):
    first = burst(1.0, 2.0, excursion_mm=2.0, contractions=3)
    second = burst(
        2.1, 3.0, regions=(Region.MOUTH_CORNER,), excursion_mm=5.0, contractions=2
    )
    (merged,) = match_bursts([second, first], []).missed
    assert (merged.span.start_s, merged.span.end_s) == (1.0, 3.0)
    assert merged.regions == (Region.EYELID, Region.MOUTH_CORNER)
    assert merged.excursion_mm == 5.0
    assert merged.contractions == 5


def test_bursts_too_short_to_be_seen_are_left_out(burst):
    assert counts(match_bursts([burst(1.0, 1.05)], [burst(1.0, 1.05)])) == (0, 0, 0)
    assert counts(match_bursts([burst(1.0, 1.067)], [])) == (0, 1, 0)


def test_as_many_as_possible_are_matched_even_if_one_overlap_is_smaller(burst):
    """The first log overlaps both truths, the second only the first truth."""
    truth = [burst(1.0, 2.0), burst(2.5, 3.5)]
    logged = [burst(1.2, 2.7), burst(0.7, 1.05)]
    rule = MatchRule(merge_gap_s=0.0)
    assert counts(match_bursts(truth, logged, rule)) == (2, 0, 0)


def test_iou_rule_wants_long_bursts_to_agree_better(burst):
    half_found = [burst(1.0, 1.8)]
    assert counts(match_bursts([burst(1.0, 3.0)], half_found, IOU_RULE)) == (0, 1, 1)
    assert counts(match_bursts([burst(1.0, 3.0)], half_found)) == (1, 0, 0)
    assert counts(match_bursts([burst(1.0, 1.5)], half_found, IOU_RULE)) == (1, 0, 0)


def test_mirroring_truth_and_log_changes_nothing(burst):
    rng = np.random.default_rng(3)
    starts = np.sort(rng.uniform(0, 60, 40))
    sides = rng.choice([Side.LEFT, Side.RIGHT], 40)
    truth = [
        burst(s, s + 0.5, Side(d))
        for s, d in zip(starts[::2], sides[::2], strict=False)
    ]
    logged = [
        burst(s, s + 0.5, Side(d))
        for s, d in zip(starts[1::2], sides[1::2], strict=False)
    ]
    swapped = [
        [burst(b.span.start_s, b.span.end_s, b.side.other) for b in bursts]
        for bursts in (truth, logged)
    ]
    assert counts(match_bursts(truth, logged)) == counts(match_bursts(*swapped))


def test_every_burst_is_counted_once(burst):
    truth = [burst(t, t + 0.4) for t in (1, 3, 5, 7)]
    logged = [burst(t, t + 0.4) for t in (1.1, 3.2, 6.0)]
    found, missed, false = counts(match_bursts(truth, logged))
    assert (found + missed, found + false) == (4, 3)


def test_hundreds_of_bursts_are_matched_as_one_by_one(burst):
    """Among many, a true burst meets what it would meet alone."""
    starts = np.arange(0, 900, 3.0)
    late = np.resize([0.0, 0.55, -0.4, 1.4], starts.size)
    true = [burst(t, t + 0.5) for t in starts]
    said = [burst(t + s, t + s + 0.5) for t, s in zip(starts, late, strict=True)]
    alone = [counts(match_bursts([t], [s])) for t, s in zip(true, said, strict=True)]
    assert counts(match_bursts(true, said)) == tuple(np.sum(alone, axis=0))
    assert {found for found, _, _ in alone} == {0, 1}


def test_a_merged_burst_is_cut_off_where_its_outer_pieces_are(burst):
    first = burst(1.0, 2.0, onset_cut=True, offset_cut=True)
    second = burst(2.1, 3.0, bilateral=True)
    (merged,) = match_bursts([second, first], []).missed
    assert (merged.onset_cut, merged.offset_cut) == (True, False)
    assert merged.bilateral
