"""What each format of an export is called, and what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from twitch_tracker.exchange.formats import FileFormat
from twitch_tracker.language import mark

__all__ = ["EXPORT_FORMATS"]

EXPORT_FORMATS: Final[Mapping[FileFormat, tuple[str, str]]] = {
    FileFormat.CSV: (
        mark("Tables as CSV"),
        mark("Recordings, bursts, blinks, treatments, diary, and what each column is"),
    ),
    FileFormat.BORIS: (
        mark("BORIS project"),
        mark("All recordings with their bursts, for coding in BORIS"),
    ),
    FileFormat.BORIS_TABLE: (
        mark("BORIS, aggregated events"),
        mark("One line for each burst"),
    ),
    FileFormat.BORIS_EVENTS: (
        mark("BORIS, tabular events"),
        mark("One line for each beginning and end"),
    ),
    FileFormat.ELAN: (mark("ELAN"), mark("An .eaf file for each recording")),
    FileFormat.ELAN_TAB: (
        mark("ELAN, tab-delimited"),
        mark("A text for each recording"),
    ),
    FileFormat.FHIR: (
        mark("FHIR R4"),
        mark("A bundle for a hospital's system, under the pseudonym"),
    ),
    FileFormat.DICTIONARY: (
        mark("Data dictionary"),
        mark("What each column of every table means"),
    ),
}
"""Name and explanation of each, in their order; catalogue keys."""
