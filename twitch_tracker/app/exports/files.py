"""What a person can take out of the app: paper, tables, files for other programs.

Every export is one file; several files become a ZIP. Note: names are made from
pseudonyms, which may hold any letter: `tables.download` makes them safe.
"""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from twitch_tracker.app.exports.request import (
    EXPORT_KINDS,
    CourseFile,
    ExportedFile,
    ExportKind,
    ExportRequest,
    OnShare,
)
from twitch_tracker.app.state import AppState
from twitch_tracker.errors import UnknownEntry
from twitch_tracker.exchange.disk.packed import entry_of_now
from twitch_tracker.exchange.formats import SEVERAL_FILES, FileFormat
from twitch_tracker.exchange.whole import file_name
from twitch_tracker.history import Basis
from twitch_tracker.journal.files.export_files import files_of_patient
from twitch_tracker.journal.files.tables import diary_text, treatments_text
from twitch_tracker.journal.journal import Journal
from twitch_tracker.language import mark, say
from twitch_tracker.wording.export_formats import EXPORT_FORMATS

__all__ = ["DRAWING", "FORMATS", "make_export"]


_COURSE_FILES: Final = {
    CourseFile.PDF: (
        mark("PDF for a consultation"),
        mark("At most two pages: sentences, charts, latest numbers"),
    ),
    CourseFile.PAGE: (
        mark("Page for another computer"),
        mark("The whole course over time in one self-contained HTML file"),
    ),
    CourseFile.SERIES: (
        mark("Series as CSV"),
        mark("Every mark of every chart, with its interval"),
    ),
}

FORMATS: Final = {
    kind: _COURSE_FILES[kind] if isinstance(kind, CourseFile) else EXPORT_FORMATS[kind]
    for kind in EXPORT_KINDS
}
"""Name and explanation of each; catalogue keys."""


_COMPUTED: Final = 0.5
"""Share that is done when a course has been computed, roughly."""

_WRITTEN: Final = 0.95
"""Share that is done when everything is written and only to be packed."""

DRAWING: Final = threading.Lock()
"""Matplotlib's fonts are not made for several threads at once."""

_Maker = Callable[[AppState, ExportRequest, OnShare], ExportedFile]


def make_export(
    state: AppState, wanted: ExportRequest, on_share: OnShare = lambda _share: None
) -> ExportedFile:
    """Make an exported file.

    Parameters
    ----------
    state : AppState
        Of the running app.
    wanted : ExportRequest
        What, and of whom.
    on_share : callable
        Called now and then with the share that is done, roughly, 0 to 1.

    Returns
    -------
    ExportedFile
        With a name that still may hold any letter of the pseudonym.

    Raises
    ------
    UnknownPatient
        No such person.
    UnknownEntry
        There is nothing to write.
    """
    own: Mapping[ExportKind, _Maker] = {
        CourseFile.PDF: _pdf,
        CourseFile.PAGE: _page,
        CourseFile.SERIES: _series,
    }
    return own.get(wanted.what, _for_other_programs)(state, wanted, on_share)


# --- the course -----------------------------------------------------------------


def _pdf(state: AppState, wanted: ExportRequest, on_share: OnShare) -> ExportedFile:
    from twitch_tracker.report.progress.paper.pdf import progress_pdf

    course = state.courses.of(state.journal, wanted.patient_id, wanted.basis)
    on_share(_COMPUTED)
    with DRAWING:
        content = bytes(progress_pdf(course.progression))
    return ExportedFile(
        name=f"{wanted.patient_id}_course.pdf",
        media_type="application/pdf",
        content=content,
    )


def _page(state: AppState, wanted: ExportRequest, on_share: OnShare) -> ExportedFile:
    from twitch_tracker.report.progress.page import render_progress

    course = state.courses.of(state.journal, wanted.patient_id, wanted.basis)
    on_share(_COMPUTED)
    return ExportedFile(
        name=f"{wanted.patient_id}_course.html",
        media_type="application/octet-stream",
        content=render_progress(course.progression).encode(),
    )


def _series(state: AppState, wanted: ExportRequest, on_share: OnShare) -> ExportedFile:
    from twitch_tracker.report.progress.series import series_csv

    course = state.courses.of(state.journal, wanted.patient_id, wanted.basis)
    on_share(_COMPUTED)
    return ExportedFile(
        name=f"{wanted.patient_id}_series.csv",
        media_type="text/csv; charset=utf-8",
        content=series_csv(course.progression),
    )


# --- other programs ---------------------------------------------------------------

_MEDIA_TYPES: Final = {
    ".json": "application/fhir+json",
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}


def _for_other_programs(
    state: AppState, wanted: ExportRequest, on_share: OnShare
) -> ExportedFile:
    with state.journal() as journal:
        _check_something(journal, wanted)
        on_paper = wanted.what is FileFormat.FHIR
        files = files_of_patient(
            journal,
            FileFormat(wanted.what),
            wanted.patient_id,
            wanted.basis,
            notes=wanted.notes,
            pdf=_pdf(state, wanted, lambda _: None).content if on_paper else b"",
            report=lambda share: on_share(_WRITTEN * share),
        )
        on_share(_WRITTEN)
        if wanted.what is FileFormat.CSV:
            files["diary.csv"] = diary_text(journal.diary(wanted.patient_id))
            treatments = journal.treatments(wanted.patient_id)
            files["treatments.csv"] = treatments_text(treatments)
    if len(files) > 1 or wanted.what in SEVERAL_FILES:
        return ExportedFile(
            name=f"{wanted.patient_id}_{wanted.what.value}.zip",
            media_type="application/zip",
            content=_zipped(files, file_name(wanted.patient_id)),
        )
    ((name, text),) = files.items()
    media_type = _MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")
    return ExportedFile(name=name, media_type=media_type, content=text.encode())


def _check_something(journal: Journal, wanted: ExportRequest) -> None:
    """Refuse an export without a single recording."""
    entries = journal.recordings(wanted.patient_id)
    if wanted.basis is Basis.REVIEWED:
        entries = tuple(entry for entry in entries if entry.reviewed_by)
    if not entries:
        raise UnknownEntry(say("Nothing to export: no recording matches."))


def _zipped(files: Mapping[str, str], folder: str) -> bytes:
    """Pack files into one folder of a ZIP."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(entry_of_now(f"{folder}/{name}"), text.encode())
    return packed.getvalue()
