"""Everything that ``progress --out`` leaves behind, all of it or nothing.

>>> write_progress(progression, Path("progress/anna"))  # doctest: +SKIP
PosixPath('progress/anna/progress.html')
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

from twitch_tracker.exchange.staging import staged_folder
from twitch_tracker.progression.results import Progression
from twitch_tracker.report.progress.charts import build_groups
from twitch_tracker.report.progress.page import render_progress
from twitch_tracker.report.progress.paper.figures import draw_charts
from twitch_tracker.report.progress.paper.pdf import progress_pdf
from twitch_tracker.report.progress.paper.sheet import as_it_can_be_written
from twitch_tracker.report.progress.series import write_series
from twitch_tracker.wording.terms import KINDS

__all__ = ["PROGRESS_FILES", "write_progress"]

PROGRESS_FILES: Final = (
    "series.csv",
    "series.parquet",
    *(f"progress_{kind.value}.png" for kind in KINDS),
    "progress.pdf",
    "progress.html",
)
"""In the order of being put in place; pictures only of tasks that were recorded."""

_COLUMNS: Final = 3
_DOTS_PER_INCH: Final = 150


def write_progress(progression: Progression, folder: Path) -> Path:
    """Write page, paper, pictures and tables of a person together, or nothing.

    Parameters
    ----------
    progression : Progression
        What was found; may be of a person without recordings.
    folder : Path
        Gets `PROGRESS_FILES`; anything else in it is left alone.

    Raises
    ------
    OutputNotWritable
        When the folder or a file cannot be written.
    """
    with staged_folder(folder, own_files=PROGRESS_FILES) as stage:
        write_series(progression, stage)
        with as_it_can_be_written():
            _write_pictures(progression, stage)
        (stage / "progress.pdf").write_bytes(progress_pdf(progression))
        page = render_progress(progression)
        (stage / "progress.html").write_text(page, encoding="utf-8", newline="\n")
    return folder / "progress.html"


def _write_pictures(progression: Progression, stage: Path) -> None:
    """Write one picture with all charts of each kind of task."""
    groups = build_groups(progression) if progression.recordings else ()
    for group in groups:
        columns = min(_COLUMNS, math.ceil(math.sqrt(len(group.charts))))
        figure = draw_charts(
            progression,
            group.charts,
            columns=columns,
            width_mm=88.0 * columns,
            row_mm=62,
        )
        name = f"progress_{group.kind.value}.png"
        figure.savefig(stage / name, dpi=_DOTS_PER_INCH, format="png")
