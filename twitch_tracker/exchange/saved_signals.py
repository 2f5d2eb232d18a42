"""Read ``signals.parquet`` as arrays; nothing else reads it.

`signals` writes it. A file may come from anywhere, so nothing of it is decoded before
its footer says that it is of a size and a layout that this program writes. Note: null
is NaN; a column that an older version did not write is all NaN.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pydantic import TypeAdapter

from twitch_tracker.border.documents import Document, Measured, checked, parsed
from twitch_tracker.border.files import shown_text
from twitch_tracker.border.limits import (
    MOST_COLUMNS,
    MOST_FOOTER_BYTES,
    MOST_FOOTER_ITEMS,
    MOST_FRAMES,
    MOST_PARQUET_BYTES,
)
from twitch_tracker.encrypted.files import as_source, open_to_read
from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.signals import (
    BESIDE_MOUTH,
    COMMISSURE_DOWN,
    FACE_AT,
    METADATA_KEY,
    POSE,
    SEPARATOR,
    UNIT_SUFFIX,
    signal_column,
)
from twitch_tracker.language import say
from twitch_tracker.records import MotionSignals, QualityReason, RegionScores
from twitch_tracker.regions import REGIONS, SIDES

__all__ = ["check_signals", "read_provenance", "read_signals"]

_LATER: Final = frozenset(
    {
        *(f"{s}_{name}" for s in SIDES for name in ("look", "upper_lip_io", "ala_io")),
        *(f"{s}_{COMMISSURE_DOWN}" for s in SIDES),
        *("mouth_open_io", "rest_weight", *FACE_AT),
    }
)
"""Columns which the first files of this layout do not have."""

_SIGNAL_NAME: Final = {column: name for name, column in UNIT_SUFFIX.items()}

_END: Final = b"PAR1"
_DICTIONARY: Final = pa.dictionary(pa.int32(), pa.string())


class _Made(Document):
    """The part of the provenance that is read with the signals."""

    mm_per_interocular: Measured
    own_open: tuple[bool, bool] = (True, True)


class _Video(Document):
    """The recording."""

    sha256: str


class _Provenance(Document):
    """The part of the provenance that every file has."""

    video: _Video


_MADE: Final = TypeAdapter(_Made)
_PROVENANCE: Final = TypeAdapter(_Provenance)
_HISTORY: Final = TypeAdapter(tuple[str, ...])


# --- the file ---------------------------------------------------------------


def _open(path: Path) -> pq.ParquetFile:
    """Open a file whose footer is of a size that this program writes."""
    _check_footer(path)
    try:
        file = pq.ParquetFile(
            _source_of(path),
            read_dictionary=["reasons"],
            thrift_string_size_limit=MOST_FOOTER_BYTES,
            thrift_container_size_limit=MOST_FOOTER_ITEMS,
        )
        schema = file.schema_arrow
    except KeyError as error:  # no column with that dictionary
        raise _not_ours(path, "reasons") from error
    except (OSError, ValueError, pa.ArrowException) as error:
        raise _unreadable(path, error) from error
    if METADATA_KEY.encode() not in (schema.metadata or {}):
        raise _not_ours(path, METADATA_KEY)
    frames, columns = file.metadata.num_rows, len(schema)
    if frames == 0:
        raise _unreadable(path, say("it has no frames"))
    if frames > MOST_FRAMES or columns > MOST_COLUMNS:
        raise BadTruthFile(
            say(
                "{path}: expected at most {most} frames and {most_columns} columns, got "
                "{frames} and {columns}.",
                path=path,
                most=MOST_FRAMES,
                most_columns=MOST_COLUMNS,
                frames=frames,
                columns=columns,
            )
        )
    return file


def _source_of(path: Path) -> Any:
    """Return what Arrow opens: it takes a path that is text, and bytes only as a file."""
    source = as_source(path)
    if isinstance(source, str) and shown_text(source) != source:
        return pa.OSFile(os.fsencode(source))
    return source


def _check_footer(path: Path) -> None:
    """Look at the size of the file and of its footer, before anything parses them."""
    try:
        with open_to_read(path) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 8))
            end = file.read(8)
    except OSError as error:
        raise _unreadable(path, error) from error
    footer = int.from_bytes(end[:4], "little")
    if end[4:] != _END or footer > size:
        raise _unreadable(path, say("its end is missing"))
    if size > MOST_PARQUET_BYTES or footer > MOST_FOOTER_BYTES:
        raise BadTruthFile(
            say(
                "{path}: expected a file of at most {most:.0f} MB that describes itself in "
                "{most_footer:.0f} kB, got {size:.0f} MB and {footer:.0f} kB.",
                path=path,
                most=MOST_PARQUET_BYTES / 2**20,
                most_footer=MOST_FOOTER_BYTES / 2**10,
                size=size / 2**20,
                footer=footer / 2**10,
            )
        )


def _not_ours(path: Path, lacking: str) -> BadTruthFile:
    return BadTruthFile(
        say(
            "{path}: expected a signals.parquet of this program; it lacks {lacking!r}.",
            path=path,
            lacking=lacking,
        )
    )


def _unreadable(path: Path, why: object) -> BadTruthFile:
    return BadTruthFile(
        say("{path}: not a readable Parquet file. {error}", path=path, error=why)
    )


def _about(file: pq.ParquetFile, path: Path) -> dict[str, Any]:
    """Read the provenance as it is."""
    text = file.schema_arrow.metadata[METADATA_KEY.encode()]
    about = parsed(text, f"{path}, {METADATA_KEY}", BadTruthFile)
    checked(_PROVENANCE, about, f"{path}, {METADATA_KEY}", BadTruthFile)
    found: dict[str, Any] = about
    return found


def read_provenance(path: Path) -> dict[str, Any]:
    """Read who made a signals file, from what and how.

    Parameters
    ----------
    path : Path
        A ``signals.parquet``.

    Returns
    -------
    dict
        As `exchange.summary.provenance` made it, plus ``mm_per_interocular`` and
        ``own_open``.

    Raises
    ------
    BadTruthFile
        The file is not one of this program's.
    """
    with _open(path) as file:
        return _about(file, path)


# --- columns ----------------------------------------------------------------


def _frame_columns() -> Iterator[tuple[str, pa.DataType]]:
    """Name what belongs to the whole frame, and of what type it is."""
    yield from (("time_s", pa.float64()), ("frame_s", pa.float64()))
    yield from (("usable", pa.bool_()), ("reasons", _DICTIONARY))
    names = [*POSE, *FACE_AT, "interocular_px", "mouth_open_io", "rest_weight"]
    for side in SIDES:
        parts = ("aperture_fraction", "aperture_mm", "patch_closure", "look")
        names += [f"{side}_{name}" for name in parts]
        names += [f"{side}_{name}_io" for name in BESIDE_MOUTH]
        names.append(f"{side}_{COMMISSURE_DOWN}")
    yield from ((name, pa.float32()) for name in names)


def _signal_names(schema: pa.Schema) -> list[str]:
    """List the signals of which the first side and region has a column."""
    prefix = f"{SIDES[0]}_{REGIONS[0]}_"
    names = [name for name in schema.names if name.startswith(prefix)]
    suffixes = [name.removeprefix(prefix) for name in names]
    return [_SIGNAL_NAME.get(suffix, suffix) for suffix in suffixes]


def _read_table(file: pq.ParquetFile, path: Path, signals: Sequence[str]) -> pa.Table:
    """Read the columns that are needed, once each is known to be of its type."""
    schema = file.schema_arrow
    wanted = {
        **dict(_frame_columns()),
        **{
            signal_column(side, region, name): pa.float32()
            for name in signals
            for side in SIDES
            for region in REGIONS
        },
    }
    there = {name: kind for name, kind in wanted.items() if name in schema.names}
    for name, kind in wanted.items():
        got = schema.field(name).type if schema.names.count(name) == 1 else None
        if got != kind and not (got is None and name in _LATER - there.keys()):
            raise BadTruthFile(
                say(
                    "{path}, column {name}: expected one of type {kind}, got {got}.",
                    path=path,
                    name=name,
                    kind=kind,
                    got=got or say("nothing"),
                )
            )
    try:
        return file.read(columns=list(there))
    except (OSError, ValueError, MemoryError, pa.ArrowException) as error:
        raise _unreadable(path, error) from error


def _series(table: pa.Table, name: str) -> NDArray[Any]:
    """Take one column as an array in which null is NaN."""
    if name not in table.column_names:
        return np.full(table.num_rows, np.nan, np.float32)
    return np.asarray(table.column(name).to_numpy())


def _columns(table: pa.Table, names: Sequence[str]) -> NDArray[np.float32]:
    """Put columns side by side, shape (n, columns)."""
    series = [_series(table, name) for name in names]
    return np.asarray(np.stack(series, axis=1), dtype=np.float32)


def _read_scores(
    table: pa.Table, name: str, time_s: NDArray[Any], path: Path
) -> RegionScores:
    """Read one signal of every region and side."""
    columns = [[signal_column(s, r, name) for s in SIDES] for r in REGIONS]
    values = [[_series(table, column) for column in row] for row in columns]
    about = table.schema.field(columns[0][0]).metadata or {}
    where = f"{path}, column {columns[0][0]}"
    history = parsed(about.get(b"history", b"[]"), where, BadTruthFile)
    stacked = np.array(values, dtype=np.float32)
    return RegionScores(
        name=name,
        unit=about.get(b"unit", b"").decode("utf-8", "replace"),
        time_s=time_s,
        values=np.ascontiguousarray(stacked.transpose(2, 0, 1)),
        history=checked(_HISTORY, history, where, BadTruthFile),
    )


def read_signals(path: Path) -> MotionSignals:
    """Read the signals of a recording back.

    Parameters
    ----------
    path : Path
        A ``signals.parquet``.

    Returns
    -------
    MotionSignals
        As they were written; null is NaN again.

    Raises
    ------
    BadTruthFile
        The file is not one of this program's.
    """
    with _open(path) as file:
        made = checked(
            _MADE, _about(file, path), f"{path}, {METADATA_KEY}", BadTruthFile
        )
        signals = _signal_names(file.schema_arrow)
        table = _read_table(file, path, signals)
    time_s = _whole(table, "time_s", path).astype(np.float64)
    if not (np.isfinite(time_s).all() and (np.diff(time_s) > 0).all()):
        raise BadTruthFile(
            say("{path}, column time_s: expected times that increase.", path=path)
        )
    return MotionSignals(
        time_s=time_s,
        usable=_whole(table, "usable", path).astype(np.bool_),
        frame_s=_whole(table, "frame_s", path).astype(np.float64),
        reasons=_read_reasons(table, path),
        pose_deg=_columns(table, POSE),
        interocular_px=_series(table, "interocular_px").astype(np.float32),
        aperture=_columns(table, [f"{side}_aperture_fraction" for side in SIDES]),
        aperture_mm=_columns(table, [f"{side}_aperture_mm" for side in SIDES]),
        patch_closure=_columns(table, [f"{side}_patch_closure" for side in SIDES]),
        look=_columns(table, [f"{side}_look" for side in SIDES]),
        beside_mouth_io=np.stack(
            [
                _columns(table, [f"{side}_{name}_io" for side in SIDES])
                for name in BESIDE_MOUTH
            ],
            axis=1,
        ),
        mouth_open_io=_series(table, "mouth_open_io").astype(np.float32),
        rest_weight=_series(table, "rest_weight").astype(np.float32),
        own_open=made.own_open,
        mm_per_interocular=made.mm_per_interocular,
        scores={n: _read_scores(table, n, time_s, path) for n in signals},
        face_at=_pair(table, FACE_AT),
        commissure_down_io=_pair(table, [f"{s}_{COMMISSURE_DOWN}" for s in SIDES]),
    )


def _pair(table: pa.Table, names: Sequence[str]) -> NDArray[np.float32] | None:
    """Read two columns; None where the file says nothing of any frame."""
    values = _columns(table, names)
    return values if np.isfinite(values).any() else None


def check_signals(path: Path) -> None:
    """Read a file of signals for what `read_signals` raises; meant for `border.isolated`."""
    read_signals(path)


def _whole(table: pa.Table, name: str, path: Path) -> NDArray[Any]:
    """Take a column that has a value in every frame."""
    column = table.column(name)
    if column.null_count:
        raise BadTruthFile(
            say(
                "{path}, column {name}: expected a value in every frame, got {n} without.",
                path=path,
                name=name,
                n=column.null_count,
            )
        )
    return np.asarray(column.to_numpy())


def _read_reasons(table: pa.Table, path: Path) -> tuple[tuple[QualityReason, ...], ...]:
    """Read the reasons of every frame; few differ among very many."""
    column = table.column("reasons")
    found: list[tuple[QualityReason, ...]] = []
    known: dict[str | None, tuple[QualityReason, ...]] = {}
    for chunk in column.chunks:
        of_chunk = [
            _reasons(text, known, path) for text in chunk.dictionary.to_pylist()
        ]
        places = chunk.indices.to_pylist()
        if None in places:
            raise _bad_reason(path, None)
        found += [of_chunk[place] for place in places]
    return tuple(found)


def _reasons(
    text: str | None, known: dict[str | None, tuple[QualityReason, ...]], path: Path
) -> tuple[QualityReason, ...]:
    if text not in known:
        words = [word for word in (text or "").split(SEPARATOR) if word]
        strange = [word for word in words if word not in _REASONS]
        if text is None or strange:
            raise _bad_reason(path, text)
        known[text] = tuple(map(QualityReason, words))
    return known[text]


_REASONS: Final = frozenset(reason.value for reason in QualityReason)


def _bad_reason(path: Path, text: str | None) -> BadTruthFile:
    return BadTruthFile(
        say(
            "{path}, column reasons: expected some of {names}, got {text!r}.",
            path=path,
            names=", ".join(_REASONS),
            text=text if text is None else text[:60],
        )
    )
