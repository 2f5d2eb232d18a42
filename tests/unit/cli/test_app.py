"""The command line as a whole: help, version, last words."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from twitch_tracker import __version__
from twitch_tracker.cli import app as app_module
from twitch_tracker.cli.app import app, main
from twitch_tracker.errors import WeightsMissing

COMMANDS = [[], ["analyze"], ["doctor"], ["models"], ["models", "list"]]
HEAVY = {"numpy", "cv2", "mediapipe", "pandas", "av", "bokeh", "pyarrow", "scipy"}


def test_version():
    result = CliRunner().invoke(app, ["--version"])
    assert result.exit_code == 0
    assert result.stdout == f"twitch-tracker {__version__}\n"


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(words: list[str]):
    result = CliRunner().invoke(app, [*words, "--help"])
    assert result.exit_code == 0
    assert "Example: twitch-tracker" in result.stdout


def test_the_help_of_analyze_tells_the_exit_codes():
    text = " ".join(CliRunner().invoke(app, ["analyze", "--help"]).stdout.split())
    for words in ("0 done", "2 wrong usage", "3 a recording could", "4 no analysable"):
        assert words in text


@pytest.mark.parametrize("words", [["--help"], ["analyze", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(words: list[str]):
    """That is what lets it answer at once."""
    code = (
        "import sys\n"
        "from twitch_tracker.cli.app import app\n"
        f"app({words!r}, standalone_mode=False)\n"
        "print('LOADED', *{name.split('.')[0] for name in sys.modules})\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(run.stdout.split("LOADED")[1].split())
    assert "typer" in loaded
    assert loaded & HEAVY == set()


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (WeightsMissing("no weights; fetch them"), 1, "Error: no weights; fetch them"),
        (ZeroDivisionError("oh"), 1, "Set TWITCH_TRACKER_DEBUG=1 to see where"),
        (KeyboardInterrupt(), 130, "Stopped."),
    ],
)
def test_last_words_are_plain(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    words: str,
):
    def fail() -> None:
        raise error

    monkeypatch.setattr(app_module, "app", fail)
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == code
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said


def test_a_console_that_lacks_characters_does_not_crash(
    monkeypatch: pytest.MonkeyPatch,
):
    """A Windows console with code page 437 cannot show every file name."""
    console = io.TextIOWrapper(io.BytesIO(), encoding="cp437")
    monkeypatch.setattr(sys, "stdout", console)
    monkeypatch.setattr(app_module, "app", lambda: print("früh 目 \udc80"))
    main()
    console.flush()
    assert console.buffer.getvalue().decode("cp437").rstrip() == "früh ? ?"
