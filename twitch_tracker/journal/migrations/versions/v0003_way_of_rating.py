"""The way of rating, finished ratings from scratch, and coding unseen, in columns.

Before, a name that ended with " (from scratch)" gave the way, a note "finished" on no
burst ended a rating from scratch, and a text of each act said that it was coded unseen.
Note: the notes, and what took them back, become marks, one for
each time that a rating was finished or opened again; nothing else of an act is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from alembic import op
from sqlalchemy import (
    Boolean,
    Column,
    Text,
    column,
    delete,
    false,
    func,
    insert,
    select,
    table,
    text,
    true,
    update,
)

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0003"
down_revision = "0002"

_FROM_SCRATCH: Final = " (from scratch)"
_FINISHED: Final = ("note", "", "finished")
_CODED_UNSEEN: Final = "coded without seeing what was detected"

_WHOSE: Final = ("revision_id", "rater")
_reviews = table(
    "reviews",
    *map(column, ("id", *_WHOSE, "at", "action", "burst_key", "text", "undoes")),
    *map(column, ("blind", "way", "coded_unseen")),
)
_marks = table("review_marks", *map(column, ("id", *_WHOSE, "at", "finished", "way")))


def upgrade() -> None:
    """Add the columns, fill them from names and notes, and take the old one out."""
    for name in ("reviews", "review_marks"):
        way = Column("way", Text, nullable=False, server_default=text("'open'"))
        op.add_column(name, way)
    unseen = Column("coded_unseen", Boolean, nullable=False, server_default=false())
    op.add_column("reviews", unseen)
    _fill_unseen()
    _fill_way()
    _finish_from_scratch()
    op.drop_column("reviews", "blind")


def _fill_unseen() -> None:
    """Turn the text of acts that follow from hand coding unseen into a yes."""
    unseen = (_reviews.c.text == _CODED_UNSEEN) & _reviews.c.blind.is_(true())
    op.execute(update(_reviews).where(unseen).values(coded_unseen=True, text=""))


def _fill_way() -> None:
    """Mark blind acts, and the marks of raters whose every act was blind."""
    op.execute(update(_reviews).where(_reviews.c.blind.is_(true())).values(way="blind"))
    own = select(_reviews.c.id).where(
        *(_reviews.c[name] == _marks.c[name] for name in _WHOSE)
    )
    blind = own.exists() & ~own.where(_reviews.c.way == "open").exists()
    op.execute(update(_marks).where(blind).values(way="blind"))
    long = func.length(_reviews.c.rater) - len(_FROM_SCRATCH)
    named = func.substr(_reviews.c.rater, long + 1) == _FROM_SCRATCH
    op.execute(
        update(_reviews)
        .where(long > 0, named)
        .values(way="scratch", rater=func.substr(_reviews.c.rater, 1, long))
    )


def _finish_from_scratch() -> None:
    """Turn the notes that finished a rating from scratch into marks."""
    connection = op.get_bind()
    wanted = select(_reviews).where(_reviews.c.way == "scratch")
    rows = connection.execute(
        wanted.order_by(_reviews.c.revision_id, _reviews.c.rater, _reviews.c.id)
    ).all()
    for _, group in groupby(rows, key=attrgetter(*_WHOSE)):
        acts = list(group)
        marks = list(_marked(acts))
        if marks:
            connection.execute(insert(_marks), marks)
        notes = [act.id for act in acts if _finishes(act)]
        for refers_to in (_reviews.c.undoes, _reviews.c.id):
            connection.execute(delete(_reviews).where(refers_to.in_(notes)))


def _finishes(act: Any) -> bool:
    return (act.action, act.burst_key, act.text) == _FINISHED


def _marked(acts: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Follow the acts of one rating; yield when it was finished and opened again."""
    held: dict[int, Any] = {}
    finished = False
    for act in acts:
        if act.action == "undo":
            held.pop(act.undoes, None)
        else:
            held[act.id] = act
        now = bool(held) and _finishes(held[max(held)])
        if now != finished:
            finished = now
            yield {
                **{name: getattr(act, name) for name in (*_WHOSE, "at")},
                "finished": finished,
                "way": "scratch",
            }
