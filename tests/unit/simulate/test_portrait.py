from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.errors import BadParameter, NoAnalysableFace
from twitch_tracker.regions import Side
from twitch_tracker.simulate.picture.motion_noise import head_path, wander
from twitch_tracker.simulate.plan.events import HeadTurn, Spasm
from twitch_tracker.simulate.plan.scenario import Camera, HeadMotion, Scenario
from twitch_tracker.simulate.portrait import Portrait, animate, crop_to_face

QUIET = Camera(noise=0, drift=0)
SHORT = Scenario(
    duration_s=0.5,
    seed=2,
    events=(Spasm(onset_s=0.1, offset_s=0.4, side=Side.LEFT, closure=1.0),),
)


def pictures(portrait: Portrait, scenario: Scenario, *times: float) -> list[np.ndarray]:
    return [image for image, _ in animate(portrait, scenario, np.array(times))]


def test_the_same_scenario_gives_the_same_arrays(portrait: Portrait):
    first, again = (pictures(portrait, SHORT, 0.1, 0.2, 0.3) for _ in range(2))
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one, other)


def test_another_seed_gives_other_arrays(portrait: Portrait):
    (one,) = pictures(portrait, SHORT, 0.2)
    (other,) = pictures(portrait, replace(SHORT, seed=3), 0.2)
    assert not np.array_equal(one, other)


def test_frames_come_at_the_planned_times(portrait: Portrait):
    times = [time for _, time in animate(portrait, replace(SHORT, fps=20))]
    assert times == pytest.approx(np.arange(10) / 20)


def test_a_still_head_without_noise_is_the_still(portrait: Portrait):
    calm = Scenario(duration_s=9, head=HeadMotion.still(), camera=QUIET)
    for image in pictures(portrait, calm, 0.0, 5.0):
        assert np.array_equal(image, portrait.image)


def test_the_head_moves_and_the_background_does_not(portrait: Portrait):
    wandering = Scenario(duration_s=60, seed=1, camera=QUIET)
    moved = pictures(portrait, wandering, 20.0)[0].astype(int)
    change = np.abs(moved - portrait.image).mean(axis=2)
    nose = portrait.face.mesh_px[4, :2].astype(int)
    assert change[nose[1] - 40 : nose[1] + 40, nose[0] - 40 : nose[0] + 40].mean() > 1
    assert not change[:20, :20].any()
    assert not change[:20, -20:].any()


@pytest.mark.parametrize(("yaw", "pitch"), [(6, 0), (-6, 0), (0, 6), (0, -6)])
def test_turns_go_the_way_their_signs_say(
    portrait: Portrait, tracker, yaw: float, pitch: float
):
    """Left turns move the nose to the viewer's right, up is up."""
    turn = HeadTurn(onset_s=0, offset_s=2, yaw_deg=yaw, pitch_deg=pitch)
    plan = Scenario(duration_s=2, head=HeadMotion.still(), camera=QUIET, events=(turn,))
    (turned,) = pictures(portrait, plan, 1.0)
    mesh = tracker.find_all(turned)[0]
    before = portrait.face.mesh_px
    nose = (mesh[4] - mesh[[33, 263]].mean(0)) - (before[4] - before[[33, 263]].mean(0))
    if yaw:
        assert np.sign(nose[0]) == np.sign(yaw)
        assert abs(nose[0]) > 1.5
    else:
        assert np.sign(nose[1]) == -np.sign(pitch)
        assert abs(nose[1]) > 1


def test_wandering_is_band_limited_and_starts_where_the_still_is():
    time_s = np.arange(0, 120, 1 / 30)
    curve = wander(time_s, np.random.default_rng(0))
    assert curve[0] == 0
    assert 0.4 < curve.std() < 2
    spectrum = np.abs(np.fft.rfft((curve - curve.mean()) * np.hanning(len(curve)))) ** 2
    frequency = np.fft.rfftfreq(len(curve), 1 / 30)
    assert spectrum[frequency > 1].sum() < 1e-3 * spectrum.sum()


def test_rotations_are_rotations():
    time_s = np.array([3.0])
    path = head_path(Scenario(duration_s=9), time_s, 2.0, np.array([[5.0, -3.0]]))
    rotation = path.rotation(0).astype(float)
    assert rotation @ rotation.T == pytest.approx(np.eye(3), abs=1e-6)


def test_a_crop_shows_the_face_at_the_size_asked_for(tracker):
    data = pytest.importorskip("skimage.data")
    image = crop_to_face(data.astronaut(), tracker, size_px=320, interocular_px=90)
    mesh = tracker.find_all(image)[0]
    assert image.shape == (320, 320, 3)
    assert np.linalg.norm(mesh[33, :2] - mesh[263, :2]) == pytest.approx(90, rel=0.04)
    with pytest.raises(BadParameter, match="interocular_px"):
        crop_to_face(data.astronaut(), tracker, size_px=900, interocular_px=60)


def test_a_picture_without_a_face_is_refused(tracker):
    with pytest.raises(NoAnalysableFace):
        Portrait.from_still(np.full((200, 200, 3), 127, dtype=np.uint8), tracker)
