"""The schema of ``summary.json``: the type of every key that is read.

`summary` writes it, `saved_summary` gives its values. Note: a key may be missing as a
whole (its reader raises), but what is there must be complete; keys of later versions
default to what older versions implied; keys that nobody reads are ignored.
"""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field, TypeAdapter, create_model

from twitch_tracker.border.documents import (
    Count,
    Document,
    Finite,
    Measured,
)
from twitch_tracker.records import KnownUse, QualityReason, SideSummary
from twitch_tracker.regions import Region, Side

__all__ = ["SUMMARY", "SummaryDocument"]

Seconds = Annotated[Measured, Field(ge=0)]
"""A length of time, or null."""


MISSING: Final[Any] = None
"""Stands for a key that is not there; `SummaryDocument` complains where it is needed."""


class SummaryVideo(Document):
    """The recording."""

    name: str = MISSING
    sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = MISSING
    mirrored: bool = MISSING
    nominal_fps: Measured = math.nan
    stream: Count = 0
    slowed: Annotated[Finite, Field(ge=0)] | None = None
    said: tuple[str, ...] | None = None


_IN_DOCUMENT: Final = {
    "int": Count,
    "float": Measured,
    "tuple[Region, ...]": tuple[Region, ...],
}
"""By the type of a field of `SideSummary`: what it is in a document."""

if TYPE_CHECKING:
    SummarySide = SideSummary  # for mypy: the model has the same attributes
else:
    SummarySide = create_model(
        "SummarySide",
        __base__=Document,
        __doc__="The numbers of one side: every field of `records.SideSummary`.",
        **{
            one.name: (
                _IN_DOCUMENT[one.type],
                ... if one.default is dataclasses.MISSING else one.default,
            )
            for one in dataclasses.fields(SideSummary)
            if one.name != "hardly_open_s"
        },
        hardly_open_s=(Measured, math.nan),  # older versions did not look for it
    )


class SummarySpan(Document):
    """A stretch that was not measured."""

    start_s: Finite
    end_s: Finite
    reasons: tuple[QualityReason, ...] = ()


class SummaryHardlyOpen(Document):
    """A stretch during which an eye was hardly ever open."""

    side: Side
    onset_s: Finite
    offset_s: Finite


class SummaryKnownEye(Document):
    """What earlier recordings did for an eye."""

    use: KnownUse
    ratio: Measured
    look: Measured
    recordings: tuple[str, ...]


class SummaryTracker(Document):
    """Who found the landmarks."""

    name: str
    weights_sha256: str


class SummarySoftware(Document):
    """Who wrote the summary."""

    name: str
    version: str


class SummaryDamage(Document):
    """What was wrong with the file."""

    frames_read: Count
    damaged_packets: Count = 0
    duplicate_stamps: Count = 0
    backward_stamps: Count = 0
    missing_stamps: Count = 0
    joins: Count = 0
    unread_recordings: Count = 0


class SummarySubjectEvent(Document):
    """Something that happened to the subject's track."""

    time_s: Finite
    kind: str
    detail: str


class SummaryDocument(Document):
    """A whole summary."""

    video: SummaryVideo = SummaryVideo()
    tracker: SummaryTracker = MISSING
    software: SummarySoftware = MISSING
    parameters: dict[str, Any] = MISSING
    damage: SummaryDamage = MISSING
    recorded_s: Seconds = MISSING
    analysable_s: Seconds = MISSING
    sides: dict[Side, SummarySide] = MISSING
    rest_asymmetry: Measured = MISSING
    blinks: Count = MISSING
    complete_blinks: Count = MISSING
    blinks_per_min: Measured = MISSING
    excluded_s: dict[QualityReason, Seconds] = MISSING
    regions_unseen_s: dict[Region, Seconds] = Field(default_factory=dict)
    pictures_hz: Measured = math.nan
    unchanged_share: Measured = math.nan
    quantiser: Measured = math.nan
    face: dict[str, Measured] | None = None
    excluded_spans: tuple[SummarySpan, ...] = MISSING
    hardly_open: tuple[SummaryHardlyOpen, ...] | None = None
    known_face: dict[Side, SummaryKnownEye] | None = None
    subject_events: tuple[SummarySubjectEvent, ...] | None = None


SUMMARY: Final = TypeAdapter(SummaryDocument)
