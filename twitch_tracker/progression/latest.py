"""Which recordings are "the latest": enough of them to say how it is now.

Note: it is decided for each kind of task by itself and is the same for all measures and
both sides, so that the latest numbers of a kind belong together; and it never reaches
back over a treatment, another device or a break, because a mean of before and after is
true of neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.history import Treatment
from twitch_tracker.progression.recordings.broken import Break, Broken
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.series import Grouping, by_recording, grouping

__all__ = ["LATEST_DAYS", "LEAST_RECORDINGS", "latest_grouping"]

LATEST_DAYS: Final = 28
"""Up to the last recording: four weeks even out better and worse days and weeks."""

LEAST_RECORDINGS: Final = 3
"""When these days hold fewer, the latest three recordings are taken instead."""


_LEADING: Final = (Broken.SIDE, Broken.BOTH_SIDES)


def latest_grouping(
    columns: Columns,
    treatments: Sequence[Treatment] = (),
    breaks: Sequence[Break] = (),
) -> Grouping:
    """Put the latest recordings together, and those before by four weeks.

    The stretches before are needed only to know how much recordings differ within
    such a stretch, which widens the interval.

    Parameters
    ----------
    columns : Columns
        Recordings of one kind, at least one.
    treatments : sequence of Treatment
        All of the person; a recording of the same day belongs before it.
    breaks : sequence of Break
        Where it was recorded in another way.

    Returns
    -------
    Grouping
        The last stretch is the latest one.
    """
    if len(columns.day) == 1:
        return by_recording(columns)
    part = _parts(columns, treatments, breaks)
    last = np.flatnonzero(part == part[-1])
    back = (columns.day[-1] - columns.day) // LATEST_DAYS
    if (back[last] == 0).sum() < LEAST_RECORDINGS:
        back[last[-LEAST_RECORDINGS:]] = -1
    new = (np.diff(back, prepend=back[:1]) != 0) | (
        np.diff(part, prepend=part[:1]) != 0
    )
    return grouping("latest", np.cumsum(new, dtype=np.int64), columns)


def _parts(
    columns: Columns, treatments: Sequence[Treatment], breaks: Sequence[Break]
) -> NDArray[np.int64]:
    """Enumerate the parts of a course that must not be mixed, by recording."""
    first = columns.first_day
    marks = [(one.on - first).days + 0.5 for one in treatments]
    marks += [(one.on - first).days - 0.5 for one in breaks if one.what in _LEADING]
    part = np.searchsorted(np.sort(np.array(marks, float)), columns.day)
    others = np.cumsum(np.diff(columns.device, prepend=columns.device[:1]) != 0)
    return np.asarray(part + others, np.int64)
