"""Real lids held closed: one eye closes for as long as wanted, the other does not.

The blink that lends its frames is drawn on a portrait, so that everything about it
is known.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studies.truth.held import HeldLids
from studies.truth.lid_clips import closure_of, find_clips
from twitch_tracker.errors import BadParameter, BadShape
from twitch_tracker.regions import SIDES, Region, Side
from twitch_tracker.simulate.plan.events import BilateralBlink, Spasm
from twitch_tracker.simulate.plan.scenario import Camera, HeadMotion, Scenario
from twitch_tracker.simulate.portrait import Portrait, animate

PLAN = Scenario(
    duration_s=2.6,
    seed=3,
    head=HeadMotion(shift_mm=0.8, yaw_deg=0.8, pitch_deg=0.5, roll_deg=0.4),
    camera=Camera(noise=0.5, drift=0),
    events=(BilateralBlink(onset_s=0.5, duration_s=0.3),),
)


@pytest.fixture(scope="module")
def film(portrait: Portrait, tracker):
    """Pictures, meshes and times of a portrait that blinks once, at 0.5 s."""
    images, times, meshes, last = [], [], [], None
    for image, time_s in animate(portrait, PLAN):
        last = tracker.follow(image, last)
        images.append(image)
        times.append(time_s)
        meshes.append(last)
    return images, meshes, np.array(times)


@pytest.fixture(scope="module")
def lids(film) -> HeldLids:
    images, meshes, time_s = film
    return HeldLids.prepare(time_s, meshes, lambda p: {k: images[k] for k in p})


def held(onset_s: float, offset_s: float, **more) -> Spasm:
    values = {"side": Side.LEFT, "regions": (Region.EYELID,), "closure": 1.0}
    return Spasm(onset_s=onset_s, offset_s=offset_s, kind="tonic", **(values | more))


def test_a_clip_is_one_closure_with_an_open_frame_at_either_end(film):
    _, meshes, time_s = film
    for side in SIDES:
        (clip,) = find_clips(time_s, meshes)[side]
        assert clip.side is side
        assert clip.span.start_s == pytest.approx(0.5, abs=0.04)
        assert 0.65 < clip.span.end_s < 0.85
        assert clip.peak > 0.5
        assert max(clip.closure[[0, -1]]) < 0.2
        assert 5 < clip.aperture_mm < 13


@pytest.mark.parametrize("side", SIDES)
def test_one_eye_closes_and_stays_closed_and_the_other_is_as_filmed(
    film, lids, side: Side, tracker, eye_aspect_ratio
):
    images, meshes, time_s = film
    play = lids.play([held(1.0, 2.2, side=side)])
    for moment in (1.25, 1.6, 1.95):
        k = int(np.argmin(np.abs(time_s - moment)))
        shown = play.frame(k, images[k], meshes[k])
        mesh = tracker.follow(shown, meshes[k])
        share = {
            s: eye_aspect_ratio(mesh, s) / eye_aspect_ratio(meshes[3], s) for s in SIDES
        }
        assert share[side] < 0.55
        assert share[side.other] > 0.85
        x, y = meshes[k][[33 if side is Side.LEFT else 263], :2].mean(0).astype(int)
        near = np.s_[y - 8 : y + 8, x - 8 : x + 8]
        assert np.array_equal(shown[near], images[k][near])


def test_the_held_lid_looks_like_one_that_is_drawn_closed(film, lids, portrait):
    images, meshes, time_s = film
    k = int(np.argmin(np.abs(time_s - 1.6)))
    shown = lids.play([held(1.0, 2.2)]).frame(k, images[k], meshes[k])
    closed = replace(PLAN, events=(BilateralBlink(onset_s=1.511, duration_s=0.3),))
    ((wanted, _),) = animate(portrait, closed, time_s[[k]])
    x, y = meshes[k][[263, 362], :2].mean(axis=0).astype(int)
    eye = np.s_[y - 14 : y + 14, x - 20 : x + 20]

    def far(image: np.ndarray) -> float:
        return float(np.abs(image[eye].astype(int) - wanted[eye]).mean())

    assert far(shown) < 0.3 * far(images[k])


def test_frames_outside_keep_their_bytes(film, lids):
    images, meshes, time_s = film
    play = lids.play([held(1.0, 2.0)])
    changed = [
        play.frame(k, image, mesh) is not image
        for k, (image, mesh) in enumerate(zip(images, meshes, strict=True))
    ]
    inside = (time_s >= 1.0) & (time_s < 2.0)
    assert (np.array(changed) == inside).all()
    assert play.frame(40, images[40], None) is images[40]


def test_the_truth_is_the_closure_that_is_shown(lids):
    (row,) = lids.play([held(1.0, 2.0, side=Side.RIGHT)]).truth()
    assert (row.side, row.regions, row.kind) == ("right", "eyelid", "tonic")
    assert (row.event, row.contractions) == ("spasm", 1)
    assert row.onset_s == pytest.approx(1.0, abs=0.05)
    assert row.offset_s == pytest.approx(2.0, abs=0.05)
    assert row.closure > 0.5
    assert "real" in row.reasons


def test_a_command_for_half_a_closure_holds_a_half_closed_frame(lids):
    (full,) = lids.play([held(1.0, 2.0)]).truth()
    (half,) = lids.play([held(1.0, 2.0, closure=0.5)]).truth()
    (anyway,) = lids.play([held(1.0, 2.0, closure=0.5)], narrow=False).truth()
    assert 0.3 < half.closure / full.closure < 0.8
    assert anyway.closure == full.closure


def test_a_burst_shorter_than_a_blink_becomes_a_whole_closure(lids):
    (row,) = lids.play([held(1.0, 1.21)]).truth()
    (full,) = lids.play([held(1.0, 2.0)]).truth()
    assert row.closure == full.closure
    assert 0.15 < row.duration_s < 0.5
    assert row.kind == "clonic"


def test_bursts_last_over_a_video_played_to_and_fro(lids):
    order = np.abs((np.arange(300) + 77) % 154 - 77)
    play = lids.play([held(2.0, 9.0)], shown_s=np.arange(300) / 30, order=order)
    (row,) = play.truth()
    assert row.duration_s == pytest.approx(7.0, abs=0.1)


def test_a_lid_that_is_filmed_more_closed_stays_as_filmed(film, lids):
    images, meshes, time_s = film
    play = lids.play([held(0.56, 2.0)])
    k = int(np.argmin(np.abs(time_s - 0.58)))
    assert play.frame(k, images[k], meshes[k]) is images[k]


def test_what_cannot_be_shown_is_left_out(lids):
    lower = held(1.0, 2.0, regions=(Region.MOUTH_CORNER,))
    assert lids.play([lower, held(7.0, 8.0), held(2.55, 5.0)]).truth() == ()
    (cut,) = lids.play([held(1.5, 60.0)]).truth()
    assert cut.offset_s < 2.7


def test_a_video_that_never_blinks_says_so(film):
    _, meshes, time_s = film
    calm = [
        meshes[-1] if t < 1 else mesh for mesh, t in zip(meshes, time_s, strict=True)
    ]
    lids = HeldLids.prepare(time_s, calm, lambda _: pytest.fail("needs no picture"))
    assert "no eye" in lids.empty
    assert lids.sides == ()
    assert lids.play([held(1.0, 2.0)]).truth() == ()
    assert np.isnan(closure_of([None] * 9)).all()
    assert find_clips(np.arange(9.0), [None] * 9)[Side.LEFT] == ()


def test_nonsense_is_refused_by_name(lids):
    with pytest.raises(BadParameter, match=r"^commands"):
        lids.play([held(1.0, 2.0), held(1.5, 2.5)])
    with pytest.raises(BadShape, match=r"^order"):
        lids.play([], order=np.arange(3))
    with pytest.raises(BadShape, match=r"^meshes"):
        find_clips(np.zeros(3), [None])


def test_a_hold_ends_where_something_else_is_before_the_face(film):
    images, meshes, time_s = film
    noise = np.random.default_rng(0).integers(0, 255, images[0].shape, np.uint8)
    hidden = [
        noise if t > 1.9 else image for image, t in zip(images, time_s, strict=True)
    ]
    lids = HeldLids.prepare(time_s, meshes, lambda p: {k: hidden[k] for k in p})
    (row,) = lids.play([held(1.0, 2.5)]).truth()
    assert row.onset_s == pytest.approx(1.0, abs=0.05)
    assert 1.5 < row.offset_s < 2.3


def test_a_hold_goes_on_where_the_face_is_lost_for_a_moment(film):
    images, meshes, time_s = film
    lost = [
        None if 1.5 < t < 1.7 else mesh for mesh, t in zip(meshes, time_s, strict=True)
    ]
    lids = HeldLids.prepare(time_s, lost, lambda p: {k: images[k] for k in p})
    (row,) = lids.play([held(1.0, 2.2)]).truth()
    assert row.offset_s == pytest.approx(2.2, abs=0.05)
    assert row.reasons == "face not seen"


@pytest.mark.slow
def test_a_real_lid_is_held_on_a_real_face(tracker):
    """On a development video: the held eye's aperture falls and stays."""
    from studies.benchmark.building.material import load_material

    path = Path(__file__).parents[5] / "shared" / "faces" / "video" / "talk_close.mp4"
    if not path.exists():
        pytest.skip("the development faces are not here")
    material = load_material(path, tracker)
    images = {k: frame.image for k, frame in enumerate(material.held)}
    lids = HeldLids.prepare(material.time_s, material.meshes, material.pictures)
    play = lids.play([held(2.0, 6.0)])
    (row,) = play.truth()
    again = [
        tracker.follow(play.frame(k, images[k], mesh), mesh)
        for k, mesh in enumerate(material.meshes)
    ]
    closure, before = closure_of(again), closure_of(material.meshes)
    inside = (material.time_s > row.onset_s + 0.3) & (material.time_s < 5.5)
    assert np.quantile(closure[inside, 0], 0.1) > 0.5
    assert np.median(np.abs(closure - before)[inside, 1]) < 0.1
