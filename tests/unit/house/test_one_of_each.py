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


STILL_TWICE = {"Course", "Logged"}
"""Names in `progression` that others have, too."""


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
        if len(files) > 1 and name not in STILL_TWICE
    )


def test_the_test_itself_notices_two_types_of_one_name():
    one = ast.parse("class Mark: pass\nclass _Row: pass")
    other = ast.parse("class Mark: pass\nclass _Row: pass\nclass A(records.A): pass")
    found = types_by_name(
        {"one": one, "other": other, "third": ast.parse("class A: pass")}
    )
    assert found == {"Mark": ["one", "other"], "A": ["third"]}
