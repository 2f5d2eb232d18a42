"""Words that this house made up for itself stay out of names and documents.

`told` and its kin said little of what a name holds: a row, a text, what was reported.
CONTRIBUTING's glossary has the words to use, also for docstrings and documents.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from source_files import tree_of

import twitch_tracker

PACKAGE = Path(twitch_tracker.__file__).parent
PROJECT = Path(__file__).parents[2]

ROOMS = (
    PACKAGE,
    PROJECT / "studies",
    PROJECT / "models",
    PROJECT / "tools",
    PROJECT / "examples",
)
"""Where code is watched: all of it but the tests."""

DOCUMENTS = (
    PROJECT / "README.md",
    PROJECT / "models" / "README.md",
    *sorted((PROJECT / "docs").rglob("*.md")),
)

OF_FILES = {"time_told"}
"""Keys that lie in files and in what browsers send."""

OF_OTHERS = {
    ("encrypted/files.py", "tell"),  # as every file of Python has it
    ("journal/encrypting/passphrases.py", "told"),  # a key of the file of keys
}

_OURS = (
    r"(?:re|un)?(?:told|tells?|telling)|unrest|happenings?|haste|reckon(?:s|ed|ing)?"
    r"|showers?|sights?|wish(?:es|ed)?|anew|handouts?"
)
_DIALECT = re.compile(rf"(?:^|_)(?:{_OURS})(?=_|$)", re.IGNORECASE)
_IN_CLASSES = re.compile(
    r"(?:(?:Re|Un)?(?:Told|Tells?|Telling)|Unrest|Happenings?|Haste|Reckon\w*"
    r"|Showers?|Sights?|Wish(?:es)?)(?=[A-Z]|$)"
)
_IN_PROSE = re.compile(
    r"\b(?:(?:re|un)?(?:told|tells|telling)|unrest|reckon\w*|anew|as lived|lest)\b"
)
_QUOTED = re.compile(r"^```.*?^```|``.*?``|`[^`]*`", re.MULTILINE | re.DOTALL)
"""Commands, codes and names in a document or docstring."""


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


def docstrings(tree: ast.AST) -> Iterator[str]:
    """Every text that stands alone: docstrings, and texts below a name."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield text


@cache
def sources() -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    """Every module that is watched: its place, the names and the texts in it."""
    return tuple(
        (
            path.relative_to(room if room == PACKAGE else PROJECT).as_posix(),
            tuple(bound(tree)),
            tuple(docstrings(tree)),
        )
        for room in ROOMS
        for path in sorted(room.rglob("*.py"))
        for tree in (tree_of(path),)
    )


def test_names_say_what_they_hold():
    found = [
        f"{place}: {name}"
        for place, names, _texts in sources()
        for name in names
        if is_dialect(name)
        if name not in OF_FILES and (place, name) not in OF_OTHERS
    ]
    assert not found


def test_files_and_pictures_have_headers():
    """A head is what a person has."""
    found = [
        f"{place}: {name}"
        for place, names, _texts in sources()
        for name in names
        if place.startswith("video/") and re.search(r"(?:^|_)heads?(?=_|$)", name)
    ]
    assert not found


def test_docstrings_use_the_glossary():
    found = [
        f"{place}: {word[0]!r} in {text.splitlines()[0]!r}"
        for place, _names, texts in sources()
        for text in texts
        for word in _IN_PROSE.finditer(_QUOTED.sub("", text))
        if (place, word[0]) not in OF_OTHERS
    ]
    assert not found


def test_no_docstring_begins_by_telling():
    found = [
        f"{place}: {text.splitlines()[0]}"
        for place, _names, texts in sources()
        for text in texts
        if text.startswith(("Tell", "Told"))
    ]
    assert not found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_documents_use_the_glossary(path):
    text = _QUOTED.sub("", path.read_text(encoding="utf-8"))
    assert not [
        line for line in text.splitlines() if _IN_PROSE.search(line) is not None
    ]


@pytest.mark.parametrize(
    "name",
    [
        "told",
        "_tell",
        "time_told",
        "TOLD_KINDS",
        "untold",
        "_Told",
        "AsTold",
        "unrest_io",
        "WindowShower",
        "Sights",
        "wish",
    ],
)
def test_dialect_is_found(name):
    assert is_dialect(name)


@pytest.mark.parametrize("name", ["teller", "intellect", "Total", "stated", "insight"])
def test_other_words_are_not(name):
    assert not is_dialect(name)
