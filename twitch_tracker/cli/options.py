"""Kinds of options that many commands have."""

from __future__ import annotations

from typing import Any

import typer

__all__ = ["flag", "out_folder"]


def flag(*names: str, help: str) -> Any:
    """Make an option that is given or not; its opposite has no name."""
    return typer.Option(*names, metavar="", help=help)


def out_folder(help: str) -> Any:
    """Make ``--out``: a folder, which need not be there."""
    return typer.Option("--out", "-o", metavar="DIR", file_okay=False, help=help)
