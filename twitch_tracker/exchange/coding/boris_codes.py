"""What happened in a recording, in the codes of our BORIS projects.

Knows the names of behaviours, subjects and modifiers, and the order of BORIS; nothing
of its files. Note: BORIS sorts by time, subject and behaviour, and pairs starts with
stops by that order, so a stop comes before a start of its kind.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from twitch_tracker.errors import BadTable
from twitch_tracker.exchange.coding.coded import ALL_NOTED, noted
from twitch_tracker.exchange.coding.details import blink_comment, comment
from twitch_tracker.exchange.coding.recording import Coding, ms, rater_words, tracks
from twitch_tracker.language import say
from twitch_tracker.records import Episode

__all__ = [
    "BURST",
    "BorisEvent",
    "blink_name",
    "check_names",
    "events",
    "fps",
    "marks",
    "seconds_text",
]

BURST: Final = "burst"
BLINK: Final = "blink"
_NONE: Final = "None"
"""BORIS's word for a set of modifiers of which nothing was chosen."""


@dataclass(frozen=True, kw_only=True)
class BorisEvent:
    """One state event."""

    start_ms: int
    end_ms: int
    subject: str
    behavior: str
    modifiers: tuple[str, ...]
    comment: str


def _burst(burst: Episode) -> BorisEvent:
    kind, first, regions = rater_words(burst)
    unknown = frozenset(what for what in ALL_NOTED if not noted(burst, what))
    chosen = (kind, f"{first} first" if first else "", ",".join(regions))
    return BorisEvent(
        start_ms=ms(burst.span.start_s),
        end_ms=ms(burst.span.end_s),
        subject=f"{burst.side} side",
        behavior=BURST,
        modifiers=tuple(word or _NONE for word in chosen),
        comment=comment(burst, unknown),
    )


def blink_name(track: int) -> str:
    """Name blinks; those that overlap another one have a name of their own."""
    return BLINK if track == 1 else f"{BLINK} {track}"


def events(coding: Coding) -> list[BorisEvent]:
    """Return everything that happened, in order of time."""
    blinks = (
        BorisEvent(
            start_ms=ms(blink.span.start_s),
            end_ms=ms(blink.span.end_s),
            subject="",
            behavior=blink_name(track),
            modifiers=(),
            comment=blink_comment(blink),
        )
        for blink, track in tracks(coding.blinks)
    )
    found = [*map(_burst, coding.episodes), *blinks]
    return sorted(found, key=lambda event: (event.start_ms, event.end_ms))


def marks(coding: Coding) -> list[tuple[int, str, BorisEvent]]:
    """Return starts and stops in BORIS's order; a stop before a start of its kind."""
    happened = events(coding)
    found = [(event.end_ms, "STOP", event) for event in happened]
    found += [(event.start_ms, "START", event) for event in happened]
    return sorted(
        found, key=lambda m: (m[0], m[2].subject, m[2].behavior, m[1] == "START")
    )


def seconds_text(time_ms: int) -> str:
    """Write a time as BORIS does."""
    return f"{time_ms / 1000:.3f}"


def fps(coding: Coding) -> float:
    """Return the frame rate; BORIS has 0 for what it does not know."""
    return coding.fps if math.isfinite(coding.fps) else 0.0


def check_names(codings: Sequence[Coding]) -> None:
    """Make sure that every recording has a name of its own.

    Raises
    ------
    BadTable
        Two have the same, or one has none or spaces at its ends.
    """
    names = [coding.name for coding in codings]
    twice = sorted({name for name in names if names.count(name) > 1})
    bad = [name for name in names if not name or name != name.strip()]
    if twice or bad:
        raise BadTable(
            say(
                "BORIS expects every recording to have a name of its own, without "
                "spaces at its ends; got {names}. Rename the recording or export it "
                "alone.",
                names=", ".join(map(repr, twice or bad)),
            )
        )
