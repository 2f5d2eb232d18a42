"""Which frame of a clip of a closing lid is shown at every moment of a held closure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studies.truth.lid_clips import LidClip

__all__ = ["CLOSED", "LEVEL", "Track", "closest", "track_of"]

CLOSED: Final = 0.93
"""Frames of a clip that show this share of its deepest closure are closed. Lower,
and the lid is seen to tremble; higher, and one frozen frame is left."""

LEVEL: Final = 0.08
"""A narrowed eye shows frames this far from the wanted closure, as a share of the
deepest, besides the nearest one."""


@dataclass(frozen=True)
class Track:
    """How one clip is played for one burst.

    Steps count the frames of the clip. It closes up to `hold[0]`, stays among the
    steps of `hold`, and opens from `hold[-1]` on; a burst that is held half closed
    goes no further down than that.
    """

    clip: LidClip
    closing: int  # the last step before the hold
    hold: tuple[int, ...]

    @property
    def least_s(self) -> float:
        """How long it takes to close and open again without any hold."""
        time_s = self.clip.time_s
        closing_s = time_s[self.closing + 1] - time_s[1]
        return float(closing_s + time_s[-2] - time_s[self.hold[-1]])

    def steps(self, time_s: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return step shown at every time of a burst, shape (n,)."""
        own_s, closure = self.clip.time_s, self.clip.closure
        down = closest(own_s, own_s[1] + time_s - time_s[0])
        up = closest(own_s, own_s[-2] - (time_s[-1] - time_s))
        turn = max(2 * (len(self.hold) - 1), 1)
        place = np.arange(len(time_s)) % turn
        held = np.asarray(self.hold)[np.minimum(place, turn - place) % len(self.hold)]
        closes, opens = down <= self.closing, up > self.hold[-1]
        both = np.where(closure[down] < closure[up], down, up)
        one = np.where(closes, down, np.where(opens, up, held))
        return np.asarray(np.where(closes & opens, both, one), dtype=np.intp)


def track_of(clip: LidClip, level: float) -> Track:
    """Decide among which frames of a clip a closure is held."""
    share = clip.closure / clip.peak
    top = int(share.argmax())
    if level >= CLOSED:
        low, high = _stretch(share >= CLOSED, top)
        return Track(clip, max(low - 1, 0), tuple(range(low, high + 1)))
    # The opening is slower, so that it has more frames to choose from.
    opening = np.arange(top, len(share) - 1)
    middle = int(opening[np.abs(share[opening] - level).argmin()])
    near = np.abs(share - share[middle]) <= LEVEL
    near[:top] = False
    low, high = _stretch(near, middle)
    higher = np.flatnonzero(share[: top + 1] >= share[middle])
    return Track(clip, max(int(higher[0]) - 1, 0), tuple(range(low, high + 1)))


def _stretch(chosen: NDArray[np.bool_], inside: int) -> tuple[int, int]:
    """Return first and last of the chosen ones around one, leaving out both ends."""
    low = high = inside
    while low - 1 > 0 and chosen[low - 1]:
        low -= 1
    while high + 1 < len(chosen) - 1 and chosen[high + 1]:
        high += 1
    return low, high


def closest(
    sorted_s: NDArray[np.float64], wanted_s: NDArray[np.float64]
) -> NDArray[np.intp]:
    """Place of the nearest of some times; the ends stand for all beyond."""
    after = np.clip(np.searchsorted(sorted_s, wanted_s), 1, len(sorted_s) - 1)
    nearer = wanted_s - sorted_s[after - 1] < sorted_s[after] - wanted_s
    return np.asarray(after - nearer, dtype=np.intp)
