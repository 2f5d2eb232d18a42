"""Many recordings as two tables: one row a recording, one row a burst.

Knows the folder that holds the folders of recordings, as `analyze` and `batch` leave
it. Note: nothing is computed again; every number is that of the recording's own files,
and what failed has a row without numbers.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from twitch_tracker.border.files import shown_name, shown_text
from twitch_tracker.border.plain import measured
from twitch_tracker.border.tables import table_text
from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.summary import read_summary
from twitch_tracker.exchange.tables import (
    EPISODE_COLUMNS,
    episode_cells,
    episode_values,
    read_episodes,
)
from twitch_tracker.language import say
from twitch_tracker.records import Episode
from twitch_tracker.regions import SIDES

__all__ = [
    "BURST_COLUMNS",
    "OVERVIEW_FILES",
    "RECORDING_COLUMNS",
    "Overview",
    "OverviewRow",
    "read_overview",
    "write_tables_of_all",
]

OVERVIEW_FILES: Final = (
    "all_recordings.csv",
    "all_recordings.parquet",
    "all_bursts.csv",
    "all_bursts.parquet",
    "index.html",
)
"""What is left beside the folders of recordings, in the order of being put in place."""

_SIDE_KEYS: Final = {
    "bursts": "episodes",
    "per_min": "episodes_per_min",
    "per_min_low": "episodes_per_min_low",
    "per_min_high": "episodes_per_min_high",
    "spasm_fraction": "spasm_fraction",
    "spasm_s": "spasm_s",
    "median_duration_s": "median_duration_s",
    "longest_duration_s": "longest_duration_s",
}
"""Ending of a column, and the key of a side in ``summary.json``."""

_TEXTS: Final = (
    *("recording", "file", "status", "error"),
    *("tracker", "software_version", "parameters_sha256", "content_sha256"),
)
_NUMBERS: Final = (
    *("recorded_s", "analysable_s"),
    *(f"{side}_{name}" for side in SIDES for name in _SIDE_KEYS),
    *("blinks", "blinks_per_min", "rest_asymmetry"),
)
RECORDING_COLUMNS: Final = (*_TEXTS[:4], *_NUMBERS, "mirrored", *_TEXTS[4:])
"""Columns of ``all_recordings.csv``, in order."""

BURST_COLUMNS: Final = ("recording", "file", *EPISODE_COLUMNS)
"""Columns of ``all_bursts.csv``, in order."""

DONE: Final = "done"


@dataclass(frozen=True, kw_only=True)
class OverviewRow:
    """One recording.

    Attributes
    ----------
    cells : Mapping
        By `RECORDING_COLUMNS`; NaN is not measured, and in a failed recording not known.
    bursts : tuple of Episode
        What was found.
    report : str
        Address of its ``report.html`` beside it, for a link; empty without one.
    """

    cells: Mapping[str, Any]
    bursts: tuple[Episode, ...] = ()
    report: str = ""


@dataclass(frozen=True, kw_only=True)
class Overview:
    """All recordings of a folder, those that are done first, each in order of name."""

    rows: tuple[OverviewRow, ...]

    def recordings(self) -> dict[str, list[Any]]:
        """Return one row a recording, by column."""
        return {c: [row.cells[c] for row in self.rows] for c in RECORDING_COLUMNS}

    def bursts(self) -> dict[str, list[Any]]:
        """Return one row a burst, by column."""
        every = [(row, burst) for row in self.rows for burst in row.bursts]
        return {
            "recording": [row.cells["recording"] for row, _ in every],
            "file": [row.cells["file"] for row, _ in every],
            **episode_values([burst for _, burst in every]),
        }


def read_overview(
    folder: Path, failed: Iterable[tuple[Path, str, str]] = ()
) -> Overview:
    """Read the folders of recordings in a folder.

    Parameters
    ----------
    folder : Path
        The ``--out`` of `analyze` or `batch`.
    failed : iterable of tuple
        File, status and error of recordings that left no folder.

    Returns
    -------
    Overview
        Every recording once; a folder that cannot be read is a row with its error.

    Raises
    ------
    BadTruthFile
        There is no such folder.
    """
    if not folder.is_dir():
        raise BadTruthFile(
            say(
                "{folder}: expected a folder of recordings that were analysed. Name the "
                "folder that was given as --out.",
                folder=folder,
            )
        )
    places = sorted(
        path
        for path in folder.iterdir()
        if not path.name.startswith(".") and (path / "summary.json").is_file()
    )
    rows = [_row(place) for place in places]
    rows += [_failed("", str(file), kind, why) for file, kind, why in failed]
    rows.sort(key=lambda row: row.cells["status"] != DONE)
    return Overview(rows=tuple(rows))


def _failed(recording: str, file: str, status: str, error: str) -> OverviewRow:
    empty: dict[str, Any] = {
        **dict.fromkeys(_TEXTS, ""),
        **dict.fromkeys(_NUMBERS, math.nan),
        "mirrored": None,
    }
    cells = {"recording": recording, "file": file, "status": status, "error": error}
    plain = {name: shown_text(text) for name, text in cells.items()}
    return OverviewRow(cells={**empty, **plain})


def _row(place: Path) -> OverviewRow:
    name = shown_name(place)
    try:
        summary = read_summary(place / "summary.json")
        bursts = read_episodes(place / "episodes.csv")
        cells = _cells(name, summary)
    except BadTruthFile as error:
        return _failed(name, "", "unreadable", str(error))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return _failed(name, "", "unreadable", str(_not_ours(place, error)))
    report = place / "report.html"
    address = f"{quote(os.fsencode(place.name))}/{report.name}"
    there = report.is_file()
    return OverviewRow(cells=cells, bursts=bursts, report=address if there else "")


def _not_ours(place: Path, error: Exception) -> BadTruthFile:
    """Say that a summary is not one of this program's."""
    return BadTruthFile(
        say(
            "{path}: not a summary that this program wrote ({kind}: {error}). "
            "Analyse the recording again.",
            path=place / "summary.json",
            kind=type(error).__name__,
            error=error,
        )
    )


def _cells(recording: str, summary: Mapping[str, Any]) -> dict[str, Any]:
    video, sides = summary["video"], summary["sides"]
    cells: dict[str, Any] = {
        "recording": recording,
        "file": str(video["name"]),
        "status": DONE,
        "error": "",
        "recorded_s": measured(summary["recorded_s"]),
        "analysable_s": measured(summary["analysable_s"]),
        **{
            f"{side}_{name}": measured(sides[side.value].get(key))
            for side in SIDES
            for name, key in _SIDE_KEYS.items()
        },
        "blinks": measured(summary["blinks"]),
        "blinks_per_min": measured(summary["blinks_per_min"]),
        "rest_asymmetry": measured(summary["rest_asymmetry"]),
        "mirrored": bool(video["mirrored"]),
        "tracker": str(summary["tracker"]["name"]),
        "software_version": str(summary["software"]["version"]),
        "parameters_sha256": str(summary["parameters_sha256"]),
        "content_sha256": str(video["sha256"]),
    }
    return {column: cells[column] for column in RECORDING_COLUMNS}


# --- out --------------------------------------------------------------------


def write_tables_of_all(folder: Path, overview: Overview) -> None:
    """Write both tables, as CSV and as Parquet.

    Parameters
    ----------
    folder : Path
        An existing folder, as a rule a stage of `staging.staged_folder`.
    overview : Overview
        The recordings.
    """
    rows = [[_text(row.cells[c]) for c in RECORDING_COLUMNS] for row in overview.rows]
    text = table_text(RECORDING_COLUMNS, rows)
    (folder / "all_recordings.csv").write_text(text, encoding="utf-8", newline="")
    bursts = [
        [row.cells["recording"], row.cells["file"], *episode_cells(burst).values()]
        for row in overview.rows
        for burst in row.bursts
    ]
    text = table_text(BURST_COLUMNS, bursts)
    (folder / "all_bursts.csv").write_text(text, encoding="utf-8", newline="")
    _parquet(folder / "all_recordings.parquet", overview.recordings())
    _parquet(folder / "all_bursts.parquet", overview.bursts())


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}" if math.isfinite(value) else ""
    return "" if value is None else " ".join(str(value).split())


def _parquet(path: Path, columns: Mapping[str, list[Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays = {
        name: pa.array(values, type=_kind(name), from_pandas=True)
        for name, values in columns.items()
    }
    with path.open("wb") as file:  # Arrow accepts paths only as text
        pq.write_table(pa.table(arrays), file, compression="zstd")


def _kind(column: str) -> Any:
    """Return the type of a column, so that an empty table has it too."""
    import pyarrow as pa

    from twitch_tracker.records.episode_fields import EPISODE_FIELDS, CellKind

    cells = {field.name: field.cell for field in EPISODE_FIELDS}
    if column in _NUMBERS or column in {"onset_s", "offset_s", "duration_s"}:
        return pa.float64()
    kinds = {
        CellKind.NUMBER: pa.float64(),
        CellKind.WHOLE: pa.int64(),
        CellKind.FLAG: pa.bool_(),
    }
    if column == "mirrored":
        return pa.bool_()
    return kinds.get(cells[column], pa.string()) if column in cells else pa.string()
