"""Parse the form of a day, field by field.

Knows no page and no journal; see `form_reading`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from twitch_tracker.app.notes.form_reading import read_day, read_within
from twitch_tracker.history import DIARY_FACTORS, DiaryEntry

__all__ = ["TypedDay", "typed_day"]


@dataclass(frozen=True, kw_only=True)
class TypedDay:
    """What was typed, as it was typed.

    Attributes
    ----------
    on : str
        The day.
    numbers : mapping of str to str
        By names of `history.DIARY_FACTORS`; what is missing was left open.
    medication, notes : str
        Free text.
    """

    on: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)
    medication: str = ""
    notes: str = ""

    def read(self, today: date) -> tuple[DiaryEntry | None, Mapping[str, str]]:
        """Parse the form.

        Parameters
        ----------
        today : date
            Later days are refused.

        Returns
        -------
        DiaryEntry or None
            None when something does not fit.
        problems : mapping of str to str
            What does not fit, by field, in words, in the order of the form.
        """
        problems: dict[str, str] = {}
        day = read_day(self.on, today, problems)
        found = {
            name: read_within(self.numbers.get(name, ""), low, high, name, problems)
            for name, (low, high) in DIARY_FACTORS.items()
        }
        if problems or day is None:
            return None, problems
        entry = DiaryEntry(
            on=day,
            medication=self.medication.strip(),
            notes=self.notes.strip(),
            **found,
        )
        return entry, problems


def typed_day(entry: DiaryEntry) -> TypedDay:
    """Return what a form shows of a day that is there already."""
    numbers = {
        name: f"{value:g}"
        for name in DIARY_FACTORS
        if math.isfinite(value := getattr(entry, name))
    }
    return TypedDay(
        on=entry.on.isoformat(),
        numbers=numbers,
        medication=entry.medication,
        notes=entry.notes,
    )
