"""An evaluation turned into sentences and tables, still without HTML.

The sentences come first and say what a reader has to know before any table:
what was found, what was a false alarm, and why the numbers may be less certain
than they look. A number that is not defined is said to be so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from twitch_tracker import units
from twitch_tracker.errors import misfits_in_words
from twitch_tracker.evaluate.evaluation import Evaluation, Part
from twitch_tracker.evaluate.figures.detection import could_not_be_measured
from twitch_tracker.language import mark, say, say_n
from twitch_tracker.records import Origin
from twitch_tracker.report.evaluation.mistakes import RecordingMistakes, films
from twitch_tracker.report.evaluation.plots import Plot, price_plot, reliability_plot
from twitch_tracker.report.evaluation.tables import (
    Table,
    activity_table,
    alarm_table,
    calibration_table,
    figure_tables,
    price_table,
    recording_table,
    region_table,
    subgroup_tables,
)
from twitch_tracker.wording.evaluation import NONE, interval, number, spelling

__all__ = ["EvaluationView", "build_evaluation_view"]


FEW_FACES: Final = 10
"""Below this number of faces the page warns of its intervals (choice of this page)."""


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One big number with what it counts."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True)
class EvaluationView:
    """Everything the page shows."""

    title: str
    made_of: str
    headline: str
    sentences: tuple[str, ...]
    cautions: tuple[str, ...]
    tiles: tuple[Tile, ...]
    figures: tuple[Table, ...]
    activities: Table | None
    subgroups: tuple[Table, ...]
    regions: Table
    alarms: Table
    agreement: str
    recordings: Table
    trust: str
    reliability: Plot | None
    calibration: Table
    price: Plot | None
    prices: Table
    films: tuple[RecordingMistakes, ...]


def build_evaluation_view(evaluation: Evaluation) -> EvaluationView:
    """Collect what the page shows.

    Parameters
    ----------
    evaluation : Evaluation
        What was judged.

    Returns
    -------
    EvaluationView
        Plain text, nothing escaped.
    """
    return EvaluationView(
        title=_title(evaluation),
        made_of=_made_of(evaluation.whole),
        headline=_headline(evaluation),
        sentences=_sentences(evaluation),
        cautions=_cautions(evaluation),
        tiles=_tiles(evaluation),
        figures=figure_tables(evaluation.whole),
        activities=activity_table(evaluation),
        subgroups=subgroup_tables(evaluation),
        regions=region_table(evaluation),
        alarms=alarm_table(evaluation),
        agreement=_agreement(evaluation),
        recordings=recording_table(evaluation),
        trust=_trust(evaluation),
        reliability=reliability_plot(evaluation.calibration),
        calibration=calibration_table(evaluation.calibration),
        price=price_plot(evaluation.prices),
        prices=price_table(evaluation.prices),
        films=films(evaluation),
    )


# --- the top ----------------------------------------------------------------


def _counts(evaluation: Evaluation) -> dict[str, int]:
    matchings = [score.matching for score in evaluation.scores]
    return {
        "found": sum(len(m.found) for m in matchings),
        "missed": sum(len(m.missed) for m in matchings),
        "false": sum(len(m.false_alarms) for m in matchings),
        "wrong": sum(m.wrong_side for m in matchings),
    }


def _title(evaluation: Evaluation) -> str:
    first = evaluation.scores[0].source
    if len(evaluation.scores) == 1 and first is not None:
        return first.name
    return say("{n} recordings", n=len(evaluation.scores))


def _made_of(part: Part) -> str:
    films = units.recordings(part.recordings)
    faces = say_n("{n} face", "{n} faces", part.faces)
    if part.minutes <= 0:
        return say("{films}, {faces}; length not known", films=films, faces=faces)
    return say(
        "{films}, {faces}, {length}",
        films=films,
        faces=faces,
        length=units.duration(60 * part.minutes),
    )


def _headline(evaluation: Evaluation) -> str:
    """Say what was found and what was invented."""
    counts = _counts(evaluation)
    true = counts["found"] + counts["missed"]
    alarms = say_n("{n} false alarm", "{n} false alarms", counts["false"])
    if not true:
        return say(
            "There was no true burst to find. The log has {alarms}.", alarms=alarms
        )
    if true > 1:
        return say_n(
            "Of {n} true burst, {found} was found. The log has {alarms} besides.",
            "Of {n} true bursts, {found} were found. The log has {alarms} besides.",
            true,
            found=counts["found"],
            alarms=alarms,
        )
    if counts["found"]:
        return say(
            "The only true burst was found. The log has {alarms} besides.",
            alarms=alarms,
        )
    return say(
        "The only true burst was missed. The log has {alarms} besides.", alarms=alarms
    )


def _with_interval(evaluation: Evaluation, name: str) -> str:
    """Write a figure with its interval behind it."""
    figure, how = evaluation.figures[name], spelling(name)
    text = number(how.write, figure.value)
    span = interval(how.write, figure.estimate)
    return text if span == NONE else say("{t} (95 %: {s})", t=text, s=span)


def _sentences(evaluation: Evaluation) -> tuple[str, ...]:
    templates = {
        "sensitivity": mark("Found: {x} of the true bursts."),
        "false_alarms_per_min": mark("False alarms: {x} per minute."),
        "untouched_false_alarms_per_min": mark(
            "In recordings without any true burst: {x} false alarms per minute."
        ),
        "wrong_side_share": mark("Logged on the wrong side: {x} of the true bursts."),
        "onset_error_s": mark("A found burst's onset is typically off by {x}."),
        "duration_ratio": mark("Logged length over true length: {x}."),
    }
    known = (
        say(template, x=_with_interval(evaluation, name))
        for name, template in templates.items()
        if math.isfinite(evaluation.figures[name].value)
    )
    return (*known, *_hidden(evaluation))


def _hidden(evaluation: Evaluation) -> tuple[str, ...]:
    """Say how many misses no program could have found in this log."""
    hidden = sum(
        could_not_be_measured(score, miss)
        for score in evaluation.scores
        for miss in score.matching.missed
    )
    if not hidden:
        return ()
    return (
        say_n(
            "{n} missed burst lies in time that could not be measured; it is counted "
            "as missed.",
            "{n} missed bursts lie in time that could not be measured; they are counted "
            "as missed.",
            hidden,
        ),
    )


def _tiles(evaluation: Evaluation) -> tuple[Tile, ...]:
    counts = _counts(evaluation)
    labels = {
        "found": say("true bursts found"),
        "missed": say("true bursts missed"),
        "false": say("false alarms"),
        "wrong": say("of the missed were logged on the wrong side"),
    }
    return tuple(Tile(value=str(counts[k]), label=v) for k, v in labels.items())


def _cautions(evaluation: Evaluation) -> tuple[str, ...]:
    notes: list[str] = []
    sources = [score.source for score in evaluation.scores if score.source]
    origins = {burst.origin for source in sources for burst in source.truth}
    if Origin.SIMULATED in origins:
        notes.append(say("The truth is simulated. Simulated bursts are not patients."))
    if Origin.DETECTED in origins:
        notes.append(
            say(
                "The truth was made by a program, not by a person: this is a comparison."
            )
        )
    if evaluation.whole.faces < 2:
        notes.append(
            say(
                "There is only one face, so no interval can be given: one face says "
                "nothing about others."
            )
        )
    elif not evaluation.faces_known:
        notes.append(
            say(
                "It was not stated which recordings show the same face. Every "
                "recording was taken as a face of its own, so the intervals may be "
                "too narrow."
            )
        )
    elif evaluation.whole.faces < FEW_FACES:
        notes.append(
            say(
                "There are only {n} faces. Intervals from so few are rough and tend to "
                "be too narrow.",
                n=evaluation.whole.faces,
            )
        )
    return (*_overridden(evaluation), *notes, *_length_cautions(evaluation))


def _overridden(evaluation: Evaluation) -> tuple[str, ...]:
    """Name what --force overrode: these recordings may be judged by another film."""
    sources = (score.source for score in evaluation.scores if score.source)
    return tuple(
        say(
            "The truth of {name} does not fit its film, but is counted anyway: {why}.",
            name=source.name,
            why=misfits_in_words(source.misfits),
        )
        for source in sources
        if source.misfits
    )


def _length_cautions(evaluation: Evaluation) -> tuple[str, ...]:
    """Say where rates do not divide by what could be measured."""
    bases = [score.minutes_basis for score in evaluation.scores]
    notes = []
    if bases.count("recorded"):
        notes.append(
            say_n(
                "Of {n} recording only the recorded minutes are known, not those that "
                "could be measured; its rates divide by the recorded ones.",
                "Of {n} recordings only the recorded minutes are known, not those that "
                "could be measured; their rates divide by the recorded ones.",
                bases.count("recorded"),
            )
        )
    if bases.count("unknown"):
        notes.append(
            say_n(
                "The length of {n} recording is not known; it is in no number per minute.",
                "The length of {n} recordings is not known; they are in no number per "
                "minute.",
                bases.count("unknown"),
            )
        )
    return tuple(notes)


# --- sentences further down -------------------------------------------------


def _agreement(evaluation: Evaluation) -> str:
    found = evaluation.agreement
    if not found.n or not math.isfinite(found.bias.value):
        return say("Rates cannot be compared: the length of no recording is known.")
    sentence = _bias(found.bias.value)
    if not math.isfinite(found.low):
        return sentence
    return say(
        "{sentence} For 95 of 100 recordings like these the difference lies between "
        "{low} and {high} (Bland and Altman's limits of agreement, {n} recordings).",
        sentence=sentence,
        low=f"{found.low:+.2f}",
        high=f"{found.high:+.2f}",
        n=found.n,
    )


def _bias(value: float) -> str:
    """Say by how much rates are too low or too high on average."""
    bias = units.rate(abs(value))
    if value < 0:
        return say(
            "On average a recording is logged with {bias} bursts per minute fewer than "
            "are true.",
            bias=bias,
        )
    return say(
        "On average a recording is logged with {bias} bursts per minute more than are "
        "true.",
        bias=bias,
    )


def _trust(evaluation: Evaluation) -> str:
    found = evaluation.calibration
    if not found.n:
        return say("No logged burst has a confidence, so nothing can be said of it.")
    sentence = say(
        "If confidence means what it says, the dots lie on the dashed line: of bursts "
        "with 80 % confidence, 80 % are true. On average they are {error} away "
        "(expected calibration error); the Brier score is {brier} (0 is perfect).",
        error=say(
            "{points} percentage points",
            points=f"{100 * found.expected_error.value:.1f}",
        ),
        brier=units.rate(found.brier.value),
    )
    if not found.without:
        return sentence
    left_out = say_n(
        "{n} logged burst has no confidence and is left out.",
        "{n} logged bursts have no confidence and are left out.",
        found.without,
    )
    return f"{sentence} {left_out}"
