"""The entry in the menu: where each system looks, and how it quotes."""

from __future__ import annotations

import configparser
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twitch_tracker.cli.app import app
from twitch_tracker.cli.menu import menu_entry

FOLDERS = {"home": Path("/h"), "data": Path("/h/.local/share"), "roaming": Path("/r")}

linux = pytest.mark.skipif(sys.platform != "linux", reason="the desktop of Linux")


def entry(system: str, program: str):
    return menu_entry(system, FOLDERS, Path(program))


def test_each_system_gets_its_form_in_its_place():
    desktop = entry("linux", "/opt/tt/bin/twitch-tracker")
    assert desktop.path == Path("/h/.local/share/applications/twitch-tracker.desktop")
    start = entry("win32", "C:/tt/twitch-tracker.exe")
    assert start.path.name == "Twitch tracker.cmd"
    assert start.path.parent == Path("/r/Microsoft/Windows/Start Menu/Programs")
    mac = entry("darwin", "/opt/tt/bin/twitch-tracker")
    assert mac.path == Path("/h/Applications/Twitch tracker.command")
    assert mac.runs


def test_the_desktop_file_is_one(tmp_path: Path):
    found = configparser.ConfigParser(interpolation=None)
    found.read_string(entry("linux", "/opt/tt/bin/twitch-tracker").text)
    desktop = found["Desktop Entry"]
    assert desktop["Type"] == "Application"
    assert desktop["Exec"] == '"/opt/tt/bin/twitch-tracker" app'


@linux
@pytest.mark.parametrize("name", ["a b", "it's", 'say "x"', "50 %", "$HOME", "a\\b"])
def test_odd_folders_are_quoted(tmp_path: Path, name: str):
    """What a shell or the desktop would take for a sign of its own is not one."""
    program = f"/opt/{name}/twitch-tracker"
    mac = entry("darwin", program).text.splitlines()[1]
    assert shlex.split(mac) == ["exec", program, "app"]
    line = next(x for x in entry("linux", program).text.splitlines() if "Exec" in x)
    quoted = line.removeprefix("Exec=").removesuffix(" app")
    as_string = quoted.replace("%%", "%").replace("\\\\", "\\")
    said = subprocess.run(
        ["/bin/sh", "-c", f"printf %s {as_string}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == program
    assert entry("win32", program).text.count("%") % 2 == 0


@linux
def test_it_is_put_there_and_taken_out(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    run = CliRunner().invoke
    assert run(app, ["menu"]).exit_code == 0
    file = tmp_path / "share/applications/twitch-tracker.desktop"
    assert "Terminal=true" in file.read_text(encoding="utf-8")
    assert run(app, ["menu"]).exit_code == 0, "again is no error"
    assert "entry was removed" in run(app, ["menu", "--remove"]).output
    assert not file.exists()
    assert "no menu entry" in run(app, ["menu", "--remove"]).output


@linux
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch):
    blocked = tmp_path / "share"
    blocked.write_text("a file, no folder", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "twitch_tracker.cli.app", "menu"],
        env={**os.environ, "XDG_DATA_HOME": str(blocked)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
