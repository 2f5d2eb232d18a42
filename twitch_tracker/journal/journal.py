"""The log of months and years, as one class of parts.

`open.open_journal` gives a `Journal`; nobody else needs to know which database it is.
Note: every change is one transaction, whole or not at all, and leaves a line in the
audit under the name given when the journal was opened; a detection is never
overwritten.

>>> with open_journal() as journal:  # doctest: +SKIP
...     journal.add_patient("anna")
...     history = journal.history("anna")
"""

from __future__ import annotations

from typing import Self

from twitch_tracker.journal.reviewed.ratings import Ratings
from twitch_tracker.journal.reviewed.reviews import Reviews
from twitch_tracker.journal.upkeep.maintenance import Maintenance
from twitch_tracker.journal.upkeep.removing import Removing

__all__ = ["Journal"]


class Journal(Reviews, Ratings, Removing, Maintenance):
    """People, recordings, bursts, reviews, diary and treatments over years.

    Each part has its methods: `people.People`, `logging_in.Logging`, `reading.Recordings`,
    `notes.Notes`, `reviewed.reviews.Reviews`, `reviewed.ratings.Ratings`,
    `upkeep.removing.Removing` and `upkeep.maintenance.Maintenance`, all on `store.base.JournalBase`.

    Every method may raise `JournalUnavailable` (locked for long, unreachable,
    read-only, disk full; nothing half written) and `JournalDamaged`; every method
    with a `patient_id` raises `UnknownPatient`, every one with another name
    `UnknownEntry`.
    """

    def __enter__(self) -> Self:
        """Return the journal itself; nothing is opened before it is needed."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the database."""
        self.close()
