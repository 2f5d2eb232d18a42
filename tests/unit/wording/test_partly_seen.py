"""What earlier recordings did for the open eyes is told of the right eye."""

from __future__ import annotations

from dataclasses import replace

import pytest

from twitch_tracker.records import KnownEye, KnownUse
from twitch_tracker.regions import Side
from twitch_tracker.report.recording.headline import cautions
from twitch_tracker.wording.partly_seen import known_face_in_words


def eye(use=KnownUse.USED, count=3):
    return KnownEye(use=use, recordings=tuple(map(str, range(count))))


def test_each_eye_is_told_with_its_number_of_recordings_right_first():
    told = known_face_in_words({Side.LEFT: eye(count=4), Side.RIGHT: eye()})
    taken = "How wide the {} eye opens was taken from {} earlier recordings of the same"
    assert told == (
        f"{taken.format('right', 3)} person.",
        f"{taken.format('left', 4)} person.",
    )


@pytest.mark.parametrize("use", [use for use in KnownUse if use is not KnownUse.USED])
def test_nothing_is_said_of_an_eye_that_speaks_for_itself(use):
    assert known_face_in_words({Side.LEFT: eye(use), Side.RIGHT: eye(use)}) == ()
    assert known_face_in_words({}) == ()


def test_the_report_tells_it(session):
    motion = replace(session.motion, known_eyes=(eye(KnownUse.TOO_FEW), eye()))
    session = replace(session, motion=motion)
    (said,) = [note for note in cautions(session) if "earlier recordings" in note]
    assert "right eye opens was taken from 3" in said
