"""The command ``batch``: many recordings, resumed where it was stopped, one table of all.

Knows the options and their help, and lists of recordings; the work is `batch` and
`processes`, the tables are `report.overview_tables`. Note: what is done already, in the
same way, is not done again; in the journal it is logged anyway, where that changes
nothing.
"""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from twitch_tracker.cli.films.analyze import (
    DetectorName,
    DetectorOption,
    EveryPicture,
    Jobs,
    Mirrored,
    NoKnownFace,
    NoPictures,
    Overlay,
    PatientName,
    SensitivityOption,
    TaskOption,
    Tracker,
    TrackerName,
)
from twitch_tracker.cli.films.analyze_log import Logbook, open_logbook
from twitch_tracker.cli.films.recordings import find_recordings, read_list
from twitch_tracker.cli.journal.place import Home, JournalUrl
from twitch_tracker.cli.options import Device, Out, Quiet, flag
from twitch_tracker.cli.outcome import ExitCode, exit_code
from twitch_tracker.cli.watch import Watcher, make_watcher
from twitch_tracker.episodes.network.sensitivity import Sensitivity
from twitch_tracker.language import say, say_n
from twitch_tracker.settings import debug_wanted

if TYPE_CHECKING:
    from twitch_tracker.batch import Job, JobResult
    from twitch_tracker.pipeline import AnalysisOptions

    Attempt = Callable[[Sequence[Job]], Iterator[JobResult]]

__all__ = ["EPILOG", "HELP", "batch"]

HELP: Final = """Measure many recordings, and put them into one table.

RECORDINGS are videos, folders of them, or lists (.txt, one path a line, relative ones
from the list's folder). Each gets a folder OUT/<name of the video> as `analyze` leaves
it. Started again, it goes on where it was stopped or killed: what was done in the same
way is not done again. One bad recording never stops the rest; what failed for no
foreseen reason (a worker was killed) is tried again. At the end OUT holds index.html
and the tables all_recordings and all_bursts (csv and parquet).

Exit codes as of `analyze`; what could be done is done in any case.
"""

EPILOG: Final = "Example: twitch-tracker batch clinic/2026 --out results --jobs 4"

RecordingsArgument = Annotated[
    list[Path],
    typer.Argument(metavar="RECORDINGS", help="Videos, folders of them, or lists."),
]
Retries = Annotated[
    int,
    typer.Option(
        "--retries",
        metavar="N",
        min=0,
        max=10,
        help="How often what failed for no foreseen reason is tried again.",
    ),
]
Scheduler = Annotated[
    str,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="Use a Dask cluster instead of this computer, e.g. tcp://host:8786; its "
        "workers must see the same files, and have one thread each.",
    ),
]
Again = Annotated[bool, flag("--again", help="Do what is done already again.")]


def batch(
    recordings: RecordingsArgument,
    out: Out = Path("out"),
    jobs: Jobs = 1,
    retries: Retries = 1,
    scheduler: Scheduler = "",
    again: Again = False,
    mirrored: Mirrored = False,
    tracker: Tracker = TrackerName.AUTO,
    sensitivity: SensitivityOption = Sensitivity.STANDARD,
    detector: DetectorOption = DetectorName.LEARNED,
    no_pictures: NoPictures = False,
    overlay: Overlay = False,
    quiet: Quiet = False,
    patient: PatientName = None,
    task: TaskOption = None,
    device: Device = "",
    no_known_face: NoKnownFace = False,
    every_picture: EveryPicture = False,
    home: Home = None,
    url: JournalUrl = None,
) -> None:
    """Analyse many recordings; the help is `HELP`."""
    from twitch_tracker.exchange.staging import no_empty_folders
    from twitch_tracker.pipeline import AnalysisOptions

    videos = find_recordings(read_list(recordings))
    book = open_logbook(
        *(patient, None, task, device, home, url),
        recordings=len(videos),
        known_face=not no_known_face,
    )
    options = AnalysisOptions(
        tracker=tracker.value,
        mirrored=mirrored,
        detector=detector.value,
        sensitivity=sensitivity,
        every_picture=every_picture,
    )
    pictures = book.may_show_faces(
        pictures=not no_pictures, film="--overlay" if overlay else ""
    )
    work = _work(videos, out, book, options=options, pictures=pictures, overlay=overlay)
    with no_empty_folders(out):
        before = [] if again else _done_before(work)
        known = {row.job.folder for row in before}
        left = [job for job in work if job.folder not in known]
        rows = _do(left, before, book, jobs, retries, scheduler, quiet=quiet, out=out)
    _report(rows, len(before), book, _write(out, rows))
    raise typer.Exit(ExitCode.FAILED if book.failed else exit_code(rows))


# --- before -----------------------------------------------------------------


def _work(
    videos: Sequence[Path],
    out: Path,
    book: Logbook,
    *,
    options: AnalysisOptions,
    pictures: bool,
    overlay: bool,
) -> list[Job]:
    """Make one job of each recording; paths mean the same on every worker."""
    from twitch_tracker.batch import Job
    from twitch_tracker.border.files import real_path
    from twitch_tracker.exchange.recording_folder import plan_folders

    folders = plan_folders(videos, real_path(out))
    return [
        Job(
            video=real_path(video),
            folder=folder,
            options=replace(options, faces=faces),
            pictures=pictures,
            overlay=overlay,
        )
        for video, folder, faces in zip(
            videos, folders, book.faces(videos), strict=True
        )
    ]


def _done_before(work: Sequence[Job]) -> list[JobResult]:
    """Find what needs no more work."""
    from twitch_tracker.batch import finished

    return [row for row in map(finished, work) if row is not None]


# --- the work ---------------------------------------------------------------


def _do(
    left: Sequence[Job],
    before: Sequence[JobResult],
    book: Logbook,
    jobs: int,
    retries: int,
    scheduler: str,
    *,
    quiet: bool,
    out: Path,
) -> list[JobResult]:
    """Run the jobs that are left and log all; Ctrl-C leaves a table of what is done."""
    from twitch_tracker.batch import run_bounded

    rows = list(before)
    for row in before:
        book.log(row)
    watcher = make_watcher(len(left), quiet=quiet)
    try:
        with _workers(scheduler, jobs, watcher) as attempt:
            for row in run_bounded(left, attempt, retries):
                book.log(row)
                watcher.finish(row)
                rows.append(row)
    except KeyboardInterrupt:
        watcher.close()
        _write(out, rows)
        print(
            say(
                "Stopped. {kept} of {all} recordings are finished; the same command "
                "goes on with the others.",
                kept=sum(row.status == "done" for row in rows),
                all=len(left) + len(before),
            ),
            file=sys.stderr,
        )
        raise typer.Exit(ExitCode.STOPPED) from None
    finally:
        watcher.close()
    return rows


@contextlib.contextmanager
def _workers(scheduler: str, jobs: int, watcher: Watcher) -> Iterator[Attempt]:
    """Offer what does jobs: a cluster, processes of this computer, or this one."""
    if scheduler:
        from twitch_tracker.batch import run
        from twitch_tracker.processes import on_cluster

        with on_cluster(scheduler) as executor:
            yield lambda left: run(left, executor, watcher.on_progress)
        return
    from twitch_tracker.batch import run_job
    from twitch_tracker.processes import run_in_processes

    def here(left: Sequence[Job]) -> Iterator[JobResult]:
        workers = min(jobs, len(left))
        if workers > 1:
            yield from run_in_processes(
                left, workers, watcher.on_progress, quiet=not debug_wanted()
            )
            return
        for job in left:
            watcher.begin(job.video.name)
            yield run_job(job, watcher.on_progress)

    yield here


# --- after ------------------------------------------------------------------


def _write(out: Path, rows: Sequence[JobResult]) -> Path | None:
    """Write tables and index of everything in the folder; None when nothing is there."""
    from twitch_tracker.report.overview_page import write_overview
    from twitch_tracker.report.overview_tables import read_overview

    failed = [
        (row.job.video, row.status.value, row.error)
        for row in sorted(rows, key=lambda row: row.job.video)
        if row.status != "done"
    ]
    if not out.is_dir() and not failed:
        return None
    out.mkdir(parents=True, exist_ok=True)
    return write_overview(out, read_overview(out, failed))


def _report(
    rows: Sequence[JobResult], before: int, book: Logbook, index: Path | None
) -> None:
    """Say how many are done, what went wrong, and where the tables are."""
    counts = Counter(row.status.value for row in rows)
    print(
        say(
            "{done} of {all} recordings are done, {before} of them before.",
            done=counts["done"],
            all=len(rows),
            before=before,
        )
    )
    if index is not None:
        print(say("index: {path}", path=index))
    book.complain()
    for row in rows:
        if row.status != "done":
            print(
                say("{video}: {error}", video=row.job.video, error=row.error),
                file=sys.stderr,
            )
    failed = len(rows) - counts["done"]
    if failed:
        print(
            say_n(
                "{n} recording could not be analysed.",
                "{n} recordings could not be analysed.",
                failed,
            ),
            file=sys.stderr,
        )
