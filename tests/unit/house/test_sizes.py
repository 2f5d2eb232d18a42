"""Nothing is too big to read, and every file says what it is about."""

from __future__ import annotations

import ast
from collections import Counter

import pytest
from source_files import FILES, all_are_right, name_of, source_of, tree_of

MOST_MODULES = 16
"""About fifteen, with ``__init__``: as many as fit in the head. A module is what one
sentence describes, however long."""

MOST_FUNCTION_LINES = 60


def code_lines(function: ast.AST, source_lines: list[str]) -> int:
    """Count the lines of a function without its docstring, comments and blanks."""
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    skipped: set[int] = set()
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        skipped = set(range(docstring.lineno, (docstring.end_lineno or 0) + 1))
    numbers = range(function.lineno, (function.end_lineno or 0) + 1)
    texts = [source_lines[n - 1].strip() for n in numbers if n not in skipped]
    return sum(bool(text) and not text.startswith("#") for text in texts)


def test_every_module_says_what_it_knows():
    all_are_right(
        f"{name_of(path)} has no docstring"
        for path in FILES
        if not ast.get_docstring(tree_of(path))
    )


def test_nothing_is_left_to_be_written():
    all_are_right(
        f"{name_of(path)}:{number}: {line.strip()}"
        for path in FILES
        for number, line in enumerate(source_of(path).splitlines(), 1)
        if any(mark in line for mark in ("TODO", "FIXME", "XXX"))
    )


def test_a_room_fits_in_the_head():
    sizes = Counter(path.parent for path in FILES)
    all_are_right(
        f"{name_of(folder)}: {modules} modules; divide it by meaning"
        for folder, modules in sizes.items()
        if modules > MOST_MODULES
    )


def too_long(tree: ast.AST, source: str) -> list[str]:
    """Describe every function that is too big to read."""
    lines = source.splitlines()
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    lengths = {
        node: code_lines(node, lines)
        for node in ast.walk(tree)
        if isinstance(node, functions)
        and (node.end_lineno or 0) - node.lineno >= MOST_FUNCTION_LINES
    }
    return [
        f"{node.lineno}: {node.name} has {length} code lines"
        for node, length in lengths.items()
        if length > MOST_FUNCTION_LINES
    ]


def test_nothing_is_too_big_to_read():
    all_are_right(
        f"{name_of(path)}:{complaint}"
        for path in FILES
        for complaint in too_long(tree_of(path), source_of(path))
    )


@pytest.mark.parametrize(("lines", "complaints"), [(59, 0), (60, 1)])
def test_the_test_itself_counts_lines_of_code(lines: int, complaints: int):
    body = (
        '    """Do.\n\n    More.\n    """\n\n    # a comment\n' + "    x = 1\n" * lines
    )
    source = f"async def f():\n{body}"
    assert len(too_long(ast.parse(source), source)) == complaints
