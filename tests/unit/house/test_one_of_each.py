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


def options(trees: Mapping[str, ast.Module]) -> dict[str, list[str]]:
    """Say of each option or argument of a command where it is written."""
    places: dict[str, list[str]] = {}
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Subscript) and names_in(node.value) == {
                "Annotated"
            }:
                places.setdefault(ast.unparse(node), []).append(f"{name}:{node.lineno}")
    return places


def test_an_option_that_several_commands_have_is_written_once():
    """`cli/options.py` has them, or the module of the first command."""
    files = (path for path in FILES if name_of(path).startswith("cli/"))
    all_are_right(
        f"{', '.join(places)}: {option[:80]}"
        for option, places in options({name_of(p): tree_of(p) for p in files}).items()
        if len(places) > 1
    )


def types_by_name(trees: Mapping[str, ast.Module]) -> dict[str, dict[str, str]]:
    """Say of each name of a type what it stands for in which file.

    A type whose base has its own name is the same thing with more to it. Names of types
    are aliases too, and those with an underscore: whoever searches finds them as well.
    An alias of the same text is the same type (`Floats` here and there).
    """
    places: dict[str, dict[str, str]] = {}
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name not in names_in(
                *node.bases
            ):
                places.setdefault(node.name, {})[name] = f"class of {name}"
        for node in tree.body:
            if isinstance(node, ast.Assign) and is_type(node):
                (target,) = names_in(*node.targets)
                places.setdefault(target, {})[name] = ast.unparse(node.value)
    return places


def is_type(node: ast.Assign) -> bool:
    """Whether an assignment gives a type a name: CamelCase, not a constant."""
    return len(node.targets) == 1 and all(
        re.fullmatch(r"_?[A-Z]\w*[a-z]\w*", name) for name in names_in(*node.targets)
    )


def is_option(meaning: str) -> bool:
    """Whether it is an option or argument of a command."""
    return bool(re.match(r"Annotated\[.*(typer\.|flag\(|out_folder\()", meaning))


def two_types(places: Mapping[str, str]) -> bool:
    """Whether a name stands for two things; options belong to their own command."""
    options = {meaning for meaning in places.values() if is_option(meaning)}
    types = set(places.values()) - options
    return len(types) + bool(options) > 1


def test_no_two_types_have_one_name():
    """Else who searches for one finds the other, and reads about the wrong thing."""
    inside = [path for path in FILES if path.is_relative_to(ROOT)]
    places = types_by_name({name_of(path): tree_of(path) for path in inside})
    all_are_right(
        f"{name} stands in {' and '.join(files)}; name each after what it is"
        for name, files in places.items()
        if two_types(files)
    )


@pytest.mark.parametrize(
    ("sources", "wrong"),
    [
        (("class Mark: pass", "class Mark: pass"), {"Mark"}),
        (("class _Row: pass", "_Row = dict[str, int]"), {"_Row"}),
        (("Row = dict[str, int]", "Row = list[int]"), {"Row"}),
        (("Row = list[int]", "Row = list[int]"), set()),
        (("class A: pass", "class A(records.A): pass"), set()),
        (("class Day: pass", "Day = Annotated[str, typer.Option()]"), {"Day"}),
        (("Out = Annotated[str, flag('a')]", "Out = Annotated[str, flag('b')]"), set()),
        (("MOST = 3", "MOST = 4"), set()),
    ],
)
def test_the_test_itself_notices_two_types_of_one_name(
    sources: tuple[str, str], wrong: set[str]
):
    found = types_by_name(
        {name: ast.parse(s) for name, s in zip("ab", sources, strict=True)}
    )
    assert {name for name, files in found.items() if two_types(files)} == wrong


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
