"""The command that shows a person's course, on a journal with a simulated patient."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twitch_tracker.cli.app import app
from twitch_tracker.cli.journal.progress import _own_folder
from twitch_tracker.journal.open import open_journal


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal with half a year of "anna" and with "nora", who has nothing yet."""
    folder = tmp_path_factory.mktemp("home")
    words = ["demo-patient", "--patient", "anna", "--years", "0.5"]
    made = CliRunner().invoke(app, [*words, "--home", str(folder)])
    assert made.exit_code == 0, made.output
    with open_journal(folder) as journal:
        journal.add_patient("nora")
    return folder


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(home: Path, *words: object):
    return CliRunner().invoke(app, ["progress", "--home", str(home), *map(str, words)])


def test_it_prints_readings_and_numbers_and_writes_nothing(home: Path, tmp_path: Path):
    found = run(home, "--patient", "anna")
    assert found.exit_code == 0, found.output
    assert found.stdout.startswith("anna\n")
    assert "new bursts/minute" in found.stdout
    assert "95 % interval" in found.stdout
    assert list(tmp_path.iterdir()) == []


def test_json_is_one_document(home: Path):
    document = json.loads(run(home, "--patient", "anna", "--json").stdout)
    assert document["schema_version"] == 3
    assert document["patient"]["patient_id"] == "anna"
    assert document["recordings"] > 10
    assert {"series", "readings", "left_out", "treatments"} <= set(document)


def test_out_gets_every_file(home: Path, tmp_path: Path):
    found = run(home, "--patient", "anna", "--out", tmp_path / "course")
    assert found.exit_code == 0, found.output
    names = {path.name for path in (tmp_path / "course").iterdir()}
    assert {"progress.html", "progress.pdf", "progress_rest.png"} <= names
    assert {"series.csv", "series.parquet"} <= names
    assert f"page: {tmp_path / 'course' / 'progress.html'}" in found.stdout


def test_save_names_the_folder_after_the_person(home: Path, tmp_path: Path):
    assert run(home, "--patient", "nora", "--save").exit_code == 0
    assert (tmp_path / "progress" / "nora" / "progress.html").is_file()


@pytest.mark.parametrize(
    "name",
    ["../up", "a/b", "a\\b", "CON", "con.txt", "..", "", "x" * 300, "ä b", "a:b"],
)
def test_no_pseudonym_leaves_the_folder(name: str):
    folder = _own_folder(name)
    assert len(folder.parts) == 2
    assert folder.parts[0] == "progress"
    assert 0 < len(folder.name) <= 80
    assert not set(folder.name) & set('\\/:*?"<>| ')
    assert folder.name.partition(".")[0].upper() != "CON"


def test_two_people_never_share_a_folder():
    names = ["a b", "a_b", "a/b", "a?b"]
    assert len({_own_folder(name) for name in names}) == len(names)


def test_a_person_without_recordings_is_told_what_to_do(home: Path):
    found = run(home, "--patient", "nora")
    assert found.exit_code == 0
    said = " ".join(found.stdout.split())
    assert "twitch-tracker analyze FILM --patient nora" in said


def test_nothing_reviewed_yet_is_said(home: Path):
    found = run(home, "--patient", "anna", "--basis", "reviewed")
    assert found.exit_code == 0, found.output
    assert "new bursts/minute" not in found.stdout


def test_an_unknown_person_is_wrong_usage(home: Path, tmp_path: Path):
    found = run(home, "--patient", "nobody", "--out", tmp_path / "course")
    assert found.exit_code == 2
    assert "nobody" in found.stderr
    assert not (tmp_path / "course").exists()


def test_a_folder_that_cannot_be_written(home: Path, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    found = run(home, "--patient", "nora", "--out", tmp_path / "file" / "course")
    assert found.exit_code == 1
    assert "cannot be written" in str(found.exception)


@pytest.mark.parametrize(
    "words", [(), ("--patient", "anna", "--basis", "guessed"), ("anna",)]
)
def test_wrong_usage_is_exit_code_2(home: Path, words: tuple[str, ...]):
    assert run(home, *words).exit_code == 2


def test_the_help_has_an_example_and_tells_the_exit_codes(home: Path):
    text = " ".join(run(home, "--help").stdout.split())
    assert "Example: twitch-tracker progress --patient anna" in text
    for words in ("0 done", "2 wrong usage or an unknown person", "130 stopped"):
        assert words in text


def test_the_terminal_view_loads_no_chart_library(home: Path):
    """That is what keeps it quick."""
    code = (
        "import sys\n"
        "from twitch_tracker.cli.app import app\n"
        f"app(['progress', '--patient', 'anna', '--home', {str(home)!r}],\n"
        "    standalone_mode=False)\n"
        "print('LOADED', *{name.split('.')[0] for name in sys.modules})\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(ran.stdout.split("LOADED")[1].split())
    heavy = {"bokeh", "matplotlib", "fpdf", "pandas", "jinja2", "cv2", "mediapipe"}
    assert loaded & heavy == set()


def test_numeric_libraries_use_one_thread(home: Path):
    """Small sums that are shared cost more, and their last digits hang on the cores."""
    code = (
        "from threadpoolctl import threadpool_info\n"
        "from twitch_tracker.cli.app import app\n"
        f"app(['progress', '--patient', 'anna', '--home', {str(home)!r}],\n"
        "    standalone_mode=False)\n"
        "print('THREADS', *{pool['num_threads'] for pool in threadpool_info()})\n"
    )
    several = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=several,
    )
    assert ran.stdout.split("THREADS")[1].split() == ["1"]
