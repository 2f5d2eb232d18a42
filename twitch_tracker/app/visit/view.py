"""What a clinician needs in ten minutes: present state, treatments, changes since.

Collects what other rooms found and counts diary days; computes nothing itself. Note:
"since" begins on the day itself; without a day it is that of the last treatment, else
four weeks before the last recording.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from twitch_tracker import units
from twitch_tracker.app.course.cycle_view import CycleView, cycle_view
from twitch_tracker.app.course.kept import KeptCourse
from twitch_tracker.app.home.view import NowView, build_now
from twitch_tracker.app.state import AppState
from twitch_tracker.history import DIARY_SYMPTOMS, DiaryEntry, Treatment
from twitch_tracker.language import capitalised, say, say_n
from twitch_tracker.report.progress.clinic import peak_rows, titles_of_peaks
from twitch_tracker.report.recording.cards import Fact
from twitch_tracker.units import day_text
from twitch_tracker.wording.terms import factor_name, treatment_name

__all__ = ["VisitView", "build_visit"]

_USUAL: Final = timedelta(days=28)


@dataclass(frozen=True, kw_only=True)
class VisitView:
    """The page of a visit.

    Attributes
    ----------
    now : NowView
        How it is, with the chart of the side that leads and the last film.
    cycle : CycleView or None
        The average cycle of injections.
    since, since_words
        From which day on is counted.
    facts : tuple of Fact
        What came since then, and what it was before.
    peak_titles, peaks : tuple
        The last injections as a table.
    unreviewed : tuple of str
        Recordings without a finished review, the newest first: their numbers in the
        journal.
    reviewed, recordings : int
        How many are reviewed, of how many.
    """

    now: NowView
    cycle: CycleView | None
    since: date
    since_words: str
    facts: tuple[Fact, ...]
    peak_titles: tuple[str, ...]
    peaks: tuple[tuple[str, ...], ...]
    unreviewed: tuple[str, ...]
    reviewed: int
    recordings: int


def build_visit(
    state: AppState,
    patient_id: str,
    course: KeptCourse,
    since: date | None,
    today: date,
) -> VisitView:
    """Collect the page of a visit.

    Parameters
    ----------
    state : AppState
        Of the running app.
    patient_id : str
        Whose.
    course : KeptCourse
        As it is counted now.
    since : date or None
        Day of the last visit; None for the usual one.
    today : date
        Where a cycle stands is stated for this day.

    Returns
    -------
    VisitView
        Plain text, nothing escaped.
    """
    history = course.history
    with state.journal() as journal:
        briefs = journal.overview(patient_id)
        diary = journal.diary(patient_id)
        treatments = journal.treatments(patient_id)
    days = [brief.started_at.date() for brief in briefs]
    from_day = since or _usual(treatments, days, today)
    unreviewed = [b.recording_id for b in briefs if not b.reviewed_by][::-1]
    recorded = [(r.started_at.date(), r.analysable_s) for r in history.recordings]
    return VisitView(
        now=build_now(state, patient_id, course),
        cycle=cycle_view(course.progression, today),
        since=from_day,
        since_words=day_text(from_day),
        facts=tuple(
            fact
            for fact in (
                _recorded(recorded, from_day),
                *_noted(diary, from_day),
                _given(treatments, from_day),
                _taken(diary, from_day),
            )
            if fact is not None
        ),
        peak_titles=tuple(map(capitalised, titles_of_peaks())),
        peaks=peak_rows(course.progression),
        unreviewed=tuple(unreviewed),
        reviewed=len(briefs) - len(unreviewed),
        recordings=len(briefs),
    )


def _usual(treatments: Sequence[Treatment], days: Sequence[date], today: date) -> date:
    """Return the day of the last treatment, else four weeks before the last recording."""
    given = [treatment.on for treatment in treatments if treatment.on <= today]
    if given:
        return max(given)
    return (max(days) if days else today) - _USUAL


def _recorded(recorded: Sequence[tuple[date, float]], since: date) -> Fact:
    seconds = [analysable_s for day, analysable_s in recorded if day >= since]
    return Fact(
        label=say("Recordings"),
        value=str(len(seconds)),
        note=say("{time} that could be measured", time=units.duration(sum(seconds))),
    )


def _noted(diary: Sequence[DiaryEntry], since: date) -> Iterable[Fact]:
    """Say how bad the twitching was, the questionnaire, and symptoms, with before."""
    after = [entry for entry in diary if entry.on >= since]
    before = [entry for entry in diary if entry.on < since]
    for name in ("twitching", "hfs7_total", "hfs8_total", "hfs30_total"):
        now, then = _mean(after, name), _mean(before, name)
        if now is not None:
            value, n = now
            yield Fact(
                label=factor_name(name, unit=True),
                value=units.decimal(value),
                note=_days_and_before(n, None if then is None else then[0]),
            )
    symptoms = [
        say("{what} on {n} of {of} days", what=factor_name(name), n=n, of=of)
        for name in DIARY_SYMPTOMS
        if (n := _count(after, name)[0]) and (of := _count(after, name)[1])
    ]
    if symptoms:
        yield Fact(label=say("Symptoms"), value=units.listed(symptoms), note="")


def _days_and_before(n: int, before: float | None) -> str:
    days = say_n("mean of {n} day", "mean of {n} days", n)
    if before is None:
        return days
    return say("{days}; before it {value}", days=days, value=units.decimal(before))


def _mean(entries: Sequence[DiaryEntry], name: str) -> tuple[float, int] | None:
    values = [float(getattr(entry, name)) for entry in entries]
    known = [value for value in values if math.isfinite(value)]
    return (sum(known) / len(known), len(known)) if known else None


def _count(entries: Sequence[DiaryEntry], name: str) -> tuple[int, int]:
    """Return on how many days a symptom was there, and on how many it was answered."""
    known = [v for e in entries if math.isfinite(v := getattr(e, name))]
    return sum(value > 0 for value in known), len(known)


def _given(treatments: Sequence[Treatment], since: date) -> Fact:
    given = [treatment for treatment in treatments if treatment.on >= since]
    names = "; ".join(
        say("{day}: {what}", day=day_text(one.on), what=treatment_name(one))
        for one in given
    )
    return Fact(label=say("Treatments"), value=names or say("none entered"), note="")


def _taken(diary: Sequence[DiaryEntry], since: date) -> Fact | None:
    names: dict[str, int] = {}
    for entry in diary:
        if entry.on >= since and entry.medication.strip():
            name = entry.medication.strip()
            names[name] = names.get(name, 0) + 1
    if not names:
        return None
    medicines = [
        say_n("{name} ({n} day)", "{name} ({n} days)", n, name=name)
        for name, n in sorted(names.items(), key=lambda item: -item[1])[:6]
    ]
    return Fact(label=say("Medicines noted"), value="; ".join(medicines), note="")
