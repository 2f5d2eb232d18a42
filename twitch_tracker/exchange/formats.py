"""What can be written for other programs; light, as ``--help`` needs it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

__all__ = ["CODED", "SEVERAL_FILES", "Detail", "FileFormat"]


class FileFormat(StrEnum):
    """What can be written."""

    BORIS = "boris"
    BORIS_TABLE = "boris-table"
    BORIS_EVENTS = "boris-events"
    ELAN = "elan"
    ELAN_TAB = "elan-tab"
    FHIR = "fhir"
    CSV = "csv"
    DICTIONARY = "dictionary"


CODED: Final = frozenset(
    {
        FileFormat.BORIS,
        FileFormat.BORIS_TABLE,
        FileFormat.BORIS_EVENTS,
        FileFormat.ELAN,
        FileFormat.ELAN_TAB,
    }
)
"""The formats of codings; FHIR and CSV are about people."""

SEVERAL_FILES: Final = frozenset({FileFormat.CSV, FileFormat.ELAN, FileFormat.ELAN_TAB})
"""The formats of several files, usually."""


class Detail(StrEnum):
    """How much of each recording goes out.

    `HEADLINE` is one observation of both sides: bursts, their rate, the share of time
    in them, minutes measured, task. `FULL` has every measure of each side.
    """

    HEADLINE = "headline"
    FULL = "full"
