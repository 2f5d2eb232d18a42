"""All stages, one after the other, each resumed where it was left.

    faces -> plan -> build -> measure -> score -> document -> pages

Nothing that is on disk and still holds is made again; Ctrl-C loses at most the
recordings that were in work. A video that cannot be used costs its own place
only and is named in the report.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from twitch_tracker.benchmark.build import (
    Built,
    build,
    read_record,
    to_do,
)
from twitch_tracker.benchmark.faces import (
    DELIBERATE_TABLE,
    Deliberate,
    FaceVideo,
    find_table,
    read_deliberate,
    read_faces,
    select,
)
from twitch_tracker.benchmark.measure import MeasureTask, is_measured, measure
from twitch_tracker.benchmark.plan import Version, plan_versions
from twitch_tracker.benchmark.score import Scored, ScoreTask, score_recording
from twitch_tracker.benchmark.weights import check_folds, options_for, weights_for
from twitch_tracker.episodes.learned import Sensitivity
from twitch_tracker.errors import NoAnalysableFace
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.processes import run_tasks
from twitch_tracker.records import Progress

__all__ = [
    "BenchmarkOptions",
    "Recording",
    "Results",
    "deliberate_table",
    "run_stages",
]

OnProgress = Callable[[Progress], None]
_Task = TypeVar("_Task")
_Result = TypeVar("_Result")

MANIFEST_COLUMNS: Final = (
    "file",
    "source",
    "face",
    "tier",
    "kind",
    "variant",
    "minutes",
    "bursts",
    "blinks",
    "note",
)


@dataclass(frozen=True, kw_only=True)
class BenchmarkOptions:
    """What is run on what.

    Attributes
    ----------
    faces : Path
        Folder of videos.
    out : Path
        Folder for everything that is made.
    seed : int
        Of everything drawn.
    variants : int
        Versions with bursts, per video.
    jobs : int
        Processes at work at once.
    only : tuple of str
        Patterns of file names; all without any.
    table : Path or None
        Table of faces; see `faces.read_faces`.
    folds : Path or None
        Folder of fold models; see `weights.weights_for`.
    sensitivity : Sensitivity
        Of our detector.
    landmarker : Path or None
        Weights of the face landmarker for the second injector; the installed ones
        by default.
    """

    faces: Path
    out: Path
    seed: int = 0
    variants: int = 1
    jobs: int = 2
    only: tuple[str, ...] = ()
    table: Path | None = None
    folds: Path | None = None
    sensitivity: Sensitivity = Sensitivity.STANDARD
    landmarker: Path | None = None

    @property
    def videos(self) -> Path:
        """Where the recordings are."""
        return self.out / "videos"

    def kept(self, version: Version) -> Path:
        """Where the raw motion of a version is kept."""
        return self.out / "motion" / f"{version.name}.motion"


@dataclass(frozen=True, kw_only=True)
class Recording:
    """A version that was planned, and what became of it."""

    version: Version
    built: Built


@dataclass(frozen=True, kw_only=True)
class Results:
    """Everything the report is made from.

    Attributes
    ----------
    options : BenchmarkOptions
        What was asked for.
    left_out : tuple of FaceVideo
        Videos that take no part, with the reason in their notes.
    recordings : tuple of Recording
        What was built.
    deliberate : tuple of Deliberate
        Movements on purpose, hand-coded.
    scored : tuple of Scored
        What was scored.
    failures : dict
        What went wrong, by the name of a video or recording.
    """

    options: BenchmarkOptions
    left_out: tuple[FaceVideo, ...]
    recordings: tuple[Recording, ...]
    deliberate: tuple[Deliberate, ...]
    scored: tuple[Scored, ...]
    failures: dict[str, str] = field(default_factory=dict)


def run_stages(
    options: BenchmarkOptions, on_progress: OnProgress | None = None
) -> Results:
    """Do everything up to the report.

    Parameters
    ----------
    options : BenchmarkOptions
        What is run on what.
    on_progress : callable, optional
        Told after every piece of work.

    Raises
    ------
    BadParameter, BadTruthFile
        If folder, tables or options make no sense.
    OutputNotWritable
        If the folder cannot be written.
    NoAnalysableFace
        If not one recording could be scored.
    """
    everything = read_faces(options.faces, options.table)
    videos = select(everything, options.only)
    check_folds({video.face for video in videos}, options.folds)
    deliberate = read_deliberate(deliberate_table(options))
    versions = plan_versions(videos, variants=options.variants, seed=options.seed)
    stage = _Stage(options.jobs, on_progress)
    _build_all(stage, versions, options)
    whole = [v for v in versions if v.video.file not in stage.failures]
    recordings = tuple(_recordings(whole, options))
    table = manifest_csv(recordings)
    write_whole(options.out / "manifest.csv", table, make_folder=True)
    present = [r for r in recordings if not r.built.empty]
    _measure_all(stage, present, options)
    measured = [r for r in present if f"{r.built.name}.mp4" not in stage.failures]
    scored = _score_all(stage, measured, deliberate, options)
    if not scored:
        reasons = "; ".join(stage.failures.values())
        raise NoAnalysableFace(f"No recording could be scored. {reasons}")
    return Results(
        options=options,
        left_out=tuple(video for video in everything if not video.use),
        recordings=recordings,
        deliberate=deliberate,
        scored=scored,
        failures=stage.failures,
    )


def deliberate_table(options: BenchmarkOptions) -> Path | None:
    """The table of movements on purpose lies beside that of the faces."""
    table = find_table(options.faces, options.table)
    return table.with_name(DELIBERATE_TABLE) if table is not None else None


class _Stage:
    """Does the work of one stage after the other and remembers failures."""

    def __init__(self, jobs: int, on_progress: OnProgress | None) -> None:
        self._jobs = jobs
        self._on_progress = on_progress
        self.failures: dict[str, str] = {}

    def do(
        self,
        name: str,
        work: Callable[[_Task], _Result],
        tasks: Sequence[_Task],
        label: Callable[[_Task], str],
    ) -> Iterator[_Result]:
        """Do all tasks of a stage; a failure is kept under its label."""
        self._tell(name, 0, len(tasks))
        finished = run_tasks(work, tasks, self._jobs, quiet=True)
        for done, (task, result) in enumerate(finished, start=1):
            self._tell(name, done, len(tasks))
            if isinstance(result, Exception):
                self.failures[label(task)] = f"{type(result).__name__}: {result}"
            else:
                yield result

    def _tell(self, name: str, done: int, total: int) -> None:
        if self._on_progress is not None and total:
            self._on_progress(
                Progress(stage=name, done=done, total=total, unit="steps")
            )


def _build_all(
    stage: _Stage, versions: Sequence[Version], options: BenchmarkOptions
) -> None:
    """Make what is not on disk yet."""
    tasks = to_do(versions, options.faces, options.videos, options.landmarker)
    for _ in stage.do("building", build, tasks, lambda task: task.source.name):
        pass


def _recordings(
    versions: Iterable[Version], options: BenchmarkOptions
) -> Iterator[Recording]:
    """List what is on disk now."""
    for version in versions:
        built = read_record(version, options.videos)
        if built is not None:
            yield Recording(version=version, built=built)


def _measure_task(recording: Recording, options: BenchmarkOptions) -> MeasureTask:
    return MeasureTask(
        video=recording.built.video(options.videos),
        kept=options.kept(recording.version),
    )


def _measure_all(
    stage: _Stage, recordings: Sequence[Recording], options: BenchmarkOptions
) -> None:
    """Watch what was not watched yet."""
    tasks = [_measure_task(recording, options) for recording in recordings]
    open_tasks = [task for task in tasks if not is_measured(task)]
    for _ in stage.do("measuring", measure, open_tasks, lambda t: t.video.name):
        pass


def _score_all(
    stage: _Stage,
    recordings: Sequence[Recording],
    deliberate: Sequence[Deliberate],
    options: BenchmarkOptions,
) -> tuple[Scored, ...]:
    """Ask all detectors about every recording that was measured."""
    tasks = [
        ScoreTask(
            version=recording.version,
            playing=recording.built.playing,
            video=recording.built.video(options.videos),
            truth=recording.built.truth(options.videos),
            kept=options.kept(recording.version),
            severities=recording.built.severities,
            deliberate=tuple(
                d for d in deliberate if d.file == recording.version.video.file
            ),
            options=options_for(
                weights_for(recording.version.video.face, options.folds),
                options.sensitivity,
            ),
        )
        for recording in recordings
    ]
    scored = stage.do("scoring", score_recording, tasks, lambda t: t.video.name)
    return tuple(sorted(scored, key=lambda item: item.version.name))


def manifest_csv(recordings: Iterable[Recording]) -> str:
    """Table of all recordings, one row each."""
    buffer = io.StringIO()
    table = csv.writer(buffer, lineterminator="\n")
    table.writerow(MANIFEST_COLUMNS)
    for recording in recordings:
        version, built = recording.version, recording.built
        minutes = 0.0 if built.empty else built.playing.duration_s / 60
        table.writerow(
            [
                "" if built.empty else f"{built.name}.mp4",
                version.video.file,
                version.video.face,
                version.video.tier.value,
                version.kind.value,
                version.variant,
                f"{minutes:.3f}",
                built.bursts,
                built.blinks,
                built.empty,
            ]
        )
    return buffer.getvalue()
