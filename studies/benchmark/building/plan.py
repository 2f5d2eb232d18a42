"""What is made of every video: untouched, and with bursts of several families.

A family is one way to make truth. What learned from one family is judged on
another (`Family`): a detector can learn an injector instead of the disease. Of
one video of every second face there are also late recordings: bursts of up to
minutes, little pause between (`studies.truth.courses`). Videos of the other faces are
made once more as a worse camera would have filmed them (`films`), each in one of
three ways, with the same bursts.

Every draw depends only on the file's name, the kind, the variant and the seed, so
that adding a video changes nothing for the others. The side of the bursts
alternates with the variant.

>>> from studies.benchmark.building.faces import Tier
>>> video = FaceVideo(file="a.mp4", face="a", tier=Tier.REST)
>>> [version.name for version in plan_versions([video])][:3]
['a__untouched', 'a__spasms1', 'a__second1']
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from studies.benchmark.building.faces import FaceVideo
from studies.benchmark.building.films import Film
from studies.truth.courses import Stage
from twitch_tracker.regions import SIDES, Side

__all__ = [
    "FAMILY",
    "LEAST_S",
    "MOST_FPS",
    "Family",
    "Version",
    "VersionKind",
    "plan_versions",
]


class Family(StrEnum):
    """Ways to make truth that share no geometry, landmarks or kinematics."""

    WARP = "warp"
    SECOND = "second"
    REAL = "real"


class VersionKind(StrEnum):
    """What was done to a video."""

    UNTOUCHED = "untouched"
    SPASMS = "spasms"
    SECOND = "second"
    REOPENED = "reopened"
    HELD = "held"
    HALVES = "halves"


FAMILY: Final = {
    VersionKind.SPASMS: Family.WARP,
    VersionKind.SECOND: Family.SECOND,
    VersionKind.REOPENED: Family.REAL,
    VersionKind.HELD: Family.REAL,
    VersionKind.HALVES: Family.REAL,
}
"""The family of every kind; what is untouched belongs to none."""

LEAST_S: Final = {Stage.EARLY: 12.0, Stage.LATE: 50.0}
"""A shorter video is played to and fro until it lasts this long."""

MOST_FPS: Final = {Stage.EARLY: 60.0, Stage.LATE: 15.5}
"""Late recordings are long; frames are left out of them until there are no more."""


_WORSE: Final = (Film.DIM, Film.COMPRESSED, Film.SMALL)


@dataclass(frozen=True, kw_only=True)
class Version:
    """One recording of the benchmark.

    Attributes
    ----------
    video : FaceVideo
        What it is made of.
    kind : VersionKind
        What is done to it.
    variant : int
        Running number among those of its kind, from 1; 0 where there is one.
    seed : int
        Seed of the whole benchmark.
    stage : Stage
        How far the disease has come in it.
    film : Film
        How it is filmed; bursts are those of the plain recording.
    """

    video: FaceVideo
    kind: VersionKind
    variant: int
    seed: int
    stage: Stage = Stage.EARLY
    film: Film = Film.PLAIN

    @property
    def name(self) -> str:
        """Name of its files, without suffix."""
        late = "_late" if self.stage is Stage.LATE else ""
        number = str(self.variant) if self.variant else ""
        film = "" if self.film is Film.PLAIN else f"_{self.film.value}"
        return f"{self.video.stem}__{self.kind.value}{late}{number}{film}"

    @property
    def family(self) -> Family | None:
        """Who made its truth; None where there is none."""
        return FAMILY.get(self.kind)

    @property
    def draw(self) -> int:
        """Seed of everything random in it, 0 to 2**32 - 1."""
        number = f"{self.stage}{self.variant}"
        text = f"{self.video.file}|{self.kind}|{number}|{self.seed}"
        return zlib.crc32(text.encode())

    @property
    def side(self) -> Side:
        """Side of its bursts."""
        return SIDES[(zlib.crc32(self.video.file.encode()) + self.variant) % 2]


def plan_versions(
    videos: Iterable[FaceVideo], *, variants: int = 1, seed: int = 0
) -> tuple[Version, ...]:
    """Plan the versions of all videos.

    Parameters
    ----------
    videos : Iterable of FaceVideo
        Those that take part. The first video of every second face (by the face's
        name alone) is made late, too.
    variants : int
        How many versions of each injector.
    seed : int
        Of the whole benchmark.
    """
    numbers = range(1, variants + 1)
    early = [
        (VersionKind.UNTOUCHED, 0),
        *((VersionKind.SPASMS, number) for number in numbers),
        *((VersionKind.SECOND, number) for number in numbers),
        (VersionKind.REOPENED, 0),
        (VersionKind.HALVES, 0),
    ]
    late = [
        *((VersionKind.SPASMS, number) for number in numbers),
        *((VersionKind.SECOND, number) for number in numbers),
        (VersionKind.HELD, 0),
    ]
    known: set[str] = set()
    planned: list[Version] = []
    for video in videos:
        stages = [(Stage.EARLY, early)]
        if video.face not in known and zlib.crc32(video.face.encode()) % 2:
            stages.append((Stage.LATE, late))
        known.add(video.face)
        planned += [
            Version(video=video, kind=kind, variant=number, seed=seed, stage=stage)
            for stage, kinds in stages
            for kind, number in kinds
        ]
        if not zlib.crc32(video.face.encode()) % 2:
            planned += _filmed_worse(video, seed)
    return tuple(planned)


def _filmed_worse(video: FaceVideo, seed: int) -> list[Version]:
    """Plan the same recordings by a worse camera."""
    film = _WORSE[zlib.crc32(video.file.encode()) % len(_WORSE)]
    return [
        Version(video=video, kind=kind, variant=number, seed=seed, film=film)
        for kind, number in ((VersionKind.UNTOUCHED, 0), (VersionKind.SPASMS, 1))
    ]
