"""What happens in one version of a video: its pictures and its truth.

Bursts and re-opened blinks are put in after the video was lengthened, so they never
run backward; blinks are re-opened only where the video runs forward.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studies.benchmark.building.courses import (
    Course,
    course_of,
    in_time,
    lid_commands,
    lower_face_commands,
    scenario_of,
    severity,
)
from studies.benchmark.building.material import Material, Mesh
from studies.benchmark.building.plan import Version, VersionKind
from studies.truth.halves import Halves, HalvesPlay
from studies.truth.held import HeldLids, HeldPlay
from studies.truth.second.inject import SecondInjector, SecondPlan
from twitch_tracker.records import Frame
from twitch_tracker.regions import Region
from twitch_tracker.simulate.activation import activate
from twitch_tracker.simulate.inject import mark_hidden
from twitch_tracker.simulate.picture.geometry import PictureGeometry
from twitch_tracker.simulate.picture.warp import warp_face
from twitch_tracker.simulate.real.real_blinks import find_blinks
from twitch_tracker.simulate.real.reopen import (
    RealClosure,
    choose_closures,
    closure_truth,
    reopen,
)
from twitch_tracker.simulate.truth import TruthRow, truth

__all__ = ["NO_LANDMARKER", "Content", "Pictures", "apart", "content_of"]

CLOSURES_APART_S: Final = 1.0
"""Re-opened blinks are at least this far apart. Closer ones cannot be distinguished
from the contractions of one clonic train (1 a second and more), and drawn bursts keep
their distance, too."""

NO_LANDMARKER: Final = "no weights of the face landmarker for the second injector"
"""Why a recording of the second injector is empty until there are some."""

Pictures = Iterator[tuple[NDArray[np.uint8], float]]


@dataclass(frozen=True)
class Content:
    """What goes into one version."""

    rows: tuple[TruthRow, ...]
    pictures: Pictures
    severities: tuple[str, ...] = ()
    empty: str = ""


def content_of(version: Version, material: Material) -> Content:
    """Decide what happens in a version."""
    if version.kind is VersionKind.REOPENED:
        return _reopened(version, material)
    if version.kind is VersionKind.HELD:
        return _held(version, material)
    if version.kind is VersionKind.HALVES:
        return _halves(version, material)
    blinks = closure_truth(find_blinks(material.shown_s, material.shown_meshes), ())
    if version.kind is VersionKind.UNTOUCHED:
        return Content(blinks, _untouched(material))
    if version.kind is VersionKind.SECOND:
        return _second(version, material, blinks)
    return _warped(version, material, blinks)


def _reopened(version: Version, material: Material) -> Content:
    """Keep one eye open in the real blinks that run forward."""
    times, meshes = material.shown_s, material.shown_meshes
    blinks = find_blinks(times, meshes)
    usable = [b for b in blinks if material.forward[b.before : b.after + 1].all()]
    closures = apart(choose_closures(usable, seed=version.draw))
    return Content(
        closure_truth(blinks, closures),
        reopen(material.frames(), meshes, closures),
        empty="" if closures else "no blink that can be re-opened",
    )


def apart(closures: Iterable[RealClosure]) -> tuple[RealClosure, ...]:
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
) -> Content:
    """Put a course in by the first injector."""
    course = course_of(version, material.playing)
    scenario = scenario_of(version, course)
    moves = activate(scenario, material.shown_s + course.lead_s)
    mm_per_io = material.mm_per_io()

    def show(index: int, frame: Frame, mesh: Mesh) -> NDArray[np.uint8]:
        action = moves.action(index)
        if action.peak <= 0:
            return frame.image
        return warp_face(
            frame.image, PictureGeometry.from_mesh(mesh, mm_per_io), action
        )

    drawn = truth(scenario, material.aperture_mm(version.side))
    return _shown(material, blinks, drawn, course, show)


def _second(
    version: Version, material: Material, blinks: tuple[TruthRow, ...]
) -> Content:
    """Put a course in by the second injector."""
    if not material.second_meshes:
        return Content((), iter(()), empty=NO_LANDMARKER)
    course = course_of(version, material.playing)
    injector = SecondInjector(SecondPlan(bursts=course.bursts, seed=version.draw))
    meshes = material.shown_second_meshes

    def show(index: int, frame: Frame, mesh: Mesh) -> NDArray[np.uint8]:
        del mesh  # the first injector's
        return injector.frame(frame.image, meshes[index], frame.time_s + course.lead_s)

    drawn = injector.truth(material.aperture_mm(version.side))
    return _shown(material, blinks, drawn, course, show)


def _held(version: Version, material: Material) -> Content:
    """Hold real lids closed."""
    lids = HeldLids.prepare(
        material.time_s,
        material.meshes,
        material.pictures,
    )
    if lids.empty:
        return Content((), iter(()), empty=lids.empty)
    play = lids.play(
        lid_commands(version, material.playing),
        shown_s=material.shown_s,
        order=material.order,
    )
    return _played(material, play, "no burst falls on an eye that is seen to close")


def _halves(version: Version, material: Material) -> Content:
    """Show halves of real smiles and grimaces."""
    halves = Halves.prepare(material.time_s, material.meshes, material.pictures)
    if halves.empty:
        return Content((), iter(()), empty=halves.empty)
    play = halves.play(
        lower_face_commands(version, material.playing),
        shown_s=material.shown_s,
        order=material.order,
    )
    return _played(material, play, "no moment at which the mouth is at rest")


def _played(material: Material, play: HeldPlay | HalvesPlay, none: str) -> Content:
    """Show a play of real movement beside the video's own blinks."""
    rows = play.truth()
    blinks = closure_truth(find_blinks(material.shown_s, material.shown_meshes), ())
    frames = zip(material.frames(), material.shown_meshes, strict=True)
    return Content(
        tuple(sorted([*blinks, *rows], key=lambda row: row.onset_s)),
        (
            (play.frame(index, frame.image, mesh), frame.time_s)
            for index, (frame, mesh) in enumerate(frames)
        ),
        empty="" if rows else none,
    )


def _shown(
    material: Material,
    blinks: tuple[TruthRow, ...],
    drawn: Iterable[TruthRow],
    course: Course,
    show: Callable[[int, Frame, Mesh], NDArray[np.uint8]],
) -> Content:
    """Lay pictures and truth of a course out in the recording's own time."""
    meshes = material.shown_meshes
    inside = in_time(drawn, course.lead_s, material.playing.duration_s)
    bursts = _marked(inside, material)
    pairs = enumerate(zip(material.frames(), meshes, strict=True))
    return Content(
        tuple(sorted([*blinks, *bursts], key=lambda row: row.onset_s)),
        (
            (frame.image if mesh is None else show(index, frame, mesh), frame.time_s)
            for index, (frame, mesh) in pairs
        ),
        tuple(severity(row, course) for row in bursts),
        empty="" if bursts else "no burst falls into it",
    )


def _marked(rows: Iterable[TruthRow], material: Material) -> tuple[TruthRow, ...]:
    """Mark bursts that nobody can see: no face, or a mouth outside the picture."""
    seen = np.array([mesh is not None for mesh in material.shown_meshes])
    mouth = material.mouth_seen()[material.order]
    return tuple(
        marked
        for row in rows
        for marked in mark_hidden(
            [row],
            material.shown_s,
            seen if Region.EYELID.value in row.regions.split(";") else mouth,
        )
    )


def _untouched(material: Material) -> Pictures:
    return ((frame.image, frame.time_s) for frame in material.frames())
