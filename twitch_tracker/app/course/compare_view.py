"""Two days side by side in words: what the comparison page shows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from urllib.parse import urlencode

from twitch_tracker import units
from twitch_tracker.app.course.view import Option
from twitch_tracker.app.recording.steps import task_name
from twitch_tracker.app.templating import person_url
from twitch_tracker.app.words import moment
from twitch_tracker.history import Basis, LoggedRecording, TaskKind
from twitch_tracker.language import say, say_n
from twitch_tracker.progression.comparing import (
    Day,
    NumberRow,
    SideBySide,
    obstacles,
)
from twitch_tracker.progression.results import ChartPoint, Estimate, Measure
from twitch_tracker.regions import Side
from twitch_tracker.units import day_text, listed
from twitch_tracker.wording.measures import (
    interval_text,
    measure_name,
    value_text,
)
from twitch_tracker.wording.terms import basis_in_words, side_title

__all__ = [
    "CellRow",
    "CompareRequest",
    "ComparedClip",
    "DayView",
    "SideTable",
    "compare_url",
    "day_view",
    "obstacle_words",
    "ratio_words",
    "side_tables",
]


@dataclass(frozen=True, kw_only=True)
class CompareRequest:
    """What is to be compared; days and recordings as text, empty for the usual."""

    patient_id: str
    basis: Basis
    kind: TaskKind
    first: str = ""
    second: str = ""
    first_recording: str = ""
    second_recording: str = ""


@dataclass(frozen=True, kw_only=True)
class ComparedClip:
    """A film of one burst, or why there is none.

    Attributes
    ----------
    address : str
        Of the film; empty without one.
    words : str
        What it shows, or why there is none.
    result : str
        Address of the page about the whole recording.
    give : str
        Address of the page that takes the missing video.
    """

    address: str = ""
    words: str
    result: str = ""
    give: str = ""


@dataclass(frozen=True, kw_only=True)
class DayView:
    """One of the two days."""

    key: str
    title: str
    about: str
    basis: str
    method: str
    notes: tuple[str, ...]
    recordings: tuple[Option, ...]
    clip: ComparedClip


@dataclass(frozen=True, kw_only=True)
class CellRow:
    """One measure on both days."""

    name: str
    earlier: str
    later: str


@dataclass(frozen=True, kw_only=True)
class SideTable:
    """All measures of a side, with its ratio in words."""

    key: str
    title: str
    ratio: str
    rows: tuple[CellRow, ...]


def compare_url(asked: CompareRequest, **changed: str) -> str:
    """Return the address of a comparison with something changed."""
    query = {
        "basis": asked.basis.value,
        "kind": asked.kind.value,
        "first": asked.first,
        "second": asked.second,
        **changed,
    }
    kept = {name: value for name, value in query.items() if value}
    return f"{person_url(asked.patient_id, 'compare')}?{urlencode(kept)}"


def day_view(
    key: str,
    day: Day,
    there: tuple[LoggedRecording, ...],
    chosen: str,
    clip: ComparedClip,
) -> DayView:
    """Describe one of the days.

    Parameters
    ----------
    key : str
        ``first`` or ``second``.
    day : Day
        What is compared.
    there : tuple of LoggedRecording
        All of the day, to choose from.
    chosen : str
        The recording that was chosen; empty for all of them.
    clip : ComparedClip
        A film of one burst.

    Returns
    -------
    DayView
        Plain text.
    """
    minutes = sum(r.analysable_s for r in day.recordings) / 60
    count = units.recordings(len(day.recordings))
    method = day.recordings[-1].method
    return DayView(
        key=key,
        title=day_text(day.on),
        about=say(
            "{tasks}: {n}, {minutes} measurable",
            tasks=listed(_tasks(day)),
            n=count,
            minutes=units.duration(60 * minutes),
        ),
        basis=" ".join(map(basis_in_words, sorted(day.bases))),
        method=say(
            "Measured with {tracker}, {detector}, version {version}",
            tracker=method.tracker,
            detector=method.detector,
            version=method.software_version or "?",
        ),
        notes=_notes(day),
        recordings=_options(there, chosen),
        clip=clip,
    )


def _tasks(day: Day) -> list[str]:
    return list(dict.fromkeys(task_name(r.task) for r in day.recordings))


def _notes(day: Day) -> tuple[str, ...]:
    if not day.left_out:
        return ()
    return (
        say_n(
            "{n} recording of this day was measured with another method and is left "
            "out.",
            "{n} recordings of this day were measured with another method and are left "
            "out.",
            len(day.left_out),
        ),
    )


def _options(there: tuple[LoggedRecording, ...], chosen: str) -> tuple[Option, ...]:
    every = Option(
        value="", name=say("All of this day together"), about="", chosen=not chosen
    )
    single = (
        Option(
            value=r.recording_id,
            name=f"{moment(r.started_at)}, {task_name(r.task)}",
            about="",
            chosen=r.recording_id == chosen,
        )
        for r in there
    )
    return (every, *single)


def obstacle_words(earlier: Day, later: Day) -> tuple[str, ...]:
    """Say why no ratio is given; empty when there is one."""
    words = {
        "method": say(
            "The two days were measured with different methods. Numbers of different "
            "methods cannot be compared, so no ratio is given. Analyse the older "
            "recordings again to compare them."
        ),
        "basis": say(
            "Some of these bursts were checked by a person and some are as the program "
            "found them. These are not the same kind of count, so no ratio is given."
        ),
        "task": say(
            "Different tasks were done on the two days ({earlier}; {later}). Bursts "
            "during different tasks cannot be compared, so no ratio is given.",
            earlier=listed(_tasks(earlier)),
            later=listed(_tasks(later)),
        ),
    }
    return tuple(words[found.key] for found in obstacles(earlier, later))


# --- numbers --------------------------------------------------------------------


def side_tables(found: SideBySide, *, compared: bool) -> tuple[SideTable, ...]:
    """Return a table for each side and one for the whole face.

    Parameters
    ----------
    found : SideBySide
        The numbers.
    compared : bool
        Whether a ratio may be given at all.

    Returns
    -------
    tuple of SideTable
        None without rows.
    """
    tables = []
    for side in (Side.RIGHT, Side.LEFT, None):
        rows = tuple(_cells(row) for row in found.rows if row.side is side)
        if not rows:
            continue
        ratio = (
            ratio_words(side, found.ratios[side], _rates(found, side))
            if side and compared
            else ""
        )
        tables.append(
            SideTable(
                key=side.value if side else "both",
                title=say("{side} side", side=side_title(side))
                if side
                else side_title(None),
                ratio=ratio,
                rows=rows,
            )
        )
    return tuple(tables)


def _cells(row: NumberRow) -> CellRow:
    return CellRow(
        name=measure_name(row.measure),
        earlier=_cell(row.measure, row.earlier),
        later=_cell(row.measure, row.later),
    )


def _cell(measure: Measure, point: ChartPoint | None) -> str:
    if point is None:
        return "-"
    value = value_text(measure, point.estimate.value)
    interval = interval_text(measure, point.estimate)
    if interval == "-":
        return value
    return say("{value} ({interval})", value=value, interval=interval)


def _rates(found: SideBySide, side: Side) -> tuple[float, float]:
    """Return the bursts a minute of a side on both days; NaN for a day without."""
    points = next(
        (row.earlier, row.later)
        for row in found.rows
        if (row.side, row.measure) == (side, Measure.EPISODES_PER_MIN)
    )
    earlier, later = (float("nan") if p is None else p.estimate.value for p in points)
    return earlier, later


def ratio_words(side: Side, ratio: Estimate, rates: tuple[float, float]) -> str:
    """Say how the burst rates of two days relate, and whether that is more than chance.

    Parameters
    ----------
    side : Side
        Whose bursts.
    ratio : Estimate
        Later over earlier; NaN when it cannot be determined.
    rates : tuple of float
        Bursts a minute of both days. Of none no multiple is stated: what stands for
        it in the ratio is an expectation, no count.

    Returns
    -------
    str
        One or two sentences.
    """
    title = side_title(side)
    if not all(map(math.isfinite, (ratio.value, ratio.low, ratio.high))):
        return say(
            "{side}: no ratio, because there were no bursts to compare.",
            side=title,
        )
    if rates[0] == 0:
        sentence = say("{side}: bursts on the later day only.", side=title)
    elif rates[1] == 0:
        sentence = say("{side}: bursts on the earlier day only.", side=title)
    else:
        sentence = say(
            "{side}: on the later day {r} the bursts per minute of the earlier day (95 % "
            "interval {interval}).",
            side=title,
            r=units.ratio(ratio.value),
            interval=units.interval(units.times(ratio.low), units.times(ratio.high)),
        )
    if ratio.low <= 1 <= ratio.high:
        return sentence + " " + say(
            "Chance and this person's usual ups and downs can explain this."
        )  # fmt: skip
    return sentence + " " + say(
        "Chance and this person's usual ups and downs hardly explain this."
    )  # fmt: skip
