"""What the terminal says of one recording beside its table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from twitch_tracker.batch import Job, JobResult, Status
from twitch_tracker.cli.outcome import result_text
from twitch_tracker.exchange.summary import summary_document
from twitch_tracker.records import Damage, HardlyOpen, QualityReason, SubjectEvent
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval


def test_the_terminal_says_what_was_only_partly_seen(session, tmp_path):
    shut = HardlyOpen(span=Interval(start_s=10.0, end_s=100.0), side=Side.LEFT)
    document = summary_document(replace(session, hardly_open=(shut,)))
    job = Job(video=tmp_path / "rest.mp4", folder=tmp_path)

    def notes():
        row = JobResult(job=job, status=Status.DONE, summary=document)
        return [n for n in result_text(row).splitlines() if n.startswith("  note: ")]

    (told,) = notes()
    assert told.startswith("  note: The left eye was hardly ever open (0:10 to 1:40).")
    document["sides"]["right"]["cut_off"] = 2
    assert notes()[0].startswith("  note: 2 bursts were cut off")
    del document["hardly_open"], document["sides"]["right"]["cut_off"]
    assert notes() == [], "an older version did not look"


def test_the_terminal_says_which_regions_were_outside_the_picture(session, tmp_path):
    unseen_s = {Region.MOUTH_CORNER: 12.0}
    whole = replace(
        session, summary=replace(session.summary, regions_unseen_s=unseen_s)
    )
    job = Job(video=tmp_path / "rest.mp4", folder=tmp_path)
    row = JobResult(job=job, status=Status.DONE, summary=summary_document(whole))
    assert "mouth corner for 12.0 s" in result_text(row)


def _terminal(session, tmp_path):
    job = Job(video=tmp_path / "face.mp4", folder=tmp_path / "face")
    row = JobResult(job=job, status=Status.DONE, summary=summary_document(session))
    return result_text(row)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ({"damaged_packets": 3}, "3 damaged packets"),
        ({"backward_stamps": 1}, "1 picture with a time before the last one"),
        ({"duplicate_stamps": 2}, "2 pictures with the time of the last one"),
        ({"missing_stamps": 5}, "5 pictures without a time"),
        ({"joins": 1}, "another one begins at 1 place"),
        ({"unread_recordings": 1}, "1 more recording after the first one"),
    ],
)
def test_the_terminal_tells_every_kind_of_loss(session, tmp_path, damage, words):
    told = _terminal(replace(session, damage=Damage(frames_read=9, **damage)), tmp_path)
    assert "warning: " in told
    assert words in told
    sound = _terminal(replace(session, damage=Damage(frames_read=9)), tmp_path)
    assert "warning" not in sound


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("slow_motion(240,30)", "slow motion: 240 pictures a second"),
        ("time_lapse(1,30)", "time lapse: 1 pictures a second"),
        ("slow_motion_unclear(60,30)", "use --capture-fps 60"),
        ("one_of_films(1,0,1)", "2 videos (0 and 1). Number 1 was read"),
    ],
)
def test_the_terminal_says_how_the_file_was_read(session, tmp_path, note, words):
    told = _terminal(
        replace(session, video=replace(session.video, said=(note,))), tmp_path
    )
    assert words in told


def test_the_terminal_says_what_pictures_were_too_slow_for(session, tmp_path):
    def at(pictures_hz, **excluded_s):
        lost = {QualityReason(name): s for name, s in excluded_s.items()}
        summary = replace(session.summary, pictures_hz=pictures_hz, excluded_s=lost)
        return _terminal(replace(session, summary=summary), tmp_path)

    assert "too slow" not in at(30.0)
    assert "too slow to count the contractions" in at(15.0)
    assert "too slow to tell the kind" in at(11.0)
    assert "stood still for 4.20 s" in at(30.0, frozen=4.2)
    assert "fewer than 9.5 pictures a second" in at(30.0, too_few_pictures=3.0)
    assert "For 9.00 s only somebody else was seen" in at(30.0, other_person=9.0)
    assert "somebody else" not in at(30.0, other_person=0.5)
    assert "For 2.00 s dark glasses hid the eyes" in at(30.0, eyes_covered=2.0)


def test_the_terminal_says_how_strongly_a_film_is_compressed(session, tmp_path):
    def at(**numbers):
        summary = replace(session.summary, **numbers)
        return _terminal(replace(session, summary=summary), tmp_path)

    assert "compressed" not in at(unchanged_share=0.7, quantiser=31.0)
    assert "written coarsely (40 of 51 steps)" in at(
        unchanged_share=0.7, quantiser=40.0
    )
    assert "95 % of the face does not change" in at(unchanged_share=0.95)


def test_the_terminal_says_that_there_are_several_faces(session, tmp_path):
    def told(detail):
        event = SubjectEvent(time_s=0.0, kind="chosen", detail=detail)
        return _terminal(replace(session, subject_events=(event,)), tmp_path)

    assert "Several faces" not in told("followed_among(1)")
    assert "choose with --subject" in told("followed_among(2)")
    assert "30 % of the picture's width" in told("followed_among(2,0.30,0.50)")
