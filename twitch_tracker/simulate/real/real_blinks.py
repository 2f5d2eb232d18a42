"""Blinks that really happened in a video, found from its meshes alone.

Knows the aperture of each eye as a share of what is usual around that moment. Note: the
face mesh follows a closing lid only in part, so that a complete blink leaves a relative
aperture of 0.3 to 0.6; `RealBlink.closure` is what the mesh shows, not what the lid
did. Only made for choosing blinks to re-open (`reopen`); it is no detector and prefers
to miss one.

>>> blinks = find_blinks(time_s, meshes)  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import BadShape
from twitch_tracker.regions import EYE_CORNERS, IRIS, LOWER_LID, SIDES, UPPER_LID, Side
from twitch_tracker.timebase import Interval

__all__ = ["EDGE", "RealBlink", "find_blinks", "relative_aperture"]

MeshPoints = NDArray[np.floating[Any]]

EDGE: Final = 0.15
"""Onset and offset are where an eye's closure crosses this share of its peak. A
tenth, as in drawn truth, would be within the noise of the mesh."""

_AROUND_S: Final = 1.5  # the usual aperture is taken over this to both sides
_USUAL: Final = 70.0  # percentile that stands for the open eye
_LEAST: Final = 0.4  # closure that both eyes must reach
_MOST_S: Final = 0.6  # longer closures are no blinks (0.2 % of normal ones are)
_LEAST_S: Final = 0.08
_OPEN: Final = 0.2  # both eyes are open where their closure is below this
_SEARCH_S: Final = 0.35  # how far from the trough the open frames may be
_GAZE: Final = 0.1  # the iris may have moved by this share of the eye's width
_FAR_EYE: Final = 0.5  # least width of the farther eye over that of the nearer
_HEAD: Final = 0.2  # the head may move by this share of the interocular distance


@dataclass(frozen=True, kw_only=True)
class RealBlink:
    """One blink of both eyes.

    Attributes
    ----------
    spans : tuple of Interval
        Closure of each eye, in the order of `regions.SIDES`.
    closure : tuple of float
        Deepest closure of each eye as the mesh shows it, 0 to 1.
    aperture_mm_drop : tuple of float
        The same in millimetres.
    before, after : int
        Places of the last open frame before and the first one after.
    steady : bool
        Whether both eyes can be seen, and head and gaze are alike in those two,
        so that an eye can be re-opened without a jump.
    """

    spans: tuple[Interval, Interval]
    closure: tuple[float, float]
    aperture_mm_drop: tuple[float, float]
    before: int
    after: int
    steady: bool

    def span(self, side: Side) -> Interval:
        """Return the closure of one eye."""
        return self.spans[SIDES.index(side)]


def _stack(meshes: Sequence[MeshPoints | None]) -> NDArray[np.float64]:
    """Return one array of meshes, NaN where there is none; shape (n, 478, 3)."""
    missing = np.full((478, 3), np.nan)
    return np.array([missing if m is None else m for m in meshes], dtype=np.float64)


def _aspect(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the height over width of each eye, shape (n, sides)."""
    columns = []
    for side in SIDES:
        upper = points[:, list(UPPER_LID[side]), :2]
        lower = points[:, list(LOWER_LID[side]), :2]
        height = np.linalg.norm(upper - lower, axis=2).mean(axis=1)
        columns.append(height / _eye_width(points, side))
    return np.stack(columns, axis=1)


def _eye_width(points: NDArray[np.float64], side: Side) -> NDArray[np.float64]:
    outer, inner = EYE_CORNERS[side]
    width = np.linalg.norm(points[:, outer, :2] - points[:, inner, :2], axis=1)
    return np.asarray(np.maximum(width, 1e-6))


def relative_aperture(
    time_s: NDArray[np.float64], meshes: Sequence[MeshPoints | None]
) -> NDArray[np.float64]:
    """Return the aperture of each eye over what is usual around that moment.

    Parameters
    ----------
    time_s : NDArray[np.float64]
        Frame times, shape (n,).
    meshes : sequence of NDArray or None
        One mesh of shape (478, 3) or None per frame.

    Returns
    -------
    NDArray[np.float64]
        Shape (n, sides); about 1 open, NaN without a face.

    Raises
    ------
    BadShape
        If there are not as many meshes as times.
    """
    if len(time_s) != len(meshes):
        raise BadShape("meshes", f"({len(time_s)},)", (len(meshes),))
    if len(time_s) == 0:
        return np.zeros((0, len(SIDES)))
    aspect = _aspect(_stack(meshes))
    usual = np.full_like(aspect, np.nan)
    seen = np.isfinite(aspect).all(axis=1)
    for index in np.flatnonzero(seen):
        near = seen & (np.abs(time_s - time_s[index]) <= _AROUND_S)
        usual[index] = np.percentile(aspect[near], _USUAL, axis=0)
    return np.asarray(aspect / np.maximum(usual, 1e-6))


def find_blinks(
    time_s: NDArray[np.float64], meshes: Sequence[MeshPoints | None]
) -> tuple[RealBlink, ...]:
    """Find blinks of both eyes; parameters as for `relative_aperture`.

    Returns
    -------
    tuple of RealBlink
        In order, not overlapping: both eyes close by at least 40 % (as the
        mesh shows it) within a frame of each other, for 0.08 to 0.6 s, with an
        open frame on both sides.
    """
    closure = 1.0 - relative_aperture(time_s, meshes)
    if len(closure) < 5:
        return ()
    points = _stack(meshes)
    both = closure.min(axis=1)
    found: list[RealBlink] = []
    free_from = 0
    for trough in _troughs(both):
        if trough < free_from:
            continue
        blink = _blink_at(trough, time_s, closure, points)
        if blink is not None and blink.before >= free_from:
            found.append(blink)
            free_from = blink.after
    return tuple(found)


def _troughs(both: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return frames where the less closed eye is closed most, in order of time."""
    inner = np.nan_to_num(both[1:-1], nan=-1.0)
    left, right = (np.nan_to_num(part, nan=-1.0) for part in (both[:-2], both[2:]))
    top = (inner >= left) & (inner > right) & (inner >= _LEAST)
    return np.flatnonzero(top) + 1


def _blink_at(
    trough: int,
    time_s: NDArray[np.float64],
    closure: NDArray[np.float64],
    points: NDArray[np.float64],
) -> RealBlink | None:
    """Measure the blink around one trough; None when it is none."""
    before = _open_frame(trough, -1, time_s, closure)
    after = _open_frame(trough, +1, time_s, closure)
    if before is None or after is None:
        return None
    inside = slice(before, after + 1)
    peaks = closure[inside].max(axis=0)
    tops = before + closure[inside].argmax(axis=0)
    found = (
        _span(int(tops[k]), float(peaks[k]), time_s, closure[:, k]) for k in range(2)
    )
    spans = [span for span in found if span is not None]
    if len(spans) < len(SIDES):
        return None
    lengths = [span.duration_s for span in spans]
    if min(lengths) < _LEAST_S or max(lengths) > _MOST_S:
        return None
    # A second dip before the eye is really open belongs to the same blink.
    start = min(span.start_s for span in spans)
    end = max(span.end_s for span in spans)
    before = min(before, max(int(np.searchsorted(time_s, start, "right")) - 1, 0))
    after = max(after, int(np.searchsorted(time_s, end)))
    after = min(after, len(time_s) - 1)
    open_mm = _aspect(points[[before]])[0] * _eye_width_mm(points[[before]])
    drop = peaks * open_mm
    return RealBlink(
        spans=(spans[0], spans[1]),
        closure=(float(peaks[0]), float(peaks[1])),
        aperture_mm_drop=(float(drop[0]), float(drop[1])),
        before=before,
        after=after,
        steady=_steady(points[before], points[after]),
    )


def _open_frame(
    trough: int, step: int, time_s: NDArray[np.float64], closure: NDArray[np.float64]
) -> int | None:
    """Return the first frame from the trough in one direction with both eyes open."""
    index = trough + step
    while 0 <= index < len(time_s):
        if abs(time_s[index] - time_s[trough]) > _SEARCH_S:
            return None
        if not np.isfinite(closure[index]).all():
            return None
        if (closure[index] < _OPEN).all():
            return index
        index += step
    return None


def _span(
    top: int, peak: float, time_s: NDArray[np.float64], closure: NDArray[np.float64]
) -> Interval | None:
    """Return where one eye's closure crosses `EDGE` of its peak, between the frames.

    None where the face is lost before that.
    """
    times = []
    for step in (-1, 1):
        index = top
        while 0 < index < len(time_s) - 1 and closure[index] > EDGE * peak:
            index += step
        inner, outer = closure[index - step], closure[index]
        share = (inner - EDGE * peak) / max(inner - outer, 1e-9)
        if not np.isfinite(share):
            return None
        gone = float(np.clip(share, 0.0, 1.0))
        times.append(
            time_s[index - step] + gone * (time_s[index] - time_s[index - step])
        )
    return Interval(start_s=float(times[0]), end_s=float(times[1]))


def _steady(first: NDArray[np.float64], last: NDArray[np.float64]) -> bool:
    """Return whether head and gaze are alike in two meshes."""
    io = float(np.linalg.norm(first[33] - first[263]))
    nose = np.linalg.norm((last - first)[[168, 6, 197], :2], axis=1).mean()
    gaze = max(
        float(np.linalg.norm(_iris_place(last, s) - _iris_place(first, s)))
        for s in SIDES
    )
    widths = [float(_eye_width(first[None], s)[0]) for s in SIDES]
    frontal = min(widths) > _FAR_EYE * max(widths)
    return bool(nose < _HEAD * io and gaze < _GAZE and frontal)


def _iris_place(mesh: NDArray[np.float64], side: Side) -> NDArray[np.float64]:
    """Return iris centre in its eye's own frame, in eye widths."""
    outer, inner = (mesh[p, :2] for p in EYE_CORNERS[side])
    along = inner - outer
    offset = mesh[IRIS[side][0], :2] - outer
    across = np.array([-along[1], along[0]])
    return np.array([offset @ along, offset @ across]) / max(float(along @ along), 1e-6)


def _eye_width_mm(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return width of each eye in millimetres by its iris (11.7 mm), shape (sides,)."""
    from twitch_tracker.simulate.picture.geometry import IRIS_MM

    widths = []
    for side in SIDES:
        _, east, _, west, _ = IRIS[side]
        iris = np.linalg.norm(points[:, east, :2] - points[:, west, :2], axis=1)
        widths.append(IRIS_MM * _eye_width(points, side) / np.maximum(iris, 1e-6))
    return np.asarray(np.stack(widths, axis=1)[0])
