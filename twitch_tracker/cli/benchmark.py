"""The command ``benchmark``: a folder of faces in, a report on the detector out.

Knows the options and their help; the work is in `studies.benchmark`, loaded only when
the command runs, where there is a checkout.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from twitch_tracker.cli.films.analyze import TrackerName
from twitch_tracker.cli.options import Quiet, flag, out_folder
from twitch_tracker.cli.studies import need_studies
from twitch_tracker.episodes.network.sensitivity import Sensitivity

if TYPE_CHECKING:
    from collections.abc import Callable

    from twitch_tracker.records import Progress

__all__ = ["EPILOG", "HELP", "benchmark"]

HELP: Final = """Measure how well the detector works, on a folder of faces.

From every video in FACES several recordings with known truth are made: one
untouched, some with one-sided bursts by two injectors that share nothing, one
with real blinks of which one eye is kept open, and one with halves of real
expressions; of one video of every second face also long ones with bursts of up
to minutes, by both injectors and with real lids held closed. All are measured
by this program and by simpler rules. DIR gets benchmark.html (start there; it
shows faces), benchmark.json, benchmark.md, manifest.csv, and the recordings. A
second run goes on where the first one stopped. It comes with the source code, not
with the installed program.

FACES/faces.csv, or --table, says whose face each video shows (columns file, face,
tier, use, traits, note; tiers are rest, talk, expressive; traits such as glasses or
skin:dark name the groups that are compared). Without it every file is a face of
its own, and names that begin with rest_ or talk_ say the tier. Beside the table,
deliberate.csv may list movements on purpose (columns file, onset_s, offset_s,
side).
"""

EPILOG: Final = "Example: twitch-tracker benchmark faces --out benchmark --jobs 4"

FacesArgument = Annotated[
    Path,
    typer.Argument(
        metavar="FACES", help="Folder of videos.", exists=True, file_okay=False
    ),
]
Out = Annotated[Path, out_folder("Folder for everything.")]
Seed = Annotated[
    int, typer.Option("--seed", metavar="N", min=0, help="Of everything drawn.")
]
Variants = Annotated[
    int,
    typer.Option(
        "--variants",
        metavar="N",
        min=0,
        max=50,
        help="Versions with bursts by each injector, per video.",
    ),
]
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", metavar="N", min=1, help="Processes at once.")
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="PATTERN",
        help="Only videos whose name fits, e.g. 'rest_*'; may be given more than once.",
    ),
]
TableOption = Annotated[
    Path | None,
    typer.Option(
        "--table",
        metavar="CSV",
        help="Table of faces.",
        exists=True,
        dir_okay=False,
    ),
]
Folds = Annotated[
    Path | None,
    typer.Option(
        "--folds",
        metavar="DIR",
        help="Folder of learned weights with folds.csv and a folder for each exam: "
        "judge every face by weights that have not seen it, with and without the "
        "family of truth.",
        exists=True,
        file_okay=False,
    ),
]
Landmarker = Annotated[
    Path | None,
    typer.Option(
        "--landmarker",
        metavar="FILE",
        help="Weights of the face landmarker, by which the second injector moves faces; "
        "the installed ones by default. Without any, its recordings are left out.",
        exists=True,
        dir_okay=False,
    ),
]
Tracker = Annotated[
    TrackerName,
    typer.Option(
        "--tracker",
        metavar="NAME",
        help="Which tracker watches the recordings: auto, attention-mesh or "
        "face-landmarker (with the weights of --landmarker).",
    ),
]
SensitivityOption = Annotated[
    Sensitivity,
    typer.Option(
        "--sensitivity", metavar="NAME", help="Of our detector: low, standard or high."
    ),
]
NoPictures = Annotated[bool, flag("--no-pictures", help="Show no faces in the page.")]
AsJson = Annotated[bool, flag("--json", help="Print the document as JSON.")]


def benchmark(
    faces: FacesArgument,
    out: Out = Path("benchmark"),
    seed: Seed = 0,
    variants: Variants = 1,
    jobs: Jobs = 2,
    only: Only = None,
    table: TableOption = None,
    folds: Folds = None,
    landmarker: Landmarker = None,
    tracker: Tracker = TrackerName.AUTO,
    sensitivity: SensitivityOption = Sensitivity.STANDARD,
    no_pictures: NoPictures = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run all stages and say where the report is."""
    need_studies()
    from studies.benchmark.findings.report import run_benchmark
    from studies.benchmark.run import BenchmarkOptions

    options = BenchmarkOptions(
        faces=faces,
        out=out,
        seed=seed,
        variants=variants,
        jobs=jobs,
        only=tuple(only or ()),
        table=table,
        folds=folds,
        sensitivity=sensitivity,
        landmarker=landmarker,
        tracker=tracker.value,
    )
    shown: Callable[[Progress], None] | None = None if quiet else ProgressLines()
    report = run_benchmark(options, shown, pictures=not no_pictures)
    if as_json:
        print(json.dumps(report.document, indent=2))
    else:
        print(_summary(report.document))
        print(f"report: {report.page}")


class ProgressLines:
    """One line whenever work is done, with the time that is left.

    On a terminal the line is written over; elsewhere each stands for itself.
    """

    def __init__(self) -> None:
        """Begin with nothing done."""
        self._stage = ""
        self._began_s = 0.0
        self._over = sys.stderr is not None and sys.stderr.isatty()

    def __call__(self, progress: Progress) -> None:
        """Show one step."""
        now_s = time.monotonic()
        if progress.stage != self._stage:
            self._stage, self._began_s = progress.stage, now_s
        done, total = int(progress.done), int(progress.total)
        text = f"{progress.stage}: {done} of {total}"
        if 0 < done < total:
            left_s = (now_s - self._began_s) / done * (total - done)
            text += f", about {_time(left_s)} left"
        self._write(text, finished=done >= total)

    def _write(self, text: str, *, finished: bool) -> None:
        if self._over:
            end = "\n" if finished else ""
            print(f"\r{text:60}", end=end, file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr, flush=True)


def _time(seconds: float) -> str:
    """Say a length of time in words."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def _summary(document: dict[str, Any]) -> str:
    """Return targets in a few lines."""
    ours = document["detectors"][0]["name"]
    lines = []
    for row in document["targets"]:
        result = row["results"][ours]
        value = "-" if result["value"] is None else f"{result['value']:.3f}"
        met = {True: "met", False: "NOT MET", None: "not measured"}[result["met"]]
        lines.append(f"  {row['what']:55} {value:>8}  {row['target']:15} {met}")
    failed = [f"  warning: {x['name']}: {x['why']}" for x in document["failures"]]
    return "\n".join([*lines, *failed])
