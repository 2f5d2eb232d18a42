"""What every journal promises of reviews."""

from __future__ import annotations

from dataclasses import replace

import pytest

from twitch_tracker.errors import BadParameter, Misfit, UnknownEntry
from twitch_tracker.history import Basis
from twitch_tracker.journal.entries import Act, LogOutcome, Rating, ReviewAction, Way
from twitch_tracker.records import Origin, ReviewState
from twitch_tracker.regions import Side


@pytest.fixture
def recording(journal, make_analysis):
    """Log a recording with the bursts d1, d2, d4 on the right and d3 on the left."""
    return journal.log("anna", make_analysis()).recording_id


def judge_all(journal, recording, rater="eva", action=ReviewAction.CONFIRM):
    for key in ("d1", "d2", "d3", "d4"):
        journal.review(recording, rater, action, key)


def right(journal, basis):
    (counted,) = journal.history("anna", basis).recordings
    return counted.sides[Side.RIGHT].durations_s.tolist()


def test_a_review_never_changes_what_was_detected(journal, recording, burst):
    before = journal.analysis(recording)
    judge_all(journal, recording, action=ReviewAction.REJECT)
    journal.review(recording, "eva", ReviewAction.CHANGE, "d1", after=burst(11, 12))
    journal.finish_review(recording, "eva")
    assert repr(journal.analysis(recording)) == repr(before)
    assert right(journal, Basis.DETECTED) == [0.5, 2.0, 0.25]


def test_a_finished_review_counts(journal, recording, burst):
    judge_all(journal, recording)
    journal.review(recording, "eva", ReviewAction.REJECT, "d4")
    journal.review(recording, "eva", ReviewAction.CHANGE, "d1", after=burst(10, 10.75))
    journal.review(recording, "eva", ReviewAction.ADD, after=burst(300, 304))
    journal.finish_review(recording, "eva")
    assert right(journal, Basis.REVIEWED) == [0.75, 2.0, 4.0]
    assert right(journal, Basis.BOTH) == [0.75, 2.0, 4.0]
    (counted,) = journal.history("anna", Basis.REVIEWED).recordings
    assert counted.basis is Basis.REVIEWED
    assert counted.sides[Side.RIGHT].pauses_s.tolist() == [9.25], "278 s: 10 unseen"
    assert journal.recording(recording).reviewed_by == "eva"
    assert journal.check() == ()


def test_a_finished_review_counts_where_nobody_asked(journal, recording):
    judge_all(journal, recording)
    journal.review(recording, "eva", ReviewAction.REJECT, "d2")
    assert journal.history("anna").recordings[0].basis is Basis.DETECTED
    journal.finish_review(recording, "eva")
    (counted,) = journal.history("anna").recordings
    assert counted.basis is Basis.REVIEWED
    left, right_ = (len(counted.sides[s].durations_s) for s in (Side.LEFT, Side.RIGHT))
    entry = journal.recording(recording)
    assert (entry.counted_left, entry.counted_right) == (left, right_)
    assert entry.bursts_left + entry.bursts_right == left + right_ + 1


def test_a_review_counts_on_when_the_same_method_measured_again(
    journal, recording, make_analysis
):
    judge_all(journal, recording)
    journal.finish_review(recording, "eva")
    journal.log("anna", replace(make_analysis(), episodes=()))
    assert right(journal, Basis.BOTH) == [0.5, 2.0, 0.25]


def test_a_review_of_a_mirror_image_that_was_none_counts_no_more(
    journal, recording, make_analysis, burst
):
    """Its sides are those of the wrong way round; what was judged is kept."""
    judge_all(journal, recording)
    journal.finish_review(recording, "eva")
    turned = [replace(e, side=e.side.other) for e in make_analysis().episodes]
    other = replace(make_analysis(), mirrored=True, episodes=tuple(turned))
    journal.log("anna", other)
    assert journal.recording(recording).reviewed_by == ""
    assert journal.history("anna", Basis.REVIEWED).recordings == ()
    assert right(journal, Basis.BOTH) == right(journal, Basis.DETECTED)
    assert len(journal.reviewed_bursts(recording, "eva", revision=1)) == 4
    assert journal.check() == ()


def test_what_was_turned_can_be_turned_back(journal, recording, make_analysis):
    """The first analysis again is the newest again, or the wrong sides would stay."""
    before = right(journal, Basis.DETECTED)
    turned = [replace(e, side=e.side.other) for e in make_analysis().episodes]
    other = replace(make_analysis(), mirrored=True, episodes=tuple(turned))
    journal.log("anna", other)
    assert right(journal, Basis.DETECTED) != before
    back = journal.log("anna", make_analysis())
    assert (back.revision, back.outcome) == (3, LogOutcome.NEW_REVISION)
    assert right(journal, Basis.DETECTED) == before
    assert not journal.recording(recording).mirrored
    again = journal.log("anna", make_analysis())
    assert again.outcome is LogOutcome.NOTHING_NEW, "the same once more is nothing new"
    assert journal.check() == ()


def test_an_unfinished_review_does_not_count(journal, recording):
    journal.review(recording, "eva", ReviewAction.REJECT, "d2")
    assert journal.history("anna", Basis.REVIEWED).recordings == ()
    assert right(journal, Basis.BOTH) == [0.5, 2.0, 0.25]
    assert journal.history("anna", Basis.BOTH).recordings[0].basis is Basis.DETECTED
    assert journal.recording(recording).reviewed_by == ""


def test_a_review_cannot_be_finished_with_unjudged_bursts(journal, recording):
    journal.review(recording, "eva", ReviewAction.CONFIRM, "d1")
    with pytest.raises(BadParameter, match=r"3 not judged yet \(d2, d3, d4\)"):
        journal.finish_review(recording, "eva")
    assert journal.history("anna", Basis.REVIEWED).recordings == ()


def test_going_on_after_finishing_reopens_the_review(journal, recording):
    judge_all(journal, recording)
    journal.finish_review(recording, "eva")
    journal.review(recording, "eva", ReviewAction.NOTE, text="a good recording")
    assert right(journal, Basis.REVIEWED) == [0.5, 2.0, 0.25], "a note changes nothing"
    journal.review(recording, "eva", ReviewAction.REJECT, "d2")
    assert journal.history("anna", Basis.REVIEWED).recordings == ()
    assert journal.check() == ()
    journal.finish_review(recording, "eva")
    assert right(journal, Basis.REVIEWED) == [0.5, 0.25]


def test_undo_takes_back_the_raters_own_last_act(journal, recording, burst):
    journal.review(recording, "eva", ReviewAction.REJECT, "d1")
    added = journal.review(recording, "eva", ReviewAction.ADD, after=burst(50, 51))
    journal.review(recording, "ben", ReviewAction.REJECT, "d2")
    undone = journal.review(recording, "eva", ReviewAction.UNDO)
    assert (undone.undoes, undone.key) == (added.review_id, "a1")
    keys = [b.key for b in journal.reviewed_bursts(recording, "eva")]
    assert keys == ["d2", "d3", "d4"]
    journal.review(recording, "eva", ReviewAction.UNDO)
    keys = [b.key for b in journal.reviewed_bursts(recording, "eva")]
    assert keys == ["d1", "d2", "d3", "d4"]
    with pytest.raises(BadParameter, match="nothing in force"):
        journal.review(recording, "eva", ReviewAction.UNDO)
    keys = [b.key for b in journal.reviewed_bursts(recording, "ben")]
    assert keys == ["d1", "d3", "d4"], "ben's own rejection stays"


def test_all_acts_are_kept_in_order(journal, recording, burst, clock):
    journal.review(recording, "eva", ReviewAction.CONFIRM, "d1", way=Way.BLIND)
    clock.go(minutes=1)
    journal.review(recording, "eva", ReviewAction.CHANGE, "d1", after=burst(10, 12))
    journal.review(recording, "eva", ReviewAction.UNDO)
    acts = journal.reviews(recording)
    actions = [ReviewAction.CONFIRM, ReviewAction.CHANGE, ReviewAction.UNDO]
    assert [act.action for act in acts] == actions
    assert [act.blind for act in acts] == [True, False, False]
    assert acts[1].at == clock.now
    assert acts[1].before.span.end_s == 10.5
    assert acts[1].before.review is ReviewState.CONFIRMED
    assert repr(acts[1].after) == repr(burst(10, 12))
    assert journal.reviews(recording, "nobody") == ()


def test_of_several_raters_the_one_who_finished_last_counts(journal, recording):
    judge_all(journal, recording, "eva")
    judge_all(journal, recording, "ben")
    journal.review(recording, "ben", ReviewAction.REJECT, "d2")
    journal.finish_review(recording, "ben")
    journal.finish_review(recording, "eva")
    assert right(journal, Basis.REVIEWED) == [0.5, 2.0, 0.25]
    journal.finish_review(recording, "ben")
    assert right(journal, Basis.REVIEWED) == [0.5, 0.25]
    assert journal.recording(recording).reviewed_by == "ben"
    journal.review(recording, "ben", ReviewAction.CONFIRM, "d2")  # reopens ben's
    assert right(journal, Basis.REVIEWED) == [0.5, 2.0, 0.25], "eva's counts again"
    assert journal.check() == ()


def test_a_review_stays_when_the_recording_is_analysed_anew(
    journal, recording, make_analysis, other_method
):
    """The person's verdict on the old analysis is still the best there is."""
    judge_all(journal, recording)
    journal.finish_review(recording, "eva")
    newer = replace(make_analysis(), method=other_method, episodes=())
    journal.log("anna", newer)
    (reviewed,) = journal.history("anna", Basis.REVIEWED).recordings
    assert reviewed.method != other_method
    assert right(journal, Basis.BOTH) == [], "what two methods measured never mixes"
    assert right(journal, Basis.DETECTED) == []
    assert len(journal.reviewed_bursts(recording)) == 4
    assert journal.reviewed_bursts(recording, "eva", revision=2) == ()
    assert journal.check() == ()


def test_reviewed_bursts_say_who_found_them_and_what_was_judged(
    journal, recording, burst
):
    journal.review(recording, "eva", ReviewAction.CONFIRM, "d1")
    journal.review(recording, "eva", ReviewAction.ADD, after=burst(15, 16))
    seen = {b.key: b.episode for b in journal.reviewed_bursts(recording, "eva")}
    assert list(seen) == ["d1", "a1", "d2", "d3", "d4"], "in order of onset"
    assert (seen["a1"].origin, seen["d1"].origin) == (Origin.HUMAN, Origin.DETECTED)
    assert seen["d1"].review is ReviewState.CONFIRMED
    assert seen["d2"].review is ReviewState.UNREVIEWED


def test_without_a_finished_review_there_is_no_counted_one(journal, recording):
    with pytest.raises(UnknownEntry, match="Nobody has finished"):
        journal.reviewed_bursts(recording)


@pytest.mark.parametrize(
    ("action", "key", "span", "named"),
    [
        (ReviewAction.CONFIRM, "", None, "key"),
        (ReviewAction.CONFIRM, "d1", (1, 2), "after"),
        (ReviewAction.CHANGE, "d1", None, "after"),
        (ReviewAction.ADD, "", None, "after"),
        (ReviewAction.ADD, "", (-1, 2), "after"),
    ],
)
def test_acts_that_lack_something_are_refused(
    journal, recording, burst, action, key, span, named
):
    after = None if span is None else burst(*span)
    with pytest.raises(BadParameter, match=f"{named}: expected"):
        journal.review(recording, "eva", action, key, after=after)
    assert journal.reviews(recording) == ()


def test_why_coding_does_not_fit_is_kept_as_codes_and_numbers(journal, recording):
    why = (Misfit("film_name", ("b, c.mp4",)), Misfit("film_length", (50.0, 45.04)))
    note = Act(action=ReviewAction.NOTE, misfits=why)
    journal.review_many(recording, "eva", [note])
    (kept,) = journal.reviews(recording)
    assert (kept.text, kept.misfits) == ("", why)
    assert journal.check() == ()


@pytest.mark.parametrize(
    ("action", "key"), [(ReviewAction.NOTE, "d1"), (ReviewAction.CONFIRM, "d1")]
)
def test_of_a_burst_no_coding_is_said_not_to_fit(journal, recording, action, key):
    act = Act(action=action, key=key, misfits=(Misfit("no_film"),))
    with pytest.raises(BadParameter, match="misfits: expected"):
        journal.review_many(recording, "eva", [act])
    assert journal.reviews(recording) == ()


def test_a_burst_that_is_not_there_cannot_be_judged(journal, recording):
    with pytest.raises(UnknownEntry, match="no burst 'd9'"):
        journal.review(recording, "eva", ReviewAction.CONFIRM, "d9")
    with pytest.raises(UnknownEntry, match="no burst 'a1'"):
        journal.review(recording, "eva", ReviewAction.REJECT, "a1")
    with pytest.raises(BadParameter, match="rater"):
        journal.review(recording, " ", ReviewAction.CONFIRM, "d1")


def test_reviews_go_with_their_recording(journal, recording):
    judge_all(journal, recording)
    journal.review(recording, "eva", ReviewAction.UNDO)
    judge_all(journal, recording)
    journal.finish_review(recording, "eva")
    journal.remove_recording(recording)
    assert journal.check() == ()
    assert journal.history("anna", Basis.BOTH).recordings == ()


# --- many acts at once ------------------------------------------------------


def whole_review(burst):
    """Confirm d1 and d2, reject d3, change d4, add a burst and reject that again."""
    return [
        Act(action=ReviewAction.CONFIRM, key="d1"),
        Act(action=ReviewAction.CONFIRM, key="d2"),
        Act(action=ReviewAction.REJECT, key="d3"),
        Act(action=ReviewAction.CHANGE, key="d4", after=burst(120.0, 121.0)),
        Act(action=ReviewAction.ADD, after=burst(300, 304)),
        Act(action=ReviewAction.REJECT, key="a1"),
        Act(action=ReviewAction.NOTE, text="in one go"),
    ]


def one_by_one(journal, recording, rater, acts):
    return [
        journal.review(
            recording, rater, a.action, a.key, after=a.after, text=a.text, way=Way.BLIND
        )
        for a in acts
    ]


def test_many_acts_are_what_they_would_be_one_by_one(journal, recording, burst):
    acts = [*whole_review(burst), Act(action=ReviewAction.UNDO)]
    acts += [Act(action=ReviewAction.CHANGE, key="d4", after=burst(119.0, 121.0))]
    done = journal.review_many(recording, "eva", acts, way=Way.BLIND)
    assert repr(journal.reviews(recording, "eva")) == repr(done)
    singly = one_by_one(journal, recording, "ben", acts)
    own = done[0].review_id - singly[0].review_id

    def as_of_eva(act):
        undoes = None if act.undoes is None else act.undoes + own
        number = act.review_id + own
        return replace(act, rater="eva", review_id=number, undoes=undoes)

    assert repr(done) == repr(tuple(map(as_of_eva, singly)))
    assert done[-1].before.span.end_s == 121.0, "each act sees those before it"
    seen = journal.reviewed_bursts(recording, "eva")
    assert repr(seen) == repr(journal.reviewed_bursts(recording, "ben"))
    told = [c for c in journal.changes("anna") if c.kind == "review"]
    assert [c.action for c in told] == 2 * [a.action.value for a in acts]


def test_many_acts_can_finish_the_review(journal, recording, burst):
    journal.review_many(recording, "eva", whole_review(burst), finish=True)
    assert right(journal, Basis.REVIEWED) == [0.5, 2.0, 1.0]
    assert journal.recording(recording).reviewed_by == "eva"
    assert journal.changes("anna")[-1].action == "finish"
    assert journal.check() == ()
    journal.review_many(recording, "eva", [Act(action=ReviewAction.REJECT, key="d1")])
    assert journal.recording(recording).reviewed_by == "", "going on reopens it"


@pytest.mark.parametrize(
    ("last", "finish", "error"),
    [
        (Act(action=ReviewAction.CONFIRM, key="d9"), False, UnknownEntry),
        (Act(action=ReviewAction.CONFIRM), False, BadParameter),
        (Act(action=ReviewAction.CONFIRM, key="d2"), True, BadParameter),
    ],
    ids=["a burst that is not there", "no key", "not all judged"],
)
def test_of_many_acts_all_or_none_are_written(journal, recording, last, finish, error):
    before = journal.changes()
    acts = [Act(action=ReviewAction.CONFIRM, key="d1"), last]
    with pytest.raises(error):
        journal.review_many(recording, "eva", acts, finish=finish)
    assert journal.reviews(recording) == ()
    assert journal.changes() == before


def test_a_first_review_is_refused_to_who_has_acted(
    journal, recording, make_analysis, other_method
):
    acts = [Act(action=ReviewAction.CONFIRM, key="d1")]
    journal.review_many(recording, "eva", acts, first=True)
    journal.log("anna", replace(make_analysis(), method=other_method))
    with pytest.raises(BadParameter, match="has not reviewed this recording"):
        journal.review_many(recording, "eva", acts, first=True)
    assert len(journal.review_many(recording, "ben", acts, first=True)) == 1
    assert journal.reviews(recording, "ben")[0].revision == 2


def test_no_acts_are_no_change(journal, recording):
    before = journal.changes()
    assert journal.review_many(recording, "eva", []) == ()
    assert journal.changes() == before


# --- from scratch -------------------------------------------------------------------


def test_names_and_notes_say_nothing_of_how_somebody_rated(journal, recording):
    """A rater may be called anything, and write any note."""
    journal.review(recording, "kim (from scratch)", ReviewAction.NOTE, text="finished")
    assert journal.ratings("anna") == ()
    for key in ("d1", "d2", "d3", "d4"):
        journal.review(recording, "kim (from scratch)", ReviewAction.CONFIRM, key)
    journal.finish_review(recording, "kim (from scratch)")
    assert journal.recording(recording).reviewed_by == "kim (from scratch)"
    assert [one.from_scratch for one in journal.ratings("anna")] == [False]


def test_marks_from_scratch_are_a_review_of_their_own(journal, recording, burst):
    """Nothing was proposed; the same rater's checking neither helps nor hinders."""
    scratch = {"way": Way.SCRATCH}
    journal.review(recording, "kim", ReviewAction.REJECT, "d1")
    added = journal.review(
        recording, "kim", ReviewAction.ADD, after=burst(50, 51), **scratch
    )
    assert (added.key, added.from_scratch, added.blind) == ("a1", True, True)
    with pytest.raises(UnknownEntry):
        journal.review(recording, "kim", ReviewAction.CONFIRM, "d1", **scratch)
    own = journal.reviewed_bursts(recording, "kim", **scratch)
    assert [one.key for one in own] == ["a1"]
    checked = journal.reviewed_bursts(recording, "kim")
    assert [one.key for one in checked] == ["d2", "d3", "d4"]
    undone = journal.review(recording, "kim", ReviewAction.UNDO)
    assert undone.key == "d1", "the last act of the same review"


def test_a_finished_rating_from_scratch_never_counts_in_progression(
    journal, recording, burst
):
    journal.finish_review(recording, "kim", way=Way.SCRATCH)
    rating = Rating(recording_id=recording, revision=1, rater="kim", from_scratch=True)
    assert journal.ratings("anna") == (rating,)
    assert journal.recording(recording).reviewed_by == ""
    assert journal.history("anna", Basis.REVIEWED).recordings == ()
    with pytest.raises(UnknownEntry):
        journal.reviewed_bursts(recording)
    journal.review(
        recording, "kim", ReviewAction.ADD, after=burst(50, 51), way=Way.SCRATCH
    )
    assert journal.ratings("anna") == (), "who goes on has not finished"


def test_who_finished_by_mistake_can_take_it_back(journal, recording):
    journal.finish_review(recording, "kim", way=Way.SCRATCH)
    with pytest.raises(BadParameter):
        journal.reopen_review(recording, "kim")
    journal.reopen_review(recording, "kim", way=Way.SCRATCH)
    assert journal.ratings("anna") == ()
    with pytest.raises(BadParameter):
        journal.reopen_review(recording, "kim", way=Way.SCRATCH)
    assert journal.changes("anna")[-1].action == "reopen"
