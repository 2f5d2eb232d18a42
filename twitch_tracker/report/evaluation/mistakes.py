"""The mistakes of a log, one by one: every miss and every false alarm.

Times are those of the recording; sides are the subject's own.
"""

from __future__ import annotations

from dataclasses import dataclass

from twitch_tracker import units
from twitch_tracker.evaluate.evaluation import Evaluation
from twitch_tracker.evaluate.figures.alarms import around
from twitch_tracker.evaluate.figures.detection import could_not_be_measured
from twitch_tracker.evaluate.recordings import RecordingScore
from twitch_tracker.language import capitalised, say, say_n
from twitch_tracker.records import Episode
from twitch_tracker.report.evaluation.tables import Table, event_name, recording_name
from twitch_tracker.wording.evaluation import NONE, number
from twitch_tracker.wording.partly_seen import length_of_burst
from twitch_tracker.wording.terms import region_name, side_name

__all__ = ["RecordingMistakes", "films"]


@dataclass(frozen=True, kw_only=True)
class RecordingMistakes:
    """The mistakes in one recording."""

    name: str
    summary: str
    table: Table


def films(evaluation: Evaluation) -> tuple[RecordingMistakes, ...]:
    """Return the misses and false alarms of every recording that has any."""
    made = [_film(place, score) for place, score in enumerate(evaluation.scores)]
    return tuple(film for film in made if film.table.rows)


def _film(place: int, score: RecordingScore) -> RecordingMistakes:
    matching = score.matching
    rows = [(miss.span, _miss_row(score, miss)) for miss in matching.missed]
    rows += [(alarm.span, _alarm_row(score, alarm)) for alarm in matching.false_alarms]
    summary = ", ".join(
        (
            say("{n} missed", n=len(matching.missed)),
            say_n("{n} false alarm", "{n} false alarms", len(matching.false_alarms)),
        )
    )
    return RecordingMistakes(
        name=recording_name(score),
        summary=summary,
        table=Table(
            key=f"film-{place}",
            caption=say(
                "Misses and false alarms of {name}", name=recording_name(score)
            ),
            head=(
                say("Start"),
                say("Length"),
                say("Side"),
                say("What"),
                say("Regions"),
                say("Size"),
                say("Confidence"),
                say("Around"),
            ),
            rows=tuple(row for _, row in sorted(rows, key=lambda item: item[0])),
        ),
    )


def _where(burst: Episode, what: str) -> tuple[str, ...]:
    return (
        units.clock(burst.span.start_s, 2),
        length_of_burst(burst),
        capitalised(side_name(burst.side)),
        what,
        ", ".join(map(region_name, burst.regions)) or NONE,
        number(units.millimetres, burst.excursion_mm),
    )


def _miss_row(score: RecordingScore, miss: Episode) -> tuple[str, ...]:
    hidden = could_not_be_measured(score, miss)
    note = say("could not be measured") if hidden else NONE
    return (*_where(miss, say("Missed")), NONE, note)


def _alarm_row(score: RecordingScore, alarm: Episode) -> tuple[str, ...]:
    return (
        *_where(alarm, say("False alarm")),
        number(units.percent_to_a_tenth, alarm.confidence),
        ", ".join(map(event_name, around(score, alarm))),
    )
