"""The people of a journal: enter, rename; `removing` forgets them."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from twitch_tracker.errors import BadParameter
from twitch_tracker.history import Patient
from twitch_tracker.journal.store.base import JournalBase
from twitch_tracker.journal.store.packing import moment, read_moment
from twitch_tracker.journal.store.schema import patients
from twitch_tracker.language import say

__all__ = ["People", "same_pseudonym"]

_LONGEST: Final = 80
_LONGEST_DAYS: Final = 36_500

_ONE: Final = select(patients).where(patients.c.id == bindparam("number"))
"""Put together once, as every page asks for it."""


class People(JournalBase):
    """The part of `Journal` about people."""

    def patients(self) -> tuple[Patient, ...]:
        """Return everyone, in order of their pseudonyms."""
        with self._read() as connection:
            rows = connection.execute(select(patients)).mappings()
            return tuple(sorted(map(_patient, rows), key=lambda p: p.patient_id))

    def patient(self, patient_id: str) -> Patient:
        """Return one person."""
        with self._read() as connection:
            return self._patient(connection, patient_id)

    def add_patient(self, patient_id: str, notes: str = "") -> Patient:
        """Enter a person.

        Raises
        ------
        BadParameter
            The pseudonym is taken, empty, longer than 80 characters, begins or ends
            with a space, or holds a control character or a slash.
        """
        patient_id = _as_kept(patient_id)
        _check_name(patient_id)
        with self._write() as connection:
            _refuse_taken(connection, patient_id)
            row = {
                "name": patient_id,
                "notes": notes,
                "created_at": moment(self._clock()),
            }
            made = connection.execute(insert(patients), row).inserted_primary_key
            number = int(made[0]) if made else 0
            self._audit(
                connection, "add", "patient", patient_id, patient=number, after=row
            )
            return self._patient(connection, patient_id)

    def change_patient(self, patient_id: str, *, notes: str) -> Patient:
        """Replace the notes; the old ones stay in the audit."""
        return self._change_patient(patient_id, {"notes": notes})

    def rename_patient(self, patient_id: str, new_id: str) -> Patient:
        """Give a person another pseudonym; raises as `add_patient` does."""
        new_id = _as_kept(new_id)
        _check_name(new_id)
        return self._change_patient(patient_id, {"name": new_id})

    def refuse_known_face(self, patient_id: str, refused: bool) -> Patient:
        """Say whether earlier recordings of a person are never asked about the face."""
        return self._change_patient(patient_id, {"no_known_face": refused})

    def keep_films(self, patient_id: str, days: int | None) -> Patient:
        """Say for how long the app keeps a person's films once they are analysed.

        Parameters
        ----------
        patient_id : str
            Who.
        days : int or None
            0 for not at all, None for good.

        Raises
        ------
        BadParameter
            Less than 0 or more than 36,500 days.
        """
        if days is not None and not 0 <= days <= _LONGEST_DAYS:
            expected = say("0 to {most} days", most=_LONGEST_DAYS)
            raise BadParameter("days", expected, days)
        return self._change_patient(patient_id, {"films_kept_days": days})

    def _patient(self, connection: Connection, patient_id: str) -> Patient:
        number = self._patient_number(connection, patient_id)
        found = connection.execute(_ONE, {"number": number})
        return _patient(found.mappings().one())

    def _change_patient(self, patient_id: str, new: dict[str, Any]) -> Patient:
        with self._write() as connection:
            number = self._patient_number(connection, patient_id)
            wanted = select(patients).where(patients.c.id == number)
            old = dict(connection.execute(wanted).mappings().one())
            changed = {name: old[name] for name in new if old[name] != new[name]}
            if changed:
                if "name" in changed:
                    _refuse_taken(connection, new["name"], but=number)
                connection.execute(
                    update(patients).where(patients.c.id == number).values(**new)
                )
                self._audit(
                    connection,
                    "change",
                    "patient",
                    patient_id,
                    patient=number,
                    before=changed,
                    after=new,
                )
            return self._patient(connection, new.get("name", patient_id))


def same_pseudonym(one: str, other: str) -> bool:
    """Return whether two pseudonyms are one, however their letters are put together.

    Parameters
    ----------
    one, other : str
        As typed, or as kept: ``é`` may be one sign or two, and capitals do not count.

    Returns
    -------
    bool
        Whether they look the same.
    """
    return _as_kept(one).casefold() == _as_kept(other).casefold()


def _as_kept(name: str) -> str:
    """Normalise a pseudonym as it is stored (NFC)."""
    return unicodedata.normalize("NFC", name)


def _patient(row: RowMapping) -> Patient:
    return Patient(
        patient_id=row["name"],
        notes=row["notes"],
        created_at=read_moment(row["created_at"]),
        no_known_face=bool(row["no_known_face"]),
        films_kept_days=row["films_kept_days"],
    )


def _check_name(name: str) -> None:
    """Refuse pseudonyms that could not be typed, listed or distinguished."""
    expected = say(
        "a pseudonym of 1 to {longest} characters without / and \\", longest=_LONGEST
    )
    odd = any(
        unicodedata.category(sign).startswith("C") or sign in "/\\" for sign in name
    )
    if not name or name != name.strip() or len(name) > _LONGEST or odd:
        raise BadParameter("patient", expected, name)
    if name.startswith("-"):
        raise BadParameter(
            "patient", say("a pseudonym that does not begin with -"), name
        )


def _refuse_taken(connection: Connection, name: str, but: int = 0) -> None:
    """Refuse a pseudonym that somebody has, also in other capitals."""
    others = select(patients.c.name).where(patients.c.id != but)
    for (taken,) in connection.execute(others):
        if same_pseudonym(taken, name):
            raise BadParameter(
                "patient",
                say("a new pseudonym"),
                name,
                say("The journal already has a patient {taken!r}.", taken=taken),
            )
