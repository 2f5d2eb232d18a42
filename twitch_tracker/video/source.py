"""The interface between recordings and everything after: one frame after another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, Self

from twitch_tracker.records import Damage, Frame, VideoInfo

__all__ = ["VideoSource"]


class VideoSource(Protocol):
    """Something that shows frames in order of presentation.

    Iterating reads the source once, from its first frame; times increase
    strictly. `damage` grows while reading.
    """

    @property
    def info(self) -> VideoInfo:
        """What is known before reading."""
        ...

    @property
    def damage(self) -> Damage:
        """What was wrong with the stream so far."""
        ...

    def __iter__(self) -> Iterator[Frame]:
        """Iterate over the shown frames."""
        ...

    def close(self) -> None:
        """Release the file or camera; harmless when called twice."""
        ...

    def __enter__(self) -> Self:
        """Open for a ``with`` block."""
        ...

    def __exit__(self, *_: object) -> None:
        """Close at the end of a ``with`` block."""
        ...
