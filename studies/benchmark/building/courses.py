"""When and where bursts are put into a recording, and how far eyes are closed by them.

A course is drawn from the version alone, so that it can be drawn again without the
recording. Note: a late recording begins in the middle of its course, `Course.lead_s`
after the course does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studies.benchmark.building.material import Playing
from studies.benchmark.building.plan import Version, VersionKind
from studies.truth.courses import Stage, draw_course
from studies.truth.held_track import CLOSED
from studies.truth.second.inject import SecondInjector, SecondPlan
from twitch_tracker.records import Episode
from twitch_tracker.regions import SIDES, Region
from twitch_tracker.simulate.activation import activate
from twitch_tracker.simulate.plan.draw import severity_of
from twitch_tracker.simulate.plan.events import Spasm
from twitch_tracker.simulate.plan.scenario import Scenario
from twitch_tracker.simulate.truth import TruthRow

__all__ = [
    "Course",
    "commanded_closure",
    "course_of",
    "in_time",
    "lid_commands",
    "lower_face_commands",
    "scenario_of",
    "severity",
]

LEAD_SHARE: Final = 0.4
LEAD_S: Final = (1.0, 25.0)
"""So many late recordings begin that much after their course: in the middle of a
burst, if one is under way."""

_LOWER_FACE: Final = (Region.MOUTH_CORNER, Region.CHEEK)

_MOVING_S: Final = 0.2
"""So near to the edges of a held closure the lid moves."""

SHORTEST_SEEN_S: Final = 0.15
"""A burst of which less is in the recording is left out of the truth."""


@dataclass(frozen=True)
class Course:
    """Commands, and how much of their time is over when the recording begins."""

    bursts: tuple[Spasm, ...]
    lead_s: float


def course_of(version: Version, playing: Playing) -> Course:
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
    return Course(bursts, lead_s)


def lid_commands(version: Version, playing: Playing) -> list[Spasm]:
    """Return a course of the eyelid alone, from the recording's first frame on."""
    bursts = draw_course(
        duration_s=playing.duration_s,
        seed=version.draw,
        side=version.side,
        stage=version.stage,
    )
    return [replace(burst, regions=(Region.EYELID,)) for burst in bursts]


def lower_face_commands(version: Version, playing: Playing) -> list[Spasm]:
    """Return a course of mouth corner and cheek, from the recording's first frame on."""
    bursts = draw_course(
        duration_s=playing.duration_s,
        seed=version.draw,
        side=version.side,
        stage=version.stage,
    )
    return [replace(burst, regions=_LOWER_FACE) for burst in bursts]


def scenario_of(version: Version, course: Course) -> Scenario:
    """Return a course as a plan of the first injector."""
    return Scenario(
        duration_s=max((burst.offset_s for burst in course.bursts), default=0.0) + 1.0,
        seed=version.draw,
        events=course.bursts,
    )


def commanded_closure(
    version: Version,
    playing: Playing,
    time_s: NDArray[np.float64],
    truth: Iterable[Episode],
) -> NDArray[np.float64]:
    """Return how far each eye was closed on top of what was filmed.

    Parameters
    ----------
    version, playing
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
        course = course_of(version, playing)
        return activate(scenario_of(version, course), time_s + course.lead_s).closure
    if version.kind is VersionKind.SECOND:
        course = course_of(version, playing)
        injector = SecondInjector(SecondPlan(bursts=course.bursts, seed=version.draw))
        forces = [
            [injector.force(at_s, side).lids for side in SIDES]
            for at_s in (time_s + course.lead_s).tolist()
        ]
        return np.array(forces)
    if version.kind is VersionKind.HELD:
        return _held_closure(lid_commands(version, playing), time_s, truth)
    return np.zeros((len(time_s), len(SIDES)))


def _held_closure(
    commands: Sequence[Spasm], time_s: NDArray[np.float64], truth: Iterable[Episode]
) -> NDArray[np.float64]:
    """Return closure of lids that are held, shape (n, sides); NaN while they move."""
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


def in_time(
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


def severity(row: TruthRow, course: Course) -> str:
    """Return how strong the command behind a row is."""
    middle_s = (row.onset_s + row.offset_s) / 2 + course.lead_s
    near = [b for b in course.bursts if b.side.value == row.side]
    return severity_of(
        min(near, key=lambda b: abs((b.onset_s + b.offset_s) / 2 - middle_s))
    )
