"""The command ``overview``: one table and one page of many recordings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from twitch_tracker.cli.journal.place import exit_codes
from twitch_tracker.language import say

__all__ = ["EPILOG", "HELP", "overview"]

HELP: Final = """Put analysed recordings into one table, with an index page.

FOLDER is what was given as --out to `analyze` or `batch`. It then also holds index.html,
and the tables all_recordings and all_bursts, each as csv and parquet: one row a
recording, one row a burst. Nothing is measured again.
"""

EPILOG: Final = "Example: twitch-tracker overview out"

Folder = Annotated[
    Path,
    typer.Argument(metavar="FOLDER", file_okay=False, help="Of analysed recordings."),
]


def overview(folder: Folder) -> None:
    """Write tables and page; the help is `HELP`."""
    from twitch_tracker.report.overview_page import write_overview
    from twitch_tracker.report.overview_tables import read_overview

    with exit_codes():
        found = read_overview(folder)
        page = write_overview(folder, found)
    print(say("index: {path}", path=page))
