"""What a rater sees is what was detected, as changed by their acts, oldest first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest

from twitch_tracker.journal.entries import Burst, Review, ReviewAction
from twitch_tracker.journal.reviewed.reviewing import (
    fold,
    in_force,
    last_to_undo,
    next_key,
    unjudged,
)
from twitch_tracker.records import Episode, EpisodeKind, Origin, ReviewState
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def burst(start_s: float) -> Episode:
    return Episode(
        span=Interval(start_s=start_s, end_s=start_s + 1),
        side=Side.RIGHT,
        regions=(Region.EYELID,),
        lead_region=Region.EYELID,
        kind=EpisodeKind.TONIC,
    )


DETECTED = (Burst(key="d1", episode=burst(10)), Burst(key="d2", episode=burst(20)))


def acts(*told: tuple) -> list[Review]:
    """Write acts as (action, key, start of the new burst, undone act)."""
    numbers = count(1)
    written = []
    for action, key, start_s, undoes in told:
        written.append(
            Review(
                review_id=next(numbers),
                recording_id="1",
                revision=1,
                rater="eva",
                at=NOON,
                action=ReviewAction(action),
                key=key,
                after=None if start_s is None else burst(start_s),
                undoes=undoes,
            )
        )
    return written


def seen(*told: tuple) -> dict[str, tuple[float, str]]:
    return {
        b.key: (b.episode.span.start_s, b.episode.review.value)
        for b in fold(DETECTED, acts(*told))
    }


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], {"d1": (10, "unreviewed"), "d2": (20, "unreviewed")}),
        (
            [("confirm", "d1", None, None)],
            {"d1": (10, "confirmed"), "d2": (20, "unreviewed")},
        ),
        ([("reject", "d1", None, None)], {"d2": (20, "unreviewed")}),
        (
            [("change", "d1", 30, None)],
            {"d2": (20, "unreviewed"), "d1": (30, "confirmed")},
        ),
        (
            [("add", "a1", 15, None)],
            {
                "d1": (10, "unreviewed"),
                "a1": (15, "confirmed"),
                "d2": (20, "unreviewed"),
            },
        ),
        (
            [("note", "d1", None, None)],
            {"d1": (10, "unreviewed"), "d2": (20, "unreviewed")},
        ),
        # the last word counts
        (
            [("reject", "d1", None, None), ("confirm", "d1", None, None)],
            {"d1": (10, "confirmed"), "d2": (20, "unreviewed")},
        ),
        (
            [("change", "d1", 12, None), ("reject", "d1", None, None)],
            {"d2": (20, "unreviewed")},
        ),
        # a changed burst that was rejected keeps its change when confirmed again
        (
            [
                ("change", "d1", 12, None),
                ("reject", "d1", None, None),
                ("confirm", "d1", None, None),
            ],
            {"d1": (12, "confirmed"), "d2": (20, "unreviewed")},
        ),
        # an added burst can be changed and rejected as well
        (
            [("add", "a1", 15, None), ("change", "a1", 16, None)],
            {
                "d1": (10, "unreviewed"),
                "a1": (16, "confirmed"),
                "d2": (20, "unreviewed"),
            },
        ),
        (
            [("add", "a1", 15, None), ("reject", "a1", None, None)],
            {"d1": (10, "unreviewed"), "d2": (20, "unreviewed")},
        ),
        # undone acts never happened, also those in the middle
        (
            [("reject", "d1", None, None), ("undo", "d1", None, 1)],
            {"d1": (10, "unreviewed"), "d2": (20, "unreviewed")},
        ),
        (
            [
                ("change", "d1", 12, None),
                ("reject", "d1", None, None),
                ("undo", "d1", None, 2),
            ],
            {"d1": (12, "confirmed"), "d2": (20, "unreviewed")},
        ),
        # acts on an addition that was undone have no effect
        (
            [
                ("add", "a1", 15, None),
                ("confirm", "a1", None, None),
                ("undo", "a1", None, 1),
            ],
            {"d1": (10, "unreviewed"), "d2": (20, "unreviewed")},
        ),
    ],
)
def test_fold(told, expected):
    assert seen(*told) == expected
    assert list(seen(*told)) == list(expected), "in order of onset"


def test_what_was_detected_is_not_touched():
    before = repr(DETECTED)
    fold(DETECTED, acts(("change", "d1", 12, None), ("reject", "d2", None, None)))
    assert repr(DETECTED) == before


def test_origin_says_who_found_it_not_who_changed_it():
    told = acts(("change", "d1", 12, None), ("add", "a1", 15, None))
    origins = {b.key: b.episode.origin for b in fold(DETECTED, told)}
    expected = {
        "d1": Origin.DETECTED,
        "d2": Origin.DETECTED,
        "a1": Origin.HUMAN,
    }
    assert origins == expected


def test_rejected_ones_can_be_shown():
    shown = fold(DETECTED, acts(("reject", "d1", None, None)), rejected=True)
    assert [b.episode.review for b in shown] == [
        ReviewState.REJECTED,
        ReviewState.UNREVIEWED,
    ]


def test_unjudged_are_those_neither_confirmed_rejected_nor_changed():
    assert unjudged(DETECTED, []) == ("d1", "d2")
    assert unjudged(DETECTED, acts(("reject", "d1", None, None))) == ("d2",)
    assert unjudged(DETECTED, acts(("change", "d2", 25, None))) == ("d1",)
    assert unjudged(DETECTED, acts(("note", "d1", None, None))) == ("d1", "d2")


def test_undo_takes_back_the_newest_act_that_holds():
    told = acts(
        ("reject", "d1", None, None),
        ("confirm", "d2", None, None),
        ("undo", "d2", None, 2),
    )
    assert [act.review_id for act in in_force(told)] == [1]
    last = last_to_undo(told)
    assert last is not None
    assert last.review_id == 1
    assert last_to_undo([]) is None


def test_the_key_of_an_undone_addition_is_not_given_again():
    told = acts(("add", "a1", 15, None), ("undo", "a1", None, 1))
    assert next_key([]) == "a1"
    assert next_key(told) == "a2"


def test_which_bursts_are_on_both_sides_follows_from_those_that_count():
    left = Burst(key="d3", episode=replace(burst(10.5), side=Side.LEFT))
    detected = (*DETECTED, left)

    def both(*told: tuple, rejected: bool = False) -> dict[str, bool]:
        found = fold(detected, acts(*told), rejected=rejected)
        return {b.key: b.episode.bilateral for b in found}

    assert both() == {"d1": True, "d2": False, "d3": True}
    assert both(("reject", "d3", None, None)) == {"d1": False, "d2": False}
    shown = both(("reject", "d3", None, None), rejected=True)
    assert shown["d1"] is False, "also where rejected ones are shown"
    assert both(("change", "d2", 11, None))["d2"] is True
