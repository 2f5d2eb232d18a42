"""A live session: counts while filming, and in the end the numbers of `analyze`."""

from __future__ import annotations

import gc
import sys
import time
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from twitch_tracker.errors import BadParameter, NoAnalysableFace
from twitch_tracker.live.deciding import BLINK_SETTLE_S, SETTLE_S
from twitch_tracker.live.deciding_thread import TURN_S, short_turns
from twitch_tracker.live.engine import LiveSession
from twitch_tracker.live.keeping import CHIN
from twitch_tracker.live.state import NewsKind
from twitch_tracker.pipeline import analyze_source
from twitch_tracker.records import QualityReason
from twitch_tracker.regions import SIDES, Side
from twitch_tracker.wording.recording import advice_for, advice_now


def begin(scene, **how) -> LiveSession:
    how.setdefault("background", False)
    return LiveSession(scene.tracker(), video=scene.info, options=scene.options, **how)


@pytest.fixture(scope="module")
def watched(make_scene):
    """Longer than any window: bursts throughout, nobody there from 26 to 28 s."""
    scene = make_scene(
        54,
        bursts_s=[4, 14, 22, 33, 40, 51],
        blinks_s=[8, 18, 30, 37, 42],
        away_s=(26, 28),
    )
    camera = scene.camera()
    live = begin(scene)
    states = [live.feed(frame) for frame in camera]
    analysis = live.close(damage=camera.damage)
    return SimpleNamespace(
        scene=scene, camera=camera, states=states, analysis=analysis, live=live
    )


def news_of(watched, kind):
    return [n for state in watched.states for n in state.news if n.kind is kind]


def test_every_burst_that_ended_is_told_once_and_in_its_place(watched):
    told = [n.burst for n in news_of(watched, NewsKind.BURST)]
    assert {burst.side for burst in told} == {Side.RIGHT}
    onsets = [burst.span.start_s for burst in told]
    assert onsets == pytest.approx([4, 14, 22, 33, 40], abs=0.15)


def test_every_blink_is_told_once(watched):
    told = [n.blink.span.middle_s for n in news_of(watched, NewsKind.BLINK)]
    assert told == pytest.approx([8, 18, 30, 37, 42], abs=0.1)


def test_counts_are_those_that_were_told_and_never_fall(watched):
    last = watched.states[-1].counts
    assert last.bursts == {Side.LEFT: 0, Side.RIGHT: 5}
    assert last.blinks == 5
    assert last.full_closures == {Side.LEFT: 5, Side.RIGHT: 5}
    counts = [s.counts.bursts[Side.RIGHT] + s.counts.blinks for s in watched.states]
    assert counts == sorted(counts)


def test_nothing_is_counted_before_it_has_ended(watched):
    for news in news_of(watched, NewsKind.BURST):
        assert news.time_s >= news.burst.span.end_s + SETTLE_S
    for news in news_of(watched, NewsKind.BLINK):
        assert news.time_s >= news.blink.span.end_s + BLINK_SETTLE_S


def test_a_face_that_leaves_and_returns_is_told(watched):
    changes = [(n.time_s, n.reason) for n in news_of(watched, NewsKind.QUALITY)]
    (gone_s, gone), (back_s, back) = changes
    assert gone is QualityReason.NO_FACE
    assert back is None
    assert 26 < gone_s < 27.5
    assert 28 < back_s < 30


def test_subject_events_are_told_as_they_happen(watched):
    kinds = [n.subject.kind for n in news_of(watched, NewsKind.SUBJECT)]
    assert kinds == ["chosen", "lost", "found"]


def test_seconds_so_far_end_as_the_log_says(watched):
    last, summary = watched.states[-1], watched.analysis.session.summary
    assert last.recorded_s == pytest.approx(summary.recorded_s, abs=0.1)
    assert last.analysable_s == pytest.approx(summary.analysable_s, abs=0.3)


def test_evidence_is_of_the_last_seconds_and_leans_to_the_right(watched):
    state = next(s for s in watched.states if s.time_s >= 10.0)
    evidence = state.evidence
    assert evidence.values.shape == (len(evidence.time_s), len(SIDES))
    during = (evidence.time_s > 4.0) & (evidence.time_s < 5.2)
    strongest = np.nanmax(evidence.values[during], axis=0)
    assert strongest[SIDES.index(Side.RIGHT)] > 3.5
    assert strongest[SIDES.index(Side.LEFT)] < 1.0


def test_openness_falls_with_a_blink_and_is_unknown_without_a_face(watched):
    by_time = {round(s.time_s, 3): s.openness for s in watched.states}
    assert by_time[6.0] == pytest.approx((1, 1), abs=0.15)
    assert max(by_time[8.0]) < 0.3
    assert np.isnan(by_time[27.0]).all()


# --- the end ------------------------------------------------------------------


def test_the_log_is_that_of_analyze_to_the_last_digit(make_scene):
    scene = make_scene(14, bursts_s=[3, 11], blinks_s=[7], away_s=(8, 9))
    live, filming = begin(scene), scene.camera()
    for frame in filming:
        live.feed(frame)
    here = live.close(damage=filming.damage)
    camera = scene.camera()
    there = analyze_source(
        camera, scene.tracker(), scene.options.open_detector(), options=scene.options
    )
    assert len(there.session.episodes) == 2
    for name in (
        *("video", "damage", "tracker", "episodes", "blinks", "near_misses"),
        *("excluded", "subject_events", "summary"),
        *("parameters", "parameters_sha256"),
    ):
        told, expected = getattr(here.session, name), getattr(there.session, name)
        assert repr(told) == repr(expected), name
    for name, scores in there.session.motion.scores.items():
        told = here.session.motion.scores[name].values
        np.testing.assert_array_equal(told, scores.values)
    np.testing.assert_array_equal(here.boxes_px, there.boxes_px)


def test_no_picture_is_kept(watched):
    gc.collect()
    assert not any(ref() is not None for ref in watched.camera.shown)


def test_a_closed_session_takes_no_frame(watched):
    with pytest.raises(BadParameter, match="closed"):
        watched.live.feed(watched.scene.frame(0))


def test_no_face_at_all_is_said_at_the_end(make_scene):
    scene = make_scene(9, away_s=(0, 99))
    live = begin(scene)
    states = [live.feed(frame) for frame in scene.camera()]
    assert states[-1].advice is QualityReason.NO_FACE
    assert states[-1].analysable_s == 0
    with pytest.raises(NoAnalysableFace, match="no face"):
        live.close()


def test_no_frame_at_all_is_said(short_scene):
    with pytest.raises(NoAnalysableFace, match="no picture"):
        begin(short_scene).close()


# --- what goes wrong ----------------------------------------------------------


def test_frames_that_come_late_or_twice_are_left_out_and_counted(short_scene):
    live = begin(short_scene)
    for number in (0, 1, 2):
        live.feed(short_scene.frame(number))
    again = live.feed(short_scene.frame(2))
    early = live.feed(short_scene.frame(1))
    assert again.time_s == early.time_s == live.state.time_s
    assert again.news == early.news == ()
    damage = live.close().session.damage
    assert (damage.frames_read, damage.duplicate_stamps, damage.backward_stamps) == (
        3,
        1,
        1,
    )


def test_a_hiccup_of_the_camera_is_nobodys_time(short_scene):
    """Two seconds are missing from four on."""
    live = begin(short_scene)
    numbers = [n for n, t in enumerate(short_scene.time_s) if not 4 <= t < 6]
    for number in numbers:
        state = live.feed(short_scene.frame(number))
    assert state.recorded_s == pytest.approx(8.0, abs=0.1)
    summary = live.close().session.summary
    assert summary.recorded_s == pytest.approx(8.0, abs=0.1)
    assert summary.excluded_s[QualityReason.MISSING_FRAMES] == pytest.approx(2, abs=0.1)
    assert summary.sides[Side.RIGHT].episodes == 1


def test_a_window_that_cannot_be_decided_does_not_end_the_recording(
    short_scene, monkeypatch, caplog
):
    from twitch_tracker.live import engine

    def fail(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(engine, "decide", fail)
    live = begin(short_scene)
    for frame in short_scene.camera():
        state = live.feed(frame)
    assert state.counts.bursts[Side.RIGHT] == 0
    assert "could not be decided" in caplog.text
    assert live.close().session.summary.sides[Side.RIGHT].episodes == 1


def test_in_the_background_the_same_burst_is_counted(short_scene):
    """The camera goes on with the last picture until the thread has decided."""
    live = begin(short_scene, background=True)
    for frame in short_scene.camera():
        live.feed(frame)
    last, deadline = len(short_scene.time_s) - 1, time.monotonic() + 60
    while live.state.decided_until_s < 5 and time.monotonic() < deadline:
        live.feed(short_scene.frame(last, at_s=live.state.time_s + 0.1))
        time.sleep(0.05)
    assert live.state.counts.bursts == {Side.LEFT: 0, Side.RIGHT: 1}
    assert live.state.counts.blinks == 1
    live.abandon()
    live.abandon()


def test_threads_wait_less_for_each_other_only_while_a_camera_films(monkeypatch):
    """Never longer than somebody chose before; what was chosen comes back."""
    now = [0.005]
    monkeypatch.setattr(sys, "setswitchinterval", now.append)
    monkeypatch.setattr(sys, "getswitchinterval", lambda: now[-1])
    with short_turns():
        with short_turns():
            assert now[-1] == TURN_S
        assert now[-1] == TURN_S, "another one still films"
    assert now[-1] == 0.005
    now.append(0.0001)
    with short_turns():
        assert now[-1] == 0.0001
    assert TURN_S < 0.005, "what Python has without a word"


def test_threads_are_held_while_it_watches_and_put_back_when_it_ends(short_scene):
    before = cv2.getNumThreads()
    cv2.setNumThreads(3)
    try:
        live = begin(short_scene)
        assert cv2.getNumThreads() == 3
        live.feed(next(iter(short_scene.camera())))
        assert cv2.getNumThreads() == 1
        live.abandon()
        assert cv2.getNumThreads() == 3
    finally:
        cv2.setNumThreads(before)


def test_a_chin_outside_the_picture_is_told(make_scene):
    """Nothing is measured at the chin, so the frame can be measured all the same."""
    scene = make_scene(3)
    for mesh in scene.meshes:
        mesh[list(CHIN), 1] = 300.0
    live = begin(scene)
    states = [live.feed(frame) for frame in scene.camera()]
    live.abandon()
    assert states[-1].advice is QualityReason.OUT_OF_FRAME
    assert states[-1].reasons == ()


@pytest.mark.parametrize("reason", [QualityReason.OUT_OF_FRAME, QualityReason.NO_FACE])
def test_somebody_too_near_is_asked_to_move_back(reason):
    assert "ove back" in advice_now(reason)
    assert "ove back" in advice_for(QualityReason.OUT_OF_FRAME)
