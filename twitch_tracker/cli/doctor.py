"""The command ``doctor``: what is missing on this computer, and what to do.

Knows how to show findings; the looking itself is in `cli.checks`.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from twitch_tracker.cli.outcome import ExitCode

if TYPE_CHECKING:
    from twitch_tracker.cli.checks import Finding

__all__ = ["EPILOG", "HELP", "doctor"]

HELP: Final = """Check this computer: what works, what is missing, what to do.

Really runs each landmark tracker and the video codecs on a tiny picture. Exit
code 0 when `twitch-tracker analyze` can run here, else 1.
"""

EPILOG: Final = "Example: twitch-tracker doctor --out results"


def doctor(
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR",
            help="Folder meant for results.",
            file_okay=False,
        ),
    ] = Path("out"),
    as_json: Annotated[
        bool, typer.Option("--json", metavar="", help="Print JSON instead of lines.")
    ] = False,
) -> None:
    """Check this computer; the help is `HELP`."""
    from twitch_tracker.cli.checks import all_findings

    findings = []
    for finding in all_findings(out):
        findings.append(finding)
        if not as_json:
            print(_lines(finding), flush=True)
    able = all(finding.ok or not finding.needed for finding in findings)
    if as_json:
        checks = [asdict(finding) for finding in findings]
        print(json.dumps({"can_analyze": able, "checks": checks}, indent=2))
    elif able:
        print("This computer can analyse recordings.")
    else:
        print("This computer cannot analyse recordings yet; see MISSING above.")
    raise typer.Exit(ExitCode.DONE if able else ExitCode.FAILED)


def _lines(finding: Finding) -> str:
    """Write one finding, and what to do about it below."""
    state = "ok" if finding.ok else ("MISSING" if finding.needed else "optional")
    text = f"{state:9}{finding.name}: {finding.detail}"
    return f"{text}\n{'':9}-> {finding.advice}" if finding.advice else text
