"""What trains the networks is run by hand and rarely: its imports must not rot."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

TRAINING = Path(__file__).parents[3] / "models" / "training"


@pytest.mark.parametrize("path", sorted(TRAINING.glob("*.py")), ids=lambda p: p.name)
def test_training_imports_what_there_is(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        if node.module.split(".")[0] in {"twitch_tracker", "studies"}:
            module = importlib.import_module(node.module)
            for alias in node.names:
                assert hasattr(module, alias.name), f"{node.module}.{alias.name}"
