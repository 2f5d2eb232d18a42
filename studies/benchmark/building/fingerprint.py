"""Whether something on disk was made by the same code from the same things.

A fingerprint of code follows the imports of a module through this project and
hashes what the modules say, without their docstrings and comments: rewording a
docstring makes nothing out of date, changing a formula does.

>>> fingerprint("a", 1) == fingerprint("a", 1) != fingerprint("a", 2)
True
"""

from __future__ import annotations

import ast
import hashlib
import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

__all__ = ["code_fingerprint", "file_fingerprint", "fingerprint"]

_PACKAGES: Final = ("twitch_tracker.", "studies.")


def fingerprint(*parts: object) -> str:
    """Hash JSON-ready values; 64 hexadecimal digits."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def file_fingerprint(path: Path) -> str:
    """Hash the content of a file, or of every file in a folder with its name."""
    files = (
        sorted(f for f in path.rglob("*") if f.is_file()) if path.is_dir() else [path]
    )
    total = hashlib.sha256()
    for file in files:
        if path.is_dir():
            total.update(file.relative_to(path).as_posix().encode())
        with file.open("rb") as content:
            total.update(hashlib.file_digest(content, "sha256").digest())
    return total.hexdigest()


@cache
def code_fingerprint(*modules: str, without: tuple[str, ...] = ()) -> str:
    """Hash modules of this project and everything of it that they import.

    Parameters
    ----------
    *modules : str
        Full names, e.g. ``twitch_tracker.simulate.inject``.
    without : tuple of str
        Modules that are not followed and do not count.

    Raises
    ------
    ModuleNotFoundError
        If there is no such module. (What modules import may also be a name in one.)
    """
    for name in modules:
        if _read(name) is None:
            raise ModuleNotFoundError(name)
    waiting, seen = list(modules), dict[str, str]()
    while waiting:
        name = waiting.pop()
        if name in seen or name in without:
            continue
        module = _read(name)
        if module is None:
            continue
        seen[name], imports = module
        waiting += imports
    return fingerprint(sorted(seen.items()))


@cache
def _read(name: str) -> tuple[str, tuple[str, ...]] | None:
    """Read what a module of this project does and imports, if there is such a module."""
    tree = _tree_of(name)
    if tree is None:
        return None
    return ast.dump(_without_docstrings(tree)), tuple(_imports(tree))


def _tree_of(name: str) -> ast.Module | None:
    """Parse a module of this project; None if there is no such module."""
    try:
        spec = find_spec(name)
    except (ModuleNotFoundError, AttributeError):
        return None
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return None
    return ast.parse(Path(spec.origin).read_text(encoding="utf-8"))


def _without_docstrings(tree: ast.Module) -> ast.Module:
    """Drop every string that stands alone."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [item for item in body if not _is_bare_text(item)]
            node.body = kept or [ast.Pass()]  # type: ignore[attr-defined]
    return tree


def _is_bare_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _imports(tree: ast.Module) -> list[str]:
    """Name everything of this project that a module may import."""
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{a.name}" for a in node.names)]
    return [name for name in names if name.startswith(_PACKAGES)]
