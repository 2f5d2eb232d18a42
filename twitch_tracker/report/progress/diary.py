"""The diary as strips under the charts: one row of bars per number that was noted.

Days are put together (weeks, months, quarters) until a row has at most `MOST_BARS`
bars; a bar is the mean of the days that have an entry, never a guess for the others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from twitch_tracker.history import DIARY_FACTORS, DiaryEntry
from twitch_tracker.language import say, say_n
from twitch_tracker.report.progress.charts import TimeAxis
from twitch_tracker.units import day_text, period_text, plainly
from twitch_tracker.wording.terms import factor_name

__all__ = ["MOST_BARS", "DiaryRow", "Noted", "diary_rows", "medications", "notes"]

MOST_BARS: Final = 120
MOST_NOTES: Final = 12


@dataclass(frozen=True, kw_only=True)
class DiaryRow:
    """One number of the diary; bars are (x, width, height) in per cent."""

    key: str
    name: str
    bars: tuple[tuple[float, float, float], ...]
    alt: str
    days: int
    lowest: str
    middle: str
    highest: str
    latest: str


@dataclass(frozen=True, kw_only=True)
class Noted:
    """Something written down, and when."""

    text: str
    when: str
    days: int = 1


def diary_rows(entries: Sequence[DiaryEntry], axis: TimeAxis) -> tuple[DiaryRow, ...]:
    """Return a row for every number that was ever noted.

    Parameters
    ----------
    entries : sequence of DiaryEntry
        In order of day.
    axis : TimeAxis
        The shown time; bars outside are not drawn, the counts are of all days.

    Returns
    -------
    tuple of DiaryRow
        In the order of `history.DIARY_FACTORS`.
    """
    found = []
    for factor, (_, highest) in DIARY_FACTORS.items():
        noted = [
            (entry.on.toordinal(), float(getattr(entry, factor)))
            for entry in entries
            if math.isfinite(getattr(entry, factor))
        ]
        if noted:
            found.append(_row(factor, highest, noted, axis))
    return tuple(found)


def _row(
    factor: str, highest: float, noted: Sequence[tuple[int, float]], axis: TimeAxis
) -> DiaryRow:
    values = sorted(value for _, value in noted)
    top = (
        highest
        if highest <= 10 or factor in {"hfs7_total", "hfs8_total", "hfs30_total"}
        else max(values[-1], 1.0)
    )
    middle = values[len(values) // 2]
    return DiaryRow(
        key=factor,
        name=factor_name(factor, unit=True),
        bars=_bars(noted, axis, top),
        alt=say(
            "{name}: {days}, {low} to {high}, median {middle}.",
            name=factor_name(factor, unit=True),
            days=say_n("{n} day noted", "{n} days noted", len(noted)),
            low=plainly(values[0]),
            high=plainly(values[-1]),
            middle=plainly(middle),
        ),
        days=len(noted),
        lowest=plainly(values[0]),
        middle=plainly(middle),
        highest=plainly(values[-1]),
        latest=say(
            "{value} on {day}",
            value=plainly(noted[-1][1]),
            day=day_text(date.fromordinal(noted[-1][0])),
        ),
    )


def _bars(
    noted: Sequence[tuple[int, float]], axis: TimeAxis, top: float
) -> tuple[tuple[float, float, float], ...]:
    """Put days together and return the bars that are shown."""
    length = axis.end - axis.start
    step = next(
        (n for n in (1, 7, 30, 91) if length / n <= MOST_BARS), length / MOST_BARS
    )
    together: dict[int, list[float]] = {}
    for day, value in noted:
        if axis.start <= day < axis.end:
            together.setdefault(int((day - axis.start) // step), []).append(value)
    return tuple(
        (
            round(100 * axis.share(axis.start + number * step), 2),
            round(max(90 * step / length, 0.25), 2),
            round(100 * min(max(sum(values) / len(values) / top, 0.02), 1.0), 1),
        )
        for number, values in sorted(together.items())
    )


def medications(entries: Sequence[DiaryEntry]) -> tuple[Noted, ...]:
    """Return each medication as it was written, with its first and last day."""
    found: dict[str, list[date]] = {}
    for entry in entries:
        if entry.medication.strip():
            found.setdefault(entry.medication.strip(), []).append(entry.on)
    newest = sorted(found.items(), key=lambda item: item[1][-1], reverse=True)
    return tuple(
        Noted(text=text, when=period_text(days[0], days[-1]), days=len(days))
        for text, days in newest[:MOST_NOTES]
    )


def notes(entries: Sequence[DiaryEntry]) -> tuple[Noted, ...]:
    """Return the newest notes of the diary, the newest first."""
    written = [entry for entry in reversed(entries) if entry.notes.strip()]
    return tuple(
        Noted(text=entry.notes.strip(), when=day_text(entry.on))
        for entry in written[:MOST_NOTES]
    )
