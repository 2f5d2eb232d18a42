"""`analyze --patient` asks the person's earlier recordings how wide an eye opens."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from twitch_tracker import batch
from twitch_tracker.cli.app import app
from twitch_tracker.records import KnownEye, KnownUse

KNOWN = (
    KnownEye(use=KnownUse.NOT_NEEDED),
    KnownEye(use=KnownUse.USED, ratio=0.7, look=0.2, recordings=("3", "8", "9")),
)
DAYS = tuple(f"2026-05-{day:02}T08:00" for day in range(1, 6))


@pytest.fixture
def run(tmp_path, monkeypatch, fake_analysis):
    """Run a command with anna in the journal; what is analysed shows both eyes open."""
    monkeypatch.setenv("TWITCH_TRACKER_HOME", str(tmp_path / "home"))

    def shows_both_eyes(path, options, **more):
        analysis = fake_analysis.analyze_fully(path, options, **more)
        left, right = analysis.session.face_seen.eyes
        face = replace(analysis.session.face_seen, eyes=(left, left))
        assert not right.own
        motion = replace(analysis.session.motion, known_eyes=KNOWN)
        analysis.session = replace(analysis.session, face_seen=face, motion=motion)
        return analysis

    monkeypatch.setattr(batch, "analyze_fully", shows_both_eyes)

    def call(words: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, shlex.split(words), terminal_width=200)
        assert result.exit_code == code, result.output + repr(result.exception)
        return result.output

    call("patient add anna")
    return call


@pytest.fixture
def analyze(run, make_video, tmp_path):
    """Analyse a recording of anna's made on a day; give what is said."""

    def one(day, options="", code=0):
        video = make_video(f"{day}.mp4", f"film {day}".encode())
        words = f"analyze '{video}' --out '{tmp_path / 'out'}' --when {DAYS[day]} "
        return run(words + f"--patient anna {options}", code)

    return one


def asked(fake_analysis):
    """How many earlier recordings each analysis was given; None for not asked."""
    return [
        None if options.faces is None else len(options.faces)
        for options in fake_analysis.options
    ]


def test_every_recording_is_given_those_before_it(analyze, fake_analysis):
    for day in (0, 1, 3, 2):
        analyze(day)
    assert asked(fake_analysis) == [0, 1, 2, 2]
    names = [face.recording_id for face in fake_analysis.options[-1].faces]
    assert names == ["2", "1"], "newest first, none that was made later"


def test_nobody_is_asked_without_a_person(run, make_video, fake_analysis, tmp_path):
    run(f"analyze '{make_video('a.mp4')}' --out '{tmp_path / 'out'}'")
    assert asked(fake_analysis) == [None]


def test_a_person_may_not_want_it(analyze, fake_analysis):
    analyze(0)
    analyze(1, "--no-known-face")
    analyze(2)
    assert asked(fake_analysis) == [0, None, 2], "what it shows itself is kept"


def test_not_wanting_it_needs_a_person(run, make_video, tmp_path):
    words = f"analyze '{make_video('a.mp4')}' --out '{tmp_path}' --no-known-face"
    assert "--no-known-face needs --patient" in run(words, 2)


def test_recordings_of_one_command_do_not_depend_on_each_other(
    run, make_video, fake_analysis, tmp_path
):
    """Which of them is done first must not change what comes out."""
    films = [make_video(f"{n}.mp4", f"film {n}".encode()) for n in range(2)]
    given = " ".join(f"'{film}'" for film in films)
    run(f"analyze {given} --out '{tmp_path / 'out'}' --patient anna")
    assert asked(fake_analysis) == [0, 0]


def test_a_missing_recording_is_told_as_ever(run, tmp_path):
    words = f"analyze '{tmp_path / 'odd.mp4'}' --out '{tmp_path}' --patient anna"
    assert "odd.mp4" in run(words, 2)


def test_what_was_used_is_told_and_in_the_log(analyze, tmp_path):
    said = analyze(0)
    assert "How wide the right eye opens was taken from 3 earlier recordings" in said
    summary = json.loads((tmp_path / "out" / "0" / "summary.json").read_text())
    assert summary["known_face"]["right"] == {
        "use": "used",
        "ratio": 0.7,
        "look": 0.2,
        "recordings": ["3", "8", "9"],
    }
    assert summary["known_face"]["left"]["use"] == "not_needed"


def test_nothing_is_known_of_a_person_who_was_forgotten(run, analyze, fake_analysis):
    analyze(0)
    analyze(1)
    run("patient forget anna --yes")
    run("patient add anna")
    analyze(2)
    assert asked(fake_analysis) == [0, 1, 0]


def test_a_person_may_say_no_for_good(run, analyze, fake_analysis):
    analyze(0)
    run("patient known-face anna no")
    assert "known face: no" in run("patient show anna")
    analyze(1)
    run("patient known-face anna yes")
    assert "known face" not in run("patient show anna")
    analyze(2)
    assert asked(fake_analysis) == [0, None, 2]
    run("patient known-face anna perhaps", 2)
