"""Imports run one way only, and importing starts nothing."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from source_files import (
    ASIDE,
    FILES,
    ORDER,
    ROOT,
    STUDIES,
    all_are_right,
    imported_rooms,
    name_of,
    room_of,
    source_of,
    tree_of,
)

HEAVY = {
    *("numpy", "scipy", "pandas", "pyarrow", "cv2", "av", "mediapipe", "bokeh"),
    *("typer", "rich", "pooch", "platformdirs", "jinja2", "PIL"),
}


def wrong_imports(path: Path, tree: ast.AST) -> list[str]:
    """Describe every import that goes against the order."""
    room = room_of(path)
    allowed = ASIDE.get(room) or ORDER[: ORDER.index(room)]
    if room == "cli":
        allowed = (*allowed, *ASIDE)
    return [
        f"{path.relative_to(ROOT.parent).as_posix()}:{line}: {room} must not import "
        f"{other}; it may import {', '.join(allowed) or 'nothing'}"
        for line, other in imported_rooms(path, tree)
        if other != room and other not in allowed
    ]


def test_every_room_has_its_place():
    rooms = {room_of(path) for path in FILES} - {""}
    unplaced = rooms - set(ORDER) - set(ASIDE)
    assert not unplaced, f"say in this test what {sorted(unplaced)} may import"


def test_there_are_files_to_look_at():
    """Else every rule below would hold."""
    assert {"cli/app.py", "video/files.py", "studies/truth/__init__.py"} <= {
        name_of(path) for path in FILES
    }


def test_imports_run_one_way():
    """The package itself re-exports lazily; tests below look at that."""
    files = [path for path in FILES if room_of(path)]
    all_are_right(
        wrong for path in files for wrong in wrong_imports(path, tree_of(path))
    )


def test_truth_of_studies_knows_no_detector():
    """As `simulate`: who makes what is true must not know who is tested against it."""
    files = [path for path in FILES if path.is_relative_to(STUDIES / "truth")]
    assert files
    allowed = {*ASIDE["simulate"], "simulate", STUDIES.name}
    all_are_right(
        f"{name_of(path)}:{line}: imports {room}"
        for path in files
        for line, room in imported_rooms(path, tree_of(path))
        if room not in allowed
    )
    other_study = re.compile(r"\bstudies\.(?!truth\b)\w+ import")
    all_are_right(
        f"{name_of(path)}: {found[0]}"
        for path in files
        if (found := other_study.search(source_of(path)))
    )


@pytest.mark.parametrize(
    ("room", "source", "line"),
    [
        ("video", "from twitch_tracker.motion.geometry import x", 1),
        ("video", "import twitch_tracker.cli.app", 1),
        ("video", "def f():\n    from twitch_tracker import face", 2),
        ("video", "from ..episodes import x", 1),
        ("video", "from .. import report", 1),
        ("simulate", "from twitch_tracker.motion import geometry", 1),
        ("report", "from studies.benchmark.building import faces", 1),
    ],
)
def test_the_test_itself_notices_a_wrong_import(room: str, source: str, line: int):
    (complaint,) = wrong_imports(ROOT / room / "made_up.py", ast.parse(source))
    assert f"twitch_tracker/{room}/made_up.py:{line}: {room} must not" in complaint


@pytest.mark.parametrize(
    "source",
    [
        "from twitch_tracker import __version__",
        "from . import source",
        "from twitch_tracker.records import Frame",
        "import numpy",
    ],
)
def test_the_test_itself_lets_right_imports_pass(source: str):
    assert wrong_imports(ROOT / "video" / "made_up.py", ast.parse(source)) == []


@pytest.mark.parametrize(
    "statement",
    ["import twitch_tracker", "twitch_tracker.Side", "import twitch_tracker.history"],
)
def test_importing_loads_nothing_heavy(statement: str):
    """A fresh interpreter: what other tests have loaded must not matter."""
    code = "import sys, twitch_tracker\nbefore = set(sys.modules)\n"
    code += f"{statement}\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(run.stdout.split())
    assert loaded & HEAVY == set()


def started(tree: ast.Module, *, registers: bool) -> list[int]:
    """Lines at module level with a loop, a ``with`` or a bare call."""
    kinds = (ast.For, ast.While, ast.With)
    return [
        node.lineno
        for node in tree.body
        if isinstance(node, kinds)
        or (
            not registers
            and isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Call)
        )
    ]


def test_nothing_is_started_by_an_import():
    """Commands register themselves."""
    all_are_right(
        f"{name_of(path)}:{line}"
        for path in FILES
        for line in started(tree_of(path), registers=room_of(path) == "cli")
    )


def test_the_test_itself_notices_what_is_started():
    source = "x = f()\nf()\nfor a in b: pass\nwhile a: pass\nwith a: pass"
    assert started(ast.parse(source), registers=False) == [2, 3, 4, 5]
    assert started(ast.parse(source), registers=True) == [3, 4, 5]
