"""What the command `live` says and returns."""

from __future__ import annotations

import json
import os
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from twitch_tracker.cli.app import app
from twitch_tracker.cli.films import live as cli_live
from twitch_tracker.cli.films import live_words
from twitch_tracker.errors import CameraUnavailable, NoAnalysableFace
from twitch_tracker.journal.open import open_journal
from twitch_tracker.live.run import Ending


@pytest.fixture
def live(tmp_path):
    """Run ``twitch-tracker live`` with results going to ``tmp_path/out``."""

    def run(*words):
        given = ["live", *map(str, words), "--out", str(tmp_path / "out")]
        return CliRunner().invoke(app, given, catch_exceptions=False)

    return run


@pytest.fixture
def fake_run(monkeypatch, tmp_path, session):
    """Put a run there that needs no camera; `fails` is what it raises."""
    fake = SimpleNamespace(fails=None, runs=[], ending=Ending.STOPPED)

    class Run:
        folder = tmp_path / "out" / "live-1"
        started_at = cli_live.datetime(2026, 5, 1).astimezone()

        def work(self, display, on_event, stopped):
            del display
            assert not stopped()
            if fake.fails:
                raise fake.fails
            on_event({"event": "blink", "time_s": 9.5, "onset_s": 7.1})
            on_event({"event": "quality", "time_s": 9.6, "reason": "too_dark"})
            return session, fake.ending

    def prepare(stack, source, options, out):
        fake.options = options
        return Run()

    def having(run, seconds, fast_file, *, record):
        fake.runs.append((seconds, fast_file, record))
        return run

    class Source:
        def __enter__(self):
            return self

        def __exit__(self, *_): ...

    def open_(camera, file, **how):
        fake.opened = (camera, file, how)
        return Source()

    monkeypatch.setattr(cli_live, "_open", open_)
    monkeypatch.setattr(cli_live, "_prepare", prepare)
    monkeypatch.setattr(cli_live, "_with", having)
    return fake


def test_words_for_people(live, fake_run):
    result = live("--headless")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split("s  ")[1] == "blink at 7.1 s"
    assert "More light from the front" in lines[1]
    assert "face.mp4: 10.0 s recorded, 9.00 s of it measurable" in result.stdout
    assert "Recording to" in result.stderr


def test_lines_of_json_for_machines(live, fake_run):
    result = live("--headless", "--json")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert [e["event"] for e in events] == ["blink", "quality", "results"]
    assert events[-1]["summary"]["recorded_s"] == pytest.approx(10.0)
    assert events[-1]["journal"] is None


def test_a_lost_camera_is_said_and_the_results_are_there(live, fake_run):
    fake_run.ending = Ending.CAMERA_LOST
    result = live("--headless")
    assert result.exit_code == 0
    assert "what came before is logged" in result.stderr


def test_a_stored_video_is_not_mirrored_any_more(live, fake_run):
    live("--headless", "--mirrored")
    assert fake_run.options.mirrored is True
    live("--headless", "--mirrored", "--record", "--camera", "/dev/video2")
    assert fake_run.options.mirrored is False
    camera, _, how = fake_run.opened
    assert camera == "/dev/video2"
    assert how["mirrored"] is True


@pytest.mark.parametrize(
    ("fails", "code"),
    [
        (CameraUnavailable("camera 0 cannot be opened"), 3),
        (NoAnalysableFace("nobody was seen"), 4),
        (KeyboardInterrupt(), 130),
    ],
)
def test_exit_codes(live, fake_run, fails, code):
    fake_run.fails = fails
    result = live("--headless")
    assert result.exit_code == code
    assert "Traceback" not in result.output
    if code == 130:
        assert "--finish" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--fast", "--headless"],
        ["--file", "missing.mp4"],
        ["--seconds", "0"],
        ["--fps", "0"],
        ["--home", "."],
    ],
)
def test_wrong_usage_is_2_and_writes_nothing(live, words, tmp_path):
    assert live(*words).exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_person_who_is_not_in_the_journal_is_told_before_anything_is_recorded(
    live, fake_run, tmp_path
):
    result = live("--headless", "--patient", "nobody", "--home", tmp_path / "home")
    assert result.exit_code == 2
    assert not fake_run.runs


def test_a_person_s_earlier_recordings_are_asked_as_for_analyze(
    live, fake_run, tmp_path, monkeypatch
):
    """Of somebody who does not want that, nothing is asked."""
    home = tmp_path / "home"
    with open_journal(home) as journal:
        journal.add_patient("anna")
    monkeypatch.setattr(
        "twitch_tracker.journal.known_face.faces_before",
        lambda _journal, patient, _at: (patient,),
    )
    live("--headless", "--patient", "anna", "--home", home)
    assert fake_run.options.faces == ("anna",)
    live("--headless")
    assert fake_run.options.faces is None


def test_there_is_nothing_to_finish_in_another_folder(live, tmp_path):
    result = live("--finish", tmp_path)
    assert result.exit_code == 3
    assert "Give the folder of a live recording" in " ".join(result.stderr.split())


def test_a_recording_that_was_cut_off_is_mentioned(live, fake_run, tmp_path):
    folder = tmp_path / "out" / "live-0"
    folder.mkdir(parents=True)
    (folder / "events.jsonl").write_text('{"event": "started", "schema_version": 1}\n')
    signals = folder / "signals.part"
    signals.write_bytes(b"")
    os.utime(signals, (1e9, 1e9))
    assert f'live --finish "{folder}"' in live("--headless").stderr


def test_every_event_that_concerns_people_has_words(capsys):
    burst = {
        "event": "burst",
        "time_s": 5.0,
        "side": "right",
        "onset_s": 2.0,
        "offset_s": 3.5,
        "regions": ["eyelid", "mouth_corner"],
    }
    live_words.print_words(burst)
    live_words.print_words({"event": "quality", "time_s": 6.0, "reason": None})
    live_words.print_words({"event": "subject", "time_s": 7.0, "happened": "lost"})
    live_words.print_words({"event": "started", "schema_version": 1})
    told = capsys.readouterr().out
    assert "burst, right side, 1.50 s from 2.0 s (eyelid, mouth corner)" in told
    assert "Your face is well in the picture." in told
    assert "The person was lost from view" in told
    assert len(told.splitlines()) == 3
