"""Count packets that did not become a sound picture.

Note: decoders often drop what they cannot read without an error, and with several
threads an error is reported for a later packet than the one that caused it. So it is
counted by stamps: pictures come out in order of presentation, and a packet whose stamp
lies before that of a picture already out is lost. This holds for codecs that make
exactly one picture of one packet; for the others (VP8, VP9, AV1 have hidden pictures)
reported errors are counted.
"""

from __future__ import annotations

from typing import Final

__all__ = ["LossCounter"]

_ONE_TO_ONE: Final = frozenset(
    {"h264", "hevc", "mjpeg", "mpeg4", "png", "prores", "dnxhd", "ffv1"}
)


class LossCounter:
    """Counts damaged packets of one stream, each once.

    Parameters
    ----------
    codec : str
        Name of the codec.
    """

    def __init__(self, codec: str) -> None:
        """Start with nothing lost."""
        self._watching = codec in _ONE_TO_ONE
        self._first: int | None = None
        self._pending: set[int] = set()
        self._given_up: set[int] = set()
        self._marked: set[int] = set()
        self._errors = 0

    @property
    def count(self) -> int:
        """Damaged packets so far."""
        return self._errors + len(self._given_up | self._marked)

    def sent(self, pts: int | None) -> None:
        """Note a packet given to the decoder."""
        if self._watching and pts is not None:
            self._pending.add(pts)

    def failed(self, pts: int | None) -> None:
        """Note an error of the decoder while it held this packet."""
        if not self._watching or pts is None:
            self._errors += 1

    def marked(self, pts: int | None) -> None:
        """Note a packet or picture that is known to be damaged."""
        if pts is None:
            self._errors += 1
        else:
            self._marked.add(pts)

    def unreadable(self) -> None:
        """Note a read from the file that failed."""
        self._errors += 1

    def shown(self, pts: int | None, *, interlaced: bool) -> None:
        """Note a picture that came out; two interlaced packets may be one."""
        if interlaced:
            self._watching = False
            self._pending.clear()
            self._given_up.clear()
        if not self._watching or pts is None:
            return
        self._first = pts if self._first is None else self._first
        self._pending.discard(pts)
        self._given_up.discard(pts)
        self._give_up({p for p in self._pending if p < pts})

    def ended(self) -> None:
        """Note that the decoder has given everything it had."""
        self._give_up(set(self._pending))

    def _give_up(self, stamps: set[int]) -> None:
        """Count stamps as lost, except those before the first picture.

        Reading may begin in the middle of a group of pictures, whose leading
        pictures nobody can decode; that is no damage.
        """
        self._pending -= stamps
        first = self._first
        self._given_up |= {p for p in stamps if first is None or p > first}
