"""The overlay shows every frame once, at its time, with sides where they belong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from twitch_tracker.errors import BadShape
from twitch_tracker.records import MotionSignals, Session
from twitch_tracker.regions import MESH_POINTS, REGIONS, Side
from twitch_tracker.report.overlay.face import RGB, mesh_edges, region_points
from twitch_tracker.report.overlay.film import OverlayPainter, write_overlay
from twitch_tracker.report.overlay.panel import banner_of, choose_layout
from twitch_tracker.video.files import open_video
from twitch_tracker.video.writer import VideoWriter

WIDTH, HEIGHT = 320, 240


def made_up_mesh() -> NDArray[np.float32]:
    """Return a mesh whose right-side points lie on the viewer's left."""
    rng = np.random.default_rng(5)
    mesh = np.zeros((MESH_POINTS, 3), np.float32)
    mesh[:, 0] = rng.uniform(100, 220, MESH_POINTS)
    mesh[:, 1] = rng.uniform(40, 200, MESH_POINTS)
    heights = {"eyelid": 90, "mouth_corner": 170, "cheek": 130, "brow": 60}
    for region in REGIONS:
        for side, x in ((Side.RIGHT, 130), (Side.LEFT, 190)):
            for place, point in enumerate(region_points(region, side)):
                mesh[point, :2] = x + 3 * (place % 4), heights[region.value] + place
    return mesh


@pytest.fixture
def small(
    make_session: Callable[..., Session], make_motion: Callable[..., MotionSignals]
) -> Session:
    """Two seconds: a right burst of eyelid and mouth from 0.5 to 1.0 s."""
    base = make_session()
    burst = replace(
        base.episodes[0], span=replace(base.episodes[0].span, start_s=0.5, end_s=1.0)
    )
    gap = replace(
        base.excluded[0], span=replace(base.excluded[0].span, start_s=1.5, end_s=2.0)
    )
    motion = make_motion(duration_s=2.0, episodes=(burst,))
    return make_session(
        video=replace(base.video, width_px=WIDTH, height_px=HEIGHT),
        motion=motion,
        episodes=(burst,),
        blinks=(),
        excluded=(gap,),
    )


def meshes(session: Session) -> NDArray[np.float32]:
    return np.tile(made_up_mesh(), (len(session.motion.time_s), 1, 1))


def test_every_frame_comes_out_once_at_its_own_time(
    small: Session, tmp_path: Path
) -> None:
    source, out = tmp_path / "in.mp4", tmp_path / "out.mp4"
    grey = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    with VideoWriter(source, width_px=WIDTH, height_px=HEIGHT) as writer:
        for time_s in small.motion.time_s:
            writer.write(grey, float(time_s))
    with open_video(source) as video:
        times = np.array([frame.time_s for frame in video])
    motion = replace(small.motion, time_s=times)
    told: list[float] = []
    write_overlay(
        source,
        replace(small, motion=motion),
        meshes(small),
        out,
        on_progress=lambda step: told.append(step.done),
    )
    with open_video(out) as video:
        shown = [(frame.time_s, frame.image.shape) for frame in video]
    assert [time_s for time_s, _ in shown] == pytest.approx(times.tolist(), abs=2e-5)
    assert len(told) == len(times)
    panel_height = choose_layout(WIDTH, HEIGHT)[1]
    assert shown[0][1] == (HEIGHT + panel_height, WIDTH, 3)


def painted(session: Session, time_index: int) -> NDArray[np.uint8]:
    painter = OverlayPainter(session, meshes(session), WIDTH, HEIGHT)
    grey = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    return painter.paint(grey, float(session.motion.time_s[time_index]))


def like(image: NDArray[np.uint8], colour: tuple[int, int, int]) -> NDArray[np.bool_]:
    distance = np.abs(image.astype(int) - np.array(colour)).sum(axis=2)
    return np.asarray(distance < 30)


def test_right_is_drawn_on_the_right_half_of_the_face(small: Session) -> None:
    face = painted(small, 5)[:HEIGHT]
    blue = np.flatnonzero(like(face, RGB[Side.RIGHT]).any(axis=0))
    orange = np.flatnonzero(like(face, RGB[Side.LEFT]).any(axis=0))
    assert blue.max() < 160 < orange.min()


def test_a_burst_is_ringed_and_named_on_its_own_side_only(small: Session) -> None:
    quiet, burst = painted(small, 5)[:HEIGHT], painted(small, 22)[:HEIGHT]
    changed = np.flatnonzero((quiet != burst).any(axis=(0, 2)))
    assert changed.min() > 90
    assert changed.max() < 170
    text, side = banner_of(small, float(small.motion.time_s[22]))
    assert (text, side) == ("RIGHT burst 1: eyelid + mouth corner", Side.RIGHT)
    panel = painted(small, 22)[HEIGHT:]
    assert like(panel, RGB[Side.RIGHT]).any(axis=1)[: panel.shape[0] // 3].any()
    assert banner_of(small, float(small.motion.time_s[5])) == ("", None)


def test_the_burst_starts_on_its_first_frame(small: Session) -> None:
    times = small.motion.time_s
    first = int(np.searchsorted(times, 0.5))
    assert banner_of(small, float(times[first]))[1] is Side.RIGHT
    assert banner_of(small, float(times[first - 1]))[1] is None
    assert banner_of(small, 1.0)[1] is None


def test_without_a_mesh_the_picture_stays_as_it_was(small: Session) -> None:
    blind = np.full((len(small.motion.time_s), MESH_POINTS, 3), np.nan, np.float32)
    painter = OverlayPainter(small, blind, WIDTH, HEIGHT)
    grey = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    face = painter.paint(grey, float(small.motion.time_s[22]))[:HEIGHT]
    assert (face == grey).all()


def test_the_given_picture_is_left_alone(small: Session) -> None:
    painter = OverlayPainter(small, meshes(small), WIDTH, HEIGHT)
    grey = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    painter.paint(grey, 0.6)
    assert (grey == 120).all()


def test_a_frame_that_was_not_analysed_says_so(small: Session) -> None:
    painter = OverlayPainter(small, meshes(small), WIDTH, HEIGHT)
    grey = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    assert (painter.paint(grey, 77.0)[:HEIGHT] == grey).all()


HEAD = 30
"""Height of the text above the rows in the panel of a small picture."""


def test_bars_grow_on_the_side_where_the_face_moves(small: Session) -> None:
    def bars(index: int) -> NDArray[np.bool_]:
        panel = painted(small, index)[HEIGHT + HEAD : -26, : WIDTH * 45 // 100]
        return like(panel, RGB[Side.RIGHT])

    columns = np.flatnonzero(bars(22).any(axis=0))
    assert columns.size > 4
    assert columns.max() < WIDTH * 23 // 100
    assert bars(5).sum() < bars(22).sum()


def test_the_right_side_is_drawn_upward(small: Session) -> None:
    lanes = painted(small, 35)[HEIGHT + HEAD : -20, WIDTH // 2 :]
    eyelid = lanes[: lanes.shape[0] // 4]
    rows = np.flatnonzero(like(eyelid, RGB[Side.RIGHT]).sum(axis=1) > 3)
    line = np.flatnonzero(like(eyelid, RGB[Side.LEFT]).sum(axis=1) > 3)
    assert rows.size > 5
    assert rows.max() <= line.max()
    assert rows.mean() < line.mean() - 2


@pytest.mark.parametrize(
    ("size", "beside"),
    [((640, 480), False), ((3840, 2160), False), ((1080, 1920), True)],
)
def test_the_panel_never_covers_the_face(
    small: Session, size: tuple[int, int], beside: bool
) -> None:
    width, height = size
    panel_width, panel_height, stands = choose_layout(width, height)
    assert stands is beside
    video = replace(small.video, width_px=width, height_px=height)
    painter = OverlayPainter(replace(small, video=video), meshes(small), width, height)
    if beside:
        assert painter.size_px == (width + panel_width, height)
    else:
        assert painter.size_px == (width, height + panel_height)
    picture = painter.paint(np.zeros((height, width, 3), np.uint8), 0.2)
    assert picture.shape == (painter.size_px[1], painter.size_px[0], 3)


def test_landmarks_of_another_recording_are_refused(small: Session) -> None:
    with pytest.raises(BadShape, match="landmarks"):
        OverlayPainter(small, meshes(small)[:-1], WIDTH, HEIGHT)


def test_a_mesh_on_a_line_has_no_edges() -> None:
    flat = np.zeros((MESH_POINTS, 3), np.float32)
    flat[:, 0] = np.arange(MESH_POINTS)
    assert mesh_edges(flat).shape == (0, 2)
