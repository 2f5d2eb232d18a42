"""The first tables. Never edited again: later changes are later migrations."""

from __future__ import annotations

from alembic import op
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
)

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0001"
down_revision = None

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
    """Return a column of text that may be empty, never NULL."""
    return Column(name, Text, nullable=False)


patients = Table(
    "patients",
    metadata,
    _key(),
    _text("name"),
    _text("notes"),
    _text("created_at"),
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
    _text("side"),
    _text("regions"),
    _text("lead_region"),
    _text("kind"),
    Column("contractions", Integer, nullable=False),
    Column("rate_hz", Double),
    Column("peak_score", Double),
    Column("mean_score", Double),
    Column("excursion_mm", Double),
    Column("asymmetry", Double),
    Column("lag_s", Double),
    Column("confidence", Double),
    _text("reasons"),
    Column("brow_lift", Boolean, nullable=False),
    _text("origin"),
    _text("review"),
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
    Column("blind", Boolean, nullable=False),
    Column("undoes", ForeignKey("reviews.id")),
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
    Index(None, "revision_id"),
    sqlite_autoincrement=True,
)

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
    sqlite_with_rowid=False,
)

diary = Table(
    "diary",
    metadata,
    Column("patient_id", ForeignKey("patients.id"), primary_key=True, nullable=False),
    Column("day", Text, primary_key=True, nullable=False),
    Column("stress", Double),
    Column("fatigue", Double),
    Column("sleep_hours", Double),
    Column("caffeine_cups", Double),
    Column("screen_hours", Double),
    Column("hfs7_total", Double),
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


def upgrade() -> None:
    """Make the tables."""
    metadata.create_all(op.get_bind(), checkfirst=False)
