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


def test_browser_tests_never_wait_for_a_function():
    """The pages forbid `eval`: it works at the first look and fails at the second.

    A test that waits that way passes where the page is quick, and fails where it is
    slow. `until` of tests/browser/conftest.py waits without it.
    """
    all_are_right(
        f"{path.name}: use `until` instead of wait_for_function"
        for path in (ROOT.parent / "tests" / "browser").rglob("*.py")
        if ".wait_for_function(" in path.read_text(encoding="utf-8")
    )
