"""The index page of many recordings: one row each, the way to its report, the failures.

One HTML file that needs nothing else. Names of files are untrusted and escaped.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from twitch_tracker import units
from twitch_tracker.exchange.staging import staged_folder
from twitch_tracker.language import say, say_n
from twitch_tracker.regions import SIDES, Side
from twitch_tracker.report.overview_tables import (
    OVERVIEW_FILES,
    Overview,
    OverviewRow,
    write_tables_of_all,
)
from twitch_tracker.report.templating import environment, read_part
from twitch_tracker.wording.terms import side_title

__all__ = ["render_index", "write_overview"]


@dataclass(frozen=True, kw_only=True)
class _OverviewLine:
    """One row of the page, in words."""

    name: str
    href: str
    measured: str
    cells: tuple[str, ...]
    error: str


def write_overview(folder: Path, overview: Overview) -> Path:
    """Write tables and index page beside the recordings, all of them or none.

    Parameters
    ----------
    folder : Path
        The folder that holds the folders of recordings.
    overview : Overview
        From `report.overview_tables.read_overview`.

    Raises
    ------
    OutputNotWritable
        When the disk refuses.
    """
    with staged_folder(folder, OVERVIEW_FILES) as stage:
        write_tables_of_all(stage, overview)
        (stage / "index.html").write_text(render_index(overview), encoding="utf-8")
    return folder / "index.html"


def render_index(overview: Overview) -> str:
    """Build the page; its links lead to the folders beside it."""
    done = sum(row.cells["status"] == "done" for row in overview.rows)
    heads = [
        head
        for side in reversed(SIDES)
        for head in (
            say("{side}: bursts", side=side_title(side)),
            say("{side}: per min", side=side_title(side)),
            say("{side}: in bursts", side=side_title(side)),
        )
    ]
    return environment().get_template("overview.html.j2").render(
        title=say_n("{n} recording", "{n} recordings", len(overview.rows)),
        failed=say_n(
            "{n} could not be analysed.",
            "{n} could not be analysed.",
            len(overview.rows) - done,
        )
        if done < len(overview.rows)
        else "",
        heads=heads,
        lines=[_line(row) for row in overview.rows],
        style=Markup(read_part("report.css")),  # noqa: S704 - our own file
    )  # fmt: skip


def _line(row: OverviewRow) -> _OverviewLine:
    cells = row.cells
    name = cells["file"] or cells["recording"]
    if cells["status"] != "done":
        return _OverviewLine(
            name=name, href="", measured="", cells=(), error=cells["error"]
        )
    return _OverviewLine(
        name=name,
        href=row.report,
        measured=say(
            "{measured} of {recorded}",
            measured=units.duration(cells["analysable_s"]),
            recorded=units.duration(cells["recorded_s"]),
        ),
        cells=tuple(cell for side in reversed(SIDES) for cell in _of(cells, side)),
        error="",
    )


def _of(cells: Mapping[str, Any], side: Side) -> tuple[str, str, str]:
    """Write the numbers of one side; a dash is not known."""
    bursts, rate, share = (
        cells[f"{side}_{name}"] for name in ("bursts", "per_min", "spasm_fraction")
    )
    low, high = cells[f"{side}_per_min_low"], cells[f"{side}_per_min_high"]
    span = units.interval(units.rate(low), units.rate(high))
    return (
        f"{bursts:.0f}" if math.isfinite(bursts) else "-",
        f"{units.rate(rate)} ({span})" if math.isfinite(rate) else "-",
        units.percent(share) if math.isfinite(share) else "-",
    )
