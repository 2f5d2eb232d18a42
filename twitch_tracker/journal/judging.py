"""Reviews in the journal: acts appended, the finished review counted.

Conventions that bite: `reviews` and `review_marks` only ever grow; the totals of the
reviewed basis are written anew in the transaction of whatever changes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select

from twitch_tracker.errors import BadParameter, UnknownEntry
from twitch_tracker.history import Basis
from twitch_tracker.journal.entries import Burst, Review, ReviewAction
from twitch_tracker.journal.logging_in import Logging, write_totals
from twitch_tracker.journal.marks import counted_marks
from twitch_tracker.journal.packing import (
    episode_from_json,
    episode_to_json,
    excluded_from_json,
    moment,
    read_moment,
)
from twitch_tracker.journal.reading import Reading, bursts_of, revision_row
from twitch_tracker.journal.reviewing import fold, last_to_undo, next_key, unjudged
from twitch_tracker.journal.schema import (
    recordings,
    review_marks,
    reviews,
    revisions,
    side_totals,
)
from twitch_tracker.journal.totals import totals_of_sides
from twitch_tracker.records import Episode

__all__ = ["Judging"]

_NEED_KEY = frozenset({ReviewAction.CONFIRM, ReviewAction.REJECT, ReviewAction.CHANGE})
_NEED_AFTER = frozenset({ReviewAction.CHANGE, ReviewAction.ADD})


class Judging(Logging, Reading):
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
        blind: bool = False,
        revision: int | None = None,
    ) -> Review:
        """See `Journal.review`."""
        _check_act(rater, action, key, after)
        with self._write() as connection:
            row = revision_row(connection, recording_id, revision)
            acts = _acts(connection, row["id"], rater)
            cells = _cells(connection, row, acts, action, key, after)
            made = connection.execute(
                insert(reviews),
                {
                    "revision_id": row["id"],
                    "rater": rater,
                    "at": moment(self._clock()),
                    "action": action.value,
                    "text": text,
                    "blind": blind,
                    **cells,
                },
            ).inserted_primary_key
            number = int(made[0]) if made else 0
            if action is not ReviewAction.NOTE:
                self._reopen(connection, row, rater)
            self._audit_review(connection, row, rater, action.value)
            wanted = _select_acts().where(reviews.c.id == number)
            return _act(connection.execute(wanted).mappings().one())

    def reviews(
        self, recording_id: str, rater: str | None = None
    ) -> tuple[Review, ...]:
        """See `Journal.reviews`."""
        with self._read() as connection:
            row = revision_row(connection, recording_id, None)
            wanted = _select_acts().where(
                revisions.c.recording_id == row["recording_id"]
            )
            if rater is not None:
                wanted = wanted.where(reviews.c.rater == rater)
            rows = connection.execute(wanted.order_by(reviews.c.id)).mappings()
            return tuple(map(_act, rows))

    def finish_review(
        self, recording_id: str, rater: str, revision: int | None = None
    ) -> None:
        """See `Journal.finish_review`."""
        _check_rater(rater)
        with self._write() as connection:
            row = revision_row(connection, recording_id, revision)
            detected = bursts_of(connection, row["id"])
            left = unjudged(detected, _acts(connection, row["id"], rater))
            if left:
                raise BadParameter(
                    "review",
                    "every detected burst confirmed, rejected or changed",
                    f"{len(left)} not judged yet ({', '.join(left[:5])})",
                )
            self._mark(connection, row, rater, finished=True)
            self._audit_review(connection, row, rater, "finish")

    def reviewed_bursts(
        self, recording_id: str, rater: str | None = None, revision: int | None = None
    ) -> tuple[Burst, ...]:
        """See `Journal.reviewed_bursts`."""
        with self._read() as connection:
            row = revision_row(connection, recording_id, revision)
            if rater is None:
                here = recordings.c.id == row["recording_id"]
                mark = counted_marks(connection, here).get(row["recording_id"])
                if mark is None:
                    raise UnknownEntry(
                        f"Nobody has finished a review of recording {recording_id}."
                    )
                rater = mark.rater
                if revision is None:
                    row = revision_row(connection, recording_id, mark.revision)
            detected = bursts_of(connection, row["id"])
            return fold(detected, _acts(connection, row["id"], rater))

    def _reopen(self, connection: Connection, row: RowMapping, rater: str) -> None:
        """Take back the mark of a rater who goes on."""
        wanted = (
            select(review_marks.c.finished)
            .where(
                review_marks.c.revision_id == row["id"], review_marks.c.rater == rater
            )
            .order_by(review_marks.c.id.desc())
        )
        if connection.execute(wanted.limit(1)).scalar():
            self._mark(connection, row, rater, finished=False)

    def _mark(
        self, connection: Connection, row: RowMapping, rater: str, *, finished: bool
    ) -> None:
        mark = {
            "revision_id": row["id"],
            "rater": rater,
            "at": moment(self._clock()),
            "finished": finished,
        }
        connection.execute(insert(review_marks), mark)
        _recount(connection, row["recording_id"])

    def _audit_review(
        self, connection: Connection, row: RowMapping, rater: str, action: str
    ) -> None:
        self._audit(
            connection,
            action,
            "review",
            str(row["recording_id"]),
            patient=row["patient_id"],
            after={"rater": rater, "revision": row["number"]},
        )


# --- totals -----------------------------------------------------------------


def _recount(connection: Connection, recording: int) -> None:
    """Write the reviewed totals of a recording anew, or none."""
    of_it = select(revisions.c.id).where(revisions.c.recording_id == recording)
    connection.execute(
        delete(side_totals).where(
            side_totals.c.revision_id.in_(of_it),
            side_totals.c.basis == Basis.REVIEWED.value,
        )
    )
    mark = counted_marks(connection, recordings.c.id == recording).get(recording)
    if mark is None:
        return
    totals = totals_of_sides(
        reviewed_episodes(connection, mark.revision_key, mark.rater),
        excluded_from_json(_excluded(connection, mark.revision_key)),
    )
    write_totals(connection, mark.revision_key, Basis.REVIEWED.value, totals)


def reviewed_episodes(
    connection: Connection, revision_key: int, rater: str
) -> tuple[Episode, ...]:
    """Fold the acts of a rater over a revision (by its primary key).

    Returns
    -------
    tuple of Episode
        In order of onset.
    """
    detected = bursts_of(connection, revision_key)
    acts = _acts(connection, revision_key, rater)
    return tuple(burst.episode for burst in fold(detected, acts))


def _excluded(connection: Connection, revision_key: int) -> str:
    wanted = select(revisions.c.excluded).where(revisions.c.id == revision_key)
    return str(connection.execute(wanted).scalar_one())


# --- acts -------------------------------------------------------------------


def _cells(
    connection: Connection,
    row: RowMapping,
    acts: Sequence[Review],
    action: ReviewAction,
    key: str,
    after: Episode | None,
) -> dict[str, Any]:
    """Work out to which burst an act belongs and how that was before."""
    cells: dict[str, Any] = {
        "burst_key": key,
        "before": None,
        "after": None if after is None else episode_to_json(after),
        "undoes": None,
    }
    if action is ReviewAction.UNDO:
        last = last_to_undo(acts)
        if last is None:
            raise BadParameter("action", "something to undo", "nothing in force")
        return cells | {"burst_key": last.key, "undoes": last.review_id}
    if action is ReviewAction.ADD:
        return cells | {"burst_key": next_key(acts)}
    if key:
        seen = fold(bursts_of(connection, row["id"]), acts, rejected=True)
        known = {burst.key: burst.episode for burst in seen}
        if key not in known:
            raise UnknownEntry(
                f"Recording {row['recording_id']}, revision {row['number']}: there is "
                f"no burst {key!r} in this review."
            )
        cells["before"] = episode_to_json(known[key])
    return cells


def _select_acts() -> Any:
    return select(reviews, revisions.c.recording_id, revisions.c.number).join(
        revisions, revisions.c.id == reviews.c.revision_id
    )


def _acts(connection: Connection, revision: int, rater: str) -> tuple[Review, ...]:
    """Read the acts of one rater on one revision, oldest first."""
    wanted = _select_acts().where(
        reviews.c.revision_id == revision, reviews.c.rater == rater
    )
    rows = connection.execute(wanted.order_by(reviews.c.id)).mappings()
    return tuple(map(_act, rows))


def _act(row: RowMapping) -> Review:
    return Review(
        review_id=row["id"],
        recording_id=str(row["recording_id"]),
        revision=row["number"],
        rater=row["rater"],
        at=read_moment(row["at"]),
        action=ReviewAction(row["action"]),
        key=row["burst_key"],
        before=episode_from_json(row["before"]),
        after=episode_from_json(row["after"]),
        text=row["text"],
        blind=bool(row["blind"]),
        undoes=row["undoes"],
    )


def _check_rater(rater: str) -> None:
    if not rater.strip():
        raise BadParameter("rater", "the name of who reviews", rater)


def _check_act(
    rater: str, action: ReviewAction, key: str, after: Episode | None
) -> None:
    """Refuse acts that lack something."""
    _check_rater(rater)
    if action in _NEED_KEY and not key:
        raise BadParameter("key", f"the key of the burst to {action}", key)
    if (action in _NEED_AFTER) != (after is not None):
        needed = action in _NEED_AFTER
        expected = "the burst as it should be" if needed else f"nothing to {action}"
        raise BadParameter("after", expected, after)
    if after is not None and (after.span.start_s < 0 or not after.regions):
        raise BadParameter("after", "an onset from 0 s and at least one region", after)
