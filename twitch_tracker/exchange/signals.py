"""The signals of one recording as a Parquet file, out and in.

Knows the columns of ``signals.parquet``: one row per shown frame, in order.
Units are in the column names; a null is "not measured" and never zero. Every
region and side has one column per signal, named ``<side>_<region>_<signal>``,
e.g. ``right_eyelid_position_mm``. Provenance is in the file's metadata under
the key ``twitch_tracker`` (JSON), unit and making of each signal in the
metadata of its column.
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

from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.summary import provenance
from twitch_tracker.language import say
from twitch_tracker.records import MotionSignals, QualityReason, RegionScores, Session
from twitch_tracker.regions import REGIONS, SIDES, Region, Side

__all__ = [
    "METADATA_KEY",
    "read_provenance",
    "read_signals",
    "signal_column",
    "signals_table",
    "write_signals",
]

METADATA_KEY: Final = "twitch_tracker"
"""Key of the provenance in the Parquet metadata."""

_SEPARATOR: Final = ";"

_BESIDE_MOUTH: Final = ("upper_lip", "ala")

_LATER: Final = frozenset(
    {
        *(f"{s}_{name}" for s in SIDES for name in ("look", "upper_lip_io", "ala_io")),
        *("mouth_open_io", "rest_weight"),
    }
)
"""Columns which the first files of this layout do not have."""
"""Order of `MotionSignals.beside_mouth_io`."""

_POSE: Final = ("yaw_deg", "pitch_deg", "roll_deg")

_UNIT_SUFFIX: Final = {"one_sided": "one_sided_sd"}
"""Signals whose name does not carry their unit, and the name that does."""

_SIGNAL_NAME: Final = {column: name for name, column in _UNIT_SUFFIX.items()}

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
    return f"{side}_{region}_{_UNIT_SUFFIX.get(signal, signal)}"


# --- out --------------------------------------------------------------------


def _numbers(
    name: str, values: NDArray[Any], kind: pa.DataType, about: Mapping[str, str]
) -> _Column:
    """Make a column of numbers in which NaN is null."""
    array = pa.array(np.ascontiguousarray(values), type=kind, from_pandas=True)
    return pa.field(name, kind, metadata=dict(about) or None), array


def _frame_columns(motion: MotionSignals) -> Iterator[_Column]:
    """Make what belongs to the whole frame."""
    yield _numbers("time_s", motion.time_s, pa.float64(), {"unit": "s"})
    yield _numbers("frame_s", motion.frame_s, pa.float64(), {"unit": "s"})
    yield pa.field("usable", pa.bool_()), pa.array(motion.usable, type=pa.bool_())
    reasons = [_SEPARATOR.join(reasons) for reasons in motion.reasons]
    yield pa.field("reasons", pa.string()), pa.array(reasons, type=pa.string())
    for index, name in enumerate(_POSE):
        yield _numbers(name, motion.pose_deg[:, index], pa.float32(), {"unit": "deg"})
    yield _numbers(
        "interocular_px", motion.interocular_px, pa.float32(), {"unit": "px"}
    )
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
        for place, name in enumerate(_BESIDE_MOUTH):
            yield _numbers(
                f"{side}_{name}_io",
                motion.beside_mouth_io[:, place, index],
                pa.float32(),
                {"unit": "interocular"},
            )
    yield _numbers(
        "mouth_open_io", motion.mouth_open_io, pa.float32(), {"unit": "interocular"}
    )
    yield _numbers("rest_weight", motion.rest_weight, pa.float32(), {"unit": "0 to 1"})


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
    pq.write_table(signals_table(session), path, compression="zstd")


def signals_table(session: Session) -> pa.Table:
    """Put every signal of a session into one table, with provenance.

    Parameters
    ----------
    session : Session
        The analysis.

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


# --- in ---------------------------------------------------------------------


def _open(path: Path) -> pa.Table:
    """Read a table that this package wrote."""
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise BadTruthFile(
            say("{path}: not a readable Parquet file. {error}", path=path, error=error)
        ) from error
    if METADATA_KEY.encode() not in (table.schema.metadata or {}):
        raise BadTruthFile(
            say(
                "{path}: expected a signals.parquet of this program; its metadata "
                "lack the key {key!r}.",
                path=path,
                key=METADATA_KEY,
            )
        )
    return table


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
    found: dict[str, Any] = json.loads(_open(path).schema.metadata[b"twitch_tracker"])
    return found


def _series(table: pa.Table, name: str) -> NDArray[Any]:
    """Take one column as an array in which null is NaN.

    A column that the version which wrote the file did not have yet is all NaN.
    """
    if name not in table.column_names and name in _LATER:
        return np.full(table.num_rows, np.nan, np.float32)
    return np.asarray(table.column(name).to_numpy())


def _columns(table: pa.Table, names: Sequence[str]) -> NDArray[np.float32]:
    """Put columns side by side, shape (n, columns)."""
    series = [_series(table, name) for name in names]
    return np.asarray(np.stack(series, axis=1), dtype=np.float32)


def _signal_names(table: pa.Table) -> list[str]:
    """List the signals of which the first side and region has a column."""
    prefix = f"{SIDES[0]}_{REGIONS[0]}_"
    suffixes = [n.removeprefix(prefix) for n in table.column_names if prefix in n]
    return [_SIGNAL_NAME.get(suffix, suffix) for suffix in suffixes]


def _read_scores(table: pa.Table, name: str, time_s: NDArray[Any]) -> RegionScores:
    """Read one signal of every region and side."""
    columns = [[signal_column(s, r, name) for s in SIDES] for r in REGIONS]
    values = [[_series(table, column) for column in row] for row in columns]
    about = table.schema.field(columns[0][0]).metadata or {}
    stacked = np.array(values, dtype=np.float32)
    return RegionScores(
        name=name,
        unit=about.get(b"unit", b"").decode(),
        time_s=time_s,
        values=np.ascontiguousarray(stacked.transpose(2, 0, 1)),
        history=tuple(json.loads(about.get(b"history", b"[]"))),
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
    table = _open(path)
    about = json.loads(table.schema.metadata[METADATA_KEY.encode()])
    mm = about["mm_per_interocular"]
    time_s = _series(table, "time_s").astype(np.float64)
    return MotionSignals(
        time_s=time_s,
        usable=_series(table, "usable").astype(np.bool_),
        frame_s=_series(table, "frame_s").astype(np.float64),
        reasons=_read_reasons(table),
        pose_deg=_columns(table, _POSE),
        interocular_px=_series(table, "interocular_px").astype(np.float32),
        aperture=_columns(table, [f"{side}_aperture_fraction" for side in SIDES]),
        aperture_mm=_columns(table, [f"{side}_aperture_mm" for side in SIDES]),
        patch_closure=_columns(table, [f"{side}_patch_closure" for side in SIDES]),
        look=_columns(table, [f"{side}_look" for side in SIDES]),
        beside_mouth_io=np.stack(
            [
                _columns(table, [f"{side}_{name}_io" for side in SIDES])
                for name in _BESIDE_MOUTH
            ],
            axis=1,
        ),
        mouth_open_io=_series(table, "mouth_open_io").astype(np.float32),
        rest_weight=_series(table, "rest_weight").astype(np.float32),
        own_open=_own_open(about),
        mm_per_interocular=float("nan") if mm is None else float(mm),
        scores={n: _read_scores(table, n, time_s) for n in _signal_names(table)},
    )


def _own_open(about: Mapping[str, Any]) -> tuple[bool, bool]:
    """Whether each eye was seen open; older files took it for granted."""
    left, right = about.get("own_open", (True, True))
    return bool(left), bool(right)


def _read_reasons(table: pa.Table) -> tuple[tuple[QualityReason, ...], ...]:
    """Read the reasons of every frame; few differ among very many."""
    written = table.column("reasons").combine_chunks().dictionary_encode()
    told = [
        tuple(QualityReason(word) for word in text.split(_SEPARATOR) if word)
        for text in written.dictionary.to_pylist()
    ]
    return tuple(told[place] for place in written.indices.to_pylist())
