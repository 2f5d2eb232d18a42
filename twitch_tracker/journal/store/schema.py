"""The tables of a journal, as this version of the software wants them.

`migrations/versions` makes them so, step by step; a test compares both. Note: a moment
is ISO 8601 text with its offset (and, where sorted by, seconds since 1970 beside it);
NULL is "not measured" or "not known"; JSON is text; bulky columns stand last, so that a
reader of the first ones never touches them.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from twitch_tracker.history import DIARY_FACTORS
from twitch_tracker.records.episode_fields import (
    STORED_FIELDS,
    CellKind,
    EpisodeField,
)
from twitch_tracker.records.face_numbers import FACE_NUMBERS

__all__ = [
    "HEAD",
    "REVISIONS_KNOWN",
    "blinks",
    "change_counts",
    "changes",
    "diary",
    "episodes",
    "metadata",
    "methods",
    "patients",
    "recordings",
    "review_marks",
    "reviews",
    "revisions",
    "side_totals",
    "treatments",
]

REVISIONS_KNOWN: Final = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
)
"""Every migration of this version, oldest first."""

HEAD: Final = REVISIONS_KNOWN[-1]
"""The migration after which the tables are as below."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key() -> Column[int]:
    """Make a number that is never given twice, not even after removal."""
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _text(name: str) -> Column[str]:
    """Return the text that may be empty, never NULL."""
    return Column(name, Text, nullable=False)


def _later_flag(name: str) -> Column[bool]:
    """Make a yes or no that the first version did not know: no in its rows."""
    return Column(name, Boolean, nullable=False, server_default=false())


def _of_burst(field: EpisodeField) -> Column[Any]:
    """Make the column of one field of a burst."""
    match field.cell:
        case CellKind.NUMBER:
            return Column(field.name, Double)
        case CellKind.WHOLE:
            return Column(field.name, Integer, nullable=False)
        case CellKind.FLAG if field.since > 1:
            return _later_flag(field.name)
        case CellKind.FLAG:
            return Column(field.name, Boolean, nullable=False)
        case _:
            return _text(field.name)


def _way() -> Column[str]:
    """Make the column for one of the three ways of rating; see `entries.Way`."""
    return Column("way", Text, nullable=False, server_default=text("'open'"))


def _later_flags(name: str) -> Column[bytes]:
    """Make one yes or no a burst, as a byte each; filled in where it was not known."""
    return Column(name, LargeBinary, nullable=False, server_default=text("''"))


patients = Table(
    "patients",
    metadata,
    _key(),
    _text("name"),
    _text("notes"),
    _text("created_at"),
    _later_flag("no_known_face"),
    Column("films_kept_days", Integer),
    UniqueConstraint("name"),
    sqlite_autoincrement=True,
)

recordings = Table(
    "recordings",
    metadata,
    _key(),
    Column("patient_id", ForeignKey("patients.id"), nullable=False),
    _text("content_sha256"),
    _text("started_at"),
    Column("started_epoch_s", Double, nullable=False),
    _text("time_known"),
    _text("task"),
    Column("newest", Integer, nullable=False),
    _text("device"),
    Column("mirrored", Boolean, nullable=False),
    _text("file_name"),
    _text("note"),
    _text("logged_at"),
    UniqueConstraint("patient_id", "content_sha256"),
    Index(None, "content_sha256"),
    Index(None, "patient_id", "started_epoch_s"),
    sqlite_autoincrement=True,
)

methods = Table(
    "methods",
    metadata,
    _key(),
    _text("tracker"),
    _text("tracker_weights_sha256"),
    _text("detector"),
    _text("networks_sha256"),
    _text("parameters_sha256"),
    _text("software_version"),
    UniqueConstraint(
        "tracker",
        "tracker_weights_sha256",
        "detector",
        "networks_sha256",
        "parameters_sha256",
        "software_version",
        name="uq_methods_all",
    ),
    sqlite_autoincrement=True,
)

revisions = Table(
    "revisions",
    metadata,
    _key(),
    Column("recording_id", ForeignKey("recordings.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("method_id", ForeignKey("methods.id"), nullable=False),
    Column("recorded_s", Double, nullable=False),
    Column("analysable_s", Double, nullable=False),
    Column("blinks", Integer, nullable=False),
    Column("rest_asymmetry", Double),
    _text("digest"),
    _text("signals_path"),
    _text("signals_sha256"),
    _text("analysed_at"),
    _text("logged_at"),
    _text("excluded"),
    _text("parameters"),
    _text("summary"),
    Column("hardly_open", Text),
    *(Column(name, Double) for name in FACE_NUMBERS),
    UniqueConstraint("recording_id", "number"),
    UniqueConstraint("recording_id", "digest"),
    sqlite_autoincrement=True,
)

episodes = Table(
    "episodes",
    metadata,
    Column("revision_id", ForeignKey("revisions.id"), primary_key=True, nullable=False),
    Column("number", Integer, primary_key=True, nullable=False),
    Column("start_s", Double, nullable=False),
    Column("end_s", Double, nullable=False),
    *map(_of_burst, STORED_FIELDS),
    sqlite_with_rowid=False,
)

blinks = Table(
    "blinks",
    metadata,
    Column("revision_id", ForeignKey("revisions.id"), primary_key=True, nullable=False),
    Column("number", Integer, primary_key=True, nullable=False),
    Column("start_s", Double, nullable=False),
    Column("end_s", Double, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("closure_left", Double),
    Column("closure_right", Double),
    sqlite_with_rowid=False,
)

reviews = Table(
    "reviews",
    metadata,
    _key(),
    Column("revision_id", ForeignKey("revisions.id"), nullable=False),
    _text("rater"),
    _text("at"),
    _text("action"),
    _text("burst_key"),
    Column("before", Text),
    Column("after", Text),
    _text("text"),
    Column("undoes", ForeignKey("reviews.id")),
    _way(),
    _later_flag("coded_unseen"),
    Column("misfits", Text),
    Index(None, "revision_id", "rater"),
    sqlite_autoincrement=True,
)

review_marks = Table(
    "review_marks",
    metadata,
    _key(),
    Column("revision_id", ForeignKey("revisions.id"), nullable=False),
    _text("rater"),
    _text("at"),
    Column("finished", Boolean, nullable=False),
    _way(),
    Index(None, "revision_id"),
    sqlite_autoincrement=True,
)
"""`way` is an `entries.Way`: acts and marks of one rater from scratch are a review of
their own, beside that in the other two ways."""

side_totals = Table(
    "side_totals",
    metadata,
    Column("revision_id", ForeignKey("revisions.id"), primary_key=True, nullable=False),
    Column("basis", Text, primary_key=True, nullable=False),
    Column("side", Text, primary_key=True, nullable=False),
    Column("bursts", Integer, nullable=False),
    Column("eyelid", Integer, nullable=False),
    Column("mouth_corner", Integer, nullable=False),
    Column("cheek", Integer, nullable=False),
    Column("brow", Integer, nullable=False),
    Column("both_regions", Integer, nullable=False),
    Column("brow_lifts", Integer, nullable=False),
    Column("durations_s", LargeBinary, nullable=False),
    Column("pauses_s", LargeBinary, nullable=False),
    Column("excursions_mm", LargeBinary, nullable=False),
    _later_flags("onset_cut"),
    _later_flags("offset_cut"),
    Column("bilateral", Integer, nullable=False, server_default=text("0")),
    Column("hardly_open_s", Double),
    sqlite_with_rowid=False,
)
"""Derived, in the transaction of what it derives from; arrays are float32, little
endian, `onset_cut` and `offset_cut` a byte a burst. `basis` is ``detected`` or
``reviewed``."""

diary = Table(
    "diary",
    metadata,
    Column("patient_id", ForeignKey("patients.id"), primary_key=True, nullable=False),
    Column("day", Text, primary_key=True, nullable=False),
    *(Column(name, Double) for name in DIARY_FACTORS),
    _text("medication"),
    _text("notes"),
)

treatments = Table(
    "treatments",
    metadata,
    _key(),
    Column("patient_id", ForeignKey("patients.id"), nullable=False),
    _text("kind"),
    _text("day"),
    Column("side", Text),
    _text("product"),
    Column("units", Double),
    _text("muscles"),
    _text("notes"),
    Column("side_effects", Text),
    Index(None, "patient_id", "day"),
    sqlite_autoincrement=True,
)

changes = Table(
    "changes",
    metadata,
    _key(),
    _text("at"),
    _text("by"),
    _text("action"),
    _text("kind"),
    _text("name"),
    Column("patient_id", Integer),
    Column("before", Text),
    Column("after", Text),
    Index(None, "patient_id"),
    sqlite_autoincrement=True,
)

change_counts = Table(
    "change_counts",
    metadata,
    Column("patient_id", Integer, primary_key=True, autoincrement=False),
    Column("lines", Integer, nullable=False),
    _text("digest"),
)
