"""The command ``progress``: a person's journal in, the course over months out.

Knows the options and their help; reading, computing and showing happen in
`journal`, `progression` and `report`. Without ``--save`` and ``--out`` nothing is
written and no library for charts is loaded.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from twitch_tracker.cli.journal.place import (
    AsJson,
    Home,
    JournalUrl,
    PatientId,
    open_for,
)
from twitch_tracker.cli.options import flag, out_folder
from twitch_tracker.history import USUAL_BASIS, Basis
from twitch_tracker.language import say
from twitch_tracker.threads import start_single_threaded

if TYPE_CHECKING:
    from twitch_tracker.progression.results import Progression

__all__ = ["EPILOG", "HELP", "progress"]

HELP: Final = """Show how a person's bursts changed over months and years.

Prints the readings, then the latest numbers with their 95 % intervals, for each
side and kind of task (rest and provoked are never mixed). With --save or --out
it also writes the page progress.html, a PDF of at most two pages for a
consultation, the charts as PNG, and every series as CSV and Parquet.

Exit codes: 0 done (also without any recording yet); 1 something else went
wrong; 2 wrong usage or an unknown person; 130 stopped by Ctrl-C.
"""

EPILOG: Final = "Example: twitch-tracker progress --patient anna --out anna_course"


Out = Annotated[
    Path | None, out_folder("Write page, PDF, pictures and tables into this folder.")
]
Save = Annotated[
    bool, flag("--save", help="The same, into the folder progress/ID right here.")
]
CountedBasis = Annotated[
    Basis,
    typer.Option(
        "--basis",
        help="Whose bursts count: as detected; only finished reviews; or both, the "
        "reviewed ones where a review is finished.",
    ),
]


def progress(
    patient: PatientId,
    out: Out = None,
    save: Save = False,
    basis: CountedBasis = USUAL_BASIS,
    as_json: AsJson = False,
    home: Home = None,
    journal: JournalUrl = None,
) -> None:
    """Show progression; the help is `HELP`."""
    start_single_threaded()
    found = _progression(patient, basis, home, journal)
    folder = out if out is not None else _own_folder(patient) if save else None
    page = _write(found, folder)
    if as_json:
        from twitch_tracker.report.progress.document import progress_document

        print(json.dumps(progress_document(found), ensure_ascii=False, allow_nan=False))
        return
    from twitch_tracker.report.progress.text import progress_text

    print(progress_text(found, sparks=_shows_blocks()))
    if page is not None:
        print()
        print(say("page: {path}", path=page))
        print(say("PDF:  {path}", path=page.with_name("progress.pdf")))


def _progression(
    patient: str, basis: Basis, home: Path | None, url: str | None
) -> Progression:
    """Read the journal and compute; the journal is closed again at once."""
    from twitch_tracker.progression.progress import progress_of

    with open_for(home, url) as journal:
        history = journal.history(patient, basis)
    return progress_of(history)


def _write(found: Progression, folder: Path | None) -> Path | None:
    """Write all files when a folder is wanted."""
    if folder is None:
        return None
    from twitch_tracker.report.progress.files import write_progress

    return write_progress(found, folder)


_RESERVED: Final = {"CON", "PRN", "AUX", "NUL"} | {
    f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10)
}


def _own_folder(patient: str) -> Path:
    """Name a folder after a person, whatever letters the pseudonym has.

    Letters, digits, dots, dashes and underscores stay (as every file system has
    them); when anything had to be replaced, a part of the pseudonym's hash follows,
    so that two people never share a folder.
    """
    name = "".join(c if c.isalnum() or c in "-_." else "_" for c in patient)
    name = name.strip(".")[:60]
    if name.partition(".")[0].upper() in _RESERVED:
        name = f"_{name}"
    if name != patient or not name:
        import hashlib

        digest = hashlib.sha256(patient.encode("utf-8", "surrogatepass")).hexdigest()
        name = f"{name or '_'}_{digest[:8]}"
    return Path("progress") / name


def _shows_blocks() -> bool:
    """Return whether the terminal can show block characters."""
    encoding = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "")
    return encoding.startswith("utf") and sys.stdout.isatty()
