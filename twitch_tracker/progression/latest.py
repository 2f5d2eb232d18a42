"""Which recordings are "the latest": enough of them to say how it is now.

The convention that bites: it is decided for each kind of task by itself and is the same
for all measures and both sides, so that the latest numbers of a kind belong together.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from twitch_tracker.progression.columns import Columns
from twitch_tracker.progression.series import Grouping, by_recording, grouping

__all__ = ["LATEST_DAYS", "LEAST_RECORDINGS", "latest_grouping"]

LATEST_DAYS: Final = 28
"""Up to the last recording: four weeks even out better and worse days and weeks."""

LEAST_RECORDINGS: Final = 3
"""When these days hold fewer, the latest three recordings are taken instead."""


def latest_grouping(columns: Columns) -> Grouping:
    """Put the latest recordings together, and those before by four weeks.

    The stretches before are needed only to know how much recordings differ within
    such a stretch, which widens the interval.

    Parameters
    ----------
    columns : Columns
        Recordings of one kind, at least one.

    Returns
    -------
    Grouping
        The last stretch is the latest one.
    """
    if len(columns.day) == 1:
        return by_recording(columns)
    back = (columns.day[-1] - columns.day) // LATEST_DAYS
    if (back == 0).sum() < LEAST_RECORDINGS:
        back[-LEAST_RECORDINGS:] = -1
    group = np.unique(-back, return_inverse=True)[1].astype(np.int64)
    return grouping("latest", group, columns)
