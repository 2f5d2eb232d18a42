"""The files that are handed over for BORIS, ELAN, FHIR or a spreadsheet.

Knows the names of the files; what is in them is written by `exchange`. The
command ``export`` writes them into a folder, the app sends them to the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, overload

from twitch_tracker.errors import BadParameter
from twitch_tracker.exchange import boris_write, elan_write
from twitch_tracker.exchange.coding import Coding
from twitch_tracker.exchange.fhir import fhir_bundle, fhir_text
from twitch_tracker.exchange.formats import CODED, FileFormat
from twitch_tracker.history import Basis
from twitch_tracker.journal.protocol import Journal
from twitch_tracker.language import say
from twitch_tracker.report.handing_over import file_name, hand_over, patient_tables

__all__ = ["coded_files", "files_of_patient"]


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
    if chosen not in CODED:
        raise BadParameter(
            "format", say("one of {formats}", formats=", ".join(sorted(CODED))), chosen
        )
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
    tell: Callable[[float], None] = lambda _share: None,
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
    tell : callable
        Told now and then which share is done, roughly, 0 to 1.

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
    given = hand_over(
        journal, patient, basis, recording, tell=lambda share: tell(_TAKING * share)
    )
    if chosen is FileFormat.CSV:
        return patient_tables(given)
    codings = _Telling([one.coding for one in given], _PASSES.get(chosen, 1), tell)
    return coded_files(chosen, patient, codings)


_TAKING: Final = 0.5
"""Share of the work that is taking recordings out of the journal, roughly; then they
are written."""


_PASSES: Final = {
    FileFormat.BORIS: 4,
    FileFormat.BORIS_TABLE: 2,
    FileFormat.BORIS_EVENTS: 3,
}
"""How often a writer goes through all recordings; once where it is not said."""


class _Telling(Sequence[Coding]):
    """Recordings that tell how far it is while somebody goes through them."""

    def __init__(
        self, codings: Sequence[Coding], passes: int, tell: Callable[[float], None]
    ) -> None:
        self._codings = codings
        self._steps = passes * len(codings)
        self._tell = tell
        self._taken = 0

    def __len__(self) -> int:
        return len(self._codings)

    @overload
    def __getitem__(self, place: int) -> Coding: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Coding]: ...

    def __getitem__(self, place: int | slice) -> Coding | Sequence[Coding]:
        return self._codings[place]

    def __iter__(self) -> Iterator[Coding]:
        for coding in self._codings:
            self._taken += 1
            written = min(self._taken / self._steps, 1.0)
            self._tell(_TAKING + (1 - _TAKING) * written)
            yield coding


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
