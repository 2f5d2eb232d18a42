"""Write the tables of a recording without what identifies the person and the day.

Knows what a recording folder holds. What goes: the film's name and hash, free text,
what is known of the person's eyes and earlier recordings, and dates, which are shifted.
What stays: every number of the movement, each burst and blink, how it was measured.
Note: unknown keys and files are removed, too, because they may hold anything.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from twitch_tracker.encrypted.files import open_to_read, open_to_write
from twitch_tracker.exchange.saved_signals import read_provenance, read_signals
from twitch_tracker.exchange.saved_summary import open_summary
from twitch_tracker.exchange.signals import METADATA_KEY
from twitch_tracker.exchange.summary_schema import SummaryDocument
from twitch_tracker.exchange.tables import (
    read_blinks,
    read_episodes,
    write_blinks,
    write_episodes,
)

__all__ = ["TABLES", "draw_shift", "write_deidentified"]

TABLES: Final = ("episodes.csv", "blinks.csv", "signals.parquet", "summary.json")
"""What is written, in the order of being put in place."""

_MOST_SHIFT_DAYS: Final = 365
_CODE: Final = re.compile(r"[a-z_]+(\([a-z\d_.,+-]*\))?")
"""A reason of this program; anything else was written by a person."""

_TEXT: Final = re.compile(rf"{_CODE.pattern}|[a-z]?[\da-z.+-]*|\d+/\d+")
"""Codes, versions, hashes, shares: what of a document's text goes out."""

_DAY: Final = re.compile(r"\d{4}-\d\d(-\d\d)?")
"""Looks like a version and is the day of something."""

_NAME: Final = re.compile(r"[a-z\d_]+")
"""How this program names what it writes."""

_REASONS: Final = "reasons"
"""The one column of text, which a reader refuses when it holds anything else."""

_IDENTIFYING: Final = frozenset({"known_face", "open_eyes", "subject_events"})
_KEPT: Final = (
    frozenset(SummaryDocument.model_fields)
    | {"schema_version", "mm_per_interocular", "near_misses", "own_open"}
) - _IDENTIFYING
_KEPT_OF_VIDEO: Final = (
    *("width_px", "height_px", "rotation_deg", "nominal_fps", "duration_s", "codec"),
    *("mirrored", "time_base", "stream", "slowed", "said"),
)
_IDENTIFYING_PARAMETERS: Final = ("known_face", "model_path", "networks")
_WORDS_OF_PARAMETERS: Final = frozenset(
    {"detector", "networks_sha256", "sensitivity", "tracker"}
)
"""Whose value is a word of this program; all others are numbers."""


def draw_shift() -> int:
    """Draw by how many days the dates of one person are shifted; never by none."""
    return -1 - secrets.randbelow(_MOST_SHIFT_DAYS)


def write_deidentified(
    source: Path,
    target: Path,
    *,
    recorded_on: date | None = None,
    shift_days: int = 0,
    about: Mapping[str, Any] | None = None,
) -> None:
    """Write the tables of a recording without what identifies the person.

    Parameters
    ----------
    source : Path
        A recording folder.
    target : Path
        An existing folder.
    recorded_on : date, optional
        When it was recorded; goes out shifted, or not at all.
    shift_days : int
        By how many days.
    about : Mapping, optional
        Further keys of the summary.

    Raises
    ------
    BadTruthFile
        A file of the folder cannot be read.
    """
    bursts = read_episodes(source / "episodes.csv")
    write_episodes(
        target / "episodes.csv",
        (replace(one, reasons=_codes(one.reasons)) for one in bursts),
    )
    write_blinks(target / "blinks.csv", read_blinks(source / "blinks.csv"))
    _write_signals(source / "signals.parquet", target / "signals.parquet")
    added = dict(about or {})
    if recorded_on is not None:
        added["recorded_on_shifted"] = str(recorded_on + timedelta(days=shift_days))
    document = {**_summary(source / "summary.json"), **added}
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    (target / "summary.json").write_text(f"{text}\n", encoding="utf-8", newline="\n")


def _codes(reasons: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(reason for reason in reasons if _CODE.fullmatch(reason))


def _unnamed(document: Mapping[str, Any]) -> dict[str, Any]:
    """Take out what provenance and summary say about the film and the person."""
    kept = {name: _plain(document[name]) for name in document if name in _KEPT}
    video = kept.get("video") or {}
    kept["video"] = {name: video[name] for name in _KEPT_OF_VIDEO if name in video}
    kept["video"] |= {"name": "", "sha256": ""}
    parameters = kept.get("parameters") or {}
    kept["parameters"] = {
        name: value
        for name, value in parameters.items()
        if name not in _IDENTIFYING_PARAMETERS
        and (name in _WORDS_OF_PARAMETERS or not _has_words(value))
    }
    return kept


def _has_words(value: Any) -> bool:
    """Return whether there is any text in a value, at any depth."""
    if isinstance(value, dict):
        return any(map(_has_words, value.values()))
    if isinstance(value, list):
        return any(map(_has_words, value))
    return isinstance(value, str)


def _plain(value: Any) -> Any:
    """Keep numbers and codes; a text that may be anybody's words becomes empty."""
    if isinstance(value, dict):
        return {
            name: _plain(one) for name, one in value.items() if _NAME.fullmatch(name)
        }
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, str):
        return value if _TEXT.fullmatch(value) and not _DAY.match(value) else ""
    return value


def _summary(path: Path) -> dict[str, Any]:
    saved = open_summary(path)
    return _unnamed(saved.document)


def _write_signals(source: Path, target: Path) -> None:
    """Copy every signal, with another description of where it comes from."""
    read_signals(source)  # raises where it is damaged or foreign
    about = _unnamed(read_provenance(source))
    with open_to_read(source) as file:
        table = pq.read_table(file)
    fields = [_unit_only(field) for field in table.schema if _is_signal(field)]
    metadata = {METADATA_KEY: json.dumps(about, allow_nan=False)}
    plain = pa.Table.from_arrays(
        [table.column(field.name) for field in fields],
        schema=pa.schema(fields, metadata=metadata),
    )
    with open_to_write(target, "wb") as file:
        pq.write_table(plain, file, compression="zstd")


def _is_signal(field: pa.Field) -> bool:
    """Return whether a column holds numbers, or the codes of why a frame is not usable."""
    numbers = pa.types.is_floating(field.type) or pa.types.is_boolean(field.type)
    return field.name == _REASONS or (numbers and bool(_NAME.fullmatch(field.name)))


def _unit_only(field: pa.Field) -> pa.Field:
    """Take out what else somebody wrote about a column."""
    unit = (field.metadata or {}).get(b"unit")
    return field.with_metadata(None if unit is None else {b"unit": unit})
