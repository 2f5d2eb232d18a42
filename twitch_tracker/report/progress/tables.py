"""Treatments, associations, regions and scales as rows of text for page and paper."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from twitch_tracker import units
from twitch_tracker.history import TaskKind, Treatment
from twitch_tracker.language import capitalised, say, uncapitalised
from twitch_tracker.progression.results import (
    Estimate,
    Measure,
    Progression,
    RegionReached,
    Sureness,
)
from twitch_tracker.regions import Side
from twitch_tracker.report.progress.paper.sheet import can_be_written
from twitch_tracker.report.recording.cards import Fact
from twitch_tracker.units import day_text
from twitch_tracker.wording.associations import association_text
from twitch_tracker.wording.measures import ratio_text, value_text
from twitch_tracker.wording.terms import (
    factor_name,
    kind_title,
    region_name,
    side_title,
    treatment_name,
)
from twitch_tracker.wording.treatments import (
    injection_text,
    mark_name,
    operation_text,
    other_text,
)
from twitch_tracker.wording.trends import sureness_in_words

__all__ = [
    "AssociationRow",
    "InjectionRow",
    "OperationRow",
    "RegionRow",
    "TreatmentRow",
    "association_rows",
    "injection_rows",
    "method_rows",
    "operation_rows",
    "region_rows",
    "treatment_rows",
]

_RATE = Measure.EPISODES_PER_MIN


@dataclass(frozen=True, kw_only=True)
class TreatmentRow:
    """One treatment, and in words what was seen after it."""

    day: str
    what: str
    muscles: str
    notes: str
    followed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class InjectionRow:
    """The numbers around one injection."""

    day: str
    whose: str
    before: str
    peak: str
    ratio: str
    last_peak: str
    wear_off: str


@dataclass(frozen=True, kw_only=True)
class OperationRow:
    """The burst rate at one fixed time after an operation.

    `on` is the day of that time, and `is_measured` whether anything was recorded then.
    """

    on: date
    is_measured: bool
    day: str
    whose: str
    mark: str
    rate: str
    ratio: str
    minutes: str


@dataclass(frozen=True, kw_only=True)
class AssociationRow:
    """How bursts went along with one diary number."""

    factor: str
    whose: str
    days: int
    ratio: str
    sure: str
    words: str
    is_certain: bool


@dataclass(frozen=True, kw_only=True)
class RegionRow:
    """Since when a part of the face takes part."""

    region: str
    key: str
    whose: str
    since: str
    share: str


def _whose(side: Side, kind: TaskKind) -> str:
    return say(
        "{side}, {kind}", side=side_title(side), kind=uncapitalised(kind_title(kind))
    )


def _with_interval(estimate: Estimate) -> str:
    """Return a burst rate with its interval."""
    if not math.isfinite(estimate.value):
        return units.not_measured()
    return units.with_interval(
        *(value_text(_RATE, v) for v in (estimate.value, estimate.low, estimate.high))
    )


def _against(last_peak: Estimate | None) -> str:
    return "-" if last_peak is None else ratio_text(last_peak)


def treatment_rows(progression: Progression) -> tuple[TreatmentRow, ...]:
    """Return all treatments, the newest first."""
    return tuple(
        _treatment_row(progression, treatment)
        for treatment in reversed(progression.treatments)
    )


def _treatment_row(progression: Progression, treatment: Treatment) -> TreatmentRow:
    return TreatmentRow(
        day=day_text(treatment.on),
        what=treatment_name(treatment),
        muscles=", ".join(
            f"{muscle} {units.plainly(dose)}" if math.isfinite(dose) else muscle
            for muscle, dose in treatment.muscles.items()
        ),
        notes=treatment.notes.strip(),
        followed=_followed(progression, treatment),
    )


def _followed(progression: Progression, treatment: Treatment) -> tuple[str, ...]:
    """Say what was seen after a treatment."""
    injections = (c for c in progression.injections if c.treatment == treatment)
    operations = (c for c in progression.operations if c.treatment == treatment)
    others = (c for c in progression.others if c.treatment == treatment)
    return (
        *map(injection_text, injections),
        *map(operation_text, operations),
        *map(other_text, others),
    )


def injection_rows(progression: Progression) -> tuple[InjectionRow, ...]:
    """Return the numbers around every injection, the newest first."""
    return tuple(
        InjectionRow(
            day=day_text(course.treatment.on),
            whose=_whose(course.side, course.kind),
            before=_with_interval(course.before),
            peak=_with_interval(course.peak),
            ratio=ratio_text(course.peak_over_before),
            last_peak=_against(course.peak_over_last_peak),
            wear_off=_wear_off(course.wear_off_day),
        )
        for course in reversed(progression.injections)
    )


def _wear_off(day: Estimate | None) -> str:
    if day is None or not math.isfinite(day.value):
        return say("not seen")
    if not (math.isfinite(day.low) and math.isfinite(day.high)):
        return say("day {day}", day=round(day.value))
    return units.with_interval(
        say("day {day}", day=round(day.value)), f"{day.low:.0f}", f"{day.high:.0f}"
    )


def operation_rows(progression: Progression) -> tuple[OperationRow, ...]:
    """Return the marks of every operation."""
    return tuple(
        OperationRow(
            on=course.treatment.on + timedelta(days=mark.day),
            is_measured=math.isfinite(mark.rate.value),
            day=day_text(course.treatment.on),
            whose=_whose(course.side, course.kind),
            mark=mark_name(mark),
            rate=_with_interval(mark.rate),
            ratio=ratio_text(mark.over_before),
            minutes=units.duration(60 * mark.analysable_min),
        )
        for course in progression.operations
        for mark in course.marks
    )


def association_rows(progression: Progression) -> tuple[AssociationRow, ...]:
    """Return how bursts went along with the diary."""
    return tuple(
        AssociationRow(
            factor=factor_name(found.factor, unit=True),
            whose=_whose(found.side, found.kind),
            days=found.days,
            ratio=ratio_text(found.rate_ratio),
            sure=sureness_in_words(found.sureness),
            words=association_text(found),
            is_certain=found.sureness is not Sureness.UNCERTAIN,
        )
        for found in progression.associations
    )


def region_rows(progression: Progression) -> tuple[RegionRow, ...]:
    """Return since when each part of the face takes part."""
    return tuple(
        RegionRow(
            region=capitalised(region_name(reached.region)),
            key=reached.side.value,
            whose=_whose(reached.side, reached.kind),
            since=_since(reached),
            share=_share(reached.latest_share),
        )
        for reached in progression.regions
    )


def _since(reached: RegionReached) -> str:
    """Return the day from which it is sure; what was seen may not be sure yet."""
    if reached.first_on is not None:
        return day_text(reached.first_on)
    if reached.latest_share.value == 0:
        return say("not seen lately")
    return say("not sure yet")


def _share(share: Estimate) -> str:
    if not math.isfinite(share.value):
        return units.not_measured()
    return units.with_interval(
        *(units.percent(v) for v in (share.value, share.low, share.high))
    )


def method_rows(progression: Progression, version: str) -> tuple[Fact, ...]:
    """Return with what everything was measured, ready to show."""
    return (*_measured_with(progression, version), *_language_of_paper())


def _language_of_paper() -> tuple[Fact, ...]:
    """Say that paper and pictures are in English, where they are for want of letters."""
    if can_be_written():
        return ()
    text = say("in English: the font that they are drawn with lacks other letters")
    return (Fact(label=say("PDF and pictures"), value=text),)


def _measured_with(progression: Progression, version: str) -> tuple[Fact, ...]:
    """Return with what everything was measured."""
    counted = Fact(
        label=say("Counted"),
        value=say(
            "{n}, {minutes} measurable",
            n=units.recordings(progression.recordings),
            minutes=units.duration(60 * progression.analysable_min),
        ),
    )
    program = Fact(label=say("This page by"), value=f"twitch_tracker {version}")
    method = progression.method
    if method is None:
        return (counted, program)
    rows = (
        (say("Face tracker"), method.tracker),
        (say("Tracker weights (SHA-256)"), method.tracker_weights_sha256),
        (say("Burst detector"), method.detector),
        (say("Detector networks (SHA-256)"), method.networks_sha256 or say("none")),
        (say("Settings (SHA-256)"), method.parameters_sha256),
        (say("Analysed by"), f"twitch_tracker {method.software_version}"),
    )
    return (counted, *(Fact(label=a, value=b) for a, b in rows), program)
