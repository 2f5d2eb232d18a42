"""All stages, one after the other, each resumed where it was left.

    faces -> plan -> build -> measure -> score -> document -> pages

Nothing that is on disk and still holds is made again; Ctrl-C loses at most the
recordings that were in work. A video that cannot be used costs its own place
only and is named in the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeVar

from studies.benchmark.building.build import (
    Built,
    build,
    read_record,
    to_do,
)
from studies.benchmark.building.faces import (
    DELIBERATE_TABLE,
    Deliberate,
    FaceVideo,
    find_table,
    read_deliberate,
    read_faces,
    select,
)
from studies.benchmark.building.plan import Version, plan_versions
from studies.benchmark.judging.detectors import OURS
from studies.benchmark.judging.measure import MeasureTask, is_measured, measure
from studies.benchmark.judging.score import Scored, ScoreTask, score_recording
from studies.benchmark.judging.weights import (
    ALL_FAMILIES,
    check_folds,
    exams_of,
    options_for,
    weights_for,
)
from twitch_tracker.border.tables import table_text
from twitch_tracker.episodes.network.sensitivity import Sensitivity
from twitch_tracker.errors import NoAnalysableFace
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.processes import run_tasks
from twitch_tracker.records import OnProgress, Progress

__all__ = [
    "BenchmarkOptions",
    "Recording",
    "Results",
    "deliberate_table",
    "run_stages",
]

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
        Versions with bursts by each injector, per video.
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
        Weights of the face landmarker, for the second injector and as tracker; the
        installed ones by default.
    tracker : str
        Which tracker watches the recordings (`face.trackers.catalogue.TRACKERS`). What it saw
        is kept in a folder of its own.
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
    tracker: str = "auto"

    @property
    def videos(self) -> Path:
        """Where the recordings are."""
        return self.out / "videos"

    def kept(self, version: Version) -> Path:
        """Return where the raw motion of a version is kept."""
        folder = "motion" if self.tracker == "auto" else f"motion-{self.tracker}"
        return self.out / folder / f"{version.name}.motion"


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
        What was scored, each recording once for every exam.
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
        Called after every piece of work.

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
    """Return the table of movements on purpose, which lies beside that of the faces."""
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
        self._report(name, 0, len(tasks))
        finished = run_tasks(work, tasks, self._jobs, quiet=True)
        for done, (task, result) in enumerate(finished, start=1):
            self._report(name, done, len(tasks))
            if isinstance(result, Exception):
                self.failures[label(task)] = f"{type(result).__name__}: {result}"
            else:
                yield result

    def _report(self, name: str, done: int, total: int) -> None:
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
        tracker=options.tracker,
        landmarker=options.landmarker,
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
    """Judge every recording that was measured, in all of its exams."""
    tasks: list[ScoreTask] = []
    again: dict[tuple[str, str], list[str]] = {}
    for recording in recordings:
        for exams in _by_weights(recording.version, options):
            first, *others = exams
            tasks.append(_score_task(recording, first, deliberate, options))
            again[recording.version.name, first] = others
    done = list(stage.do("scoring", score_recording, tasks, _score_label))
    scored = [
        *done,
        *(
            _in_exam(item, exam)
            for item in done
            for exam in again[item.version.name, item.exam]
        ),
    ]
    return tuple(sorted(scored, key=lambda item: (item.version.name, item.exam)))


def _by_weights(version: Version, options: BenchmarkOptions) -> list[list[str]]:
    """Group the exams of a recording by the weights that judge in them."""
    groups: dict[Path | None, list[str]] = {}
    for exam in exams_of(version, options.folds):
        weights = weights_for(version.video.face, options.folds, exam)
        known = weights.resolve() if weights is not None else None
        groups.setdefault(known, []).append(exam)
    return list(groups.values())


def _score_task(
    recording: Recording,
    exam: str,
    deliberate: Sequence[Deliberate],
    options: BenchmarkOptions,
) -> ScoreTask:
    """Say how a recording is judged in one exam; rules learn nothing: once is enough."""
    version, built = recording.version, recording.built
    weights = weights_for(version.video.face, options.folds, exam)
    return ScoreTask(
        version=version,
        playing=built.playing,
        video=built.video(options.videos),
        truth=built.truth(options.videos),
        kept=options.kept(version),
        severities=built.severities,
        deliberate=tuple(d for d in deliberate if d.file == version.video.file),
        exam=exam,
        options=options_for(weights, options.sensitivity),
        rules=exam == ALL_FAMILIES,
    )


def _score_label(task: ScoreTask) -> str:
    """Name a recording, and the exam if it is a special one."""
    special = "" if task.exam == ALL_FAMILIES else f" (without {task.exam})"
    return f"{task.video.name}{special}"


def _in_exam(scored: Scored, exam: str) -> Scored:
    """Return what our detector logged as its result in another exam."""
    return replace(scored, exam=exam, judged={OURS.name: scored.judged[OURS.name]})


def manifest_csv(recordings: Iterable[Recording]) -> str:
    """Return table of all recordings, one row each."""
    return table_text(MANIFEST_COLUMNS, map(_manifest_row, recordings))


def _manifest_row(recording: Recording) -> list[object]:
    version, built = recording.version, recording.built
    minutes = 0.0 if built.empty else built.playing.duration_s / 60
    return [
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
