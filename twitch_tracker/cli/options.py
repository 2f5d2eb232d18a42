"""Kinds of options that many commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = [
    "AsJson",
    "AsJsonLines",
    "Device",
    "FreeText",
    "Out",
    "Quiet",
    "Really",
    "flag",
    "out_folder",
]


def flag(*names: str, help: str) -> Any:
    """Make an option that is given or not; its opposite has no name."""
    return typer.Option(*names, metavar="", help=help)


def out_folder(help: str) -> Any:
    """Make ``--out``: a folder, which need not be there."""
    return typer.Option("--out", "-o", metavar="DIR", file_okay=False, help=help)


Out = Annotated[Path, out_folder("Folder for the results.")]
Quiet = Annotated[bool, flag("--quiet", "-q", help="Show no progress.")]
AsJson = Annotated[
    bool, flag("--json", help="Print one JSON document instead of a table.")
]
AsJsonLines = Annotated[bool, flag("--json", help="Print JSON instead of lines.")]
Really = Annotated[bool, flag("--yes", help="Really; nothing brings it back.")]
FreeText = Annotated[str, typer.Option(help="Free text.")]
Device = Annotated[
    str, typer.Option("--device", metavar="NAME", help="With what it was filmed.")
]
