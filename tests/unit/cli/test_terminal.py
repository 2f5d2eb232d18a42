"""Nothing from a foreign file steers the terminal."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from twitch_tracker.cli.terminal import PlainStream
from twitch_tracker.errors import BadTable
from twitch_tracker.history import Method
from twitch_tracker.journal.entries import Analysis
from twitch_tracker.journal.files.tables import read_diary
from twitch_tracker.journal.open import open_journal
from twitch_tracker.language import plain, say, say_n

ODD = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202eevil\x7f"


def test_control_characters_become_pictures():
    assert plain("a\tb\nc") == "a\tb\nc"
    shown = plain(ODD)
    assert "owned" in shown
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c == "\u202e" for c in shown)


def test_nothing_is_written_over_a_line():
    assert plain("a\rb") == "a\u240db"
    assert plain("a\r\nb\r") == "a\r\nb\u240d"


@pytest.mark.parametrize(
    "sign", [chr(n) for n in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
)
def test_nothing_changes_the_direction_of_reading(sign: str):
    assert plain(f"anna{sign}txt.exe") == "anna\ufffdtxt.exe"


@pytest.mark.parametrize("value", [ODD, Path(ODD), OSError(ODD)])
def test_what_is_said_holds_none(value: object):
    for told in (say("{a} there", a=value), say_n("{a} {n}", "{a} {n}", 2, a=value)):
        assert "\x1b" not in told
        assert "\x9b" not in told


def test_an_error_about_a_foreign_file_holds_none(tmp_path: Path):
    (tmp_path / "d.csv").write_text(f"date,{ODD}\n2026-05-01,1\n", encoding="utf-8")
    with pytest.raises(BadTable) as caught:
        read_diary(tmp_path / "d.csv")
    assert "\x1b" not in str(caught.value)


def test_a_stream_is_itself_but_for_what_is_written():
    stream = io.StringIO()
    plain_stream = PlainStream(stream)
    print(ODD, file=plain_stream)
    assert "\x1b" not in stream.getvalue()
    assert stream.getvalue().endswith("\n")
    assert plain_stream.isatty() is False


ONE_AFTER_ANOTHER = """
import sys
from twitch_tracker.cli.app import main
stdout = sys.stdout
for words in sys.argv[1:]:
    sys.argv[1:] = words.split()
    sys.stdout = stdout
    try:
        main()
    except SystemExit as ended:
        print("ended with", ended.code)
"""
"""A start takes a second, most of which are imports."""


def test_the_lists_of_the_journal_print_none(tmp_path: Path):
    with open_journal(tmp_path) as journal:
        journal.add_patient("anna", notes=ODD)
        analysis = Analysis(
            content_sha256="a" * 64,
            started_at=datetime(2026, 5, 1, 8, tzinfo=UTC),
            device=ODD,
            note=ODD,
            file_name=ODD,
            method=Method(
                tracker=ODD,
                tracker_weights_sha256="",
                detector=ODD,
                networks_sha256="",
                parameters_sha256="",
                software_version=ODD,
            ),
            recorded_s=60.0,
            analysable_s=50.0,
        )
        journal.log("anna", analysis)
    lists = (
        "journal list --patient anna",
        "journal list --patient anna --json",
        "patient show anna",
        "patient list",
        "journal changes",
    )
    run = subprocess.run(
        [sys.executable, "-c", ONE_AFTER_ANOTHER, *lists],
        capture_output=True,
        check=True,
        env={**os.environ, "TWITCH_TRACKER_HOME": str(tmp_path)},
    )
    assert b"\x1b" not in run.stdout + run.stderr
    *told, after = run.stdout.decode().split("ended with 0\n")
    assert after == ""
    for words, text in zip(lists, told, strict=True):
        assert "owned" in text or "anna" in text, words
