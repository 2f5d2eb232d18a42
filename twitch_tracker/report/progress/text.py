"""Progression for a terminal of 80 columns: readings first, then small tables.

Plain text without colours. Sparklines are only for terminals that can show them: the
burst rate over time, both sides of a kind of task on one scale from zero.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from twitch_tracker import units
from twitch_tracker.language import mark, say, say_n, uncapitalised
from twitch_tracker.progression.results import Measure, Progression, Sureness
from twitch_tracker.report.progress.latest import LatestRow, LatestTable, latest_tables
from twitch_tracker.report.progress.limits import short_limit
from twitch_tracker.report.progress.opening import (
    MOST_READINGS,
    basis_text,
    counted_text,
    what_to_do_first,
)
from twitch_tracker.units import day_text
from twitch_tracker.wording.associations import association_text
from twitch_tracker.wording.progression import left_out_text, reading_text
from twitch_tracker.wording.terms import kind_title, side_title, treatment_name

__all__ = ["WIDTH", "progress_text", "sparkline"]

WIDTH: Final = 80
_SPARKS: Final = "▁▂▃▄▅▆▇█"
_RATE: Final = Measure.EPISODES_PER_MIN
_ALWAYS: Final = {
    Measure.EPISODES_PER_MIN,
    Measure.SPASM_FRACTION,
    Measure.MEDIAN_DURATION_S,
    Measure.MEDIAN_PAUSE_S,
    Measure.REST_ASYMMETRY,
    Measure.BLINKS_PER_MIN,
}
_MOST_SPARKS: Final = 56
_MOST_TREATMENTS: Final = 3
_MOST_ASSOCIATIONS: Final = 3
_SHORT_NAMES: Final = {
    Measure.EPISODES_PER_MIN: mark("new bursts/minute"),
    Measure.SPASM_FRACTION: mark("time in bursts"),
    Measure.MEDIAN_DURATION_S: mark("typical length"),
    Measure.LONGEST_DURATION_S: mark("longest burst"),
    Measure.SHARE_OVER_1S: mark("longer than 1 s"),
    Measure.MEDIAN_PAUSE_S: mark("typical pause"),
    Measure.EXCURSION_MM: mark("largest movement"),
    Measure.BOTH_REGIONS_SHARE: mark("eye + lower face"),
    Measure.BROW_LIFT_SHARE: mark("eyebrow rising"),
    Measure.REST_ASYMMETRY: mark("eye openness"),
    Measure.BLINKS_PER_MIN: mark("blinks per minute"),
}


def progress_text(progression: Progression, *, sparks: bool = False) -> str:
    """Say what was found: sentences, then the latest numbers.

    Parameters
    ----------
    progression : Progression
        What was found.
    sparks : bool
        Add sparklines, which need a terminal with block characters.

    Returns
    -------
    str
        Lines of at most `WIDTH` characters, as far as names given by people allow.
    """
    lines = [progression.patient.patient_id, *_wrapped(counted_text(progression))]
    if progression.recordings:
        lines += _wrapped(basis_text(progression))
    lines.append("")
    for reading in progression.readings[:MOST_READINGS]:
        lines += _wrapped(reading_text(reading), "* ")
    more = len(progression.readings) - MOST_READINGS
    if more > 0:
        lines.append(say("  and {n} more on the page (--save) and in --json", n=more))
    if not progression.recordings:
        lines += ["", *_wrapped(what_to_do_first(progression))]
    tables = latest_tables(progression)
    for table in tables:
        tops = [
            max(_rates(one), default=0.0) for one in tables if one.kind is table.kind
        ]
        lines += ["", *_table(table, max(tops) if sparks else 0.0)]
    lines += _treatments(progression)
    lines += _associations(progression)
    lines += _left_out(progression)
    if progression.closest:
        lines += ["", *_wrapped(say("Published scales: on the page and in --json."))]
    return "\n".join((*lines, "", *_wrapped(short_limit())))


def _wrapped(text: str, bullet: str = "") -> list[str]:
    lines = textwrap.wrap(
        text.replace(" %", "\N{NO-BREAK SPACE}%"),
        WIDTH,
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
        break_on_hyphens=False,
    )
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def _rates(table: LatestTable) -> tuple[float, ...]:
    """Return the burst rates of one side over time."""
    return next((row.values for row in table.rows if row.measure is _RATE), ())


def _table(table: LatestTable, top: float) -> list[str]:
    """Return the rows of one side: name, value, interval, trend and how sure it is.

    Burst rates become a sparkline between 0 and `top`, unless that is 0.
    """
    title = say(
        "{side}, {kind}",
        side=side_title(table.side),
        kind=uncapitalised(kind_title(table.kind)),
    )
    head = say(
        "{title} ({when}, {minutes})",
        title=title,
        when=table.when,
        minutes=units.duration(60 * table.minutes),
    )
    latest, interval, trend = say("latest"), say("95 % interval"), say("trend")
    over_time = say("bursts over time")
    lines = [head]
    if table.not_judged:
        lines += _wrapped(table.not_judged, "  ")
    lines += [f"  {'':17} {latest:>10}  {interval:18} {trend}"]
    shown = [row for row in table.rows if _is_shown(row)]
    for row in shown:
        lines.append(_row(row))
        if row.measure is _RATE and top > 0:
            lines.append(f"  {over_time:17} {sparkline(row.values, top)}")
    return lines


def _is_shown(row: LatestRow) -> bool:
    """Keep the main measures, and others whose change is worth a line."""
    return row.measure in _ALWAYS or row.sureness is not Sureness.UNCERTAIN


def _row(row: LatestRow) -> str:
    name = say(_SHORT_NAMES[row.measure])
    value = "-" if row.value == units.not_measured() else row.value
    return f"  {name:17} {value:>10}  {row.interval:18} {_short_trend(row)}".rstrip()


def _short_trend(row: LatestRow) -> str:
    """Return the change without its interval, which the page and --json show."""
    if row.sureness is Sureness.UNCERTAIN:
        return "-" if row.change == "-" else row.sure
    return say("{change}, {sure}", change=row.brief_change, sure=row.sure)


def sparkline(values: Sequence[float], top: float) -> str:
    """Return values as a row of blocks, neighbours put together where too many.

    Parameters
    ----------
    values : sequence of float
        In order of time, finite and not negative.
    top : float
        What the highest block stands for.

    Returns
    -------
    str
        One block for each value, or for each stretch of values (their mean).
    """
    if not values:
        return ""
    count = min(_MOST_SPARKS, len(values))
    edges = [round(k * len(values) / count) for k in range(count + 1)]
    means = [sum(values[a:b]) / (b - a) for a, b in pairwise(edges)]
    most = len(_SPARKS) - 1
    return "".join(_SPARKS[min(round(most * mean / top), most)] for mean in means)


def _treatments(progression: Progression) -> list[str]:
    given = progression.treatments[::-1]
    if not given:
        return []
    lines = ["", say("Treatments")]
    for one in given[:_MOST_TREATMENTS]:
        lines += _wrapped(f"{day_text(one.on)}: {treatment_name(one)}", "  ")
    more = len(given) - _MOST_TREATMENTS
    if more > 0:
        lines.append(say_n("  and {n} before it", "  and {n} before them", more))
    return lines


def _associations(progression: Progression) -> list[str]:
    """Return what goes along with the diary, which says no cause."""
    shown = [
        found
        for found in progression.associations
        if found.sureness is not Sureness.UNCERTAIN
    ]
    lines = []
    for found in shown[:_MOST_ASSOCIATIONS]:
        lines += _wrapped(association_text(found), "  ")
    return ["", say("Diary"), *lines] if lines else []


def _left_out(progression: Progression) -> list[str]:
    lines = []
    for out in progression.left_out:
        text = say(
            "{n}: {reason}",
            n=units.recordings(len(out.recordings)),
            reason=left_out_text(out),
        )
        lines += _wrapped(text, "  ")
    return ["", say("Left out"), *lines] if lines else []
