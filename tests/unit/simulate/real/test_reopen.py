"""Real one-sided closures: one eye of a blink is kept open, nothing else moves.

The blinks here are drawn on a portrait, so that everything about them is known.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from twitch_tracker.errors import BadParameter, BadShape
from twitch_tracker.regions import SIDES, Side
from twitch_tracker.simulate.plan.events import BilateralBlink, Spasm
from twitch_tracker.simulate.plan.scenario import Camera, HeadMotion, Scenario
from twitch_tracker.simulate.portrait import Portrait, animate
from twitch_tracker.simulate.real.real_blinks import (
    RealBlink,
    find_blinks,
    relative_aperture,
)
from twitch_tracker.simulate.real.reopen import choose_closures, closure_truth, reopen
from twitch_tracker.timebase import Interval

PLAN = Scenario(
    duration_s=2.1,
    seed=3,
    head=HeadMotion(shift_mm=0.8, yaw_deg=0.8, pitch_deg=0.5, roll_deg=0.4),
    camera=Camera(noise=0.5, drift=0),
    events=(
        BilateralBlink(onset_s=0.6, duration_s=0.3),
        Spasm(onset_s=1.6, offset_s=1.9, side=Side.LEFT, kind="tonic", closure=1.0),
    ),
)


@pytest.fixture(scope="module")
def film(portrait: Portrait, tracker, frame_of):
    """Frames, meshes and times of a portrait that blinks once and twitches once."""
    frames = [
        frame_of(image, time_s, i)
        for i, (image, time_s) in enumerate(animate(portrait, PLAN))
    ]
    last, meshes = None, []
    for frame in frames:
        last = tracker.follow(frame.image, last)
        meshes.append(last)
    return frames, meshes, np.array([frame.time_s for frame in frames])


@pytest.fixture(scope="module")
def blinks(film) -> tuple[RealBlink, ...]:
    _, meshes, time_s = film
    return find_blinks(time_s, meshes)


def test_a_blink_of_both_eyes_is_found_and_a_closure_of_one_is_not(blinks):
    assert len(blinks) == 1
    for span in blinks[0].spans:
        assert span.start_s == pytest.approx(0.6, abs=0.04)
        assert 0.75 < span.end_s < 0.95
    assert min(blinks[0].closure) > 0.4
    assert blinks[0].steady


@pytest.mark.parametrize("side", SIDES)
def test_one_eye_stays_open_and_the_other_closes_as_filmed(
    film, blinks, side: Side, tracker, eye_aspect_ratio
):
    frames, meshes, time_s = film
    chosen = choose_closures(blinks, seed=1, side=side)
    shown = [image for image, _ in reopen(frames, meshes, chosen)]
    deepest = int(np.argmin(np.abs(time_s - 0.69)))
    mesh = tracker.follow(shown[deepest], meshes[deepest])
    quiet = {s: eye_aspect_ratio(meshes[5], s) for s in SIDES}
    closed = {s: eye_aspect_ratio(mesh, s) / quiet[s] for s in SIDES}
    assert closed[side] < 0.6
    assert closed[side.other] > 0.85
    eye = meshes[deepest][[33 if side is Side.RIGHT else 263], :2].mean(0).astype(int)
    near = np.s_[eye[1] - 8 : eye[1] + 8, eye[0] - 8 : eye[0] + 8]
    assert np.array_equal(shown[deepest][near], frames[deepest].image[near])


def test_the_open_eye_goes_with_the_head(film, blinks, portrait: Portrait):
    """It looks like the same moment drawn without any blink."""
    frames, meshes, time_s = film
    chosen = choose_closures(blinks, seed=1, side=Side.LEFT)
    shown = [image for image, _ in reopen(frames, meshes, chosen)]
    deepest = int(np.argmin(np.abs(time_s - 0.69)))
    calm = replace(PLAN, events=())
    ((wanted, _),) = animate(portrait, calm, time_s[[deepest]])
    x, y = meshes[deepest][[33, 133], :2].mean(axis=0).astype(int)
    eye = np.s_[y - 14 : y + 14, x - 22 : x + 22]

    def far(image: np.ndarray) -> float:
        return float(np.abs(image[eye].astype(int) - wanted[eye]).mean())

    assert far(shown[deepest]) < 0.2 * far(frames[deepest].image)


def test_frames_outside_the_blink_keep_their_bytes(film, blinks):
    frames, meshes, _ = film
    chosen = choose_closures(blinks, seed=1)
    changed = [
        time
        for frame, (image, time) in zip(
            frames, reopen(frames, meshes, chosen), strict=True
        )
        if not np.array_equal(frame.image, image)
    ]
    assert 0.5 < min(changed) < 0.7
    assert max(changed) < 1.1
    untouched = [image for image, _ in reopen(frames, meshes, ())]
    assert all(image is f.image for image, f in zip(untouched, frames, strict=True))


def test_the_same_choice_gives_the_same_pictures(film, blinks):
    frames, meshes, _ = film
    first, again = (
        [image for image, _ in reopen(frames, meshes, choose_closures(blinks, seed=4))]
        for _ in range(2)
    )
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


def test_the_truth_is_a_burst_where_one_eye_closes_and_a_blink_elsewhere(blinks):
    (row,) = closure_truth(blinks, choose_closures(blinks, seed=1, side="right"))
    assert (row.event, row.side, row.regions) == ("spasm", "right", "eyelid")
    assert row.onset_s == pytest.approx(blinks[0].span(Side.RIGHT).start_s, abs=1e-4)
    assert row.offset_s == pytest.approx(blinks[0].span(Side.RIGHT).end_s, abs=1e-4)
    assert (row.kind, row.contractions) == ("clonic", 1)
    (row,) = closure_truth(blinks, ())
    assert (row.event, row.side) == ("blink", "both")


def made_up(onset_s: float, *, steady: bool = True) -> RealBlink:
    span = Interval(start_s=onset_s, end_s=onset_s + 0.2)
    return RealBlink(
        spans=(span, span),
        closure=(0.8, 0.8),
        aperture_mm_drop=(5.0, 5.0),
        before=round(30 * onset_s) - 1,
        after=round(30 * onset_s) + 7,
        steady=steady,
    )


def test_sides_are_drawn_from_the_seed_and_unsteady_blinks_are_left():
    many = [made_up(float(k), steady=k % 4 != 0) for k in range(1, 81)]
    chosen = choose_closures(many, seed=2)
    assert len(chosen) == 60
    assert 15 < sum(item.side is Side.LEFT for item in chosen) < 45
    assert chosen == choose_closures(many, seed=2)
    assert chosen != choose_closures(many, seed=3)
    assert 15 < len(choose_closures(many, seed=2, share=0.5)) < 45


def test_nonsense_is_refused_by_name():
    with pytest.raises(BadParameter, match=r"^share"):
        choose_closures([], seed=1, share=2)
    with pytest.raises(BadParameter, match=r"^side"):
        choose_closures([], seed=1, side="top")
    with pytest.raises(BadShape, match=r"^meshes"):
        relative_aperture(np.zeros(3), [None])


def test_a_video_without_a_face_has_no_blinks():
    assert find_blinks(np.arange(30) / 30, [None] * 30) == ()
    assert find_blinks(np.zeros(0), []) == ()


def test_a_blink_that_ends_where_the_face_is_lost_is_left_out(film):
    """Its eyes are nearly open in the last frame, and nobody knows what follows."""
    _, meshes, time_s = film
    deepest = int(np.argmin(relative_aperture(time_s, meshes).max(axis=1)[:30]))
    lost = [None] * (len(meshes) - deepest - 2)
    for share in np.arange(0.1, 0.3, 0.02):
        nearly_open = meshes[17] + share * (meshes[deepest] - meshes[17])
        known = [*meshes[: deepest + 1], nearly_open, *lost]
        for blink in find_blinks(time_s, known):
            assert np.isfinite([span.duration_s for span in blink.spans]).all()


@pytest.mark.slow
def test_real_blinks_become_real_one_sided_closures(tracker, eye_aspect_ratio):
    """On a development video: the kept eye closes, the other one stays open."""
    from twitch_tracker.simulate.inject import follow_face
    from twitch_tracker.video.files import open_video

    path = Path(__file__).parents[5] / "shared" / "faces" / "video" / "talk_close.mp4"
    if not path.exists():
        pytest.skip("the development faces are not here")
    with open_video(path) as video:
        pairs = list(follow_face(video, tracker))
    frames, meshes = [f for f, _ in pairs], [m for _, m in pairs]
    time_s = np.array([frame.time_s for frame in frames])
    chosen = choose_closures(find_blinks(time_s, meshes), seed=1)
    assert len(chosen) >= 5
    shown = [image for image, _ in reopen(frames, meshes, chosen)]
    again = []
    last = None
    for image in shown:
        last = tracker.follow(image, last)
        again.append(last)
    closure = 1 - relative_aperture(time_s, again)
    for item in chosen:
        inside = slice(item.blink.before, item.blink.after + 1)
        here = SIDES.index(item.side)
        peak = closure[inside].max(axis=0)
        assert peak[here] > 0.4
        assert np.median(closure[inside, 1 - here]) < 0.25
    assert replace(chosen[0], side=Side.LEFT) in choose_closures(
        [item.blink for item in chosen], seed=1, side="left"
    )
