"""What docs/architecture.md walks through is there, and is on the way it says."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path

import pytest
from source_files import ROOT, source_of

from twitch_tracker.history import DIARY

WALK = ROOT.parent / "docs" / "architecture.md"
CODE = r"`([\w/]+(?:\.py|\.js|\.html\.j2|/))`"

STARTS = {
    "One frame": {"pipeline", "batch", "processes"},
    "One burst": {"pipeline", "batch", "cli.films.analyze", "app.server"},
    "One review act": {"app.server", "cli.journal.import_"},
    "One diary field": {"app.server"},
    "One export format": {"app.server", "cli.journal.export"},
    "One new region": {"pipeline", "app.server", "cli.films.simulate"},
    "One film that is removed": {"app.server"},
    "Things that run beside the page": {"app.server"},
}
"""By section, where the way begins that it describes."""


def sections() -> dict[str, str]:
    """Return every part of the walk by its heading."""
    _, *parts = re.split(r"^## ", WALK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {part.splitlines()[0]: part for part in parts}


def files_of(text: str) -> list[Path]:
    """Find the files and folders that a text names.

    One that is named without a folder is in the folder of the one named before it.
    """
    found: list[Path] = []
    before = ROOT
    for name in re.findall(CODE, text):
        places = (ROOT / name, before / name, ROOT.parent / name)
        there = [place for place in places if place.exists()]
        assert there, name
        before = there[0].parent
        found.append(there[0])
    return found


@cache
def arrows() -> dict[str, set[str]]:
    """Return which module imports which."""
    sys.path.insert(0, str(ROOT.parent / "tools"))
    try:
        from house import module_arrows, python_files
    finally:
        sys.path.pop(0)
    return module_arrows(ROOT, {path: source_of(path) for path in python_files(ROOT)})


def reached(starts: set[str]) -> set[str]:
    """Find every module that these import, and what those import."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += arrows().get(one, ())
    return found


def test_every_file_of_the_walk_is_there():
    assert files_of(WALK.read_text(encoding="utf-8"))


def test_every_folder_of_the_walk_is_there():
    """Those that are named without an ending: rooms, folders, modules."""
    named = re.findall(r"`([a-z_]+(?:/[a-z_]+)+)`", WALK.read_text(encoding="utf-8"))
    assert named
    for name in named:
        assert (ROOT / name).is_dir() or (ROOT / f"{name}.py").is_file(), name


@pytest.mark.parametrize("heading", STARTS)
def test_the_files_of_a_walk_are_on_its_way(heading: str):
    """Whatever a walk names is used by what it begins with."""
    on_the_way = reached(STARTS[heading])
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in files_of(sections()[heading])
        if path.suffix == ".py" and path.is_relative_to(ROOT)
        if "versions" not in path.parts
    }
    assert modules, heading
    assert not modules - on_the_way


def test_a_number_of_the_diary_is_named_where_the_walk_says():
    """One that does not go along with bursts; migrations name what older ones lack.

    Totals of questionnaires have a place of their own in reports, and a name without
    an underscore may be a word of a sentence.
    """
    walked = {"history.py", "wording/terms.py"}
    plain = [name for name, one in DIARY.items() if not one.influence and "_" in name]
    alone = [name for name in plain if not name.startswith("hfs")]
    assert len(alone) > 3
    for name in alone:
        named = {
            path.relative_to(ROOT).as_posix()
            for path in ROOT.rglob("*")
            if path.suffix in {".py", ".j2", ".js"} and "migrations" not in path.parts
            if re.search(rf"\b{name}\b", source_of(path))
        }
        assert named == walked, name
