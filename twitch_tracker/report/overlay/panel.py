"""The panel beside or below the face: what was measured at this moment.

One row per region. On its left are two bars as seen on the screen: the person's
right side grows to the viewer's left, the left side to the viewer's right, as on
the face. On its right is the movement of the last and next seconds, right side
upward, left side downward, with the present moment as a white line.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from twitch_tracker import units
from twitch_tracker.language import say, uncapitalised
from twitch_tracker.records import Episode, Session
from twitch_tracker.regions import REGIONS, SIDES, Region, Side
from twitch_tracker.report.overlay.face import RGB
from twitch_tracker.wording.recording import quality_in_words
from twitch_tracker.wording.terms import region_name, side_name

__all__ = ["GROUND", "LANE", "Panel", "active_at", "banner_of", "choose_layout"]

BEFORE_S: Final = 4.0
AFTER_S: Final = 2.0
"""Stretch of the small timeline around the present moment."""

GROUND: Final = (20, 24, 29)
LANE: Final = (38, 46, 55)
_INK: Final = (236, 240, 244)
_QUIET: Final = (176, 186, 196)
_GAP: Final = (82, 88, 96)
_CAUTION: Final = (244, 214, 110)
_BARS_END: Final = 0.46
"""Share of the panel's width taken by names and bars."""
_NAME_HALF: Final = 0.095
_LETTER_WIDE: Final = 38
_LETTER_TALL: Final = 30
"""Height of the text: this share of the width of a lying or standing panel."""


def choose_layout(width_px: int, height_px: int) -> tuple[int, int, bool]:
    """Return the size of the panel and whether it stands beside the picture.

    Returns
    -------
    tuple of (int, int, bool)
        Width and height of the panel; True when it stands to the right of an
        upright picture, False when it lies below.
    """
    if height_px > 1.2 * width_px:
        return max(width_px, 320), height_px, True
    return width_px, round(max(0.36 * width_px, 150)), False


def banner_of(session: Session, time_s: float) -> tuple[str, Side | None]:
    """Return the line of text for a moment, and the side that colours it."""
    for number, episode in enumerate(session.episodes, start=1):
        if episode.span.start_s <= time_s < episode.span.end_s:
            text = say(
                "{side} burst {number}: {regions}",
                side=side_name(episode.side).upper(),
                number=number,
                regions=" + ".join(map(region_name, episode.regions)),
            )
            return text, episode.side
    if any(blink.span.start_s <= time_s < blink.span.end_s for blink in session.blinks):
        return say("Blink of both eyes"), None
    return "", None


@cache
def _font(size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size_px)


@dataclass(frozen=True, kw_only=True)
class _RegionRow:
    """Where one region is drawn, in pixels."""

    region: Region
    top: int
    bottom: int

    @property
    def middle(self) -> int:
        """Height of the zero line."""
        return (self.top + self.bottom) // 2


class Panel:
    """Draws the panel of one session at any moment.

    Parameters
    ----------
    session : Session
        The analysed recording.
    width_px, height_px : int
        Size of the panel.
    """

    def __init__(self, session: Session, width_px: int, height_px: int) -> None:
        """Prepare what does not change from picture to picture."""
        self._session = session
        self._width, self._height = width_px, height_px
        tall = height_px > width_px
        self._size = max(width_px // (_LETTER_TALL if tall else _LETTER_WIDE), 9)
        head = round(2.9 * self._size)
        foot = round(1.9 * self._size)
        space = (height_px - head - foot) // len(REGIONS)
        self._rows = tuple(
            _RegionRow(
                region=region,
                top=head + place * space + space // 12,
                bottom=head + (place + 1) * space - space // 12,
            )
            for place, region in enumerate(REGIONS)
        )
        self._foot = head + len(REGIONS) * space
        self._left = round(_BARS_END * width_px)
        self._right = width_px - self._size // 2
        motion = session.motion
        self._position = motion.scores["position_io"].values
        self._tops = _full_scales(self._position, motion.usable, 0.01)
        self._score = motion.scores["one_sided"].values
        self._score_top = max(float(_full_scales(self._score, motion.usable, 10).max()), 10)  # fmt: skip
        self._still = self._draw_still()

    def at(self, index: int, time_s: float) -> NDArray[np.uint8]:
        """Return the panel at one frame.

        Parameters
        ----------
        index : int
            Frame of ``session.motion``; negative for a frame that is not in it.
        time_s : float
            Its presentation time.

        Returns
        -------
        NDArray[np.uint8]
            RGB, shape (height, width, 3).
        """
        panel = self._still.copy()
        if index >= 0:
            self._draw_bars(panel, index)
        self._draw_lanes(panel, time_s)
        return self._draw_words(panel, index, time_s)

    # --- once -----------------------------------------------------------------

    def _draw_still(self) -> NDArray[np.uint8]:
        """Draw names and grounds."""
        image = Image.new("RGB", (self._width, self._height), GROUND)
        pen = ImageDraw.Draw(image)
        small = _font(max(round(0.82 * self._size), 9))
        centre = self._left // 2
        for row in self._rows:
            pen.rectangle((self._left, row.top, self._right, row.bottom), fill=LANE)
            name = region_name(row.region)
            pen.text((centre, row.middle), name, _INK, small, anchor="mm")
        y = self._foot + round(0.7 * self._size)
        half = round(_NAME_HALF * self._width)
        for side, x, anchor in (
            (Side.RIGHT, centre - half, "ra"),
            (Side.LEFT, centre + half, "la"),
        ):
            label = say("{side} side", side=side_name(side))
            pen.text((x, y), label, RGB[side], small, anchor=anchor)
        pen.text((centre, y), say("one-sided"), _QUIET, small, anchor="ma")
        legend = say("movement: right up, left down")
        pen.text((self._right, y), legend, _QUIET, small, anchor="ra")
        return np.asarray(image)

    # --- every frame ------------------------------------------------------------

    def _draw_bars(self, panel: NDArray[np.uint8], index: int) -> None:
        centre, half = self._left // 2, round(_NAME_HALF * self._width)
        reach = centre - half - self._size // 2
        for row in self._rows:
            thick = max(min((row.bottom - row.top) // 4, self._size), 2)
            top, bottom = row.middle - thick, row.middle + thick
            for side, sign in ((Side.RIGHT, -1), (Side.LEFT, 1)):
                start = centre + sign * half
                _box(panel, start, start + sign * reach, top, bottom, LANE)
                where = REGIONS.index(row.region), SIDES.index(side)
                score = float(self._score[index, where[0], where[1]])
                if np.isfinite(score) and score > 0:
                    share = min(score / self._score_top, 1.0)
                    end = start + sign * round(share * reach)
                    _box(panel, start, end, top, bottom, RGB[side])

    def _x_of(self, time_s: float, now_s: float) -> int:
        share = (time_s - now_s + BEFORE_S) / (BEFORE_S + AFTER_S)
        share = min(max(share, 0.0), 1.0)
        return round(self._left + share * (self._right - self._left))

    def _draw_lanes(self, panel: NDArray[np.uint8], now_s: float) -> None:
        times = self._session.motion.time_s
        first, last = np.searchsorted(times, [now_s - BEFORE_S, now_s + AFTER_S])
        for row in self._rows:
            self._draw_gaps(panel, row, now_s)
            self._draw_bands(panel, row, now_s)
            self._draw_traces(panel, row, slice(int(first), int(last)), now_s)
        self._draw_blinks(panel, now_s)
        x = self._x_of(now_s, now_s)
        width = max(self._width // 500, 1)
        top, bottom = self._rows[0].top, self._rows[-1].bottom
        cv2.line(panel, (x, top), (x, bottom), (255, 255, 255), width)

    def _draw_gaps(
        self, panel: NDArray[np.uint8], row: _RegionRow, now_s: float
    ) -> None:
        for gap in self._session.excluded:
            x0 = self._x_of(gap.span.start_s, now_s)
            x1 = self._x_of(gap.span.end_s, now_s)
            if x1 > x0:
                _box(panel, x0, x1, row.top, row.bottom, _GAP)

    def _draw_bands(
        self, panel: NDArray[np.uint8], row: _RegionRow, now_s: float
    ) -> None:
        for episode in self._session.episodes:
            if row.region not in episode.regions:
                continue
            x0 = self._x_of(episode.span.start_s, now_s)
            x1 = self._x_of(episode.span.end_s, now_s)
            if x1 <= x0:
                continue
            upper = episode.side is Side.RIGHT
            top, bottom = (row.top, row.middle) if upper else (row.middle, row.bottom)
            dim = tuple(
                (3 * ground + ink) // 4
                for ground, ink in zip(LANE, RGB[episode.side], strict=True)
            )
            _box(panel, x0, x1, top, bottom, dim)

    def _draw_traces(
        self, panel: NDArray[np.uint8], row: _RegionRow, part: slice, now_s: float
    ) -> None:
        region = REGIONS.index(row.region)
        half = (row.bottom - row.top) / 2
        times = self._session.motion.time_s[part]
        share = (times - now_s + BEFORE_S) / (BEFORE_S + AFTER_S)
        x = self._left + share * (self._right - self._left)
        for side, sign in ((Side.RIGHT, -1), (Side.LEFT, 1)):
            values = self._position[part, region, SIDES.index(side)]
            height = np.clip(values / self._tops[region], 0, 1) * half
            usable = np.isfinite(values) & self._session.motion.usable[part]
            for run in _runs(usable):
                line = np.column_stack([x[run], row.middle + sign * height[run]])
                base = [[x[run][-1], row.middle], [x[run][0], row.middle]]
                shape = np.rint(np.concatenate([line, base])).astype(np.int32)
                cv2.fillPoly(panel, [shape], RGB[side], cv2.LINE_AA)

    def _draw_blinks(self, panel: NDArray[np.uint8], now_s: float) -> None:
        size = max(self._size // 4, 2)
        y = self._foot + size // 2
        for blink in self._session.blinks:
            if -AFTER_S < now_s - blink.span.middle_s < BEFORE_S:
                x = self._x_of(blink.span.middle_s, now_s)
                tip = np.array([[x, y - size], [x - size, y + size], [x + size, y + size]])  # fmt: skip
                cv2.fillPoly(panel, [tip.astype(np.int32)], _INK, cv2.LINE_AA)

    def _draw_words(
        self, panel: NDArray[np.uint8], index: int, time_s: float
    ) -> NDArray[np.uint8]:
        """Write the time code, and the burst or why nothing is measured."""
        head_px = self._rows[0].top
        head = Image.fromarray(panel[:head_px])
        pen = ImageDraw.Draw(head)
        font, margin = _font(self._size), self._size // 2
        pen.text((margin, margin), units.clock(time_s, 3), _INK, font)
        text, side = banner_of(self._session, time_s)
        colour = _INK
        if side is not None:
            top = head_px - round(1.5 * self._size)
            pen.rectangle((0, top, self._width, head_px), fill=RGB[side])
            colour = (0, 0, 0)
        elif not text:
            text, colour = self._why_not(index), _CAUTION
        place = (margin, head_px - round(0.75 * self._size))
        pen.text(place, text, colour, font, anchor="lm")
        panel[:head_px] = np.asarray(head)
        return panel

    def _why_not(self, index: int) -> str:
        motion = self._session.motion
        if index < 0:
            return say("not analysed")
        if motion.usable[index]:
            return ""
        reasons = motion.reasons[index]
        if not reasons:
            return say("not measured")
        return say(
            "not measured: {why}", why=uncapitalised(quality_in_words(reasons[0]))
        )


def active_at(session: Session, time_s: float) -> set[tuple[Region, Side]]:
    """Return the regions and sides that are in a burst at a moment."""

    def now(episode: Episode) -> bool:
        return episode.span.start_s <= time_s < episode.span.end_s

    return {
        (region, episode.side)
        for episode in session.episodes
        if now(episode)
        for region in episode.regions
    }


def _full_scales(
    values: NDArray[np.float32], usable: NDArray[np.bool_], least: float
) -> NDArray[np.float64]:
    """Return what fills a lane of each region: its 99.8th percentile, both sides."""
    tops = np.full(len(REGIONS), least)
    for place in range(len(REGIONS)):
        seen = values[usable, place, :]
        seen = seen[np.isfinite(seen)]
        if seen.size:
            tops[place] = max(float(np.percentile(seen, 99.8)), least)
    return tops


def _runs(mask: NDArray[np.bool_]) -> list[slice]:
    """Return the stretches of True as slices."""
    steps = np.diff(np.concatenate([[0], mask.astype(np.int8), [0]]))
    starts, stops = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    return [slice(int(a), int(b)) for a, b in zip(starts, stops, strict=True)]


def _box(
    panel: NDArray[np.uint8],
    x0: int,
    x1: int,
    top: int,
    bottom: int,
    colour: tuple[int, ...],
) -> None:
    """Fill a rectangle whose two x may come in any order."""
    low, high = sorted((x0, x1))
    panel[top:bottom, low:high] = colour
