"""What several rooms need stands once, and under one name."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

import pytest
from source_files import FILES, ROOT, all_are_right, name_of, names_in, tree_of


@pytest.mark.parametrize(
    ("call", "place"),
    [
        (r"\.Process\(", "border/spawned.py"),
        (r"csv\.reader\(", "border/tables.py"),
        (r"csv\.(DictW|w)riter\(", "border/tables.py"),
        (r"def \w+_ticks\(", "report/ticks.py"),
    ],
)
def test_what_several_rooms_need_stands_once(call: str, place: str):
    found = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if re.search(call, path.read_text(encoding="utf-8"))
    }
    assert found == {place}


def types_by_name(trees: Mapping[str, ast.AST]) -> dict[str, list[str]]:
    """List the files of every type that stands outside of others, by its name.

    A type whose base has its own name is the same thing with more to it. A name with
    an underscore is nobody's business but its module's.
    """
    places: dict[str, list[str]] = {}
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.ClassDef)
                and not node.name.startswith("_")
                and node.name not in names_in(*node.bases)
            ):
                places.setdefault(node.name, []).append(name)
    return places


def test_no_two_types_have_one_name():
    """Else who searches for one finds the other, and reads about the wrong thing."""
    inside = [path for path in FILES if path.is_relative_to(ROOT)]
    places = types_by_name({name_of(path): tree_of(path) for path in inside})
    all_are_right(
        f"{name} stands in {' and '.join(files)}; name each after what it is"
        for name, files in places.items()
        if len(files) > 1
    )


def test_the_test_itself_notices_two_types_of_one_name():
    one = ast.parse("class Mark: pass\nclass _Row: pass")
    other = ast.parse("class Mark: pass\nclass _Row: pass\nclass A(records.A): pass")
    found = types_by_name(
        {"one": one, "other": other, "third": ast.parse("class A: pass")}
    )
    assert found == {"Mark": ["one", "other"], "A": ["third"]}


def passed_on(tree: ast.Module) -> set[str]:
    """Find names of other modules that a module offers as if they were its own."""
    offered: set[str] = set()
    imported: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            imported |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign) and "__all__" in names_in(*node.targets):
            offered |= set(ast.literal_eval(node.value))
    return offered & imported


def test_a_name_has_one_address():
    """The public face of the package and of a room, in `__init__`, is a second one."""
    all_are_right(
        f"{name_of(path)}: offers {', '.join(sorted(names))}, defined elsewhere"
        for path in FILES
        if path.name != "__init__.py"
        if (names := passed_on(tree_of(path)))
    )


def test_the_test_itself_notices_a_name_that_is_passed_on():
    assert passed_on(ast.parse("from a import b, c\n__all__ = ['b', 'd']")) == {"b"}
