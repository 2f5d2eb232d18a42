"""What is known of pictures that were passed over, from those that were looked at.

Nothing moved in them (`face.passing`): a state is what lies between, and a movement from
one picture that was looked at to the next is spread evenly in time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.records import FaceObservation, Quality, QualityReason

__all__ = ["Looked", "fill_in", "observed_between"]

AnyFloats = NDArray[np.floating[Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """What was measured in a picture that was looked at.

    Attributes
    ----------
    time_s : float
        When it was shown.
    step : NDArray
        A movement since the picture looked at before, any shape.
    look : NDArray
        A state, any shape.
    """

    time_s: float
    step: AnyFloats
    look: AnyFloats


def fill_in(
    time_s: Sequence[float], looked: Sequence[Looked], before: Looked | None
) -> tuple[AnyFloats, AnyFloats]:
    """Return movements and states of all pictures.

    Parameters
    ----------
    time_s : sequence of float
        Of every picture in order, those that were passed over among them.
    looked : sequence of Looked
        Those that were not, in order, at least one.
    before : Looked or None
        The one that was looked at before all of them.

    Returns
    -------
    steps, looks : tuple of NDArray
        Shape (pictures, ...) each; NaN after the last picture that was looked at.
    """
    times_s = np.asarray(time_s)
    steps = np.full((len(times_s), *looked[0].step.shape), np.nan, looked[0].step.dtype)
    looks = np.full((len(times_s), *looked[0].look.shape), np.nan, looked[0].look.dtype)
    first = 0
    for now in looked:
        end = int(np.searchsorted(times_s[first:], now.time_s)) + first
        steps[end], looks[end] = now.step, now.look
        if end > first and before is not None:
            run = slice(first, end + 1)
            shares = (times_s[run] - before.time_s) / (now.time_s - before.time_s)
            steps[run] = _wide(np.diff(shares, prepend=0.0), now.step) * now.step
            between = _wide(shares[:-1], now.look) * (now.look - before.look)
            looks[first:end] = before.look + between
        first, before = end + 1, now
    return steps, looks


def observed_between(
    before: FaceObservation | None,
    after: FaceObservation,
    time_s: float,
    mesh: NDArray[np.float32] | None,
) -> FaceObservation:
    """Return what is known of a picture that was passed over.

    Parameters
    ----------
    before, after : FaceObservation or None
        Of the pictures around it that were looked at.
    time_s : float
        When it was shown.
    mesh : NDArray[np.float32] or None
        The mesh that it has, shape (478, 3); None where the subject was not found
        where it was expected after it.

    Returns
    -------
    FaceObservation
        Pose and sizes in between, quality of the nearer one; without a mesh, that of
        the one after it, without a face.
    """
    if mesh is None or before is None or before.landmarks_px is None:
        none = Quality(reasons=after.quality.reasons or (QualityReason.NO_FACE,))
        return FaceObservation(
            time_s=time_s,
            landmarks_px=None,
            pose_deg=(math.nan, math.nan, math.nan),
            interocular_px=math.nan,
            iris_px=math.nan,
            quality=none,
        )
    share = (time_s - before.time_s) / (after.time_s - before.time_s)
    yaw, pitch, roll = (
        _between(*two, share)
        for two in zip(before.pose_deg, after.pose_deg, strict=True)
    )
    return FaceObservation(
        time_s=time_s,
        landmarks_px=mesh,
        pose_deg=(yaw, pitch, roll),
        interocular_px=_between(before.interocular_px, after.interocular_px, share),
        iris_px=_between(before.iris_px, after.iris_px, share),
        quality=(before if share < 0.5 else after).quality,
    )


def _between(one: float, other: float, share: float) -> float:
    return one + share * (other - one)


def _wide(values: NDArray[np.float64], like: AnyFloats) -> AnyFloats:
    """Give one value a picture the axes of what is measured in each."""
    return values.reshape(-1, *(1,) * like.ndim).astype(np.float32)
