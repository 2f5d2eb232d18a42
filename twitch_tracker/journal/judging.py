"""Reviews in the journal: acts appended, the finished review counted.

Conventions that bite: `reviews` and `review_marks` only ever grow; the totals of the
reviewed basis are written anew in the transaction of whatever changes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select

from twitch_tracker.errors import BadParameter, UnknownEntry
from twitch_tracker.history import Basis
from twitch_tracker.journal.entries import Act, Burst, Review, ReviewAction
from twitch_tracker.journal.logging_in import Logging, write_totals
from twitch_tracker.journal.marks import counted_marks
from twitch_tracker.journal.packing import (
    episode_from_json,
    episode_to_json,
    excluded_from_json,
    hardly_open_from_json,
    moment,
    read_moment,
)
from twitch_tracker.journal.ratings import bursts_from_scratch, who_and_how
from twitch_tracker.journal.reading import Reading, bursts_of, revision_row
from twitch_tracker.journal.reviewing import (
    apply,
    fold,
    last_to_undo,
    next_key,
    standing,
    unjudged,
)
from twitch_tracker.journal.schema import (
    recordings,
    review_marks,
    reviews,
    revisions,
    side_totals,
)
from twitch_tracker.journal.totals import totals_of_sides
from twitch_tracker.language import say
from twitch_tracker.records import Episode

__all__ = ["Judging", "recount_reviewed", "reviewed_episodes"]

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
        act = Act(action=action, key=key, after=after, text=text)
        (done,) = self.review_many(
            recording_id, rater, [act], blind=blind, revision=revision
        )
        return done

    def review_many(
        self,
        recording_id: str,
        rater: str,
        acts: Iterable[Act],
        *,
        blind: bool = False,
        revision: int | None = None,
        finish: bool = False,
        first: bool = False,
    ) -> tuple[Review, ...]:
        """See `Journal.review_many`."""
        given = tuple(acts)
        _check_rater(rater)
        for act in given:
            _check_act(act)
        with self._write() as connection:
            row = revision_row(connection, recording_id, revision)
            if first and _has_acted(connection, row["recording_id"], rater):
                expected = say("a rater who has not reviewed this recording")
                raise BadParameter("rater", expected, rater)
            done = self._append(connection, row, rater, given, blind=blind)
            if finish:
                self._finish(connection, row, rater)
            return done

    def _append(
        self,
        connection: Connection,
        row: RowMapping,
        rater: str,
        given: Sequence[Act],
        *,
        blind: bool,
    ) -> tuple[Review, ...]:
        """Append acts within a transaction."""
        standing_now = _Standing(connection, row, rater)
        done = []
        for act in given:
            cells = {
                "revision_id": row["id"],
                "rater": rater,
                "at": moment(self._clock()),
                "action": act.action.value,
                "text": act.text,
                "blind": blind,
                **_cells(standing_now, act),
            }
            key = connection.execute(insert(reviews), cells).inserted_primary_key
            told = {"recording_id": row["recording_id"], "number": row["number"]}
            done.append(_act({**cells, **told, "id": int(key[0]) if key else 0}))
            standing_now.take(done[-1])
            self._audit_review(connection, row, rater, act.action.value)
        if any(act.action is not ReviewAction.NOTE for act in given):
            self._reopen(connection, row, rater)
        return tuple(done)

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
            self._finish(connection, row, rater)

    def _finish(self, connection: Connection, row: RowMapping, rater: str) -> None:
        """Finish within a transaction."""
        if who_and_how(rater)[1]:
            raise BadParameter(
                "rater", say("somebody to whom the bursts were proposed"), rater
            )
        detected = bursts_of(connection, row["id"])
        left = unjudged(detected, _acts(connection, row["id"], rater))
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
                        say(
                            "Nobody has finished a review of recording {recording_id}.",
                            recording_id=recording_id,
                        )
                    )
                rater = mark.rater
                if revision is None:
                    row = revision_row(connection, recording_id, mark.revision)
            own = _acts(connection, row["id"], rater)
            if who_and_how(rater)[1]:
                return bursts_from_scratch(own)
            return fold(bursts_of(connection, row["id"]), own)

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


def recount_reviewed(connection: Connection) -> None:
    """Write all reviewed totals anew, after the tables of an older version were changed.

    Parameters
    ----------
    connection : Connection
        Within the transaction that changed them.
    """
    for recording in counted_marks(connection, recordings.c.id == recordings.c.id):
        _recount(connection, recording)


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
    excluded, hardly_open = _states(connection, mark.revision_key)
    totals = totals_of_sides(
        reviewed_episodes(connection, mark.revision_key, mark.rater),
        excluded_from_json(excluded),
        hardly_open_from_json(hardly_open),
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


def _states(connection: Connection, revision_key: int) -> tuple[str, str | None]:
    """Read what was not measured, and when an eye was hardly ever open, as stored."""
    wanted = select(revisions.c.excluded, revisions.c.hardly_open)
    here = wanted.where(revisions.c.id == revision_key)
    excluded, hardly_open = connection.execute(here).one()
    return excluded, hardly_open


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
    """

    def __init__(self, connection: Connection, row: RowMapping, rater: str) -> None:
        self._connection = connection
        self.row = row
        self.acts = list(_acts(connection, row["id"], rater))
        self._seen: dict[str, Episode] | None = None

    @property
    def seen(self) -> dict[str, Episode]:
        """Every burst by its key, also rejected ones."""
        if self._seen is None:
            detected = bursts_of(self._connection, self.row["id"])
            self._seen = standing(detected, self.acts)
        return self._seen

    def take(self, act: Review) -> None:
        """Let one more act count."""
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


def _select_acts() -> Any:
    return select(reviews, revisions.c.recording_id, revisions.c.number).join(
        revisions, revisions.c.id == reviews.c.revision_id
    )


def _has_acted(connection: Connection, recording: int, rater: str) -> bool:
    """Tell whether a rater has done anything on any revision of a recording."""
    wanted = (
        select(reviews.c.id)
        .join(revisions, revisions.c.id == reviews.c.revision_id)
        .where(revisions.c.recording_id == recording, reviews.c.rater == rater)
    )
    return connection.execute(wanted.limit(1)).scalar() is not None


def _acts(connection: Connection, revision: int, rater: str) -> tuple[Review, ...]:
    """Read the acts of one rater on one revision, oldest first."""
    wanted = _select_acts().where(
        reviews.c.revision_id == revision, reviews.c.rater == rater
    )
    rows = connection.execute(wanted.order_by(reviews.c.id)).mappings()
    return tuple(map(_act, rows))


def _act(row: Mapping[str, Any] | RowMapping) -> Review:
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
        raise BadParameter("rater", say("the name of who reviews"), rater)


def _check_act(act: Act) -> None:
    """Refuse acts that lack something."""
    after = act.after
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
