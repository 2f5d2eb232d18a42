"""Every series as one tidy table: a row is one mark, in CSV and in Parquet alike.

Note: rows of single recordings and of pooled periods are reported apart by `grain` and
must not be added up; an empty cell is not measured, never 0.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from twitch_tracker.border.plain import number
from twitch_tracker.progression.results import ChartPoint, Measure, Progression, Series

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["COLUMNS", "UNITS", "series_csv", "series_table", "write_series"]

COLUMNS: Final = (
    "measure",
    "unit",
    "side",
    "kind",
    "grain",
    "at",
    "start",
    "end",
    "value",
    "low",
    "high",
    "minutes",
    "bursts",
    "recordings",
    "recording_ids",
)
"""In this order; documented in docs/progress_files.md."""

UNITS: Final = {
    Measure.EPISODES_PER_MIN: "1/min",
    Measure.SPASM_FRACTION: "fraction",
    Measure.MEDIAN_DURATION_S: "s",
    Measure.LONGEST_DURATION_S: "s",
    Measure.SHARE_OVER_1S: "fraction",
    Measure.MEDIAN_PAUSE_S: "s",
    Measure.EXCURSION_MM: "mm",
    Measure.BOTH_REGIONS_SHARE: "fraction",
    Measure.BROW_LIFT_SHARE: "fraction",
    Measure.REST_ASYMMETRY: "fraction",
    Measure.BLINKS_PER_MIN: "1/min",
}


def _rows(series: Series) -> Iterator[tuple[Series, str, ChartPoint]]:
    """Yield rows of single recordings, then of pooled periods."""
    for point in series.recordings:
        yield series, "recording", point
    if series.period != "recording":
        for point in series.periods:
            yield series, series.period, point


def series_table(progression: Progression) -> pa.Table:
    """Put all series into one table.

    Returns
    -------
    pyarrow.Table
        With `COLUMNS`; possibly without rows. `at` in UTC; `recording_ids` parted
        by blanks.
    """
    import pyarrow as pa

    rows = [row for series in progression.series for row in _rows(series)]
    points = [point for _, _, point in rows]
    columns: dict[str, Any] = {
        "measure": pa.array([s.measure.value for s, _, _ in rows], pa.string()),
        "unit": pa.array([UNITS[s.measure] for s, _, _ in rows], pa.string()),
        "side": pa.array(
            [s.side.value if s.side is not None else "both" for s, _, _ in rows],
            pa.string(),
        ),
        "kind": pa.array([s.kind.value for s, _, _ in rows], pa.string()),
        "grain": pa.array([grain for _, grain, _ in rows], pa.string()),
        "at": pa.array([p.at for p in points], pa.timestamp("s", tz="UTC")),
        "start": pa.array([p.start for p in points], pa.date32()),
        "end": pa.array([p.end for p in points], pa.date32()),
        "value": pa.array([number(p.estimate.value) for p in points], pa.float64()),
        "low": pa.array([number(p.estimate.low) for p in points], pa.float64()),
        "high": pa.array([number(p.estimate.high) for p in points], pa.float64()),
        "minutes": pa.array([number(p.analysable_min) for p in points], pa.float64()),
        "bursts": pa.array([int(p.bursts) for p in points], pa.int64()),
        "recordings": pa.array([len(p.recordings) for p in points], pa.int64()),
        "recording_ids": pa.array(
            [" ".join(p.recordings) for p in points], pa.string()
        ),
    }
    return pa.table({name: columns[name] for name in COLUMNS})


def series_csv(progression: Progression) -> bytes:
    """Return what `write_series` writes to ``series.csv``."""
    import pyarrow.csv

    content = io.BytesIO()
    pyarrow.csv.write_csv(series_table(progression), content)
    return content.getvalue()


def write_series(progression: Progression, folder: Path) -> None:
    """Write ``series.csv`` and ``series.parquet``, the same rows in both.

    Parameters
    ----------
    progression : Progression
        What was found.
    folder : Path
        Where; must exist. Meant for a stage (`exchange.staging`).

    Raises
    ------
    OSError
        When the disk refuses.
    """
    import pyarrow.csv
    import pyarrow.parquet

    table = series_table(progression)
    with (folder / "series.csv").open("wb") as file:  # Arrow accepts paths only as text
        pyarrow.csv.write_csv(table, file)
    with (folder / "series.parquet").open("wb") as file:
        pyarrow.parquet.write_table(table, file, compression="zstd")
