"""Progressions kept in memory, so that a page is there at once when asked again.

Note: what is kept is thrown away as soon as anything about the person has changed in
the journal, whoever changed it (`Journal.newest_change`).
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from twitch_tracker.app.course.choice import Choice
from twitch_tracker.history import Basis, PatientHistory, TaskKind
from twitch_tracker.journal.journal import Journal
from twitch_tracker.language import current_speech
from twitch_tracker.progression.comparing import Day, SideBySide, side_by_side
from twitch_tracker.progression.glance import Glance, glance_of
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import Progression
from twitch_tracker.report.progress.view import ProgressView, build_progress_view

__all__ = ["Courses", "KeptCourse"]

_MOST_KEPT: Final = 6
"""Ten years of daily recordings take about 15 MB each."""

_MOST_DRAWN: Final = 3
"""Drawn pages of one course: two years take a third of a megabyte."""

_MOST_HISTORIES: Final = 3
"""Histories without a course; a course holds its own, the same one."""

_MOST_GLANCES: Final = 500
"""One sentence for each person of the list: a kilobyte each."""

_MOST_COMPARED: Final = 12
"""Pairs of days: a few kilobytes each."""


@dataclass(frozen=True, kw_only=True)
class KeptCourse:
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
    _views: dict[tuple[str, bool], ProgressView] = field(
        default_factory=dict, repr=False
    )
    _drawn: OrderedDict[Hashable, str] = field(default_factory=OrderedDict, repr=False)

    @property
    def view(self) -> ProgressView:
        """The report's whole view, in the words that are spoken now."""
        speech = current_speech()
        if speech not in self._views:
            self._views[speech] = build_progress_view(self.progression)
        return self._views[speech]

    def drawn(self, choice: Choice, draw: Callable[[], str]) -> str:
        """Return the drawn page of a choice, from memory when it was drawn today.

        Parameters
        ----------
        choice : Choice
            What is drawn.
        draw : callable
            Draws it of nothing but this course, the choice, the day and the words that
            are spoken now.
        """
        key = (current_speech(), choice, datetime.now().astimezone().date())
        found = self._drawn.get(key)
        if found is None:
            found = self._drawn[key] = draw()
            while len(self._drawn) > _MOST_DRAWN:
                self._drawn.popitem(last=False)
        return found


_CourseKey = tuple[str, datetime, Basis]
_ComparedDays = tuple[str, TaskKind, tuple[str, ...], tuple[str, ...]]


class Courses:
    """Computes progressions, each once, and keeps the latest few."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_CourseKey, KeptCourse] = OrderedDict()
        self._histories: OrderedDict[_CourseKey, tuple[int, PatientHistory]] = (
            OrderedDict()
        )
        self._compared: OrderedDict[
            _ComparedDays, tuple[weakref.ref[PatientHistory], SideBySide]
        ] = OrderedDict()
        self._glances: OrderedDict[_CourseKey, tuple[int, Glance | None]] = (
            OrderedDict()
        )
        self._lock = threading.Lock()
        self._computing: dict[_CourseKey, threading.Lock] = {}

    def of(
        self, open_journal: Callable[[], Journal], patient_id: str, basis: Basis
    ) -> KeptCourse:
        """Return the course of a person as the journal has it now.

        Returns
        -------
        KeptCourse
            Two that ask at once share one computation.

        Raises
        ------
        UnknownPatient
            No such person.
        """
        with open_journal() as journal:
            patient = journal.patient(patient_id)
            key = (patient_id, patient.created_at, basis)
            with self._lock:
                turn = self._computing.setdefault(key, threading.Lock())
            with turn:
                change = journal.newest_change(patient_id)
                known = self._known(key, change)
                if known is not None:
                    return known
                history = self._history(journal, key, change)
                course = KeptCourse(
                    change=change,
                    history=history,
                    progression=_progression(history, basis),
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
            return self._history(
                journal, (patient_id, patient.created_at, basis), change
            )

    def glance(
        self, open_journal: Callable[[], Journal], patient_id: str, basis: Basis
    ) -> Glance | None:
        """Return `glance_of` a person's history, from memory until anything changes."""
        with open_journal() as journal:
            patient = journal.patient(patient_id)
            key = (patient_id, patient.created_at, basis)
            change = journal.newest_change(patient_id)
            with self._lock:
                known = self._glances.get(key)
            if known is not None and known[0] == change:
                return known[1]
            found = glance_of(self._history(journal, key, change))
        with self._lock:
            self._glances[key] = change, found
            self._glances.move_to_end(key)
            while len(self._glances) > _MOST_GLANCES:
                self._glances.popitem(last=False)
        return found

    def compared(
        self, history: PatientHistory, kind: TaskKind, earlier: Day, later: Day
    ) -> SideBySide:
        """Return `side_by_side`, from memory when it was computed of this very history.

        Another history is another object: one is kept only as long as nothing changes.
        """
        first, second = (
            tuple(r.recording_id for r in day.recordings) for day in (earlier, later)
        )
        key = (history.patient.patient_id, kind, first, second)
        with self._lock:
            known = self._compared.get(key)
        if known is not None and known[0]() is history:
            return known[1]
        found = side_by_side(history, kind, earlier, later)
        with self._lock:
            self._compared[key] = weakref.ref(history), found
            self._compared.move_to_end(key)
            while len(self._compared) > _MOST_COMPARED:
                self._compared.popitem(last=False)
        return found

    def is_known(
        self, open_journal: Callable[[], Journal], patient_id: str, basis: Basis
    ) -> bool:
        """Return whether the course can be had without computing it."""
        with open_journal() as journal:
            patient = journal.patient(patient_id)
            change = journal.newest_change(patient_id)
        return self._known((patient_id, patient.created_at, basis), change) is not None

    def drop(self, is_gone: Callable[[str], bool]) -> None:
        """Drop everything about people who were removed."""
        with self._lock:
            all_kept: tuple[MutableMapping[Any, Any], ...] = (
                *(self._kept, self._histories, self._glances),
                *(self._compared, self._computing),
            )
            for kept in all_kept:
                _drop(kept, is_gone)

    def _history(
        self, journal: Journal, key: _CourseKey, change: int
    ) -> PatientHistory:
        """Return a history from memory, or read and keep it."""
        course = self._known(key, change)
        if course is not None:
            return course.history
        with self._lock:
            known = self._histories.get(key)
        if known is not None and known[0] == change:
            return known[1]
        patient_id, _, basis = key
        history = journal.history(patient_id, basis)
        with self._lock:
            self._histories[key] = change, history
            self._histories.move_to_end(key)
            while len(self._histories) > _MOST_HISTORIES:
                self._histories.popitem(last=False)
        return history

    def _known(self, key: _CourseKey, change: int) -> KeptCourse | None:
        with self._lock:
            known = self._kept.get(key)
            if known is None or known.change != change:
                return None
            self._kept.move_to_end(key)
            return known

    def _keep(self, key: _CourseKey, course: KeptCourse) -> None:
        with self._lock:
            self._kept[key] = course
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST_KEPT:
                old, _ = self._kept.popitem(last=False)
                self._computing.pop(old, None)


def _drop(kept: MutableMapping[Any, Any], is_gone: Callable[[str], bool]) -> None:
    """Drop what is kept of removed people; the first part of each key names a person."""
    for key in [key for key in kept if is_gone(key[0])]:
        del kept[key]


def _progression(history: PatientHistory, basis: Basis) -> Progression:
    """Compute; without anything counted the basis is still the one asked for."""
    found = progress_of(history)
    return found if found.recordings else replace(found, basis=basis)
