"""Tests that can be left out carry their mark."""

from __future__ import annotations

import re

import pytest
from source_files import ROOT, all_are_right


@pytest.mark.parametrize("mark", ["benchmark", "browser", "fuzz"])
def test_a_folder_that_can_be_left_out_has_no_test_without_its_mark(mark: str):
    """tests/conftest.py leaves it out as a whole: a test without would never run."""
    files = list((ROOT.parent / "tests" / mark).rglob("test_*.py"))
    assert files
    marked = re.compile(
        rf"^pytestmark = [^\n]*(\n    [^\n]*)*mark\.{mark}\b", re.MULTILINE
    )
    all_are_right(
        f"{path.name}: give pytestmark the mark {mark}"
        for path in files
        if not marked.search(path.read_text(encoding="utf-8"))
    )
