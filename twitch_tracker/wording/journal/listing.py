"""What commands print of a journal: people, recordings, treatments, days; a line each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from twitch_tracker.history import DIARY
from twitch_tracker.language import say
from twitch_tracker.regions import Side
from twitch_tracker.units import decimal, listed, plainly
from twitch_tracker.wording.terms import (
    factor_name,
    side_effect_name,
    side_name,
    treatment_name,
)

if TYPE_CHECKING:
    from twitch_tracker.history import DiaryEntry, Patient, Treatment
    from twitch_tracker.journal.entries import RecordingEntry

__all__ = [
    "diary_line",
    "patient_lines",
    "recording_line",
    "recordings_heading",
    "treatment_line",
]


def recordings_heading() -> str:
    """Name the columns of `recording_line`."""
    when, task, minutes, file = say("when"), say("task"), say("min"), say("file")
    left, right = side_name(Side.LEFT), side_name(Side.RIGHT)
    return f"{'':>5} {when:16} {task:14} {minutes:>5} {left:>5} {right:>5}  {file}"


def recording_line(entry: RecordingEntry) -> str:
    """Write one recording: number, time, task, analysable minutes, bursts, file."""
    notes = [entry.file_name]
    if entry.revision != 1:
        notes.append(say("revision {n}", n=entry.revision))
    if entry.reviewed_by:
        notes.append(say("reviewed by {name}", name=entry.reviewed_by))
    return (
        f"{entry.recording_id:>5} {entry.started_at:%Y-%m-%d %H:%M} {entry.task:14} "
        f"{decimal(entry.analysable_s / 60):>5} {entry.counted_left:>5} "
        f"{entry.counted_right:>5}  {'  '.join(notes)}"
    )


def patient_lines(
    patient: Patient, *, recordings: int, diary_days: int, treatments: int
) -> str:
    """Write what the journal holds of a person, one line each.

    Parameters
    ----------
    patient : Patient
        Who.
    recordings, diary_days, treatments : int
        How many the journal has of each.
    """
    lines = [
        say(
            "{person}, since {day}",
            person=patient.patient_id,
            day=f"{patient.created_at:%Y-%m-%d}",
        ),
        say("  recordings: {n}", n=recordings),
        say("  diary days: {n}", n=diary_days),
        say("  treatments: {n}", n=treatments),
    ]
    if patient.no_known_face:
        lines.append(say("  known face: no"))
    if patient.films_kept_days is not None:
        lines.append(say("  films kept: {days} days", days=patient.films_kept_days))
    if patient.notes:
        lines.append(say("  notes: {notes}", notes=patient.notes))
    return "\n".join(lines)


def treatment_line(given: Treatment) -> str:
    """Write one treatment: number, day, and everything that was entered."""
    parts = [treatment_name(given)]
    parts += [
        muscle if math.isnan(units) else f"{muscle} {plainly(units)}"
        for muscle, units in given.muscles.items()
    ]
    if given.side_effects is not None:
        effects = listed([side_effect_name(effect) for effect in given.side_effects])
        parts.append(say("side effects: {effects}", effects=effects or say("none")))
    parts += [given.notes] if given.notes else []
    return f"{given.treatment_id:>4}  {given.on}  {', '.join(parts)}"


def diary_line(entry: DiaryEntry) -> str:
    """Write one day of the diary: everything that was entered."""
    values = {name: getattr(entry, name) for name in DIARY}
    parts = [
        f"{factor_name(name)} {plainly(value)}"
        for name, value in values.items()
        if not math.isnan(value)
    ]
    parts += [text for text in (entry.medication, entry.notes) if text]
    return f"{entry.on}  {', '.join(parts)}"
