"""Whether coding fits the film it is taken for: one check for every foreign time axis.

Knows what can show that coded times are of another film or another clock: the name and
the length that a file tells, events outside of the film, a part of the film that alone
was coded, no film at all; and, where a log of the same film is there, times that would
agree with it after one shift, or on the other side of the face. The convention that
bites: it refuses nothing by itself; it says what does not fit, as codes and numbers, and
`unfit` makes the error of them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from twitch_tracker.errors import CodingDoesNotFit, Misfit, coding_does_not_fit
from twitch_tracker.exchange.coding.coded import OtherEvent, Truth
from twitch_tracker.exchange.coding.films import CodedFilm, same_name
from twitch_tracker.records import Episode
from twitch_tracker.regions import Side
from twitch_tracker.timebase import Interval

__all__ = ["TOLERANCE_S", "beyond", "fitted", "length_misfits", "misfits", "unfit"]

TOLERANCE_S: Final = 1.0
"""By how much told lengths of one film differ: sound often lasts longer than pictures,
and programs that play a film stop events at the end of either."""

ROUNDING_S: Final = 0.0015
"""Foreign formats keep milliseconds."""

LEAST_TO_COMPARE: Final = 3
"""So many bursts have to be coded, and logged, before they are compared."""

SAME_ONSET_S: Final = 0.25
"""Onsets of the same burst, marked twice, differ by less (people's reaction times)."""

LEAST_SHIFT_S: Final = 1.0
"""Smaller shifts may be the reaction time of who coded."""

_RATES: Final = (24.0, 25.0, 30.0, 50.0, 60.0)

_FACTORS: Final = (
    *(1e-3, 1 / 60, 60.0, *(1 / rate for rate in _RATES)),
    *(one / other for one in _RATES for other in _RATES if one != other),
    *(0.125, 0.25, 4.0, 8.0),
)
"""By which times are wrong that are no seconds of this film: milliseconds, minutes, numbers
of pictures, pictures counted at another rate, a film that was played slower or faster."""

MOSTLY: Final = 0.6
"""A shift or another side explains coding when so much of both agrees after it."""


def misfits(
    truth: Truth, film: CodedFilm, logged: Sequence[Episode] = ()
) -> tuple[Misfit, ...]:
    """Say what speaks against coding being of a film.

    Parameters
    ----------
    truth : Truth
        What was coded, on the clock of the film if the file tells how.
    film : CodedFilm
        The film; what is not known of it is not compared.
    logged : sequence of Episode
        What was detected in the same film, if coding is to be a review of it. Not for
        judging the detector, which may be wrong about side and time.

    Returns
    -------
    tuple of Misfit
        Empty when nothing does.
    """
    return (
        *_name_misfits(truth, film),
        *length_misfits(truth.told.length_s, film.length_s),
        *_part_misfits(truth, film),
        *_span_misfits(truth, film),
        *_pattern_misfits(truth.episodes, logged),
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
    told = truth.told
    if told.live:
        return (Misfit("no_film"),)
    named = [name for name in (*told.films, told.recording) if name]
    if not film.file_name or not told.films:
        return ()
    if any(same_name(name, film) for name in named):
        return ()
    return (Misfit("film_name", (", ".join(told.films),)),)


def length_misfits(told_s: float, length_s: float) -> tuple[Misfit, ...]:
    """Compare two lengths of one film, in seconds; NaN is compared with nothing."""
    if abs(told_s - length_s) > TOLERANCE_S:
        return (Misfit("film_length", (told_s, length_s)),)
    return ()


def _part_misfits(truth: Truth, film: CodedFilm) -> tuple[Misfit, ...]:
    """Find that only a part of the film was coded: silence elsewhere says nothing."""
    part = truth.told.part
    if part is None:
        return ()
    end_s = film.length_s if math.isfinite(film.length_s) else truth.told.length_s
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
    factor, scaled, unscaled = _best_factor(coded, logged)
    if scaled >= MOSTLY * most and unscaled <= scaled / 3:
        return (Misfit("scaled", (scaled, len(coded), factor)),)
    shift_s, agreeing, unmoved = _best_shift(coded, logged)
    explains = agreeing >= MOSTLY * most and unmoved <= agreeing / 3
    if explains and abs(shift_s) >= LEAST_SHIFT_S:
        return (Misfit("shifted", (agreeing, len(coded), shift_s)),)
    if here == 0:
        return (Misfit("nothing_in_common", (len(coded), len(logged))),)
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

    def agreeing(factor: float) -> int:
        pairs = [
            (place, other)
            for place, mine in enumerate(coded)
            for other, burst in enumerate(logged)
            if mine.side is burst.side
            and abs(factor * mine.span.start_s - burst.span.start_s) <= SAME_ONSET_S
        ]
        return (
            min(len(set(places)) for places in zip(*pairs, strict=True)) if pairs else 0
        )

    best = max(_FACTORS, key=agreeing)
    return best, agreeing(best), agreeing(1.0)


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
