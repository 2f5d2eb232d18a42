"""What is said of a file before any number of it: damage, joins, slow motion, films.

The convention that bites: every kind of loss is told where it happened at all, because
a loss that is only counted is a log that changed in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from twitch_tracker.language import say, say_n
from twitch_tracker.records import Damage
from twitch_tracker.records.reasons import Reason
from twitch_tracker.wording.units import listed

__all__ = ["damage_in_words", "said_in_words"]


def damage_in_words(damage: Damage) -> tuple[str, ...]:
    """Say what was lost of a file, every kind of it; empty for a sound one.

    Parameters
    ----------
    damage : Damage
        As counted while it was read.

    Returns
    -------
    tuple of str
        Whole sentences.
    """
    said = []
    if lost := _lost(damage):
        said.append(
            say(
                "The file is damaged or incomplete ({lost}). What is missing is in no "
                "number here.",
                lost=listed(lost),
            )
        )
    if damage.joins:
        said.append(
            say_n(
                "Recordings were put together in this file: its clock starts anew at "
                "{n} place. The times go on there; what happened between is not known, "
                "and no burst reaches over it.",
                "Recordings were put together in this file: its clock starts anew at "
                "{n} places. The times go on there; what happened between is not "
                "known, and no burst reaches over it.",
                damage.joins,
            )
        )
    return tuple(said)


def _lost(damage: Damage) -> list[str]:
    """Name what was lost, one clause a kind."""
    kinds = (
        (
            damage.damaged_packets,
            lambda n: say_n("{n} damaged packet", "{n} damaged packets", n),
        ),
        (
            damage.backward_stamps,
            lambda n: say_n(
                "{n} picture with a time before the last one",
                "{n} pictures with times before the last one",
                n,
            ),
        ),
        (
            damage.duplicate_stamps,
            lambda n: say_n(
                "{n} picture with the time of the last one",
                "{n} pictures with the time of the last one",
                n,
            ),
        ),
        (
            damage.missing_stamps,
            lambda n: say_n(
                "{n} picture without a time", "{n} pictures without a time", n
            ),
        ),
    )
    return [words(count) for count, words in kinds if count]


def said_in_words(notes: Iterable[str]) -> tuple[str, ...]:
    """Say what a reader must know of how a file was read.

    Parameters
    ----------
    notes : iterable of str
        `VideoInfo.said`; what is no known code is left out.

    Returns
    -------
    tuple of str
        Whole sentences.
    """
    said = []
    for note in notes:
        reason = Reason.read(note)
        words = _SAID.get(reason.code)
        if words is not None:
            said.append(words(*reason.values))
    return tuple(said)


def _slow_motion(capture: str, stored: str) -> str:
    return say(
        "This is slow motion: {capture} pictures a second were taken, and the file "
        "plays {stored}. All times here are as lived, not as played. If that is wrong, "
        "say --capture-fps {stored}.",
        capture=capture,
        stored=stored,
    )


def _time_lapse(capture: str, stored: str) -> str:
    return say(
        "This is time lapse: {capture} pictures a second were taken, and the file plays "
        "{stored}. All times here are as lived, not as played. If that is wrong, say "
        "--capture-fps {stored}.",
        capture=capture,
        stored=stored,
    )


def _unclear(capture: str, stored: str) -> str:
    return say(
        "The file says that {capture} pictures a second were taken, but it plays "
        "{stored} and has sound of the same length. It was taken to play as lived. If "
        "it is slow motion, all times here are too long: say --capture-fps {capture}.",
        capture=capture,
        stored=stored,
    )


def _one_of_films(read: str, *numbers: str) -> str:
    return say(
        "The file holds {n} videos ({numbers}). Number {read} was read, as a player "
        "shows it; --stream N takes another.",
        n=len(numbers),
        numbers=listed(numbers),
        read=read,
    )


_SAID: Final[dict[str, Callable[..., str]]] = {
    "slow_motion": _slow_motion,
    "time_lapse": _time_lapse,
    "slow_motion_unclear": _unclear,
    "one_of_films": _one_of_films,
}
