"""What the shell tools look for is found where people have it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pages import ROOT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="shell scripts")

TOOL = ROOT / "tools" / "python_of.sh"
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def program(path: Path, text: str) -> Path:
    """A program of one line of shell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def asked(folder: Path, version: str) -> subprocess.CompletedProcess[str]:
    """Ask for a Python with nothing on the path but the folder and the system."""
    env = {"PATH": f"{folder / 'path'}:/usr/bin:/bin", "HOME": str(folder)}
    return subprocess.run(
        [str(TOOL), version], env=env, check=False, capture_output=True, text=True
    )


def test_a_python_that_does_not_start_is_not_taken(tmp_path: Path):
    """As pyenv lays one onto the path for every version that was not chosen."""
    program(tmp_path / "path" / "python9.8", "echo 'not found' >&2; exit 127")
    kept = program(tmp_path / ".pyenv/versions/9.8.1/bin/python3", "echo 9.8")
    assert asked(tmp_path, "9.8").stdout == f"{kept}\n"


def test_a_python_of_another_version_is_not_taken(tmp_path: Path):
    program(tmp_path / "path" / "python9.8", "echo 9.7")
    answer = asked(tmp_path, "9.8")
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert "no Python 9.8 here" in answer.stderr


def test_a_python_on_the_path_is_taken(tmp_path: Path):
    folder = tmp_path / "path"
    program(folder / f"python{HERE}", f'exec "{sys.executable}" "$@"')
    assert asked(tmp_path, HERE).stdout == f"{folder / f'python{HERE}'}\n"


def test_every_tool_that_needs_a_certain_python_looks_for_one():
    """Also `.ci/run`, which otherwise leaves a part out where it need not."""
    for tool in [*(ROOT / "tools").glob("*.sh"), ROOT / ".ci" / "run"]:
        if tool != TOOL:
            lines = tool.read_text(encoding="utf-8").splitlines()
            commands = [line.partition("#")[0] for line in lines]
            assert not [c for c in commands if "python3." in c and "echo" not in c]
