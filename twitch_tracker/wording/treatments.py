"""Sentences on the time after injections, operations, drugs and other treatments.

Never that one came from the other, and never that a treatment failed.
"""

from __future__ import annotations

import math
from typing import Final

from twitch_tracker import units
from twitch_tracker.language import mark, say, say_n
from twitch_tracker.progression.results import (
    Cycle,
    Estimate,
    InjectionCourse,
    OperationCourse,
    OperationMark,
    OtherCourse,
    Sureness,
    TimeAround,
)
from twitch_tracker.units import day_text
from twitch_tracker.wording.places import at_place

__all__ = ["cycle_text", "injection_text", "mark_name", "operation_text", "other_text"]

_MARKS: Final = {
    7: mark("1 week"),
    30: mark("1 month"),
    91: mark("3 months"),
    183: mark("6 months"),
    274: mark("9 months"),
    365: mark("12 months"),
}

_NAMED: Final = (
    (0.1, mark("about a tenth")),
    (0.2, mark("about a fifth")),
    (0.25, mark("about a quarter")),
    (1 / 3, mark("about a third")),
    (0.5, mark("about half")),
    (2 / 3, mark("about two thirds")),
    (0.75, mark("about three quarters")),
    (1.0, mark("about as many")),
    (1.25, mark("about a quarter more")),
    (1.5, mark("about half as many again")),
    (2.0, mark("about twice as many")),
    (3.0, mark("about three times as many")),
)
"""Ratios with a name."""

_FAR: Final = 1.5
"""A ratio whose whole interval lies beyond this stands out by itself."""


def mark_name(mark: OperationMark) -> str:
    """Return how long after an operation a mark is."""
    return say(_MARKS[mark.day])


def injection_text(course: InjectionCourse) -> str:
    """Say what was seen of an injection."""
    day = day_text(course.treatment.on)
    side, kind = course.side, course.kind
    if not math.isfinite(course.peak_over_before.value):
        early = not math.isfinite(course.before.value)
        return at_place(side, kind, _unknown_effect(day, early=early))
    when = say("14 to 30 days after the injection of {day}", day=day)
    ratio = course.peak_over_before
    effect = _after(when, (course.before, course.peak), ratio, course.sureness)
    sentences = [at_place(side, kind, effect)]
    if course.within_last:
        sentences.append(say("The previous injection may still have had an effect."))
    if course.peak_over_last_peak is not None:
        sentences.append(
            _against(course.peak_over_last_peak, course.last_peak_sureness)
        )
    if course.wear_off_day is not None:
        sentences.append(_worn_off(course.wear_off_day))
    return " ".join(sentences)


def cycle_text(cycle: Cycle) -> str:
    """Say when half of the effect is gone, over all injections; empty if not known."""
    day = cycle.half_way_day
    if day is None:
        return ""
    text = say_n(
        "after {n} injection half of the effect was gone in about {day} days (95 % "
        "interval {interval}).",
        "after {n} injections, taken together, half of the effect is gone in about {day} "
        "days (95 % interval {interval}).",
        cycle.injections,
        day=round(day.value),
        interval=units.interval(f"{day.low:.0f}", f"{day.high:.0f}"),
    )
    return at_place(cycle.side, cycle.kind, text)


def _worn_off(day: Estimate) -> str:
    """Say when half of the effect was gone."""
    return say_n(
        "Half of the effect was gone about {n} day after it (95 % interval "
        "{interval}).",
        "Half of the effect was gone about {n} days after it (95 % interval "
        "{interval}).",
        round(day.value),
        interval=units.interval(f"{day.low:.0f}", f"{day.high:.0f}"),
    )


def _unknown_effect(day: str, *, early: bool) -> str:
    """Say that the effect is not known, and what is missing."""
    if early:
        return say(
            "what followed the injection of {day} is not known: too few bursts or "
            "recordings before it.",
            day=day,
        )
    return say(
        "what followed the injection of {day} is not known: too few bursts or "
        "recordings 14 to 30 days after it.",
        day=day,
    )


def _against(last_peak: Estimate, sureness: Sureness) -> str:
    """Compare with the same days after the injection before."""
    ratio = _brackets(last_peak)
    if sureness is not Sureness.CLEAR and _is_beyond_one(last_peak):
        return say(
            "A difference from the same days after the previous injection is not sure "
            "{ratio}: by itself it would be more than chance, but this page asks many "
            "questions at once.",
            ratio=ratio,
        )
    if sureness is not Sureness.CLEAR:
        return say(
            "No clear difference from the same days after the previous injection "
            "{ratio}.",
            ratio=ratio,
        )
    if last_peak.value > 1:
        return say(
            "There were more bursts than in the same days after the previous "
            "injection {ratio}.",
            ratio=ratio,
        )
    return say(
        "There were fewer bursts than in the same days after the previous injection "
        "{ratio}.",
        ratio=ratio,
    )


def operation_text(course: OperationCourse) -> str:
    """Say how it is at the last mark that was recorded."""
    seen = [one for one in course.marks if math.isfinite(one.rate.value)]
    day = day_text(course.treatment.on)
    if not seen:
        text = say(
            "nothing has been recorded yet at the times that are compared after the "
            "operation of {day}.",
            day=day,
        )
        return at_place(course.side, course.kind, text)
    last = seen[-1]
    when = say("{time} after the operation of {day}", time=mark_name(last), day=day)
    rates = course.before, last.rate
    effect = _after(when, rates, last.over_before, last.sureness)
    text = at_place(
        course.side, course.kind, f"{effect} {_time_text(last.time)}".strip()
    )
    if course.is_early:
        late = say("Relief may still come: it is judged at six to nine months.")
        return f"{text} {late}"
    return text


def other_text(course: OtherCourse) -> str:
    """Say what was seen after a drug or another treatment."""
    when = say(
        "in the time from one week after {day} ({what}) to {end}",
        what=course.treatment.product or say("the treatment"),
        day=day_text(course.treatment.on),
        end=day_text(course.last_on),
    )
    rates = course.before, course.after
    effect = _after(when, rates, course.after_over_before, course.sureness)
    text = at_place(
        course.side, course.kind, f"{effect} {_time_text(course.time)}".strip()
    )
    if course.injections_acted and course.sureness is Sureness.CLEAR:
        acted = say(
            "Injections may have acted in this time, and part of this may come from "
            "them."
        )
        return f"{text} {acted}"
    return text


def _after(
    when: str, rates: tuple[Estimate, Estimate], ratio: Estimate, sureness: Sureness
) -> str:
    """Say how many bursts there were at some time after a treatment, and before it.

    Parameters
    ----------
    when : str
        E.g. ``12 months after the operation of 20 Nov 2023``.
    rates : tuple of Estimate
        New bursts a minute before and after; before may be NaN.
    ratio : Estimate
        After over before; NaN when it cannot be determined.
    sureness : Sureness
        Of the difference.

    Returns
    -------
    str
        Sentences.
    """
    before, after = rates
    text = _then_and_before(when, before.value, after.value)
    if not math.isfinite(before.value):
        return text
    if not math.isfinite(ratio.value):
        difference = say("A difference cannot be determined: too few bursts.")
    elif sureness is Sureness.CLEAR:
        difference = say(
            "That is {times} {ratio}.",
            times=_times(ratio.value),
            ratio=_brackets(ratio),
        )
    elif _is_far_beyond_one(ratio):
        difference = say(
            "By itself that stands out {ratio}. But this page says many things and is "
            "looked at often, and as a whole it does not call this clear yet.",
            ratio=_brackets(ratio),
        )
    elif _is_beyond_one(ratio):
        difference = say(
            "By itself that would be more than chance {ratio}; but this page asks many "
            "questions at once, and with so many, chance alone gives such an answer "
            "now and then. So it is not sure.",
            ratio=_brackets(ratio),
        )
    else:
        difference = say(
            "It is not sure that this is more than chance {ratio}.",
            ratio=_brackets(ratio),
        )
    return f"{text} {difference}"


def _time_text(time: TimeAround | None) -> str:
    """Say how the time in bursts differs, where that is clear; empty elsewhere."""
    if time is None or time.sureness is not Sureness.CLEAR:
        return ""
    shares = {"before": units.percent(time.before), "after": units.percent(time.after)}
    if time.after < time.before:
        return say(
            "Clearly less time was spent in bursts: {after}, before it {before}.",
            **shares,
        )
    return say(
        "Clearly more time was spent in bursts: {after}, before it {before}.", **shares
    )


def _is_beyond_one(ratio: Estimate) -> bool:
    """Say whether the interval of a ratio, looked at alone, leaves out no change."""
    return ratio.low > 1 or ratio.high < 1


def _is_far_beyond_one(ratio: Estimate) -> bool:
    """Say whether the whole interval is so far from no change that chance is no answer."""
    return ratio.low > _FAR or ratio.high < 1 / _FAR


def _then_and_before(when: str, before: float, after: float) -> str:
    """Say both rates; none is said as "no bursts"."""
    fields = {"when": when, "after": units.rate(after), "before": units.rate(before)}
    if not math.isfinite(before):
        if after == 0:
            return say(
                "{when} there were no bursts. Before it nothing was recorded to compare "
                "with.",
                **fields,
            )
        return say(
            "{when} there were {after} new bursts a minute. Before it nothing was recorded "
            "to compare with.",
            **fields,
        )
    if after == 0:
        if before == 0:
            return say("{when} there were no bursts, before it none.", **fields)
        return say(
            "{when} there were no bursts, before it {before} a minute.", **fields
        )
    if before == 0:
        return say(
            "{when} there were {after} new bursts a minute, before it none.", **fields
        )
    return say(
        "{when} there were {after} new bursts a minute, before it {before}.", **fields
    )


def _times(ratio: float) -> str:
    """Return a ratio in words: the nearest that has a name."""
    if ratio < _NAMED[0][0] * 0.85:
        return say("less than a tenth")
    if ratio > _NAMED[-1][0] * 1.15:
        return say("about {n} times as many", n=units.times(ratio))
    return say(min(_NAMED, key=lambda named: abs(math.log(ratio / named[0])))[1])


def _brackets(ratio: Estimate) -> str:
    """Return a ratio with its interval, in brackets."""
    return say(
        "({ratio}; 95 % interval {interval})",
        ratio=units.ratio(ratio.value),
        interval=units.interval(units.times(ratio.low), units.times(ratio.high)),
    )
