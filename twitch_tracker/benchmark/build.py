"""The recordings of the benchmark on disk, each with its truth and its record.

For every version three files: ``NAME.mp4``, ``NAME_truth.csv`` and, last,
``NAME.json``, the record of what it was made from. A record whose fingerprint
still holds means that nothing has to be made again. Bursts and re-opened blinks
are put in after the video was lengthened, so they never run backward; blinks
are re-opened only where the video runs forward.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.benchmark.fingerprint import (
    code_fingerprint,
    file_fingerprint,
    fingerprint,
)
from twitch_tracker.benchmark.material import Material, Mesh, Playing, load_material
from twitch_tracker.benchmark.plan import LEAST_S, MOST_FPS, Version, VersionKind
from twitch_tracker.errors import WeightsMissing
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.face.catalogue import open_tracker
from twitch_tracker.face.weights import find_landmarker
from twitch_tracker.records import Episode, Frame
from twitch_tracker.regions import SIDES, Region
from twitch_tracker.simulate.activation import activate
from twitch_tracker.simulate.courses import Stage, draw_course
from twitch_tracker.simulate.draw import severity_of
from twitch_tracker.simulate.events import Spasm
from twitch_tracker.simulate.geometry import FaceGeometry
from twitch_tracker.simulate.halves import Halves, HalvesPlay
from twitch_tracker.simulate.held import HeldLids, HeldPlay
from twitch_tracker.simulate.held_track import CLOSED
from twitch_tracker.simulate.inject import mark_hidden
from twitch_tracker.simulate.real_blinks import find_blinks
from twitch_tracker.simulate.render import truth_path
from twitch_tracker.simulate.reopen import (
    RealClosure,
    choose_closures,
    closure_truth,
    reopen,
)
from twitch_tracker.simulate.scenario import Scenario
from twitch_tracker.simulate.second.inject import SecondInjector, SecondPlan
from twitch_tracker.simulate.truth import TruthRow, truth, truth_csv
from twitch_tracker.simulate.warp import warp_face
from twitch_tracker.video.writer import VideoWriter

__all__ = [
    "BuildTask",
    "Built",
    "build",
    "commanded_closure",
    "is_built",
    "read_record",
    "to_do",
    "version_fingerprint",
]

CRF: Final = 20
"""Quality of x264 for every version, the untouched one too."""

CLOSURES_APART_S: Final = 1.0
"""Re-opened blinks are at least this far apart. Closer ones cannot be told from
the contractions of one clonic train (1 a second and more), and drawn bursts keep
their distance, too."""

_BASE: Final = ("benchmark.material", "simulate.truth", "video.writer")
_MADE_BY: Final = {
    VersionKind.UNTOUCHED: (),
    VersionKind.SPASMS: ("simulate.courses", "simulate.inject"),
    VersionKind.SECOND: ("simulate.courses", "simulate.second.inject"),
    VersionKind.REOPENED: ("simulate.reopen",),
    VersionKind.HELD: ("simulate.courses", "simulate.held"),
    VersionKind.HALVES: ("simulate.courses", "simulate.halves"),
}
"""Modules on which the content of a version depends, with all they import."""

LEAD_SHARE: Final = 0.4
LEAD_S: Final = (1.0, 25.0)
"""So many late recordings begin that much after their course: in the middle of a
burst, if one is under way."""

_LOWER_FACE: Final = (Region.MOUTH_CORNER, Region.CHEEK)

NO_LANDMARKER: Final = "no weights of the face landmarker for the second injector"
"""Why a recording of the second injector is empty until there are some."""

_MOVING_S: Final = 0.2
"""So near to the edges of a held closure the lid moves."""

SHORTEST_SEEN_S: Final = 0.15
"""A burst of which less is in the recording is left out of the truth."""

Pictures = Iterator[tuple[NDArray[np.uint8], float]]


@dataclass(frozen=True, kw_only=True)
class BuildTask:
    """The versions of one video that are still to be made.

    Attributes
    ----------
    source : Path
        The video.
    versions : tuple of Version
        What is made of it.
    folder : Path
        Where.
    landmarker : Path or None
        Weights of the face landmarker, whose mesh the second injector moves by; the
        installed ones by default.
    """

    source: Path
    versions: tuple[Version, ...]
    folder: Path
    landmarker: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Built:
    """The record of one version.

    Attributes
    ----------
    name : str
        Name of its files, without suffix.
    fingerprint : str
        Of everything it was made from.
    playing : Playing
        How the video is played in it.
    bursts, blinks : int
        Rows of the truth.
    severities : tuple of str
        How strong each burst was drawn, in order of onset; empty for closures.
    empty : str
        Why there is no recording, else empty.
    """

    name: str
    fingerprint: str
    playing: Playing
    bursts: int = 0
    blinks: int = 0
    severities: tuple[str, ...] = ()
    empty: str = ""

    def video(self, folder: Path) -> Path:
        """Where the recording is."""
        return folder / f"{self.name}.mp4"

    def truth(self, folder: Path) -> Path:
        """Where its truth is."""
        return truth_path(self.video(folder))


def version_fingerprint(version: Version, source: Path) -> str:
    """Hash everything a version depends on."""
    names = (*_BASE, *_MADE_BY[version.kind])
    code = code_fingerprint(*(f"twitch_tracker.{name}" for name in names))
    plan = (version.kind.value, version.draw, version.side.value, CRF)
    return fingerprint(file_fingerprint(source), plan, code)


def read_record(version: Version, folder: Path) -> Built | None:
    """Read the record of a version; None without a readable one."""
    try:
        text = (folder / f"{version.name}.json").read_text(encoding="utf-8")
        values: dict[str, Any] = json.loads(text)
        playing = Playing(**values.pop("playing"))
        severities = tuple(values.pop("severities"))
        return Built(playing=playing, severities=severities, **values)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_built(version: Version, source: Path, folder: Path) -> bool:
    """Whether a version is on disk and made from what it would be made from now."""
    built = read_record(version, folder)
    if built is None or built.fingerprint != version_fingerprint(version, source):
        return False
    return bool(built.empty) or (
        built.video(folder).is_file() and built.truth(folder).is_file()
    )


def build(task: BuildTask) -> tuple[Built, ...]:
    """Make the versions of one video.

    Parameters
    ----------
    task : BuildTask
        Which ones, and where.

    Returns
    -------
    tuple of Built
        Their records, which are on disk too.

    Raises
    ------
    NoAnalysableFace, VideoUnreadable, TimestampsUnusable
        If nothing can be made of the video.
    OutputNotWritable
        If the folder cannot be written.
    """
    task.folder.mkdir(parents=True, exist_ok=True)
    with open_tracker("auto") as tracker:
        material = load_material(task.source, tracker)
    if any(version.kind is VersionKind.SECOND for version in task.versions):
        material = _followed_twice(material, task.landmarker)
    return tuple(
        _build_one(version, task.source, material, task.folder)
        for version in task.versions
    )


def _followed_twice(material: Material, landmarker: Path | None) -> Material:
    """Follow the face with the face landmarker, if its weights are there."""
    try:
        with open_tracker("face-landmarker", landmarker) as second:
            return material.followed_by(second)
    except WeightsMissing:
        if landmarker is not None:
            raise
        return material


def _build_one(
    version: Version, source: Path, material: Material, folder: Path
) -> Built:
    """Make one version: pictures, truth, record."""
    stage = version.stage
    material = material.played(LEAST_S[stage], MOST_FPS[stage])
    content = _content(version, material)
    built = Built(
        name=version.name,
        fingerprint=version_fingerprint(version, source),
        playing=material.playing,
        bursts=sum(row.event == "spasm" for row in content.rows),
        blinks=sum(row.event == "blink" for row in content.rows),
        severities=content.severities,
        empty=content.empty,
    )
    if not built.empty:
        _write_video(built.video(folder), content.pictures)
        write_whole(built.truth(folder), truth_csv(content.rows))
    record = json.dumps(asdict(built), indent=2)
    write_whole(folder / f"{version.name}.json", record)
    return built


@dataclass(frozen=True)
class _Content:
    """What goes into one version."""

    rows: tuple[TruthRow, ...]
    pictures: Pictures
    severities: tuple[str, ...] = ()
    empty: str = ""


def _content(version: Version, material: Material) -> _Content:
    """Decide what happens in a version."""
    if version.kind is VersionKind.REOPENED:
        return _reopened(version, material)
    if version.kind is VersionKind.HELD:
        return _held(version, material)
    if version.kind is VersionKind.HALVES:
        return _halves(version, material)
    blinks = closure_truth(find_blinks(material.shown_s, material.shown_meshes), ())
    if version.kind is VersionKind.UNTOUCHED:
        return _Content(blinks, _untouched(material))
    if version.kind is VersionKind.SECOND:
        return _second(version, material, blinks)
    return _warped(version, material, blinks)


def _reopened(version: Version, material: Material) -> _Content:
    """Keep one eye open in the real blinks that run forward."""
    times, meshes = material.shown_s, material.shown_meshes
    blinks = find_blinks(times, meshes)
    usable = [b for b in blinks if material.forward[b.before : b.after + 1].all()]
    closures = _apart(choose_closures(usable, seed=version.draw))
    return _Content(
        closure_truth(blinks, closures),
        reopen(material.frames(), meshes, closures),
        empty="" if closures else "no blink that can be re-opened",
    )


def _apart(closures: Iterable[RealClosure]) -> tuple[RealClosure, ...]:
    """Leave out closures that follow another one too soon; they stay blinks."""
    kept: list[RealClosure] = []
    free_s = -CLOSURES_APART_S
    for closure in sorted(closures, key=lambda c: c.blink.before):
        span = closure.blink.span(closure.side)
        if span.start_s - free_s >= CLOSURES_APART_S:
            kept.append(closure)
            free_s = span.end_s
    return tuple(kept)


def _warped(
    version: Version, material: Material, blinks: tuple[TruthRow, ...]
) -> _Content:
    """Put a course in by the first injector."""
    course = _course(version, material.playing)
    scenario = _scenario(version, course)
    moves = activate(scenario, material.shown_s + course.lead_s)
    mm_per_io = material.mm_per_io()

    def show(index: int, frame: Frame, mesh: Mesh) -> NDArray[np.uint8]:
        action = moves.action(index)
        if action.peak <= 0:
            return frame.image
        return warp_face(frame.image, FaceGeometry.from_mesh(mesh, mm_per_io), action)

    drawn = truth(scenario, material.aperture_mm(version.side))
    return _shown(material, blinks, drawn, course, show)


def _second(
    version: Version, material: Material, blinks: tuple[TruthRow, ...]
) -> _Content:
    """Put a course in by the second injector."""
    if not material.second_meshes:
        return _Content((), iter(()), empty=NO_LANDMARKER)
    course = _course(version, material.playing)
    injector = SecondInjector(SecondPlan(bursts=course.bursts, seed=version.draw))
    meshes = material.shown_second_meshes

    def show(index: int, frame: Frame, mesh: Mesh) -> NDArray[np.uint8]:
        del mesh  # the first injector's
        return injector.frame(frame.image, meshes[index], frame.time_s + course.lead_s)

    drawn = injector.truth(material.aperture_mm(version.side))
    return _shown(material, blinks, drawn, course, show)


def _held(version: Version, material: Material) -> _Content:
    """Hold real lids closed."""
    lids = HeldLids.prepare(
        material.time_s,
        material.meshes,
        material.pictures,
    )
    if lids.empty:
        return _Content((), iter(()), empty=lids.empty)
    play = lids.play(
        _lid_commands(version, material.playing),
        shown_s=material.shown_s,
        order=material.order,
    )
    return _played(material, play, "no burst falls on an eye that is seen to close")


def _halves(version: Version, material: Material) -> _Content:
    """Show halves of real smiles and grimaces."""
    halves = Halves.prepare(material.time_s, material.meshes, material.pictures)
    if halves.empty:
        return _Content((), iter(()), empty=halves.empty)
    course = draw_course(
        duration_s=material.playing.duration_s,
        seed=version.draw,
        side=version.side,
        stage=version.stage,
    )
    play = halves.play(
        [replace(burst, regions=_LOWER_FACE) for burst in course],
        shown_s=material.shown_s,
        order=material.order,
    )
    return _played(material, play, "no moment at which the mouth is at rest")


def _played(material: Material, play: HeldPlay | HalvesPlay, none: str) -> _Content:
    """Show a play of real movement beside the video's own blinks."""
    rows = play.truth()
    blinks = closure_truth(find_blinks(material.shown_s, material.shown_meshes), ())
    frames = zip(material.frames(), material.shown_meshes, strict=True)
    return _Content(
        tuple(sorted([*blinks, *rows], key=lambda row: row.onset_s)),
        (
            (play.frame(index, frame.image, mesh), frame.time_s)
            for index, (frame, mesh) in enumerate(frames)
        ),
        empty="" if rows else none,
    )


def _lid_commands(version: Version, playing: Playing) -> list[Spasm]:
    """Return a course of the eyelid alone, from the recording's first frame on."""
    bursts = draw_course(
        duration_s=playing.duration_s,
        seed=version.draw,
        side=version.side,
        stage=version.stage,
    )
    return [replace(burst, regions=(Region.EYELID,)) for burst in bursts]


@dataclass(frozen=True)
class _Course:
    """Commands, and how much of their time is over when the recording begins."""

    bursts: tuple[Spasm, ...]
    lead_s: float


def _scenario(version: Version, course: _Course) -> Scenario:
    """Return a course as a plan of the first injector."""
    return Scenario(
        duration_s=max((burst.offset_s for burst in course.bursts), default=0.0) + 1.0,
        seed=version.draw,
        events=course.bursts,
    )


def commanded_closure(
    version: Version,
    built: Built,
    time_s: NDArray[np.float64],
    truth: Iterable[Episode],
) -> NDArray[np.float64]:
    """How far each eye was closed on top of what was filmed.

    Parameters
    ----------
    version, built
        The recording.
    time_s : NDArray[np.float64]
        Times of its frames, shape (n,).
    truth : Iterable of Episode
        Its bursts.

    Returns
    -------
    NDArray[np.float64]
        0 to 1, shape (n, sides); NaN where it is not known.
    """
    if version.kind is VersionKind.SPASMS:
        course = _course(version, built.playing)
        return activate(_scenario(version, course), time_s + course.lead_s).closure
    if version.kind is VersionKind.SECOND:
        course = _course(version, built.playing)
        injector = SecondInjector(SecondPlan(bursts=course.bursts, seed=version.draw))
        forces = [
            [injector.force(at_s, side).lids for side in SIDES]
            for at_s in (time_s + course.lead_s).tolist()
        ]
        return np.array(forces)
    if version.kind is VersionKind.HELD:
        return _held_closure(_lid_commands(version, built.playing), time_s, truth)
    return np.zeros((len(time_s), len(SIDES)))


def _held_closure(
    commands: Sequence[Spasm], time_s: NDArray[np.float64], truth: Iterable[Episode]
) -> NDArray[np.float64]:
    """Closure of lids that are held, shape (n, sides); NaN while they move."""
    closure = np.zeros((len(time_s), len(SIDES)))
    for burst in truth:
        own = [c for c in commands if c.side is burst.side]
        command = min(own, key=lambda c: abs(c.onset_s - burst.span.start_s))
        level = 1.0 if command.closure >= CLOSED else command.closure
        place = SIDES.index(burst.side)
        start_s, end_s = burst.span.start_s, burst.span.end_s
        moving = (time_s > start_s - _MOVING_S) & (time_s < end_s + _MOVING_S)
        still = (time_s > start_s + _MOVING_S) & (time_s < end_s - _MOVING_S)
        closure[moving, place] = np.nan
        closure[still, place] = level
    return closure


def _course(version: Version, playing: Playing) -> _Course:
    """Draw when and where bursts happen in a version."""
    rng = np.random.default_rng([version.draw, 30])
    late = version.stage is Stage.LATE and rng.random() < LEAD_SHARE
    lead_s = float(rng.uniform(*LEAD_S)) if late else 0.0
    bursts = draw_course(
        duration_s=lead_s + playing.duration_s,
        seed=version.draw,
        side=version.side,
        stage=version.stage,
    )
    return _Course(bursts, lead_s)


def _shown(
    material: Material,
    blinks: tuple[TruthRow, ...],
    drawn: Iterable[TruthRow],
    course: _Course,
    show: Callable[[int, Frame, Mesh], NDArray[np.uint8]],
) -> _Content:
    """Lay pictures and truth of a course out in the recording's own time."""
    meshes = material.shown_meshes
    seen = np.array([mesh is not None for mesh in meshes])
    inside = _in_time(drawn, course.lead_s, material.playing.duration_s)
    bursts = mark_hidden(inside, material.shown_s, seen)
    pairs = enumerate(zip(material.frames(), meshes, strict=True))
    return _Content(
        tuple(sorted([*blinks, *bursts], key=lambda row: row.onset_s)),
        (
            (frame.image if mesh is None else show(index, frame, mesh), frame.time_s)
            for index, (frame, mesh) in pairs
        ),
        tuple(_severity(row, course) for row in bursts),
        empty="" if bursts else "no burst falls into it",
    )


def _in_time(
    rows: Iterable[TruthRow], lead_s: float, duration_s: float
) -> list[TruthRow]:
    """Move rows to the recording's time; what reaches beyond it is cut off."""
    kept = []
    for row in rows:
        onset_s = max(row.onset_s - lead_s, 0.0)
        offset_s = min(row.offset_s - lead_s, duration_s)
        if offset_s - onset_s >= SHORTEST_SEEN_S:
            cut = replace(
                row,
                onset_s=round(onset_s, 4),
                offset_s=round(offset_s, 4),
                duration_s=round(offset_s - onset_s, 4),
            )
            kept.append(cut)
    return sorted(kept, key=lambda row: (row.onset_s, row.offset_s))


def _severity(row: TruthRow, course: _Course) -> str:
    """How strong the command behind a row is."""
    middle_s = (row.onset_s + row.offset_s) / 2 + course.lead_s
    near = [b for b in course.bursts if b.side.value == row.side]
    return severity_of(
        min(near, key=lambda b: abs((b.onset_s + b.offset_s) / 2 - middle_s))
    )


def _untouched(material: Material) -> Pictures:
    return ((frame.image, frame.time_s) for frame in material.frames())


def _write_video(path: Path, pictures: Pictures) -> None:
    """Encode pictures; nothing is left behind after an error."""
    first = next(pictures)
    height, width = first[0].shape[:2]
    with VideoWriter(
        path, width_px=width, height_px=height, crf=CRF, repeatable=True
    ) as writer:
        writer.write(*first)
        for image, time_s in pictures:
            writer.write(image, time_s)


def to_do(
    versions: Iterable[Version],
    faces: Path,
    folder: Path,
    landmarker: Path | None = None,
) -> tuple[BuildTask, ...]:
    """List what is not built yet, by video, the largest file first."""
    by_video: dict[str, list[Version]] = {}
    able = _has_landmarker(landmarker)
    for version in versions:
        built = is_built(version, faces / version.video.file, folder)
        if not built or (able and _waited(version, folder)):
            by_video.setdefault(version.video.file, []).append(version)
    order = sorted(by_video, key=lambda file: -(faces / file).stat().st_size)
    return tuple(
        BuildTask(
            source=faces / file,
            versions=tuple(by_video[file]),
            folder=folder,
            landmarker=landmarker,
        )
        for file in order
    )


def _has_landmarker(landmarker: Path | None) -> bool:
    """Whether there are weights of the face landmarker."""
    try:
        find_landmarker(landmarker)
    except WeightsMissing:
        return False
    return True


def _waited(version: Version, folder: Path) -> bool:
    """Whether a recording is empty for want of these weights only."""
    built = read_record(version, folder)
    return built is not None and built.empty == NO_LANDMARKER
