"""What the commands say goes through the catalogue, too."""

from __future__ import annotations

import re
import shlex

import pytest
from typer.testing import CliRunner

from twitch_tracker.cli.app import app
from twitch_tracker.cli.outcome import result_text
from twitch_tracker.journal.open import open_journal
from twitch_tracker.language import LANGUAGE_VARIABLE, speaking

NAMES = {"P-1", "P-2", "twitch-tracker", "journal.sqlite3", "--patient", "ID"}
NAMES |= {"film.mp4", "rest.mp4", "report.html", "stress", "home"}


@pytest.fixture(scope="module")
def home(pseudo):
    """The home with the catalogue, and a person in its journal."""
    with open_journal(pseudo.home) as journal:
        journal.add_patient("P-1")
    return pseudo.home


@pytest.mark.parametrize(
    "words",
    [
        "patient add P-2",
        "patient rename P-2 P-3",
        "patient forget P-3",
        "patient show nobody",
        "diary add --patient P-1 --stress 4",
        "diary add --patient P-1 --stress 40",
        "diary list --patient nobody",
        "treatment list --patient P-1",
        "journal list --patient P-1",
        "journal check",
        "journal check --tidy",
        "journal remove 7",
        "journal backup {home}/b.zip",
        "journal restore {home}/b.zip",
        "progress --patient P-1",
        "progress --patient nobody",
        "export --format csv",
        "analyze {home}/film.mp4 --out {home}/out",
        "evaluate",
        "serve --host 0.0.0.0",
    ],
)
def test_no_sentence_of_a_command_escapes(
    home, speaks_pseudo, monkeypatch, words, tmp_path
):
    monkeypatch.setenv(LANGUAGE_VARIABLE, speaks_pseudo.code)
    asked = words.format(home=home)
    result = CliRunner().invoke(app, shlex.split(asked), terminal_width=300)
    told = result.output
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        told += str(result.exception)  # `app.main` prints it
    told = _without_typers_own(told.replace(str(home), " "))
    assert re.search(r"[\u0430-\u044f]{2,}", told), told
    known = {*NAMES, *re.findall(r"[\w.-]+", asked)}
    assert speaks_pseudo.escaped(told, known) == [], told


def _without_typers_own(text: str) -> str:
    """Leave out what typer writes around errors of use, which is English."""
    text = re.sub(r"(?m)^(Usage:|Try ').*$", " ", text)
    return re.sub(r"(?m)^Error: (Invalid value: )?", " ", text)


def test_the_lines_of_an_analysis(speaks_pseudo, tmp_path):
    from twitch_tracker.batch import Job, JobResult, Status

    side = {
        "episodes": 3,
        "episodes_per_min": 2.0,
        "episodes_per_min_low": 0.5,
        "episodes_per_min_high": 6.0,
        "spasm_s": 2.0,
        "median_duration_s": 0.75,
        "median_pause_s": None,
        "share_over_1s": 0.5,
        "regions": ["eyelid"],
        "onsets_per_free_min": 1.5,
        "onsets_per_free_min_low": 0.5,
        "onsets_per_free_min_high": 3.5,
        "spasm_fraction": 0.02,
        "longest_duration_s": 1.25,
    }
    summary = {
        "recorded_s": 130.0,
        "analysable_s": 80.0,
        "damage": {"frames_read": 3900, "damaged_packets": 2},
        "video": {"duration_s": 140.0},
        "sides": {"left": side, "right": side},
        "blinks": 12,
        "blinks_per_min": 9.0,
    }
    job = Job(video=tmp_path / "rest.mp4", folder=tmp_path)
    row = JobResult(job=job, status=Status.DONE, summary=summary)
    english = result_text(row)
    assert "130" not in english
    assert "2 min 10 s recorded" in english
    with speaking(speaks_pseudo.code):
        told = result_text(row)
    assert speaks_pseudo.escaped(told, {*NAMES, str(tmp_path)}) == [], told
