"""Pack values into columns, and unpack them.

Note: NaN goes in as NULL and comes out as NaN; a burst keeps every field, also of a
review (as JSON, whose NaN is null; fields that an older version did not have are
missing there, and mean "no"); arrays of numbers are float32, little endian, and arrays
of booleans one byte each.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import RowMapping

from twitch_tracker.border.plain import measured, number, plain
from twitch_tracker.errors import Misfit, known_misfit
from twitch_tracker.history import (
    DIARY_FACTORS,
    DiaryEntry,
    SideEffect,
    SideTotals,
    Treatment,
    TreatmentKind,
)
from twitch_tracker.records import (
    Blink,
    Episode,
    ExcludedSpan,
    HardlyOpen,
    QualityReason,
)
from twitch_tracker.records.episode_fields import STORED_FIELDS, CellKind, EpisodeField
from twitch_tracker.regions import REGIONS, Region, Side
from twitch_tracker.timebase import Interval

__all__ = [
    "EPISODE_COLUMNS",
    "FLAG_COLUMNS",
    "LATER_COLUMNS",
    "TOTALS_COLUMNS",
    "DatabaseRow",
    "blink_row",
    "diary_entry",
    "diary_row",
    "episode_from_json",
    "episode_from_row",
    "episode_row",
    "episode_to_json",
    "excluded_from_json",
    "excluded_to_json",
    "hardly_open_from_json",
    "hardly_open_to_json",
    "misfits_from_json",
    "misfits_to_json",
    "moment",
    "read_blink",
    "read_moment",
    "to_json",
    "totals_from_cells",
    "totals_row",
    "treatment",
    "treatment_row",
]

DatabaseRow = Mapping[str, Any] | RowMapping

_ARRAY: Final = np.dtype("<f4")
_FLAGS: Final = np.dtype("?")
_SEPARATOR: Final = ";"


# --- single values ----------------------------------------------------------


def moment(at: datetime) -> str:
    """Write a moment in UTC, so that text sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def read_moment(text: str) -> datetime:
    """Read a moment, in the offset it was written with."""
    return datetime.fromisoformat(text)


def to_json(value: object) -> str:
    """Write JSON, always the same text for the same value."""
    return json.dumps(
        plain(value),
        sort_keys=True,
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
    )


# --- bursts -----------------------------------------------------------------

EPISODE_COLUMNS: Final = ("start_s", "end_s", *(one.name for one in STORED_FIELDS))
"""Columns of a burst, in the order of `episode_row`."""

LATER_COLUMNS: Final = tuple(one.name for one in STORED_FIELDS if one.since > 1)
"""Columns that the first version did not have; the last ones of `EPISODE_COLUMNS`."""


def _same(value: Any) -> Any:
    return value


def _counted(value: int | None) -> int:
    """Write a count, of at least one; 0 is not counted."""
    return value or 0


def _read_counted(value: int) -> int | None:
    return value or None


def _name(value: Enum | None) -> str:
    """Write a name; nothing where it is not known."""
    return "" if value is None else str(value.value)


def _words(items: Sequence[str]) -> str:
    return json.dumps(items, ensure_ascii=False) if items else ""


def _read_words(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text else ()


def _read_regions(text: str) -> tuple[Region, ...]:
    found = {Region(name) for name in text.split(_SEPARATOR) if name}
    return tuple(region for region in REGIONS if region in found)


_PACK: Final[dict[CellKind, Callable[[Any], Any]]] = {
    CellKind.NUMBER: number,
    CellKind.WHOLE: _counted,
    CellKind.FLAG: _same,
    CellKind.NAME: _name,
    CellKind.REGIONS: _SEPARATOR.join,
    CellKind.WORDS: _words,
}
_UNPACK: Final[dict[CellKind, Callable[[Any], Any]]] = {
    CellKind.NUMBER: measured,
    CellKind.WHOLE: _read_counted,
    CellKind.FLAG: bool,
    CellKind.REGIONS: _read_regions,
    CellKind.WORDS: _read_words,
}


def _unpacked(field: EpisodeField) -> Callable[[Any], Any]:
    """Return what reads the cell of one field."""
    names = field.names
    if names is None:
        return _UNPACK[field.cell]
    return lambda text: names(text) if text else None


_PACKED: Final = tuple((one.name, _PACK[one.cell]) for one in STORED_FIELDS)
_UNPACKED: Final = tuple(
    (one.name, _unpacked(one), one.since > 1) for one in STORED_FIELDS
)


def episode_row(episode: Episode) -> tuple[Any, ...]:
    """Turn a burst into the cells of `EPISODE_COLUMNS`."""
    span = episode.span
    packed = (pack(getattr(episode, name)) for name, pack in _PACKED)
    return (span.start_s, span.end_s, *packed)


def episode_from_row(row: DatabaseRow) -> Episode:
    """Turn the cells of `EPISODE_COLUMNS` into a burst."""
    values: dict[str, Any] = {
        name: unpack(row[name])
        for name, unpack, later in _UNPACKED
        if not later or name in row
    }
    span = Interval(start_s=row["start_s"], end_s=row["end_s"])
    return Episode(span=span, **values)


def episode_to_json(episode: Episode) -> str:
    """Write a burst as JSON, whole."""
    return to_json(dict(zip(EPISODE_COLUMNS, episode_row(episode), strict=True)))


def episode_from_json(text: str | None) -> Episode | None:
    """Read a burst back."""
    return None if text is None else episode_from_row(json.loads(text))


def blink_row(blink: Blink) -> tuple[Any, ...]:
    """Turn a blink into cells: start, end, complete, closures left and right."""
    return (
        blink.span.start_s,
        blink.span.end_s,
        blink.complete,
        number(blink.closure_left),
        number(blink.closure_right),
    )


def read_blink(row: DatabaseRow) -> Blink:
    """Turn the cells of a blink back."""
    return Blink(
        span=Interval(start_s=row["start_s"], end_s=row["end_s"]),
        complete=bool(row["complete"]),
        closure_left=measured(row["closure_left"]),
        closure_right=measured(row["closure_right"]),
    )


def excluded_to_json(excluded: Sequence[ExcludedSpan]) -> str:
    """Write what was not measured."""
    return to_json([[e.span.start_s, e.span.end_s, e.reasons] for e in excluded])


def excluded_from_json(text: str) -> tuple[ExcludedSpan, ...]:
    """Read what was not measured."""
    return tuple(
        ExcludedSpan(
            span=Interval(start_s=start_s, end_s=end_s),
            reasons=tuple(QualityReason(reason) for reason in reasons),
        )
        for start_s, end_s, reasons in json.loads(text)
    )


def hardly_open_to_json(states: Sequence[HardlyOpen] | None) -> str | None:
    """Write when an eye was hardly ever open; NULL when nobody looked for that."""
    if states is None:
        return None
    return to_json([[s.span.start_s, s.span.end_s, s.side] for s in states])


def hardly_open_from_json(text: str | None) -> tuple[HardlyOpen, ...] | None:
    """Read when an eye was hardly ever open."""
    if text is None:
        return None
    return tuple(
        HardlyOpen(span=Interval(start_s=start_s, end_s=end_s), side=Side(side))
        for start_s, end_s, side in json.loads(text)
    )


def misfits_to_json(misfits: Sequence[Misfit]) -> str | None:
    """Write why coding does not fit its film; NULL when it does."""
    return to_json([[m.code, *m.values] for m in misfits]) if misfits else None


def misfits_from_json(text: str | None) -> tuple[Misfit, ...]:
    """Read why coding does not fit its film."""
    return tuple(
        known_misfit(code, values) for code, *values in json.loads(text or "[]")
    )


# --- totals -----------------------------------------------------------------


def totals_row(totals: SideTotals) -> dict[str, Any]:
    """Turn the totals of a side into cells."""
    return {
        "bursts": totals.episodes,
        **{region.value: totals.with_region.get(region, 0) for region in REGIONS},
        "both_regions": totals.both_regions,
        "brow_lifts": totals.brow_lifts,
        "durations_s": _pack(totals.durations_s),
        "pauses_s": _pack(totals.pauses_s),
        "excursions_mm": _pack(totals.excursions_mm),
        "onset_cut": totals.onset_cut.tobytes(),
        "offset_cut": totals.offset_cut.tobytes(),
        "bilateral": totals.bilateral,
        "hardly_open_s": number(totals.hardly_open_s),
    }


FLAG_COLUMNS: Final = ("onset_cut", "offset_cut")
"""Columns of `totals_row` that hold one yes or no a burst."""


TOTALS_COLUMNS: Final = (
    "durations_s",
    "pauses_s",
    "excursions_mm",
    "both_regions",
    "brow_lifts",
    *FLAG_COLUMNS,
    "bilateral",
    "hardly_open_s",
    *(region.value for region in REGIONS),
)
"""Columns of a side's totals, in the order of `totals_from_cells`."""


def totals_from_cells(cells: Sequence[Any]) -> SideTotals:
    """Turn the cells of `TOTALS_COLUMNS` back; the arrays cannot be written to.

    Raises
    ------
    ValueError
        The arrays are not of the same bursts.
    """
    durations_s, excursions_mm = _unpack(cells[0]), _unpack(cells[2])
    onset_cut, offset_cut = (np.frombuffer(cells[n], _FLAGS) for n in (5, 6))
    if not len(durations_s) == len(excursions_mm) == len(onset_cut) == len(offset_cut):
        raise ValueError("totals of different bursts")
    return SideTotals(
        durations_s=durations_s,
        pauses_s=_unpack(cells[1]),
        excursions_mm=excursions_mm,
        both_regions=cells[3],
        brow_lifts=cells[4],
        onset_cut=onset_cut,
        offset_cut=offset_cut,
        bilateral=cells[7],
        hardly_open_s=measured(cells[8]),
        with_region=dict(zip(REGIONS, cells[9:], strict=True)),
    )


def _pack(values: NDArray[Any]) -> bytes:
    return values.astype(_ARRAY).tobytes()


def _unpack(content: bytes) -> NDArray[np.float32]:
    return np.frombuffer(content, _ARRAY)


# --- method, diary, treatments ----------------------------------------------


def diary_row(entry: DiaryEntry) -> dict[str, Any]:
    """Turn a diary entry into cells."""
    numbers = {name: number(getattr(entry, name)) for name in DIARY_FACTORS}
    return {
        "day": entry.on.isoformat(),
        **numbers,
        "medication": entry.medication,
        "notes": entry.notes,
    }


def diary_entry(row: DatabaseRow) -> DiaryEntry:
    """Turn cells into a diary entry."""
    values = {name: row[name] for name in DIARY_FACTORS}
    return DiaryEntry(
        on=date.fromisoformat(row["day"]),
        medication=row["medication"],
        notes=row["notes"],
        **{name: float(value) for name, value in values.items() if value is not None},
    )


def treatment_row(given: Treatment) -> dict[str, Any]:
    """Turn a treatment into cells."""
    return {
        "kind": given.kind.value,
        "day": given.on.isoformat(),
        "side": None if given.side is None else given.side.value,
        "product": given.product,
        "units": number(given.units),
        "muscles": to_json(dict(given.muscles)),
        "notes": given.notes,
        "side_effects": None
        if given.side_effects is None
        else " ".join(effect.value for effect in given.side_effects),
    }


def treatment(row: DatabaseRow) -> Treatment:
    """Turn cells into a treatment."""
    muscles = json.loads(row["muscles"])
    return Treatment(
        treatment_id=str(row["id"]),
        kind=TreatmentKind(row["kind"]),
        on=date.fromisoformat(row["day"]),
        side=None if row["side"] is None else Side(row["side"]),
        product=row["product"],
        units=measured(row["units"]),
        muscles={name: measured(dose) for name, dose in muscles.items()},
        notes=row["notes"],
        side_effects=None
        if row["side_effects"] is None
        else tuple(SideEffect(name) for name in row["side_effects"].split()),
    )
