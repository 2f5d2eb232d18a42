"""Bursts that were logged in pieces are put together before they are counted and timed.

A face that is drawn up for a minute lets go for a moment now and then, or is lost for a
moment by the program: the log then has two bursts with a short pause. Counted so, long
bursts would seem short and many, the more so the longer they are. Note: a pause is an
interruption when it lasts at most a second *and* at most a twentieth of the two bursts
beside it together, so that short bursts in quick succession stay what they are. Only
what follows from durations is put together; the burst list, the time in bursts and
shares of bursts are as logged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.progression.statistics.sums import sums

__all__ = ["BurstsAndPauses", "put_together"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_LONGEST_S: Final = 1.0
_LARGEST_PART: Final = 1 / 20
_OF_CUT: Final = 2.0
"""How much longer a burst lasted, on average, than was seen of it by a recording that cut it off."""


@dataclass(frozen=True, kw_only=True)
class BurstsAndPauses:
    """Bursts and watched pauses of one side, in order of time.

    Attributes
    ----------
    durations : NDArray[np.float64]
        Seconds, shape (bursts,).
    onset_cut, offset_cut : NDArray[np.bool_]
        What was not seen of them, shape (bursts,).
    row : NDArray[np.int64]
        To which recording each belongs, shape (bursts,).
    pauses : NDArray[np.float64]
        Seconds, shape (pauses,); a pause that was not watched throughout is not there.
    pause_row : NDArray[np.int64]
        To which recording each belongs, shape (pauses,).
    """

    durations: Array
    onset_cut: Flags
    offset_cut: Flags
    row: Ints
    pauses: Array
    pause_row: Ints


def put_together(logged: BurstsAndPauses, recordings: int) -> BurstsAndPauses:
    """Put pieces of one burst together.

    Parameters
    ----------
    logged : BurstsAndPauses
        Of one side.
    recordings : int
        How many there are.

    Returns
    -------
    BurstsAndPauses
        Of every burst the first onset and the last offset; no interruption among the
        pauses.
    """
    if len(logged.durations) < 2 or not (logged.pauses <= _LONGEST_S).any():
        return logged
    gap_s, pause = _between(logged, recordings)
    joins = gap_s <= _allowed_s(logged)
    if not joins.any():
        return logged
    piece = np.cumsum(np.append(True, ~joins)) - 1
    first = np.flatnonzero(np.append(True, ~joins))
    last = np.append(first[1:], len(logged.durations)) - 1
    lasts = sums(piece, logged.durations + np.append(np.where(joins, gap_s, 0.0), 0.0))
    kept = np.ones(len(logged.pauses), bool)
    kept[pause[joins]] = False
    return BurstsAndPauses(
        durations=lasts,
        onset_cut=logged.onset_cut[first],
        offset_cut=logged.offset_cut[last],
        row=logged.row[first],
        pauses=logged.pauses[kept],
        pause_row=logged.pause_row[kept],
    )


def _allowed_s(logged: BurstsAndPauses) -> Array:
    """Return the longest interruption between each two bursts, shape (bursts - 1,).

    A burst that the recording cut off lasted about twice as long as was seen: a recording
    begins and ends at any moment of it.
    """
    cut = logged.onset_cut | logged.offset_cut
    lasts = logged.durations * np.where(cut, _OF_CUT, 1.0)
    both = lasts[:-1] + lasts[1:]
    return np.asarray(np.minimum(_LARGEST_PART * both, _LONGEST_S))


def _between(logged: BurstsAndPauses, recordings: int) -> tuple[Array, Ints]:
    """Return length and place of the pause after each burst but the last; NaN: unknown.

    Where every pause of a recording was watched, they lie between its bursts in order.
    Elsewhere a short pause may lie in several places: it is placed where it can, and only
    if it would be an interruption in all of them.
    """
    row, of = logged.row, logged.pause_row
    gap_s = np.full(len(row) - 1, np.nan)
    pause = np.zeros(len(row) - 1, np.int64)
    inside = row[1:] == row[:-1]
    places = np.bincount(row[1:][inside], minlength=recordings)
    watched = np.bincount(of, minlength=recordings)
    complete = places == watched
    at = np.flatnonzero(inside & complete[row[1:]])
    pause[at] = np.flatnonzero(complete[of])
    gap_s[at] = logged.pauses[pause[at]]
    next_free = 0
    for number, first, last in _anywhere(logged, places - watched):
        place = max(first, next_free)
        if place <= last:
            gap_s[place], pause[place] = logged.pauses[number], number
            next_free = place + 1
    return gap_s, pause


def _anywhere(logged: BurstsAndPauses, missing: Ints) -> list[tuple[int, int, int]]:
    """Return pauses that are interruptions anywhere, with first and last place.

    Of recordings with so many pauses that were not watched.
    """
    row, of = logged.row, logged.pause_row
    allowed = _allowed_s(logged)
    number = np.flatnonzero((logged.pauses <= _LONGEST_S) & (missing[of] > 0))
    first = np.searchsorted(row, of) + np.arange(len(of)) - np.searchsorted(of, of)
    step = 0
    while len(number) and step <= missing[of[number]].max():
        at = np.minimum(first[number] + step, len(allowed) - 1)
        within = step <= missing[of[number]]
        number = number[~within | (logged.pauses[number] <= allowed[at])]
        step += 1
    last = first[number] + missing[of[number]]
    return list(
        zip(number.tolist(), first[number].tolist(), last.tolist(), strict=True)
    )
