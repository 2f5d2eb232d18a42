"""The command that measures the house counts what it says."""

from __future__ import annotations

import sys
from pathlib import Path

import house
import pytest


def test_cycles_are_sets_that_reach_each_other():
    arrows = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set(), "e": {"a"}}
    assert house.cycles(arrows) == [frozenset("abc")]


def test_what_stands_twice_is_counted_in_each_place():
    twice = "\n".join(f"x{n} = {n}" for n in range(7))
    assert house.repeated_stretches([twice, twice]) == (2, 14)
    short = "\n".join(f"x{n} = {n}" for n in range(5))
    assert house.repeated_stretches([short, short]) == (0, 0)


def test_words_are_no_repetition():
    said = '"""One.\n\nTwo.\nThree.\nFour.\nFive.\nSix.\nSeven.\n"""\n'
    assert house.repeated_stretches([said, said]) == (0, 0)


def test_a_tree_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    package = tmp_path / "twitch_tracker"
    for room, source in {
        "video": "from twitch_tracker.face import seen\n",
        "face": "def f():\n    from twitch_tracker.video import read\n",
    }.items():
        (package / room).mkdir(parents=True)
        (package / room / "__init__.py").write_text("")
        name = "read" if room == "video" else "seen"
        (package / room / f"{name}.py").write_text(source + "fatigue = 1\n")
    numbers = house.measured(tmp_path)
    assert numbers["cycles of rooms"] == "1"
    assert numbers["modules in the largest folder"] == "2 (`face`)", "the first of two"
    assert numbers["arrows between rooms"] == "2"
    assert numbers["files that name a diary field (`fatigue`)"] == "2"
    monkeypatch.setattr(sys, "argv", ["house.py", str(tmp_path)])
    monkeypatch.setattr(house, "__file__", str(tmp_path / "tools" / "house.py"))
    house.main()
    assert "| Python files | 4 | 4 |" in capsys.readouterr().out


def test_neither_rooms_nor_modules_import_each_other():
    """Also not for types, or inside a function."""
    package = Path(house.__file__).parents[1] / house.PACKAGE
    sources = {p: p.read_text(encoding="utf-8") for p in house.python_files(package)}
    arrows = house.module_arrows(package, sources)
    assert house.cycles(arrows) == []
    assert house.cycles(house.grouped(arrows, lambda name: name.split(".")[0])) == []
