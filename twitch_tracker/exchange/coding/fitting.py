"""Check whether coding fits its film: one check for every foreign time axis.

Knows what can show that coded times are of another film or another clock: the name and
the length that a file states, events outside of the film, a part of the film that alone
was coded, no film at all, bursts that are over within a picture; and, where a log of
the same film is there, times that would agree with it after one shift or in another
unit, or on the other side of the face. Note: a log that is to be judged is used for the
clock only, and with stricter limits, because it may be wrong in everything else; and
this module refuses nothing: it returns what does not fit, as codes and numbers, and
`unfit` makes the error of them.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import CodingDoesNotFit, Misfit, coding_does_not_fit
from twitch_tracker.exchange.coding.coded import OtherEvent, Truth
from twitch_tracker.exchange.coding.films import CodedFilm, same_name
from twitch_tracker.records import Episode
from twitch_tracker.regions import Side
from twitch_tracker.timebase import Interval

__all__ = ["TOLERANCE_S", "beyond", "fitted", "length_misfits", "misfits", "unfit"]

TOLERANCE_S: Final = 1.0
"""By how much the stated lengths of one film differ: sound often lasts longer than
pictures, and programs that play a film stop events at the end of either."""

ROUNDING_S: Final = 0.0015
"""Foreign formats keep milliseconds."""

LEAST_TO_COMPARE: Final = 3
"""So many bursts have to be coded, and logged, before they are compared."""

SAME_ONSET_S: Final = 0.25
"""Onsets of the same burst, marked twice, differ by less (people's reaction times)."""

LEAST_SHIFT_S: Final = 1.0
"""Smaller shifts may be the reaction time of who coded."""

LEAST_TO_JUDGE: Final = 5
"""... and so many before the clock of truth is judged by a log that is to be judged itself.
Of pairs of logs that have nothing to do with each other (3 to 40 bursts in 45, 180 and
600 s, 150 pairs each) 21 % agree after some shift by the rule for reviews where both have
three bursts, 1 % by this one with four, none with five."""

MOSTLY_JUDGED: Final = 0.8
"""For reviews `MOSTLY`."""

SHORTEST_S: Final = 1 / 15
"""Who codes by hand cannot see a burst that is over within two pictures of a film; where
most are, times are no seconds. Minutes of bursts up to 4 s are below."""

_RATES: Final = (24.0, 25.0, 30.0, 50.0, 60.0)

_FACTORS: Final = (
    *(1e-3, 1 / 60, 60.0, 3600.0, 86_400.0, *(1 / rate for rate in _RATES)),
    *(one / other for one in _RATES for other in _RATES if one != other),
    *(0.125, 0.25, 4.0, 8.0),
)
"""By which times are wrong that are no seconds of this film: milliseconds, minutes, hours,
days (what a spreadsheet keeps), numbers of pictures, pictures counted at another rate, a film that was played slower or faster."""

MOSTLY: Final = 0.6
"""A shift or another side explains coding when so much of both agrees after it."""


def misfits(
    truth: Truth,
    film: CodedFilm,
    logged: Sequence[Episode] = (),
    *,
    judged: Sequence[Episode] = (),
) -> tuple[Misfit, ...]:
    """Say what speaks against coding being of a film.

    Parameters
    ----------
    truth : Truth
        What was coded, on the clock of the film if the file says how.
    film : CodedFilm
        The film; what is not known of it is not compared.
    logged : sequence of Episode
        What was detected in the same film, if coding is to be a review of it.
    judged : sequence of Episode
        What was detected, if coding is to judge it: a detector may miss everything and be
        wrong about sides, but it is not wrong by one shift, or by the unit of time.

    Returns
    -------
    tuple of Misfit
        Empty when nothing does.
    """
    return (
        *_name_misfits(truth, film),
        *length_misfits(truth.notes.length_s, film.length_s),
        *_part_misfits(truth, film),
        *_span_misfits(truth, film),
        *_short_misfits(truth.episodes),
        *_pattern_misfits(truth.episodes, logged),
        *_clock_misfits(
            truth.episodes, judged, least=LEAST_TO_JUDGE, mostly=MOSTLY_JUDGED
        ),
    )


def unfit(
    name: str, film: CodedFilm, found: Sequence[Misfit]
) -> CodingDoesNotFit | None:
    """Make the error of what does not fit; None when all does.

    Parameters
    ----------
    name : str
        Of the coding, for the message.
    film : CodedFilm
        The film.
    found : sequence of Misfit
        What `misfits` found.
    """
    if not found:
        return None
    called = film.file_name or next(iter(film.names), "")
    return coding_does_not_fit(name, called, found)


def fitted(truth: Truth, film: CodedFilm) -> Truth:
    """End at the film's end what was coded beyond it by less than `TOLERANCE_S`.

    Parameters
    ----------
    truth : Truth
        What was coded.
    film : CodedFilm
        The film; without a known length nothing changes.

    Returns
    -------
    Truth
        Bursts that end after the film are cut off where it ends. What begins after it
        stays as it is.
    """
    if not math.isfinite(film.length_s):
        return truth
    return replace(
        truth, episodes=tuple(_ended(burst, film.length_s) for burst in truth.episodes)
    )


def _ended(burst: Episode, end_s: float) -> Episode:
    beyond_s = burst.span.end_s - end_s
    if not 0 < beyond_s <= TOLERANCE_S or burst.span.start_s >= end_s:
        return burst
    return replace(
        burst,
        span=Interval(start_s=burst.span.start_s, end_s=end_s),
        offset_cut=burst.offset_cut or beyond_s > ROUNDING_S,
    )


# --- what a file says of its film -------------------------------------------


def _name_misfits(truth: Truth, film: CodedFilm) -> tuple[Misfit, ...]:
    notes = truth.notes
    if notes.live:
        return (Misfit("no_film"),)
    named = [name for name in (*notes.films, notes.recording) if name]
    if not film.file_name or not notes.films:
        return ()
    if any(same_name(name, film) for name in named):
        return ()
    return (Misfit("film_name", (", ".join(notes.films),)),)


def length_misfits(stated_s: float, length_s: float) -> tuple[Misfit, ...]:
    """Compare two lengths of one film, in seconds; NaN is compared with nothing."""
    if abs(stated_s - length_s) > TOLERANCE_S:
        return (Misfit("film_length", (stated_s, length_s)),)
    return ()


def _part_misfits(truth: Truth, film: CodedFilm) -> tuple[Misfit, ...]:
    """Find that only a part of the film was coded: silence elsewhere says nothing."""
    part = truth.notes.part
    if part is None:
        return ()
    end_s = film.length_s if math.isfinite(film.length_s) else truth.notes.length_s
    uncoded = part.start_s > TOLERANCE_S or part.end_s < end_s - TOLERANCE_S
    if not uncoded:
        return ()
    return (Misfit("part_of_film", (part.start_s, min(part.end_s, end_s))),)


def _span_misfits(truth: Truth, film: CodedFilm) -> tuple[Misfit, ...]:
    """Find events outside of the film, bursts or not: all are of one clock."""
    events: tuple[Episode | OtherEvent, ...] = (*truth.episodes, *truth.others)
    spans = [event.span for event in events]
    found: list[Misfit] = []
    early = [span.start_s for span in spans if span.start_s < -ROUNDING_S]
    if early:
        found.append(Misfit("before_start", (len(early), len(spans), min(early))))
    return (*found, *beyond(events, film.length_s))


def beyond(
    events: Sequence[Episode | OtherEvent], length_s: float
) -> tuple[Misfit, ...]:
    """Find events beyond the end of a film; NaN is the length of no film."""
    late = [
        event.span.end_s
        for event in events
        if event.span.end_s > length_s + TOLERANCE_S
        or event.span.start_s >= length_s + ROUNDING_S
    ]
    if not late:
        return ()
    return (Misfit("beyond_end", (len(late), len(events), max(late), length_s)),)


def _short_misfits(coded: Sequence[Episode]) -> tuple[Misfit, ...]:
    """Find that most bursts are over sooner than anybody could see them."""
    short = sum(burst.span.duration_s < SHORTEST_S for burst in coded)
    if not 2 * short > len(coded):
        return ()
    median_s = statistics.median(burst.span.duration_s for burst in coded)
    return (Misfit("too_short", (short, len(coded), median_s)),)


# --- what a log of the same film says ---------------------------------------


def _pattern_misfits(
    coded: Sequence[Episode], logged: Sequence[Episode]
) -> tuple[Misfit, ...]:
    """Find that coding agrees with a log only when it is moved, or turned round."""
    if logged and not coded:
        return (Misfit("nothing_coded", (len(logged),)),)
    if min(len(coded), len(logged)) < LEAST_TO_COMPARE:
        return ()
    most = max(len(coded), len(logged))
    here = _meeting(coded, logged, lambda side: side)
    turned = _meeting(coded, logged, lambda side: side.other)
    if turned >= MOSTLY * most and here <= turned / 4:
        return (Misfit("other_side", (turned, len(coded))),)
    clock = _clock_misfits(coded, logged, least=LEAST_TO_COMPARE, mostly=MOSTLY)
    if clock:
        return clock
    if here == 0:
        return (Misfit("nothing_in_common", (len(coded), len(logged))),)
    return ()


def _clock_misfits(
    coded: Sequence[Episode],
    logged: Sequence[Episode],
    *,
    least: int,
    mostly: float,
) -> tuple[Misfit, ...]:
    """Find that coding agrees with a log in another unit, or after one shift.

    `least` bursts must agree so, and `mostly` that share of the longer list.
    """
    most = max(len(coded), len(logged))
    if min(len(coded), len(logged)) < least:
        return ()
    factor, scaled, unscaled = _best_factor(coded, logged)
    if scaled >= mostly * most and unscaled <= scaled / 3:
        return (Misfit("scaled", (scaled, len(coded), factor)),)
    shift_s, agreeing, unmoved = _best_shift(coded, logged)
    explains = agreeing >= mostly * most and unmoved <= agreeing / 3
    if explains and abs(shift_s) >= LEAST_SHIFT_S:
        return (Misfit("shifted", (agreeing, len(coded), shift_s)),)
    return ()


def _meeting(
    coded: Sequence[Episode],
    logged: Sequence[Episode],
    seen_on: Callable[[Side], Side],
) -> int:
    """Count coded bursts that overlap a logged one."""
    return sum(
        any(
            seen_on(mine.side) is burst.side and mine.span.overlap_s(burst.span) > 0
            for burst in logged
        )
        for mine in coded
    )


def _best_factor(
    coded: Sequence[Episode], logged: Sequence[Episode]
) -> tuple[float, int, int]:
    """Find the unit or speed at which most onsets agree, how many, and without it.

    One logged burst counts once, however many coded ones fall on it.
    """
    onsets = [(_onsets(coded, side), _onsets(logged, side)) for side in Side]

    def agreeing(factor: float) -> int:
        times = [(factor * mine, theirs) for mine, theirs in onsets]
        return min(
            sum(_near(mine, theirs) for mine, theirs in times),
            sum(_near(theirs, mine) for mine, theirs in times),
        )

    best = max(_FACTORS, key=agreeing)
    return best, agreeing(best), agreeing(1.0)


def _onsets(bursts: Sequence[Episode], side: Side) -> NDArray[np.float64]:
    found = [burst.span.start_s for burst in bursts if burst.side is side]
    return np.sort(np.array(found, np.float64))


def _near(times: NDArray[np.float64], others: NDArray[np.float64]) -> int:
    """Count times near which there is one of the others; both in order."""
    first = np.searchsorted(others, times - SAME_ONSET_S, side="left")
    behind = np.searchsorted(others, times + SAME_ONSET_S, side="right")
    return int(np.count_nonzero(behind > first))


def _best_shift(
    coded: Sequence[Episode], logged: Sequence[Episode]
) -> tuple[float, int, int]:
    """Find the shift after which most onsets agree, how many then do, and without it.

    Every pair of bursts of one side proposes a shift; those that lie together propose
    the same.
    """
    proposed = sorted(
        (burst.span.start_s - mine.span.start_s, place)
        for place, mine in enumerate(coded)
        for burst in logged
        if burst.side is mine.side
    )
    unmoved = {place for shift_s, place in proposed if abs(shift_s) <= SAME_ONSET_S}
    best, first, within = (0.0, 0), 0, Counter[int]()
    for last, (shift_s, place) in enumerate(proposed):
        within[place] += 1
        while shift_s - proposed[first][0] > 2 * SAME_ONSET_S:
            gone = proposed[first][1]
            within[gone] -= 1
            if not within[gone]:
                del within[gone]
            first += 1
        if len(within) > best[1]:
            best = (proposed[(first + last) // 2][0], len(within))
    return (*best, len(unmoved))
