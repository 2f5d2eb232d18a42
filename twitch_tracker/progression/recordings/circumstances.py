"""What is reported of how recordings were made: devices, lengths, what could be measured.

None of it ends a trend. Another device has a level of its own in every trend, so that a
jump with it is no change of the face; lengths of recordings are allowed for by how
bursts are counted, another time of day by how trends are fitted (`daytime`). All are
reported, as is a smaller or larger measurable part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.progression.recordings.broken import Break, Broken
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.recordings.daytime import hours_moved

__all__ = ["circumstances_of"]

Array = NDArray[np.float64]

_LEAST: Final = 10
"""Recordings below which no drift is reported."""

_TIMES: Final = 2.0
_LESS: Final = 0.2


def circumstances_of(kinds: Sequence[Columns]) -> tuple[Break, ...]:
    """Examine the kind of task with the most recordings.

    Parameters
    ----------
    kinds : sequence of Columns
        Recordings by kind.

    Returns
    -------
    tuple of Break
        One for each device after the first, and at most one each for lengths, for what
        could be measured and for the time of day; in order of day.
    """
    if not kinds:
        return ()
    columns = max(kinds, key=lambda each: len(each.day))
    found = (
        *_devices(columns),
        *_lengths(columns),
        *_quality(columns),
        *_daytime(columns),
    )
    return tuple(sorted(found, key=lambda each: each.on))


def _devices(columns: Columns) -> list[Break]:
    """Return first day of each device after the first; what was not stated is none."""
    found, known = [], set[str]()
    for recording in columns.recordings:
        name = recording.device
        if name and known and name not in known:
            day = recording.started_at.date()
            found.append(Break(on=day, what=Broken.DEVICE, device=name))
        known |= {name} - {""}
    return found


def _thirds(values: Array) -> tuple[float, float]:
    """Return medians of the first and the last third."""
    n = len(values) // 3
    return float(np.median(values[:n])), float(np.median(values[-n:]))


def _lengths(columns: Columns) -> list[Break]:
    """Find whether recordings have become twice or half as long."""
    if len(columns.day) < _LEAST:
        return []
    before, after = _thirds(columns.minutes)
    if max(before, after) < _TIMES * min(before, after):
        return []
    return [_drift(columns, Broken.LENGTH, before, after)]


def _quality(columns: Columns) -> list[Break]:
    """Find a change by a fifth in how much of the recordings can be measured."""
    if len(columns.day) < _LEAST:
        return []
    recorded = np.array([r.recorded_s for r in columns.recordings])
    share = columns.minutes * 60 / np.maximum(recorded, 1e-9)
    before, after = _thirds(share)
    if abs(after - before) < _LESS:
        return []
    return [_drift(columns, Broken.QUALITY, before, after)]


def _daytime(columns: Columns) -> list[Break]:
    """Return recordings that are made at another time of day."""
    if len(columns.day) < _LEAST:
        return []
    moved = hours_moved(columns.hour)
    return [] if moved is None else [_drift(columns, Broken.DAYTIME, *moved)]


def _drift(columns: Columns, what: Broken, before: float, after: float) -> Break:
    day = columns.day[-(len(columns.day) // 3)]
    return Break(on=columns.date_of(day), what=what, before=before, after=after)
