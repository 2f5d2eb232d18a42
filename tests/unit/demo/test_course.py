"""Simulated patients: what their truth says is in them, in totals and in a journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from twitch_tracker.cli.app import app
from twitch_tracker.demo.course import (
    demo_patient,
    demo_plan,
    stable,
)
from twitch_tracker.demo.into_journal import ended_by, write_patient
from twitch_tracker.demo.plan import CoursePlan, injection_curve, operation_curve
from twitch_tracker.errors import BadParameter
from twitch_tracker.history import DIARY_FACTORS, Task, TreatmentKind
from twitch_tracker.journal.open import open_journal
from twitch_tracker.regions import SIDES, Region, Side

PLAN = CoursePlan(days=120, pace=0.5, injections=(40.0,))


def test_a_seed_is_a_patient() -> None:
    assert repr(demo_patient(PLAN, 3)) == repr(demo_patient(PLAN, 3))
    assert repr(demo_patient(PLAN, 3)) != repr(demo_patient(PLAN, 4))


def test_totals_are_those_of_the_bursts() -> None:
    patient = demo_patient(replace(PLAN, rate_per_min=6), 1)
    for recording, bursts in zip(
        patient.history.recordings, patient.bursts, strict=True
    ):
        for side in SIDES:
            totals, own = recording.sides[side], bursts[side]
            ends = own.onsets_s + own.durations_s
            assert totals.episodes == len(own.onsets_s)
            assert (own.onsets_s[1:] > ends[:-1]).all()
            assert (own.onsets_s >= 0).all()
            assert (ends <= recording.analysable_s).all()
            assert totals.with_region[Region.EYELID] == totals.episodes
            assert totals.both_regions <= totals.episodes


def test_the_affected_side_has_the_bursts() -> None:
    for side in SIDES:
        history = demo_patient(replace(PLAN, side=side), 2).history
        counts = {
            s: sum(r.sides[s].episodes for r in history.recordings) for s in SIDES
        }
        assert counts[side] > 5 * counts[side.other]


def test_rates_grow_as_planned() -> None:
    """Doubling in a year, over many patients: ratio of the last to the first month."""
    plan = CoursePlan(
        days=365, pace=1, gap_days=0, rate_growth=2, provoked_share=0, diary_share=0
    )
    first = last = 0
    for seed in range(12):
        recordings = demo_patient(plan, seed).history.recordings
        counts = [r.sides[Side.LEFT].episodes for r in recordings]
        first, last = first + sum(counts[:30]), last + sum(counts[-30:])
    assert last / first == pytest.approx(2 ** (335 / 365.25), rel=0.15)


def test_the_stable_patient_does_not_change() -> None:
    truth = demo_patient(stable(demo_plan(years=2)), 1).truth
    rest = [v for name, v in truth.rates_per_min.items() if name.endswith("rest")]
    assert rest == pytest.approx([truth.plan.rate_per_min] * len(rest))


def test_missed_days_and_tasks_differ() -> None:
    history = demo_patient(demo_plan(years=1), 1).history
    days = [r.started_at.date() for r in history.recordings]
    gaps = np.diff([d.toordinal() for d in days])
    assert gaps.max() >= 7
    assert {r.task for r in history.recordings} == {Task.REST, Task.PURSING}
    assert days == sorted(days)


def test_the_diary_stays_within_what_numbers_may_be() -> None:
    for entry in demo_patient(demo_plan(years=1), 1).history.diary:
        for factor, (low, high) in DIARY_FACTORS.items():
            value = getattr(entry, factor)
            assert np.isnan(value) or low <= value <= high


def test_three_years_hold_injections_and_an_operation() -> None:
    kinds = [t.kind for t in demo_patient(demo_plan(), 1).history.treatments]
    assert kinds.count(TreatmentKind.BOTULINUM_TOXIN) >= 4
    assert kinds[-1] is TreatmentKind.MICROVASCULAR_DECOMPRESSION


def test_effects_come_and_go_as_published() -> None:
    days = np.array([-1.0, 0, 1, 4.5, 14, 30, 92, 150])
    curve = injection_curve(days, 92)
    assert curve[:3] == pytest.approx(0, abs=0.01)
    assert curve[3] == pytest.approx(0.5, abs=0.01)
    assert curve[4:6] == pytest.approx(1, abs=0.01)
    assert curve[6] == pytest.approx(0.5)
    assert curve[7] < 0.01
    relief = operation_curve(np.array([-1.0, 0, 30, 300]), 30)
    assert relief == pytest.approx([0, 0.4, 0.4 + 0.6 * (1 - np.exp(-1)), 1], abs=1e-3)


def test_courses_that_cannot_be_are_refused() -> None:
    with pytest.raises(BadParameter, match="rate_per_min"):
        CoursePlan(rate_per_min=0)
    with pytest.raises(BadParameter, match="share"):
        CoursePlan(diary_share=1.5)


def test_the_journal_comes_to_the_same_totals(tmp_path: Path) -> None:
    """Single bursts go in; the journal's own totals are the generator's."""
    patient = demo_patient(replace(PLAN, rate_per_min=4), 5)
    with open_journal(tmp_path) as journal:
        write_patient(journal, patient, 5)
        history = journal.history("demo")
    assert len(history.recordings) == len(patient.history.recordings)
    assert len(history.diary) == len(patient.history.diary)
    assert len(history.treatments) == len(patient.history.treatments)
    for ours, theirs in zip(
        patient.history.recordings, history.recordings, strict=True
    ):
        assert theirs.started_at == ours.started_at
        assert theirs.task is ours.task
        assert theirs.method.key == ours.method.key
        assert theirs.analysable_s == pytest.approx(ours.analysable_s)
        assert theirs.blinks == ours.blinks
        assert theirs.rest_asymmetry == pytest.approx(ours.rest_asymmetry)
        for side in SIDES:
            a, b = ours.sides[side], theirs.sides[side]
            assert b.durations_s == pytest.approx(a.durations_s, abs=2e-3)
            assert b.pauses_s == pytest.approx(a.pauses_s, abs=2e-3)
            assert b.excursions_mm == pytest.approx(a.excursions_mm, abs=2e-3)
            assert (b.both_regions, b.brow_lifts) == (a.both_regions, a.brow_lifts)
            assert {r: b.with_region.get(r, 0) for r in Region} == dict(a.with_region)


def test_the_course_ends_before_today() -> None:
    today = date(2023, 5, 1)
    plan = ended_by(demo_plan(years=3), today)
    assert (today - plan.start).days >= plan.days
    assert ended_by(demo_plan(years=1), today).start == date(2022, 1, 10)


def test_the_command_writes_and_refuses_a_taken_name(tmp_path: Path) -> None:
    runner = CliRunner()
    arguments = ["demo-patient", "--years", "0.2", "--home", str(tmp_path)]
    done = runner.invoke(app, [*arguments, "--patient", "d1"])
    assert done.exit_code == 0, done.output
    assert "d1: " in done.output
    with open_journal(tmp_path) as journal:
        assert journal.patient("d1").notes.startswith("Simulated patient")
        assert journal.history("d1").recordings[-1].started_at < datetime.now(UTC)
    again = runner.invoke(app, [*arguments, "--patient", "d1"])
    assert again.exit_code == 2
