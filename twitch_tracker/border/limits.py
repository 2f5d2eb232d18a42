"""Limits on files from elsewhere, each with its reason.

A limit is far above what people have and far below what hurts a computer: with all of
them a reader needs less than 1 GB and a few seconds, whatever the file is. Sizes are
bytes. The message names the limit and its number.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "MOST_ANNOTATIONS",
    "MOST_COLUMNS",
    "MOST_COUNT",
    "MOST_DOCUMENT_BYTES",
    "MOST_FOOTER_BYTES",
    "MOST_FOOTER_ITEMS",
    "MOST_FRAMES",
    "MOST_PARQUET_BYTES",
    "MOST_PICTURE_PIXELS",
    "MOST_ROWS",
    "MOST_TEXT_BYTES",
]

MOST_TEXT_BYTES: Final = 16 * 2**20
"""Any text, also unpacked. A day with 20 bursts a minute is a table of 5 MB."""

MOST_DOCUMENT_BYTES: Final = 8 * 2**20
"""JSON and XML: a year of coding in BORIS is about 1 MB. A document that is parsed takes
up to eighty times its text."""

MOST_ROWS: Final = 100_000
"""Of a text table; the same day has 28,800."""

MOST_COLUMNS: Final = 1_000
"""Of a text table; BORIS writes about 40. A cell has at most the 131,072 characters of
Python's `csv`."""

MOST_ANNOTATIONS: Final = 100_000
"""Of an ELAN or BORIS document."""

MOST_COUNT: Final = 10**9
"""Of anything that is counted in a recording."""

MOST_PARQUET_BYTES: Final = 2**30
"""Of a file of signals; an hour at 30 frames a second has about 25 MB."""

MOST_FOOTER_BYTES: Final = 512 * 2**10
"""Of a Parquet file's description of itself; that of a day's signals has 60 kB. What
parses it needs up to two thousand times as much memory."""

MOST_FOOTER_ITEMS: Final = 5_000
"""Of any list in such a footer."""

MOST_FRAMES: Final = 1_500_000
"""Of a file of signals: 14 hours at 30 frames a second, 700 MB of numbers."""

MOST_PICTURE_PIXELS: Final = 8_192 * 4_320
"""Of one picture of a film: 8K. A telephone films at most that; a decoder needs about
fifteen bytes a pixel, several pictures at a time."""
