"""Where a mouth corner steps out of its place and stays there until it steps back.

A level of the last seconds (`pulls`) follows whatever lasts: of a pull of half a minute
it sees the two edges, as two short bursts. Here the level is where the corner was just
before it moved, and the pull lasts until the corner is back there. Both edges must be
steps: a posture comes and goes slowly, a contraction does not. One whose end the
recording does not show has lasted so far, unless the corner was there already before it
went away: then it may as well have come back to its own place.

Note: a stretch is of one mouth corner beyond its partner *and* by itself, whichever is
less; so that one corner that falls back never moves the other one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.timebase import Interval

__all__ = ["HeldPull", "before_onset", "held_parameters", "held_pulls"]

Floats = NDArray[np.float64]

STEP_IO: Final = 0.012
"""A step is at least this high, in interocular distances (`pulls.ENTER_IO`)."""

NEAR_S: Final = (0.1, 0.5)
"""A step is the difference of the medians this long after and before a moment."""

BEFORE_S: Final = (0.1, 1.5)
"""Where the corner came from is its median this long before."""

EARLIER_S: Final = (1.5, 15.0)
"""Where it was before that is its median this long before, but for other pulls."""

BACK_SHARE: Final = 1 / 3
"""The corner is back when less than this share of the step is left: a contraction that
is held fades by up to a half."""

BACK_S: Final = 0.3
"""... for this long: pieces closer than that are one burst (scoring rule)."""

ABRUPT_SHARE: Final = 0.6
"""This share of what the corner moves must be moved within `NEAR_S` of an edge."""

LONG_S: Final = 2.5
"""What lasts less long is seen against the level of the last seconds (`pulls`)."""


@dataclass(frozen=True, kw_only=True)
class HeldPull:
    """A stretch that lasts from one step to the next.

    Attributes
    ----------
    span : Interval
        When.
    before : NDArray[np.bool_]
        The samples that say where the face was before, shape (m,).
    """

    span: Interval
    before: NDArray[np.bool_]


def held_parameters() -> dict[str, object]:
    """Return every constant that held pulls depend on, for the log and its hash."""
    return {
        "step_io": STEP_IO,
        "near_s": list(NEAR_S),
        "before_s": list(BEFORE_S),
        "earlier_s": list(EARLIER_S),
        "back_share": BACK_SHARE,
        "back_s": BACK_S,
        "abrupt_share": ABRUPT_SHARE,
        "long_s": LONG_S,
    }


def held_pulls(own: Floats, apart: Floats, time_s: Floats) -> list[HeldPull]:
    """Find the stretches of one side.

    Parameters
    ----------
    own, apart : Floats
        Place of the mouth corner, by itself and beyond the other one, along its
        direction of pull, in interocular distances, shape (m,); NaN where not measured.
    time_s : Floats
        Shape (m,), at an even pace.

    Returns
    -------
    list of HeldPull
        In order of onset, disjoint.
    """
    if len(time_s) < 2:
        return []
    pace_s = float(time_s[1] - time_s[0])
    steps = np.fmin(_steps(own, pace_s), _steps(apart, pace_s))
    found: list[HeldPull] = []
    for onset in _peaks(steps):
        if found and time_s[onset] < found[-1].span.end_s + BACK_S:
            continue
        held = _held(own, apart, time_s, onset, float(steps[onset]), found)
        if held is not None:
            found.append(held)
    return found


def before_onset(time_s: Floats, onset_s: float) -> NDArray[np.bool_]:
    """Mark the samples that show where a face was before something began.

    Parameters
    ----------
    time_s : Floats
        Shape (m,).
    onset_s : float
        When it began.

    Returns
    -------
    NDArray[np.bool_]
        Shape (m,).
    """
    earlier_s = onset_s - time_s
    return np.asarray((earlier_s >= BEFORE_S[0]) & (earlier_s <= BEFORE_S[1]))


def _steps(values: Floats, pace_s: float) -> Floats:
    """Return the rise of a signal around every sample, shape (m,)."""
    near, far = (round(at_s / pace_s) for at_s in NEAR_S)
    width = far - near + 1
    padded = np.concatenate([np.full(far, np.nan), values, np.full(far, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, width)
    known = np.isfinite(windows).all(axis=1)
    medians = np.full(len(windows), np.nan)
    medians[known] = np.median(windows[known], axis=1)
    at = np.arange(len(values))
    return np.asarray(medians[at + far + near] - medians[at])


def _peaks(steps: Floats) -> list[int]:
    """Return samples at which a signal steps up most, each higher than `STEP_IO`."""
    high = np.nan_to_num(steps, nan=-np.inf) >= STEP_IO
    edges = np.flatnonzero(np.diff(np.concatenate([[False], high, [False]])))
    return [
        int(first) + int(np.nanargmax(steps[first:end]))
        for first, end in edges.reshape(-1, 2)
    ]


def _held(
    own: Floats,
    apart: Floats,
    time_s: Floats,
    onset: int,
    step_io: float,
    others: list[HeldPull],
) -> HeldPull | None:
    """Follow the corner from a step until it is back; None where it is no pull.

    `others` are the pulls before it.
    """
    before = before_onset(time_s, float(time_s[onset]))
    before &= np.isfinite(own) & np.isfinite(apart)
    if not before.any():
        return None
    moved = np.fmin(own - np.median(own[before]), apart - np.median(apart[before]))
    end = _back(moved, time_s, onset, BACK_SHARE * step_io)
    first = onset - int(np.argmax(moved[onset::-1] < step_io / 2))
    duration_s = float(time_s[end - 1] - time_s[first])
    if duration_s < LONG_S or not _steps_out(moved[onset:end], step_io):
        return None
    span = Interval(start_s=float(time_s[first]), end_s=float(time_s[end - 1]))
    seen = end < len(moved) and bool(np.isfinite(moved[end]))
    if seen and not _falls(moved, time_s, end):
        return None
    left_io = (1 - BACK_SHARE) * step_io
    if not seen and _was_there(moved, time_s, onset, left_io, others):
        return None
    return HeldPull(span=span, before=before)


def _back(moved: Floats, time_s: Floats, onset: int, left_io: float) -> int:
    """Return the first sample from which the corner is back, or unknown, for long."""
    away = np.nan_to_num(moved, nan=-math.inf) >= left_io
    places = np.append(onset, onset + 1 + np.flatnonzero(away[onset + 1 :]))
    gaps = np.flatnonzero(np.diff(time_s[places]) > BACK_S)
    last = places[gaps[0]] if len(gaps) else places[-1]
    return int(last) + 1


def _was_there(
    moved: Floats, time_s: Floats, onset: int, least_io: float, others: list[HeldPull]
) -> bool:
    """Return whether the corner was as far out already before it was where it came from."""
    earlier_s = time_s[onset] - time_s
    earlier = (earlier_s > EARLIER_S[0]) & (earlier_s <= EARLIER_S[1])
    for other in others:
        span = other.span
        earlier &= (time_s < span.start_s - BACK_S) | (time_s > span.end_s + BACK_S)
    known = moved[earlier & np.isfinite(moved)]
    return len(known) > 0 and float(np.median(known)) >= least_io


def _steps_out(moved: Floats, step_io: float) -> bool:
    """Return whether the step is most of how far the corner goes altogether."""
    return step_io >= ABRUPT_SHARE * float(np.nanquantile(moved, 0.9))


def _falls(moved: Floats, time_s: Floats, end: int) -> bool:
    """Return whether the corner steps back at the end, and does not creep."""
    until_s = time_s - time_s[end]
    earlier = moved[(until_s <= -NEAR_S[0]) & (until_s >= -NEAR_S[1])]
    later = moved[(until_s >= NEAR_S[0]) & (until_s <= NEAR_S[1])]
    whole = moved[(until_s <= -NEAR_S[0]) & (until_s >= -BEFORE_S[1])]
    if not (np.isfinite(later).any() and np.isfinite(earlier).any()):
        return True
    fall = np.nanmedian(earlier) - np.nanmedian(later)
    return bool(fall >= ABRUPT_SHARE * np.nanmedian(whole))
