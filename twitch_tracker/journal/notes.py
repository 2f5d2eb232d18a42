"""Diary and treatments in the journal: checked, dated, changes kept.

Note: one diary entry a person and day; an entry that says nothing new changes nothing;
a treatment that is there already (same day, kind, side, product, dose, muscles) is not
entered twice, so that a table can be imported again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, insert, select, update

from twitch_tracker.errors import BadParameter, UnknownEntry
from twitch_tracker.history import DIARY_FACTORS, DiaryEntry, Treatment
from twitch_tracker.journal.store.base import JournalBase, entry_number
from twitch_tracker.journal.store.packing import (
    diary_entry,
    diary_row,
    treatment,
    treatment_row,
)
from twitch_tracker.journal.store.schema import diary, treatments
from twitch_tracker.language import say

__all__ = ["Notes", "check_diary", "check_treatment"]

_MOST_UNITS: Final = 10_000.0
"""More units than any product is given in at once (abobotulinumtoxinA: 1,500)."""


class Notes(JournalBase):
    """The part of `Journal` about diary and treatments."""

    # --- diary --------------------------------------------------------------

    def diary(self, patient_id: str) -> tuple[DiaryEntry, ...]:
        """Return all entries, in order of day."""
        with self._read() as connection:
            number = self._patient_number(connection, patient_id)
            return self._diary(connection, number)

    def write_diary(
        self, patient_id: str, entries: Iterable[DiaryEntry], *, merge: bool = False
    ) -> int:
        """Write entries, one a day; an older one of the day goes to the audit.

        Parameters
        ----------
        patient_id : str
            Whose.
        entries : iterable of DiaryEntry
            What to write; all or none.
        merge : bool
            Keep what the older entry of the day says where the new one says nothing.

        Returns
        -------
        int
            How many days changed.

        Raises
        ------
        BadParameter
            A number outside `history.DIARY_FACTORS`, or a day in the future.
        """
        given = tuple(entries)
        for entry in given:
            check_diary(entry)
            self._refuse_future_day(entry.on)
        with self._write() as connection:
            patient = self._patient_number(connection, patient_id)
            return sum(
                self._write_day(connection, patient, entry, merge=merge)
                for entry in given
            )

    def remove_diary(self, patient_id: str, on: date) -> None:
        """Remove the entry of a day; it stays in the audit."""
        with self._write() as connection:
            patient = self._patient_number(connection, patient_id)
            old = _day(connection, patient, on)
            if old is None:
                raise UnknownEntry(
                    say(
                        "The diary of {patient_id!r} has no entry for {day}.",
                        patient_id=patient_id,
                        day=on.isoformat(),
                    )
                )
            connection.execute(delete(diary).where(_that_day(patient, on)))
            self._audit_day(connection, "remove", patient, old, None)

    def _diary(self, connection: Connection, patient: int) -> tuple[DiaryEntry, ...]:
        wanted = select(diary).where(diary.c.patient_id == patient)
        rows = connection.execute(wanted.order_by(diary.c.day)).mappings()
        return tuple(map(diary_entry, rows.all()))

    def _write_day(
        self, connection: Connection, patient: int, entry: DiaryEntry, *, merge: bool
    ) -> bool:
        """Write one day; return whether anything changed."""
        old = _day(connection, patient, entry.on)
        new = entry if old is None or not merge else _merged(old, entry)
        row = diary_row(new)
        if old is None:
            connection.execute(insert(diary), {"patient_id": patient, **row})
        elif diary_row(old) == row:
            return False
        else:
            here = _that_day(patient, entry.on)
            connection.execute(update(diary).where(here).values(**row))
        action = "add" if old is None else "change"
        self._audit_day(connection, action, patient, old, new)
        return True

    def _audit_day(
        self,
        connection: Connection,
        action: str,
        patient: int,
        old: DiaryEntry | None,
        new: DiaryEntry | None,
    ) -> None:
        entry = new or old
        self._audit(
            connection,
            action,
            "diary",
            entry.on.isoformat() if entry else "",
            patient=patient,
            before=None if old is None else diary_row(old),
            after=None if new is None else diary_row(new),
        )

    # --- treatments ---------------------------------------------------------

    def treatments(self, patient_id: str) -> tuple[Treatment, ...]:
        """Return all treatments, in order of day."""
        with self._read() as connection:
            number = self._patient_number(connection, patient_id)
            return self._treatments(connection, number)

    def add_treatments(
        self, patient_id: str, treatments: Iterable[Treatment]
    ) -> tuple[Treatment, ...]:
        """Enter treatments, all or none; one that is there already is not doubled.

        Returns
        -------
        tuple of Treatment
            As stored, with their `treatment_id`.

        Raises
        ------
        BadParameter
            Negative units, or a day in the future.
        """
        given = tuple(treatments)
        for one in given:
            check_treatment(one)
            self._refuse_future_day(one.on)
        with self._write() as connection:
            patient = self._patient_number(connection, patient_id)
            return tuple(self._add(connection, patient, one) for one in given)

    def change_treatment(self, treatment: Treatment) -> Treatment:
        """Replace the treatment of this `treatment_id`; the old one is audited."""
        check_treatment(treatment)
        self._refuse_future_day(treatment.on)
        with self._write() as connection:
            return self._change(connection, treatment)

    def _change(self, connection: Connection, given: Treatment) -> Treatment:
        row = treatment_row(given)
        old = _treatment_row(connection, given.treatment_id)
        before = {name: old[name] for name in row if old[name] != row[name]}
        if before:
            here = treatments.c.id == old["id"]
            connection.execute(update(treatments).where(here).values(**row))
            self._audit(
                connection,
                "change",
                "treatment",
                given.treatment_id,
                patient=old["patient_id"],
                before=before,
                after={name: row[name] for name in before},
            )
        return given

    def remove_treatment(self, treatment_id: str) -> None:
        """Remove a treatment; it stays in the audit."""
        with self._write() as connection:
            old = _treatment_row(connection, treatment_id)
            connection.execute(delete(treatments).where(treatments.c.id == old["id"]))
            self._audit(
                connection,
                "remove",
                "treatment",
                treatment_id,
                patient=old["patient_id"],
                before={name: value for name, value in old.items() if name != "id"},
            )

    def _treatments(
        self, connection: Connection, patient: int
    ) -> tuple[Treatment, ...]:
        wanted = select(treatments).where(treatments.c.patient_id == patient)
        in_order = wanted.order_by(treatments.c.day, treatments.c.id)
        return tuple(map(treatment, connection.execute(in_order).mappings()))

    def _add(self, connection: Connection, patient: int, given: Treatment) -> Treatment:
        row = treatment_row(given)
        for known in self._treatments(connection, patient):
            # Side effects are often entered later; it is still the same treatment.
            alike = replace(known, side_effects=given.side_effects)
            if treatment_row(alike) == row:
                if given.side_effects in (None, known.side_effects):
                    return known
                return self._change(connection, alike)
        made = connection.execute(insert(treatments), {"patient_id": patient, **row})
        key = made.inserted_primary_key
        stored = replace(given, treatment_id=str(key[0]) if key else "")
        self._audit(
            connection,
            "add",
            "treatment",
            stored.treatment_id,
            patient=patient,
            after=row,
        )
        return stored


# --- checks -----------------------------------------------------------------


def check_diary(entry: DiaryEntry) -> None:
    """Refuse numbers that a day cannot have.

    Raises
    ------
    BadParameter
        Naming the number and what it may be.
    """
    for name, (low, high) in DIARY_FACTORS.items():
        value = getattr(entry, name)
        if math.isnan(value) or low <= value <= high:
            continue
        raise BadParameter(
            name, say("a number from {low:g} to {high:g}", low=low, high=high), value
        )


def check_treatment(given: Treatment) -> None:
    """Refuse doses that cannot be.

    Raises
    ------
    BadParameter
        Negative or absurdly many units, in all or in one muscle; or a muscle
        without a name.
    """
    for name, dose in {**given.muscles, "": given.units}.items():
        if not (math.isnan(dose) or 0 <= dose <= _MOST_UNITS):
            raise BadParameter(
                say("units of {name}", name=name) if name else "units",
                say("a number of units from 0 to {most:g}", most=_MOST_UNITS),
                dose,
            )
    if any(not name.strip() for name in given.muscles):
        raise BadParameter("muscles", say("a name for every muscle"), "")


# --- rows -------------------------------------------------------------------


def _that_day(patient: int, on: date) -> Any:
    return and_(diary.c.patient_id == patient, diary.c.day == on.isoformat())


def _day(connection: Connection, patient: int, on: date) -> DiaryEntry | None:
    wanted = select(diary).where(_that_day(patient, on))
    row = connection.execute(wanted).mappings().one_or_none()
    return None if row is None else diary_entry(row)


def _merged(old: DiaryEntry, new: DiaryEntry) -> DiaryEntry:
    """Keep what the older entry says where the newer one says nothing."""
    said = {field.name: getattr(new, field.name) for field in fields(new)}
    return replace(
        old,
        **{
            name: value
            for name, value in said.items()
            if value != "" and not (isinstance(value, float) and math.isnan(value))
        },
    )


def _treatment_row(connection: Connection, treatment_id: str) -> Any:
    key = entry_number("treatment", treatment_id)
    wanted = select(treatments).where(treatments.c.id == key)
    row = connection.execute(wanted).mappings().one_or_none()
    if row is None:
        raise UnknownEntry(
            say(
                "There is no treatment {treatment_id} in the journal.",
                treatment_id=treatment_id,
            ),
            say("`twitch-tracker treatment list --patient ID` shows which there are."),
        )
    return row
