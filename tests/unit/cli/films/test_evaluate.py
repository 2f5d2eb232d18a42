"""The command that judges a log."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twitch_tracker.cli.app import app

HEAD = "onset_s,offset_s,side,regions,lead_region,kind,confidence\n"
BURST = "{0},{1},right,eyelid,eyelid,clonic,{2}\n"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A log that finds one of two bursts and invents one, and its truth."""
    (tmp_path / "logs" / "a").mkdir(parents=True)
    log = HEAD + BURST.format(1, 2, 0.9) + BURST.format(20, 21, 0.4)
    (tmp_path / "logs" / "a" / "episodes.csv").write_text(log)
    truth = HEAD + BURST.format(1, 2, "") + BURST.format(9, 10, "")
    (tmp_path / "truths").mkdir()
    (tmp_path / "truths" / "a_truth.csv").write_text(truth)
    (tmp_path / "set.csv").write_text("log,truth\nlogs/a,truths/a_truth.csv\n")
    return tmp_path


def run(*words: object):
    return CliRunner().invoke(app, ["evaluate", *map(str, words)])


@pytest.mark.parametrize(
    "words",
    [
        ("logs/a", "truths/a_truth.csv"),
        ("logs/a/episodes.csv", "truths/a_truth.csv"),
        ("logs", "truths"),
        ("--set", "set.csv"),
    ],
)
def test_all_ways_to_name_a_log_and_its_truth(study: Path, words: tuple[str, ...]):
    found = run(*(w if w.startswith("--") else study / w for w in words))
    assert found.exit_code == 0, found.output
    assert "Of 2 true bursts, 1 were found" in found.stdout
    assert "1 false alarm besides" in found.stdout
    assert "50.0 %" in found.stdout


def test_json_is_one_document(study: Path):
    found = run(study / "logs/a", study / "truths/a_truth.csv", "--json")
    document = json.loads(found.stdout)
    assert document["figures"]["sensitivity"]["value"] == 0.5
    assert document["figures"]["false_alarms_per_min"]["value"] is None
    assert document["left_out"] == []


def test_out_gets_a_page_and_the_numbers(study: Path):
    found = run(study / "logs", study / "truths", "--out", study / "judged")
    assert found.exit_code == 0
    assert {path.name for path in (study / "judged").iterdir()} == {
        "evaluation.html",
        "evaluation.json",
    }
    assert "evaluation.html" in found.stdout


def test_only_ascii_is_printed(study: Path):
    assert run(study / "logs", study / "truths").stdout.isascii()


def test_recordings_without_a_partner_are_named(study: Path):
    (study / "truths" / "z.csv").write_text(HEAD)
    found = run(study / "logs", study / "truths", "--json")
    assert "z has no partner" in found.stderr
    assert json.loads(found.stdout)["left_out"] == ["z"]


def test_a_truth_that_cannot_be_read_is_exit_code_3(study: Path):
    (study / "bad.csv").write_text("hello\n")
    found = run(study / "logs/a", study / "bad.csv", "--out", study / "judged")
    assert found.exit_code == 3
    assert "Readable: " in found.stderr
    assert not (study / "judged").exists()


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("logs/a",),
        ("logs", "truths/a_truth.csv"),
        ("logs/a", "truths"),
        ("logs/none", "truths"),
        ("logs/a", "truths/a_truth.csv", "--set", "set.csv"),
        ("logs/a", "truths/a_truth.csv", "--face", "who"),
    ],
)
def test_wrong_usage_is_exit_code_2(study: Path, words: tuple[str, ...]):
    paths = [w if w.startswith("--") or w == "who" else study / w for w in words]
    assert run(*paths).exit_code == 2


def test_the_help_has_an_example_and_tells_the_exit_codes():
    text = " ".join(run("--help").stdout.split())
    assert "Example: twitch-tracker evaluate" in text
    for words in ("0 done", "2 wrong usage", "3 a log or a", "130 stopped"):
        assert words in text


def test_help_loads_nothing_heavy():
    """That is what lets it answer at once."""
    code = (
        "import sys\n"
        "from twitch_tracker.cli.app import app\n"
        "app(['evaluate', '--help'], standalone_mode=False)\n"
        "print('LOADED', *{name.split('.')[0] for name in sys.modules})\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(ran.stdout.split("LOADED")[1].split())
    assert loaded & {"numpy", "cv2", "mediapipe", "bokeh", "jinja2", "scipy"} == set()
