"""Half of a real smile: one corner of the mouth is pulled, the other is not.

The smile that lends its frames is drawn on a portrait, so that everything about it
is known.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from studies.truth.half_face import HalfPatch
from studies.truth.halves import Halves
from studies.truth.pull_clips import find_pulls, fitting, mouth_course
from twitch_tracker.errors import BadShape
from twitch_tracker.regions import EYE_CORNERS, SIDES, Region, Side
from twitch_tracker.simulate.plan.events import Smile, Spasm
from twitch_tracker.simulate.plan.scenario import Camera, HeadMotion, Scenario
from twitch_tracker.simulate.portrait import Portrait, animate

PLAN = Scenario(
    duration_s=4.0,
    seed=3,
    head=HeadMotion(shift_mm=0.8, yaw_deg=0.8, pitch_deg=0.5, roll_deg=0.4),
    camera=Camera(noise=0.5, drift=0),
    events=(Smile(onset_s=0.3, offset_s=1.5, amount_mm=6.0),),
)


@pytest.fixture(scope="module")
def film(portrait: Portrait, tracker):
    """Pictures, meshes and times of a portrait that smiles once, 0.3 to 1.5 s.

    The portrait itself smiles with open lips; they are told to be closed, which
    changes no picture.
    """
    images, times, meshes, last = [], [], [], None
    for image, time_s in animate(portrait, PLAN):
        last = tracker.follow(image, last)
        images.append(image)
        times.append(time_s)
        meshes.append(last)
    for mesh in meshes:
        mesh[14] = mesh[13]
    return images, meshes, np.array(times)


@pytest.fixture(scope="module")
def halves(film) -> Halves:
    images, meshes, time_s = film
    return Halves.prepare(time_s, meshes, lambda p: {k: images[k] for k in p})


def pulled(onset_s: float, offset_s: float, **more) -> Spasm:
    values = {
        "side": Side.LEFT,
        "regions": (Region.MOUTH_CORNER, Region.CHEEK),
        "excursion_mm": 5.0,
    }
    return Spasm(onset_s=onset_s, offset_s=offset_s, kind="tonic", **(values | more))


def test_a_pull_is_found_with_its_ways_up_and_down(film):
    _, meshes, time_s = film
    course = mouth_course(meshes)
    for side in SIDES:
        clips = find_pulls(time_s, course, side)
        assert clips
        for clip in clips:
            assert 0.02 < clip.gain < 0.1
            assert all(0.2 < time_s[place] < 1.6 for place in clip.apex)
            way = course.pull[list(clip.rise), SIDES.index(side)]
            assert way[0] < way[-1] < clip.pulled + 0.01
            fits = fitting(clip, course)
            assert not fits[(time_s > 0.7) & (time_s < 1.1)].any()
            assert fits[time_s > 2].mean() > 0.8


@pytest.mark.parametrize("side", SIDES)
def test_one_corner_is_pulled_and_the_other_is_not(film, halves, side: Side, tracker):
    images, meshes, time_s = film
    play = halves.play([pulled(2.0, 3.5, side=side)])
    (row,) = play.truth()
    inside = np.flatnonzero((time_s > 2.5) & (time_s < 3.0))
    shown = [play.frame(k, images[k], meshes[k]) for k in inside]
    after = [tracker.follow(s, meshes[k]) for s, k in zip(shown, inside, strict=True)]
    before = [meshes[k] for k in inside]
    moved = mouth_course(after).pull - mouth_course(before).pull
    own, other = np.median(moved, axis=0)[[SIDES.index(side), SIDES.index(side.other)]]
    assert own > 0.02
    # The mesh is never quite sure that a mouth is lopsided.
    assert abs(other) < 0.4 * own
    assert row.side == side


def test_eyes_and_the_other_half_keep_their_bytes(film, halves):
    images, meshes, time_s = film
    play = halves.play([pulled(2.0, 3.5)])
    k = int(np.argmin(np.abs(time_s - 2.8)))
    shown = play.frame(k, images[k], meshes[k])
    changed = np.flatnonzero((shown != images[k]).any(axis=2).ravel())
    y, x = np.unravel_index(changed, shown.shape[:2])
    mouth_x = meshes[k][[0, 17], 0].mean()
    assert x.min() > mouth_x - 12
    assert y.min() > meshes[k][EYE_CORNERS[Side.LEFT][0], 1]
    assert x.max() > meshes[k][291, 0]


def test_frames_outside_keep_their_bytes(film, halves):
    images, meshes, time_s = film
    play = halves.play([pulled(2.0, 3.0)])
    for k in np.flatnonzero((time_s < 1.95) | (time_s > 3.05)):
        assert play.frame(k, images[k], meshes[k]) is images[k]
    k = int(np.argmin(np.abs(time_s - 2.5)))
    assert play.frame(k, images[k], None) is images[k]


def test_the_truth_is_the_pull_that_is_shown(halves):
    (row,) = halves.play([pulled(2.0, 3.5, side=Side.RIGHT)]).truth()
    assert (row.side, row.regions) == ("right", "mouth_corner;cheek")
    assert (row.event, row.kind, row.contractions) == ("spasm", "tonic", 1)
    assert row.onset_s == pytest.approx(2.0, abs=0.1)
    assert row.offset_s == pytest.approx(3.5, abs=0.1)
    assert 1.5 < row.excursion_mm < 8


def test_a_burst_during_the_smile_is_moved_to_a_mouth_at_rest(halves):
    (row,) = halves.play([pulled(0.6, 1.1)]).truth()
    assert row.offset_s < 0.7 or row.onset_s > 1.2
    assert row.duration_s == pytest.approx(0.5, abs=0.15)


def test_bursts_keep_their_distance_from_each_other(halves):
    asked = [pulled(2.0, 2.6), pulled(2.7, 3.2, side=Side.RIGHT), pulled(2.2, 2.9)]
    rows = halves.play(asked).truth()
    assert len(rows) >= 2
    for one, two in pairwise(rows):
        assert two.onset_s - one.offset_s > 0.4


def test_what_cannot_be_shown_is_left_out(halves):
    lid = pulled(2.0, 3.0, regions=(Region.EYELID,))
    assert halves.play([lid]).truth() == ()
    with pytest.raises(BadShape, match=r"^order"):
        halves.play([], order=np.arange(3))


def test_a_video_without_a_smile_says_so(film):
    _, meshes, time_s = film
    calm = [meshes[-1]] * len(meshes)
    none = Halves.prepare(time_s, calm, lambda _: pytest.fail("needs no picture"))
    assert "no corner" in none.empty
    assert none.sides == ()
    assert none.play([pulled(2.0, 3.0)]).truth() == ()
    nobody = Halves.prepare(time_s, [None] * len(meshes), lambda _: {})
    assert nobody.empty
    with pytest.raises(BadShape, match=r"^meshes"):
        Halves.prepare(time_s, [None], lambda _: {})


def test_a_smile_that_never_ends_says_so(film):
    images, meshes, time_s = film
    early = time_s < 0.8
    held = [meshes[k] for k in np.flatnonzero(early)][8:]
    few = Halves.prepare(
        np.arange(len(held)) / 30, held, lambda p: {k: images[k + 8] for k in p}
    )
    assert few.empty


def test_a_half_laid_over_its_own_frame_changes_nothing(film):
    images, meshes, _ = film
    same = HalfPatch(images[70], meshes[70], Side.LEFT).laid_over(
        images[70], meshes[70]
    )
    assert np.abs(same.astype(int) - images[70]).max() <= 2


@pytest.mark.slow
def test_a_real_smile_becomes_one_sided(tracker):
    """On a development video: the corner goes up on one side only."""
    from studies.benchmark.building.material import load_material

    path = Path(__file__).parents[5] / "shared" / "faces" / "video" / "rest_glasses.mp4"
    if not path.exists():
        pytest.skip("the development faces are not here")
    material = load_material(path, tracker)
    images = {k: frame.image for k, frame in enumerate(material.held)}
    halves = Halves.prepare(material.time_s, material.meshes, material.pictures)
    play = halves.play([pulled(3.8, 5.2)])
    (row,) = play.truth()
    inside = np.flatnonzero(
        (material.time_s > row.onset_s + 0.3) & (material.time_s < row.offset_s - 0.3)
    )
    before = [material.meshes[k] for k in inside]
    after = [
        tracker.follow(play.frame(k, images[k], mesh), mesh)
        for k, mesh in zip(inside, before, strict=True)
    ]
    moved = np.median(mouth_course(after).pull - mouth_course(before).pull, axis=0)
    assert moved[0] > 0.02
    assert abs(moved[1]) < 0.55 * moved[0]
