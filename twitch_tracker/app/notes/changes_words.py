"""Lines of the journal's audit about what people entered, in plain words.

Pure. Note: of a change only what differs is shown, with "not stated" on the side that
says nothing; internal numbers are never shown.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from twitch_tracker.app.notes.treatment_form import kind_choices
from twitch_tracker.app.recording.steps import task_name
from twitch_tracker.app.words import moment
from twitch_tracker.history import DIARY_FACTORS, SideEffect, Task, Treatment
from twitch_tracker.journal.entries import Change
from twitch_tracker.language import mark, say
from twitch_tracker.regions import Side
from twitch_tracker.units import day_text, plainly
from twitch_tracker.wording.terms import factor_name, side_effect_name, side_name

__all__ = ["SHOWN_KINDS", "ChangeRow", "change_row", "change_rows", "is_shown"]

Cells = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """One line of the list of changes; values are (name, value) in words."""

    when: str
    by: str
    what: str
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]


_ACTIONS: Final = {
    ("treatment", "add"): mark("Treatment entered"),
    ("treatment", "change"): mark("Treatment changed"),
    ("treatment", "remove"): mark("Treatment removed"),
    ("diary", "add"): mark("Diary day entered"),
    ("diary", "change"): mark("Diary day changed"),
    ("diary", "remove"): mark("Diary day removed"),
    ("recording", "change"): mark("Recording corrected"),
    ("recording", "remove"): mark("Recording removed"),
    ("patient", "change"): mark("Name or setting changed"),
}


SHOWN_KINDS: Final = frozenset(kind for kind, _ in _ACTIONS)
"""Kinds of things whose changes the page shows."""


def is_shown(change: Change) -> bool:
    """Return whether a line is about what people entered."""
    return (change.kind, change.action) in _ACTIONS


def change_rows(
    changes: Sequence[Change], treatments: Iterable[Treatment] = ()
) -> tuple[ChangeRow, ...]:
    """Put lines into words, newest first.

    Parameters
    ----------
        changes : sequence of Change
        Those for which `is_shown` holds, oldest first: a line of a change that leaves
        the day as it was does not name it, the older lines do.
    treatments : iterable of Treatment
        As they are now; name the day where older lines are not shown.
    """
    days = {("treatment", one.treatment_id): one.on.isoformat() for one in treatments}
    rows = []
    for change in changes:
        key = (change.kind, change.name)
        rows.append(change_row(change, days.get(key, "")))
        days[key] = _day_of(change) or days.get(key, "")
    return tuple(reversed(rows))


def _day_of(change: Change) -> str:
    for cells in (change.after, change.before):
        day = None if cells is None else cells.get("day")
        if isinstance(day, str):
            return day
    return ""


def change_row(change: Change, known_day: str = "") -> ChangeRow:
    """Put one line into words.

    Parameters
    ----------
    change : Change
        One for which `is_shown` holds.
    known_day : str
        Of what it is about, where the line itself does not say.

    Returns
    -------
    ChangeRow
        Without what was stated on neither side, or is the same on both.
    """
    before = {} if change.before is None else change.before
    after = {} if change.after is None else change.after
    names = [
        name
        for name in _FIELDS
        if not (_is_empty(before.get(name)) and _is_empty(after.get(name)))
        and before.get(name) != after.get(name)
    ]
    what = say(_ACTIONS[change.kind, change.action])
    day = _day_of(change) or known_day
    if day:
        what = say("{what}: {day}", what=what, day=_day(day))
        if before.get("day") == after.get("day") or not (before and after):
            names = [name for name in names if name != "day"]
    return ChangeRow(
        when=moment(change.at),
        by=change.by,
        what=what,
        before=_named_values(before, names) if before else (),
        after=_named_values(after, names) if after else (),
    )


def _named_values(cells: Cells, names: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple((_name(name), _value(name, cells.get(name))) for name in names)


def _is_empty(value: object) -> bool:
    return value in (None, "", "{}") or (isinstance(value, float) and math.isnan(value))


def _name(field: str) -> str:
    if field in DIARY_FACTORS:
        return factor_name(field, unit=True)
    return say(_FIELDS[field][0])


def _value(field: str, value: object) -> str:
    if _is_empty(value):
        return say("not stated")
    try:
        return _FIELDS[field][1](value)
    except (ValueError, TypeError, AttributeError):
        return str(value)


# --- values -----------------------------------------------------------------------


def _number(value: Any) -> str:
    return plainly(float(value))


def _day(value: Any) -> str:
    try:
        return day_text(date.fromisoformat(value))
    except ValueError:
        return str(value)


def _at(value: Any) -> str:
    return moment(datetime.fromisoformat(value))


def _task(value: Any) -> str:
    return task_name(Task(value))


def _kind(value: Any) -> str:
    return dict(kind_choices()).get(value, str(value))


def _side(value: Any) -> str:
    return side_name(Side(value))


def _yes_no(value: Any) -> str:
    return say("yes") if value else say("no")


def _units(value: Any) -> str:
    return say("{units} units", units=_number(value))


def _muscles(value: Any) -> str:
    """Read muscles as the journal has them: JSON of names and units (or null)."""
    units_of = json.loads(value)
    return "; ".join(
        name
        if units is None or math.isnan(units)
        else say("{muscle} {units} units", muscle=name, units=_number(units))
        for name, units in units_of.items()
    )


def _side_effects(value: Any) -> str:
    """Read side effects as the journal has them: codes parted by blanks."""
    names = [side_effect_name(SideEffect(code)) for code in str(value).split()]
    return ", ".join(names) or say("none")


_FIELDS: Final[dict[str, tuple[str, Callable[[Any], str]]]] = {
    "day": (mark("Day"), _day),
    "kind": (mark("What was done"), _kind),
    "side": (mark("Treated side"), _side),
    "product": (mark("Product"), str),
    "units": (mark("Total units"), _units),
    "muscles": (mark("Muscles"), _muscles),
    "side_effects": (mark("Noticed afterwards"), _side_effects),
    **dict.fromkeys(DIARY_FACTORS, ("", _number)),
    "medication": (mark("Medication taken"), str),
    "notes": (mark("Notes"), str),
    "started_at": (mark("Filmed"), _at),
    "task": (mark("Task"), _task),
    "device": (mark("Camera"), str),
    "note": (mark("Note"), str),
    "mirrored": (mark("Mirror image"), _yes_no),
    "name": (mark("Name"), str),
    "no_known_face": (mark("Earlier recordings not used for the face"), _yes_no),
    "films_kept_days": (mark("Days that films are kept"), str),
}
"""Name (a key of the catalogue) and wording of each column, in the order shown."""
