"""A simulated life in a journal is the same life."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twitch_tracker.cli.app import app
from twitch_tracker.demo.lives.curves import steady
from twitch_tracker.demo.lives.drawn import draw_life
from twitch_tracker.demo.lives.journal import ended_by, write_life
from twitch_tracker.demo.lives.person import (
    Asked,
    Bursting,
    Detector,
    Diary,
    Habit,
    Injections,
    Life,
)
from twitch_tracker.journal.open import open_journal
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import Between
from twitch_tracker.regions import SIDES
from twitch_tracker.wording.progression import reading_texts

LIFE = Life(
    days=90,
    both_share=0.3,
    bursting=Bursting(duration_s=steady(8.0), train=2.0),
    detector=Detector(devices=((0.0, "old"), (45.0, "new")), mirrored_from=60.0),
    habit=Habit(per_week=4.0, provoked_share=0.3),
    diary=Diary(share=0.5),
    injections=Injections(days=(40.0,)),
    asked=Asked(share=0.5, closure=0.7, smile=0.6, brow=0.5),
)


def test_the_journal_comes_to_the_same_totals(tmp_path: Path) -> None:
    """Single bursts go in; cuts, both sides, closed eyes and devices come out."""
    drawn = draw_life(LIFE, 5)
    with open_journal(tmp_path) as journal:
        write_life(journal, drawn, 5)
        history = journal.history("life")
    assert len(history.recordings) == len(drawn.films)
    assert history.treatments[0].muscles == drawn.history.treatments[0].muscles
    assert len(history.diary) == len(drawn.history.diary)
    cut = both = 0
    for ours, theirs in zip(drawn.history.recordings, history.recordings, strict=True):
        assert theirs.started_at == ours.started_at
        assert theirs.device == ours.device
        assert theirs.analysable_s == pytest.approx(ours.analysable_s)
        assert asdict(theirs.face) == pytest.approx(asdict(ours.face), nan_ok=True)
        for side in SIDES:
            a, b = ours.sides[side], theirs.sides[side]
            assert b.durations_s == pytest.approx(a.durations_s, abs=2e-3)
            assert b.pauses_s == pytest.approx(a.pauses_s, abs=2e-3)
            assert (b.onset_cut == a.onset_cut).all()
            assert (b.offset_cut == a.offset_cut).all()
            assert b.bilateral == a.bilateral
            assert b.hardly_open_s == pytest.approx(a.hardly_open_s)
            cut, both = cut + b.cut_off, both + b.bilateral
    assert cut > 10
    assert both > 10
    assert {r.device for r in history.recordings} == {"old", "new"}
    what = {found.what for found in progress_of(history).between}
    assert what >= {Between.CLOSURE, Between.SMILE, Between.BROW}
    assert reading_texts(progress_of(history)) == reading_texts(
        progress_of(drawn.history)
    )


def test_a_life_ends_before_today() -> None:
    today = date(2023, 3, 31)
    assert (today - ended_by(LIFE, today).start).days >= LIFE.days
    assert ended_by(LIFE, date(2026, 1, 1)).start == LIFE.start


def test_the_command_writes_a_scenario(tmp_path: Path) -> None:
    arguments = ["demo-patient", "--scenario", "eight_weeks", "--patient", "e1"]
    done = CliRunner().invoke(app, [*arguments, "--home", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "e1: " in done.output
    with open_journal(tmp_path) as journal:
        assert journal.patient("e1").notes.startswith("Simulated patient")
        assert len(journal.history("e1").recordings) > 10
