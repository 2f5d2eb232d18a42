"""What a consultation needs on its second page: cycle, injections, between bursts, signs.

Rows and sentences for the paper and the page; clinicians read them. Knows no statistics: all
numbers are those of `progression.results`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from twitch_tracker import units
from twitch_tracker.history import TaskKind, Treatment
from twitch_tracker.language import say
from twitch_tracker.progression.results import (
    Cycle,
    Estimate,
    InjectionCourse,
    Progression,
)
from twitch_tracker.units import day_text
from twitch_tracker.wording.breaks import break_text
from twitch_tracker.wording.clinic.between import (
    between_name,
    between_text,
    between_values,
    shut_text,
)
from twitch_tracker.wording.clinic.signs import (
    provoked_text,
    questionnaire_text,
    sign_meaning,
    sign_text,
)
from twitch_tracker.wording.terms import side_effect_name, side_title
from twitch_tracker.wording.treatments import other_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "MOST_ONES",
    "BetweenRow",
    "ClinicView",
    "clinic_view",
    "cycle_figure",
    "cycle_sentence",
    "leading_cycle",
    "peak_rows",
    "titles_of_peaks",
]

_MOST_PEAKS: Final = 3
MOST_ONES: Final = 6
"""More lines than this cannot be distinguished."""

_LEAST_DRAWN: Final = 0.1
_MM_PER_INCH: Final = 25.4


@dataclass(frozen=True, kw_only=True)
class BetweenRow:
    """Both sides in one task, apart from bursts."""

    what: str
    right: str
    left: str
    against: str
    recordings: str


@dataclass(frozen=True, kw_only=True)
class ClinicView:
    """Everything that only clinicians are shown."""

    cycle: str
    peaks: tuple[tuple[str, ...], ...]
    others: tuple[str, ...]
    between: tuple[BetweenRow, ...]
    shut: tuple[str, ...]
    signs: tuple[tuple[str, str], ...]
    provoked: tuple[str, ...]
    questionnaires: tuple[str, ...]
    quality: tuple[str, ...]


def clinic_view(progression: Progression) -> ClinicView:
    """Collect what a clinician is shown.

    Returns
    -------
    ClinicView
        Plain text, nothing escaped; empty parts where nothing was recorded.
    """
    cycle = leading_cycle(progression)
    return ClinicView(
        cycle="" if cycle is None else cycle_sentence(progression, cycle),
        peaks=peak_rows(progression),
        others=tuple(other_text(course) for course in progression.others[::-1]),
        between=tuple(
            BetweenRow(
                what=between_name(found),
                right=between_values(found)[0],
                left=between_values(found)[1],
                against=between_text(found),
                recordings=units.recordings(found.recordings),
            )
            for found in progression.between
        ),
        shut=tuple(shut_text(eye) for eye in progression.eyes_shut),
        signs=tuple(
            (sign_text(seen), sign_meaning(seen)) for seen in progression.signs
        ),
        provoked=tuple(provoked_text(ratio) for ratio in progression.provoked),
        questionnaires=tuple(
            questionnaire_text(found)
            for found in (progression.hfs7, progression.hfs30)
            if found is not None
        ),
        quality=_quality(progression),
    )


def leading_cycle(progression: Progression) -> Cycle | None:
    """Return the cycle to draw: at rest, of the leading side; None where none is clear."""
    for side in progression.judged:
        for cycle in progression.cycles:
            if (cycle.side, cycle.kind) == (side, TaskKind.REST) and cycle.curve:
                return cycle
    return None


def cycle_sentence(progression: Progression, cycle: Cycle) -> str:
    """Say when an average injection begins, is best and is half gone, and the day today."""
    parts = [
        say("half there {day}", day=_day(cycle.onset_day)),
        say("best {day}", day=_day(cycle.best_day)),
        say("half gone {day}", day=_day(cycle.half_way_day)),
    ]
    best = cycle.best
    if best is not None:
        parts.append(
            say(
                "at best {ratio} of the bursts without",
                ratio=units.with_interval(
                    units.ratio(best.value),
                    units.times(best.low),
                    units.times(best.high),
                ),
            )
        )
    text = say(
        "{side} side, {n} injections taken together: {parts}.",
        side=side_title(cycle.side),
        n=cycle.injections,
        parts="; ".join(parts),
    )
    if cycle.last_on is None or progression.last_on is None:
        return text
    now = say(
        "The last recording is from day {day} after the last injection.",
        day=(progression.last_on - cycle.last_on).days,
    )
    return f"{text} {now}"


def _day(day: Estimate | None) -> str:
    if day is None:
        return say("not known from these recordings")
    return say(
        "on day {day} ({interval})",
        day=round(day.value),
        interval=units.interval(f"{day.low:.0f}", f"{day.high:.0f}"),
    )


def peak_rows(progression: Progression) -> tuple[tuple[str, ...], ...]:
    """Return the last three injections at rest of the leading side, the newest first.

    Returns
    -------
    tuple of tuple of str
        Day, dose by muscle, new bursts a minute before and at the peak, their ratio, the
        day on which half was gone, and what was noticed.
    """
    found: list[tuple[str, ...]] = []
    for course in reversed(progression.injections):
        lead = progression.judged[:1]
        if course.side in lead and course.kind is TaskKind.REST:
            found.append(_peak(course))
        if len(found) == _MOST_PEAKS:
            break
    return tuple(found)


def _peak(course: InjectionCourse) -> tuple[str, ...]:
    ratio = course.peak_over_before
    return (
        day_text(course.treatment.on),
        _dose(course.treatment),
        units.rate(course.before.value),
        units.rate(course.peak.value),
        units.with_interval(
            units.ratio(ratio.value), units.times(ratio.low), units.times(ratio.high)
        )
        if math.isfinite(ratio.value)
        else units.not_measured(),
        "-" if course.wear_off_day is None else _day(course.wear_off_day),
        _noticed(course.treatment),
    )


def _dose(given: Treatment) -> str:
    """Return the dose of each muscle, or the whole."""
    parts = [
        f"{muscle} {units.plainly(dose)}" if math.isfinite(dose) else muscle
        for muscle, dose in given.muscles.items()
    ]
    if math.isfinite(given.units):
        parts.append(say("{units} units", units=units.plainly(given.units)))
    return ", ".join(parts) or units.not_measured()


def _noticed(given: Treatment) -> str:
    if given.side_effects is None:
        return say("not stated")
    return ", ".join(map(side_effect_name, given.side_effects)) or say("none")


def _quality(progression: Progression) -> tuple[str, ...]:
    """Say how much could be measured, and where the recordings changed."""
    if not progression.recordings:
        return ()
    measured = say(
        "{recordings}, {recorded}: {share} of it could be measured.",
        recordings=units.recordings(progression.recordings),
        recorded=units.duration(60 * progression.recorded_min),
        share=units.percent(progression.analysable_min / progression.recorded_min),
    )
    return (measured, *(break_text(each) for each in progression.breaks))


def cycle_figure(
    progression: Progression, cycle: Cycle, *, width_mm: float, height_mm: float
) -> Figure:
    """Draw the average cycle: the rate over that without injections, by days since one.

    Parameters
    ----------
    progression : Progression
        Gives the day of the last recording.
    cycle : Cycle
        With a curve.
    width_mm, height_mm : float
        Size.

    Returns
    -------
    matplotlib.figure.Figure
        Not yet written.
    """
    from matplotlib.figure import Figure

    figure = Figure(
        figsize=(width_mm / _MM_PER_INCH, height_mm / _MM_PER_INCH),
        layout="constrained",
    )
    ax = figure.add_subplot()
    days = [point.day for point in cycle.curve]
    values = [point.over_untreated for point in cycle.curve]
    ax.axhline(1.0, color="#606060", linewidth=0.8)
    ax.fill_between(
        days, [v.low for v in values], [v.high for v in values],
        color="#1f4e8c", alpha=0.18, linewidth=0,
    )  # fmt: skip
    _draw_each(ax, cycle)
    ax.plot(days, [v.value for v in values], color="#1f4e8c", marker="o", markersize=3)
    _mark(ax, cycle.half_way_day, say("half gone"), "--")
    _mark(ax, cycle.onset_day, say("half there"), ":")
    if cycle.last_on is not None and progression.last_on is not None:
        now = (progression.last_on - cycle.last_on).days
        if now <= days[-1] + 20:
            ax.axvline(now, color="#202020", linewidth=1.2)
            ax.text(now, 0.98, say("now"), fontsize=6.5, va="top",
                    transform=ax.get_xaxis_transform())  # fmt: skip
    ax.set_yscale("log")
    ticks = [0.1, 0.25, 0.5, 1.0, 2.0]
    ax.set_yticks(ticks, [units.times(tick) for tick in ticks])
    ax.minorticks_off()
    ax.set_ylim(min(0.1, *(v.low for v in values if v.low > 0.02)), 3.0)
    ax.set_xlim(0, days[-1] + 5)
    ax.tick_params(labelsize=6.5, length=2, width=0.5)
    ax.set_xlabel(say("days since an injection"), fontsize=7)
    ax.set_title(
        say(
            "New bursts per minute over those without injections: average cycle (thick), "
            "and one by one"
        ),
        fontsize=8, fontweight="bold", loc="left",
    )  # fmt: skip
    return figure


def _draw_each(ax: Any, cycle: Cycle) -> None:
    """Draw the latest injections one by one, as thin lines of what was counted."""
    for one in cycle.each[-MOST_ONES:]:
        height = [max(value, _LEAST_DRAWN) for value in one.over_untreated]
        ax.plot(one.days, height, color="#909090", linewidth=0.6)


def _mark(ax: Any, day: Estimate | None, name: str, style: str) -> None:
    """Mark a day with its interval."""
    if day is None:
        return
    ax.axvspan(day.low, day.high, color="#909090", alpha=0.12, linewidth=0)
    ax.axvline(day.value, color="#606060", linewidth=0.8, linestyle=style)
    ax.text(day.value, 0.02, name, fontsize=6.5, transform=ax.get_xaxis_transform())


def titles_of_peaks() -> Sequence[str]:
    """Return the titles of the columns of `peak_rows`."""
    return (
        say("injection"),
        say("dose"),
        say("before"),
        say("days 14 to 30"),
        say("after over before"),
        say("half gone"),
        say("noticed"),
    )
