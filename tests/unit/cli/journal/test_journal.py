"""The commands of the journal, and `analyze --patient`."""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twitch_tracker.cli.app import app
from twitch_tracker.errors import TwitchTrackerError
from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.history import DIARY
from twitch_tracker.journal.open import open_journal

pytestmark = pytest.mark.usefixtures("looks_here")


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """Return the folder that the commands use without ``--home``."""
    folder = tmp_path / "home"
    monkeypatch.setenv("TWITCH_TRACKER_HOME", str(folder))
    return folder


@pytest.fixture
def run(home):
    """Run a command and check its exit code; give what it printed."""

    def call(words: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, shlex.split(words), terminal_width=200)
        told = result.output + repr(result.exception)
        if isinstance(result.exception, TwitchTrackerError):
            assert code == 1, told  # `app.main` ends with 1 and says why
            return str(result.exception)
        assert result.exit_code == code, told
        return result.output

    return call


@pytest.fixture
def anna(run):
    """Enter anna."""
    run("patient add anna --notes 'left handed'")


@pytest.fixture
def folder(session, tmp_path) -> Path:
    """Make the folder of the made-up session of tests/conftest.py."""
    path = tmp_path / "out" / "face"
    path.mkdir(parents=True)
    write_tables(path, session)
    return path


# --- people -----------------------------------------------------------------


def test_people_come_and_go(run, anna):
    assert "left handed" in run("patient show anna")
    run("patient rename anna a17")
    run("patient notes a17 'right handed'")
    assert json.loads(run("patient list --json"))["patients"][0]["patient_id"] == "a17"
    assert "--yes" in run("patient forget a17", 2)
    assert "a17" in run("patient list")
    run("patient forget a17 --yes")
    assert "Nobody yet" in run("patient list")


def test_an_unknown_person_is_wrong_usage_with_advice(run, folder):
    for words in (
        "patient show bob",
        "diary list --patient bob",
        "treatment list --patient bob",
        "journal list --patient bob",
        f"journal add {folder} --patient bob --when 2026-05-01T08:00",
    ):
        assert "patient add bob" in run(words, 2)


def test_home_beats_the_environment(run, tmp_path, home):
    run(f"patient add anna --home {tmp_path / 'other'}")
    assert (tmp_path / "other" / "journal.sqlite3").is_file()
    assert not home.exists()


# --- diary and treatments ---------------------------------------------------


def test_a_diary_is_kept_and_moved(run, anna, tmp_path):
    run("diary add --patient anna --date 2026-05-01 --stress 4")
    run("diary add --patient anna --date 2026-05-01 --sleep-hours 6.5 --notes windy")
    assert "Stress 4, Sleep 6.5, windy" in run("diary list --patient anna")
    table = tmp_path / "diary.csv"
    run(f"diary export {table} --patient anna")
    run("diary remove --patient anna --date 2026-05-01")
    assert "No entries" in run("diary list --patient anna")
    assert "1 of them new" in run(f"diary import {table} --patient anna")
    (entry,) = json.loads(run("diary list --patient anna --json"))["diary"]
    assert (entry["stress"], entry["fatigue"], entry["notes"]) == (4.0, None, "windy")


def test_every_number_of_the_diary_has_an_option(run, anna):
    """Also one that is new in the table: nothing is listed a second time."""
    given = {name: one.high for name, one in DIARY.items()}
    options = " ".join(
        f"--{name.replace('_', '-')} {high:g}" for name, high in given.items()
    )
    run(f"diary add --patient anna --date 2026-05-01 {options}")
    (entry,) = json.loads(run("diary list --patient anna --json"))["diary"]
    assert {name: entry[name] for name in given} == given


def test_treatments_are_kept_and_moved(run, anna, tmp_path):
    told = run(
        "treatment add --patient anna --date 2026-03-02 --side right --product Botox "
        "--muscle 'orbicularis oculi=12.5' --muscle risorius=2.5"
    )
    assert "Botox, 15 units" in told
    table = tmp_path / "treatments.csv"
    run(f"treatment export {table} --patient anna")
    assert "0 of them new" in run(f"treatment import {table} --patient anna")
    (one,) = json.loads(run("treatment list --patient anna --json"))["treatments"]
    assert one["muscles"] == {"orbicularis oculi": 12.5, "risorius": 2.5}
    run(f"treatment remove {one['treatment_id']}")
    assert "No treatments" in run("treatment list --patient anna")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("treatment add --patient anna --date 2026-03-02 --units -1", "units"),
        ("treatment add --patient anna --date 2026-03-02 --muscle a=-1", "units of a"),
        ("treatment add --patient anna --date 2126-03-02", "future"),
        ("treatment add --patient anna --date tomorrow", "date"),
        ("treatment remove 9", "no treatment 9"),
        ("diary add --patient anna --stress 11", "stress"),
        ("diary add --patient anna --date 2126-01-01 --stress 1", "future"),
        ("diary add --patient anna", "Enter something"),
        ("diary remove --patient anna --date 2026-01-01", "no entry"),
        ("journal remove 9 --yes", "no recording 9"),
        ("journal change 9 --note x", "no recording 9"),
        ("patient add anna", "already"),
    ],
)
def test_wrong_usage_is_told(run, anna, words, told):
    assert told in run(words, 2)


def test_a_foreign_table_is_refused_by_row_and_column(run, anna, tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("date,stress\n2026-05-01,3\n2026-05-02,-3\n")
    assert "row 2, column stress" in run(f"diary import {table} --patient anna", 3)
    assert "No entries" in run("diary list --patient anna")
    table.write_text("date,what\n2026-05-01,toxin\n")
    told = run(f"treatment import {table} --patient anna", 3)
    assert "missing 'kind'; unknown 'what'" in told


# --- journal ----------------------------------------------------------------


def test_a_folder_is_logged_listed_and_corrected(run, anna, folder, really_apart):
    words = f"journal add {folder} --patient anna"
    assert "Give --when" in run(words, 2)
    told = run(f"{words} --when 2026-05-01T08:30 --task smiling --by eva")
    assert "logged as recording 1; of 2026-05-01 08:30 (as entered)" in told
    assert "nothing new" in run(words)
    run("journal change 1 --task rest --note windy --by eva")
    (entry,) = json.loads(run("journal list --patient anna --json"))["recordings"]
    assert (entry["task"], entry["note"], entry["bursts_right"]) == ("rest", "windy", 2)
    assert "face.mp4" in run("journal list --patient anna")
    changes = json.loads(run("journal changes --patient anna --json"))["changes"]
    assert [change["by"] for change in changes[1:]] == ["eva", "eva"]
    assert changes[-1]["before"] == {"note": "", "task": "smiling"}
    assert "--yes" in run("journal remove 1", 2)
    run("journal remove 1 --yes")
    assert "No recordings" in run("journal list --patient anna")


def test_a_broken_folder_is_told(run, anna, folder):
    (folder / "episodes.csv").unlink()
    words = f"journal add {folder} --patient anna --when 2026-05-01T08:30"
    assert "episodes.csv" in run(words, 3)


def test_check_finds_damage_and_tidies(run, anna, folder, home):
    run(f"journal add {folder} --patient anna --when 2026-05-01T08:30")
    assert "is sound" in run("journal check")
    (signals,) = home.rglob("*.parquet")
    (signals.parent / ".x.part").write_text("half")
    assert "--tidy" in run("journal check", 1)
    assert "is sound" in run("journal check --tidy")
    signals.write_bytes(b"other")
    document = json.loads(run("journal check --json", 1))
    assert document["sound"] is False
    assert "changed or damaged" in document["findings"][0]["what"]


def test_a_database_that_cannot_be_read_is_told(run, anna, home):
    (home / "journal.sqlite3").write_bytes(b"dear diary " * 1000)
    assert "is damaged" in run("journal check", 1)


def test_newer_software_is_told(run, anna, home):
    with sqlite3.connect(home / "journal.sqlite3") as database:
        database.execute("UPDATE journal_version SET version_num = '0999'")
    database.close()
    assert "pip install -U" in run("patient list", 1)


def test_what_is_no_backup_is_a_file_that_cannot_be_read(run, tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK no zip")
    for name in ("a.zip", "none.zip"):
        assert name in run(
            f"journal restore {tmp_path / name} --home {tmp_path / 'b'}", 3
        )


def test_backup_and_restore(run, anna, folder, tmp_path):
    run(f"journal add {folder} --patient anna --when 2026-05-01T08:30")
    file, other = tmp_path / "b.zip", tmp_path / "other"
    assert "2 files" in run(f"journal backup {file}")
    assert "already exists" in run(f"journal backup {file}", 1)
    assert "1 person" in run(f"journal restore {file} --home {other}")
    assert "face.mp4" in run(f"journal list --patient anna --home {other}")
    assert "is sound" in run(f"journal check --home {other}")
    assert "without a journal" in run(f"journal restore {file}", 2)


# --- analyze ----------------------------------------------------------------


def test_analyze_logs_what_is_done(run, anna, fake_analysis, make_video, tmp_path):
    good, bad = make_video("a.mp4"), make_video("broken.mp4", b"x")
    words = f"analyze {good} {bad} --out {tmp_path / 'out'} --patient anna --task rest"
    told = run(words, 3)
    assert re.search(r"journal: logged as recording 1; of .* \(by the date of", told)
    (entry,) = json.loads(run("journal list --patient anna --json"))["recordings"]
    assert (entry["file_name"], entry["task"]) == ("a.mp4", "rest")
    assert "nothing new" in run(words, 3)


def test_analyze_says_in_json_what_was_logged(
    run, anna, fake_analysis, make_video, tmp_path
):
    words = f"analyze {make_video('a.mp4')} --json --quiet --out {tmp_path / 'out'}"
    told = json.loads(run(f"{words} --patient anna --when 2026-05-01T08:30+02:00"))
    assert told["recordings"][0]["journal"] == {
        "recording": "1",
        "revision": 1,
        "outcome": "new_recording",
        "started_at": "2026-05-01T08:30:00+02:00",
        "time_known": "told",
    }


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--patient bob", "patient add bob"),
        ("--patient anna --when 2126-05-01T08:30", "--when"),
        ("--patient anna --when noon", "--when"),
        ("--patient anna --when 2026-05-01", "such as"),
        ("--task rest", "--task needs --patient"),
        ("--when 2026-05-01T08:30", "--when needs --patient"),
        ("--home x", "--home needs --patient"),
    ],
)
def test_what_cannot_be_logged_is_found_out_before_the_work(
    run, anna, fake_analysis, make_video, tmp_path, words, told
):
    out = tmp_path / "out"
    assert told in run(f"analyze {make_video('a.mp4')} --out {out} {words}", 2)
    assert fake_analysis.options == []
    assert not out.exists()


def test_one_time_is_not_for_two_recordings(run, anna, make_video, fake_analysis):
    two = f"{make_video('a.mp4')} {make_video('b.mp4')}"
    words = f"analyze {two} --patient anna --when 2026-05-01T08:30"
    assert "one recording" in run(words, 2)
    assert fake_analysis.options == []


def test_what_was_analysed_but_not_logged_can_be_logged_later(
    run, anna, fake_analysis, make_video, tmp_path
):
    """The same film is logged for ben already: a mistake that a person must judge."""
    video = make_video("a.mp4")
    run("patient add ben")
    run(f"analyze {video} --out {tmp_path / 'one'} --patient ben")
    out = tmp_path / "two"
    told = run(f"analyze {video} --out {out} --patient anna --task rest", 1)
    assert "analysed but not logged" in told
    assert (out / "a" / "summary.json").is_file()
    later = re.search(r"log them later with: twitch-tracker (.*)", told)
    assert later is not None
    refused = run(later[1], 2)
    assert "already logged for another person" in refused
    assert "ben" not in refused.replace(str(tmp_path), "")
    assert re.search(r"twitch-tracker journal remove \d+", refused)
    assert "logged as recording" in run(f"{later[1]} --allow-other-patient")


def test_without_a_patient_no_journal_comes_into_being(
    run, fake_analysis, make_video, tmp_path, home
):
    run(f"analyze {make_video('a.mp4')} --out {tmp_path / 'out'}")
    assert not home.exists()


def test_the_journal_is_the_one_that_the_library_opens(run, anna, home):
    with open_journal(home) as journal:
        assert [p.patient_id for p in journal.patients()] == ["anna"]


# --- what a person wishes of films -------------------------------------------


@pytest.fixture
def analysed(run, anna, make_video, fake_analysis, tmp_path):
    """Analyse a video of anna's; give what is said and the report."""
    video, out = make_video("a.mp4"), tmp_path / "results"

    def call(command: str = "analyze", options: str = "", code: int = 0):
        words = f"{command} '{video}' --out '{out}' --patient anna {options}"
        said = run(words, code)
        report = next(out.rglob("report.html"), None)
        return said, report.read_text(encoding="utf-8") if report else ""

    return call


@pytest.mark.parametrize("command", ["analyze", "batch"])
def test_films_that_are_never_kept_leave_no_picture(run, analysed, command):
    run("patient films anna never")
    said, report = analysed(command)
    assert "never kept, so the report has no pictures" in said
    assert report
    assert not re.search(r"data:image/(jpeg|png|webp)", report)


@pytest.mark.parametrize("command", ["analyze", "batch"])
def test_no_overlay_is_made_of_who_wants_no_film(run, analysed, command):
    run("patient films anna never")
    said, report = analysed(command, "--overlay", code=2)
    assert "--overlay would keep a film" in " ".join(said.replace("│", " ").split())
    assert not report


def test_for_some_days_it_is_said_until_when(run, analysed):
    run("patient films anna 30")
    said, _ = analysed()
    assert re.search(r"kept for 30 days.*remove pictures and films by 20\d\d-", said)


def test_without_such_a_wish_nothing_is_said(run, analysed):
    assert "films of anna" not in analysed()[0]


def test_live_records_no_film_of_who_wants_none(run, anna):
    run("patient films anna never")
    said = run("live --patient anna --record --headless --seconds 1", 2)
    assert "--record would keep a film" in " ".join(said.replace("│", " ").split())
