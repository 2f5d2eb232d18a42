"""Everything that is found in a person's course, from the history alone.

The one entry of this room: `progress_of`. Pure: no file, no database, no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from typing import Final

from twitch_tracker.history import Basis, Method, PatientHistory, TaskKind, Treatment
from twitch_tracker.progression.associations import associations_of
from twitch_tracker.progression.change.sure import trend_of
from twitch_tracker.progression.change.trends import RawTrend, raw_trend
from twitch_tracker.progression.change.windows import daily_noise
from twitch_tracker.progression.clinic.between import between_bursts
from twitch_tracker.progression.clinic.closest import closest_of
from twitch_tracker.progression.clinic.eyes import eyes_shut
from twitch_tracker.progression.clinic.provoked import provoked_ratios
from twitch_tracker.progression.clinic.questionnaire import questionnaire_change
from twitch_tracker.progression.clinic.regions_reached import regions_reached
from twitch_tracker.progression.clinic.signs import signs_of
from twitch_tracker.progression.latest import Latest, latest_of
from twitch_tracker.progression.lazy import LazyDots
from twitch_tracker.progression.readings import readings_of
from twitch_tracker.progression.recordings.breaks import (
    before_a_jump,
    breaks_of,
    since_the_last,
)
from twitch_tracker.progression.recordings.broken import Break, Broken
from twitch_tracker.progression.recordings.choose import Chosen, choose
from twitch_tracker.progression.recordings.circumstances import circumstances_of
from twitch_tracker.progression.recordings.columns import Columns, columns_of
from twitch_tracker.progression.results import (
    MEASURES_OF_BOTH_SIDES,
    Measure,
    Progression,
    RegionReached,
    Series,
    Trend,
)
from twitch_tracker.progression.series import (
    Grouping,
    by_period,
    by_recording,
    dots,
    last_dot,
)
from twitch_tracker.progression.shares import SHARED_CHANCE
from twitch_tracker.progression.standing import judged_columns
from twitch_tracker.progression.statistics.noise import NoiseGrid
from twitch_tracker.progression.treatments.cycles import cycles_of
from twitch_tracker.progression.treatments.injections import NoiseOf, injection_courses
from twitch_tracker.progression.treatments.operations import operation_courses
from twitch_tracker.progression.treatments.others import other_courses
from twitch_tracker.regions import SIDES, Side

__all__ = ["progress_of"]

_KINDS: Final = (TaskKind.REST, TaskKind.PROVOKED, TaskKind.AFTER, TaskKind.OTHER)


def progress_of(
    history: PatientHistory,
    *,
    method: Method | None = None,
    today: date | None = None,
) -> Progression:
    """Find how a person's bursts changed, and how sure that is.

    Parameters
    ----------
    history : PatientHistory
        What the journal holds.
    method : Method, optional
        Count recordings of this method; without, of that of the newest recording.
    today : date, optional
        The day up to which recordings count; without, all of them.

    Returns
    -------
    Progression
        Never fails for lack of data: what cannot be determined is left out or NaN.

    Raises
    ------
    BadParameter
        No recording was measured with `method`.
    """
    chosen = choose(history.recordings, method, today)
    kinds = _columns(chosen)
    breaks = breaks_of(kinds, history.treatments)
    since = since_the_last(kinds, breaks)
    judged = judged_columns(list(since.values()), before_a_jump(kinds, breaks))
    since = dict(zip(since, judged, strict=True))
    pages = [
        _Kind.of(columns, since.get(place), history.treatments, breaks)
        for place, columns in enumerate(kinds)
    ]
    last = chosen.recordings[-1].started_at.date() if chosen.recordings else None
    series = _series(pages)
    noise = _noise(judged, history.treatments)
    cycles = cycles_of(judged, history.treatments)
    injections = injection_courses(judged, history.treatments, noise, cycles)
    operations = operation_courses(judged, history.treatments, noise, today or last)
    associations = associations_of(judged, history.diary, history.treatments)
    first = chosen.recordings[0].started_at.date() if chosen.recordings else None
    # What is on the other side from a break on would be compared with itself.
    recorded = [r for columns in judged for r in columns.recordings]
    recorded.sort(key=lambda recording: recording.started_at)
    found = Progression(
        patient=history.patient,
        basis=chosen.basis,
        method=chosen.method,
        first_on=first,
        last_on=last,
        recordings=len(chosen.recordings),
        analysable_min=sum(r.analysable_s for r in chosen.recordings) / 60,
        series=series,
        injections=injections,
        operations=operations,
        associations=associations,
        regions=_regions(judged, breaks),
        closest=closest_of(judged),
        treatments=history.treatments,
        diary=history.diary,
        left_out=chosen.left_out,
        readings=(),
        breaks=(*breaks, *circumstances_of(kinds)),
        cycles=cycles,
        reviewed=sum(r.basis is Basis.REVIEWED for r in chosen.recordings),
        others=other_courses(judged, history.treatments),
        between=between_bursts(recorded, history.treatments),
        eyes_shut=eyes_shut(recorded, history.treatments),
        recorded_min=sum(r.recorded_s for r in chosen.recordings) / 60,
        signs=signs_of(judged),
        provoked=provoked_ratios(judged),
        hfs7=questionnaire_change("hfs7_total", history.diary, history.treatments),
        hfs30=questionnaire_change("hfs30_total", history.diary, history.treatments),
        judged=tuple(judged[0].lead) if judged else (),
    )
    return readings_of(found)


def _regions(
    kinds: Sequence[Columns], breaks: Sequence[Break]
) -> tuple[RegionReached, ...]:
    """Return the regions, without days where nobody knows whose mouth corner it is."""
    regions = regions_reached(kinds)
    if any(each.what is Broken.SIDE for each in breaks):
        return tuple(replace(each, first_on=None) for each in regions)
    return regions


def _noise(kinds: Sequence[Columns], treatments: Sequence[Treatment]) -> NoiseOf:
    """Return the variability of a kind and side, weighed once when it is asked for."""
    by_kind = {columns.kind: columns for columns in kinds}

    @cache
    def noise_of(kind: TaskKind, side: Side) -> NoiseGrid:
        return daily_noise(by_kind[kind], side, treatments)

    return noise_of


def _columns(chosen: Chosen) -> list[Columns]:
    """Return recordings by kind of task; kinds without any are left out."""
    if not chosen.recordings:
        return []
    first_day = chosen.recordings[0].started_at.date()
    by_kind = {
        kind: [r for r in chosen.recordings if r.task.kind is kind] for kind in _KINDS
    }
    return [columns_of(k, rows, first_day) for k, rows in by_kind.items() if rows]


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """One kind of task with its dots, and raw trends since the last break."""

    columns: Columns
    judged: Columns | None
    recordings: Callable[[], Grouping]
    periods: Grouping
    latest: Latest
    trends: dict[tuple[Measure, Side | None], RawTrend | None]

    @classmethod
    def of(
        cls,
        columns: Columns,
        judged: Columns | None,
        treatments: Sequence[Treatment],
        breaks: Sequence[Break],
    ) -> _Kind:
        """Fit every trend of a kind."""
        return cls(
            columns=columns,
            judged=judged,
            recordings=cache(partial(by_recording, columns)),
            periods=by_period(columns),
            latest=latest_of(columns, treatments, breaks),
            trends={
                (measure, side): raw_trend(judged, side, measure, treatments)
                for measure, side in _places()
                if judged is not None and _is_followed(judged, side)
            },
        )

    def beside(self, measure: Measure, side: Side | None) -> RawTrend | None:
        """Return the trend that shares its chance with another."""
        other = [each for each in SHARED_CHANCE if each is not measure]
        return self.trends.get((other[0], side)) if measure in SHARED_CHANCE else None


def _is_followed(columns: Columns, side: Side | None) -> bool:
    """Return whether trends are fitted.

    They are of a judged side, or to say that there was no burst.
    """
    if side is None or side in columns.judged:
        return True
    return not columns.sides[side].bursts.any()


def _places() -> list[tuple[Measure, Side | None]]:
    """Return every measure with every side it belongs to."""
    return [
        (measure, side)
        for measure in Measure
        for side in ((None,) if measure in MEASURES_OF_BOTH_SIDES else SIDES)
    ]


def _series(pages: list[_Kind]) -> tuple[Series, ...]:
    """Finish all series."""
    trends = {
        (page.columns.kind, measure, side): trend_of(
            raw, page.judged, measure, side, page.beside(measure, side)
        )
        for page in pages
        for (measure, side), raw in page.trends.items()
        if raw is not None and page.judged is not None
    }
    return tuple(
        _one_series(page, measure, side, trends.get((page.columns.kind, measure, side)))
        for page in pages
        for measure, side in _places()
    )


def _one_series(
    page: _Kind, measure: Measure, side: Side | None, trend: Trend | None
) -> Series:
    """Put dots and trend of a measure together."""
    columns, periods = page.columns, page.periods
    pooled = dots(columns, side, measure, periods)
    return Series(
        measure=measure,
        side=side,
        kind=columns.kind,
        recordings=pooled
        if periods.period == "recording"
        else LazyDots(lambda: dots(columns, side, measure, page.recordings())),
        periods=pooled,
        period=periods.period,
        latest=last_dot(page.latest.columns, side, measure, page.latest.grouping),
        trend=trend,
    )
