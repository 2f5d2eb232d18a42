"""The seam between the log of months and years and all who read or fill it.

`open.open_journal` gives a `Journal`; nobody else needs to know which database it
is. Conventions that bite: every change is one transaction, whole or not at all, and
leaves a line in the audit under the name given when the journal was opened; a
detection is never overwritten.

>>> with open_journal() as journal:  # doctest: +SKIP
...     journal.add_patient("anna")
...     history = journal.history("anna")
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol, Self

from twitch_tracker.history import (
    USUAL_BASIS,
    Basis,
    DiaryEntry,
    Patient,
    PatientHistory,
    Task,
    Treatment,
)
from twitch_tracker.journal.entries import (
    Act,
    Analysis,
    Burst,
    Change,
    Finding,
    Logged,
    LoggedAnalysis,
    Rating,
    RecordingBrief,
    RecordingEntry,
    Review,
    ReviewAction,
    Way,
)
from twitch_tracker.records import Episode

__all__ = ["Journal"]


class Journal(Protocol):
    """People, recordings, bursts, reviews, diary and treatments over years.

    Every method may raise `JournalUnavailable` (locked for long, unreachable,
    read-only, disk full; nothing half written) and `JournalDamaged`; every method
    with a `patient_id` raises `UnknownPatient`, every one with another name
    `UnknownEntry`.
    """

    @property
    def place(self) -> str:
        """Where the journal is, for messages; never with a password."""
        ...

    def __enter__(self) -> Self:
        """Give the journal itself."""
        ...

    def __exit__(self, *_: object) -> None:
        """Close it."""
        ...

    def close(self) -> None:
        """Let go of the database. The journal cannot be used afterwards."""
        ...

    # --- people -------------------------------------------------------------

    def patients(self) -> tuple[Patient, ...]:
        """Everyone, in order of their pseudonyms."""
        ...

    def patient(self, patient_id: str) -> Patient:
        """One person."""
        ...

    def add_patient(self, patient_id: str, notes: str = "") -> Patient:
        """Enter a person.

        Raises
        ------
        BadParameter
            The pseudonym is taken, empty, longer than 80 characters, begins or ends
            with a space, or holds a control character or a slash.
        """
        ...

    def change_patient(self, patient_id: str, *, notes: str) -> Patient:
        """Replace the notes; the old ones stay in the audit."""
        ...

    def rename_patient(self, patient_id: str, new_id: str) -> Patient:
        """Give a person another pseudonym; raises as `add_patient` does."""
        ...

    def refuse_known_face(self, patient_id: str, refused: bool) -> Patient:
        """Say whether earlier recordings of a person are never asked about the face."""
        ...

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
        ...

    def forget_patient(self, patient_id: str, *, also: Collection[Path] = ()) -> int:
        """Remove a person with everything: recordings, signals, diary, treatments.

        Also every line of the audit about them; one line stays that says that a
        person was removed, when and by whom, without the pseudonym. It is noted on
        the disk first, and what a kill leaves is removed when the journal is next
        opened.

        Parameters
        ----------
        patient_id : str
            Who.
        also : collection of Path
            Files and folders below the journal's folder that go with the person:
            the videos that the app keeps.

        Returns
        -------
        int
            How many recordings were removed.

        Raises
        ------
        JournalUnavailable
            Something could not be removed (yet); the rest is.
        """
        ...

    # --- recordings ---------------------------------------------------------

    def log(
        self, patient_id: str, analysis: Analysis, *, allow_other_patient: bool = False
    ) -> Logged:
        """Log one analysis.

        The same content of the same person is the same recording; another method or
        other numbers are a new revision, which is counted from now on, and the old
        one is kept. What is known already changes nothing.

        Raises
        ------
        BadParameter
            `started_at` is in the future or not aware, or lengths are not sensible.
        LoggedForAnother
            The same content is logged for another person and `allow_other_patient`
            is not set (mixing people up is the worst error there is).
        """
        ...

    def log_many(
        self, patient_id: str, analyses: Iterable[Analysis]
    ) -> tuple[Logged, ...]:
        """Log many analyses in one transaction: all or none."""
        ...

    def recordings(
        self, patient_id: str, names: Collection[str] | None = None
    ) -> tuple[RecordingEntry, ...]:
        """Recordings of a person, in order of time.

        Parameters
        ----------
        patient_id : str
            Whose.
        names : collection of str, optional
            Only these; names that are no recording of this person are passed over.
            Without, all of them.
        """
        ...

    def overview(self, patient_id: str) -> tuple[RecordingBrief, ...]:
        """All recordings of a person, in order of time, without their numbers.

        Quick also for many years: choose here what is shown, then ask `recordings`
        for that alone.
        """
        ...

    def recording(self, recording_id: str) -> RecordingEntry:
        """One recording."""
        ...

    def contents(self) -> frozenset[str]:
        """Hashes of the content of every recording, of everybody."""
        ...

    def change_recording(
        self,
        recording_id: str,
        *,
        started_at: datetime | None = None,
        task: Task | None = None,
        device: str | None = None,
        note: str | None = None,
    ) -> RecordingEntry:
        """Correct what was told about a recording; None leaves it as it is."""
        ...

    def remove_recording(
        self, recording_id: str, *, also: Collection[Path] = ()
    ) -> None:
        """Remove a recording with all revisions, reviews and signals.

        As `forget_patient` does: noted first, finished when killed; `also` goes, too.
        """
        ...

    def analysis(
        self, recording_id: str, revision: int | None = None
    ) -> LoggedAnalysis:
        """One revision whole, with bursts as detected; None is the counted one."""
        ...

    def history(self, patient_id: str, basis: Basis = USUAL_BASIS) -> PatientHistory:
        """Everything progression needs, without touching single bursts.

        `Basis.BOTH` takes a review of an older revision only while the newest one was
        measured with the same method: a course of one method stays whole.
        `Basis.REVIEWED` gives only recordings with a finished review, with the
        method of the revision that was reviewed.
        """
        ...

    # --- reviews ------------------------------------------------------------

    def review(
        self,
        recording_id: str,
        rater: str,
        action: ReviewAction,
        key: str = "",
        *,
        after: Episode | None = None,
        text: str = "",
        way: Way = Way.OPEN,
        revision: int | None = None,
    ) -> Review:
        """Append one act of a rater.

        `CONFIRM`, `REJECT` and `CHANGE` need `key`; `CHANGE` and `ADD` need `after`;
        `UNDO` takes back the rater's own last act on this revision. An act on a
        finished review reopens it (a `NOTE` does not). What somebody does from scratch
        (`way`) is a review of its own, which does not mix with the same rater's checking.

        Raises
        ------
        BadParameter
            Something needed is missing, or there is nothing to undo.
        UnknownEntry
            The rater's version of this revision has no burst of that key.
        """
        ...

    def review_many(
        self,
        recording_id: str,
        rater: str,
        acts: Iterable[Act],
        *,
        way: Way = Way.OPEN,
        coded_unseen: bool = False,
        revision: int | None = None,
        finish: bool = False,
        first: bool = False,
    ) -> tuple[Review, ...]:
        """Append acts of a rater in one transaction: all or none.

        Each act finds the review as those before it have left it.

        Parameters
        ----------
        recording_id, rater, way, revision
            As of `review`.
        acts : iterable of Act
            In order.
        coded_unseen : bool
            See `entries.Review`.
        finish : bool
            Mark the review as finished afterwards, as `finish_review` does.
        first : bool
            Refuse when this rater has acted on this recording before, in this way.

        Returns
        -------
        tuple of Review
            As stored.

        Raises
        ------
        BadParameter
            As `review` and `finish_review` do, or `first` and there is an act.
        UnknownEntry
            As `review` does.
        """
        ...

    def reviews(
        self, recording_id: str, rater: str | None = None
    ) -> tuple[Review, ...]:
        """All acts on a recording (of one rater, in every way), oldest first."""
        ...

    def finish_review(
        self,
        recording_id: str,
        rater: str,
        revision: int | None = None,
        *,
        way: Way = Way.OPEN,
    ) -> None:
        """Mark that a rater has seen the whole recording; from now on it counts.

        With several raters the newest mark counts. A rating from scratch counts in
        agreement alone.

        Raises
        ------
        BadParameter
            Some bursts that were proposed are neither confirmed, rejected nor changed.
        """
        ...

    def reopen_review(
        self,
        recording_id: str,
        rater: str,
        revision: int | None = None,
        *,
        way: Way = Way.OPEN,
    ) -> None:
        """Take back that a rater has finished.

        Raises
        ------
        BadParameter
            The rater has not.
        """
        ...

    def reviewed_bursts(
        self,
        recording_id: str,
        rater: str | None = None,
        revision: int | None = None,
        *,
        way: Way = Way.OPEN,
    ) -> tuple[Burst, ...]:
        """The bursts as a rater sees them now, rejected ones left out.

        Parameters
        ----------
        recording_id : str
            Of which recording.
        rater : str, optional
            Whose; without, of the finished review that counts.
        revision : int, optional
            On which analysis; without, the one that counts.
        way : Way
            Which of the rater's reviews: from scratch, or the checking.

        Returns
        -------
        tuple of Burst
            In order of onset. `Episode.review` is CONFIRMED for what was judged,
            UNREVIEWED for what was not; `Episode.origin` is HUMAN for what was added.

        Raises
        ------
        UnknownEntry
            No rater was named and there is no finished review.
        """
        ...

    def ratings(
        self, patient_id: str, recording_id: str | None = None
    ) -> tuple[Rating, ...]:
        """Who has finished rating which recording (or this one) of a person, and how.

        Also those whose finished review does not count because a newer one does, and
        those who marked everything from scratch.
        """
        ...

    # --- diary --------------------------------------------------------------

    def diary(self, patient_id: str) -> tuple[DiaryEntry, ...]:
        """All entries, in order of day."""
        ...

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
        ...

    def remove_diary(self, patient_id: str, on: date) -> None:
        """Remove the entry of a day; it stays in the audit."""
        ...

    # --- treatments ---------------------------------------------------------

    def treatments(self, patient_id: str) -> tuple[Treatment, ...]:
        """All treatments, in order of day."""
        ...

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
        ...

    def change_treatment(self, treatment: Treatment) -> Treatment:
        """Replace the treatment of this `treatment_id`; the old one is audited."""
        ...

    def remove_treatment(self, treatment_id: str) -> None:
        """Remove a treatment; it stays in the audit."""
        ...

    # --- care ---------------------------------------------------------------

    def changes(
        self,
        patient_id: str | None = None,
        *,
        kinds: Collection[str] | None = None,
        newest: int | None = None,
        skip: int = 0,
    ) -> tuple[Change, ...]:
        """The audit, oldest first.

        Parameters
        ----------
        patient_id : str, optional
            Of whom; without, of everything.
        kinds : collection of str, optional
            Only changes of such things (`Change.kind`).
        newest : int, optional
            Only so many, the newest of them.
        skip : int
            Pass over so many newer ones first.
        """
        ...

    def newest_change(self, patient_id: str) -> int:
        """Give the number of the newest change about a person; 0 before the first.

        As long as it stays the same, nothing about the person has changed. Numbers
        are never used again, also not after somebody was removed.
        """
        ...

    def check(self) -> Sequence[Finding]:
        """Look for damage: database, references, totals, files. Empty is sound."""
        ...

    def backup(self, target: Path) -> Path:
        """Write everything, with signals, into one zip file, verify and give it.

        Parameters
        ----------
        target : Path
            The zip file; must not exist. `backup.restore` reads it back.

        Raises
        ------
        OutputNotWritable
            It exists or cannot be written; nothing is left behind then.
        """
        ...
