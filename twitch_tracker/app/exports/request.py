"""What can be taken out of the app, as nouns; `handouts` makes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from twitch_tracker.history import Basis

__all__ = ["ExportKind", "ExportRequest", "ExportedFile"]


class ExportKind(StrEnum):
    """What can be taken out."""

    PDF = "pdf"
    PAGE = "page"
    SERIES = "series"
    CSV = "csv"
    BORIS = "boris"
    BORIS_TABLE = "boris-table"
    BORIS_EVENTS = "boris-events"
    ELAN = "elan"
    ELAN_TAB = "elan-tab"
    FHIR = "fhir"


@dataclass(frozen=True, kw_only=True)
class ExportRequest:
    """What is to be taken out of whom."""

    what: ExportKind
    patient_id: str
    basis: Basis = Basis.DETECTED
    notes: bool = False


@dataclass(frozen=True, kw_only=True)
class ExportedFile:
    """One file."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
