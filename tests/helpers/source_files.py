"""The program's own files, each read and parsed once, and which room they belong to."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import twitch_tracker

PACKAGE = "twitch_tracker"
ROOT = Path(twitch_tracker.__file__).parent
STUDIES = ROOT.parent / "studies"
"""Beside the package, for who measures the program; not in the wheel."""

ORDER = (
    "settings",
    "language",
    "units",
    "errors",
    "unmeasured",
    "encrypted",
    "border",
    "timebase",
    "regions",
    "records",
    "history",
    "networks",
    "threads",
    "video",
    "face",
    "motion",
    "episodes",
    "pipeline",
    "exchange",
    "evaluate",
    "journal",
    "review",
    "progression",
    "wording",
    "report",
    "notebook",
    "batch",
    "processes",
    "live",
    "app",
    "cli",
)
"""A room may import itself and what stands before it."""

ASIDE = {
    "simulate": ORDER[: ORDER.index("motion")],
    "demo": (*ORDER[: ORDER.index("cli")], "simulate"),
    "studies": (*ORDER[: ORDER.index("cli")], "simulate", "demo"),
}
"""Rooms beside the line, and what they may import: truth must not know detectors,
and a judge must not know where the truth came from. Only the studies bring the two
together."""

FILES = sorted((*ROOT.rglob("*.py"), *STUDIES.rglob("*.py")))


def name_of(path: Path) -> str:
    """Name a file as this project does: without the name of the package."""
    below = ROOT if path.is_relative_to(ROOT) else ROOT.parent
    return path.relative_to(below).as_posix()


@cache
def source_of(path: Path) -> str:
    """Read a file, once."""
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    """Parse a file, once."""
    return ast.parse(source_of(path))


def all_are_right(complaints: Iterable[str]) -> None:
    """Fail with every complaint, one a line."""
    found = list(complaints)
    assert not found, "\n".join(["", *found])


def room_of(path: Path) -> str:
    """Name the room a file belongs to; the package's own ``__init__`` is ''."""
    first = Path(name_of(path)).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def imported_rooms(path: Path, tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find the line and room of every import of this package, wherever it is."""
    parents = path.relative_to(ROOT.parent).with_suffix("").parts[:-1]
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = parents[: len(parents) - node.level + 1] if node.level else ()
            base = ".".join((*above, *filter(None, [node.module])))
            names = [f"{base}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == STUDIES.name:
                yield node.lineno, STUDIES.name
            if parts[0] == PACKAGE and len(parts) > 1 and is_room(parts[1]):
                yield node.lineno, parts[1]


@cache
def is_room(name: str) -> bool:
    """Tell rooms from names like ``__version__``."""
    return (ROOT / name).is_dir() or (ROOT / f"{name}.py").is_file()


def names_in(*nodes: ast.AST | None) -> set[str]:
    """All names and attributes that some code mentions."""
    inside = [one for node in nodes if node is not None for one in ast.walk(node)]
    return {one.id for one in inside if isinstance(one, ast.Name)} | {
        one.attr for one in inside if isinstance(one, ast.Attribute)
    }
