"""Analyse many recordings, on any executor of the caller.

Knows the work that belongs to one recording (analyse, write, report, overlay) as a
picklable `Job`, and how to run many. One bad recording gives one failed row, never a
failed batch. Workers open files themselves, by path. Any `concurrent.futures.Executor`
will do (`processes` has one for this computer); processes must be *spawned*, because
MediaPipe and FFmpeg hold threads that a fork would break. On a Dask cluster use
``client.get_executor(pure=False)``: with Dask's default a repeated job would silently
be skipped. What `finished` finds done already, with the same content and the same
parameters, need not be done again.

>>> from concurrent.futures import ThreadPoolExecutor
>>> with ThreadPoolExecutor(1) as pool:  # doctest: +SKIP
...     for row in run([Job(video=Path("a.mp4"), folder=Path("out/a"))], pool):
...         print(row.status)
"""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    Executor,
    Future,
    as_completed,
)
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Final

from twitch_tracker.border.plain import plain
from twitch_tracker.errors import (
    FaceError,
    ParameterError,
    RecordingError,
    TwitchTrackerError,
)
from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.exchange.staging import staged_folder
from twitch_tracker.exchange.summary import read_summary, summary_document
from twitch_tracker.pipeline import (
    AnalysedFilm,
    AnalysisOptions,
    analyze_fully,
    planned_parameters,
)
from twitch_tracker.records import OnProgress, Progress, Session
from twitch_tracker.regions import MESH_POINTS
from twitch_tracker.unmeasured import nothing_measured
from twitch_tracker.video.files import hash_file

__all__ = [
    "Job",
    "JobResult",
    "Status",
    "finished",
    "run",
    "run_bounded",
    "run_job",
]

_log = logging.getLogger(__name__)


_LANDMARK_SCRATCH: Final = ".landmarks.float32"


class Status(StrEnum):
    """How the work on one recording ended."""

    DONE = "done"
    UNREADABLE = "unreadable"
    NO_FACE = "no_analysable_face"
    BAD_PARAMETER = "bad_parameter"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Job:
    """The work on one recording.

    Attributes
    ----------
    video : Path
        The file; must be reachable for the worker.
    folder : Path
        Where the results go; see `exchange.recording_folder.plan_folders`.
    options : AnalysisOptions
        Parameters of the analysis.
    pictures : bool
        Whether the report gets a picture strip of every episode.
    overlay : bool
        Whether to write ``overlay.mp4``.
    """

    video: Path
    folder: Path
    options: AnalysisOptions = field(default_factory=AnalysisOptions)
    pictures: bool = True
    overlay: bool = False


@dataclass(frozen=True, kw_only=True)
class JobResult:
    """What became of one job.

    Attributes
    ----------
    job : Job
        The work.
    status : Status
        How it ended.
    summary : dict or None
        What ``summary.json`` holds; None unless done.
    error_kind : str
        Name of the error class; empty when done.
    error : str
        What went wrong, in words; empty when done.
    reason : str
        The same to be kept, in no language (`TwitchTrackerError.reason`); may be empty.
    trace : str
        Traceback of an error that was not foreseen; else empty.
    elapsed_s : float
        Wall-clock seconds spent.
    """

    job: Job
    status: Status
    summary: dict[str, Any] | None = None
    error_kind: str = ""
    error: str = ""
    reason: str = ""
    trace: str = ""
    elapsed_s: float = 0.0


# --- one recording ----------------------------------------------------------


def run_job(job: Job, on_progress: OnProgress | None = None) -> JobResult:
    """Analyse one recording; errors become part of the result.

    Parameters
    ----------
    job : Job
        The work.
    on_progress : callable, optional
        Called at every step, in the caller's own process.

    Returns
    -------
    JobResult
        Never raises an `Exception`; Ctrl-C (`KeyboardInterrupt`) passes
        through, and then nothing is left behind.
    """
    began_s = time.monotonic()
    try:
        summary = _work(job, on_progress)
    except Exception as error:  # noqa: BLE001 - a bad video must not end a batch
        return _failed(job, error, time.monotonic() - began_s)
    elapsed_s = time.monotonic() - began_s
    return JobResult(job=job, status=Status.DONE, summary=summary, elapsed_s=elapsed_s)


def _work(job: Job, on_progress: OnProgress | None) -> dict[str, Any]:
    """Analyse a recording and leave its files behind, all or none."""
    with staged_folder(job.folder) as stage:
        scratch = stage / _LANDMARK_SCRATCH if job.overlay else None
        analysis = analyze_fully(
            job.video, job.options, on_progress=on_progress, landmark_file=scratch
        )
        _refuse_empty(analysis.session)
        write_tables(stage, analysis.session)
        _write_report(job, analysis, stage, on_progress)
        if scratch is not None:
            _write_overlay(job, analysis.session, scratch, stage, on_progress)
    return summary_document(analysis.session)


def _refuse_empty(session: Session) -> None:
    """Refuse to write rates that would divide by no time at all."""
    if session.summary.analysable_s > 0:
        return
    excluded_s = session.summary.excluded_s
    seconds = {reason.value: lasted_s for reason, lasted_s in excluded_s.items()}
    raise nothing_measured(session.video.name, seconds, session.video.films)


def _write_report(
    job: Job, analysis: AnalysedFilm, stage: Path, on_progress: OnProgress | None
) -> None:
    """Write the report, with pictures when they are wanted."""
    from twitch_tracker.report.recording.page import write_report

    pictures = []
    if job.pictures and analysis.session.episodes:
        from twitch_tracker.report.recording.pictures import take_pictures
        from twitch_tracker.video.frames_at import read_frames_at

        pictures = take_pictures(
            job.video,
            analysis.session,
            boxes_px=analysis.boxes_px,
            on_progress=on_progress,
            read_frames=partial(
                read_frames_at,
                max_side_px=analysis.max_side_px,
                reading=analysis.session.video.reading,
            ),
        )
    _announce(on_progress, "report")
    write_report(analysis.session, stage / "report.html", pictures)


def _write_overlay(
    job: Job,
    session: Session,
    scratch: Path,
    stage: Path,
    on_progress: OnProgress | None,
) -> None:
    """Write the overlay video from the spooled meshes."""
    import numpy as np

    from twitch_tracker.report.overlay.film import write_overlay

    shape = (len(session.motion.time_s), MESH_POINTS, 3)
    landmarks = np.memmap(scratch, dtype=np.float32, mode="r", shape=shape)
    try:
        write_overlay(
            job.video,
            session,
            landmarks,
            stage / "overlay.mp4",
            on_progress=on_progress,
        )
    finally:
        del landmarks  # Windows cannot remove a file that is still mapped


def _announce(on_progress: OnProgress | None, stage: str) -> None:
    """Announce a stage whose length is not known."""
    if on_progress is not None:
        on_progress(Progress(stage=stage, done=0.0, total=float("nan"), unit="steps"))


_STATUS_OF: Final[tuple[tuple[type[Exception], Status], ...]] = (
    (RecordingError, Status.UNREADABLE),
    (FaceError, Status.NO_FACE),
    (ParameterError, Status.BAD_PARAMETER),
)


def _failed(job: Job, error: BaseException, elapsed_s: float) -> JobResult:
    """Turn an error into a row."""
    foreseen = isinstance(error, TwitchTrackerError)
    trace = "" if foreseen else "".join(traceback.format_exception(error))
    if not foreseen:
        _log.debug("unforeseen error on %s", job.video, exc_info=error)
    status = next(
        (status for kind, status in _STATUS_OF if isinstance(error, kind)),
        Status.FAILED,
    )
    return JobResult(
        job=job,
        status=status,
        error_kind=type(error).__name__,
        error=str(error) or type(error).__name__,
        reason=error.reason if isinstance(error, TwitchTrackerError) else "",
        trace=trace,
        elapsed_s=elapsed_s,
    )


# --- many recordings --------------------------------------------------------


def run(
    jobs: Sequence[Job],
    executor: Executor,
    on_progress: OnProgress | None = None,
    *,
    work: Callable[[Job], JobResult] = run_job,
) -> Iterator[JobResult]:
    """Run many jobs on an executor, which the caller closes.

    Parameters
    ----------
    jobs : sequence of Job
        The work; their folders must differ.
    executor : concurrent.futures.Executor
        Processes, threads, or a cluster.
    on_progress : callable, optional
        Called after every recording, in the caller's own process.
    work : callable
        What is done with each job where it is done; must be picklable.

    Yields
    ------
    JobResult
        One per job, in the order of completion.
    """
    futures: dict[Future[JobResult], Job] = {
        executor.submit(work, job): job for job in jobs
    }
    for finished, future in enumerate(as_completed(futures), start=1):
        yield _outcome(future, futures[future])
        if on_progress is not None:
            on_progress(
                Progress(
                    stage="recordings", done=finished, total=len(jobs), unit="steps"
                )
            )


def _outcome(future: Future[JobResult], job: Job) -> JobResult:
    """Take what a worker returned, or say that it died."""
    try:
        return future.result()
    except Exception as error:  # noqa: BLE001 - e.g. a dead worker, a lost node
        return _failed(job, error, 0.0)


def run_bounded(
    jobs: Sequence[Job],
    attempt: Callable[[Sequence[Job]], Iterator[JobResult]],
    retries: int,
) -> Iterator[JobResult]:
    """Run many jobs, and those that failed unexpectedly a few times more.

    A file that is no video, a face that cannot be measured or a full disk will not be
    otherwise a minute later; a worker that was killed may.

    Parameters
    ----------
    jobs : sequence of Job
        The work; their folders must differ.
    attempt : callable
        Does jobs and yields one row for each.
    retries : int
        How often a job is tried again at most.

    Yields
    ------
    JobResult
        One per job: the last one.
    """
    left = list(jobs)
    for attempts_left in range(retries, -1, -1):
        again: list[Job] = []
        for row in attempt(left):
            if attempts_left and row.trace and row.status is Status.FAILED:
                again.append(row.job)
            else:
                yield row
        left = again
        if not left:
            return


# --- what is done already ----------------------------------------------------


def finished(job: Job) -> JobResult | None:
    """Look whether a job was done before, by this version and in the same way.

    Parameters
    ----------
    job : Job
        The work. What was known of the face from earlier recordings is not compared:
        it may have been less then, and is no reason to do all of them again.

    Returns
    -------
    JobResult or None
        The row as it would come again; None when anything is missing or differs: the
        recording's content, a parameter, the program's version, a wanted file.
    """
    from twitch_tracker import __version__

    wanted = ["episodes.csv", "blinks.csv", "signals.parquet", "report.html"]
    wanted += ["overlay.mp4"] if job.overlay else []
    if not all((job.folder / name).is_file() for name in wanted):
        return None
    try:
        summary = read_summary(job.folder / "summary.json")
        parameters = {
            k: v for k, v in summary["parameters"].items() if k != "known_face"
        }
        same = (
            parameters == _as_read_back(planned_parameters(job.options))
            and summary["software"]["version"] == __version__
            and summary["video"]["sha256"] == hash_file(job.video)
        )
    except (TwitchTrackerError, KeyError, TypeError, AttributeError):
        return None
    return JobResult(job=job, status=Status.DONE, summary=summary) if same else None


def _as_read_back(parameters: dict[str, object]) -> dict[str, object]:
    """Return parameters as a summary gives them back."""
    read: dict[str, object] = json.loads(json.dumps(plain(parameters)))
    return read
