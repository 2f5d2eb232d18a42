"""Sentences on a whole course: the readings, what is left out, published scales.

`reading_texts` gives the readings of `progression` in the language that is spoken now.
"""

from __future__ import annotations

import math
from functools import singledispatch
from typing import Final

from twitch_tracker import units
from twitch_tracker.language import mark, say, say_n
from twitch_tracker.progression.readings import by_chance
from twitch_tracker.progression.recordings.broken import Break
from twitch_tracker.progression.recordings.choose import LeftOut, MethodPart, WhyLeftOut
from twitch_tracker.progression.results import (
    Association,
    Closest,
    Cycle,
    InjectionCourse,
    OperationCourse,
    OtherCourse,
    Progression,
    PublishedScale,
    RegionReached,
    Series,
)
from twitch_tracker.progression.results.readings import (
    MostlyInBursts,
    NoBursts,
    NotJudged,
    NoTrend,
    Remark,
    TimeBeside,
)
from twitch_tracker.regions import Region
from twitch_tracker.units import day_text
from twitch_tracker.wording.associations import association_text
from twitch_tracker.wording.breaks import break_text
from twitch_tracker.wording.places import at_place, place_words
from twitch_tracker.wording.terms import side_title
from twitch_tracker.wording.treatments import (
    cycle_text,
    injection_text,
    operation_text,
    other_text,
)
from twitch_tracker.wording.trends import time_beside_text, trend_text

__all__ = [
    "by_chance_text",
    "closest_level",
    "closest_rule",
    "closest_scale",
    "closest_text",
    "left_out_text",
    "not_judged_text",
    "reading_text",
    "reading_texts",
]

_SCALES: Final = {
    PublishedScale.JANKOVIC: mark(
        "Jankovic rating scale, frequency (Jankovic and Orman 1987)"
    ),
    PublishedScale.SAMSUNG: mark("Samsung Medical Center grade (Lee et al. 2012)"),
}

_WHY: Final = {
    WhyLeftOut.NOT_MEASURED: mark("No part of it could be measured."),
    WhyLeftOut.IN_FUTURE: mark("Its date is in the future."),
}

_PARTS: Final = {
    MethodPart.TRACKER: mark("another face tracker"),
    MethodPart.WEIGHTS: mark("other weights of the face tracker"),
    MethodPart.DETECTOR: mark("another burst detector"),
    MethodPart.NETWORKS: mark("other detector networks"),
    MethodPart.SETTINGS: mark("other settings"),
}

_REACHED: Final = {
    Region.MOUTH_CORNER: mark("the mouth corner takes part, sure since {day}"),
    Region.CHEEK: mark("the cheek takes part, sure since {day}"),
}


def reading_texts(found: Progression) -> tuple[str, ...]:
    """Return the most important sentences, the most important first."""
    return tuple(reading_text(reading) for reading in found.readings)


@singledispatch
def reading_text(reading: object) -> str:
    """Return the sentence of one reading."""
    raise TypeError(reading)


@reading_text.register
def _(reading: Series) -> str:
    return at_place(reading.side, reading.kind, trend_text(reading))


@reading_text.register
def _(reading: InjectionCourse) -> str:
    return injection_text(reading)


@reading_text.register
def _(reading: Cycle) -> str:
    return cycle_text(reading)


@reading_text.register
def _(reading: OperationCourse) -> str:
    return operation_text(reading)


@reading_text.register
def _(reading: OtherCourse) -> str:
    return other_text(reading)


@reading_text.register
def _(reading: NotJudged) -> str:
    if reading.after_jump:
        return say_n(
            "{side} side: {n} burst in {time}. Since the recordings changed it is not known "
            "how many the program finds by mistake, so this side is not judged.",
            "{side} side: {n} bursts in {time}. Since the recordings changed it is not known "
            "how many the program finds by mistake, so this side is not judged.",
            reading.bursts,
            side=side_title(reading.side),
            time=units.duration(60 * reading.analysable_min),
        )
    return say_n(
        "{side} side: {n} burst in {time}. That is not clearly more than the program "
        "finds by mistake, so this side is not judged yet.",
        "{side} side: {n} bursts in {time}. That is not clearly more than the "
        "program finds by mistake, so this side is not judged yet.",
        reading.bursts,
        side=side_title(reading.side),
        time=units.duration(60 * reading.analysable_min),
    )


def not_judged_text() -> str:
    """Say beside the numbers of a side why they are all that is said of it."""
    return say(
        "Not judged: that is not clearly more than the program finds by mistake."
    )


@reading_text.register
def _(reading: Association) -> str:
    return association_text(reading)


@reading_text.register
def _(reading: LeftOut) -> str:
    return say_n(
        "{n} recording not counted. {reason}",
        "{n} recordings not counted. {reason}",
        len(reading.recordings),
        reason=left_out_text(reading),
    )


@reading_text.register
def _(reading: Break) -> str:
    return break_text(reading)


@reading_text.register
def _(reading: TimeBeside) -> str:
    return at_place(
        reading.series.side, reading.series.kind, time_beside_text(reading.series)
    )


@reading_text.register
def _(reading: MostlyInBursts) -> str:
    text = say(
        "Bursts took {share} of the time in the latest recordings ({days}).",
        share=units.percent(reading.share),
        days=units.period_text(reading.start, reading.end),
    )
    return at_place(reading.side, reading.kind, text)


def by_chance_text(found: Progression) -> str:
    """Say how many changes are only possible; empty when none is."""
    reading = by_chance(found)
    if not reading.possible:
        return ""
    return say(
        "In {possible} of {trends} charts a change is possible; if nothing changed, "
        "about {by_chance} would look so by chance.",
        possible=reading.possible,
        trends=reading.trends,
        by_chance=reading.by_chance,
    )


@reading_text.register
def _(reading: NoTrend) -> str:
    if reading.after_operation:
        text = say(
            "No change can be seen yet. A trend needs recordings on at least four "
            "days over at least a week, beginning nine months after an operation."
        )
    else:
        text = say(
            "No change can be seen yet. A trend needs recordings on at least four "
            "days over at least a week."
        )
    return at_place(reading.side, reading.kind, text)


@reading_text.register
def _(reading: NoBursts) -> str:
    return say_n(
        "No burst in {n} recording ({time} analysable).",
        "No burst in {n} recordings ({time} analysable).",
        reading.recordings,
        time=units.duration(60 * reading.analysable_min),
    )


@reading_text.register
def _(reading: Remark) -> str:
    if reading is Remark.NOTHING_COUNTS:
        return say("No recording counts yet: there is nothing to report.")
    if reading is Remark.NOTHING_CLEAR:
        return say("No change is clear yet.")
    return say(
        "Some recordings count bursts that a person checked, others those the "
        "program found: part of a change may come from that."
    )


@reading_text.register
def _(reading: RegionReached) -> str:
    if reading.first_on is None:
        return ""
    place = place_words(reading.side, reading.kind)
    since = say(_REACHED[reading.region], day=day_text(reading.first_on))
    if reading.latest_share.value == 0:
        return say("{place}: {clause}, lately in no burst.", place=place, clause=since)
    if math.isfinite(reading.latest_share.value):
        return say(
            "{place}: {clause}, lately in {share} of the bursts.",
            place=place,
            clause=since,
            share=units.percent(reading.latest_share.value),
        )
    return say("{place}: {clause}.", place=place, clause=since)


def left_out_text(out: LeftOut) -> str:
    """Say why recordings are not counted."""
    if out.method is None:
        return say(_WHY[out.why])
    what = say(_PARTS[out.differs[0]])
    for part in out.differs[1:]:
        what = say("{most} and {last}", most=what, last=say(_PARTS[part]))
    return say(
        "Measured with {what} ({tracker}, {detector}, version {version}); numbers of "
        "different methods cannot be compared. Analyse these recordings again to "
        "count them.",
        what=what,
        tracker=out.method.tracker,
        detector=out.method.detector,
        version=out.method.software_version or say("unknown"),
    )


def closest_scale(found: Closest) -> str:
    """Return name and source of a published scale."""
    return say(_SCALES[found.scale])


def closest_level(found: Closest) -> str:
    """Return a level as its scale writes it."""
    if found.scale is PublishedScale.JANKOVIC:
        return say("frequency {level}", level=found.level)
    return "I" * found.level


def closest_rule(found: Closest) -> str:
    """Return the rule by which a level was found, with its numbers."""
    if found.scale is PublishedScale.JANKOVIC:
        return say(
            "2 when most bursts last up to one second, 3 when at least half last "
            "longer. In the latest three months at rest {share} of {bursts} bursts "
            "lasted longer. Levels 0 and 1 (no bursts, blinking only) and 4 (eyes "
            "closed for most of the waking day) cannot be determined from "
            "recordings. This is not a rating: only a physician can give one.",
            share=units.percent(found.counted / found.bursts),
            bursts=found.bursts,
        )
    return say(
        "I when bursts stay around the eye, II when clearly more of them than the "
        "program names by mistake (18 of 100) also reach the mouth corner or the "
        "cheek of the same side. In the latest three months at rest {beyond} of "
        "{bursts} bursts did. Grades III and IV (impaired vision, disfigurement) "
        "cannot be determined from recordings. This is not a rating: only a "
        "physician can give one.",
        beyond=found.counted,
        bursts=found.bursts,
    )


def closest_text(found: Closest) -> str:
    """Return scale, level and rule in a sentence each."""
    return say(
        "{scale}: closest to {level}. Rule: {rule}",
        scale=closest_scale(found),
        level=closest_level(found),
        rule=closest_rule(found),
    )
