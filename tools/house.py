"""How the house stands: sizes, arrows, cycles, what is written twice, what a change costs.

    python tools/house.py            of this checkout, as a table in Markdown
    python tools/house.py OTHER ...  of other checkouts beside it

A *room* is a file or folder right below ``twitch_tracker/``, an *arrow* a pair of which
one imports the other; a *cycle* is a set whose members reach each other by imports, those
for types and those inside functions counted. A *repeated stretch* is six lines or more of
code, the same to the letter but for white space, that stand in two places. What a change
costs is the number of files that name an example of the thing: who adds another one has
to look at these. Simulation, migrations, tests and documents do not count there.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

__all__ = ["cycles", "main", "measured", "repeated_stretches"]

PACKAGE: Final = "twitch_tracker"
LEAST_LINES: Final = 6
EXAMPLES: Final = {
    "files that name a diary field (`fatigue`)": r"\bfatigue\b",
    "files that name a region (`Region.BROW`)": r"\b(Region\.)?BROW\b",
    "files that name an export format (`ELAN_TAB`)": r"\bELAN_TAB\b",
}
ASIDE: Final = ("simulate", "demo", "benchmark", "journal/migrations")
"""What tries the program out, and what is never edited again."""

Arrows = Mapping[str, set[str]]


def measured(root: Path) -> dict[str, str]:
    """Measure one checkout.

    Parameters
    ----------
    root : Path
        Its folder.

    Returns
    -------
    dict
        Numbers by what they are of.
    """
    package = root / PACKAGE
    sources = {path: path.read_text(encoding="utf-8") for path in python_files(package)}
    modules = module_arrows(package, sources)
    rooms = grouped(modules, lambda name: name.split(".")[0])
    folders = {path.parent for path in sources}
    counts = {
        folder.relative_to(package).as_posix(): len(list(folder.glob("*.py")))
        for folder in folders
    }
    largest = max(sorted(counts), key=lambda name: counts[name])
    repeated, lines = repeated_stretches(sources.values())
    return {
        "Python files": str(len(sources)),
        "lines in them": f"{sum(s.count(chr(10)) for s in sources.values()):,}",
        "folders": str(len(folders)),
        "folders with more than 16 modules": str(sum(n > 16 for n in counts.values())),
        "modules in the largest folder": f"{counts[largest]} (`{largest}`)",
        "arrows between rooms": str(sum(map(len, rooms.values()))),
        "cycles of rooms": str(len(cycles(rooms))),
        "arrows between modules": str(sum(map(len, modules.values()))),
        "cycles of modules": str(len(cycles(modules))),
        f"repeated stretches of {LEAST_LINES} lines and more": str(repeated),
        "lines in them, each copy counted": str(lines),
        **{name: str(naming(package, like)) for name, like in EXAMPLES.items()},
    }


def python_files(package: Path) -> list[Path]:
    """List every source file of the package, in order."""
    return sorted(package.rglob("*.py"))


def module_arrows(package: Path, sources: Mapping[Path, str]) -> dict[str, set[str]]:
    """Find which module imports which, by names below the package."""
    names = {
        path: ".".join(path.relative_to(package).with_suffix("").parts)
        for path in sources
    }
    known = set(names.values())
    arrows: dict[str, set[str]] = defaultdict(set)
    for path, source in sources.items():
        for name in imported(ast.parse(source)):
            target = name if name in known else f"{name}.__init__"
            if target in known and target != names[path]:
                arrows[names[path]].add(target)
    return arrows


def imported(tree: ast.AST) -> Iterator[str]:
    """Name whatever of the package is imported, wherever it stands."""
    start = f"{PACKAGE}."
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (
                a.name.removeprefix(start)
                for a in node.names
                if a.name.startswith(start)
            )
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == PACKAGE:
                yield from (alias.name for alias in node.names)
            elif node.module.startswith(start):
                below = node.module.removeprefix(start)
                yield below
                yield from (f"{below}.{alias.name}" for alias in node.names)


def grouped(arrows: Arrows, group: Callable[[str], str]) -> dict[str, set[str]]:
    """Draw arrows between groups of modules."""
    found: dict[str, set[str]] = defaultdict(set)
    for source, targets in arrows.items():
        for target in targets:
            ends = group(source), group(target)
            if ends[0] != ends[1] and "__init__" not in ends:
                found[ends[0]].add(ends[1])
    return found


def cycles(arrows: Arrows) -> list[frozenset[str]]:
    """Find the sets of which everything reaches everything, two members and more.

    >>> cycles({"a": {"b"}, "b": {"a", "c"}, "c": set()}) == [frozenset("ab")]
    True
    """
    reached = {name: _reached_from(name, arrows) for name in arrows}
    groups = {
        frozenset(
            other for other in reached[name] | {name} if name in reached.get(other, ())
        )
        for name in arrows
    }
    return sorted((one for one in groups if len(one) > 1), key=sorted)


def _reached_from(name: str, arrows: Arrows) -> set[str]:
    reached: set[str] = set()
    waiting = list(arrows.get(name, ()))
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            waiting += arrows.get(one, ())
    return reached


def repeated_stretches(sources: Iterable[str]) -> tuple[int, int]:
    r"""Count stretches that stand in two places or more, and their lines.

    Docstrings, comments, imports and lines without a letter do not count as lines.

    >>> twice = "\n".join(f"x{n} = {n}" for n in range(8))
    >>> repeated_stretches([twice, twice])
    (2, 16)
    """
    files = [list(code_lines(source)) for source in sources]
    places: dict[tuple[str, ...], int] = defaultdict(int)
    for lines in files:
        for start in range(len(lines) - LEAST_LINES + 1):
            places[tuple(lines[start : start + LEAST_LINES])] += 1
    stretches = total = 0
    for lines in files:
        marked = [False] * len(lines)
        for start in range(len(lines) - LEAST_LINES + 1):
            if places[tuple(lines[start : start + LEAST_LINES])] > 1:
                marked[start : start + LEAST_LINES] = [True] * LEAST_LINES
        total += sum(marked)
        stretches += sum(
            here and not before
            for before, here in zip([False, *marked], marked, strict=False)
        )
    return stretches, total


def code_lines(source: str) -> Iterator[str]:
    """Give the lines that count, without white space at their ends."""
    tree = ast.parse(source)
    skipped: set[int] = set()
    for node in ast.walk(tree):
        bare = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if bare or isinstance(node, ast.Import | ast.ImportFrom):
            skipped |= set(range(node.lineno, (node.end_lineno or 0) + 1))
    for number, line in enumerate(source.splitlines(), start=1):
        text = line.strip()
        counts = number not in skipped and not text.startswith("#")
        if counts and re.search(r"[A-Za-z]", text):
            yield text


def naming(package: Path, like: str) -> int:
    """Count files of the program that name something."""
    return sum(
        re.search(like, path.read_text(encoding="utf-8")) is not None
        for path in package.rglob("*")
        if path.suffix in {".py", ".j2", ".js"}
        and not path.relative_to(package).as_posix().startswith(ASIDE)
    )


def main() -> None:
    """Print the table."""
    here = Path(__file__).parents[1]
    roots = [*map(Path, sys.argv[1:]), here]
    columns = [measured(root) for root in roots]
    print("| |" + " |" * len(columns))
    print("|---|" + "---|" * len(columns))
    for name in columns[-1]:
        print(f"| {name} | " + " | ".join(column[name] for column in columns) + " |")


if __name__ == "__main__":
    main()
