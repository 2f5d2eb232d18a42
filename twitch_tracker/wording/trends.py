"""Sentences on trends: plain, short, and never more than was found.

No disease, no cause, no grade of our own. Note: a translator gets whole sentences and
whole clauses; what is filled in are numbers, days, and words that stand for themselves
(after a colon, between commas, in brackets).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from twitch_tracker import units
from twitch_tracker.language import mark, say, say_n
from twitch_tracker.progression.results import (
    BeyondMistakes,
    Measure,
    Scale,
    Series,
    Step,
    Sureness,
    Trend,
)
from twitch_tracker.units import day_text
from twitch_tracker.wording.measures import difference_text, value_text
from twitch_tracker.wording.places import kind_words

__all__ = [
    "minutes_to_record",
    "sure_words",
    "sureness_in_words",
    "sureness_meaning",
    "time_beside_text",
    "trend_text",
]

_MOST_MINUTES: Final = 300.0
"""Asking a person for more minutes than this is no use."""

_LARGEST_STATED: Final = 20.0
_FEW_BURSTS: Final = 30
_SHORT_DAYS: Final = 182
"""What would be seen is a halving or doubling within a year: of a shorter stretch little of it."""

_SURENESS: Final = {
    Sureness.CLEAR: (
        mark("clear"),
        mark(
            "chance alone would say so within a year, anywhere on this page and however "
            "often it is looked at, in at most 5 of 100 people who do not change"
        ),
    ),
    Sureness.POSSIBLE: (
        mark("possible"),
        mark(
            "chance alone would say so of this one measure, at one look, in at most 20 of "
            "100 people who do not change"
        ),
    ),
    Sureness.UNCERTAIN: (
        mark("uncertain"),
        mark(
            "the recordings cannot distinguish a change from chance; this does not "
            "mean that nothing changed"
        ),
    ),
}

_UP_DOWN: Final[Mapping[Measure, tuple[str, str]]] = {
    Measure.EPISODES_PER_MIN: (
        mark("Bursts come more often"),
        mark("Bursts come less often"),
    ),
    Measure.SPASM_FRACTION: (
        mark("More time is spent in bursts"),
        mark("Less time is spent in bursts"),
    ),
    Measure.MEDIAN_DURATION_S: (
        mark("Bursts last longer"),
        mark("Bursts are shorter"),
    ),
    Measure.LONGEST_DURATION_S: (
        mark("The longest burst of a recording lasts longer"),
        mark("The longest burst of a recording is shorter"),
    ),
    Measure.SHARE_OVER_1S: (
        mark("More bursts last over one second"),
        mark("Fewer bursts last over one second"),
    ),
    Measure.MEDIAN_PAUSE_S: (
        mark("Pauses between bursts are longer"),
        mark("Pauses between bursts are shorter"),
    ),
    Measure.EXCURSION_MM: (
        mark("The face moves further in bursts"),
        mark("The face moves less in bursts"),
    ),
    Measure.BOTH_REGIONS_SHARE: (
        mark("More bursts reach the eyelid and the lower face together"),
        mark("Fewer bursts reach the eyelid and the lower face together"),
    ),
    Measure.BROW_LIFT_SHARE: (
        mark("The eyebrow rises in more of the bursts"),
        mark("The eyebrow rises in fewer of the bursts"),
    ),
    Measure.REST_ASYMMETRY: (
        mark("Between bursts the left eye has become narrower against the right"),
        mark("Between bursts the right eye has become narrower against the left"),
    ),
    Measure.BLINKS_PER_MIN: (
        mark("Blinks come more often"),
        mark("Blinks come less often"),
    ),
}

_SURE: Final = {
    Sureness.CLEAR: mark("clearly"),
    Sureness.POSSIBLE: mark("possibly"),
    Sureness.UNCERTAIN: mark("not sure"),
}

_MEDIANS: Final = {
    Measure.MEDIAN_DURATION_S,
    Measure.MEDIAN_PAUSE_S,
    Measure.EXCURSION_MM,
}


def sureness_in_words(sureness: Sureness) -> str:
    """Return how sure a change is, in one to three words."""
    return say(_SURENESS[sureness][0])


def sureness_meaning(sureness: Sureness) -> str:
    """Return what `sureness_in_words` stands for."""
    return say(_SURENESS[sureness][1])


def sure_words(sureness: Sureness) -> str:
    """Return how sure a change is."""
    return say(_SURE[sureness])


def trend_text(series: Series) -> str:
    """Return the reading of a series' trend; empty without one."""
    trend = series.trend
    if trend is None:
        return ""
    if trend.sureness is Sureness.UNCERTAIN:
        reading = " ".join((_uncertain(series, trend), *_least(trend)))
    else:
        reading = _changed(trend, series.measure)
    return " ".join((reading, *_context(trend)))


def _amount(measure: Measure, value: float) -> str:
    """Return a value in a sentence, where a rate needs its unit."""
    text = value_text(measure, value)
    if measure in (Measure.EPISODES_PER_MIN, Measure.BLINKS_PER_MIN):
        return say("{n} a minute", n=text)
    return text


def _changed(trend: Trend, measure: Measure) -> str:
    """Say how much changed in how long."""
    if trend.step is not None:
        return _stepped(trend, trend.step, measure)
    change = trend.change
    up, down = _UP_DOWN[measure]
    ratio = trend.scale is Scale.RATIO
    first = _amount(measure, trend.fitted_start)
    if trend.without_injections:
        first = say("without the effect of injections {amount}", amount=first)
    write = units.ratio if ratio else partial(difference_text, measure)
    write_end = units.times if ratio else write
    return say(
        "{change}, {sure}: {first} → {last} {span} ({size}; 95 % interval {interval}).",
        change=say(up if change.value > (1.0 if ratio else 0.0) else down),
        sure=sure_words(trend.sureness),
        first=say("median {amount}", amount=first) if measure in _MEDIANS else first,
        last=_amount(measure, trend.fitted_end),
        span=units.in_days_text((trend.end - trend.start).days),
        size=write(change.value),
        interval=units.interval(write_end(change.low), write_end(change.high)),
    )


def _stepped(trend: Trend, step: Step, measure: Measure) -> str:
    """Say what changed at once, and when."""
    up, down = _UP_DOWN[measure]
    ratio = trend.scale is Scale.RATIO
    write = units.ratio if ratio else partial(difference_text, measure)
    write_end = units.times if ratio else write
    before = _amount(measure, step.before)
    return say(
        "{change}, {sure}, all at once about {day} (between {earliest} and {latest}): "
        "{first} → {last} ({size}; 95 % interval {interval}).",
        change=say(up if step.change.value > (1.0 if ratio else 0.0) else down),
        sure=sure_words(trend.sureness),
        day=day_text(step.day),
        earliest=day_text(step.earliest),
        latest=day_text(step.latest),
        first=say("median {amount}", amount=before) if measure in _MEDIANS else before,
        last=_amount(measure, step.after),
        size=write(step.change.value),
        interval=units.interval(
            write_end(step.change.low), write_end(step.change.high)
        ),
    )


def time_beside_text(series: Series) -> str:
    """Say how much time is spent in bursts, of which no change is clear."""
    trend = series.trend
    if trend is None or not math.isfinite(trend.change.value):
        return say("No change in the time spent in bursts can be seen.")
    return say(
        "The time spent in bursts has not clearly changed: {first} → {last} {span} (95 % "
        "interval {interval}).",
        first=_amount(series.measure, trend.fitted_start),
        last=_amount(series.measure, trend.fitted_end),
        span=units.in_days_text((trend.end - trend.start).days),
        interval=units.interval(
            difference_text(series.measure, trend.change.low),
            difference_text(series.measure, trend.change.high),
        ),
    )


def minutes_to_record(trend: Trend) -> int:
    """Return about how many minutes more would show a change, in steps of five."""
    return max(5 * round(trend.minutes_needed / 5), 5)


def _uncertain(series: Series, trend: Trend) -> str:
    """Say that no change is visible, and what would help."""
    if not math.isfinite(trend.change.value):
        return _nothing(series, trend)
    if trend.minutes_needed == 0:
        return say(
            "No change stands out, although a halving or doubling within a year would "
            "have."
        )
    if not math.isfinite(trend.minutes_needed):
        return say(
            "No change can be seen yet, and recording more at this pace hardly helps."
        )
    if trend.minutes_needed > _MOST_MINUTES:
        return _why_not_seen(series, trend)
    number = max(
        round(trend.minutes_needed / trend.analysable_min * trend.recordings), 1
    )
    return say(
        "No change can be seen yet. Record about {more} more minutes {kind}, which "
        "are about {number} more recordings like these.",
        more=minutes_to_record(trend),
        kind=kind_words(series.kind),
        number=number,
    )


def _why_not_seen(series: Series, trend: Trend) -> str:
    """Say why even much more of the same would not show a change."""
    # What is counted only in part of the stretch counts whole: few stay few.
    counted = sum(
        dot.bursts
        for dot in series.periods
        if dot.end >= trend.start and dot.start <= trend.end
    )
    if counted < _FEW_BURSTS:
        if series.measure is Measure.BLINKS_PER_MIN:
            return say("No change can be seen with so few blinks.")
        return say("No change can be seen with so few bursts.")
    if (trend.end - trend.start).days < _SHORT_DAYS:
        return say("No change can be seen in so short a time.")
    if trend.injections_acted:
        return say("No change can be seen beside the effect of injections.")
    return say("No change stands out from how much the numbers vary anyway.")


def _least(trend: Trend) -> Iterator[str]:
    """Say the least change that would have been clear by now."""
    least = trend.least_a_year
    if math.isfinite(least) and least < _LARGEST_STATED and trend.minutes_needed != 0:
        yield say(
            "So far a change would be clear only if it reached {up} times the first "
            "value within a year, or fell to {down} of it.",
            up=units.decimal(least, 1 if least < 10 else 0),
            down=units.percent(1 / least),
        )


def _nothing(series: Series, trend: Trend) -> str:
    """Say that what was never seen has no trend."""
    fields = {
        "recordings": units.recordings(trend.recordings),
        "time": units.duration(60 * trend.analysable_min),
    }
    if series.measure is Measure.BLINKS_PER_MIN:
        return say("No blink in {recordings} ({time}).", **fields)
    going_on = sum(dot.bursts for dot in series.periods)
    if going_on:
        return say_n(
            "No burst was seen to begin in {recordings} ({time}), but {n} was already "
            "going on when a recording began.",
            "No burst was seen to begin in {recordings} ({time}), but {n} were already "
            "going on when a recording began.",
            going_on,
            **fields,
        )
    return say("No burst in {recordings} ({time}).", **fields)


def _beyond_mistakes(beyond: BeyondMistakes) -> str:
    """Say how much changed without what is found by mistake."""
    change = beyond.change
    return say(
        "On the other side {rate} bursts a minute are found. If these are mistakes of the "
        "program, and as many are found by mistake here, too, the change is {size} (95 % "
        "interval {interval}).",
        rate=value_text(Measure.EPISODES_PER_MIN, beyond.mistakes_per_min),
        size=units.ratio(change.value),
        interval=units.interval(units.times(change.low), units.times(change.high)),
    )


def _context(trend: Trend) -> Iterator[str]:
    """Say what the line leaves out."""
    is_certain = trend.sureness is not Sureness.UNCERTAIN
    if is_certain and trend.beyond_mistakes is not None:
        yield _beyond_mistakes(trend.beyond_mistakes)
    if trend.injections_acted and is_certain:
        yield say(
            "Injections may have acted in this time. Their effect may have changed from "
            "one to the next, and part of this may come from that."
        )
    if trend.after_operation:
        yield say(
            "Counted from {day} on, nine months after the operation.",
            day=day_text(trend.start),
        )
