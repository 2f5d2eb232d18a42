"""What the subject has looked like in this recording so far.

A handful of good views, which grows when the subject shows a new one. The
convention that bites: only views of frames that are usable and certainly the
subject's may be learned, or the gallery would drift to somebody else.
"""

from __future__ import annotations

from typing import Final

from twitch_tracker.face.likeness import View, compute_likenesses

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
        self._views: list[View] = []
        self._learned = 0

    @property
    def confirmed(self) -> bool:
        """Whether enough was seen to tell the subject from others."""
        return self._learned >= CONFIRMED_AFTER

    def match(self, view: View) -> tuple[float, View | None]:
        """Return the likeness to the most alike known view, and that view.

        0 and None when no view is known.
        """
        if not self._views:
            return 0.0, None
        likenesses = compute_likenesses(view, self._views)
        best = int(likenesses.argmax())
        return float(likenesses[best]), self._views[best]

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
        self._views.append(view)
        if len(self._views) > MOST_VIEWS:
            del self._views[ANCHORS]

    def forget(self) -> None:
        """Start afresh with another person."""
        self._views.clear()
        self._learned = 0
