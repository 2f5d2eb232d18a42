"""What is made of every video: untouched, with bursts, with re-opened blinks.

Every draw depends only on the file's name, the variant and the seed, so that
adding a video changes nothing for the others. The side of the bursts alternates
with the variant.

>>> from twitch_tracker.benchmark.faces import Tier
>>> video = FaceVideo(file="a.mp4", face="a", tier=Tier.REST)
>>> [version.name for version in plan_versions([video], variants=1)]
['a__untouched', 'a__spasms1', 'a__reopened']
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from twitch_tracker.benchmark.faces import FaceVideo
from twitch_tracker.regions import SIDES, Side

__all__ = ["Version", "VersionKind", "plan_versions"]


class VersionKind(StrEnum):
    """What was done to a video."""

    UNTOUCHED = "untouched"
    SPASMS = "spasms"
    REOPENED = "reopened"


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
    """

    video: FaceVideo
    kind: VersionKind
    variant: int
    seed: int

    @property
    def name(self) -> str:
        """Name of its files, without suffix."""
        number = str(self.variant) if self.variant else ""
        return f"{self.video.stem}__{self.kind.value}{number}"

    @property
    def draw(self) -> int:
        """Seed of everything random in it, 0 to 2**32 - 1."""
        text = f"{self.video.file}|{self.kind}|{self.variant}|{self.seed}"
        return zlib.crc32(text.encode())

    @property
    def side(self) -> Side:
        """Side of its bursts."""
        return SIDES[(zlib.crc32(self.video.file.encode()) + self.variant) % 2]


def plan_versions(
    videos: Iterable[FaceVideo], *, variants: int = 2, seed: int = 0
) -> tuple[Version, ...]:
    """Plan the versions of all videos.

    Parameters
    ----------
    videos : Iterable of FaceVideo
        Those that take part.
    variants : int
        How many versions with bursts each.
    seed : int
        Of the whole benchmark.
    """
    kinds = [
        (VersionKind.UNTOUCHED, 0),
        *((VersionKind.SPASMS, number + 1) for number in range(variants)),
        (VersionKind.REOPENED, 0),
    ]
    return tuple(
        Version(video=video, kind=kind, variant=number, seed=seed)
        for video in videos
        for kind, number in kinds
    )
