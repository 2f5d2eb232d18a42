"""Fingerprints change with what matters and with nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from studies.benchmark.building.fingerprint import (
    _imports,
    _without_docstrings,
    code_fingerprint,
    file_fingerprint,
)


def shape(source: str) -> str:
    return ast.dump(_without_docstrings(ast.parse(source)))


def test_words_do_not_count_and_formulas_do():
    plain = "def f(x):\n    return x + 1\n"
    worded = (
        '"""New."""\n\ndef f(x):\n    """Told anew."""\n    # why\n    return x + 1\n'
    )
    assert shape(plain) == shape(worded)
    assert shape(plain) != shape(plain.replace("1", "2"))


def test_imports_inside_functions_are_followed():
    source = "import os\ndef f():\n    from twitch_tracker.timebase import Stamp\n"
    assert "twitch_tracker.timebase" in _imports(ast.parse(source))
    assert not any(name == "os" for name in _imports(ast.parse(source)))


def test_different_modules_have_different_fingerprints():
    one, other = "twitch_tracker.timebase", "twitch_tracker.regions"
    assert code_fingerprint(one) == code_fingerprint(one)
    assert code_fingerprint(one) != code_fingerprint(other)


def test_a_module_that_moved_is_not_taken_for_one_that_says_nothing():
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        code_fingerprint("twitch_tracker.timebase", "twitch_tracker.no_such_module")


def test_a_folder_is_known_by_what_is_in_it(tmp_path: Path):
    (tmp_path / "a").write_text("1")
    before = file_fingerprint(tmp_path)
    (tmp_path / "b").write_text("2")
    assert file_fingerprint(tmp_path) != before
    assert file_fingerprint(tmp_path / "a") != file_fingerprint(tmp_path / "b")
