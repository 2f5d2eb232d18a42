"""Totals of a side are those of its bursts; pauses only where one was watching."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.episodes.summary import (
    excluded_spans,
    join_spans,
    summarise,
    watched_pauses_s,
)
from twitch_tracker.journal.store.packing import (
    TOTALS_COLUMNS,
    totals_from_cells,
    totals_row,
)
from twitch_tracker.journal.totals import totals_of_sides
from twitch_tracker.records import (
    Episode,
    EpisodeKind,
    ExcludedSpan,
    HardlyOpen,
    QualityReason,
)
from twitch_tracker.regions import REGIONS, Region, Side
from twitch_tracker.timebase import Interval


def burst(start_s, end_s, side=Side.RIGHT, regions=(Region.EYELID,), **more):
    return Episode(
        span=Interval(start_s=start_s, end_s=end_s),
        side=side,
        regions=regions,
        lead_region=regions[0],
        kind=EpisodeKind.CLONIC,
        **more,
    )


def unseen(start_s, end_s, reason=QualityReason.NO_FACE):
    span = Interval(start_s=start_s, end_s=end_s)
    return ExcludedSpan(span=span, reasons=(reason,))


def pauses(bursts, excluded=()):
    return totals_of_sides(bursts, excluded)[Side.RIGHT].pauses_s.tolist()


BURSTS = (burst(1, 2), burst(4, 5), burst(10, 11))


@pytest.mark.parametrize(
    ("excluded", "expected"),
    [
        ([], [2, 5]),
        ([unseen(7, 7.25)], [2, 5]),
        ([unseen(7, 7.3125)], [2]),
        ([unseen(2.5, 3.5), unseen(6, 9)], []),
        ([unseen(1.0, 2.25)], [2, 5]),  # only a quarter of a second lies in the pause
        ([unseen(20, 30)], [2, 5]),
        # one stretch whose reason changes is one stretch
        ([unseen(7, 7.2), unseen(7.2, 7.4, QualityReason.BLURRED)], [2]),
        ([unseen(7, 7.2), unseen(8, 8.2)], [2, 5]),  # two short ones are not
    ],
)
def test_pauses_count_when_they_were_watched_throughout(excluded, expected):
    assert pauses(BURSTS, excluded) == expected


def test_the_order_of_bursts_does_not_matter():
    assert pauses(BURSTS[::-1]) == [2, 5]


def test_a_pause_begins_when_every_earlier_burst_is_over():
    """A person may have added a short burst within a long one."""
    assert pauses([burst(1, 8), burst(2, 3), burst(10, 11)]) == [2]


def test_pauses_are_those_of_the_summary(session):
    """The same rule on frames and on excluded spans, on a face lost for a second."""
    motion = session.motion
    bursts = [burst(1, 2), burst(4, 5), burst(8, 8.5), burst(9.9, 9.95)]
    spans = [b.span for b in bursts]
    from_spans = watched_pauses_s(
        spans, join_spans(e.span for e in excluded_spans(motion))
    )
    assert from_spans.tolist() == [2, 3], "the last one had no face in it"
    summary = summarise(motion, bursts, ()).sides[Side.RIGHT]
    assert summary.median_pause_s == np.median(from_spans)


def test_regions_and_lifts_are_counted_by_burst():
    both = (Region.EYELID, Region.CHEEK)
    low = (Region.MOUTH_CORNER, Region.CHEEK)
    brow = (Region.EYELID, Region.BROW)
    bursts = [
        burst(1, 2, regions=both),
        burst(3, 4, regions=low),
        burst(5, 6, regions=brow, brow_lift=True),
        burst(7, 9, Side.LEFT, regions=both),
    ]
    right = totals_of_sides(bursts, ())[Side.RIGHT]
    assert [right.with_region[region] for region in REGIONS] == [2, 1, 2, 1]
    assert (right.both_regions, right.brow_lifts, right.episodes) == (1, 1, 3)


def test_totals_survive_packing():
    bursts = [burst(1, 2.1, excursion_mm=1.5), burst(4, 5), burst(5, 7, Side.LEFT)]
    for totals in totals_of_sides(bursts, ()).values():
        row = totals_row(totals)
        back = totals_from_cells([row[name] for name in TOTALS_COLUMNS])
        assert back.with_region == totals.with_region
        for name in ("durations_s", "pauses_s", "excursions_mm"):
            np.testing.assert_array_equal(getattr(back, name), getattr(totals, name))
            assert getattr(back, name).dtype == np.float32


def test_what_was_only_partly_seen_is_carried_beside_the_durations():
    bursts = [
        burst(4, 5, bilateral=True),
        burst(1, 2, onset_cut=True),
        burst(8, 9, offset_cut=True, onset_cut=True),
        burst(4, 6, Side.LEFT, bilateral=True, offset_cut=True),
    ]
    shut = [
        HardlyOpen(span=Interval(start_s=at, end_s=at + 2), side=Side.LEFT)
        for at in (1, 7)
    ]
    sides = totals_of_sides(bursts, (), shut)
    right, left = sides[Side.RIGHT], sides[Side.LEFT]
    assert right.onset_cut.tolist() == [True, False, True], "in order of onset"
    assert right.offset_cut.tolist() == [False, False, True]
    assert (right.cut_off, right.bilateral, right.hardly_open_s) == (2, 1, 0.0)
    assert (left.cut_off, left.bilateral, left.hardly_open_s) == (1, 1, 4.0)
    for totals in sides.values():
        row = totals_row(totals)
        back = totals_from_cells([row[name] for name in TOTALS_COLUMNS])
        assert back.onset_cut.tolist() == totals.onset_cut.tolist()
        assert back.offset_cut.tolist() == totals.offset_cut.tolist()
        assert back.bilateral == totals.bilateral
        assert back.hardly_open_s == totals.hardly_open_s
    assert np.isnan(totals_of_sides(bursts, ())[Side.LEFT].hardly_open_s)


def test_what_damage_made_too_large_is_infinite_and_warns_nobody():
    """One flipped bit makes such a number; whoever looks for damage compares totals."""
    huge = (burst(1, 1e300, excursion_mm=1e200), burst(2e300, 3e300))
    totals = totals_of_sides(huge, ())[Side.RIGHT]
    assert totals.durations_s.dtype == np.float32
    assert np.isposinf(totals.durations_s).all()
    assert np.isposinf(totals.pauses_s).all()
    assert np.isposinf(totals.excursions_mm[0])
