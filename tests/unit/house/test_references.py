"""A name in backticks of a docstring leads to something that is there.

Modules move and are renamed, and docstrings stay. The site's links are checked when it is
built; here are those that only readers of the code follow.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from source_files import FILES, all_are_right, name_of, tree_of

_REFERENCE = re.compile(r"(?<!`)`([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)`(?!`)")
"""A dotted name; a plain one may be a word, a column or a value of a file."""

OF_OTHERS = {"concurrent.futures.Executor"}
ENDINGS = {"js", "css", "json", "html", "py"}


def module_of(path: Path) -> str:
    """Name a module as imports do, without the package's own name."""
    name = name_of(path).removesuffix(".py").replace("/", ".")
    return name.removesuffix(".__init__")


def names_of(tree: ast.Module) -> Iterator[str]:
    """Every name that stands in the code of a module."""
    for node in ast.walk(tree):
        for part in ("name", "id", "attr", "arg"):
            if isinstance(name := getattr(node, part, None), str):
                yield from name.split(".")
        if isinstance(node, ast.alias) and node.asname:
            yield node.asname


@cache
def names_by_module() -> dict[str, frozenset[str]]:
    """What each module holds."""
    return {module_of(path): frozenset(names_of(tree_of(path))) for path in FILES}


def leads_somewhere(reference: str, modules: dict[str, frozenset[str]]) -> bool:
    """Whether a dotted name is a module, something in one, or part of something."""
    parts = reference.removeprefix("twitch_tracker.").split(".")
    known = frozenset[str]().union(*modules.values())
    for length in range(len(parts), 0, -1):
        ending = ".".join(parts[:length])
        found = [
            names
            for module, names in modules.items()
            if module == ending or module.endswith(f".{ending}")
        ]
        if found:
            first, others = parts[length : length + 1], parts[length + 1 :]
            return set(others) <= known and any(set(first) <= one for one in found)
    return set(parts) <= known


def references(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Dotted names in backticks, of docstrings and of texts below a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            for match in _REFERENCE.finditer(str(node.value.value)):
                if match[1].split(".")[-1] not in ENDINGS:
                    yield node.lineno, match[1]


def test_names_in_docstrings_lead_somewhere():
    modules = names_by_module()
    all_are_right(
        f"{name_of(path)}:{line}: `{name}` leads nowhere"
        for path in FILES
        for line, name in references(tree_of(path))
        if name not in OF_OTHERS and not leads_somewhere(name, modules)
    )


@pytest.mark.parametrize(
    ("reference", "leads"),
    [
        ("tables.download", True),
        ("exports.tables", True),
        ("twitch_tracker.exports.tables.download", True),
        ("taking_tables.download", False),
        ("tables.upload", False),
        ("Report.download", False),
    ],
)
def test_the_test_itself_follows_a_name(reference: str, leads: bool):
    modules = {"app.exports.tables": frozenset({"download"}), "app": frozenset()}
    assert leads_somewhere(reference, modules) is leads
