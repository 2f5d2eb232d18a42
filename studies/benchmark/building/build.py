"""The recordings of the benchmark on disk, each with its truth and its record.

For every version three files: ``NAME.mp4``, ``NAME_truth.csv`` and, last,
``NAME.json``, the record of what it was made from. A record whose fingerprint
still holds means that nothing has to be made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from studies.benchmark.building.content import (
    NO_LANDMARKER,
    Pictures,
    content_of,
)
from studies.benchmark.building.films import CRF, filmed
from studies.benchmark.building.fingerprint import (
    code_fingerprint,
    file_fingerprint,
    fingerprint,
)
from studies.benchmark.building.material import Material, Playing, load_material
from studies.benchmark.building.plan import (
    LEAST_S,
    MOST_FPS,
    Version,
    VersionKind,
)
from twitch_tracker.errors import WeightsMissing
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.face.trackers.catalogue import open_tracker
from twitch_tracker.face.trackers.weights import find_landmarker
from twitch_tracker.simulate.render import truth_path
from twitch_tracker.simulate.truth import truth_csv
from twitch_tracker.video.writer import VideoWriter

__all__ = [
    "BuildTask",
    "Built",
    "build",
    "is_built",
    "read_record",
    "to_do",
    "version_fingerprint",
]

_COURSES: Final = "studies.truth.courses"
_BASE: Final = (
    "studies.benchmark.building.material",
    "studies.benchmark.building.films",
    "twitch_tracker.simulate.truth",
    "twitch_tracker.video.writer",
)
_MADE_BY: Final = {
    VersionKind.UNTOUCHED: (),
    VersionKind.SPASMS: (_COURSES, "twitch_tracker.simulate.inject"),
    VersionKind.SECOND: (_COURSES, "studies.truth.second.inject"),
    VersionKind.REOPENED: ("twitch_tracker.simulate.real.reopen",),
    VersionKind.HELD: (_COURSES, "studies.truth.held"),
    VersionKind.HALVES: (_COURSES, "studies.truth.halves"),
}
"""Modules on which the content of a version depends, with all they import."""


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
        """Return where the recording is."""
        return folder / f"{self.name}.mp4"

    def truth(self, folder: Path) -> Path:
        """Return where its truth is."""
        return truth_path(self.video(folder))


def version_fingerprint(version: Version, source: Path) -> str:
    """Hash everything a version depends on."""
    names = (*_BASE, *_MADE_BY[version.kind])
    code = code_fingerprint(*names)
    crf = CRF[version.film]
    plan = (version.kind.value, version.draw, version.side.value, version.film, crf)
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
    """Return whether a version is on disk and up to date."""
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
    content = content_of(version, material)
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
        pictures = filmed(
            content.pictures, version.film, material.apart_px(), version.draw
        )
        _write_video(built.video(folder), pictures, CRF[version.film])
        write_whole(built.truth(folder), truth_csv(content.rows))
    record = json.dumps(asdict(built), indent=2)
    write_whole(folder / f"{version.name}.json", record)
    return built


def _write_video(path: Path, pictures: Pictures, crf: int) -> None:
    """Encode pictures; nothing is left behind after an error."""
    first = next(pictures)
    height, width = first[0].shape[:2]
    with VideoWriter(
        path, width_px=width, height_px=height, crf=crf, repeatable=True
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
    """Return whether there are weights of the face landmarker."""
    try:
        find_landmarker(landmarker)
    except WeightsMissing:
        return False
    return True


def _waited(version: Version, folder: Path) -> bool:
    """Return whether a recording is empty for want of these weights only."""
    built = read_record(version, folder)
    return built is not None and built.empty == NO_LANDMARKER
