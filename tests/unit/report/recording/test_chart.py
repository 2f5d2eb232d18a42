"""What is drawn is what was measured: sides, peaks and gaps survive."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.records import MotionSignals, RegionScores, Session
from twitch_tracker.regions import REGIONS, Region, Side
from twitch_tracker.report.recording.chart import MAX_POINTS, build_chart
from twitch_tracker.report.recording.decimate import indices_to_draw
from twitch_tracker.report.recording.strip import build_overview
from twitch_tracker.report.ticks import clock_ticks


def test_short_signals_are_drawn_whole() -> None:
    values = np.zeros((50, 2), dtype=np.float32)
    assert indices_to_draw(values, max_points=50).tolist() == list(range(50))


def test_peaks_troughs_and_gaps_survive_decimation() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(0, 1, (50_000, 2)).astype(np.float32)
    values[31_234, 0], values[7_777, 1] = 40.0, -40.0
    values[20_000:20_003] = np.nan
    chosen = indices_to_draw(values, max_points=4000)
    assert len(chosen) <= 4000
    assert (np.diff(chosen) > 0).all()
    assert {0, 7_777, 31_234, 49_999} <= set(chosen.tolist())
    assert np.isnan(values[chosen]).any()
    gap = chosen[(chosen >= 20_000) & (chosen < 20_003)]
    assert gap[0] == 20_000
    assert gap[-1] == 20_002


def test_a_gap_is_never_bridged() -> None:
    values = np.ones((9_000, 1), dtype=np.float32)
    values[3_000:6_000] = np.nan
    chosen = indices_to_draw(values, max_points=300)
    missing = np.isnan(values[chosen, 0])
    before, after = chosen[chosen < 3_000].max(), chosen[chosen >= 6_000].min()
    between = missing[(chosen > before) & (chosen < after)]
    assert between.all()
    assert len(between) >= 2


def test_stretches_of_interest_are_kept_whole() -> None:
    values = np.zeros((90_000, 1), dtype=np.float32)
    keep = np.zeros(90_000, dtype=np.bool_)
    keep[500:900] = True
    chosen = indices_to_draw(values, max_points=2000, keep=keep)
    assert len(chosen) <= 2000
    assert set(range(500, 900)) <= set(chosen.tolist())


def lane(session: Session, region: Region) -> object:
    return build_chart(session).children[REGIONS.index(region)]


def column(session: Session, region: Region, name: str) -> np.ndarray:
    figure = lane(session, region)
    for renderer in figure.renderers:  # type: ignore[attr-defined]
        data = renderer.data_source.data
        if {"up", "down", name} <= set(data):
            return np.asarray(renderer.data_source.data[name], dtype=float)
    raise AssertionError(name)


def test_each_side_is_drawn_on_its_own_half(session: Session) -> None:
    scores = session.motion.scores["position_mm"]
    for name, side, sign in (("up", Side.RIGHT, 1), ("down", Side.LEFT, -1)):
        truth = np.clip(scores.of(Region.MOUTH_CORNER, side), 0, None)
        drawn = sign * column(session, Region.MOUTH_CORNER, name)
        assert np.allclose(drawn, np.nan_to_num(truth), atol=1e-3)
    right = column(session, Region.MOUTH_CORNER, "right")
    left = column(session, Region.MOUTH_CORNER, "left")
    assert np.nanmax(right) > 2.5
    assert np.nanmax(left) < 1.5


def test_bands_stand_on_the_side_and_region_of_their_burst(session: Session) -> None:
    figure = lane(session, Region.CHEEK)
    quads = [
        renderer
        for renderer in figure.renderers  # type: ignore[attr-defined]
        if type(renderer.glyph).__name__ == "Quad"
    ][1:]
    right, left = quads
    assert list(right.data_source.data["left"]) == [33_000.0, 77_000.0]
    assert list(right.data_source.data["right"]) == [35_600.0, 80_400.0]
    assert right.glyph.top > 0
    assert list(left.data_source.data["left"]) == []
    assert left.glyph.top < 0


def test_unusable_frames_are_gaps_even_with_values(
    session: Session, make_session: Callable[..., Session]
) -> None:
    motion = session.motion
    usable = motion.usable.copy()
    usable[300:330] = False
    broken = make_session(motion=replace(motion, usable=usable))
    drawn = column(broken, Region.BROW, "right")
    assert np.isnan(drawn[300:330]).all()
    assert np.isfinite(drawn[270:299]).all()


def test_without_a_scale_the_unit_is_not_millimetres(
    session: Session, make_session: Callable[..., Session]
) -> None:
    motion = session.motion
    lost = RegionScores(
        name="position_mm",
        unit="mm",
        time_s=motion.time_s,
        values=np.full_like(motion.scores["position_mm"].values, np.nan),
    )
    scores = {**motion.scores, "position_mm": lost}
    blurred = make_session(
        motion=replace(motion, scores=scores, mm_per_interocular=math.nan)
    )
    title = lane(blurred, Region.EYELID).title.text  # type: ignore[attr-defined]
    assert title == "Eyelid (% of the distance between the eyes)"


def test_long_recordings_are_thinned(
    make_session: Callable[..., Session], make_motion: Callable[..., MotionSignals]
) -> None:
    session = make_session(motion=make_motion(duration_s=900.0))
    assert len(column(session, Region.EYELID, "right")) <= MAX_POINTS


def test_all_lanes_share_time_and_no_gesture_traps_the_page(session: Session) -> None:
    lanes = build_chart(session).children
    assert len({figure.x_range.id for figure in lanes}) == 1
    for figure in lanes:
        assert figure.toolbar.active_scroll.modifiers == {"ctrl": True}
        assert figure.toolbar.active_drag.dimensions == "width"


def test_chart_of_nothing(blind_session: Session, quiet_session: Session) -> None:
    assert len(build_chart(blind_session).children) == len(REGIONS) + 2
    assert len(build_chart(quiet_session).children) == len(REGIONS) + 2


def test_overview_places_bursts_by_side(session: Session) -> None:
    rows = {row.key: row for row in build_overview(session).rows}
    assert len(rows["right"].marks) == 5
    assert len(rows["left"].marks) == 1
    start, width = rows["left"].marks[0]
    assert start == pytest.approx(100 * 55.3 / 90, abs=0.05)
    assert width == pytest.approx(1.0, abs=0.05)
    assert rows["left"].alt == "1 burst: 0:55.3"
    assert len(rows["blink"].marks) == 11
    assert sum(width for _, width in rows["gap"].marks) == pytest.approx(7.22, abs=0.05)


@pytest.mark.parametrize("duration_s", [0.5, 7.0, 90.0, 600.0, 7200.0])
def test_ticks_are_round_and_few(duration_s: float) -> None:
    places = [at_s for at_s, _ in clock_ticks(duration_s)]
    assert 1 <= len(places) <= 7
    assert all(at_s == int(at_s) <= duration_s for at_s in places)
