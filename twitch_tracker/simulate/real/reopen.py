"""Real one-sided closures: a real blink with one eye kept open.

No eyelid is warped. While both eyes blink, one of them shows its own patch
from the open frame just before, moved with the head and matched in brightness;
the other eye closes as it was filmed. How the patch moves and is joined without
a seam is in `graft`. Frames outside the chosen blinks keep their bytes.

>>> blinks = find_blinks(time_s, meshes)  # doctest: +SKIP
>>> chosen = choose_closures(blinks, seed=1)  # doctest: +SKIP
>>> for image, time_s in reopen(frames, meshes, chosen):  # doctest: +SKIP
...     writer.write(image, time_s)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import BadParameter
from twitch_tracker.records import EpisodeKind, Frame
from twitch_tracker.regions import SIDES, Region, Side
from twitch_tracker.simulate.picture.resampling import Image
from twitch_tracker.simulate.real.graft import EyePatch, Oval
from twitch_tracker.simulate.real.real_blinks import RealBlink
from twitch_tracker.simulate.truth import TruthRow

__all__ = ["RealClosure", "choose_closures", "closure_truth", "reopen"]

MeshPoints = NDArray[np.floating[Any]]

OPEN_EYE: Final = Oval(along=0.86, down=0.62, whole=0.78)
"""Past the corners by a third, so that about 0.7 eye lengths around the middle are
shown whole."""

_FADE: Final = (0.7, 0.35)  # opacity of the patch in the first open frames after


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
    """Return rows of the truth: closures as bursts, the other blinks as blinks.

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
    meshes: Iterable[MeshPoints | None],
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
    patch: EyePatch | None = None
    after = 0
    for index, (frame, mesh) in enumerate(zip(frames, meshes, strict=True)):
        image = frame.image
        item = starts.get(index)
        if item is not None and mesh is not None:
            patch = EyePatch(image, mesh, item.side.other, OPEN_EYE)
            after = item.blink.after
        elif patch is not None and mesh is not None:
            opacity = 1.0 if index < after else _FADE[index - after]
            image = patch.laid_over(image, mesh, opacity)
        if index >= after + len(_FADE) - 1:
            patch = None
        yield image, frame.time_s
