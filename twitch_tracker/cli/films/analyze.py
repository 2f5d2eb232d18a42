"""The command ``analyze``: recordings in, results out.

Knows the options and their help; checks what can be checked before anything
heavy is loaded; leaves the work to `batch`.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from twitch_tracker.cli.films.analyze_log import Logbook, open_logbook
from twitch_tracker.cli.films.film_options import (
    CaptureFps,
    Explain,
    Stream,
    SubjectPlace,
    checked_place,
    explain_files,
)
from twitch_tracker.cli.films.recordings import find_recordings
from twitch_tracker.cli.journal.place import Home, JournalUrl
from twitch_tracker.cli.options import AsJson, Device, Out, Quiet, flag
from twitch_tracker.cli.outcome import ExitCode, exit_code, json_document, result_text
from twitch_tracker.cli.watch import Watcher, make_watcher
from twitch_tracker.episodes.network.sensitivity import Sensitivity
from twitch_tracker.history import Task
from twitch_tracker.language import mark, say
from twitch_tracker.settings import DEBUG_VARIABLE, debug_wanted

if TYPE_CHECKING:
    from twitch_tracker.batch import Job, JobResult
    from twitch_tracker.pipeline import AnalysisOptions
    from twitch_tracker.records import FaceSeen

__all__ = ["EPILOG", "HELP", "analyze"]

HELP: Final = """Measure one-sided bursts on recordings of a face.

For every VIDEO a folder OUT/<name of the video> gets report.html (start there),
episodes.csv, blinks.csv, signals.parquet, summary.json, and overlay.mp4 on
request. A folder given as VIDEO stands for the videos in it. Sides are the
subject's own left and right. A recording that cannot be analysed leaves no
files, and the others go on.

With --patient each recording is logged in the journal when it is done. Where an
eye is hardly ever open, the person's earlier recordings there say how wide it opens.

Exit codes: 0 done; 1 something else went wrong (say, the disk is full);
2 wrong usage; 3 a recording could not be read; 4 no analysable face; 130 stopped
by Ctrl-C. With several recordings, the smallest code that is not 0.
"""

EPILOG: Final = (
    "Example: twitch-tracker analyze morning.mp4 evening.mp4 --out results --overlay"
)


class TrackerName(StrEnum):
    """Choices of ``--tracker``."""

    AUTO = "auto"
    ATTENTION_MESH = "attention-mesh"
    FACE_LANDMARKER = "face-landmarker"


class DetectorName(StrEnum):
    """Choices of ``--detector``."""

    LEARNED = "learned"
    GEOMETRIC = "geometric"


Videos = Annotated[
    list[Path],
    typer.Argument(metavar="VIDEO", help="Recordings, or folders of them."),
]
Mirrored = Annotated[
    bool,
    flag(
        "--mirrored",
        help="The recording was stored as a mirror image (some selfie cameras): "
        "swap the sides back.",
    ),
]
Start = Annotated[
    float, typer.Option("--start", metavar="S", min=0, help="Begin at second S.")
]
End = Annotated[
    float | None, typer.Option("--end", metavar="S", min=0, help="Stop at second S.")
]
Tracker = Annotated[
    TrackerName,
    typer.Option(
        "--tracker",
        metavar="NAME",
        help="Who finds the face: attention-mesh, face-landmarker, or auto, which "
        "takes the best one here.",
    ),
]
Model = Annotated[
    Path | None,
    typer.Option(
        "--model",
        metavar="PATH",
        exists=True,
        dir_okay=False,
        help="File of weights; chooses face-landmarker.",
    ),
]
SensitivityOption = Annotated[
    Sensitivity,
    typer.Option(
        "--sensitivity",
        metavar="NAME",
        help="How sure a burst must be: low misses more, high raises more false "
        "alarms. What each costs: docs/validation.md.",
    ),
]
DetectorOption = Annotated[
    DetectorName,
    typer.Option(
        "--detector",
        metavar="NAME",
        help="Who finds the bursts: learned, or geometric (hand-made rules alone).",
    ),
]
NoPictures = Annotated[
    bool, flag("--no-pictures", help="Leave the face out of the report: numbers only.")
]
Overlay = Annotated[
    bool, flag("--overlay", help="Also write a video with mesh and bursts.")
]
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", metavar="N", min=1, help="Recordings at a time.")
]
PatientName = Annotated[
    str | None,
    typer.Option(
        "--patient",
        metavar="ID",
        help="Log the recordings in the journal for this person.",
    ),
]
WhenOption = Annotated[
    str | None,
    typer.Option(
        "--when",
        metavar="TIME",
        help="When it was recorded (2026-05-31T18:30); without, the recording's own "
        "clock or the file's date.",
    ),
]
TaskOption = Annotated[
    Task | None,
    typer.Option(
        "--task", metavar="NAME", help="What the person was asked to do, e.g. rest."
    ),
]
EveryPicture = Annotated[
    bool,
    flag(
        "--every-picture",
        help="Look at every picture, also at those in which nothing moves, as `live` "
        "does: takes longer for a quiet face.",
    ),
]
NoKnownFace = Annotated[
    bool,
    flag(
        "--no-known-face",
        help="Do not ask the person's earlier recordings how wide an eye opens that is "
        "hardly ever open here.",
    ),
]


def analyze(
    videos: Videos,
    out: Out = Path("out"),
    mirrored: Mirrored = False,
    start: Start = 0.0,
    end: End = None,
    stream: Stream = None,
    capture_fps: CaptureFps = None,
    subject: SubjectPlace = None,
    tracker: Tracker = TrackerName.AUTO,
    model: Model = None,
    sensitivity: SensitivityOption = Sensitivity.STANDARD,
    detector: DetectorOption = DetectorName.LEARNED,
    no_pictures: NoPictures = False,
    overlay: Overlay = False,
    as_json: AsJson = False,
    jobs: Jobs = 1,
    quiet: Quiet = False,
    explain: Explain = False,
    patient: PatientName = None,
    when: WhenOption = None,
    task: TaskOption = None,
    device: Device = "",
    no_known_face: NoKnownFace = False,
    every_picture: EveryPicture = False,
    home: Home = None,
    url: JournalUrl = None,
) -> None:
    """Analyse recordings; the help is `HELP`."""
    from twitch_tracker.exchange.staging import no_empty_folders
    from twitch_tracker.pipeline import AnalysisOptions
    from twitch_tracker.records import ReadOptions

    options = AnalysisOptions(
        tracker=tracker.value,
        model_path=model,
        mirrored=mirrored,
        start_s=start,
        end_s=_checked_end_s(start, end),
        detector=detector.value,
        sensitivity=sensitivity,
        reading=ReadOptions(stream=stream, capture_fps=capture_fps),
        subject=checked_place(subject),
        every_picture=every_picture,
    )
    recordings = find_recordings(videos)
    book = open_logbook(
        *(patient, when, task, device, home, url),
        recordings=len(recordings),
        known_face=not no_known_face,
    )
    pictures = book.may_show_faces(
        pictures=not no_pictures, film="--overlay" if overlay else ""
    )
    work = _work(_with_past(recordings, out, book), options, pictures, overlay)
    _announce_names(work)
    if explain:
        explain_files(work)
    with no_empty_folders(out):
        rows = _do(work, min(jobs, len(work)), book, quiet=quiet)
    _report(rows, book, as_json=as_json)
    raise typer.Exit(ExitCode.FAILED if book.failed else exit_code(rows))


# --- before -----------------------------------------------------------------


def _checked_end_s(start_s: float, end_s: float | None) -> float:
    """Return the last second, which must lie after the first; none is no end."""
    if end_s is None:
        return math.inf
    if end_s <= start_s:
        raise typer.BadParameter(
            say(
                "--end ({end_s:g}) must be later than --start ({start_s:g}).",
                end_s=end_s,
                start_s=start_s,
            )
        )
    return end_s


def _with_past(
    recordings: Sequence[Path], out: Path, book: Logbook
) -> Iterator[tuple[Path, Path, tuple[FaceSeen, ...] | None]]:
    """Set the folder of each job and what earlier recordings show of the face."""
    from twitch_tracker.exchange.recording_folder import plan_folders

    folders, faces = plan_folders(recordings, out), book.faces(recordings)
    return zip(recordings, folders, faces, strict=True)


def _work(
    planned: Iterable[tuple[Path, Path, tuple[FaceSeen, ...] | None]],
    options: AnalysisOptions,
    pictures: bool,
    overlay: bool,
) -> list[Job]:
    """Make a job of every recording."""
    from twitch_tracker.batch import Job

    return [
        Job(
            video=video,
            folder=folder,
            options=replace(options, faces=faces),
            pictures=pictures,
            overlay=overlay,
        )
        for video, folder, faces in planned
    ]


def _announce_names(work: Sequence[Job]) -> None:
    """Report when results do not lie under the plain name of their recording."""
    from twitch_tracker.exchange.whole import short_name

    for job in work:
        if job.folder.name == job.video.stem:
            continue
        shortened = job.folder.name == short_name(job.video.stem)
        text = _TOO_LONG if shortened else _TAKEN
        print(say(text, video=job.video, folder=job.folder), file=sys.stderr)


_TOO_LONG: Final = mark(
    "Note: the results of {video} go to {folder}, because that name is too long for a "
    "folder; the whole name stands in the report."
)
_TAKEN: Final = mark(
    "Note: the results of {video} go to {folder}, because that name belongs to another "
    "recording."
)


# --- the work ---------------------------------------------------------------


def _do(
    work: Sequence[Job], jobs: int, book: Logbook, *, quiet: bool
) -> list[JobResult]:
    """Run every job; rows are in the order of the command line."""
    watcher = make_watcher(len(work), quiet=quiet)
    rows: dict[Path, JobResult] = {}
    try:
        for row in _rows(work, jobs, watcher):
            book.log(row)
            watcher.finish(row)
            rows[row.job.folder] = row
    except KeyboardInterrupt:
        watcher.close()
        kept = sum(row.status == "done" for row in rows.values())
        print(
            say(
                "Stopped. {kept} of {all} recordings were finished; of the others "
                "nothing was written.",
                kept=kept,
                all=len(work),
            ),
            file=sys.stderr,
        )
        raise typer.Exit(ExitCode.STOPPED) from None
    finally:
        watcher.close()
    return [rows[job.folder] for job in work]


def _rows(work: Sequence[Job], jobs: int, watcher: Watcher) -> Iterator[JobResult]:
    """Run the jobs here, one after another, or in several processes."""
    from twitch_tracker.batch import run_job
    from twitch_tracker.processes import run_in_processes

    if jobs > 1:
        yield from run_in_processes(
            work, jobs, watcher.on_progress, quiet=not debug_wanted()
        )
        return
    for job in work:
        watcher.begin(job.video.name)
        yield run_job(job, watcher.on_progress)


# --- after ------------------------------------------------------------------


def _report(rows: Sequence[JobResult], book: Logbook, *, as_json: bool) -> None:
    """Print what was found on stdout and what went wrong on stderr."""
    if as_json:
        print(json.dumps(_document(rows, book), indent=2, allow_nan=False))
    else:
        done = [_result(row, book) for row in rows if row.status == "done"]
        if done:
            print("\n\n".join(done))
    book.complain()
    for row in rows:
        if row.status != "done":
            print(_complaint(row), file=sys.stderr)


def _document(rows: Sequence[JobResult], book: Logbook) -> dict[str, Any]:
    """Build the document of ``--json``, with what was logged."""
    document = json_document(rows)
    if book.patient is None:
        return document
    if book.failed:
        document["exit_code"] = int(ExitCode.FAILED)
    for row, listed in zip(rows, document["recordings"], strict=True):
        listed["journal"] = book.entries.get(row.job.folder)
    return document


def _result(row: JobResult, book: Logbook) -> str:
    """Say what was found, and how it was logged."""
    line = book.lines.get(row.job.folder)
    return result_text(row) + (f"\n{line}" if line else "")


def _complaint(row: JobResult) -> str:
    """Say what went wrong with one recording."""
    name = row.job.video.name
    text = row.error if name in row.error else f"{name}: {row.error}"
    if row.trace and debug_wanted():
        return say("Error: {error}", error=f"{text}\n{row.trace}")
    if row.trace:
        return say(
            "Error: {name}: an unexpected error occurred ({kind}: {error}). Set "
            "{variable}=1 to see where.",
            name=name,
            kind=row.error_kind,
            error=row.error,
            variable=DEBUG_VARIABLE,
        )
    return say("Error: {error}", error=text)
