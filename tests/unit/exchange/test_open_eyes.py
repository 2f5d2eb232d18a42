"""What a recording shows of the open eyes goes to JSON and comes back the same."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.exchange.open_eyes import (
    known_face_document,
    open_eyes_document,
    read_face,
)
from twitch_tracker.exchange.saved_summary import SavedSummary
from twitch_tracker.exchange.summary import summary_document
from twitch_tracker.records import KnownEye, KnownUse
from twitch_tracker.regions import SIDES


def written(session):
    """The summary as a reader finds it."""
    return json.loads(json.dumps(summary_document(session), allow_nan=False))


def test_a_face_comes_back_with_its_content(session):
    expected = replace(session.face_seen, recording_id="7")
    assert read_face(written(session), "7") == expected


def test_what_was_not_measured_stays_so(session):
    left, right = session.face_seen.eyes
    nothing = replace(left, aperture_io=np.nan, look=np.nan, open_s=0.0)
    face = replace(session.face_seen, eyes=(nothing, right), yaw_deg=np.nan)
    back = read_face(written(replace(session, face_seen=face)))
    assert np.isnan([back.yaw_deg, back.eyes[0].aperture_io, back.eyes[0].look]).all()
    assert back.eyes[1] == right


def test_what_earlier_recordings_did_comes_back(session):
    used = KnownEye(use=KnownUse.USED, ratio=0.7, look=0.2, recordings=("3", "8"))
    eyes = (used, KnownEye(use=KnownUse.DISAGREE))
    motion = replace(session.motion, known_eyes=eyes)
    back = SavedSummary(written(replace(session, motion=motion))).known_face
    for side, known in zip(SIDES, eyes, strict=True):
        assert (back[side].use, back[side].recordings) == (known.use, known.recordings)
        np.testing.assert_array_equal(back[side].ratio, known.ratio)
        np.testing.assert_array_equal(back[side].look, known.look)


def test_nobody_asked_is_null(session):
    motion = replace(session.motion, open_eyes=None, known_eyes=None)
    assert known_face_document(motion) is None
    assert open_eyes_document(None) is None
    document = written(replace(session, motion=motion, face_seen=None))
    assert document["known_face"] is None
    assert read_face(document) is None
    assert SavedSummary(document).known_face == {}


@pytest.mark.parametrize(
    "told", [{}, {"version": 1}, {"version": "new"}, [], "open", {"left": 3}]
)
def test_words_of_another_version_say_nothing(session, told):
    document = written(session) | {"open_eyes": told}
    assert read_face(document) is None


def test_an_older_summary_says_nothing(session):
    document = written(session)
    del document["open_eyes"], document["known_face"]
    assert read_face(document) is None
    assert SavedSummary(document).known_face == {}
