"""The side of the face and the kind of task, to begin a sentence with."""

from __future__ import annotations

from typing import Final

from twitch_tracker.history import TaskKind
from twitch_tracker.language import mark, say, uncapitalised
from twitch_tracker.regions import Side

__all__ = ["at_place", "kind_words", "place_words"]

_KINDS: Final = {
    TaskKind.REST: mark("at rest"),
    TaskKind.PROVOKED: mark("in triggering tasks"),
    TaskKind.AFTER: mark("at rest after the tasks"),
    TaskKind.OTHER: mark("in other recordings"),
}

_SIDES: Final = {
    None: mark("Both sides"),
    Side.LEFT: mark("Left side"),
    Side.RIGHT: mark("Right side"),
}


def kind_words(kind: TaskKind) -> str:
    """Return in which tasks."""
    return say(_KINDS[kind])


def place_words(side: Side | None, kind: TaskKind) -> str:
    """Return where: side and kind of task, to begin a reading with."""
    return say("{side}, {kind}", side=say(_SIDES[side]), kind=kind_words(kind))


def at_place(side: Side | None, kind: TaskKind, sentence: str) -> str:
    """Put side and kind of task before a sentence, which goes on in small letters."""
    # TRANSLATORS: {clause} begins with a small letter; write {sentence} instead where
    # your language would go on with the letter that the sentence begins with.
    return say(
        "{place}: {clause}",
        place=place_words(side, kind),
        clause=uncapitalised(sentence),
        sentence=sentence,
    )
