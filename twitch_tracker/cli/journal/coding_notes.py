"""Print notes on imported coding: what did not fit, what was moved."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from twitch_tracker.language import say, say_n

if TYPE_CHECKING:
    from twitch_tracker.errors import Misfit
    from twitch_tracker.exchange.coding.films import FilmNotes

__all__ = ["print_film_notes", "say_overridden"]


def say_overridden(name: str, misfits: Iterable[Misfit]) -> None:
    """Name what ``--force`` overrode, one line each, on stderr."""
    from twitch_tracker.errors import misfit_in_words

    for misfit in misfits:
        print(
            say(
                "warning: {name}: {why}; imported anyway (--force)",
                name=name,
                why=misfit_in_words(misfit),
            ),
            file=sys.stderr,
        )


def print_film_notes(name: str, notes: FilmNotes) -> None:
    """Say from where times were counted, and what was left out, on stderr."""
    if notes.shifted_s:
        print(
            say(
                "note: {name}: the film begins at {at:g} s of its clock; times are "
                "counted from there",
                name=name,
                at=notes.shifted_s,
            ),
            file=sys.stderr,
        )
    if notes.elsewhere:
        print(
            say_n(
                "note: {name}: {n} event of another film is left out",
                "note: {name}: {n} events of other films are left out",
                notes.elsewhere,
                name=name,
            ),
            file=sys.stderr,
        )
