"""What is no burst does what it says and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.errors import BadParameter
from twitch_tracker.regions import IRIS, SIDES, Side
from twitch_tracker.simulate.activation import activate
from twitch_tracker.simulate.inject import inject_frame, refuse_portrait_events
from twitch_tracker.simulate.plan.distract import KIND_SHARES, draw_distractors
from twitch_tracker.simulate.plan.draw import draw_scenario
from twitch_tracker.simulate.plan.events import (
    Absence,
    BilateralBlink,
    GazeShift,
    HandOverFace,
    HeadTurn,
    Wink,
    Yawn,
)
from twitch_tracker.simulate.plan.scenario import Camera, HeadMotion, Scenario
from twitch_tracker.simulate.portrait import Portrait, animate
from twitch_tracker.simulate.truth import truth

LEFT, RIGHT = (SIDES.index(side) for side in (Side.LEFT, Side.RIGHT))
FINE = np.arange(0, 4, 0.001)
WINK = Wink(onset_s=1, offset_s=2, side=Side.RIGHT)
GAZE = GazeShift(onset_s=1, offset_s=2, left_deg=14)
YAWN = Yawn(onset_s=0.5, offset_s=3.5)
HAND = HandOverFace(onset_s=1, offset_s=3, side=Side.LEFT)
AWAY = Absence(onset_s=1, offset_s=3, side=Side.RIGHT)


def plan(*events) -> Scenario:
    return Scenario(
        duration_s=4,
        seed=1,
        events=events,
        head=HeadMotion.still(),
        camera=Camera.perfect(),
    )


@pytest.fixture(scope="module")
def shown(portrait: Portrait):
    """The portrait in the middle of one event."""

    def make(event, time_s: float = 1.5) -> np.ndarray:
        ((image, _),) = animate(portrait, plan(event), np.array([time_s]))
        return image

    return make


def changed(portrait: Portrait, image: np.ndarray, mesh_points: list[int]) -> float:
    """Mean change of the picture near points of the mesh."""
    far = np.abs(image.astype(int) - portrait.image).mean(axis=2)
    places = portrait.face.mesh_px[mesh_points, :2].astype(int)
    return float(np.mean([far[y - 3 : y + 4, x - 3 : x + 4].mean() for x, y in places]))


# --- winks ------------------------------------------------------------------


def test_a_wink_rises_smoothly_and_is_held_on_one_side():
    moves = activate(plan(WINK), FINE)
    assert not moves.closure[:, LEFT].any()
    closure = moves.closure[:, RIGHT]
    assert closure.max() == pytest.approx(1)
    held = FINE[closure > 0.999]
    assert held[0] - 1 == pytest.approx(WINK.rise_s, abs=0.01)
    assert held[-1] - held[0] == pytest.approx(0.6, abs=0.02)
    assert moves.cheek_mm[:, RIGHT].max() == pytest.approx(1)
    assert not moves.mouth_corner_mm.any()


def test_a_wink_closes_only_its_own_eye(
    shown, portrait: Portrait, tracker, eye_aspect_ratio
):
    image = shown(WINK)
    mesh = tracker.find_all(image)[0]
    before = portrait.face.mesh_px
    ratio = {s: eye_aspect_ratio(mesh, s) / eye_aspect_ratio(before, s) for s in SIDES}
    assert ratio[Side.RIGHT] < 0.6
    assert ratio[Side.LEFT] > 0.9
    assert changed(portrait, image, [386, 374, 473]) == 0


def test_a_wink_is_never_a_burst_in_the_truth():
    (row,) = truth(plan(WINK))
    assert (row.event, row.side, row.kind) == ("wink", "right", "")
    assert row.contractions is None


# --- gaze -------------------------------------------------------------------


@pytest.mark.parametrize("left_deg", [14.0, -14.0])
def test_a_gaze_shift_moves_both_irises(
    shown, portrait: Portrait, tracker, left_deg: float
):
    image = shown(replace(GAZE, left_deg=left_deg))
    mesh, before = tracker.find_all(image)[0], portrait.face.mesh_px
    for side in SIDES:
        moved = mesh[IRIS[side][0], 0] - before[IRIS[side][0], 0]
        # The subject's left is on the viewer's right.
        assert moved * np.sign(left_deg) > 1.0


def test_a_gaze_shift_changes_nothing_outside_the_palpebral_openings(
    shown, portrait: Portrait
):
    """So neither the canthi nor the lids move."""
    y, x = np.nonzero((shown(GAZE) != portrait.image).any(axis=2))
    assert len(y) > 100
    places = np.stack([x, y], axis=1).astype(float)
    inside = np.zeros(len(places), dtype=bool)
    for eye in portrait.face.eyes.values():
        along = (places - eye.origin_px) @ eye.along
        down = (places - eye.origin_px) @ eye.down
        upper = np.interp(along, eye.x_px, eye.upper_px)
        lower = np.interp(along, eye.x_px, eye.lower_px)
        across = (along > 0) & (along < eye.width_px)
        inside |= across & (down >= upper - 1) & (down <= lower + 1)
    assert inside.all()


def test_the_upper_lids_follow_a_downward_gaze_on_both_sides():
    closure = activate(plan(replace(GAZE, up_deg=-15)), FINE).closure
    assert closure.max() == pytest.approx(0.3, abs=0.01)
    assert np.array_equal(closure[:, LEFT], closure[:, RIGHT])
    assert not activate(plan(GAZE), FINE).closure.any()


# --- yawns ------------------------------------------------------------------


def test_a_yawn_opens_the_mouth_and_narrows_both_eyes(
    shown, portrait: Portrait, tracker, eye_aspect_ratio
):
    mesh, before = tracker.find_all(shown(YAWN, 2.0))[0], portrait.face.mesh_px
    gap = np.linalg.norm(mesh[13, :2] - mesh[14, :2])
    was = np.linalg.norm(before[13, :2] - before[14, :2])
    assert gap - was > 8 * portrait.face.px_per_mm
    for side in SIDES:
        assert eye_aspect_ratio(mesh, side) < 0.85 * eye_aspect_ratio(before, side)
    assert mesh[152, 1] - before[152, 1] > 3, "the chin goes down"
    assert abs(mesh[1, 1] - before[1, 1]) < 4, "the nose stays"


# --- hands and absences -----------------------------------------------------


def test_a_hand_covers_its_side_in_skin_colour(shown, portrait: Portrait):
    image = shown(HAND, 2.0)
    assert changed(portrait, image, [291, 273]) > 5
    assert changed(portrait, image, [234, 127]) == 0, "the other side stays visible"
    x, y = portrait.face.mesh_px[454, :2].astype(int)
    height = int(portrait.face.mesh_px[152, 1])
    hand = image[y:height, x : x + 10].reshape(-1, 3).mean(axis=0)
    cheek = portrait.image[tuple(portrait.face.mesh_px[50, 1::-1].astype(int))].astype(
        float
    )
    assert np.argsort(hand).tolist() == np.argsort(cheek).tolist()
    assert np.array_equal(shown(HAND, 0.9), portrait.image)


def test_the_face_leaves_the_picture_and_comes_back(shown, portrait: Portrait, tracker):
    assert tracker.find_all(shown(AWAY, 2.0)) == []
    assert np.array_equal(shown(AWAY, 0.5), portrait.image)
    assert np.array_equal(shown(AWAY, 3.5), portrait.image)
    leaving = tracker.find_all(shown(AWAY, 1.2))
    # The subject's right is on the viewer's left.
    if leaving:
        assert leaving[0][1, 0] < portrait.face.mesh_px[1, 0] - 5


def test_every_kind_has_a_row_of_truth_within_its_event():
    for event in (WINK, GAZE, YAWN, HAND, AWAY):
        (row,) = truth(plan(event))
        assert row.event == event.event
        assert event.onset_s <= row.onset_s < row.offset_s <= event.offset_s + 0.01
        assert row.duration_s > 0.7 * (event.offset_s - event.onset_s)


# --- in a real video --------------------------------------------------------


def test_all_but_head_turns_work_in_a_real_video(portrait: Portrait, frame_of):
    frame = frame_of(portrait.image, 2.0)
    for event in (
        YAWN,
        HAND,
        AWAY,
        replace(WINK, offset_s=3),
        replace(GAZE, offset_s=3),
    ):
        image = inject_frame(frame, portrait.face.mesh_px, plan(event))
        assert not np.array_equal(image, portrait.image), event.event
    turn = HeadTurn(onset_s=1, offset_s=3, yaw_deg=5)
    with pytest.raises(BadParameter, match="head_turn"):
        refuse_portrait_events(plan(turn))


def test_without_a_face_only_the_absence_can_be_shown(portrait: Portrait, frame_of):
    frame = frame_of(portrait.image, 2.0)
    for event in (YAWN, HAND):
        assert inject_frame(frame, None, plan(event)) is portrait.image
    moved = inject_frame(frame, None, plan(AWAY))
    assert not np.array_equal(moved, portrait.image)


# --- drawn from a seed ------------------------------------------------------


def test_the_same_seed_draws_the_same_events():
    first, again = (draw_distractors(duration_s=60, seed=3) for _ in range(2))
    assert first == again
    assert first != draw_distractors(duration_s=60, seed=4)


def test_all_kinds_are_drawn_and_head_turns_only_on_portraits():
    events = draw_distractors(duration_s=1200, seed=1)
    kinds = Counter(event.event for event in events)
    assert set(kinds) == (set(KIND_SHARES) - {"head_turn"}) | {"blink"}
    assert 10 < kinds["blink"] / 20 < 22, "blinks a minute"
    on_portrait = draw_distractors(duration_s=1200, seed=1, on_portrait=True)
    assert "head_turn" in {event.event for event in on_portrait}
    alone = draw_distractors(duration_s=100, seed=1, kinds=["wink"], blinks=False)
    assert {event.event for event in alone} == {"wink"}


def test_distractors_keep_away_from_bursts_and_from_the_end():
    bursts = draw_scenario(duration_s=60, seed=2, side="left").events
    for event in draw_distractors(duration_s=60, seed=2, avoid=bursts):
        assert event.offset_s <= 60 - 0.4 + 1e-3
        for burst in bursts:
            apart = max(event.onset_s - burst.offset_s, burst.onset_s - event.offset_s)
            assert apart > 0.29


def test_half_of_the_blinks_are_partial_and_all_nearly_equal():
    events = draw_distractors(duration_s=1200, seed=1, kinds=[])
    blinks = [e for e in events if isinstance(e, BilateralBlink)]
    assert len(blinks) == len(events)
    partial = np.mean([blink.depth < 1 for blink in blinks])
    assert 0.4 < partial < 0.6
    assert max(abs(blink.inequality) for blink in blinks) <= 0.12


@pytest.mark.parametrize("kinds", [["sneeze"], ["head_turn"]])
def test_kinds_that_cannot_be_drawn_are_refused(kinds: list[str]):
    with pytest.raises(BadParameter, match="kinds"):
        draw_distractors(duration_s=10, seed=1, kinds=kinds)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: replace(WINK, side="top"), "side"),
        (lambda: replace(WINK, closure=2), "closure"),
        (lambda: replace(GAZE, left_deg=40), "left_deg"),
        (lambda: replace(GAZE, left_deg=0), "left_deg"),
        (lambda: replace(YAWN, opening_mm=60), "opening_mm"),
        (lambda: replace(HAND, reach=2), "reach"),
        (lambda: replace(AWAY, slide_s=0), "slide_s"),
    ],
)
def test_events_outside_their_limits_are_refused_by_name(make, name: str):
    with pytest.raises(BadParameter, match=f"^{name}: expected"):
        make()
