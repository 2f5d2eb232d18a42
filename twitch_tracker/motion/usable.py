"""Which frames may be measured: the frame's own quality, and how fast the head turns.

While the head turns fast the mesh lags behind it on the far side, which looks exactly
like a one-sided movement. After a cut the face is elsewhere in another light, and what
it looks like at rest there is not known at once. Nothing is known of time that nobody
saw (`timing`). Such moments are not judged and not counted as analysable.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.motion.recorder import RawMotion
from twitch_tracker.motion.timing import fresh_step_s, frozen, too_few
from twitch_tracker.records import QualityReason
from twitch_tracker.regions import REGIONS, Region

__all__ = ["same_of", "unseen_regions", "usable_reasons"]

TURN_DEG: Final = 15.0
TURN_WITHIN_S: Final = 0.25
"""A turn or nod of more than 15 degrees within a quarter of a second is not judged:
at such speeds (60 degrees a second) the mesh trails behind the face."""

SETTLE_S: Final = 0.5
"""Not judged for this long after a cut or a picture that stood still: a posture that the cut brought in would
look like an abrupt movement, and only what follows separates a burst from it."""


MASK_AROUND_S: Final = 2.0
"""A mask and dark glasses are worn for longer; a hand that passes, lips pressed or eyes
shaded for a moment are not."""


def usable_reasons(raw: RawMotion) -> tuple[tuple[QualityReason, ...], ...]:
    """Add reasons to each frame that only its neighbours show.

    Parameters
    ----------
    raw : RawMotion
        What was recorded.

    Returns
    -------
    tuple of tuple of QualityReason
        One a frame; empty for a usable frame. A frame without a mesh always
        has a reason.
    """
    hasty = _fast_turn(raw.pose_deg, raw.time_s)
    still = frozen(raw.time_s, same_of(raw))
    unsettled = _after_cut(raw.time_s, (*raw.cuts_s, *_ends_s(raw.time_s, still)))
    slow = too_few(fresh_step_s(raw.time_s, same_of(raw))) & ~still
    unseen = ~np.isfinite(raw.points_px[:, 0, 0])
    glasses = _worn(raw.eyes_hidden, raw.time_s) & ~unseen
    unsaid = unseen & np.array([not r for r in raw.reasons], bool)
    added = (
        (QualityReason.FAST_TURN, hasty),
        (QualityReason.NO_BASELINE, unsettled),
        (QualityReason.FROZEN, still),
        (QualityReason.TOO_FEW_PICTURES, slow),
        (QualityReason.NO_FACE, unsaid),
        (QualityReason.EYES_COVERED, glasses),
    )
    return tuple(
        (*said, *(new for new, mask in added if mask[frame] and new not in said))
        for frame, said in enumerate(raw.reasons)
    )


def unseen_regions(raw: RawMotion) -> NDArray[np.bool_]:
    """Mark which regions could not be seen: outside the picture, or behind a mask.

    Parameters
    ----------
    raw : RawMotion
        What was recorded.

    Returns
    -------
    NDArray[np.bool_]
        Shape (n, regions). Mouth corner and cheek count as covered where a mask hid the
        lips for most of the time within `MASK_AROUND_S`.
    """
    unseen = raw.unseen.copy()
    covered = _worn(raw.lips_hidden, raw.time_s)
    for region in (Region.MOUTH_CORNER, Region.CHEEK):
        unseen[:, REGIONS.index(region)] |= covered
    return unseen


def _worn(
    hidden: NDArray[np.bool_] | None, time_s: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Mark frames around which something hid a part of the face most of the time."""
    if hidden is None or not hidden.any():
        return np.zeros(len(time_s), bool)
    count = np.append(0, np.cumsum(hidden))
    first = np.searchsorted(time_s, time_s - MASK_AROUND_S)
    end = np.searchsorted(time_s, time_s + MASK_AROUND_S, side="right")
    return np.asarray(count[end] - count[first] > (end - first) / 2)


def same_of(raw: RawMotion) -> NDArray[np.bool_]:
    """Return frames that repeat the one before, shape (n,); none if nobody looked."""
    return np.zeros(len(raw), bool) if raw.same is None else raw.same


def _ends_s(time_s: NDArray[np.float64], still: NDArray[np.bool_]) -> tuple[float, ...]:
    """Return times of the first frames after frozen stretches.

    Whatever was between is cut.
    """
    return tuple(time_s[1:][still[:-1] & ~still[1:]].tolist())


def _after_cut(
    time_s: NDArray[np.float64], cuts_s: tuple[float, ...]
) -> NDArray[np.bool_]:
    """Mark the frames that follow a cut within `SETTLE_S`."""
    marked = np.zeros(len(time_s), bool)
    for cut_s in cuts_s:
        marked |= (time_s >= cut_s) & (time_s < cut_s + SETTLE_S)
    return marked


def _fast_turn(
    pose_deg: NDArray[np.float32], time_s: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Mark every frame within a window whose yaw or pitch spans too much."""
    hasty = np.zeros(len(time_s), bool)
    ends = np.searchsorted(time_s, time_s + TURN_WITHIN_S, side="right")
    for first, end in enumerate(ends):
        window = pose_deg[first:end, :2]
        window = window[np.isfinite(window).all(axis=1)]
        if len(window) and np.ptp(window, axis=0).max() > TURN_DEG:
            hasty[first:end] = True
    return hasty
