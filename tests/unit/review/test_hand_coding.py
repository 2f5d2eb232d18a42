"""Coded bursts that overlap on one side are one burst."""

from __future__ import annotations

from dataclasses import replace

from twitch_tracker.exchange.coding.coded import coded, noted
from twitch_tracker.exchange.coding.films import CodedRow
from twitch_tracker.journal.entries import Burst, ReviewAction
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.review.hand_coding import Defaults, acts, joined
from twitch_tracker.timebase import Interval


def row(text: str, start_s: float, end_s: float) -> CodedRow:
    return CodedRow(where="row", texts=(text,), start_s=start_s, end_s=end_s)


def test_one_state_for_each_region_is_one_burst():
    truth = coded(
        [
            row("right spasm eyelid tonic", 1.0, 2.0),
            row("right spasm mouth tonic", 1.2, 2.6),
            row("left spasm eyelid tonic", 1.1, 1.9),
            row("right spasm cheek clonic", 2.6, 3.0),
        ]
    )
    first, left, last = joined(truth.episodes)
    assert (first.span, first.side) == (Interval(start_s=1.0, end_s=2.6), Side.RIGHT)
    assert first.regions == (Region.EYELID, Region.MOUTH_CORNER)
    assert first.kind is EpisodeKind.TONIC
    assert noted(first, "kind")
    assert not noted(first, "lead_region")
    assert not noted(first, "contractions")
    assert (left.side, last.span.start_s) == (Side.LEFT, 2.6)


def test_a_detected_burst_coded_in_two_overlapping_pieces_counts_once(session):
    burst = session.episodes[0]
    middle_s = burst.span.middle_s
    halves = [
        replace(
            burst, span=Interval(start_s=burst.span.start_s, end_s=middle_s + 0.05)
        ),
        replace(burst, span=Interval(start_s=middle_s, end_s=burst.span.end_s)),
    ]
    done = acts(halves, [Burst(key="d1", episode=burst)], Defaults())
    assert [act.action for act in done] == [ReviewAction.CONFIRM]
