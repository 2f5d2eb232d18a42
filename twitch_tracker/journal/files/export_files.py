"""The files that are written for BORIS, ELAN, FHIR or a spreadsheet.

`exchange.formats` has the writers of codings. The command ``export`` writes the files
into a folder, the app sends them to the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from twitch_tracker.errors import BadParameter
from twitch_tracker.exchange.coding.recording import Coding
from twitch_tracker.exchange.fhir.bundle import fhir_bundle, fhir_text
from twitch_tracker.exchange.formats import CODING_WRITERS, Detail, FileFormat
from twitch_tracker.exchange.whole import file_name
from twitch_tracker.history import Basis, PatientHistory
from twitch_tracker.journal.files.export import recordings_for_export, tables_of_patient
from twitch_tracker.journal.journal import Journal
from twitch_tracker.language import say

__all__ = ["coded_files", "files_of_patient"]


def coded_files(
    chosen: FileFormat, name: str, codings: Sequence[Coding]
) -> dict[str, str]:
    """Write for BORIS or ELAN.

    Raises
    ------
    BadParameter
        The format is about people, not about codings.
    """
    if chosen not in CODING_WRITERS:
        raise BadParameter(
            "format",
            say("one of {formats}", formats=", ".join(CODING_WRITERS)),
            chosen,
        )
    return CODING_WRITERS[chosen](name, codings)


def files_of_patient(
    journal: Journal,
    chosen: FileFormat,
    patient: str,
    basis: Basis,
    *,
    recording: str = "",
    notes: bool = False,
    detail: Detail = Detail.HEADLINE,
    pdf: bytes = b"",
    report: Callable[[float], None] = lambda _share: None,
) -> dict[str, str]:
    """Write a person's recordings, and what else the format can hold.

    Parameters
    ----------
    journal : Journal
        Open.
    chosen : FileFormat
        For which program.
    patient : str
        Whose.
    basis : Basis
        Whose bursts.
    recording : str
        Only this one; all by default.
    notes : bool
        FHIR: take free-text notes of treatments and diary along.
    detail : Detail
        FHIR: how much of each recording.
    pdf : bytes
        FHIR: the course on paper, to be attached; empty for none.
    report : callable
        Called now and then with the share that is done, roughly, 0 to 1.

    Returns
    -------
    dict
        Texts by file name; empty when no recording has what was asked for.

    Raises
    ------
    UnknownPatient
        No such person.
    BadParameter
        The person has no recording of that name.
    """
    if chosen is FileFormat.FHIR:
        history = _history(journal, patient, basis, recording)
        bundle = fhir_bundle(
            history,
            notes=notes,
            detail=detail,
            pdf=pdf,
            written_at=datetime.now(UTC),
        )
        return {f"{file_name(patient)}_fhir.json": fhir_text(bundle)}
    given = recordings_for_export(
        journal, patient, basis, recording, report=lambda share: report(_TAKING * share)
    )
    if chosen is FileFormat.CSV:
        return tables_of_patient(given)
    return coded_files(chosen, patient, [one.coding for one in given])


_TAKING: Final = 0.5
"""Share of the work that is taking recordings out of the journal, roughly; then they
are written."""


def _history(
    journal: Journal, patient: str, basis: Basis, recording: str
) -> PatientHistory:
    history = journal.history(patient, basis)
    if not recording:
        return history
    # Raises when there is no such recording.
    recordings_for_export(journal, patient, basis, recording)
    wanted = (r for r in history.recordings if r.recording_id == recording)
    return replace(history, recordings=tuple(wanted))
