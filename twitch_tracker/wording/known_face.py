"""What earlier recordings did for the open eyes of one, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from twitch_tracker.language import say_n
from twitch_tracker.records import KnownUse
from twitch_tracker.regions import Side

if TYPE_CHECKING:
    from twitch_tracker.records import KnownEye

__all__ = ["known_face_in_words"]


def known_face_in_words(known: Mapping[Side, KnownEye]) -> tuple[str, ...]:
    """Say for which eye earlier recordings stood in, right first.

    Parameters
    ----------
    known : Mapping
        From `exchange.open_eyes.read_known_face`.

    Returns
    -------
    tuple of str
        Empty where the recording speaks for itself.
    """
    return tuple(
        _of_side(side, len(known[side].recordings))
        for side in (Side.RIGHT, Side.LEFT)
        if side in known and known[side].use is KnownUse.USED
    )


def _of_side(side: Side, count: int) -> str:
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
