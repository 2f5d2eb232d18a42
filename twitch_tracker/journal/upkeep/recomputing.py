"""Numbers that older versions did not have, computed from stored signals.

What a later version measures from signals (`records.FaceNumbers`; which bursts a
recording's ends or an unmeasured stretch cut off) is empty in what was logged before.
Bursts are not looked for again, so that reviews stay what they are; what a film is
needed for stays empty. Note: the stored hash of an analysis follows its numbers.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import (
    Connection,
    RowMapping,
    and_,
    bindparam,
    delete,
    select,
    update,
)

from twitch_tracker.border.plain import number
from twitch_tracker.episodes.description.cut_off import mark_cut_off
from twitch_tracker.episodes.face_numbers import face_numbers
from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.saved_signals import read_signals
from twitch_tracker.history import Basis
from twitch_tracker.journal.histories import METHOD_COLUMNS
from twitch_tracker.journal.logging_in import write_totals
from twitch_tracker.journal.reading import bursts_of
from twitch_tracker.journal.reviewed.counting import recount
from twitch_tracker.journal.store.packing import (
    excluded_from_json,
    hardly_open_from_json,
)
from twitch_tracker.journal.store.schema import (
    episodes,
    methods,
    recordings,
    revisions,
    side_totals,
)
from twitch_tracker.journal.store.signal_store import SignalStore
from twitch_tracker.journal.totals import totals_of_sides
from twitch_tracker.journal.upkeep.checking_rows import digest_of_revision
from twitch_tracker.records import Episode, MotionSignals
from twitch_tracker.records.face_numbers import FACE_NUMBERS

__all__ = ["Recomputed", "lacking", "recompute"]


@dataclass(frozen=True, kw_only=True)
class Recomputed:
    """What was done.

    Attributes
    ----------
    done : tuple of str
        Recordings that have their numbers now.
    unreadable : tuple of str
        Recordings of which the signals could not be read; nothing of them was changed.
    """

    done: tuple[str, ...]
    unreadable: tuple[str, ...]


_NOTHING_KNOWN: Final = and_(*(revisions.c[name].is_(None) for name in FACE_NUMBERS))


def lacking(connection: Connection) -> list[RowMapping]:
    """Return the analyses that count, keep signals, and lack numbers of today.

    Returns
    -------
    list of RowMapping
        Rows of ``revisions`` with their method and the ``patient_id`` of the person's row.
    """
    wanted = (
        select(revisions, recordings.c.patient_id, *METHOD_COLUMNS)
        .join(
            recordings,
            and_(
                recordings.c.id == revisions.c.recording_id,
                recordings.c.newest == revisions.c.number,
            ),
        )
        .join(methods, methods.c.id == revisions.c.method_id)
        .where(revisions.c.signals_path != "", _NOTHING_KNOWN)
        .order_by(revisions.c.id)
    )
    return list(connection.execute(wanted).mappings())


def recompute(connection: Connection, row: RowMapping, signals: SignalStore) -> bool:
    """Measure again what an analysis lacks, and write it with all that follows from it.

    Parameters
    ----------
    connection : Connection
        Within a transaction.
    row : RowMapping
        One of `lacking`.
    signals : SignalStore
        The journal's files.

    Returns
    -------
    bool
        False when the signals are gone or cannot be read; nothing is changed then.
    """
    try:
        motion = read_signals(signals.path(row["signals_path"]))
    except BadTruthFile:
        return False
    key = int(row["id"])
    bursts = [burst.episode for burst in bursts_of(connection, key)]
    if row["hardly_open"] is None:
        # Before version 0002 nobody looked for bursts that were cut off.
        bursts = _mark_cut(connection, key, bursts, motion)
    face = asdict(face_numbers(motion, bursts))
    found: dict[str, Any] = {name: number(value) for name, value in face.items()}
    known = {**row, **found}
    here = revisions.c.id == key
    digest = digest_of_revision(connection, known)
    taken = select(revisions.c.id).where(
        revisions.c.recording_id == row["recording_id"], revisions.c.digest == digest
    )
    if connection.execute(taken).first() is None:
        found["digest"] = digest
        connection.execute(update(revisions).where(here).values(**found))
    states = (
        excluded_from_json(row["excluded"]),
        hardly_open_from_json(row["hardly_open"]),
    )
    connection.execute(
        delete(side_totals).where(
            side_totals.c.revision_id == key,
            side_totals.c.basis == Basis.DETECTED.value,
        )
    )
    totals = totals_of_sides(bursts, *states)
    write_totals(connection, key, Basis.DETECTED.value, totals)
    recount(connection, int(row["recording_id"]))
    return True


def _mark_cut(
    connection: Connection, key: int, bursts: list[Episode], motion: MotionSignals
) -> list[Episode]:
    """Mark the bursts of which an end was not seen, in the journal too."""
    marked = mark_cut_off(bursts, motion.time_s, motion.usable, motion.frame_s)
    rows = [
        {"burst": place, "onset": one.onset_cut, "offset": one.offset_cut}
        for place, one in enumerate(marked, start=1)
        if one.onset_cut or one.offset_cut
    ]
    if rows:
        connection.execute(
            update(episodes)
            .where(
                episodes.c.revision_id == key, episodes.c.number == bindparam("burst")
            )
            .values(onset_cut=bindparam("onset"), offset_cut=bindparam("offset")),
            rows,
        )
    return list(marked)
