"""What the camera adds, on portraits and on real video alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.errors import BadParameter, VideoUnreadable
from twitch_tracker.regions import Side
from twitch_tracker.simulate.picture.filming import (
    expose,
    frame_times_s,
    refilm,
    resample,
)
from twitch_tracker.simulate.picture.stills import read_still
from twitch_tracker.simulate.plan.events import Spasm
from twitch_tracker.simulate.plan.scenario import Camera, HeadMotion, Scenario
from twitch_tracker.simulate.portrait import Portrait, animate
from twitch_tracker.simulate.render import film_into
from twitch_tracker.video.files import open_video

CLEAN = Camera.perfect()


def seen(portrait: Portrait, **camera: object) -> np.ndarray:
    return expose(
        replace(CLEAN, **camera), portrait.image, seed=1, index=3, light=1.0
    ).astype(float)


def sharpness(image: np.ndarray) -> float:
    return float(np.abs(np.diff(image.mean(axis=2), axis=1)).mean())


def test_a_perfect_camera_adds_nothing(portrait: Portrait):
    shown = list(refilm([(portrait.image, 0.5)], CLEAN, seed=1))
    assert shown[0][0] is portrait.image
    assert shown[0][1] == 0.5


def test_the_same_seed_films_the_same_and_another_does_not(portrait: Portrait):
    camera = Camera(noise=2, drift=0.02, shake_px=3, blur_px=0.5, distance=0.8)
    pictures = [(portrait.image, t / 30) for t in range(3)]
    first, again, other = (
        [image for image, _ in refilm(pictures, camera, seed)] for seed in (1, 1, 2)
    )
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[1], other[1])
    assert not np.array_equal(first[0], first[1])


def test_noise_has_the_size_asked_for(portrait: Portrait):
    flat = np.full((200, 200, 3), 128, dtype=np.uint8)
    noisy = expose(replace(CLEAN, noise=4), flat, seed=1, index=0, light=0.0)
    assert noisy.astype(float).mean(axis=2).std() == pytest.approx(4, rel=0.4)


def test_defocus_and_movement_take_away_detail(portrait: Portrait):
    plain = sharpness(portrait.image.astype(float))
    assert sharpness(seen(portrait, blur_px=2)) < 0.7 * plain
    shaken = [
        sharpness(
            expose(replace(CLEAN, shake_px=8), portrait.image, seed=1, index=i, light=0)
        )
        for i in range(12)
    ]
    assert min(shaken) < 0.85 * plain
    assert np.std(shaken) > 0, "different in every picture"


def test_drift_changes_the_exposure(portrait: Portrait):
    brighter = seen(portrait, drift=0.1).mean() / portrait.image.mean()
    assert 1.03 < brighter < 1.11


@pytest.mark.parametrize("distance", [0.5, 0.8, 1.3])
def test_distance_scales_the_face(portrait: Portrait, tracker, distance: float):
    image = seen(portrait, distance=distance).astype(np.uint8)
    assert image.shape == portrait.image.shape
    mesh = tracker.find_all(image)[0]
    width = np.linalg.norm(mesh[33, :2] - mesh[263, :2])
    assert width == pytest.approx(distance * 100, rel=0.06)


def test_a_mirrored_recording_is_the_picture_flipped(portrait: Portrait):
    assert np.array_equal(seen(portrait, mirrored=True), portrait.image[:, ::-1])


def test_frame_times_are_even_or_a_browsers():
    assert frame_times_s(1.0, 12.0) == pytest.approx(np.arange(12) / 12)
    assert len(frame_times_s(1.0, 120.0)) == 120
    browser = frame_times_s(60.0, 30.0, jitter_s=0.01, seed=1)
    steps = np.diff(browser)
    assert 0.0232 < steps.min() < 0.025
    assert 0.042 < steps.max() < 0.0434
    assert browser[0] == 0
    assert browser[-1] < 60
    assert len(browser) == pytest.approx(1800, abs=15)
    assert np.array_equal(browser, frame_times_s(60.0, 30.0, jitter_s=0.01, seed=1))
    with pytest.raises(BadParameter, match="jitter_s"):
        frame_times_s(1.0, 60.0, jitter_s=0.02)


@pytest.mark.parametrize("fps", [12.0, 30.0, 50.0, 120.0])
def test_a_video_is_shown_anew_by_its_nearest_frames(frame_of, fps: float):
    picture = np.zeros((2, 2, 3), dtype=np.uint8)
    film = [(frame_of(picture + i, i / 25, i), i) for i in range(25)]
    again = list(resample(film, fps))
    times = [frame.time_s for frame, _ in again]
    assert times == pytest.approx(np.arange(len(again)) / fps, abs=1e-4)
    assert [frame.index for frame, _ in again] == list(range(len(again)))
    assert times[-1] > 24 / 25 - 1 / fps - 1e-6
    for frame, mesh in again:
        assert abs(mesh / 25 - frame.time_s) <= 0.5 / 25 + 1e-4
        assert frame.image[0, 0, 0] == mesh, "picture and mesh stay together"


def test_a_portrait_can_be_filmed_at_any_rate_and_irregularly(portrait: Portrait):
    plan = Scenario(
        duration_s=0.3, fps=60, seed=2, camera=replace(CLEAN, jitter_s=0.005)
    )
    times = [time for _, time in animate(portrait, plan)]
    assert times == list(frame_times_s(0.3, 60, 0.005, 2))
    assert np.diff(times).std() > 0.001


def test_a_real_video_can_be_filmed_again(
    portrait: Portrait, tracker, tmp_path, frame_of
):
    """Other rate, mirrored: the burst is where it belongs and on its own side."""
    spasm = Spasm(onset_s=0.2, offset_s=0.8, side=Side.RIGHT, kind="tonic", closure=1.0)
    camera = replace(CLEAN, fps=15, mirrored=True, crf=10)
    plan = Scenario(
        duration_s=1.0, head=HeadMotion.still(), camera=camera, events=(spasm,)
    )
    film = [frame_of(portrait.image, i / 25, i) for i in range(25)]
    rows, _ = film_into(film, tracker, plan, tmp_path / "a.mp4")
    assert rows[0].side == "right"
    with open_video(tmp_path / "a.mp4", mirrored=True) as video:
        frames = list(video)
    assert [f.time_s for f in frames] == pytest.approx(np.arange(15) / 15, abs=1e-3)
    x, y = portrait.face.mesh_px[468, :2].astype(int)
    eye = np.s_[y - 4 : y + 5, x - 4 : x + 5]
    dark = [frame.image[eye].mean() for frame in frames]
    assert dark[7] > dark[0] + 20, "the lid's skin covers the iris"


def test_jitter_of_a_real_video_needs_a_rate(portrait, tracker, tmp_path, frame_of):
    plan = Scenario(duration_s=1.0, camera=replace(CLEAN, jitter_s=0.01))
    film = [frame_of(portrait.image, 0.0)]
    with pytest.raises(BadParameter, match="fps"):
        film_into(film, tracker, plan, tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "wrong",
    [{"distance": 0}, {"crf": 60}, {"blur_px": -1}, {"fps": 0}, {"jitter_s": 2}],
)
def test_a_camera_outside_its_limits_is_refused_by_name(wrong: dict):
    (name,) = wrong
    with pytest.raises(BadParameter, match=f"^{name}: expected"):
        Camera(**wrong)


def test_stills_are_read_upright_and_small(portrait: Portrait, tmp_path):
    from PIL import Image

    turned = Image.fromarray(np.ascontiguousarray(np.rot90(portrait.image)))
    exif = Image.Exif()
    exif[0x0112] = 6  # shown a quarter turn clockwise
    turned.save(tmp_path / "a.png", exif=exif)
    assert np.array_equal(read_still(tmp_path / "a.png"), portrait.image)
    assert read_still(tmp_path / "a.png", max_side_px=100).shape == (100, 100, 3)
    (tmp_path / "no.jpg").write_text("nothing")
    for name in ("no.jpg", "missing.jpg"):
        with pytest.raises(VideoUnreadable, match=name):
            read_still(tmp_path / name)
