"""Agreement on all recordings of a person, kept in memory until something changes.

Comparing raters over a hundred recordings takes seconds. Note: what is kept is thrown
away as soon as anything about the person has changed in the journal, whoever changed it
(`Journal.newest_change`).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from twitch_tracker.journal.journal import Journal
from twitch_tracker.review.agreement import (
    PairAgreement,
    Verdicts,
    agreements,
    verdicts_of,
)

__all__ = ["Agreed", "Agreements"]

_MOST_KEPT: Final = 3
_AT_ONCE: Final = 4
"""So many rated recordings are compared while a page is made."""

_AgreementKey = tuple[str, datetime]


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """How everybody judged the rated recordings of a person.

    Attributes
    ----------
    change : int
        Number of the newest change when it was read.
    judged : tuple of Verdicts
        Of every rated recording.
    pairs : tuple of PairAgreement
        Everybody with everybody.
    """

    change: int
    judged: tuple[Verdicts, ...]
    pairs: tuple[PairAgreement, ...]


class Agreements:
    """Compares raters, once each, and keeps the latest few."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_AgreementKey, Agreed] = OrderedDict()
        self._turn = threading.Lock()

    def is_quick(self, journal: Journal, patient_id: str) -> bool:
        """Return whether the agreement is known, or of few recordings.

        Raises
        ------
        UnknownPatient
            No such person.
        """
        if self._known(journal, patient_id) is not None:
            return True
        ratings = journal.ratings(patient_id)
        return len({rating.recording_id for rating in ratings}) <= _AT_ONCE

    def of(self, journal: Journal, patient_id: str) -> Agreed:
        """Return the agreement as the journal has it now.

        Two that ask at once share one computation.

        Raises
        ------
        UnknownPatient
            No such person.
        """
        with self._turn:
            known = self._known(journal, patient_id)
            if known is not None:
                return known
            key = patient_id, journal.patient(patient_id).created_at
            change = journal.newest_change(patient_id)
            ratings = journal.ratings(patient_id)
            rated = {rating.recording_id for rating in ratings}
            judged = tuple(
                verdicts_of(journal, entry, ratings)
                for entry in journal.recordings(patient_id, rated)
            )
            found = Agreed(change=change, judged=judged, pairs=agreements(judged))
            self._kept[key] = found
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
            return found

    def drop(self, is_gone: Callable[[str], bool]) -> None:
        """Drop everything about people who were removed."""
        with self._turn:
            for key in [key for key in self._kept if is_gone(key[0])]:
                del self._kept[key]

    def _known(self, journal: Journal, patient_id: str) -> Agreed | None:
        key = patient_id, journal.patient(patient_id).created_at
        known = self._kept.get(key)
        if known is None or known.change != journal.newest_change(patient_id):
            return None
        return known
