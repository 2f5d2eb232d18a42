"""Films and their truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studies.truth.third.draw import draw_closures, draw_plan
from studies.truth.third.face import shown
from studies.truth.third.film import Source, load, to_and_fro, write_film
from studies.truth.third.geometry import Force
from studies.truth.third.moves import forces, truth_rows
from twitch_tracker.errors import WeightsMissing
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.regions import Side
from twitch_tracker.simulate.render import truth_path
from twitch_tracker.video.files import open_video
from twitch_tracker.video.writer import VideoWriter

WEIGHTS = Path(__file__).parents[6] / "shared" / "models" / "face_landmarker.task"
STEP_S = 1 / 30


@pytest.fixture
def source(face) -> Source:
    pictures = tuple(np.roll(face.image, k, axis=0) for k in range(3))
    return Source(pictures, (face.landmarks,) * 3, 0.1)


def test_a_video_is_played_to_and_fro():
    assert to_and_fro(7, 3).tolist() == [0, 1, 2, 1, 0, 1, 2]
    assert to_and_fro(3, 1).tolist() == [0, 0, 0]


def test_halves_move_only_on_the_drawn_side_and_in_bursts():
    plan = draw_plan(seed=5, name="somebody", seconds=32)
    times_s = np.arange(0, 32, STEP_S)
    moves = forces(plan, times_s, STEP_S)
    assert {side for acting in moves for side, _ in acting} == {plan.side}
    spans = [(b.onset_s, b.onset_s + b.duration_s + 0.3) for b in plan.bursts]
    for time_s, acting in zip(times_s, moves, strict=True):
        inside = any(a - STEP_S < time_s < b for a, b in spans)
        assert inside or not acting


def test_every_burst_has_a_row_of_its_own_time_and_severity():
    plan = draw_plan(seed=5, name="somebody", seconds=32)
    rows = truth_rows(plan, np.arange(0, 32, STEP_S), STEP_S)
    assert len(rows) == len(plan.bursts)
    for row, burst in zip(rows, plan.bursts, strict=True):
        assert row.reasons.endswith(f";{burst.severity}")
        assert row.side == plan.side
        assert 0 <= row.onset_s - burst.onset_s < 0.4
        assert row.offset_s < burst.onset_s + burst.duration_s + 0.25


def test_both_eyes_close_together_and_that_is_no_burst():
    plan = draw_closures(seed=5, name="somebody", seconds=24)
    times_s = np.arange(0, 24, STEP_S)
    middle_s = plan.closures[0].onset_s + plan.closures[0].duration_s / 2
    acting = dict(forces(plan, times_s, STEP_S)[int(middle_s / STEP_S)])
    assert {side: force.lids > 0.9 for side, force in acting.items()} == dict.fromkeys(
        Side, True
    )
    assert {row.event for row in truth_rows(plan, times_s, STEP_S)} == {"blink"}


def test_a_film_lies_beside_its_truth_and_is_the_same_by_seed(source, tmp_path: Path):
    plan = draw_plan(seed=4, name="somebody", seconds=8)
    films = [tmp_path / name for name in ("one.mp4", "same.mp4")]
    for film in films:
        write_film(film, source, plan)
    assert films[0].read_bytes() == films[1].read_bytes()
    truth = read_truth(truth_path(films[0]))
    assert len(truth.episodes) == len(plan.bursts)
    for episode, burst in zip(truth.episodes, plan.bursts, strict=True):
        assert burst.severity in episode.reasons
        assert episode.regions == burst.regions
    with open_video(films[0]) as film:
        assert sum(1 for _ in film) == 80


def test_missing_weights_are_named(tmp_path: Path, source):
    film = tmp_path / "film.mp4"
    write_film(film, source, draw_plan(seed=4, name="somebody", seconds=1))
    with pytest.raises(WeightsMissing):
        load(film, tmp_path / "nowhere.task")


@pytest.mark.parametrize("side", Side)
def test_a_tracker_sees_the_eye_of_the_side_close(
    portrait, tracker, eye_aspect_ratio, tmp_path: Path, side: Side
):
    if not WEIGHTS.is_file():
        pytest.skip("no face landmarker weights beside the repository (../shared)")
    film = tmp_path / "film.mp4"
    with VideoWriter(film, width_px=400, height_px=400, crf=12) as writer:
        for k in range(3):
            writer.write(portrait.image, k / 30)
    source = load(film, WEIGHTS)
    image, landmarks = source.pictures[1], source.landmarks[1]
    after = shown(image, landmarks, side, Force(lids=1.0, squeeze=1.0))
    before_px = tracker.follow(image, None)
    after_px = tracker.follow(after, before_px)
    opening = {
        s: eye_aspect_ratio(after_px, s) / eye_aspect_ratio(before_px, s) for s in Side
    }
    assert opening[side] < 0.5
    assert opening[side.other] > 0.85
