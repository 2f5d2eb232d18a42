"""The latest value of everything, with its interval and what its trend says.

The terminal, the page and the paper all show these rows. "Latest" is what
`progression.latest` puts together: 28 days, or three recordings, the same for all
rows of a kind of task.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from twitch_tracker import units
from twitch_tracker.history import TaskKind
from twitch_tracker.language import say
from twitch_tracker.progression.results import (
    ChartPoint,
    Measure,
    Progression,
    Series,
    Sureness,
)
from twitch_tracker.regions import Side
from twitch_tracker.units import period_text
from twitch_tracker.wording.measures import (
    brief_change_text,
    change_text,
    interval_text,
    measure_name,
    value_text,
)
from twitch_tracker.wording.progression import not_judged_text
from twitch_tracker.wording.terms import (
    KINDS,
    SIDE_ORDER,
)
from twitch_tracker.wording.trends import sureness_in_words

__all__ = ["LatestRow", "LatestTable", "latest_tables"]


@dataclass(frozen=True, kw_only=True)
class LatestRow:
    """One measure; all texts are ready to show, `values` are those of the chart."""

    measure: Measure
    name: str
    value: str
    interval: str
    change: str
    brief_change: str
    sureness: Sureness
    sure: str
    values: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class LatestTable:
    """All measures of one side (None: of both) and one kind of task.

    `when` are the days, `bursts` (for both sides, those of both or blinks),
    `minutes` and `recordings` what was counted on them. `not_judged` says why there is
    no more than these numbers of a side where the other one is judged; else empty.
    `mostly` says that bursts take most of the time.
    """

    kind: TaskKind
    side: Side | None
    when: str
    bursts: int
    minutes: float
    recordings: int
    rows: tuple[LatestRow, ...]
    not_judged: str
    mostly: bool


def latest_tables(progression: Progression) -> tuple[LatestTable, ...]:
    """Return the latest values: rest first; right, left, then the whole face.

    Returns
    -------
    tuple of LatestTable
        None of them empty.
    """
    found = []
    for kind in KINDS:
        for side in SIDE_ORDER:
            shown = [
                series
                for measure in Measure
                for series in progression.series
                if (series.kind, series.side, series.measure) == (kind, side, measure)
                and series.periods
            ]
            known = [series.latest for series in shown if series.latest is not None]
            if known:
                aside = side in progression.aside
                found.append(_table(kind, side, known[0], shown, aside=aside))
    return tuple(found)


def _table(
    kind: TaskKind,
    side: Side | None,
    stretch: ChartPoint,
    shown: Sequence[Series],
    *,
    aside: bool,
) -> LatestTable:
    """Collect the rows of a side; all are of the same stretch."""
    quiet = side is not None and stretch.bursts == 0
    without = say("no burst") if quiet else units.not_measured()
    return LatestTable(
        kind=kind,
        side=side,
        when=period_text(stretch.start, stretch.end),
        bursts=stretch.bursts,
        minutes=stretch.analysable_min,
        recordings=len(stretch.recordings),
        rows=tuple(_row(series, without) for series in shown),
        not_judged=not_judged_text() if aside else "",
        mostly=any(series.is_mostly for series in shown),
    )


def _row(series: Series, without: str) -> LatestRow:
    """Write one measure; `without` is said where it has no value."""
    last, trend, measure = series.latest, series.trend, series.measure
    sureness = Sureness.UNCERTAIN if trend is None else trend.sureness
    values = [point.estimate.value for point in series.periods]
    return LatestRow(
        measure=measure,
        name=measure_name(measure),
        value=without if last is None else value_text(measure, last.estimate.value),
        interval="-" if last is None else interval_text(measure, last.estimate),
        change="-" if trend is None else change_text(trend, measure),
        brief_change="-" if trend is None else brief_change_text(trend, measure),
        sureness=sureness,
        sure="-" if trend is None else sureness_in_words(sureness),
        values=tuple(value for value in values if math.isfinite(value)),
    )
