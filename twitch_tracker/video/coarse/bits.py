"""Read the headers of pictures bit by bit, as the standards of codecs define them.

Reading past the end raises `EndOfBits`; nothing else is raised, whatever the bytes are.
"""

from __future__ import annotations

__all__ = ["Bits", "EndOfBits"]

_LONGEST_EXP_GOLOMB = 32


class EndOfBits(ValueError):
    """A header is shorter than it says, or no such header."""


class Bits:
    """Bytes as a row of bits, the most significant first.

    Parameters
    ----------
    data : bytes
        What is read.
    """

    def __init__(self, data: bytes) -> None:
        """Begin at the first bit."""
        self._data = data
        self._at = 0

    def take(self, n: int) -> int:
        """Read an unsigned number of `n` bits."""
        end = self._at + n
        if n < 0 or end > 8 * len(self._data):
            raise EndOfBits
        first, last = self._at // 8, (end + 7) // 8
        number = int.from_bytes(self._data[first:last], "big") >> (8 * last - end)
        self._at = end
        return number & ((1 << n) - 1)

    def flag(self) -> bool:
        """Read one bit."""
        return self.take(1) == 1

    def skip(self, n: int) -> None:
        """Skip `n` bits."""
        self.take(n)

    def unsigned(self) -> int:
        """Read an Exp-Golomb code, ``ue(v)`` of ITU-T H.264 and H.265, 9.1 and 9.2."""
        zeros = 0
        while not self.flag():
            zeros += 1
            if zeros > _LONGEST_EXP_GOLOMB:
                raise EndOfBits
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        """Read a signed Exp-Golomb code, ``se(v)``."""
        code = self.unsigned()
        return (code + 1) // 2 if code % 2 else -(code // 2)
