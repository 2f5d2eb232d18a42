"""The command ``doctor``: what is missing on this computer, or what a file says.

Knows how to show findings; the checks are in `cli.checks` and `video.probe`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from twitch_tracker.cli.options import AsJsonLines, out_folder
from twitch_tracker.cli.outcome import ExitCode
from twitch_tracker.language import say

if TYPE_CHECKING:
    from twitch_tracker.cli.checks import CheckResult
    from twitch_tracker.video.probe import ProbedFile

__all__ = ["EPILOG", "HELP", "doctor", "facts_text"]

HELP: Final = """Check this computer: what works, what is missing, what to do.

Really runs each landmark tracker and the video codecs on a tiny picture. Exit
code 0 when `twitch-tracker analyze` can run here, else 1.

With FILE it shows what that recording says about itself instead: when and with what
it was filmed, which videos it holds, slow motion, turn. Exit code 3 when it cannot be
read.
"""

EPILOG: Final = "Example: twitch-tracker doctor, or: twitch-tracker doctor face.mp4"


def doctor(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A recording to look into."),
    ] = None,
    out: Annotated[Path, out_folder("Folder meant for results.")] = Path("out"),
    as_json: AsJsonLines = False,
) -> None:
    """Check this computer, or look into a file; the help is `HELP`."""
    if file is not None:
        _show(file, as_json=as_json)
        return
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
        print(say("This computer can analyse recordings."))
    else:
        print(
            say(
                "This computer cannot analyse recordings yet; see {missing} above.",
                missing=say("MISSING"),
            )
        )
    raise typer.Exit(ExitCode.DONE if able else ExitCode.FAILED)


def _show(file: Path, *, as_json: bool) -> None:
    """Show the metadata of a file."""
    from twitch_tracker.border.plain import plain
    from twitch_tracker.errors import RecordingError
    from twitch_tracker.video.probe import look_into

    try:
        look = look_into(file)
    except RecordingError as error:
        print(say("Error: {error}", error=error), file=sys.stderr)
        raise typer.Exit(ExitCode.UNREADABLE) from error
    if as_json:
        facts = {"info": plain(look.info), "says": plain(look.metadata)}
        print(json.dumps({"file": str(file), **facts}, indent=2))
        return
    print(facts_text(file.name, look))


def facts_text(name: str, look: ProbedFile) -> str:
    """Write the metadata of a file, one line each."""
    from twitch_tracker.wording.film.facts import file_facts
    from twitch_tracker.wording.film.said import said_in_words

    lines = (f"  {what:7} {value}" for what, value in file_facts(look))
    notes = (say("  note: {note}", note=note) for note in said_in_words(look.info.said))
    return "\n".join((name, *lines, *notes))


def _lines(finding: CheckResult) -> str:
    """Write one finding, and what to do about it below."""
    lacking = say("MISSING") if finding.needed else say("optional")
    state = say("ok") if finding.ok else lacking
    name = say(finding.name)
    text = f"{state:9}{name}: {finding.detail}"
    return f"{text}\n{'':9}-> {finding.advice}" if finding.advice else text
