"""The tables of an evaluation page: headers and cells as plain text.

The first cell of a row is its heading. Sides are the subject's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from twitch_tracker import units
from twitch_tracker.evaluate.evaluation import Evaluation, Part
from twitch_tracker.evaluate.figures.alarms import NOTHING, TRUE_BURST
from twitch_tracker.evaluate.figures.calibration import Calibration, Price
from twitch_tracker.evaluate.figures.subgroups import SEVERITY_MM, Subgroup
from twitch_tracker.evaluate.recordings import RecordingScore
from twitch_tracker.language import capitalised, mark, say
from twitch_tracker.records.estimates import Estimate
from twitch_tracker.wording.evaluation import (
    GROUPS,
    NONE,
    Writer,
    interval,
    number,
    spelling,
)
from twitch_tracker.wording.terms import region_name

__all__ = [
    "Table",
    "activity_table",
    "alarm_table",
    "calibration_table",
    "event_name",
    "figure_tables",
    "price_table",
    "recording_name",
    "recording_table",
    "region_table",
    "subgroup_tables",
]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table; `key` names it on the page."""

    key: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def _both(write: Writer, estimate: Estimate) -> str:
    """Write a number and, on a line of its own, its interval."""
    text, span = number(write, estimate.value), interval(write, estimate)
    return text if span == NONE else f"{text}\n{span}"


# --- figures ----------------------------------------------------------------


def figure_tables(part: Part) -> tuple[Table, ...]:
    """Return every figure, group by group."""
    head = (say("What"), say("Value"), say("95 % interval"), say("From"))
    return tuple(
        Table(
            key=f"figures-{place}",
            caption=say(caption),
            head=head,
            rows=tuple(_figure_row(part, name) for name in group),
        )
        for place, (caption, group) in enumerate(GROUPS)
    )


def _figure_row(part: Part, name: str) -> tuple[str, ...]:
    figure, how = part.figures[name], spelling(name)
    return (
        how.label,
        number(how.write, figure.value),
        interval(how.write, figure.estimate),
        how.counted(figure.n),
    )


_PER_ACTIVITY: Final = (
    ("sensitivity", mark("Found")),
    ("precision", mark("Precision")),
    ("f1", mark("F1")),
    ("false_alarms_per_min", mark("False alarms per minute")),
    ("untouched_false_alarms_per_min", mark("The same, without true bursts")),
    ("wrong_side_share", mark("Wrong side")),
    ("onset_error_frames", mark("Onset error (frames)")),
)


def activity_table(evaluation: Evaluation) -> Table | None:
    """Return the main figures of each activity; None when none was stated."""
    if not evaluation.activities:
        return None
    parts = {**evaluation.activities, say("all"): evaluation.whole}
    return Table(
        key="activities",
        caption=say("By what the person did; 95 % intervals below the numbers"),
        head=(
            say("Activity"),
            say("Recordings"),
            *(say(title) for _, title in _PER_ACTIVITY),
        ),
        rows=tuple(
            (
                capitalised(label) or say("Not stated"),
                str(part.recordings),
                *(
                    _both(spelling(name).write, part.figures[name].estimate)
                    for name, _ in _PER_ACTIVITY
                ),
            )
            for label, part in parts.items()
        ),
    )


def subgroup_tables(evaluation: Evaluation) -> tuple[Table, ...]:
    """Return the sensitivity for kinds of bursts, for all and per activity."""
    parts = {say("All recordings"): evaluation.whole, **evaluation.activities}
    return tuple(
        Table(
            key=f"subgroups-{place}",
            caption=capitalised(label) or say("Activity not stated"),
            head=(
                say("True bursts"),
                say("Number"),
                say("Found"),
                say("95 % interval"),
            ),
            rows=tuple(map(_subgroup_row, part.subgroups)),
        )
        for place, (label, part) in enumerate(parts.items())
        if part.subgroups
    )


_SUBGROUPS: Final = {
    ("severity", "mild"): mark("Mild: below {mild:g} mm"),
    ("severity", "moderate"): mark("Moderate: {mild:g} to {severe:g} mm"),
    ("severity", "severe"): mark("Severe: {severe:g} mm or more"),
    ("severity", "not known"): mark("Size not known"),
    ("extent", "eyelid only"): mark("Eyelid only"),
    ("extent", "with lower face"): mark("Also mouth corner or cheek"),
    ("extent", "other"): mark("Other regions"),
    ("extent", "not known"): mark("Regions not known"),
    ("kind", "clonic"): mark("Repeated (clonic)"),
    ("kind", "tonic"): mark("Held (tonic)"),
    ("kind", "mixed"): mark("Mixed"),
    ("kind", "not known"): mark("Kind not known"),
}


def _subgroup_row(subgroup: Subgroup) -> tuple[str, ...]:
    mild, severe = SEVERITY_MM
    return (
        say(_SUBGROUPS[subgroup.group, subgroup.name], mild=mild, severe=severe),
        str(subgroup.n),
        number(units.percent_to_a_tenth, subgroup.sensitivity.value),
        interval(units.percent_to_a_tenth, subgroup.sensitivity),
    )


def region_table(evaluation: Evaluation) -> Table:
    """Return how well each region is identified."""
    return Table(
        key="regions",
        caption=say("Regions of the found bursts; 95 % intervals below"),
        head=(
            say("Region"),
            say("True"),
            say("Logged"),
            say("True ones that are logged"),
            say("Logged ones that are true"),
        ),
        rows=tuple(
            (
                capitalised(region_name(item.region)),
                str(item.true),
                str(item.logged),
                _both(units.percent_to_a_tenth, item.recall),
                _both(units.percent_to_a_tenth, item.precision),
            )
            for item in evaluation.regions
        ),
    )


# --- false alarms, recordings -----------------------------------------------

_AROUND: Final = {
    NOTHING: mark("nothing noted"),
    TRUE_BURST: mark("another true burst"),
    "blink": mark("blink"),
    "wink": mark("wink"),
    "smile": mark("smile"),
    "speech": mark("speech"),
    "head_turn": mark("head turn"),
    "yawn": mark("yawn"),
    "gaze": mark("gaze"),
    "hand": mark("hand"),
    "chewing": mark("chewing"),
    "absent": mark("absent"),
}
"""What a truth can hold; other names are shown as its coder wrote them."""


def event_name(name: str) -> str:
    """Return an event around a false alarm in words."""
    return say(_AROUND[name]) if name in _AROUND else name.replace("_", " ")


def alarm_table(evaluation: Evaluation) -> Table:
    """Return false alarms by what was going on."""
    return Table(
        key="alarms",
        caption=say("False alarms by what went on around them; one can count twice"),
        head=(
            say("Around"),
            say("Events"),
            say("False alarms"),
            say("Minutes of it"),
            say("Alarms per minute of it"),
        ),
        rows=tuple(
            (
                capitalised(event_name(item.event)),
                str(item.events) if item.event != NOTHING else NONE,
                str(item.alarms),
                units.rate(item.minutes) if item.minutes > 0 else say("not known"),
                _both(units.rate, item.per_min),
            )
            for item in evaluation.alarms_around
        ),
    )


def recording_name(score: RecordingScore) -> str:
    """Return the name of a recording."""
    return score.source.name if score.source else say("unnamed")


def recording_table(evaluation: Evaluation) -> Table:
    """Return counts and rates, recording by recording."""
    return Table(
        key="recordings",
        caption=say("Every recording"),
        head=(
            say("Recording"),
            say("Face"),
            say("Activity"),
            say("Minutes"),
            say("True"),
            say("Logged"),
            say("Found"),
            say("False alarms"),
            say("True per minute"),
            say("Logged per minute"),
        ),
        rows=tuple(map(_recording_row, evaluation.scores)),
    )


_STARS: Final = {"analysable": "", "recorded": " *", "unknown": ""}


def _recording_row(score: RecordingScore) -> tuple[str, ...]:
    return (
        recording_name(score),
        score.face,
        score.activity or NONE,
        number(units.rate, score.rate_s / 60) + _STARS[score.minutes_basis],
        str(score.true_count),
        str(score.logged_count),
        str(len(score.matching.found)),
        str(len(score.matching.false_alarms)),
        number(units.rate, score.true_per_min),
        number(units.rate, score.logged_per_min),
    )


# --- confidence -------------------------------------------------------------


def calibration_table(calibration: Calibration) -> Table:
    """Return the bins of the reliability curve."""
    return Table(
        key="calibration",
        caption=say("Logged bursts by confidence; 95 % intervals below"),
        head=(
            say("Confidence"),
            say("Bursts"),
            say("Mean confidence"),
            say("Really true"),
        ),
        rows=tuple(
            (
                units.interval(
                    units.percent_to_a_tenth(item.low),
                    units.percent_to_a_tenth(item.high),
                ),
                str(item.n),
                units.percent_to_a_tenth(item.mean_confidence),
                _both(units.percent_to_a_tenth, item.share_true),
            )
            for item in calibration.bins
        ),
    )


def price_table(prices: Sequence[Price]) -> Table:
    """Return what every threshold would give."""
    return Table(
        key="prices",
        caption=say(
            "If only bursts from some confidence on were kept; 95 % intervals below"
        ),
        head=(
            say("From confidence"),
            say("Bursts kept"),
            say("Found"),
            say("Precision"),
            say("F1"),
            say("False alarms per minute"),
        ),
        rows=tuple(_price_rows(prices)),
    )


def _price_rows(prices: Sequence[Price]) -> Iterable[tuple[str, ...]]:
    for price in prices:
        yield (
            units.percent_to_a_tenth(price.cut_off),
            str(price.logged),
            _both(units.percent_to_a_tenth, price.sensitivity),
            number(units.percent_to_a_tenth, price.precision.value),
            number(units.percent_to_a_tenth, price.f1.value),
            _both(units.rate, price.false_alarms_per_min),
        )
