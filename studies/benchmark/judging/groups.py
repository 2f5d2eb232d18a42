"""Whether the detector is as good for every face.

Knows how a video belongs to one group of every dimension (skin, beard, glasses, age,
light, camera, generated, eye size in pixels): by the traits of the table of faces
(``skin:dark``, ``glasses``), and by the distance of the eyes as it was measured.
A flag such as ``glasses`` that is not among the traits means no glasses; a video of
which the table has no traits at all is ``not coded`` and is compared with nobody.

The rule: no group has more than twice the false alarms a minute of all others
together, unless the low end of its interval is below that; and of no group's bursts
are fewer found than of the others' by more than a tenth. Groups do different things
(a dark film is seldom a quiet one), which this rule does not know.

>>> eye_size(64.0), eye_size(110.0)
('below 70 px', 'from 110 px')
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from studies.benchmark.building.faces import FaceVideo
from studies.benchmark.building.films import Film
from studies.benchmark.building.plan import VersionKind
from studies.benchmark.judging.figures import (
    NOTHING,
    DetectorFigures,
    Number,
    watched_min,
)
from studies.benchmark.judging.score import Scored
from studies.truth.courses import Stage
from twitch_tracker.evaluate.recordings import RecordingScore

__all__ = [
    "FOUND_WITHIN",
    "MOST_TIMES",
    "NOT_CODED",
    "Dimension",
    "Group",
    "compare_films",
    "compare_groups",
    "eye_size",
]

NOT_CODED: Final = "not coded"
NO_FLAG: Final = "none"

MOST_TIMES: Final = 2.0
"""A group may have so many times the false alarms of the others."""

FOUND_WITHIN: Final = 0.1
"""Of a group's bursts at most this share fewer may be found than of the others'."""

_BEARDS: Final = ("beard", "stubble", "moustache")
_SMALL_PX, _LARGE_PX = 70.0, 110.0

Scores = tuple[RecordingScore, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Faces or films that share a trait.

    Attributes
    ----------
    name : str
        E.g. ``dark``.
    faces : int
        How many people.
    minutes : float
        Untouched video of them.
    alarms, found : Number
        False alarms a minute of it, and share of bursts found.
    alarms_met, found_met : bool or None
        Whether the rule holds for it; None where that is not known, for instance
        with a single face.
    """

    name: str
    faces: int
    minutes: float
    alarms: Number
    found: Number
    alarms_met: bool | None
    found_met: bool | None


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """One way to group faces or films.

    Attributes
    ----------
    name : str
        E.g. ``skin``.
    groups : tuple of Group
        Every recording is in exactly one.
    """

    name: str
    groups: tuple[Group, ...]

    @property
    def met(self) -> bool | None:
        """Whether the rule holds for every group; None if it is known for none."""
        said = [met for g in self.groups for met in (g.alarms_met, g.found_met)]
        known = [met for met in said if met is not None]
        return all(known) if known else None


def eye_size(interocular_px: float) -> str:
    """Return the band of a distance of the eyes in pixels."""
    if not math.isfinite(interocular_px):
        return NOT_CODED
    if interocular_px < _SMALL_PX:
        return f"below {_SMALL_PX:.0f} px"
    if interocular_px < _LARGE_PX:
        return f"{_SMALL_PX:.0f} to {_LARGE_PX:.0f} px"
    return f"from {_LARGE_PX:.0f} px"


def _trait(prefix: str) -> Callable[[FaceVideo], str]:
    """Read a trait with a value, such as ``skin:dark``."""

    def read(video: FaceVideo) -> str:
        values = [trait.partition(":") for trait in video.traits]
        return next((v for key, _, v in values if key == prefix), NOT_CODED)

    return read


def _flagged(*flags: str) -> Callable[[FaceVideo], str]:
    """Read the first of some flags that is set; ``none`` without any."""

    def read(video: FaceVideo) -> str:
        if not video.traits:
            return NOT_CODED
        return next((flag for flag in flags if flag in video.traits), NO_FLAG)

    return read


_TRAITS: Final[dict[str, Callable[[FaceVideo], str]]] = {
    "skin": _trait("skin"),
    "age": _trait("age"),
    "beard": _flagged(*_BEARDS),
    "glasses": _flagged("glasses"),
    "light": _trait("light"),
    "camera": _trait("camera"),
    "generated": _flagged("generated"),
}

_EYES: Final = "eyes apart"

_ORDER: Final = (
    *("light", "medium", "dark"),
    *("child", "<20", "20-40", "40-60", "60+"),
    *(eye_size(px) for px in (0.0, _SMALL_PX, _LARGE_PX)),
    *(film.value for film in Film),
)
"""Groups with an order of their own; others come by name, ``none`` and those that are
not coded last."""


def _place(name: str) -> tuple[bool, bool, int, str]:
    known = _ORDER.index(name) if name in _ORDER else len(_ORDER)
    return (name == NOT_CODED, name == NO_FLAG, known, name)


def compare_groups(figures: DetectorFigures) -> tuple[Dimension, ...]:
    """Compare every group with all others of its dimension.

    Parameters
    ----------
    figures : DetectorFigures
        Of a detector; its untouched recordings and those with bursts put in count.
    """
    scored = {item.version.name: item for item in figures.scored}
    readers: dict[str, Callable[[Scored], str]] = {
        name: _of_video(read) for name, read in _TRAITS.items()
    }
    readers[_EYES] = lambda item: eye_size(item.interocular_px)
    made = []
    for name, read in readers.items():
        groups = {recording: read(item) for recording, item in scored.items()}
        made.append(Dimension(name=name, groups=_compare(figures, groups)))
    return tuple(made)


def compare_films(figures: DetectorFigures) -> Dimension:
    """Compare recordings by worse cameras with the same ones filmed plainly.

    Parameters
    ----------
    figures : DetectorFigures
        Of a detector, with recordings of every film. Only those count that there are
        plain and worse.
    """
    twice = {_recorded(s) for s in figures.scored if s.version.film is not Film.PLAIN}
    groups = {
        item.version.name: item.version.film.value
        for item in figures.scored
        if _recorded(item) in twice
    }
    return Dimension(name="film", groups=_compare(figures, groups))


def _recorded(item: Scored) -> tuple[str, VersionKind, Stage]:
    """Return what a recording and its worse films have in common."""
    version = item.version
    return version.video.file, version.kind, version.stage


def _of_video(read: Callable[[FaceVideo], str]) -> Callable[[Scored], str]:
    return lambda item: read(item.version.video)


def _compare(figures: DetectorFigures, groups: dict[str, str]) -> tuple[Group, ...]:
    """Make the groups of one dimension, those not coded last.

    Parameters
    ----------
    figures : DetectorFigures
        Of the detector.
    groups : dict
        Group of every recording, by its name.
    """
    names = sorted({*groups.values()}, key=_place)
    return tuple(
        _group(
            figures,
            name,
            {recording for recording, own in groups.items() if own == name},
            {recording for recording, own in groups.items() if own not in _no(name)},
        )
        for name in names
    )


def _no(name: str) -> tuple[str, str]:
    return (name, NOT_CODED)


def _group(
    figures: DetectorFigures, name: str, own: set[str], others: set[str]
) -> Group:
    """Count one group and hold it against the others."""
    quiet = _only(figures.untouched, own)
    bursts = _only(figures.spasms, own)
    alarms = figures.of(quiet, "false_alarms_per_min")
    found = figures.of(bursts, "sensitivity")
    other_alarms, other_found = NOTHING, NOTHING
    if name != NOT_CODED:
        rest = _only(figures.untouched, others)
        other_alarms = figures.of(rest, "false_alarms_per_min")
        other_found = figures.of(_only(figures.spasms, others), "sensitivity")
    return Group(
        name=name,
        faces=len({score.face for score in (*quiet, *bursts)}),
        minutes=watched_min(quiet),
        alarms=alarms,
        found=found,
        alarms_met=_at_most(alarms.low, MOST_TIMES * other_alarms.value),
        found_met=_found_met(found, other_found),
    )


def _found_met(own: Number, others: Number) -> bool | None:
    """Return whether enough bursts are found; one face says nothing about others."""
    if not math.isfinite(own.low):
        return None
    return _at_most(others.value - FOUND_WITHIN, own.value)


def _only(scores: Iterable[RecordingScore], names: set[str]) -> Scores:
    return tuple(s for s in scores if s.source is not None and s.source.name in names)


def _at_most(value: float, bound: float) -> bool | None:
    """Compare; None when either is not known."""
    if not (math.isfinite(value) and math.isfinite(bound)):
        return None
    return value <= bound + 1e-12
