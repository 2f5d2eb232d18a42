"""What every page of one running app needs, in one place.

Routers take it as ``state: State``; there are no globals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Annotated
from unicodedata import normalize

from fastapi import Depends
from starlette.requests import HTTPConnection

from twitch_tracker.app.course.kept import Courses
from twitch_tracker.app.door import Door
from twitch_tracker.app.exports.jobs import ExportJobs
from twitch_tracker.app.phone.listening import PhoneListener
from twitch_tracker.app.recording.analyses import Analyses
from twitch_tracker.app.recording.live.slots import LiveSlots
from twitch_tracker.app.recording.store import Store
from twitch_tracker.app.recording.whom.faces import FaceSearch
from twitch_tracker.app.review.room import ReviewRoom
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.exchange.saved_summary import SavedSummary
from twitch_tracker.journal.cache import JournalCache
from twitch_tracker.journal.journal import Journal
from twitch_tracker.records import ReadOptions

__all__ = ["AppState", "Sample", "State"]


Sample = Callable[[Journal], str]
"""Writes a made-up person into a journal and gives their name there."""


@dataclass(frozen=True, kw_only=True)
class AppState:
    """The parts of one running app.

    Attributes
    ----------
    settings : AppSettings
        How it runs.
    door : Door
        Who may come in.
    kept_open : JournalCache
        The journal; pages ask `journal` for it.
    store : Store
        Recordings that the app keeps.
    analyses : Analyses
        What is being analysed.
    courses : Courses
        Progressions that were computed.
    exports : ExportJobs
        Files that are being made to be taken out.
    review : ReviewRoom
        What the pages of the review share.
    phone : PhoneListener
        The door for a phone that films.
    live_slots : LiveSlots
        Who has live advice.
    whom : FaceSearch
        The faces that recordings show.
    sample : callable or None
        Writes a made-up person into a journal and gives their name; None where there
        is none to be had.
    """

    settings: AppSettings
    door: Door
    kept_open: JournalCache
    store: Store
    analyses: Analyses
    review: ReviewRoom
    phone: PhoneListener
    courses: Courses = field(default_factory=Courses)
    exports: ExportJobs = field(default_factory=ExportJobs)
    live_slots: LiveSlots = field(default_factory=LiveSlots)
    whom: FaceSearch = field(default_factory=FaceSearch)
    sample: Sample | None = None

    def journal(self) -> Journal:
        """Open the journal; use it in a ``with`` block."""
        return self.kept_open()

    def drop_person(self, patient_id: str) -> None:
        """Drop what memory holds about a person, and about films that were removed."""
        name = normalize("NFC", patient_id)
        self._drop(lambda one: normalize("NFC", one) == name)

    def drop_all_but(self, patient_ids: Iterable[str]) -> None:
        """Drop what memory holds about people who are no longer in the journal."""
        names = {normalize("NFC", name) for name in patient_ids}
        self._drop(lambda one: normalize("NFC", one) not in names)

    def _drop(self, is_gone: Callable[[str], bool]) -> None:
        for kept in (self.courses, self.exports, self.review.agreed):
            kept.drop(is_gone)
        self.whom.drop()
        self.review.meshes.drop()

    def reading_of(self, recording_id: str) -> ReadOptions:
        """Return as what a recording's video was read: which film of it, and how fast."""
        with self.journal() as journal:
            return SavedSummary(journal.analysis(recording_id).summary).reading


def _state_of(connection: HTTPConnection) -> AppState:
    found: AppState = connection.app.state.parts
    return found


State = Annotated[AppState, Depends(_state_of)]
"""Write ``state: State`` in a route's parameters."""
