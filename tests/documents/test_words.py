"""Words that this house made up for itself stay out of names.

`told` and its kin said little of what a name holds: a row, a text, what was reported.
CONTRIBUTING's glossary has the words to use; a room is listed here when it is clean.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import twitch_tracker

PACKAGE = Path(twitch_tracker.__file__).parent

ROOMS = (
    "app",
    "cli",
    "demo",
    "evaluate",
    "live",
    "progression",
    "report",
    "simulate",
    "wording",
    "batch.py",
    "errors.py",
    "history.py",
    "language.py",
    "notebook.py",
    "pipeline.py",
    "processes.py",
    "settings.py",
)
"""Where it is done."""

OF_FILES = {"time_told"}
"""Keys that lie in files and in what browsers send."""

_DIALECT = re.compile(r"(?:^|_)(?:re|un)?(?:told|tells?|telling)(?=_|$)", re.IGNORECASE)
_IN_CLASSES = re.compile(r"(?:Re|Un)?(?:Told|Tells?|Telling)(?=[A-Z]|$)")


def is_dialect(name: str) -> bool:
    """Whether one of a name's words is `told`, `tell` or the like."""
    return bool(_DIALECT.search(name) or _IN_CLASSES.search(name))


def bound(tree: ast.AST) -> Iterator[str]:
    """Every name that a module binds: definitions, arguments, variables, attributes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname


@pytest.mark.parametrize("room", ROOMS)
def test_names_say_what_they_hold(room):
    place = PACKAGE / room
    files = [place] if place.is_file() else sorted(place.rglob("*.py"))
    assert files
    found = [
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in files
        for name in bound(ast.parse(path.read_text(encoding="utf-8")))
        if is_dialect(name) and name not in OF_FILES
    ]
    assert not found


@pytest.mark.parametrize("room", ROOMS)
def test_no_docstring_begins_by_telling(room):
    place = PACKAGE / room
    files = [place] if place.is_file() else sorted(place.rglob("*.py"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module
    found = [
        f"{path.relative_to(PACKAGE)}: {said}"
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, kinds)
        and (said := ast.get_docstring(node) or "").startswith(("Tell", "Told"))
    ]
    assert not found


@pytest.mark.parametrize(
    "name", ["told", "_tell", "time_told", "TOLD_KINDS", "untold", "_Told", "AsTold"]
)
def test_dialect_is_found(name):
    assert is_dialect(name)


@pytest.mark.parametrize("name", ["teller", "intellect", "Total", "stated"])
def test_other_words_are_not(name):
    assert not is_dialect(name)
