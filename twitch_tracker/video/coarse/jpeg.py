"""The step of a picture of Motion JPEG, from its tables (ITU-T T.81, annex B.2.4.1)."""

from __future__ import annotations

from typing import Final

__all__ = ["read_step"]

_TABLES: Final = b"\xff\xdb"
_VALUES: Final = 64
_LOW: Final = slice(1, 15)
"""The lowest frequencies of a block in zigzag order, without the mean (DC)."""


def read_step(packet: bytes) -> float | None:
    """Read how coarsely a picture was written.

    Parameters
    ----------
    packet : bytes
        The picture as stored.

    Returns
    -------
    float or None
        Mean step of the low frequencies of its first table (brightness); None without one.
    """
    at = packet.find(_TABLES)
    if at < 0 or len(packet) < at + 5:
        return None
    wide = packet[at + 4] >> 4 == 1
    size = 2 if wide else 1
    table = packet[at + 5 : at + 5 + size * _VALUES]
    if len(table) < size * _VALUES:
        return None
    values = [
        int.from_bytes(table[k : k + size], "big") for k in range(0, len(table), size)
    ][_LOW]
    return sum(values) / len(values)
