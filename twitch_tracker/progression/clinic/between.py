"""Between bursts: whether one side is weaker, or lies otherwise, than the other.

A late, mild palsy and one after an operation show in what a face does when it does not
twitch: how it rests, and how far each side comes when asked to close the eyes, smile or
raise the eyebrows. Note: only recordings of that one task count for a movement, because
the numbers are those of the whole recording; a recording is one observation; no face is
perfectly even, so that nothing here is called weak.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.history import LoggedRecording, Task, Treatment, TreatmentKind
from twitch_tracker.progression.results import Between, BetweenBursts, Estimate
from twitch_tracker.progression.statistics.intervals import mean_interval
from twitch_tracker.regions import Side

__all__ = ["LATEST_DAYS", "between_bursts"]

Array = NDArray[np.float64]
ReadSides = Callable[[LoggedRecording], tuple[float, float]]

LATEST_DAYS: Final = 91
"""Three months before the last recording of the task, but not from before an operation."""

_LEAST_REACH: Final = 0.05
"""Reaches smaller than this (of an opening, or in mm) show no movement."""


def _eyes(recording: LoggedRecording) -> tuple[float, float]:
    half = recording.rest_asymmetry / 2
    return -half, half


def _mouth(recording: LoggedRecording) -> tuple[float, float]:
    half = recording.face.mouth_asymmetry_mm / 2
    return -half, half


def _closure(recording: LoggedRecording) -> tuple[float, float]:
    face = recording.face
    return face.closure_reach(Side.LEFT), face.closure_reach(Side.RIGHT)


def _smile(recording: LoggedRecording) -> tuple[float, float]:
    face = recording.face
    return face.mouth_reach_mm(Side.LEFT), face.mouth_reach_mm(Side.RIGHT)


def _brow(recording: LoggedRecording) -> tuple[float, float]:
    face = recording.face
    return face.brow_reach_mm(Side.LEFT), face.brow_reach_mm(Side.RIGHT)


_WHAT: Final[dict[Between, tuple[Task, ReadSides, bool]]] = {
    Between.EYES_AT_REST: (Task.REST, _eyes, False),
    Between.MOUTH_AT_REST: (Task.REST, _mouth, False),
    Between.CLOSURE: (Task.FORCED_CLOSURE, _closure, True),
    Between.SMILE: (Task.SMILING, _smile, True),
    Between.BROW: (Task.BROW_RAISING, _brow, True),
}
"""Task, how the left and the right side are read, and whether they are compared as a ratio."""


def between_bursts(
    recordings: Sequence[LoggedRecording], treatments: Sequence[Treatment]
) -> tuple[BetweenBursts, ...]:
    """Compare both sides apart from bursts.

    Parameters
    ----------
    recordings : sequence of LoggedRecording
        All that count, in order of time.
    treatments : sequence of Treatment
        All of the person: recordings from before the last operation are no part of the
        latest ones.

    Returns
    -------
    tuple of BetweenBursts
        Of what was recorded at all; intervals from three recordings on.
    """
    operations = [
        one.on
        for one in treatments
        if one.kind is TreatmentKind.MICROVASCULAR_DECOMPRESSION
    ]
    found = []
    for what, (task, read, is_ratio) in _WHAT.items():
        own = [r for r in recordings if r.task is task]
        values = np.array([read(r) for r in own], float).reshape(-1, 2)
        if is_ratio:
            values = np.where(values > _LEAST_REACH, values, np.nan)
        kept = np.isfinite(values).all(axis=1)
        own = [r for r, keep in zip(own, kept, strict=True) if keep]
        if not own:
            continue
        last = own[-1].started_at.date()
        since = max((on for on in operations if on < last), default=None)
        is_late = np.array(
            [
                (last - r.started_at.date()).days < LATEST_DAYS
                and (since is None or r.started_at.date() > since)
                for r in own
            ]
        )
        values = values[kept]
        late = _compared(values[is_late], is_ratio=is_ratio)
        early = _compared(values[~is_late], is_ratio=is_ratio)
        first = own[int(np.flatnonzero(is_late)[0])].started_at.date()
        found.append(
            BetweenBursts(
                what=what,
                recordings=int(is_late.sum()),
                first_on=first,
                last_on=last,
                left=float(values[is_late, 0].mean()),
                right=float(values[is_late, 1].mean()),
                right_to_left=late,
                earlier=early if (~is_late).any() else None,
                earlier_recordings=int((~is_late).sum()),
            )
        )
    return tuple(found)


def _compared(values: Array, *, is_ratio: bool) -> Estimate:
    """Compare right with left by ratio or difference: mean of recordings, interval."""
    if not len(values):
        return Estimate(value=float("nan"), low=float("nan"), high=float("nan"))
    apart = np.log(values) if is_ratio else values
    each = apart[:, 1] - apart[:, 0]
    mean = float(each.mean())
    _, low, high = mean_interval(each, np.zeros(len(each), np.int64), 1)
    bounds = np.array([mean, low[0], high[0]])
    value, lower, upper = (np.exp(bounds) if is_ratio else bounds).tolist()
    return Estimate(value=value, low=lower, high=upper)
