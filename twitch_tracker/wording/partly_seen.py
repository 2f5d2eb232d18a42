"""What was only partly seen, in words: cut-off bursts, eyes hardly open, cut-off faces.

Note: a burst that was cut off lasted at least as long as it was seen, and is never
reported with a length alone; an eye that was hardly ever open is reported of that side
only, and says nothing of the other. Where earlier recordings of the person were used
for what was not seen, the sentence says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from twitch_tracker import units
from twitch_tracker.language import say, say_n
from twitch_tracker.records import KnownUse
from twitch_tracker.regions import Region, Side
from twitch_tracker.wording.terms import region_name

if TYPE_CHECKING:
    from twitch_tracker.records import Episode, HardlyOpen, KnownEye, SideSummary

__all__ = [
    "bilateral_in_words",
    "cut_off_in_words",
    "cut_off_note",
    "edges_not_seen",
    "hardly_open_in_words",
    "known_face_in_words",
    "length_of_burst",
    "longest_burst",
    "regions_unseen_in_words",
]


def _at_least(length: str, *, cut: bool) -> str:
    """Return a length, or that it was at least so long."""
    return say("at least {length}", length=length) if cut else length


def length_of_burst(burst: Episode) -> str:
    """Return how long a burst lasted; of one that was cut off, how long at least."""
    return _at_least(units.duration(burst.span.duration_s), cut=burst.cut)


def longest_burst(numbers: SideSummary) -> str:
    """Return how long the longest burst lasted; any that was cut off may be longer."""
    length = units.duration(numbers.longest_duration_s)
    return _at_least(length, cut=numbers.cut_off > 0)


def edges_not_seen(burst: Episode) -> str:
    """Return a mark for a table: which edge of a burst was not seen; else empty."""
    if burst.onset_cut and burst.offset_cut:
        return say("onset and offset not seen")
    if burst.onset_cut:
        return say("onset not seen")
    return say("offset not seen") if burst.offset_cut else ""


def cut_off_in_words(burst: Episode) -> str:
    """Say which edge of a burst was not seen, and what that means; else empty."""
    length = units.duration(burst.span.duration_s)
    if burst.onset_cut and burst.offset_cut:
        return say(
            "This burst was already going on when it could first be measured, and "
            "still when it could last be. When it began and ended is not known; it "
            "lasted at least {length}.",
            length=length,
        )
    if burst.onset_cut:
        return say(
            "This burst was already going on when it could first be measured. When it "
            "began is not known; it lasted at least {length}.",
            length=length,
        )
    if burst.offset_cut:
        return say(
            "This burst was still going on when it could last be measured. When it "
            "ended is not known; it lasted at least {length}.",
            length=length,
        )
    return ""


def cut_off_note(count: int) -> str:
    """Say how many bursts lasted longer than they were seen; empty for none."""
    if not count:
        return ""
    return say_n(
        "{n} burst was cut off where measuring began or ended; it lasted longer than "
        "it was seen.",
        "{n} bursts were cut off where measuring began or ended; they lasted longer "
        "than they were seen.",
        count,
    )


def bilateral_in_words(burst: Episode) -> str:
    """Say that the other side had a burst at the same time; else empty."""
    if not burst.bilateral:
        return ""
    if burst.side is Side.LEFT:
        return say("The right side had a burst at the same time; it is listed too.")
    return say("The left side had a burst at the same time; it is listed too.")


def hardly_open_in_words(states: Iterable[HardlyOpen]) -> tuple[str, ...]:
    """Say when an eye was hardly ever open, one text a side, right first.

    Parameters
    ----------
    states : iterable of HardlyOpen
        Of one recording, in order of time.

    Returns
    -------
    tuple of str
        Empty when both eyes were open often enough.
    """
    of_both = tuple(states)
    spans = {
        side: "; ".join(_from_to(state) for state in of_both if state.side is side)
        for side in (Side.RIGHT, Side.LEFT)
    }
    return tuple(_of_side(side, when) for side, when in spans.items() if when)


def _from_to(state: HardlyOpen) -> str:
    return say(
        "{start} to {end}",
        start=units.clock(state.span.start_s, 0),
        end=units.clock(state.span.end_s, 0),
    )


def _of_side(side: Side, when: str) -> str:
    if side is Side.LEFT:
        return say(
            "The left eye was hardly ever open ({when}). What an open left eye looks "
            "like could not be seen here; how far it closed in that time is not known, "
            "and bursts of the left side may be missing there.",
            when=when,
        )
    return say(
        "The right eye was hardly ever open ({when}). What an open right eye looks "
        "like could not be seen here; how far it closed in that time is not known, "
        "and bursts of the right side may be missing there.",
        when=when,
    )


def regions_unseen_in_words(unseen_s: Mapping[Region, float]) -> str:
    """Say which regions were outside the picture, and for how long; else empty.

    Parameters
    ----------
    unseen_s : Mapping of Region to float
        Seconds, as in `SessionSummary.regions_unseen_s`.
    """
    if not unseen_s:
        return ""
    return say(
        "Part of the face was outside the picture or covered: {regions}. What happened "
        "there is not known; the rest of the face was measured.",
        regions=", ".join(
            say("{region} for {time}", region=region_name(r), time=units.duration(s))
            for r, s in unseen_s.items()
        ),
    )


def known_face_in_words(known: Mapping[Side, KnownEye]) -> tuple[str, ...]:
    """Say for which eye earlier recordings stood in, right first.

    Parameters
    ----------
    known : Mapping
        From `exchange.saved_summary.SavedSummary.known_face`.

    Returns
    -------
    tuple of str
        Empty where the recording speaks for itself.
    """
    return tuple(
        _from_earlier(side, len(known[side].recordings))
        for side in (Side.RIGHT, Side.LEFT)
        if side in known and known[side].use is KnownUse.USED
    )


def _from_earlier(side: Side, count: int) -> str:
    if side is Side.LEFT:
        return say_n(
            "How wide the left eye opens was taken from {n} earlier recording of the "
            "same person.",
            "How wide the left eye opens was taken from {n} earlier recordings of the "
            "same person.",
            count,
        )
    return say_n(
        "How wide the right eye opens was taken from {n} earlier recording of the same "
        "person.",
        "How wide the right eye opens was taken from {n} earlier recordings of the same "
        "person.",
        count,
    )
