"""What earlier recordings show of the open eyes comes out of every journal."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from twitch_tracker.errors import UnknownPatient
from twitch_tracker.exchange.open_eyes import open_eyes_document
from twitch_tracker.journal.known_face import NEWEST, faces_before
from twitch_tracker.motion.known_face import VERSION
from twitch_tracker.records import FaceSeen, OpenEye


def seen(**changes) -> FaceSeen:
    """What a recording with two wide open eyes shows."""
    eye = OpenEye(aperture_io=0.1, look=0.1, open_s=50.0, measured_s=60.0, own=True)
    face = FaceSeen(
        version=VERSION,
        measured_with="ab" * 32,
        eyes=(eye, replace(eye, aperture_io=0.07)),
        yaw_deg=2.0,
        pitch_deg=-3.5,
    )
    return replace(face, **changes)


@pytest.fixture
def log(journal, make_analysis):
    """Log a recording that shows a face; the higher its number, the later."""

    def put(content=1, face=None, patient="anna"):
        analysis = make_analysis(content)
        summary = {
            "video": {"sha256": analysis.content_sha256},
            "open_eyes": open_eyes_document(face or seen()),
        }
        logged = journal.log(patient, replace(analysis, summary=summary))
        return logged.recording_id, analysis.started_at

    return put


def names(faces):
    return [face.recording_id for face in faces]


def test_what_was_seen_comes_back_with_its_recording(journal, log):
    face = seen(yaw_deg=math.nan)
    name, at = log(face=face)
    (found,) = faces_before(journal, "anna", at.replace(year=at.year + 1))
    assert math.isnan(found.yaw_deg)
    expected = replace(face, recording_id=name, content_sha256=f"{1:064x}", yaw_deg=0)
    assert replace(found, yaw_deg=0) == expected


def test_only_earlier_recordings_are_asked_newest_first(journal, log):
    first, _ = log(1)
    second, _ = log(2)
    _, at = log(3)
    log(4)
    assert names(faces_before(journal, "anna", at)) == [second, first]


def test_other_people_s_recordings_are_not_asked(journal, log):
    journal.add_patient("ben")
    log(1, patient="ben")
    _, at = log(2)
    assert faces_before(journal, "anna", at) == ()
    with pytest.raises(UnknownPatient):
        faces_before(journal, "carl", at)


def test_recordings_without_open_eyes_or_of_older_versions_say_nothing(
    journal, log, make_analysis
):
    journal.log("anna", make_analysis(1))
    left, right = seen().eyes
    log(2, seen(eyes=(left, replace(right, own=False))))
    broken = make_analysis(3)
    summary = {"video": {"sha256": broken.content_sha256}, "open_eyes": {"version": 9}}
    journal.log("anna", replace(broken, summary=summary))
    _, at = log(9)
    assert faces_before(journal, "anna", at) == ()


def test_the_newest_of_each_method_are_asked(journal, log):
    """A new tracker does not push the older one's recordings out, nor the reverse."""
    old = [log(i, seen(measured_with="cd" * 32))[0] for i in range(1, NEWEST + 3)]
    new = [log(20 + i)[0] for i in range(NEWEST + 2)]
    _, at = log(90)
    assert names(faces_before(journal, "anna", at)) == [
        *new[:1:-1],
        *old[:1:-1],
    ]


def test_the_counted_revision_speaks(journal, log, make_analysis, other_method):
    name, at = log(1)
    again = replace(
        make_analysis(1),
        method=other_method,
        summary={
            "video": {"sha256": f"{1:064x}"},
            "open_eyes": open_eyes_document(seen(measured_with="ef" * 32)),
        },
    )
    journal.log("anna", again)
    (found,) = faces_before(journal, "anna", at.replace(year=at.year + 1))
    assert (found.recording_id, found.measured_with) == (name, "ef" * 32)


def test_a_removed_recording_says_nothing_any_more(journal, log):
    name, _ = log(1)
    _, at = log(2)
    assert names(faces_before(journal, "anna", at)) == [name]
    journal.remove_recording(name)
    assert faces_before(journal, "anna", at) == ()


def test_nothing_is_known_of_a_person_who_was_forgotten(journal, log):
    log(1)
    _, at = log(2)
    journal.forget_patient("anna")
    journal.add_patient("anna")
    assert faces_before(journal, "anna", at.replace(year=at.year + 1)) == ()


def test_a_person_may_say_no_for_good_and_change_that(journal, opener, log):
    name, _ = log(1)
    _, at = log(2)
    assert journal.patient("anna").no_known_face is False
    assert journal.refuse_known_face("anna", True).no_known_face is True
    assert faces_before(journal, "anna", at) is None
    journal.rename_patient("anna", "a17")
    again = opener()
    assert faces_before(again, "a17", at) is None
    assert again.refuse_known_face("a17", False).no_known_face is False
    assert names(faces_before(again, "a17", at)) == [name]
    wishes = [c.after for c in again.changes("a17") if "no_known_face" in c.after]
    assert wishes == [{"no_known_face": True}, {"no_known_face": False}]


def test_one_person_s_no_is_nobody_else_s(journal, log):
    journal.add_patient("ben")
    journal.refuse_known_face("ben", True)
    name, _ = log(1)
    _, at = log(2)
    assert names(faces_before(journal, "anna", at)) == [name]
    with pytest.raises(UnknownPatient):
        journal.refuse_known_face("carl", True)
