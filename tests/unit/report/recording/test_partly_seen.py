"""What was only partly seen is said so, of its own side and never with a bare length."""

from __future__ import annotations

from dataclasses import replace

import pytest

from twitch_tracker.records import HardlyOpen
from twitch_tracker.regions import Region, Side
from twitch_tracker.report.recording.cards import build_card
from twitch_tracker.report.recording.headline import cautions
from twitch_tracker.report.recording.page import render_report
from twitch_tracker.report.recording.view import build_page_view
from twitch_tracker.timebase import Interval
from twitch_tracker.wording.partly_seen import (
    cut_off_note,
    hardly_open_in_words,
    length_of_burst,
    regions_unseen_in_words,
)


@pytest.fixture
def burst(session):
    return replace(session.episodes[0], span=Interval(start_s=0, end_s=12))


def state(start_s, end_s, side):
    return HardlyOpen(span=Interval(start_s=start_s, end_s=end_s), side=side)


def test_a_burst_that_was_seen_whole_has_its_length_alone(burst):
    card = build_card(1, burst)
    assert card.duration == length_of_burst(burst) == "12.0 s"
    assert (card.edges, card.both, card.remarks) == ("", "", ())


@pytest.mark.parametrize(
    ("edges", "mark", "told"),
    [
        ({"onset_cut": True}, "onset not seen", "When it began is not known"),
        ({"offset_cut": True}, "offset not seen", "When it ended is not known"),
        (
            {"onset_cut": True, "offset_cut": True},
            "onset and offset not seen",
            "When it began and ended is not known",
        ),
    ],
)
def test_a_cut_off_burst_lasted_at_least_as_long_as_it_was_seen(
    burst, edges, mark, told
):
    card = build_card(1, replace(burst, **edges))
    assert card.duration == "at least 12.0 s"
    assert card.edges == mark
    (remark,) = card.remarks
    assert told in remark
    assert remark.endswith("it lasted at least 12.0 s.")


def test_a_burst_on_both_sides_names_the_other_side(burst):
    for side, other in ((Side.LEFT, "right"), (Side.RIGHT, "left")):
        card = build_card(1, replace(burst, bilateral=True, side=side))
        assert card.both == "both sides at once"
        (remark,) = card.remarks
        assert remark.startswith(f"The {other} side had a burst at the same time")


def test_how_many_were_cut_off():
    assert cut_off_note(0) == ""
    assert cut_off_note(1).startswith("1 burst was cut off")
    assert cut_off_note(3).startswith("3 bursts were cut off")


def test_an_eye_that_was_hardly_open_is_told_with_its_times():
    (told,) = hardly_open_in_words([state(10, 100, Side.LEFT)])
    assert told.startswith("The left eye was hardly ever open (0:10 to 1:40). ")
    assert "right" not in told, "the other side has nothing to do with it"
    assert hardly_open_in_words([]) == ()


def test_each_eye_is_told_once_right_first():
    told = hardly_open_in_words(
        [state(0, 5, Side.LEFT), state(7, 9, Side.RIGHT), state(20, 30, Side.LEFT)]
    )
    assert [text.split("(")[0].split()[1] for text in told] == ["right", "left"]
    assert "(0:00 to 0:05; 0:20 to 0:30)" in told[1]
    assert "left" not in told[0]


def test_the_report_tells_all_of_it(session):
    first, *others = session.episodes
    cut = replace(first, offset_cut=True, bilateral=True)
    right = session.summary.sides[Side.RIGHT]
    sides = {
        **session.summary.sides,
        Side.RIGHT: replace(right, cut_off=1, bilateral=1),
    }
    told = replace(
        session,
        episodes=(cut, *others),
        summary=replace(session.summary, sides=sides),
        hardly_open=(state(0, 5, Side.LEFT),),
    )
    assert hardly_open_in_words(told.hardly_open)[0] in cautions(told)
    page, without = render_report(told), render_report(session)
    for words in (
        "at least",
        "(offset not seen)",
        "(both sides at once)",
        "This burst was still going on when it could last be measured.",
        "The left side had a burst at the same time",
        "The left eye was hardly ever open (0:00 to 0:05)",
        "1 burst was cut off where measuring began or ended",
        "At once with the other side",
    ):
        assert words in page, words
        assert words not in without, words


def test_the_longest_burst_may_have_been_longer_when_any_was_cut_off(session):
    def longest(cut_off):
        right = replace(session.summary.sides[Side.RIGHT], cut_off=cut_off)
        sides = {**session.summary.sides, Side.RIGHT: right}
        summary = replace(session.summary, sides=sides)
        view = build_page_view(replace(session, summary=summary), [])
        facts = next(s for s in view.sides if s.key == "right").facts
        return next(f.value for f in facts if f.label == "Longest burst")

    assert not longest(0).startswith("at least")
    assert longest(1) == f"at least {longest(0)}"


def test_regions_outside_the_picture_are_told_with_their_time(session):
    unseen_s = {Region.MOUTH_CORNER: 12.0, Region.CHEEK: 3.0}
    told = replace(session, summary=replace(session.summary, regions_unseen_s=unseen_s))
    text = regions_unseen_in_words(unseen_s)
    assert "mouth corner for 12.0 s, cheek for 3.00 s" in text
    assert text in cautions(told)
    assert regions_unseen_in_words({}) == ""
    assert not any("outside the picture" in note for note in cautions(session))
