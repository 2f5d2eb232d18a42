"""The signals of one recording as a Parquet file.

Knows the columns of ``signals.parquet``: one row per shown frame, in order.
Units are in the column names; a null is "not measured" and never zero. Every
region and side has one column per signal, named ``<side>_<region>_<signal>``,
e.g. ``right_eyelid_position_mm``. Provenance is in the file's metadata under
the key ``twitch_tracker`` (JSON), unit and making of each signal in the
metadata of its column. `saved_signals` reads it back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from twitch_tracker.encrypted.files import open_to_write
from twitch_tracker.exchange.summary import provenance
from twitch_tracker.records import MotionSignals, RegionScores, Session
from twitch_tracker.regions import REGIONS, SIDES, Region, Side

__all__ = [
    "BESIDE_MOUTH",
    "COMMISSURE_DOWN",
    "FACE_AT",
    "METADATA_KEY",
    "POSE",
    "SEPARATOR",
    "UNIT_SUFFIX",
    "signal_column",
    "signals_table",
    "write_signals",
]

METADATA_KEY: Final = "twitch_tracker"
"""Key of the provenance in the Parquet metadata."""

SEPARATOR: Final = ";"
"""Between the reasons of one frame."""

BESIDE_MOUTH: Final = ("upper_lip", "ala")
"""Order of `MotionSignals.beside_mouth_io`."""

POSE: Final = ("yaw_deg", "pitch_deg", "roll_deg")
"""Order of `MotionSignals.pose_deg`."""

COMMISSURE_DOWN: Final = "commissure_down_io"
"""Behind the side: columns of `MotionSignals.commissure_down_io`."""

FACE_AT: Final = ("face_x", "face_y")
"""Order of `MotionSignals.face_at`."""

UNIT_SUFFIX: Final = {"one_sided": "one_sided_sd"}
"""Signals whose name does not carry their unit, and the name that does."""

_Column = tuple[pa.Field, pa.Array]


def signal_column(side: Side, region: Region, signal: str) -> str:
    """Name the column of one signal.

    Parameters
    ----------
    side : Side
        The subject's own side.
    region : Region
        Part of the face.
    signal : str
        A name in `MotionSignals.scores`.

    Returns
    -------
    str
        E.g. ``right_eyelid_position_mm``.
    """
    return f"{side}_{region}_{UNIT_SUFFIX.get(signal, signal)}"


# --- out --------------------------------------------------------------------

# Columns are made of bytes: `pyarrow.array` loads pandas before it looks at anything,
# which takes longer than writing the file.

_NUMBERS: Final = {pa.float32(): np.float32, pa.float64(): np.float64}


def _numbers(
    name: str, values: NDArray[Any], kind: pa.DataType, about: Mapping[str, str]
) -> _Column:
    """Make a column of numbers in which NaN is null."""
    numbers = np.ascontiguousarray(values, _NUMBERS[kind])
    known = ~np.isnan(numbers)
    array = pa.Array.from_buffers(
        kind,
        len(numbers),
        [None if known.all() else _bits(known), pa.py_buffer(numbers)],
    )
    return pa.field(name, kind, metadata=dict(about) or None), array


def _flags(values: NDArray[np.bool_]) -> pa.Array:
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, _bits(values)])


def _texts(values: Sequence[str]) -> pa.Array:
    written = [value.encode("utf-8") for value in values]
    ends = np.cumsum([0, *map(len, written)], dtype=np.int32)
    return pa.StringArray.from_buffers(
        len(written), pa.py_buffer(ends), pa.py_buffer(b"".join(written))
    )


def _bits(values: NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(values, bitorder="little"))


def _frame_columns(motion: MotionSignals) -> Iterator[_Column]:
    """Make what belongs to the whole frame."""
    yield _numbers("time_s", motion.time_s, pa.float64(), {"unit": "s"})
    yield _numbers("frame_s", motion.frame_s, pa.float64(), {"unit": "s"})
    yield pa.field("usable", pa.bool_()), _flags(motion.usable)
    reasons = [SEPARATOR.join(reasons) for reasons in motion.reasons]
    yield pa.field("reasons", pa.string()), _texts(reasons)
    for index, name in enumerate(POSE):
        yield _numbers(name, motion.pose_deg[:, index], pa.float32(), {"unit": "deg"})
    yield _numbers(
        "interocular_px", motion.interocular_px, pa.float32(), {"unit": "px"}
    )
    yield from _face_columns(motion)
    for index, side in enumerate(SIDES):
        yield _numbers(
            f"{side}_aperture_fraction",
            motion.aperture[:, index],
            pa.float32(),
            {"unit": "fraction of that eye's own open aperture"},
        )
        yield _numbers(
            f"{side}_aperture_mm",
            motion.aperture_mm[:, index],
            pa.float32(),
            {"unit": "mm"},
        )
        yield _numbers(
            f"{side}_patch_closure",
            motion.patch_closure[:, index],
            pa.float32(),
            {"unit": "fraction, 0 open to 1 closed, by the look of the eye"},
        )
        yield _numbers(
            f"{side}_look",
            motion.look[:, index],
            pa.float32(),
            {"unit": "0 open to 1 closed, by the look of the eye alone"},
        )
        for place, name in enumerate(BESIDE_MOUTH):
            yield _numbers(
                f"{side}_{name}_io",
                motion.beside_mouth_io[:, place, index],
                pa.float32(),
                {"unit": "interocular"},
            )
        yield _numbers(
            f"{side}_{COMMISSURE_DOWN}",
            _kept_or_unknown(motion.commissure_down_io, motion)[:, index],
            pa.float32(),
            {"unit": "interocular"},
        )
    yield _numbers(
        "mouth_open_io", motion.mouth_open_io, pa.float32(), {"unit": "interocular"}
    )
    yield _numbers("rest_weight", motion.rest_weight, pa.float32(), {"unit": "0 to 1"})


def _face_columns(motion: MotionSignals) -> Iterator[_Column]:
    """Make where the face is; null where that is not known."""
    places = _kept_or_unknown(motion.face_at, motion)
    for index, (name, side) in enumerate(
        zip(FACE_AT, ("width", "height"), strict=True)
    ):
        about = {"unit": f"share of the picture's {side}"}
        yield _numbers(name, places[:, index], pa.float32(), about)


def _kept_or_unknown(
    pairs: NDArray[np.float32] | None, motion: MotionSignals
) -> NDArray[np.float32]:
    """Return two columns, shape (n, 2); NaN where they were not kept."""
    return (
        np.full((len(motion.time_s), 2), np.nan, np.float32) if pairs is None else pairs
    )


def _score_columns(scores: RegionScores) -> Iterator[_Column]:
    """Make one column per side and region."""
    about = {"unit": scores.unit, "history": json.dumps(list(scores.history))}
    for side in SIDES:
        for region in REGIONS:
            name = signal_column(side, region, scores.name)
            yield _numbers(name, scores.of(region, side), pa.float32(), about)


def write_signals(path: Path, session: Session) -> None:
    """Write every signal of a session.

    Parameters
    ----------
    path : Path
        File to write; replaced when it exists.
    session : Session
        The analysis.
    """
    with open_to_write(path, "wb") as file:
        pq.write_table(signals_table(session), file, compression="zstd")


def signals_table(session: Session) -> pa.Table:
    """Put every signal of a session into one table, with provenance.

    Returns
    -------
    pyarrow.Table
        One row a frame; null is not measured.
    """
    motion = session.motion
    columns = list(_frame_columns(motion))
    for name in motion.scores:
        columns += _score_columns(motion.scores[name])
    about = {
        **provenance(session),
        "mm_per_interocular": motion.mm_per_interocular,
        "own_open": [bool(own) for own in motion.own_open],
    }
    if not np.isfinite(motion.mm_per_interocular):
        about["mm_per_interocular"] = None
    schema = pa.schema(
        [field for field, _ in columns],
        metadata={METADATA_KEY: json.dumps(about, allow_nan=False)},
    )
    return pa.Table.from_arrays([array for _, array in columns], schema=schema)
