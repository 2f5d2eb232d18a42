"""Rating from scratch: nothing is proposed, nothing mixes with checking, and it counts
in agreement alone. And ratings that say there is no burst."""

from __future__ import annotations

import math
import struct
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.history import Basis
from twitch_tracker.journal.entries import Rating, Way
from twitch_tracker.journal.files.folder import read_folder


@pytest.fixture
def scratch(bench, copied):
    """A rater from scratch before the recording, whose video is there."""
    return bench.name("Dr S", "scratch")


def mark(bench, start, end, side="right", **more):
    return bench.act("add", start=start, end=end, side=side, **more)


def test_nothing_of_the_program_reaches_who_rates_from_scratch(scratch):
    """The session has two bursts on the right, a hole, and evidence."""
    state = scratch.browser.get(scratch.path).json()
    assert state["bursts"] == []
    assert state["left_words"].startswith("You have marked 0 bursts.")
    page = scratch.browser.get(f"/review/{scratch.recording}").text
    assert "You review as Dr S, from scratch." in page
    assert '"excluded": []' in page
    assert "Confidence" not in page
    assert 'data-do="confirm"' not in page
    packed = scratch.browser.get(f"{scratch.path}/signals").content
    evidence = struct.unpack_from("<600f", packed, 8 * 300)
    assert all(map(math.isnan, evidence))
    listed = scratch.browser.get(f"/people/~{scratch.patient}/review").text
    assert listed.count("<td>hidden</td>") == 2


def test_what_is_marked_from_scratch_is_finished_and_does_not_count_in_the_course(
    scratch,
):
    """Mark three, move one, take one out again, take that back, take it out anew."""
    answer = mark(scratch, 1.0, 2.0)
    assert answer.json()["key"] == "a1"
    mark(scratch, 4.0, 4.5, "left")
    mark(scratch, 7.0, 7.5)
    moved = scratch.act("change", "a1", end=1.5).json()
    assert moved["bursts"][0]["end"] == 1.5
    scratch.act("reject", "a3")
    assert scratch.act("undo").json()["said"].startswith("Undone: taken out")
    gone = scratch.act("reject", "a3").json()
    assert gone["bursts"][2]["verdict_words"] == "taken out again"
    assert gone["left_words"].startswith("You have marked 2 bursts.")
    done = scratch.finish().json()
    assert (done["finished"], done["undo"]) == (True, "finished")
    assert done["notes"] == []
    rating = Rating(
        recording_id=scratch.recording, revision=1, rater="Dr S", from_scratch=True
    )
    with scratch.journal() as journal:
        assert journal.ratings(scratch.patient) == (rating,)
        assert journal.history(scratch.patient, Basis.REVIEWED).recordings == ()
        assert journal.recording(scratch.recording).reviewed_by == ""
        assert all(one.blind for one in journal.reviews(scratch.recording))
        own = journal.reviewed_bursts(scratch.recording, "Dr S", way=Way.SCRATCH)
        assert [one.key for one in own] == ["a1", "a2"], "without what was proposed"
    again = mark(scratch, 8.0, 8.2).json()
    assert again["finished"] is False, "who goes on has not finished"
    with scratch.journal() as journal:
        assert journal.ratings(scratch.patient) == ()


def test_the_same_person_may_check_afterwards_and_both_are_kept_apart(scratch):
    mark(scratch, 1.0, 2.0)
    scratch.finish()
    scratch.name("Dr S")
    state = scratch.browser.get(scratch.path).json()
    assert [b["key"] for b in state["bursts"]] == ["d1", "d2"]
    assert state["bursts"][0]["others"] == [], "marks from scratch are no verdicts"
    scratch.act("confirm", "d1")
    scratch.act("confirm", "d2")
    scratch.finish()
    page = scratch.browser.get(f"/review/{scratch.recording}/agreement").text
    assert "Dr S and Dr S (from scratch)" in page
    assert "The same person, first from scratch" in page
    assert "The program and Dr S (from scratch)" in page
    assert "this is how well the two agree on finding bursts" in page
    assert "Dr S began from the bursts that the program proposed." in page
    assert "Share of Dr S&#39;s bursts that the program found" in page
    with scratch.journal() as journal:
        (reviewed,) = journal.history(scratch.patient, Basis.REVIEWED).recordings
    assert sum(side.episodes for side in reviewed.sides.values()) == 2


def test_after_checking_nobody_can_rate_from_scratch(bench, copied):
    bench.act("confirm", "d1")
    bench.name("Dr A", "scratch")
    page = bench.browser.get(f"/review/{bench.recording}")
    assert page.status_code == 400
    assert "You have already judged the program&#39;s bursts" in page.text
    assert mark(bench, 1.0, 2.0).status_code == 409
    assert bench.finish().status_code == 409
    with bench.journal() as journal:
        assert len(journal.reviews(bench.recording)) == 1


def test_a_page_of_the_other_way_cannot_act(scratch):
    """An old tab that checks names the way of checking."""
    assert mark(scratch, 1.0, 2.0, way="open").status_code == 409
    refused = scratch.act("confirm", "d1", way="blind")
    assert refused.status_code == 409
    assert (
        "Dr S (blind), but Dr S (from scratch) now reviews" in refused.json()["error"]
    )
    assert scratch.act("confirm", "d1").status_code == 404, "nothing is proposed"
    with scratch.journal() as journal:
        assert journal.reviews(scratch.recording) == ()


def test_without_the_video_nobody_rates_from_scratch(bench):
    bench.name("Dr S", "scratch")
    assert (
        "rating from scratch needs it"
        in bench.browser.get(f"/review/{bench.recording}").text
    )
    refused = bench.finish()
    assert refused.status_code == 409
    assert refused.json()["error"].startswith("Rating from scratch needs the video")


def test_who_finished_from_scratch_by_mistake_takes_it_back(scratch):
    """Then the last act is what an undo takes back."""
    mark(scratch, 1.0, 2.0)
    scratch.finish()
    back = scratch.act("undo").json()
    assert (back["finished"], back["said"]) == (False, "Undone: finished")
    assert back["undo"].startswith("added: ")
    with scratch.journal() as journal:
        assert journal.ratings(scratch.patient) == ()
    assert scratch.act("undo").json()["bursts"] == []
    assert scratch.act("undo").status_code == 409


def test_from_scratch_nobody_sees_others_before_they_are_done(scratch):
    agreement = f"/review/{scratch.recording}/agreement"
    assert scratch.browser.get(agreement).status_code == 409
    scratch.finish()
    shown = scratch.browser.get(agreement)
    assert shown.status_code == 200
    assert "both marked 0; only the program marked 2" in shown.text


@pytest.mark.parametrize("key", ["a1", ""])
def test_a_note_finishes_nothing(scratch, key):
    """Whatever its words are, on a burst or on the recording."""
    mark(scratch, 1.0, 2.0)
    noted = scratch.act("note", key, text="finished").json()
    assert noted["finished"] is False
    notes = noted["bursts"][0]["notes"] if key else noted["notes"]
    assert notes[0].endswith("finished")
    with scratch.journal() as journal:
        assert journal.ratings(scratch.patient) == ()


# --- no burst at all --------------------------------------------------------------


@pytest.fixture
def quiet(bench, made_session, tmp_path):
    """The same bench before a recording in which the program found nothing."""
    folder = tmp_path / "quiet"
    folder.mkdir()
    digest = sha256(f"quiet {bench.patient}".encode()).hexdigest()
    write_tables(folder, made_session("quiet.mp4", digest))
    at = datetime(2026, 5, 2, 9, tzinfo=UTC)
    found = replace(read_folder(folder, started_at=at), episodes=())
    with bench.journal() as journal:
        logged = journal.log(bench.patient, found)
    bench.recording = logged.recording_id
    return bench


def test_a_second_rater_of_a_recording_without_bursts_counts(quiet):
    """Both say that there is none, and do nothing else than finish; a third has only
    looked."""
    quiet.name("Dr A").finish()
    quiet.name("Dr B", "blind").finish()
    with quiet.journal() as journal:
        assert {one.rater for one in journal.ratings(quiet.patient)} == {"Dr A", "Dr B"}
    page = quiet.browser.get(f"/review/{quiet.recording}/agreement").text
    assert "Dr A and Dr B" in page
    assert page.count("Both say that there was no burst.") == 3
    whole = quiet.browser.get(f"/people/~{quiet.patient}/agreement").text
    assert "Dr A and Dr B" in whole
    quiet.name("Dr C").act("add", start=1.0, end=2.0, side="left")
    begun = quiet.browser.get(f"/people/~{quiet.patient}/agreement").text
    assert "not finished yet: Dr C." in begun


def test_a_rater_who_goes_on_is_not_counted_until_finished_again(quiet):
    quiet.name("Dr A").finish()
    quiet.act("add", start=1.0, end=2.0, side="left")
    with quiet.journal() as journal:
        assert journal.ratings(quiet.patient) == ()
    quiet.finish()
    with quiet.journal() as journal:
        (one,) = journal.ratings(quiet.patient)
    assert (one.rater, one.from_scratch) == ("Dr A", False)
