"""What a ``summary.json`` says, as values: the one place that knows its keys.

`summary` writes it. The conventions that bite: a key that is needed and missing raises a
named error with the file; what an older version did not write is what it meant then.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, TypeVar

from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.summary import read_hardly_open, read_summary
from twitch_tracker.language import say
from twitch_tracker.records import (
    ExcludedSpan,
    HardlyOpen,
    QualityReason,
    SessionSummary,
    SideSummary,
    face_numbers_from,
)
from twitch_tracker.regions import SIDES, Region
from twitch_tracker.timebase import Interval

__all__ = ["SavedSummary", "open_summary"]

_Value = TypeVar("_Value")

_LATER_RATES: Final = (
    "free_s",
    "onsets_per_free_min",
    "onsets_per_free_min_low",
    "onsets_per_free_min_high",
)
_LATER: Final = ("cut_off", "bilateral", "hardly_open_s", "onsets", *_LATER_RATES)
"""What the summaries of older versions do not hold of a side."""


@dataclass(frozen=True)
class SavedSummary:
    """A summary that was read; every property raises `BadTruthFile` without its key.

    Attributes
    ----------
    document : Mapping
        As `summary.read_summary` gives it.
    path : Path
        For messages.
    """

    document: Mapping[str, Any]
    path: Path = Path("summary.json")

    def _read(self, read: Callable[[Mapping[str, Any]], _Value]) -> _Value:
        try:
            return read(self.document)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadTruthFile(
                say(
                    "{path}: not a summary that this program wrote ({kind}: {error}). "
                    "Analyse the recording again.",
                    path=self.path,
                    kind=type(error).__name__,
                    error=error,
                )
            ) from error

    @property
    def video_name(self) -> str:
        """Name of the video file."""
        return self._read(lambda d: str(d["video"]["name"]))

    @property
    def content_sha256(self) -> str:
        """Hash of the video's content."""
        return self._read(lambda d: str(d["video"]["sha256"]))

    @property
    def mirrored(self) -> bool:
        """Whether the stored picture was a mirror image."""
        return self._read(lambda d: bool(d["video"]["mirrored"]))

    @property
    def nominal_fps(self) -> float:
        """Frames per second as the file says; NaN when it does not."""
        return self._read(lambda d: _number(d.get("video", {}).get("nominal_fps")))

    @property
    def recorded_s(self) -> float:
        """Length of the recording."""
        return self._read(lambda d: _number(d["recorded_s"]))

    @property
    def analysable_s(self) -> float:
        """Length of what could be measured."""
        return self._read(lambda d: _number(d["analysable_s"]))

    @property
    def rest_asymmetry(self) -> float:
        """See `records.SessionSummary`."""
        return self._read(lambda d: _number(d["rest_asymmetry"]))

    @property
    def blinks(self) -> int:
        """How many blinks there were."""
        return self._read(lambda d: int(d["blinks"]))

    @property
    def bursts(self) -> int:
        """How many bursts there were, on both sides."""
        sides = self._read(lambda d: [d["sides"][side.value] for side in SIDES])
        return self._read(lambda _: sum(int(side["episodes"]) for side in sides))

    @property
    def frames_read(self) -> int:
        """How many frames were read."""
        return self._read(lambda d: int(d["damage"]["frames_read"]))

    @property
    def excluded(self) -> tuple[ExcludedSpan, ...]:
        """What could not be measured."""
        return self._read(lambda d: tuple(map(_excluded, d["excluded_spans"])))

    @property
    def hardly_open(self) -> tuple[HardlyOpen, ...] | None:
        """When an eye was hardly ever open; None when nobody looked for that."""
        return self._read(read_hardly_open)

    @property
    def face_told(self) -> Mapping[str, Any]:
        """What the face did apart from bursts, by name; empty of older summaries."""
        return self._read(lambda d: dict(d.get("face") or {}))

    @property
    def parameters(self) -> dict[str, Any]:
        """Every parameter of the analysis."""
        return self._read(lambda d: dict(d["parameters"]))

    @property
    def tracker(self) -> tuple[str, str]:
        """Name and weights' hash of the face tracker."""
        return self._read(
            lambda d: (d["tracker"]["name"], d["tracker"]["weights_sha256"])
        )

    @property
    def software(self) -> tuple[str, str]:
        """Name and version of the program."""
        return self._read(lambda d: (d["software"]["name"], d["software"]["version"]))

    @property
    def numbers(self) -> SessionSummary:
        """The numbers that the document was made from."""
        return self._read(_numbers)


def open_summary(path: Path) -> SavedSummary:
    """Read a summary.

    Raises
    ------
    BadTruthFile
        As `summary.read_summary` does.
    """
    return SavedSummary(read_summary(path), path)


def _numbers(document: Mapping[str, Any]) -> SessionSummary:
    return SessionSummary(
        recorded_s=_number(document["recorded_s"]),
        analysable_s=_number(document["analysable_s"]),
        sides={side: _side(document["sides"][side.value]) for side in SIDES},
        rest_asymmetry=_number(document["rest_asymmetry"]),
        blinks=int(document["blinks"]),
        complete_blinks=int(document["complete_blinks"]),
        blinks_per_min=_number(document["blinks_per_min"]),
        excluded_s={
            QualityReason(reason): _number(lost_s)
            for reason, lost_s in document["excluded_s"].items()
        },
        regions_unseen_s={
            Region(name): _number(unseen_s)
            for name, unseen_s in document.get("regions_unseen_s", {}).items()
        },
        face=face_numbers_from(document.get("face")),
    )


def _side(numbers: Mapping[str, Any]) -> SideSummary:
    told: dict[str, Any] = {
        field.name: _number(numbers[field.name])
        for field in fields(SideSummary)
        if field.name not in {"episodes", "regions", *_LATER}
    }
    return SideSummary(
        episodes=int(numbers["episodes"]),
        regions=tuple(Region(name) for name in numbers["regions"]),
        cut_off=int(numbers.get("cut_off", 0)),
        bilateral=int(numbers.get("bilateral", 0)),
        hardly_open_s=_number(numbers.get("hardly_open_s")),
        onsets=int(numbers.get("onsets", 0)),
        **{name: _number(numbers.get(name)) for name in _LATER_RATES},
        **told,
    )


def _excluded(row: Mapping[str, Any]) -> ExcludedSpan:
    return ExcludedSpan(
        span=Interval(start_s=row["start_s"], end_s=row["end_s"]),
        reasons=tuple(QualityReason(reason) for reason in row.get("reasons", ())),
    )


def _number(value: float | None) -> float:
    """Return what JSON calls null as what it means: not measured."""
    return math.nan if value is None else float(value)
