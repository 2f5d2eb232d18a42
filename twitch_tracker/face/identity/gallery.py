"""What the subject has looked like in this recording so far.

A handful of good views, which grows when the subject shows a new one. Note: only views
of frames that are usable and certainly the subject's may be learned, or the gallery
would drift to somebody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from twitch_tracker.face.likeness import (
    StackedViews,
    View,
    compare_all,
    stack_views,
)

__all__ = ["Gallery"]

MOST_VIEWS: Final = 16
ANCHORS: Final = 4
"""The first views are never dropped."""

NEW_VIEW: Final = 1.85
"""A view less alike than this to all known ones is worth keeping."""

CONFIRMED_AFTER: Final = 8
"""Usable frames after which the choice of subject stands."""


class Gallery:
    """Good views of one person."""

    def __init__(self) -> None:
        """Start empty."""
        self._views: tuple[View, ...] = ()
        self._stacked: StackedViews | None = None
        self._learned = 0

    @property
    def confirmed(self) -> bool:
        """Whether enough was seen to recognise the subject among others."""
        return self._learned >= CONFIRMED_AFTER

    @property
    def known(self) -> tuple[View, ...]:
        """The views known so far: another tuple as soon as anything changes."""
        return self._views

    def match(self, views: Sequence[View]) -> list[tuple[float, View | None]]:
        """Return the likeness of each view to the most alike known one, and that one.

        0 and None when no view is known.
        """
        if self._stacked is None:
            return [(0.0, None)] * len(views)
        likenesses = compare_all(views, self._stacked)
        best = likenesses.argmax(axis=1)
        return [
            (float(row[at]), self._views[at])
            for row, at in zip(likenesses, best.tolist(), strict=True)
        ]

    def learn(self, view: View, likeness: float) -> None:
        """Take a usable view of the subject into account.

        Parameters
        ----------
        view : View
            What the subject looks like.
        likeness : float
            What `match` said of it.
        """
        self._learned += 1
        if self._views and likeness >= NEW_VIEW:
            return
        kept = self._views
        if len(kept) == MOST_VIEWS:
            kept = kept[:ANCHORS] + kept[ANCHORS + 1 :]
        self._views = (*kept, view)
        self._stacked = stack_views(self._views)

    def forget(self) -> None:
        """Start afresh with another person."""
        self._views = ()
        self._stacked = None
        self._learned = 0
