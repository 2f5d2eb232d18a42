"""Leftover files in words, and what to do about them."""

from __future__ import annotations

from typing import Final

from twitch_tracker.app.keeping.leftovers import Leftover, LeftoverKind
from twitch_tracker.language import mark, say, say_n

__all__ = ["leftover_advice", "leftover_text", "unknown_films_text"]

_WHAT: Final = {
    LeftoverKind.LOST_FILM: mark(
        "a recording whose details were lost ({size} MB): {path}"
    ),
    LeftoverKind.FILM_OF_NOBODY: mark(
        "a recording of {owner}, who is not in the journal ({size} MB): {path}"
    ),
    LeftoverKind.COPY_OF_NOTHING: mark(
        "a review copy of a recording that is not in the journal ({size} MB): {path}"
    ),
    LeftoverKind.HALF_RESTORED: mark(
        "files left by an interrupted restore ({size} MB): {path}"
    ),
}


def leftover_text(leftover: Leftover) -> str:
    """Describe a leftover."""
    text = say(
        _WHAT[leftover.kind],
        size=f"{leftover.size_bytes / 1e6:.1f}",
        path=leftover.path,
        owner=leftover.owner,
    )
    if leftover.kind is LeftoverKind.LOST_FILM and leftover.owner:
        return say("{what} (of {owner})", what=text, owner=leftover.owner)
    return text


def leftover_advice(leftover: Leftover) -> str:
    """Return what to do about it."""
    if leftover.kind is LeftoverKind.LOST_FILM:
        return say(
            "It may show a face. If you miss a recording, copy the film out of this "
            "folder and add it in the app again; then remove the folder: "
            "twitch-tracker journal leftovers --remove {path} --yes",
            path=leftover.path,
        )
    return say(
        "If it is not needed: twitch-tracker journal leftovers --remove {path} --yes",
        path=leftover.path,
    )


def unknown_films_text(count: int) -> str:
    """Return what is still there when somebody was forgotten: whose it is, nobody knows."""
    return say_n(
        "Attention: nobody knows whose {n} recording in the app's folder is, so it is "
        "still there and may show this face. Look at it: twitch-tracker journal "
        "leftovers",
        "Attention: nobody knows whose {n} recordings in the app's folder are, so they "
        "are still there and may show this face. Look at them: twitch-tracker journal "
        "leftovers",
        count,
    )
