"""Recordings of a journal as other programs take them: values in, tables out.

Knows how a journal's entries become what `exchange` writes. Note: ``reviewed`` takes
only recordings whose review is finished, ``both`` takes the reviewed bursts where there
are any and the detected ones elsewhere; rejected bursts go nowhere but into
``detected``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from twitch_tracker.border.tables import table_text
from twitch_tracker.errors import BadParameter
from twitch_tracker.exchange.coding.recording import Coding, description
from twitch_tracker.exchange.dictionary import (
    BLINK_TABLE_COLUMNS,
    BURST_TABLE_COLUMNS,
    DICTIONARY_NAME,
    RECORDING_COLUMNS,
    dictionary_text,
)
from twitch_tracker.exchange.saved_summary import SavedSummary
from twitch_tracker.exchange.tables import blink_cells, episode_cells
from twitch_tracker.history import Basis
from twitch_tracker.journal.entries import LoggedAnalysis, RecordingEntry
from twitch_tracker.journal.journal import Journal
from twitch_tracker.language import say
from twitch_tracker.records import Episode
from twitch_tracker.regions import SIDES, Side

__all__ = ["ExportedRecording", "recordings_for_export", "tables_of_patient"]


@dataclass(frozen=True, kw_only=True)
class ExportedRecording:
    """One recording of a journal with the bursts that are to be exported."""

    entry: RecordingEntry
    analysis: LoggedAnalysis
    episodes: tuple[Episode, ...]
    basis: Basis

    @property
    def coding(self) -> Coding:
        """The recording as BORIS and ELAN know it, under its name in the journal."""
        entry = self.entry
        return Coding(
            name=entry.recording_id,
            media=entry.file_name,
            recorded_s=self.analysis.recorded_s,
            fps=SavedSummary(self.analysis.summary).nominal_fps,
            started_at=entry.started_at,
            description=description(
                entry.analysable_s,
                self.analysis.hardly_open,
                before=(entry.task.replace("_", " "),),
                after=(f"{self.basis} bursts", "time in UTC"),
            ),
            episodes=self.episodes,
            blinks=self.analysis.blinks,
        )


def recordings_for_export(
    journal: Journal,
    patient_id: str,
    basis: Basis,
    recording_id: str = "",
    *,
    report: Callable[[float], None] = lambda _share: None,
) -> tuple[ExportedRecording, ...]:
    """Read the recordings of a person for export.

    Parameters
    ----------
    journal : Journal
        Open.
    patient_id : str
        Whose.
    basis : Basis
        Whose bursts.
    recording_id : str
        Only this one; all by default.
    report : callable
        Called after every recording with the share that is done, 0 to 1.

    Returns
    -------
    tuple of ExportedRecording
        In order of time.

    Raises
    ------
    UnknownPatient
        No such person.
    BadParameter
        The person has no recording of that name.
    """
    entries = journal.recordings(patient_id)
    chosen = [e for e in entries if recording_id in {"", e.recording_id}]
    if recording_id and not chosen:
        raise BadParameter(
            "recording",
            say("a recording of {patient_id} in the journal", patient_id=patient_id),
            recording_id,
        )
    if basis is Basis.REVIEWED:
        chosen = [entry for entry in chosen if entry.reviewed_by]
    found = []
    for number, entry in enumerate(chosen, start=1):
        found.append(_one(journal, entry, basis))
        report(number / len(chosen))
    return tuple(found)


def _one(journal: Journal, entry: RecordingEntry, basis: Basis) -> ExportedRecording:
    analysis = journal.analysis(entry.recording_id)
    reviewed = basis is not Basis.DETECTED and bool(entry.reviewed_by)
    bursts = journal.reviewed_bursts(entry.recording_id) if reviewed else None
    return ExportedRecording(
        entry=entry,
        analysis=analysis,
        episodes=tuple(b.episode for b in bursts or ())
        if reviewed
        else tuple(b.episode for b in analysis.bursts),
        basis=Basis.REVIEWED if reviewed else Basis.DETECTED,
    )


# --- tables -----------------------------------------------------------------


def _number(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else ""


def _recording_cells(given: ExportedRecording) -> dict[str, str]:
    entry, method = given.entry, given.analysis.method
    left, right = (
        sum(burst.side == side for burst in given.episodes)
        for side in ("left", "right")
    )
    return {
        "recording_id": entry.recording_id,
        "started_at": entry.started_at.isoformat(timespec="seconds"),
        "time_known": entry.time_known.value,
        "task": entry.task.value,
        "device": entry.device,
        "file_name": entry.file_name,
        "content_sha256": entry.content_sha256,
        "mirrored": "yes" if entry.mirrored else "no",
        "recorded_s": _number(given.analysis.recorded_s),
        "analysable_s": _number(given.analysis.analysable_s),
        "basis": given.basis.value,
        "bursts_left": str(left),
        "bursts_right": str(right),
        "blinks": str(len(given.analysis.blinks)),
        "rest_asymmetry": _number(given.analysis.rest_asymmetry),
        **{
            f"hardly_open_{side}_s": _number(_hardly_open_s(given.analysis, side))
            for side in SIDES
        },
        "revision": str(given.analysis.revision),
        "tracker": method.tracker,
        "tracker_weights_sha256": method.tracker_weights_sha256,
        "detector": method.detector,
        "networks_sha256": method.networks_sha256,
        "parameters_sha256": method.parameters_sha256,
        "software_version": method.software_version,
        "reviewed_by": entry.reviewed_by,
        "note": entry.note,
    }


def _hardly_open_s(analysis: LoggedAnalysis, side: Side) -> float:
    """Return how long an eye was hardly ever open; NaN when nobody looked for that."""
    if analysis.hardly_open is None:
        return math.nan
    states = (state for state in analysis.hardly_open if state.side is side)
    return sum((state.span.duration_s for state in states), 0.0)


def _bursts(given: Iterable[ExportedRecording]) -> Iterator[dict[str, str]]:
    for one in given:
        for burst in one.episodes:
            yield {"recording_id": one.entry.recording_id, **episode_cells(burst)}


def _blinks(given: Iterable[ExportedRecording]) -> Iterator[dict[str, str]]:
    for one in given:
        for blink in one.analysis.blinks:
            yield {"recording_id": one.entry.recording_id, **blink_cells(blink)}


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    return table_text(columns, ([row[name] for name in columns] for row in rows))


def tables_of_patient(given: Sequence[ExportedRecording]) -> dict[str, str]:
    """Write the recordings of a person as tables.

    Returns
    -------
    dict
        Texts by file name, with the dictionary of all columns.
    """
    return {
        "recordings.csv": _csv(RECORDING_COLUMNS, map(_recording_cells, given)),
        "bursts.csv": _csv(BURST_TABLE_COLUMNS, _bursts(given)),
        "all_blinks.csv": _csv(BLINK_TABLE_COLUMNS, _blinks(given)),
        DICTIONARY_NAME: dictionary_text(),
    }
