"""Reviews in the journal: acts appended, the finished review counted.

Note: `reviews` and `review_marks` only ever grow; the totals of the reviewed basis are
written again in the transaction of whatever changes them; what one rater marks from
scratch is a review of its own, beside what the same rater checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select

from twitch_tracker.errors import BadParameter, UnknownEntry
from twitch_tracker.journal.entries import Act, Burst, Review, ReviewAction, Way
from twitch_tracker.journal.logging_in import Logging
from twitch_tracker.journal.reading import Recordings, revision_row
from twitch_tracker.journal.reviewed.acts import (
    acts_of,
    by_rater,
    has_acted,
    proposed_to,
    read_act,
    select_acts,
)
from twitch_tracker.journal.reviewed.counting import recount
from twitch_tracker.journal.reviewed.marks import counted_marks
from twitch_tracker.journal.reviewed.reviewing import (
    apply,
    fold,
    last_to_undo,
    next_key,
    standing,
    unjudged,
)
from twitch_tracker.journal.store.packing import (
    episode_to_json,
    misfits_to_json,
    moment,
)
from twitch_tracker.journal.store.schema import (
    recordings,
    review_marks,
    reviews,
    revisions,
)
from twitch_tracker.journal.store.seals import RowKey
from twitch_tracker.language import say
from twitch_tracker.records import Episode

__all__ = ["Reviews"]

_NEED_KEY = frozenset({ReviewAction.CONFIRM, ReviewAction.REJECT, ReviewAction.CHANGE})
_NEED_AFTER = frozenset({ReviewAction.CHANGE, ReviewAction.ADD})


class Reviews(Logging, Recordings):
    """The part of `Journal` about reviews."""

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
        act = Act(action=action, key=key, after=after, text=text)
        (done,) = self.review_many(
            recording_id, rater, [act], way=way, revision=revision
        )
        return done

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
        given = tuple(acts)
        _check_rater(rater)
        for act in given:
            _check_act(act)
        with self._write() as connection:
            row = revision_row(connection, recording_id, revision)
            if first and has_acted(connection, row["recording_id"], rater, way):
                expected = say("a rater who has not reviewed this recording")
                raise BadParameter("rater", expected, rater)
            done = self._append(
                connection, row, rater, way, given, coded_unseen=coded_unseen
            )
            if finish:
                self._finish(connection, row, rater, way)
            return done

    def _append(
        self,
        connection: Connection,
        row: RowMapping,
        rater: str,
        way: Way,
        given: Sequence[Act],
        *,
        coded_unseen: bool,
    ) -> tuple[Review, ...]:
        """Append acts within a transaction."""
        standing_now = _Standing(connection, row, rater, way)
        done = []
        for act in given:
            cells = {
                "revision_id": row["id"],
                "rater": rater,
                "at": moment(self._clock()),
                "action": act.action.value,
                "text": act.text,
                "misfits": misfits_to_json(act.misfits),
                "way": way.value,
                "coded_unseen": coded_unseen,
                **_cells(standing_now, act),
            }
            key = connection.execute(insert(reviews), cells).inserted_primary_key
            names = {"recording_id": row["recording_id"], "number": row["number"]}
            number = int(key[0]) if key else 0
            done.append(read_act({**cells, **names, "id": number}))
            standing_now.take(done[-1])
            self._audit_review(
                connection, row, rater, way, act.action.value, (reviews, number)
            )
        if any(act.action is not ReviewAction.NOTE for act in given):
            self._reopen(connection, row, rater, way)
        return tuple(done)

    def reviews(
        self, recording_id: str, rater: str | None = None
    ) -> tuple[Review, ...]:
        """Return all acts on a recording (of one rater, in every way), oldest first."""
        with self._read() as connection:
            row = revision_row(connection, recording_id, None)
            wanted = select_acts().where(
                revisions.c.recording_id == row["recording_id"]
            )
            if rater is not None:
                wanted = wanted.where(reviews.c.rater == rater)
            rows = connection.execute(wanted.order_by(reviews.c.id)).mappings()
            return tuple(map(read_act, rows))

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
        _check_rater(rater)
        with self._write() as connection:
            row = revision_row(connection, recording_id, revision)
            self._finish(connection, row, rater, way)

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
        with self._write() as connection:
            row = revision_row(connection, recording_id, revision)
            mark = self._reopen(connection, row, rater, way)
            if mark is None:
                raise BadParameter("rater", say("a rater who has finished"), rater)
            self._audit_review(connection, row, rater, way, "reopen", mark)

    def _finish(
        self, connection: Connection, row: RowMapping, rater: str, way: Way
    ) -> None:
        """Finish within a transaction."""
        proposed = proposed_to(connection, row["id"], way)
        left = unjudged(proposed, acts_of(connection, row["id"], rater, way))
        if left:
            raise BadParameter(
                "review",
                say("every detected burst confirmed, rejected or changed"),
                say(
                    "{n} not judged yet ({keys})",
                    n=len(left),
                    keys=", ".join(left[:5]),
                ),
            )
        mark = self._mark(connection, row, rater, way, finished=True)
        self._audit_review(connection, row, rater, way, "finish", mark)

    def reviewed_bursts(
        self,
        recording_id: str,
        rater: str | None = None,
        revision: int | None = None,
        *,
        way: Way = Way.OPEN,
    ) -> tuple[Burst, ...]:
        """Return the bursts as a rater sees them now, rejected ones left out.

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
        with self._read() as connection:
            row = revision_row(connection, recording_id, revision)
            if rater is None:
                here = recordings.c.id == row["recording_id"]
                mark = counted_marks(connection, here).get(row["recording_id"])
                if mark is None:
                    raise UnknownEntry(
                        say(
                            "Nobody has finished a review of recording {recording_id}.",
                            recording_id=recording_id,
                        )
                    )
                rater, way = mark.rater, Way.OPEN
                if revision is None:
                    row = revision_row(connection, recording_id, mark.revision)
            own = acts_of(connection, row["id"], rater, way)
            return fold(proposed_to(connection, row["id"], way), own)

    def _reopen(
        self, connection: Connection, row: RowMapping, rater: str, way: Way
    ) -> RowKey | None:
        """Take back the mark of a rater who goes on; None when there was none."""
        here = review_marks.c.revision_id == row["id"]
        wanted = (
            select(review_marks.c.finished)
            .where(here, by_rater(review_marks, rater, way))
            .order_by(review_marks.c.id.desc())
        )
        finished = bool(connection.execute(wanted.limit(1)).scalar())
        if not finished:
            return None
        return self._mark(connection, row, rater, way, finished=False)

    def _mark(
        self,
        connection: Connection,
        row: RowMapping,
        rater: str,
        way: Way,
        *,
        finished: bool,
    ) -> RowKey:
        mark = {
            "revision_id": row["id"],
            "rater": rater,
            "way": way.value,
            "at": moment(self._clock()),
            "finished": finished,
        }
        key = connection.execute(insert(review_marks), mark).inserted_primary_key
        recount(connection, row["recording_id"])
        return review_marks, int(key[0]) if key else 0

    def _audit_review(
        self,
        connection: Connection,
        row: RowMapping,
        rater: str,
        way: Way,
        action: str,
        written: RowKey,
    ) -> None:
        self._audit(
            connection,
            action,
            "review",
            str(row["recording_id"]),
            patient=row["patient_id"],
            after={"rater": rater, "revision": row["number"], "way": way.value},
            seals=(written,),
        )


# --- acts -------------------------------------------------------------------


class _Standing:
    """How one rater's review of a revision stands while acts are appended to it.

    Parameters
    ----------
    connection : Connection
        Within the transaction.
    row : RowMapping
        From `reading.revision_row`.
    rater : str
        Who.
    way : Way
        From scratch, nothing is there but what was added.
    """

    def __init__(
        self, connection: Connection, row: RowMapping, rater: str, way: Way
    ) -> None:
        self._connection = connection
        self._way = way
        self.row = row
        self.acts = list(acts_of(connection, row["id"], rater, way))
        self._seen: dict[str, Episode] | None = None

    @property
    def seen(self) -> dict[str, Episode]:
        """Every burst by its key, also rejected ones."""
        if self._seen is None:
            proposed = proposed_to(self._connection, self.row["id"], self._way)
            self._seen = standing(proposed, self.acts)
        return self._seen

    def take(self, act: Review) -> None:
        """Apply one more act."""
        self.acts.append(act)
        if act.action is ReviewAction.UNDO:
            self._seen = None
        elif self._seen is not None:
            apply(self._seen, act)


def _cells(now: _Standing, act: Act) -> dict[str, Any]:
    """Work out to which burst an act belongs and how that was before."""
    cells: dict[str, Any] = {
        "burst_key": act.key,
        "before": None,
        "after": None if act.after is None else episode_to_json(act.after),
        "undoes": None,
    }
    if act.action is ReviewAction.UNDO:
        last = last_to_undo(now.acts)
        if last is None:
            raise BadParameter(
                "action", say("something to undo"), say("nothing in force")
            )
        return cells | {"burst_key": last.key, "undoes": last.review_id}
    if act.action is ReviewAction.ADD:
        return cells | {"burst_key": next_key(now.acts)}
    if act.key:
        if act.key not in now.seen:
            raise UnknownEntry(
                say(
                    "Recording {recording_id}, revision {revision}: there is no burst "
                    "{key!r} in this review.",
                    recording_id=now.row["recording_id"],
                    revision=now.row["number"],
                    key=act.key,
                )
            )
        cells["before"] = episode_to_json(now.seen[act.key])
    return cells


def _check_rater(rater: str) -> None:
    if not rater.strip():
        raise BadParameter("rater", say("the reviewer's name"), rater)


def _check_act(act: Act) -> None:
    """Refuse acts that lack something, or say of a burst what is said of coding."""
    after = act.after
    if act.misfits and (act.action is not ReviewAction.NOTE or act.key):
        expected = say("a note on the whole recording")
        raise BadParameter("misfits", expected, act.action)
    if act.action in _NEED_KEY and not act.key:
        expected = say("the key of the burst to {action}", action=act.action)
        raise BadParameter("key", expected, act.key)
    if (act.action in _NEED_AFTER) != (after is not None):
        needed = act.action in _NEED_AFTER
        expected = (
            say("the burst as it should be")
            if needed
            else say("nothing to {action}", action=act.action)
        )
        raise BadParameter("after", expected, after)
    if after is not None and (after.span.start_s < 0 or not after.regions):
        expected = say("an onset from 0 s and at least one region")
        raise BadParameter("after", expected, after)
