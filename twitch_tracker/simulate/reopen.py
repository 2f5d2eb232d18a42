"""Real one-sided closures: a real blink with one eye kept open.

No eyelid is warped. While both eyes blink, one of them shows its own patch
from the open frame just before, moved with the head and matched in brightness;
the other eye closes as it was filmed. The patch is moved by a similarity fitted
on the eye's corners, the brow and the root of the nose, refined on the pixels
around the eye (`register`), and joined without a seam
by a membrane over the difference at its rim (as in Poisson image editing:
Perez et al. 2003). Frames outside the chosen blinks keep their bytes.

>>> blinks = find_blinks(time_s, meshes)  # doctest: +SKIP
>>> chosen = choose_closures(blinks, seed=1)  # doctest: +SKIP
>>> for image, time_s in reopen(frames, meshes, chosen):  # doctest: +SKIP
...     writer.write(image, time_s)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import BadParameter
from twitch_tracker.records import EpisodeKind, Frame
from twitch_tracker.regions import (
    BROW,
    EYE_CORNERS,
    LOWER_LID,
    SIDES,
    UPPER_LID,
    Region,
    Side,
)
from twitch_tracker.simulate.real_blinks import RealBlink
from twitch_tracker.simulate.register import register
from twitch_tracker.simulate.resampling import Field, Image, blur, smoothstep
from twitch_tracker.simulate.skin import fill_from_surroundings
from twitch_tracker.simulate.truth import TruthRow

__all__ = ["RealClosure", "choose_closures", "closure_truth", "reopen"]

Mesh = NDArray[np.floating[Any]]

_ALONG: Final = 0.86
"""Half axis of the patch along the eye, in eye widths: past the corners by a third,
so that about 0.7 eye lengths around the middle are shown whole."""
_DOWN: Final = 0.62
_WHOLE: Final = 0.78  # share of the half axes within which only the patch shows
_MARGIN: Final = 1.3  # size of the working block, in half axes
_FADE: Final = (0.7, 0.35)  # opacity of the patch in the first open frames after
_NOSE: Final = (168, 6, 197, 122, 351, 193, 417, 9, 8)


@dataclass(frozen=True, kw_only=True)
class RealClosure:
    """A real blink of which only one eye's closure is kept.

    Attributes
    ----------
    blink : RealBlink
        The blink as filmed.
    side : Side
        The subject's own side that closes; the other one is re-opened.
    """

    blink: RealBlink
    side: Side


def choose_closures(
    blinks: Sequence[RealBlink],
    *,
    seed: int,
    side: Side | str | None = None,
    share: float = 1.0,
) -> tuple[RealClosure, ...]:
    """Choose which blinks become one-sided, and on which side.

    Parameters
    ----------
    blinks : sequence of RealBlink
        From `find_blinks`; those that are not steady are left as they are.
    seed : int
        Where all randomness comes from.
    side : Side or str, optional
        The side that closes; drawn for each blink by default.
    share : float
        Share of the steady blinks to take, 0 to 1.

    Raises
    ------
    BadParameter
        If `share` is outside 0 to 1 or `side` is none.
    """
    if not 0.0 <= share <= 1.0:
        raise BadParameter("share", "a number from 0 to 1", share)
    if side is not None and side not in tuple(Side):
        raise BadParameter("side", "left or right", side)
    rng = np.random.default_rng([seed, 4])
    chosen = []
    for blink in blinks:
        drawn, where = rng.uniform(), SIDES[int(rng.integers(len(SIDES)))]
        if blink.steady and drawn < share:
            where = where if side is None else Side(side)
            chosen.append(RealClosure(blink=blink, side=where))
    return tuple(chosen)


def closure_truth(
    blinks: Sequence[RealBlink], closures: Sequence[RealClosure]
) -> tuple[TruthRow, ...]:
    """Rows of the truth: closures as bursts, the other blinks as blinks.

    Onset and offset are those of the eye that closes (of a blink: of the
    earlier and the later eye), where its closure crosses `real_blinks.EDGE`.
    `closure` and `excursion_mm` are what the mesh shows, which is less than
    what the lid does.
    """
    taken = {id(item.blink) for item in closures}
    rows = [_burst_row(item) for item in closures]
    rows += [_blink_row(blink) for blink in blinks if id(blink) not in taken]
    return tuple(sorted(rows, key=lambda row: (row.onset_s, row.offset_s)))


def _burst_row(item: RealClosure) -> TruthRow:
    span, column = item.blink.span(item.side), SIDES.index(item.side)
    return TruthRow(
        onset_s=round(span.start_s, 4),
        offset_s=round(span.end_s, 4),
        duration_s=round(span.duration_s, 4),
        side=item.side.value,
        regions=Region.EYELID.value,
        lead_region=Region.EYELID.value,
        kind=EpisodeKind.CLONIC.value,
        contractions=1,
        excursion_mm=round(item.blink.aperture_mm_drop[column], 3),
        asymmetry=1.0,
        reasons="real closure with the other eye re-opened",
        event="spasm",
        closure=round(item.blink.closure[column], 3),
    )


def _blink_row(blink: RealBlink) -> TruthRow:
    start = min(span.start_s for span in blink.spans)
    end = max(span.end_s for span in blink.spans)
    return TruthRow(
        onset_s=round(start, 4),
        offset_s=round(end, 4),
        duration_s=round(end - start, 4),
        regions=Region.EYELID.value,
        excursion_mm=round(max(blink.aperture_mm_drop), 3),
        reasons="as filmed",
        event="blink",
        closure=round(max(blink.closure), 3),
    )


def reopen(
    frames: Iterable[Frame],
    meshes: Iterable[Mesh | None],
    closures: Sequence[RealClosure],
) -> Iterator[tuple[Image, float]]:
    """Play a video with one eye kept open during the chosen blinks.

    Parameters
    ----------
    frames : Iterable of Frame
        The video, from the frame on that the blinks' places count from.
    meshes : Iterable of NDArray or None
        The subject's mesh of each frame, shape (478, 3), in the same order.
    closures : sequence of RealClosure
        What to keep, in order of time and not overlapping.

    Yields
    ------
    tuple of NDArray[np.uint8] and float
        Picture and its time in seconds.
    """
    starts = {item.blink.before: item for item in closures}
    patch: _Patch | None = None
    after = 0
    for index, (frame, mesh) in enumerate(zip(frames, meshes, strict=True)):
        image = frame.image
        item = starts.get(index)
        if item is not None and mesh is not None:
            patch = _Patch(image, mesh, item.side.other)
            after = item.blink.after
        elif patch is not None and mesh is not None:
            opacity = 1.0 if index < after else _FADE[index - after]
            image = patch.laid_over(image, mesh, opacity)
        if index >= after + len(_FADE) - 1:
            patch = None
        yield image, frame.time_s


class _Patch:
    """An open eye with its surroundings, ready to be laid over later frames."""

    def __init__(self, image: Image, mesh: Mesh, side: Side) -> None:
        self.image = image
        self.side = side
        self.anchors = _anchors(mesh, side)
        self.centre, self.along, self.width = _eye_frame(mesh, side)

    def laid_over(self, image: Image, mesh: Mesh, opacity: float) -> Image:
        """Return a picture with the eye shown open in it."""
        block = self._block(image, mesh)
        if block is None:
            return image
        box, radius = block
        there = image[box].astype(np.float32)
        move = self._motion(mesh)
        move = _refined(self.image, there, box, move, radius)
        patch = _moved(self.image, box, move)
        rim = smoothstep((radius - _WHOLE) / 0.15)
        # The membrane knows the difference outside and is smooth inside.
        difference = fill_from_surroundings(blur(there - patch, 1.2), rim)
        shown = patch + blur(difference, 2.0)
        weight = opacity * smoothstep((1.0 - radius) / (1.0 - _WHOLE))[..., None]
        out = image.copy()
        mixed = there + weight * (shown - there)
        out[box] = np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
        return out

    def _motion(self, mesh: Mesh) -> NDArray[np.float64]:
        """Similarity from this patch's picture to a later one, shape (2, 3)."""
        now = _anchors(mesh, self.side)
        return _similarity(self.anchors, now)

    def _block(
        self, image: Image, mesh: Mesh
    ) -> tuple[tuple[slice, slice], Field] | None:
        """Working block in a later picture and the elliptic radius in it."""
        move = self._motion(mesh)
        centre = move[:, :2] @ self.centre + move[:, 2]
        along = move[:, :2] @ self.along
        width = self.width * float(np.hypot(*along))
        along = along / max(float(np.hypot(*along)), 1e-9)
        reach = _MARGIN * _ALONG * width
        height, columns = image.shape[:2]
        x0, y0 = np.maximum(np.floor(centre - reach).astype(int), 0)
        x1 = min(int(np.ceil(centre[0] + reach)) + 1, columns)
        y1 = min(int(np.ceil(centre[1] + reach)) + 1, height)
        if x1 - x0 < 8 or y1 - y0 < 8:
            return None
        y, x = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        first = (x - centre[0]) * along[0] + (y - centre[1]) * along[1]
        second = (y - centre[1]) * along[0] - (x - centre[0]) * along[1]
        radius = np.hypot(first / (_ALONG * width), second / (_DOWN * width))
        box = (slice(int(y0), y1), slice(int(x0), x1))
        return box, np.asarray(radius, dtype=np.float32)


def _eye_frame(
    mesh: Mesh, side: Side
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Middle of the patch, direction along the eye, width of the eye."""
    outer, inner = (np.asarray(mesh[p, :2], dtype=float) for p in EYE_CORNERS[side])
    lids = np.asarray(mesh[[*UPPER_LID[side], *LOWER_LID[side]], :2], dtype=float)
    along = inner - outer
    width = max(float(np.hypot(*along)), 2.0)
    centre = 0.5 * (lids.mean(axis=0) + 0.5 * (outer + inner))
    up = np.array([along[1], -along[0]]) / width
    if up[1] > 0:
        up = -up
    # The lid's skin reaches higher above the eye than below it.
    return centre + 0.06 * width * up, along / width, width


def _anchors(mesh: Mesh, side: Side) -> NDArray[np.float64]:
    """Points that go with the skull around one eye, shape (k, 2)."""
    corners = [*EYE_CORNERS[side], *EYE_CORNERS[side.other]]
    return np.asarray(mesh[[*corners, *BROW[side], *_NOSE], :2], dtype=np.float64)


def _similarity(
    first: NDArray[np.float64], second: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Least-squares similarity between point sets (Umeyama 1991), shape (2, 3)."""
    a, b = first - first.mean(axis=0), second - second.mean(axis=0)
    size = max(float((a * a).sum()), 1e-9)
    cos = float((a * b).sum()) / size
    sin = float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / size
    turn = np.array([[cos, -sin], [sin, cos]])
    shift = second.mean(axis=0) - turn @ first.mean(axis=0)
    return np.column_stack([turn, shift])


def _moved(image: Image, box: tuple[slice, slice], move: NDArray[np.float64]) -> Field:
    """Part `box` of a picture after a motion, shape (h, w, 3)."""
    rows, columns = box
    size = (columns.stop - columns.start, rows.stop - rows.start)
    local = move.copy()
    local[:, 2] -= [columns.start, rows.start]
    shown = cv2.warpAffine(
        image, local, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(shown, dtype=np.float32)


def _refined(
    image: Image,
    there: Field,
    box: tuple[slice, slice],
    move: NDArray[np.float64],
    radius: Field,
) -> NDArray[np.float64]:
    """Correct a motion by what the pixels around the eye show.

    The correction is refused where it does not exist or exceeds a tenth of the
    block: then the mesh knows better.
    """
    around = smoothstep((radius - 0.75) / 0.15)
    first = _moved(image, box, move).mean(axis=2)
    size = max(first.shape)
    step = register(first, there.mean(axis=2), around, (0.025 * size, 0.012 * size))
    if step is None:
        return move
    corners = np.array([[0, 0, 1], [first.shape[1], first.shape[0], 1]], dtype=float)
    off = float(np.abs(corners @ step.T - corners[:, :2]).max())
    if not off < 0.1 * size:
        return move
    shift = np.eye(3)
    shift[:2, 2] = [box[1].start, box[0].start]
    back = np.linalg.inv(np.vstack([step, [0, 0, 1]]))
    whole = shift @ back @ np.linalg.inv(shift) @ np.vstack([move, [0, 0, 1]])
    return np.asarray(whole[:2])
