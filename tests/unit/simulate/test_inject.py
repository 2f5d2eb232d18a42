from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from twitch_tracker.records import Frame
from twitch_tracker.regions import Side
from twitch_tracker.simulate.inject import follow_face, inject_frame, mark_hidden
from twitch_tracker.simulate.plan.events import BilateralBlink, Spasm
from twitch_tracker.simulate.plan.scenario import Scenario
from twitch_tracker.simulate.portrait import Portrait
from twitch_tracker.simulate.truth import truth

PLAN = Scenario(
    duration_s=2,
    events=(
        Spasm(onset_s=0.5, offset_s=1.0, side=Side.RIGHT, kind="tonic", closure=0.9),
        BilateralBlink(onset_s=1.5),
    ),
)
TIMES = (0.0, 0.4, 0.75, 1.2, 1.58)


@pytest.fixture
def frames(portrait: Portrait) -> list[Frame]:
    """The same picture shown at irregular times."""
    from twitch_tracker.timebase import Stamp

    return [
        Frame(
            index=i,
            stamp=Stamp(pts=round(1000 * t), time_base=Fraction(1, 1000)),
            image=portrait.image,
        )
        for i, t in enumerate(TIMES)
    ]


def test_only_frames_of_events_change(frames, portrait: Portrait):
    shown = [inject_frame(frame, portrait.face.mesh_px, PLAN) for frame in frames]
    changed = [not np.array_equal(image, portrait.image) for image in shown]
    assert changed == [False, False, True, False, True]


def test_frames_without_a_face_pass_untouched(frames, portrait: Portrait):
    shown = [inject_frame(frame, None, PLAN) for frame in frames]
    assert all(np.array_equal(image, portrait.image) for image in shown)


def test_events_on_frames_without_a_face_are_marked():
    time_s = np.arange(0, 2, 0.1)
    rows = mark_hidden(truth(PLAN), time_s, time_s < 0.85)
    assert [row.reasons for row in rows] == ["face not seen", "face not seen"]
    rows = mark_hidden(truth(PLAN), time_s, time_s < 1.25)
    assert [row.reasons for row in rows] == ["", "face not seen"]


def test_a_face_is_followed_and_found_again(frames, tracker):
    empty = Frame(index=9, stamp=frames[0].stamp, image=np.zeros_like(frames[0].image))
    found = [mesh for _, mesh in follow_face([*frames[:2], empty, frames[2]], tracker)]
    assert [mesh is None for mesh in found] == [False, False, True, False]
    assert np.abs(found[0] - found[3]).max() < 3
