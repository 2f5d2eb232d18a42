"""What one rater sees of one recording: bursts, acts, and what is left to do.

Note: what a rater marks from scratch is a review of its own, in which nothing was
proposed; other people's verdicts are on what was detected alone, and no blind rater may
see them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from twitch_tracker.journal.entries import (
    Burst,
    LoggedAnalysis,
    Rating,
    RecordingBrief,
    RecordingEntry,
    Review,
    ReviewAction,
)
from twitch_tracker.journal.journal import Journal
from twitch_tracker.journal.reviewed.reviewing import fold, in_force, last_to_undo
from twitch_tracker.records import Episode, ReviewState
from twitch_tracker.review.raters import Rater

__all__ = ["Seen", "look", "next_open"]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A recording as a rater sees it now.

    Attributes
    ----------
    entry : RecordingEntry
        The recording.
    analysis : LoggedAnalysis
        The revision that is reviewed.
    rater : Rater
        Who looks.
    bursts : tuple of Burst
        Also the rejected ones, in order of onset.
    acts : tuple of Review
        Of everybody on this revision, oldest first.
    done : bool
        Whether the rater has finished this revision, in this way.
    """

    entry: RecordingEntry
    analysis: LoggedAnalysis
    rater: Rater
    bursts: tuple[Burst, ...]
    acts: tuple[Review, ...]
    done: bool = False

    @property
    def own(self) -> tuple[Review, ...]:
        """The rater's own acts, in this way."""
        return _own(self.acts, self.rater)

    @property
    def unjudged(self) -> int:
        """How many bursts are neither confirmed nor rejected."""
        return self._in_state(ReviewState.UNREVIEWED)

    @property
    def kept(self) -> int:
        """How many bursts are not rejected."""
        return len(self.bursts) - self._in_state(ReviewState.REJECTED)

    def _in_state(self, state: ReviewState) -> int:
        return sum(burst.episode.review is state for burst in self.bursts)

    @property
    def finished(self) -> bool:
        """Whether it is this rater's review that counts; from scratch, is done."""
        counts = self.entry.reviewed_by == self.rater.name
        return self.done and (counts or self.rater.scratch)

    @property
    def too_late(self) -> bool:
        """Whether a rater from scratch has judged the program's bursts already."""
        name = self.rater.name
        return self.rater.scratch and any(
            act.rater == name and not act.from_scratch for act in self.acts
        )

    @property
    def finishing_undoable(self) -> bool:
        """Whether an undo takes back that a rating from scratch was finished."""
        return self.rater.scratch and self.finished

    @property
    def last_to_undo(self) -> Review | None:
        """The act that an undo takes back, when it is an act."""
        return None if self.finishing_undoable else last_to_undo(self.own)

    @property
    def changed(self) -> frozenset[str]:
        """Keys of the bursts that the rater changed."""
        held = in_force(self.own)
        return frozenset(act.key for act in held if act.action is ReviewAction.CHANGE)

    def burst(self, key: str) -> Episode | None:
        """Return a burst by its key."""
        found = (burst.episode for burst in self.bursts if burst.key == key)
        return next(found, None)

    def notes(self, key: str) -> tuple[Review, ...]:
        """Return the rater's notes on a burst; of the empty key, on the recording."""
        return tuple(
            act
            for act in in_force(self.own)
            if act.action is ReviewAction.NOTE
            and (act.text or act.misfits)
            and act.key == key
        )

    def verdicts_of_others(self, key: str) -> dict[str, ReviewAction]:
        """Return what other raters did last with a burst; nothing for a blind one."""
        if self.rater.blind or not key.startswith("d"):
            return {}
        last: dict[str, ReviewAction] = {}
        checking = [act for act in self.acts if not act.from_scratch]
        for name in sorted({act.rater for act in checking} - {self.rater.name}):
            for act in in_force(act for act in checking if act.rater == name):
                if act.key == key and act.action is not ReviewAction.NOTE:
                    last[name] = act.action
        return last


def look(
    journal: Journal, recording_id: str, rater: Rater, revision: int | None = None
) -> Seen:
    """Read a recording as a rater sees it now.

    Parameters
    ----------
    journal : Journal
        Open.
    recording_id : str
        Which.
    rater : Rater
        Who looks.
    revision : int, optional
        Which analysis; without, the one that counts.

    Raises
    ------
    UnknownEntry
        There is no such recording or revision.
    """
    entry = journal.recording(recording_id)
    analysis = journal.analysis(recording_id, revision)
    acts = tuple(
        act
        for act in journal.reviews(recording_id)
        if act.revision == analysis.revision
    )  # fmt: skip
    proposed = () if rater.scratch else analysis.bursts
    finished = Rating(
        recording_id=recording_id,
        revision=analysis.revision,
        rater=rater.name,
        from_scratch=rater.scratch,
    )
    return Seen(
        entry=entry,
        analysis=analysis,
        rater=rater,
        bursts=fold(proposed, _own(acts, rater), rejected=True),
        acts=acts,
        done=finished in journal.ratings(entry.patient_id, recording_id),
    )


def _own(acts: Iterable[Review], rater: Rater) -> tuple[Review, ...]:
    """Choose the acts of a rater in this way; from scratch is apart from checking."""
    mine = (act for act in acts if act.rater == rater.name)
    return tuple(act for act in mine if act.from_scratch is rater.scratch)


def next_open(
    here: RecordingEntry,
    rater: Rater,
    recordings: Sequence[RecordingBrief],
    ratings: Iterable[Rating],
) -> str:
    """Name the next recording that waits for a rater, or nothing.

    Who is blind goes on to what they have not rated themselves, in their own way;
    everybody else to what nobody has reviewed.

    Parameters
    ----------
    here : RecordingEntry
        The recording that is looked at; later ones come first.
    rater : Rater
        Who goes on.
    recordings : sequence of RecordingBrief
        Of the person, in order of time.
    ratings : iterable of Rating
        What was finished of the person.
    """
    done = {entry.recording_id for entry in recordings if entry.reviewed_by}
    if rater.blind:
        done = {
            rating.recording_id
            for rating in ratings
            if (rating.rater, rating.from_scratch) == (rater.name, rater.scratch)
        }
    later = [e for e in recordings if e.started_at > here.started_at]
    names = (e.recording_id for e in (*later, *recordings))
    return next((n for n in names if n not in {*done, here.recording_id}), "")
