"""Time that was not observed: pauses of the stream, frozen pictures, too few pictures.

Durations are sums over frames of the time until the next frame. A pause in the stream
counts as nothing: it is neither analysable nor a burst. Note: a picture that is the same
as the one before shows nothing new, however often a file repeats it. The rate is that of
*fresh* pictures: a film of 15 pictures a second stored at 30 is one of 15.
"""

from __future__ import annotations

import itertools
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "GAP_FACTOR",
    "GAP_FLOOR_S",
    "LEAST_PICTURES_HZ",
    "frame_durations",
    "fresh_step_s",
    "frozen",
    "gap_after",
    "too_few",
]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

GAP_FACTOR: Final = 4.0
"""A step this many times the median step is a gap. Browser and phone recordings
stay below 1.5 times (FINDINGS of the design), a paused stream is far above."""

GAP_FLOOR_S: Final = 0.20
"""No step shorter than this is a gap: low frame rates and single lost frames."""

LEAST_PICTURES_HZ: Final = 9.5
"""With fewer fresh pictures a second nothing is measured: contractions last 50 to 400 ms
(clinical facts, section 3), and a short one may not reach even one picture."""

_AROUND: Final = 9
"""Steps whose median is the usual one at a place: single long ones do not count."""

_FLASH_S: Final = 0.15
"""A few pictures that change between two frozen stretches are the encoder's: a key
picture is written again, and nothing moved."""


def gap_after(time_s: Floats) -> Flags:
    """Mark frames that are followed by missing frames.

    Parameters
    ----------
    time_s : NDArray[np.float64]
        Presentation times, increasing, shape (n,).

    Returns
    -------
    NDArray[np.bool_]
        Shape (n,); the last frame is never marked.
    """
    marked = np.zeros(len(time_s), bool)
    if len(time_s) > 1:
        steps = np.diff(time_s)
        marked[:-1] = steps > _longest_step_s(steps)
    return marked


def _longest_step_s(steps: Floats) -> float:
    """Return the longest step that is no gap."""
    return max(GAP_FLOOR_S, GAP_FACTOR * float(np.median(steps)))


def frame_durations(time_s: Floats) -> Floats:
    """Return seconds that each frame stands for.

    Parameters
    ----------
    time_s : NDArray[np.float64]
        Presentation times, increasing, shape (n,).

    Returns
    -------
    NDArray[np.float64]
        Time until the next frame, shape (n,); the median step for the last
        frame and for frames before a gap. A single frame stands for no time.
    """
    if len(time_s) < 2:
        return np.zeros(len(time_s))
    steps = np.diff(time_s)
    usual = float(np.median(steps))
    durations = np.append(steps, usual)
    durations[gap_after(time_s)] = usual
    return durations


def frozen(time_s: Floats, same: Flags) -> Flags:
    """Mark the frames of a picture that stood still for too long.

    Parameters
    ----------
    time_s : NDArray[np.float64]
        Presentation times, increasing, shape (n,).
    same : NDArray[np.bool_]
        Frames that show the same picture as the one before, shape (n,).

    Returns
    -------
    NDArray[np.bool_]
        Shape (n,): the repetitions in a stretch longer than a gap would be. Those of a
        doubled frame rate are not marked, nor is the picture that was repeated.
    """
    marked = np.zeros(len(time_s), bool)
    fresh = np.flatnonzero(_fresh(same))
    if len(fresh) < 2:
        return marked
    ends = np.append(fresh[1:], len(time_s))
    until_s = np.append(time_s[fresh[1:]], time_s[-1])
    long = until_s - time_s[fresh] > _longest_step_s(np.diff(time_s[fresh]))
    for first, end in zip(fresh[long], ends[long], strict=True):
        marked[first + 1 : end] = True
    return _without_flashes(marked, time_s)


def _without_flashes(marked: Flags, time_s: Floats) -> Flags:
    """Mark also the moment of change between two marked stretches."""
    edges = np.flatnonzero(np.diff(marked.astype(np.int8)))
    for before, after in itertools.pairwise(edges):
        inside = slice(before + 1, after + 1)
        if not marked[before + 1] and time_s[after] - time_s[before] <= _FLASH_S:
            marked[inside] = True
    return marked


def fresh_step_s(time_s: Floats, same: Flags | None = None) -> Floats:
    """Return the usual time from one fresh picture to the next around each frame.

    Parameters
    ----------
    time_s : NDArray[np.float64]
        Presentation times, increasing, shape (n,).
    same : NDArray[np.bool_], optional
        As for `frozen`; without, every picture is fresh.

    Returns
    -------
    NDArray[np.float64]
        Seconds, shape (n,); NaN with fewer than two fresh pictures.
    """
    fresh = _fresh(np.zeros(len(time_s), bool) if same is None else same)
    steps = np.diff(time_s[fresh])
    if not len(steps):
        return np.full(len(time_s), np.nan)
    usual = _running_median(steps, min(_AROUND, len(steps)))
    place = np.clip(np.cumsum(fresh) - 1, 0, len(usual) - 1)
    return np.asarray(usual[place], np.float64)


def _running_median(values: Floats, size: int) -> Floats:
    """Return the median of so many values around each, shape (n,).

    Beyond the ends the values are mirrored.
    """
    before = size // 2
    padded = np.pad(values, (before, size - 1 - before), mode="reflect")
    around = np.lib.stride_tricks.sliding_window_view(padded, size)
    return np.asarray(np.median(around, axis=1))


def too_few(step_s: Floats) -> Flags:
    """Mark the frames around which pictures come too slowly to measure anything.

    Parameters
    ----------
    step_s : NDArray[np.float64]
        From `fresh_step_s`, shape (n,).
    """
    return step_s > 1 / LEAST_PICTURES_HZ


def _fresh(same: Flags) -> Flags:
    """Return frames that show something new; the first one always does."""
    fresh = ~same
    fresh[:1] = True
    return fresh
