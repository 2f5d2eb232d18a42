"""The command ``evaluate``: a log and what really happened in, figures out.

Knows the options and their help; reading, judging and writing happen in
`evaluate` and `report`.
"""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from twitch_tracker.cli.journal.coding_notes import print_film_notes, say_overridden
from twitch_tracker.cli.options import AsJson, flag, out_folder
from twitch_tracker.cli.outcome import ExitCode
from twitch_tracker.errors import BadTruthFile
from twitch_tracker.language import say

if TYPE_CHECKING:
    from twitch_tracker.evaluate.evaluation import Evaluation, Part
    from twitch_tracker.evaluate.reading import Pairs

__all__ = ["EPILOG", "HELP", "evaluate"]

HELP: Final = """Judge a log by what really happened.

LOG is a folder that `analyze` left behind (or its episodes.csv), TRUTH a file
that says what happened: a truth.csv of the simulator, another episodes.csv,
BORIS events (tabular or aggregated, csv or tsv, or the .boris project), or ELAN
(.eaf or tab-delimited text). Two folders of many are matched by name, where
NAME_truth.csv belongs to NAME; a manifest (--set) lists them instead and can say
whose face and which activity it is. Sides are the subject's own; a code whose
side is not known is refused, and so is a truth of another film: another name or
length, or events beyond the film's end.

Exit codes: 0 done; 1 something else went wrong; 2 wrong usage; 3 a log or a
truth could not be read; 130 stopped by Ctrl-C.
"""

EPILOG: Final = (
    "Example: twitch-tracker evaluate out/morning morning_truth.csv --out judged"
)

LogArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="[LOG]", exists=True, help="Recording folder, or a folder of them."
    ),
]
TruthPath = Annotated[
    Path | None,
    typer.Argument(
        metavar="[TRUTH]", exists=True, help="What happened, or a folder of it."
    ),
]
Manifest = Annotated[
    Path | None,
    typer.Option(
        "--set",
        metavar="CSV",
        exists=True,
        dir_okay=False,
        help="Table with the columns log, truth and, if known, face, activity, name, "
        "recorded_s; instead of LOG and TRUTH.",
    ),
]
FaceColumn = Annotated[
    str,
    typer.Option(
        "--face",
        metavar="COLUMN",
        help="Column of the table that says whose face it is.",
    ),
]
Out = Annotated[
    Path | None, out_folder("Folder for evaluation.html and evaluation.json.")
]
Force = Annotated[
    bool,
    flag(
        "--force",
        help="Judge by a truth that does not fit its film, and say what does not.",
    ),
]


def evaluate(
    log: LogArgument = None,
    truth: TruthPath = None,
    manifest: Manifest = None,
    face: FaceColumn = "face",
    out: Out = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Judge logs; the help is `HELP`."""
    _check_usage(log, truth, manifest, face)
    from twitch_tracker.evaluate.evaluation import evaluate_set

    try:
        pairs = _read(log, truth, manifest, face, force)
    except BadTruthFile as error:
        print(say("Error: {error}", error=error), file=sys.stderr)
        raise typer.Exit(ExitCode.UNREADABLE) from None
    for recording in pairs.recordings:
        say_overridden(recording.name, recording.misfits)
        print_film_notes(recording.name, recording.notes)
    for name in pairs.alone:
        print(
            say("warning: {name} has no partner and is left out", name=name),
            file=sys.stderr,
        )
    evaluation = evaluate_set(pairs.recordings)
    page = _write(evaluation, out)
    if as_json:
        from twitch_tracker.evaluate.document import evaluation_json

        document = {**evaluation_json(evaluation), "left_out": list(pairs.alone)}
        print(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))
        return
    print(evaluation_text(evaluation))
    if page is not None:
        print(say("page: {path}", path=page))


def _check_usage(
    log: Path | None, truth: Path | None, manifest: Path | None, face: str
) -> None:
    """Ask for either LOG and TRUTH, or --set."""
    if manifest is not None:
        if log is not None:
            raise typer.BadParameter(say("Give either LOG and TRUTH, or --set."))
        return
    if log is None or truth is None:
        raise typer.BadParameter(say("Give LOG and TRUTH, or --set CSV."))
    if face != "face":
        raise typer.BadParameter(
            say("--face names a column of the table given by --set.")
        )


def _read(
    log: Path | None,
    truth: Path | None,
    manifest: Path | None,
    face: str,
    force: bool,
) -> Pairs:
    """Read what the command line names."""
    from twitch_tracker.evaluate.reading import (
        Pairs,
        is_recording_folder,
        pair_folders,
        read_manifest,
        read_recording,
    )

    if manifest is not None:
        return read_manifest(manifest, face, force=force)
    if log is None or truth is None:
        raise typer.BadParameter(say("Give LOG and TRUTH, or --set CSV."))
    if truth.is_dir():
        if not log.is_dir() or is_recording_folder(log):
            raise typer.BadParameter(
                say(
                    "TRUTH {truth} is a folder, so LOG must be a folder of recordings; "
                    "{log} is one recording.",
                    truth=truth,
                    log=log,
                )
            )
        return pair_folders(log, truth, force=force)
    if log.is_dir() and not is_recording_folder(log):
        raise typer.BadParameter(
            say(
                "LOG {log} has no episodes.csv. Name the folder of one recording, or "
                "give a folder as TRUTH too.",
                log=log,
            )
        )
    return Pairs(recordings=(read_recording(log, truth, force=force),))


def _write(evaluation: Evaluation, out: Path | None) -> Path | None:
    """Write page and numbers when a folder is named."""
    if out is None:
        return None
    from twitch_tracker.report.evaluation.page import write_evaluation

    return write_evaluation(evaluation, out)


# --- for people -------------------------------------------------------------


def evaluation_text(evaluation: Evaluation) -> str:
    """Say what was found: sentences, then every figure.

    Returns
    -------
    str
        Lines of at most about 100 characters.
    """
    from twitch_tracker.report.evaluation.view import build_evaluation_view

    view = build_evaluation_view(evaluation)
    lines = [f"{view.title}: {view.made_of}", view.headline]
    lines += [say("note: {caution}", caution=caution) for caution in view.cautions]
    for part, title in _parts(evaluation):
        lines += ["", *_figures(part, title)]
    lines += ["", *textwrap.wrap(view.trust, 98)]
    return "\n".join(lines)


def _parts(evaluation: Evaluation) -> list[tuple[Part, str]]:
    """Return everything, then each activity when there is more than one."""
    parts = [(evaluation.whole, say("all recordings"))]
    if len(evaluation.activities) > 1:
        parts += [
            (part, name or say("activity not stated"))
            for name, part in evaluation.activities.items()
        ]
    return parts


def _figures(part: Part, title: str) -> list[str]:
    """Write the figures of some recordings under each other."""
    from twitch_tracker.report.evaluation.tables import figure_tables

    value, span, of = say("value"), say("95 % interval"), say("from")
    lines = [f"{title:58} {value:>9}  {span:20} {of}"]
    for table in figure_tables(part):
        lines += [
            f"  {label:56} {value:>9}  {span:20} {of}"
            for label, value, span, of in table.rows
            if value != say("not known")
        ]
    return lines
