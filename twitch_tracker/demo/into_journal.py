"""Write a simulated patient into a journal, burst by burst.

Note: the journal computes totals itself from single bursts and must come to those of
the generator; recordings carry a made-up content hash that depends on pseudonym and
seed, so that the same patient written twice is the same recordings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import numpy as np

from twitch_tracker.demo.bursts import Bursts
from twitch_tracker.demo.course import DemoPatient
from twitch_tracker.demo.plan import CoursePlan
from twitch_tracker.episodes.description.bilateral import mark_bilateral
from twitch_tracker.history import LoggedRecording, PatientHistory
from twitch_tracker.journal.entries import Analysis, Logged
from twitch_tracker.journal.journal import Journal
from twitch_tracker.records import Blink, ExcludedSpan, QualityReason
from twitch_tracker.regions import Side
from twitch_tracker.timebase import Interval

__all__ = [
    "NOTE",
    "analysis_of",
    "ended_by",
    "spread_blinks",
    "write_history",
    "write_patient",
]

NOTE: Final = "Simulated patient, made by twitch-tracker demo-patient. Not a person."

_BLINK_S: Final = 0.2


def ended_by(plan: CoursePlan, last: date) -> CoursePlan:
    """Return the same course, moved so that it ends by a day if it would not."""
    start = min(plan.start, last - timedelta(days=plan.days))
    return replace(plan, start=start)


def write_patient(
    journal: Journal, patient: DemoPatient, seed: int
) -> tuple[Logged, ...]:
    """Write a simulated patient with recordings, diary and treatments.

    Parameters
    ----------
    journal : Journal
        Open.
    patient : DemoPatient
        Whose pseudonym must be free.
    seed : int
        With which it was drawn; goes into the made-up content hashes.

    Returns
    -------
    tuple of Logged
        One a recording.

    Raises
    ------
    BadParameter
        The pseudonym is taken or not allowed, or something lies in the future.
    """
    pairs = zip(patient.history.recordings, patient.bursts, strict=True)
    analyses = (
        analysis_of(recording, bursts, number, seed)
        for number, (recording, bursts) in enumerate(pairs)
    )
    return write_history(journal, patient.history, analyses)


def write_history(
    journal: Journal, history: PatientHistory, analyses: Iterable[Analysis]
) -> tuple[Logged, ...]:
    """Write a new person with recordings, diary and treatments.

    Parameters
    ----------
    journal : Journal
        Open.
    history : PatientHistory
        Whose pseudonym must be free.
    analyses : iterable of Analysis
        The recordings.

    Returns
    -------
    tuple of Logged
        One a recording.

    Raises
    ------
    BadParameter
        The pseudonym is taken or not allowed, or something lies in the future.
    """
    patient_id = history.patient.patient_id
    journal.add_patient(patient_id, NOTE)
    logged = journal.log_many(patient_id, analyses)
    journal.write_diary(patient_id, history.diary)
    journal.add_treatments(patient_id, history.treatments)
    return logged


def analysis_of(
    recording: LoggedRecording, bursts: dict[Side, Bursts], number: int, seed: int
) -> Analysis:
    """Return one recording as an analysis that can be logged.

    Parameters
    ----------
    recording : LoggedRecording
        Its totals.
    bursts : dict
        Its bursts by side.
    number, seed : int
        Place in the course and seed, for the blinks' times.

    Returns
    -------
    Analysis
        What was not analysable lies at the end of the recording.
    """
    rng = np.random.default_rng([seed, number])
    episodes = [e for side, each in bursts.items() for e in each.episodes(side)]
    name = f"{recording.recording_id}-{seed}"
    return Analysis(
        content_sha256=hashlib.sha256(name.encode()).hexdigest(),
        started_at=recording.started_at,
        task=recording.task,
        device="simulated",
        file_name=f"{recording.recording_id}.mp4",
        method=recording.method,
        recorded_s=recording.recorded_s,
        analysable_s=recording.analysable_s,
        rest_asymmetry=recording.rest_asymmetry,
        episodes=mark_bilateral(
            sorted(episodes, key=lambda e: (e.span.start_s, e.side))
        ),
        blinks=spread_blinks(rng, recording),
        excluded=(
            ExcludedSpan(
                span=Interval(
                    start_s=recording.analysable_s, end_s=recording.recorded_s
                ),
                reasons=(QualityReason.TURNED_AWAY,),
            ),
        ),
        analysed_at=datetime.combine(recording.started_at.date(), time(22), UTC),
    )


def spread_blinks(
    rng: np.random.Generator, recording: LoggedRecording
) -> tuple[Blink, ...]:
    """Spread the blinks over the analysable time."""
    last = max(recording.analysable_s - _BLINK_S, 0.0)
    starts = np.round(np.sort(rng.uniform(0, last, recording.blinks)), 3)
    return tuple(
        Blink(
            span=Interval(start_s=float(start), end_s=float(start) + _BLINK_S),
            complete=True,
            closure_left=0.95,
            closure_right=0.95,
        )
        for start in starts
    )
