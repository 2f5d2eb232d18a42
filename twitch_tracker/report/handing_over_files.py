"""The files that are handed over for BORIS, ELAN, FHIR or a spreadsheet.

Knows formats and file names; what is in the files is written by `exchange`. The
command ``export`` writes them into a folder, the app sends them to the browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from twitch_tracker.errors import BadParameter
from twitch_tracker.exchange import boris_write, elan_write
from twitch_tracker.exchange.coding import Coding
from twitch_tracker.exchange.fhir import fhir_bundle, fhir_text
from twitch_tracker.history import Basis
from twitch_tracker.journal.protocol import Journal
from twitch_tracker.report.handing_over import file_name, hand_over, patient_tables

__all__ = ["FileFormat", "coded_files", "files_of_patient"]


class FileFormat(StrEnum):
    """What can be written about a person."""

    BORIS = "boris"
    BORIS_TABLE = "boris-table"
    BORIS_EVENTS = "boris-events"
    ELAN = "elan"
    ELAN_TAB = "elan-tab"
    FHIR = "fhir"
    CSV = "csv"


_CODED: Final = frozenset(
    {
        FileFormat.BORIS,
        FileFormat.BORIS_TABLE,
        FileFormat.BORIS_EVENTS,
        FileFormat.ELAN,
        FileFormat.ELAN_TAB,
    }
)


def coded_files(
    chosen: FileFormat, name: str, codings: Sequence[Coding]
) -> dict[str, str]:
    """Write for BORIS or ELAN.

    Parameters
    ----------
    chosen : FileFormat
        One of BORIS or ELAN.
    name : str
        Of the person or recording.
    codings : sequence of Coding
        The recordings.

    Returns
    -------
    dict
        Texts by file name.

    Raises
    ------
    BadParameter
        The format is about people, not about codings.
    """
    if chosen not in _CODED:
        raise BadParameter("format", f"one of {', '.join(sorted(_CODED))}", chosen)
    whole = file_name(name)
    if chosen is FileFormat.BORIS:
        return {f"{whole}.boris": boris_write.project(name, codings)}
    if chosen is FileFormat.BORIS_TABLE:
        return {f"{whole}_aggregated.csv": boris_write.aggregated_events(codings)}
    if chosen is FileFormat.BORIS_EVENTS:
        return {f"{whole}_tabular.csv": boris_write.tabular_events(codings)}
    if chosen is FileFormat.ELAN:
        return {f"{file_name(c.name)}.eaf": elan_write.eaf(c) for c in codings}
    return {f"{file_name(c.name)}_elan.txt": elan_write.tabbed(c) for c in codings}


def files_of_patient(
    journal: Journal,
    chosen: FileFormat,
    patient: str,
    basis: Basis,
    *,
    recording: str = "",
    notes: bool = False,
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
        return _fhir(journal, patient, basis, recording=recording, notes=notes)
    given = hand_over(journal, patient, basis, recording)
    if chosen is FileFormat.CSV:
        return patient_tables(given)
    return coded_files(chosen, patient, [one.coding for one in given])


def _fhir(
    journal: Journal, patient: str, basis: Basis, *, recording: str, notes: bool
) -> dict[str, str]:
    history = journal.history(patient, basis)
    if recording:
        hand_over(journal, patient, basis, recording)  # complains if there is none
        wanted = (r for r in history.recordings if r.recording_id == recording)
        history = replace(history, recordings=tuple(wanted))
    bundle = fhir_bundle(history, notes=notes, written_at=datetime.now(UTC))
    return {f"{file_name(patient)}_fhir.json": fhir_text(bundle)}
