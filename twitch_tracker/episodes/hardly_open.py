"""Eyes that were hardly ever open, so that nobody saw what they look like open.

A state of a recording, not a burst: it says that closures of that side are judged by
the other eye's open aperture. It never says anything about the other side.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from twitch_tracker.records import HardlyOpen, MotionSignals
from twitch_tracker.regions import SIDES
from twitch_tracker.timebase import Interval

__all__ = ["LEAST_SEEN_S", "hardly_open"]

LEAST_SEEN_S: Final = 5.0
"""An eye that was measured for less than this may just not have been seen open yet:
blinks come every three to six seconds, and a look down takes as long."""


def hardly_open(motion: MotionSignals) -> tuple[HardlyOpen, ...]:
    """Say of which sides no open eye was seen, and for how long.

    Parameters
    ----------
    motion : MotionSignals
        The signals of a recording.

    Returns
    -------
    tuple of HardlyOpen
        At most one a side, from the first to the last frame in which the eye was
        measured; none where it was measured for less than `LEAST_SEEN_S`.
    """
    found = []
    for place, side in enumerate(SIDES):
        seen = np.flatnonzero(motion.usable & np.isfinite(motion.aperture[:, place]))
        if motion.own_open[place] or motion.frame_s[seen].sum() < LEAST_SEEN_S:
            continue
        last = int(seen[-1])
        span = Interval(
            start_s=float(motion.time_s[seen[0]]),
            end_s=float(motion.time_s[last] + motion.frame_s[last]),
        )
        found.append(HardlyOpen(span=span, side=side))
    return tuple(found)
