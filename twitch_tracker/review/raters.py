"""Raters, and what is shown to them."""

from __future__ import annotations

from dataclasses import dataclass

from twitch_tracker.journal.entries import Way

__all__ = ["Rater"]


@dataclass(frozen=True, kw_only=True)
class Rater:
    """Who reviews.

    Attributes
    ----------
    name : str
        As it was typed.
    way : Way
        What is shown.
    """

    name: str
    way: Way = Way.OPEN

    @property
    def blind(self) -> bool:
        """Whether the program's certainty and other people's verdicts are hidden."""
        return self.way is not Way.OPEN

    @property
    def scratch(self) -> bool:
        """Whether the program's bursts are hidden, too."""
        return self.way is Way.SCRATCH
