"""Progressions kept in memory, so that a page is there at once when asked again.

The convention that bites: what is kept is thrown away as soon as anything about the
person has changed in the journal, whoever changed it (`Journal.newest_change`).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from twitch_tracker.history import Basis, PatientHistory
from twitch_tracker.journal.protocol import Journal
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import Progression
from twitch_tracker.report.language import current_language
from twitch_tracker.report.progress_view import ProgressView, build_progress_view

__all__ = ["Course", "Courses"]

_MOST_KEPT: Final = 6
"""Ten years of daily recordings take about 15 MB each."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """A person's history as it was counted, and what is said of it.

    Attributes
    ----------
    change : int
        Number of the newest change when it was read.
    history : PatientHistory
        What the journal held, for the basis that was asked for.
    progression : Progression
        What is said of it. Its `basis` is the one asked for where nothing was counted.
    """

    change: int
    history: PatientHistory
    progression: Progression
    _views: dict[str, ProgressView] = field(default_factory=dict, repr=False)

    @property
    def view(self) -> ProgressView:
        """The report's whole view, in the language that is spoken now."""
        language = current_language()
        if language not in self._views:
            self._views[language] = build_progress_view(self.progression)
        return self._views[language]


_Key = tuple[str, datetime, Basis]


class Courses:
    """Reckons progressions, each once, and keeps the latest few."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, Course] = OrderedDict()
        self._lock = threading.Lock()
        self._reckoning: dict[_Key, threading.Lock] = {}

    def of(
        self, open_journal: Callable[[], Journal], patient_id: str, basis: Basis
    ) -> Course:
        """Return the course of a person as the journal has it now.

        Parameters
        ----------
        open_journal : callable
            Opens the journal.
        patient_id : str
            Whose.
        basis : Basis
            Whose bursts count.

        Returns
        -------
        Course
            Two that ask at once share one reckoning.

        Raises
        ------
        UnknownPatient
            No such person.
        """
        with open_journal() as journal:
            patient = journal.patient(patient_id)
            key = (patient_id, patient.created_at, basis)
            with self._lock:
                turn = self._reckoning.setdefault(key, threading.Lock())
            with turn:
                change = journal.newest_change(patient_id)
                known = self._known(key, change)
                if known is not None:
                    return known
                history = journal.history(patient_id, basis)
                course = Course(
                    change=change, history=history, progression=_said(history, basis)
                )
                self._keep(key, course)
                return course

    def history_of(
        self, open_journal: Callable[[], Journal], patient_id: str, basis: Basis
    ) -> PatientHistory:
        """Return the history alone, from memory when it is there."""
        with open_journal() as journal:
            patient = journal.patient(patient_id)
            change = journal.newest_change(patient_id)
            known = self._known((patient_id, patient.created_at, basis), change)
            return known.history if known else journal.history(patient_id, basis)

    def is_known(
        self, open_journal: Callable[[], Journal], patient_id: str, basis: Basis
    ) -> bool:
        """Tell whether the course can be had without reckoning."""
        with open_journal() as journal:
            patient = journal.patient(patient_id)
            change = journal.newest_change(patient_id)
        return self._known((patient_id, patient.created_at, basis), change) is not None

    def _known(self, key: _Key, change: int) -> Course | None:
        with self._lock:
            known = self._kept.get(key)
            if known is None or known.change != change:
                return None
            self._kept.move_to_end(key)
            return known

    def _keep(self, key: _Key, course: Course) -> None:
        with self._lock:
            self._kept[key] = course
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST_KEPT:
                old, _ = self._kept.popitem(last=False)
                self._reckoning.pop(old, None)


def _said(history: PatientHistory, basis: Basis) -> Progression:
    """Reckon; without anything counted the basis is still the one asked for."""
    found = progress_of(history)
    return found if found.recordings else replace(found, basis=basis)
