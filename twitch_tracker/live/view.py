"""The picture of a live session: face, mesh, counts, evidence, advice.

Drawn with NumPy, OpenCV and Pillow only, so that it can be looked at without a window.
Note: in an unmirrored view the person's right side is on the viewer's left, and so is
its count; in a mirror view both change places. The colours and the words "left" and
"right" are always the person's own.
"""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from twitch_tracker import units
from twitch_tracker.language import say, say_n
from twitch_tracker.live.frames import fitted
from twitch_tracker.live.state import LiveState
from twitch_tracker.records import Frame
from twitch_tracker.regions import SIDES, Side
from twitch_tracker.report.overlay.face import RGB, draw_face, mesh_edges
from twitch_tracker.report.overlay.panel import GROUND, LANE
from twitch_tracker.wording.recording import advice_for, advice_now
from twitch_tracker.wording.terms import side_name

__all__ = ["SIZE_PX", "LivePainter"]

SIZE_PX: Final = (1280, 720)
"""Width and height of the whole picture."""

_PANEL_PX: Final = 400
_BANNER_PX: Final = 92
_PICTURE_PX: Final = (SIZE_PX[0] - _PANEL_PX, SIZE_PX[1] - _BANNER_PX)
_PAD: Final = 20
SHOWN_S: Final = 10.0
_FULL_SD: Final = 8.0
"""Evidence that fills its lane: twice what counts as strong."""

Colour = tuple[int, int, int]
_INK: Final = (240, 243, 246)
_QUIET: Final = (182, 192, 202)
_GOOD: Final = (24, 92, 62)
_CAUTION: Final = (244, 205, 80)
_DARK: Final = (16, 18, 20)

Picture = NDArray[np.uint8]


class LivePainter:
    """Draws frame after frame of one session.

    Parameters
    ----------
    mirror : bool
        Show the person as in a mirror; nothing that is measured or stored changes.
    """

    def __init__(self, *, mirror: bool = False) -> None:
        """Start without a mesh."""
        self._mirror = mirror
        self._edges = np.empty((0, 2), np.intp)
        self._turn_deg = np.inf
        self._openness: deque[tuple[float, float, float]] = deque()

    def remember(self, state: LiveState) -> None:
        """Take a frame into account that need not be drawn."""
        self._openness.append((state.time_s, *state.openness))
        while self._openness[0][0] < state.time_s - SHOWN_S:
            self._openness.popleft()

    def paint(
        self, frame: Frame, state: LiveState | None, *, paused: bool = False
    ) -> Picture:
        """Return the picture of one moment.

        Parameters
        ----------
        frame : Frame
            What the camera shows.
        state : LiveState or None
            How things are; None before the first frame.
        paused : bool
            Whether the recording is paused.

        Returns
        -------
        NDArray[np.uint8]
            RGB, shape (720, 1280, 3).
        """
        canvas = np.empty((SIZE_PX[1], SIZE_PX[0], 3), np.uint8)
        canvas[:] = GROUND
        seen = None if paused else state
        self._put_face(canvas[_BANNER_PX:, : _PICTURE_PX[0]], frame, seen)
        _put_banner(canvas[:_BANNER_PX, : _PICTURE_PX[0]], state, paused=paused)
        self._put_panel(canvas[:, _PICTURE_PX[0] :], state)
        return canvas

    # --- the face ---------------------------------------------------------------

    def _put_face(self, place: Picture, frame: Frame, state: LiveState | None) -> None:
        """Fit the camera's picture in, with the mesh on it."""
        frame = fitted(frame)
        height, width = frame.image.shape[:2]
        scale = min(place.shape[1] / width, place.shape[0] / height)
        size = (round(width * scale), round(height * scale))
        shown = cv2.resize(frame.image, size, interpolation=cv2.INTER_AREA)
        if self._mirror:
            shown = np.ascontiguousarray(shown[:, ::-1])
        picture = self._with_mesh(cast("Picture", shown), state, width)
        top, left = (place.shape[0] - size[1]) // 2, (place.shape[1] - size[0]) // 2
        place[top : top + size[1], left : left + size[0]] = picture

    def _with_mesh(
        self, shown: Picture, state: LiveState | None, width_px: int
    ) -> Picture:
        mesh = None if state is None else state.observation.landmarks_px
        if state is None or mesh is None:
            return shown
        self._learn_edges(state, mesh)
        points = mesh * np.float32(shown.shape[1] / width_px)
        if self._mirror:
            points[:, 0] = shown.shape[1] - 1 - points[:, 0]
        return draw_face(shown, points, self._edges, ())

    def _learn_edges(self, state: LiveState, mesh: NDArray[np.float32]) -> None:
        """Triangulate the most frontal mesh so far."""
        turn_deg = float(np.abs(state.observation.pose_deg[:2]).sum())
        if turn_deg < self._turn_deg - 2.0:
            self._edges, self._turn_deg = mesh_edges(mesh), turn_deg

    # --- the panel --------------------------------------------------------------

    def _put_panel(self, panel: Picture, state: LiveState | None) -> None:
        """Draw times, counts, evidence, keys."""
        recorded_s = state.recorded_s if state else 0.0
        analysable_s = state.analysable_s if state else 0.0
        _put(panel, units.clock(recorded_s, 0), (_PAD, 14), 52)
        share = say("{time} measured", time=units.clock(analysable_s, 0))
        _put(panel, share, (panel.shape[1] - _PAD, 40), 22, _QUIET, anchor="ra")
        order = SIDES if self._mirror else SIDES[::-1]
        half = (panel.shape[1] - 3 * _PAD) // 2
        for column, side in enumerate(order):
            left = _PAD + column * (half + _PAD)
            _put_count(panel[96:276, left : left + half], side, state)
        blinks = state.counts.blinks if state else 0
        blinks_text = say_n("{n} blink of both eyes", "{n} blinks of both eyes", blinks)
        _put(panel, blinks_text, (_PAD, 290), 26)
        right_up = order[0]
        _put(panel, say("one-sided movement, last 10 seconds"), (_PAD, 340), 20, _QUIET)
        lane = panel[368:492, _PAD:-_PAD]
        self._put_evidence(lane, state, up=right_up)
        _put(
            panel, say("opening of the eyes, last 10 seconds"), (_PAD, 506), 20, _QUIET
        )
        self._put_openness(panel[534:620, _PAD:-_PAD], state)
        _put(panel, say("q or Esc: stop and save"), (_PAD, 640), 22, _INK)
        _put(panel, say("space: pause or continue"), (_PAD, 672), 22, _INK)

    def _put_evidence(self, lane: Picture, state: LiveState | None, up: Side) -> None:
        """Draw one side upward, the other downward, over the last seconds."""
        lane[:] = LANE
        middle = lane.shape[0] // 2
        if state is not None and len(state.evidence.time_s):
            x = _across(lane, state.evidence.time_s, state.time_s)
            for side in SIDES:
                sign = -1 if side is up else 1
                values = state.evidence.values[:, SIDES.index(side)]
                height = np.clip(values / _FULL_SD, 0.0, 1.0) * float(middle - 2)
                _fill(lane, x, middle + sign * height, middle, side)
        lane[middle] = _QUIET
        for side in SIDES:
            y = 4 if side is up else lane.shape[0] - 26
            _put(lane, side_name(side), (6, y), 18, RGB[side])

    def _put_openness(self, lane: Picture, state: LiveState | None) -> None:
        """Draw both eyes as lines, open at the top."""
        lane[:] = LANE
        if state is None or not self._openness:
            return
        table = np.array(self._openness)
        x = _across(lane, table[:, 0], state.time_s)
        for side in SIDES:
            opened = table[:, 1 + SIDES.index(side)]
            y = lane.shape[0] - 6 - np.clip(opened, 0, 1.3) / 1.3 * (lane.shape[0] - 12)
            _line(lane, x, y, RGB[side])


def _put_count(tile: Picture, side: Side, state: LiveState | None) -> None:
    """Draw one side's number of bursts, large; lit while one is under way."""
    now = state is not None and side in state.under_way
    tile[:] = RGB[side] if now else LANE
    tile[:6] = RGB[side]
    ink = _DARK if now else _INK
    count = state.counts.bursts[side] if state else 0
    middle = tile.shape[1] // 2
    _put(tile, side_name(side).upper(), (middle, 16), 26, ink, anchor="ma")
    _put(tile, str(count), (middle, 42), 84, ink, anchor="ma")
    caption = say("burst under way") if now else say_n("burst", "bursts", count)
    _put(tile, caption, (middle, 142), 22, ink, anchor="ma")


def _put_banner(banner: Picture, state: LiveState | None, *, paused: bool) -> None:
    """Draw what to do, in large words."""
    title, advice, ground, ink = _banner_words(state, paused=paused)
    banner[:] = ground
    _put(banner, title, (_PAD, 10), 36, ink)
    _put(banner, advice, (_PAD, 54), 24, ink)


def _banner_words(
    state: LiveState | None, *, paused: bool
) -> tuple[str, str, Colour, Colour]:
    if paused:
        advice = say("Nothing is measured or stored. Press space to continue.")
        return say("Paused"), advice, LANE, _INK
    if state is None:
        return say("Starting"), say("Look at the camera."), LANE, _INK
    title = advice_now(state.advice)
    if state.advice is not None:
        return title, advice_for(state.advice), _CAUTION, _DARK
    advice = say("Stay as you are. Bursts are counted a few seconds after they end.")
    if state.decided_until_s <= 0:
        advice = say("Look ahead and rest your face; counting begins in a moment.")
    return title, advice, _GOOD, _INK


# --- drawing ------------------------------------------------------------------


@lru_cache(maxsize=512)
def _text(text: str, size_px: int) -> NDArray[np.float32]:
    """Return how much of every pixel a text covers, shape (height, width, 1)."""
    font = ImageFont.load_default(size=size_px)
    _, _, right, bottom = font.getbbox(text)
    image = Image.new("L", (max(int(right), 1), max(int(bottom), 1)))
    ImageDraw.Draw(image).text((0, 0), text, 255, font)
    return (np.asarray(image, np.float32) / 255.0)[..., None]


def _put(
    place: Picture,
    text: str,
    at: tuple[int, int],
    size_px: int,
    colour: Colour = _INK,
    *,
    anchor: str = "la",
) -> None:
    """Write a line; `anchor` as in Pillow: l, m or r for the x that is given."""
    room = place.shape[1] - (at[0] if anchor[0] == "l" else 0)
    while size_px > 12 and _text(text, size_px).shape[1] > room:
        size_px -= 1
    cover = _text(text, size_px)
    height, width = cover.shape[:2]
    x = at[0] - {"l": 0, "m": width // 2, "r": width}[anchor[0]]
    x, y = max(x, 0), at[1]
    part = place[y : y + height, x : x + width]
    cover = cover[: part.shape[0], : part.shape[1]]
    part[:] = (cover * np.array(colour) + (1 - cover) * part).astype(np.uint8)


def _across(
    lane: Picture, time_s: NDArray[np.float64], now_s: float
) -> NDArray[np.float64]:
    """Return the x of moments; now is at the right."""
    share = 1 - (now_s - time_s) / SHOWN_S
    return np.asarray(share * (lane.shape[1] - 1))


def _runs(x: NDArray[np.float64], y: NDArray[np.float64]) -> list[NDArray[np.int32]]:
    """Split a line where it is not measured or leaves the lane to the left."""
    known = np.isfinite(y) & (x >= 0)
    points = np.column_stack([x, np.nan_to_num(y)])
    edges = np.flatnonzero(np.diff(known.astype(np.int8))) + 1
    parts = np.split(np.arange(len(x)), edges)
    return [
        np.rint(points[part]).astype(np.int32)
        for part in parts
        if len(part) > 1 and known[part[0]]
    ]


def _fill(
    lane: Picture,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    base: int,
    side: Side,
) -> None:
    for run in _runs(x, y):
        foot = np.array([[run[-1][0], base], [run[0][0], base]], np.int32)
        cv2.fillPoly(lane, [np.concatenate([run, foot])], RGB[side], cv2.LINE_AA)


def _line(
    lane: Picture, x: NDArray[np.float64], y: NDArray[np.float64], colour: Colour
) -> None:
    for run in _runs(x, y):
        cv2.polylines(lane, [run], False, colour, 2, cv2.LINE_AA)
