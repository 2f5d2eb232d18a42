"""What can be taken out of the app, as values; `files` makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from twitch_tracker.exchange.formats import FileFormat
from twitch_tracker.history import USUAL_BASIS, Basis

__all__ = [
    "EXPORT_KINDS",
    "CourseFile",
    "ExportKind",
    "ExportRequest",
    "ExportedFile",
    "OnShare",
]


class CourseFile(StrEnum):
    """The course of a person, as one file."""

    PDF = "pdf"
    PAGE = "page"
    SERIES = "series"


ExportKind = CourseFile | FileFormat

OnShare = Callable[[float], None]
"""Called now and then with the share that is done, roughly, 0 to 1."""

EXPORT_KINDS: Final[tuple[ExportKind, ...]] = (
    *CourseFile,
    *(one for one in FileFormat if one is not FileFormat.DICTIONARY),
)
"""What can be taken out; the dictionary goes with the tables."""


@dataclass(frozen=True, kw_only=True)
class ExportRequest:
    """What to export, and of whom."""

    what: ExportKind
    patient_id: str
    basis: Basis = USUAL_BASIS
    notes: bool = False


@dataclass(frozen=True, kw_only=True)
class ExportedFile:
    """One file."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
