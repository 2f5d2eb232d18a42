"""What becomes of what a rater asks for, without a journal, a page or a word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from twitch_tracker.errors import BadParameter, ReviewRefused, UnknownEntry
from twitch_tracker.history import Task
from twitch_tracker.journal.entries import (
    Act,
    Burst,
    Rating,
    RecordingBrief,
    Review,
    ReviewAction,
    Way,
)
from twitch_tracker.journal.reviewed.reviewing import fold
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import Side
from twitch_tracker.review.deciding import ReviewRequest, check_finish, decide
from twitch_tracker.review.editing import Edit
from twitch_tracker.review.evidence import BurstEvidence
from twitch_tracker.review.raters import Rater
from twitch_tracker.review.seen import Seen, next_open

AT = datetime(2026, 5, 1, 9, tzinfo=UTC)
KIM = Rater(name="kim")
SCRATCH = Rater(name="kim", way=Way.SCRATCH)


@pytest.fixture
def detected(session) -> tuple[Burst, ...]:
    """Two bursts, d1 and d2."""
    found = enumerate(session.episodes[:2], start=1)
    return tuple(Burst(key=f"d{n}", episode=e) for n, e in found)


@pytest.fixture
def seen(detected):
    """Make what a rater sees after some acts: (rater, way, action, key, more)."""

    def make(*acts, rater=KIM, done=False) -> Seen:
        told = tuple(
            Review(
                review_id=number,
                recording_id="1",
                revision=1,
                rater=name,
                way=way,
                at=AT + timedelta(minutes=number),
                action=action,
                key=key,
                **more,
            )
            for number, (name, way, action, key, more) in enumerate(acts, start=1)
        )
        view = Seen(
            entry=SimpleNamespace(recording_id="1", reviewed_by="kim" if done else ""),
            analysis=SimpleNamespace(revision=1, bursts=detected),
            rater=rater,
            bursts=(),
            acts=told,
            done=done,
        )
        proposed = () if rater.scratch else detected
        return replace(view, bursts=fold(proposed, view.own, rejected=True))

    return make


def kim(action, key="", way=Way.OPEN, **more):
    return ("kim", way, action, key, more)


def no_evidence() -> BurstEvidence:
    pytest.fail("the signals are needed for edits alone")


def asked(action: ReviewAction, key: str = "", **more) -> ReviewRequest:
    return ReviewRequest(action=action, key=key, **more)


def test_a_verdict_is_passed_on_as_it_is(seen):
    wanted = decide(seen(), asked(ReviewAction.REJECT, "d1"), no_evidence)
    assert wanted == Act(action=ReviewAction.REJECT, key="d1")


def test_a_change_starts_from_how_the_burst_is_now(seen, session, detected):
    """Another tab moved it to the other side meanwhile: that stays."""
    moved = replace(detected[0].episode, side=Side.LEFT)
    now = seen(kim(ReviewAction.CHANGE, "d1", after=moved))
    motion = session.motion
    blank = motion.time_s * 0
    evidence = BurstEvidence(
        time_s=motion.time_s, last_s=1 / 30, right=blank, left=blank
    )
    edit = Edit(kind=EpisodeKind.MIXED)
    wanted = decide(now, asked(ReviewAction.CHANGE, "d1", edit=edit), lambda: evidence)
    assert wanted is not None
    assert wanted.after is not None
    assert (wanted.after.side, wanted.after.kind) == (Side.LEFT, EpisodeKind.MIXED)


@pytest.mark.parametrize("action", [ReviewAction.CONFIRM, ReviewAction.CHANGE])
def test_a_burst_that_is_not_there_cannot_be_judged(seen, action):
    with pytest.raises(UnknownEntry):
        decide(seen(), asked(action, "d9"), no_evidence)
    with pytest.raises(UnknownEntry):
        decide(seen(rater=SCRATCH), asked(action, "d1"), no_evidence)


def test_a_note_needs_words(seen):
    with pytest.raises(BadParameter):
        decide(seen(), asked(ReviewAction.NOTE, text="  "), no_evidence)
    wanted = decide(seen(), asked(ReviewAction.NOTE, text=" dim "), no_evidence)
    assert wanted == Act(action=ReviewAction.NOTE, text="dim")


def test_only_what_was_done_can_be_undone(seen):
    with pytest.raises(ReviewRefused):
        decide(seen(), asked(ReviewAction.UNDO), no_evidence)
    undone = [kim(ReviewAction.CONFIRM, "d1"), kim(ReviewAction.UNDO, undoes=1)]
    with pytest.raises(ReviewRefused):
        decide(seen(*undone), asked(ReviewAction.UNDO), no_evidence)
    theirs = ("ben", Way.OPEN, ReviewAction.CONFIRM, "d1", {})
    with pytest.raises(ReviewRefused):
        decide(seen(theirs), asked(ReviewAction.UNDO), no_evidence)
    wanted = decide(seen(*undone[:1]), asked(ReviewAction.UNDO, "d1"), no_evidence)
    assert wanted == Act(action=ReviewAction.UNDO)


def test_that_a_rating_from_scratch_was_finished_is_undone_first(seen, session):
    added = kim(ReviewAction.ADD, "a1", Way.SCRATCH, after=session.episodes[0])
    done = seen(added, rater=SCRATCH, done=True)
    assert done.last_to_undo is None
    assert decide(done, asked(ReviewAction.UNDO), no_evidence) is None


def test_checking_makes_it_too_late_to_rate_from_scratch(seen):
    late = seen(kim(ReviewAction.CONFIRM, "d1"), rater=SCRATCH)
    with pytest.raises(ReviewRefused):
        decide(late, asked(ReviewAction.UNDO), no_evidence)
    with pytest.raises(ReviewRefused):
        check_finish(late, has_video=True)
    marked = kim(ReviewAction.NOTE, "a1", Way.SCRATCH)
    assert not seen(marked, rater=SCRATCH).too_late


def test_a_review_is_finished_when_every_burst_is_judged(seen):
    acts = [kim(ReviewAction.CONFIRM, "d1"), kim(ReviewAction.REJECT, "d2")]
    with pytest.raises(ReviewRefused):
        check_finish(seen(*acts[:1]), has_video=True)
    check_finish(seen(*acts), has_video=False)


def test_from_scratch_needs_the_video_to_be_finished(seen):
    check_finish(seen(rater=SCRATCH), has_video=True)
    with pytest.raises(ReviewRefused):
        check_finish(seen(rater=SCRATCH), has_video=False)


def test_nobody_blind_is_told_what_others_said(seen):
    theirs = [
        ("ben", Way.OPEN, ReviewAction.CONFIRM, "d1", {}),
        ("ben", Way.OPEN, ReviewAction.REJECT, "d1", {}),
        ("ben", Way.OPEN, ReviewAction.NOTE, "d1", {"text": "dim"}),
        ("ada", Way.SCRATCH, ReviewAction.REJECT, "d1", {}),
    ]
    assert seen(*theirs).verdicts_of_others("d1") == {"ben": ReviewAction.REJECT}
    blind = seen(*theirs, rater=Rater(name="kim", way=Way.BLIND))
    assert blind.verdicts_of_others("d1") == {}


def test_who_goes_on_comes_to_what_waits_for_them():
    """Of four recordings the second is looked at; the third counts as reviewed."""
    briefs = [
        RecordingBrief(
            recording_id=str(n),
            started_at=AT + timedelta(days=n),
            task=Task.REST,
            reviewed_by="ben" if n == 3 else "",
        )
        for n in (1, 2, 3, 4)
    ]
    here = SimpleNamespace(recording_id="2", started_at=briefs[1].started_at)
    assert next_open(here, KIM, briefs, []) == "4"
    own = Rating(recording_id="3", revision=1, rater="kim", from_scratch=True)
    assert next_open(here, SCRATCH, briefs, [own]) == "4"
    assert next_open(here, Rater(name="kim", way=Way.BLIND), briefs, [own]) == "3"
    assert next_open(here, KIM, briefs[1:3], []) == ""


# --- the same burst twice -------------------------------------------------------


@pytest.fixture
def evidence(session) -> BurstEvidence:
    """Signals in which nothing moves."""
    time_s = session.motion.time_s
    blank = time_s * 0
    return BurstEvidence(time_s=time_s, last_s=1 / 30, right=blank, left=blank)


def edit_of(burst, by_s: float = 0.0, side: Side | None = None) -> Edit:
    span = burst.span
    return Edit(
        start_s=span.start_s + by_s, end_s=span.end_s + by_s, side=side or burst.side
    )


@pytest.mark.parametrize("rater", [KIM, SCRATCH])
def test_a_burst_cannot_be_added_twice(seen, session, evidence, rater):
    """The key `a` pressed again; also over a burst that the program found."""
    burst = session.episodes[0]
    mine = kim(ReviewAction.ADD, "a1", rater.way, after=burst)
    acts = [] if rater is KIM else [mine]
    wanted = asked(ReviewAction.ADD, edit=edit_of(burst, 0.05))
    with pytest.raises(ReviewRefused, match=f"of the {burst.side} side from"):
        decide(seen(*acts, rater=rater), wanted, lambda: evidence)


def test_the_other_side_and_what_was_rejected_are_free(seen, session, evidence):
    burst = session.episodes[0]
    there = asked(ReviewAction.ADD, edit=edit_of(burst, side=burst.side.other))
    assert decide(seen(), there, lambda: evidence) is not None
    rejected = kim(ReviewAction.REJECT, "d1")
    here = asked(ReviewAction.ADD, edit=edit_of(burst))
    assert decide(seen(rejected), here, lambda: evidence) is not None


def test_what_follows_at_once_is_another_burst(seen, session, evidence):
    burst = session.episodes[0]
    after = Edit(
        start_s=burst.span.end_s, end_s=burst.span.end_s + 0.1, side=burst.side
    )
    wanted = asked(ReviewAction.ADD, edit=after)
    assert decide(seen(), wanted, lambda: evidence) is not None


def test_nor_be_moved_onto_another_or_taken_back_in_beside_it(seen, session, evidence):
    first, second = session.episodes[:2]
    assert first.side is second.side
    onto = Edit(start_s=first.span.start_s, end_s=second.span.end_s)
    with pytest.raises(ReviewRefused):
        decide(seen(), asked(ReviewAction.CHANGE, "d1", edit=onto), lambda: evidence)
    acts = [
        kim(ReviewAction.REJECT, "d1"),
        kim(ReviewAction.ADD, "a1", after=first),
    ]
    with pytest.raises(ReviewRefused):
        decide(seen(*acts), asked(ReviewAction.CONFIRM, "d1"), no_evidence)
    acts.append(kim(ReviewAction.REJECT, "a1"))
    assert decide(seen(*acts), asked(ReviewAction.CONFIRM, "d1"), no_evidence)
