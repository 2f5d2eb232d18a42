"""A person's ``DiagnosticReport``: narrative, what it rests on, and the PDF.

Knows how a course is shown in one table: by stretches of time that end with each month
and at each treatment, so that nothing is pooled across one; by kind of task and by
method, which are never mixed. Note: it measures and concludes nothing; it is
``preliminary`` until every recording in it was reviewed.

Layout: hl7.org/fhir/R4/diagnosticreport.html and narrative.html.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from html import escape
from typing import Any

from twitch_tracker.exchange.fhir.codes import coded_concept
from twitch_tracker.history import (
    Basis,
    LoggedRecording,
    PatientHistory,
    TaskKind,
    Treatment,
)
from twitch_tracker.regions import SIDES

__all__ = ["diagnostic_report"]

_CATEGORY = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/v2-0074",
            "code": "OTH",
            "display": "Other",
        }
    ]
}
_SAYS = (
    "Measured on video recordings by software. Right and left are the person's own. "
    "A burst is a movement of one side of the face that the other side did not make. "
    "It measures; it diagnoses nothing."
)
_KIND_WORDS = {
    TaskKind.REST: "at rest",
    TaskKind.PROVOKED: "provoked by a task",
    TaskKind.AFTER: "at rest after a task",
    TaskKind.OTHER: "other tasks",
}


def diagnostic_report(
    history: PatientHistory,
    *,
    subject: str,
    results: Sequence[str],
    pdf: bytes = b"",
    written_at: datetime | None = None,
) -> dict[str, Any]:
    """Build the report of a history with at least one recording.

    Parameters
    ----------
    history : PatientHistory
        Whose, and what.
    subject : str
        Name of the ``Patient`` in the bundle.
    results : sequence of str
        Names of the observations it rests on.
    pdf : bytes
        The same on paper, to be attached; empty for none.
    written_at : datetime, optional
        When it is made; aware.

    Returns
    -------
    dict
        The resource, without its name.
    """
    moments = [recording.started_at for recording in history.recordings]
    reviewed = all(r.basis is Basis.REVIEWED for r in history.recordings)
    report: dict[str, Any] = {
        "resourceType": "DiagnosticReport",
        "text": {"status": "generated", "div": narrative(history)},
        "status": "final" if reviewed else "preliminary",
        "category": [_CATEGORY],
        "code": coded_concept("report"),
        "subject": {"reference": subject},
        "effectivePeriod": {
            "start": min(moments).isoformat(timespec="seconds"),
            "end": max(moments).isoformat(timespec="seconds"),
        },
        "result": [{"reference": name} for name in results],
        "conclusion": _SAYS,
    }
    if written_at is not None:
        report["issued"] = written_at.isoformat(timespec="seconds")
    if pdf:
        report["presentedForm"] = [
            {
                "contentType": "application/pdf",
                "language": "en",
                "data": base64.b64encode(pdf).decode("ascii"),
                "title": "Course over time",
            }
        ]
    return report


def narrative(history: PatientHistory) -> str:
    """Write a history as XHTML: what it is, a table of stretches, the treatments."""
    heads = (
        *("from", "to", "task", "method", "recordings", "reviewed", "minutes measured"),
        *(f"{side}: {what}" for side in SIDES for what in ("bursts", "per min")),
    )
    rows = [_row(group) for group in _groups(history)]
    treatments = sorted(history.treatments, key=lambda one: one.on)
    parts = [
        f"<p>{escape(_SAYS)}</p>",
        _table(heads, rows),
        "".join(f"<p>{escape(_treatment(one))}</p>" for one in treatments),
    ]
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{"".join(parts)}</div>'


def _table(heads: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _groups(history: PatientHistory) -> list[list[LoggedRecording]]:
    """Part recordings by stretch of time, kind of task and method, in order."""
    marks = sorted({treatment.on for treatment in history.treatments})
    found: dict[tuple[object, ...], list[LoggedRecording]] = {}
    for recording in sorted(history.recordings, key=lambda one: one.started_at):
        day = recording.started_at.date()
        stretch = (_after(marks, day), day.year, day.month)
        key = (*stretch, recording.task.kind, recording.method.key)
        found.setdefault(key, []).append(recording)
    return list(found.values())


def _after(marks: Sequence[date], day: date) -> int:
    """Count the treatments before a day; the day of one is none of the two sides."""
    return sum(mark < day for mark in marks) + sum(mark <= day for mark in marks)


def _row(group: Sequence[LoggedRecording]) -> tuple[str, ...]:
    measured_min = sum(recording.analysable_s for recording in group) / 60
    cells = [
        group[0].started_at.date().isoformat(),
        group[-1].started_at.date().isoformat(),
        _KIND_WORDS[group[0].task.kind],
        f"{group[0].method.tracker}, {group[0].method.detector}",
        str(len(group)),
        str(sum(recording.basis is Basis.REVIEWED for recording in group)),
        f"{measured_min:.1f}",
    ]
    for side in SIDES:
        bursts = sum(r.sides[side].episodes for r in group if side in r.sides)
        cells.append(str(bursts))
        cells.append(f"{bursts / measured_min:.2f}" if measured_min > 0 else "-")
    return tuple(cells)


def _treatment(treatment: Treatment) -> str:
    words = [treatment.on.isoformat(), treatment.kind.value.replace("_", " ")]
    words += [f"{treatment.side} side"] if treatment.side else []
    words += [treatment.product] if treatment.product else []
    if math.isfinite(treatment.units):
        words.append(f"{treatment.units:g} units of the product")
    return ", ".join(words)
