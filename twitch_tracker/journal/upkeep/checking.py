"""Check a journal: recompute what is derived, hash every file.

Knows what can go wrong; repairs nothing but left-over files, and these only when
asked to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy import Connection, func, select

from twitch_tracker.errors import JournalDamaged
from twitch_tracker.history import Basis, SideTotals
from twitch_tracker.journal.encrypting.converting import plain_files
from twitch_tracker.journal.encrypting.passphrases import (
    damaged_keys,
    is_encrypted_home,
)
from twitch_tracker.journal.entries import Finding, FindingKind
from twitch_tracker.journal.reading import bursts_of
from twitch_tracker.journal.reviewed.counting import reviewed_episodes
from twitch_tracker.journal.reviewed.marks import counted_marks
from twitch_tracker.journal.store.database import Database
from twitch_tracker.journal.store.packing import (
    excluded_from_json,
    hardly_open_from_json,
    totals_row,
)
from twitch_tracker.journal.store.schema import (
    blinks,
    recordings,
    revisions,
    side_totals,
)
from twitch_tracker.journal.store.signal_store import (
    SignalStore,
    hash_of_file,
    is_place,
)
from twitch_tracker.journal.totals import totals_of_sides
from twitch_tracker.journal.upkeep.checking_cells import finding
from twitch_tracker.journal.upkeep.checking_rows import UNREADABLE, check_rows
from twitch_tracker.journal.upkeep.removals import notes_of_removals
from twitch_tracker.regions import Side

__all__ = ["check", "remove_orphans", "remove_unsettled"]


def check(database: Database, signals: SignalStore) -> tuple[Finding, ...]:
    """Look for damage.

    Returns
    -------
    tuple of Finding
        Empty when all is sound.
    """
    found: list[Finding] = []
    try:
        with database.read() as connection:
            found += _of_database(database, connection)
            if not found:
                found += check_rows(connection, sqlite=database.sqlite)
                if not any(finding.kind in UNREADABLE for finding in found):
                    found += _of_recordings(connection)
                    found += _of_totals(connection)
            found += _of_files(connection, signals)
    except JournalDamaged as error:
        found.append(finding(FindingKind.DATABASE_DAMAGED, said=error))
    found += _of_removals(signals)
    found += _of_encrypting(signals.home)
    return tuple(found)


def remove_orphans(database: Database, signals: SignalStore) -> int:
    """Remove signal files that nothing refers to.

    Parameters
    ----------
    database : Database
        The journal; no other program can log meanwhile.
    signals : SignalStore
        Its files.

    Returns
    -------
    int
        How many were removed.
    """
    with database.write() as connection:
        orphans = _orphans(connection, signals)
        for relative in orphans:
            signals.remove(relative)
    return len(orphans)


def remove_unsettled(database: Database, signals: SignalStore, where: str) -> int:
    """Remove signal files that were stored and that nothing came to refer to.

    Parameters
    ----------
    database : Database
        The journal.
    signals : SignalStore
        Its files.
    where : str
        How the journal names its database in the notes of new files.

    Returns
    -------
    int
        How many were removed.
    """
    removed = 0
    with database.write() as connection:
        orphans = set(_orphans(connection, signals))
        for relative in signals.unsettled(where):
            if relative in orphans or not signals.path(relative).exists():
                signals.remove(relative)
                removed += 1
            else:
                signals.settle(relative)
    return removed


def _of_database(database: Database, connection: Connection) -> Iterator[Finding]:
    """Ask SQLite itself; a server looks after itself."""
    if not database.sqlite:
        return
    for (said,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if said != "ok":
            yield finding(FindingKind.DATABASE_DAMAGED, said=said)
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield finding(FindingKind.ROW_MISSING, table=row[0], other=row[2])


def _of_recordings(connection: Connection) -> Iterator[Finding]:
    """Check that every recording has its revisions, numbered from 1 to the newest."""
    counts = (
        select(
            recordings.c.id,
            recordings.c.newest,
            func.count(revisions.c.id),
            func.max(revisions.c.number),
        )
        .outerjoin(revisions, revisions.c.recording_id == recordings.c.id)
        .group_by(recordings.c.id, recordings.c.newest)
    )
    for recording, newest, count, highest in connection.execute(counts):
        if not newest == count == highest:
            yield finding(
                FindingKind.REVISIONS_MISSING,
                recording=recording,
                expected=newest,
                got=count,
            )
    closures = (
        select(
            revisions.c.recording_id,
            revisions.c.number,
            revisions.c.blinks,
            func.count(blinks.c.number),
        )
        .outerjoin(blinks, blinks.c.revision_id == revisions.c.id)
        .group_by(revisions.c.id)
    )
    for recording, number, stated, count in connection.execute(closures):
        if stated != count:
            yield finding(
                FindingKind.BLINKS_MISCOUNTED,
                recording=recording,
                revision=number,
                told=stated,
                count=count,
            )


def _of_totals(connection: Connection) -> Iterator[Finding]:
    """Check that the stored totals are those of the bursts, and none too many."""
    marks = counted_marks(connection, recordings.c.id == recordings.c.id)
    counted = {mark.revision_key: mark for mark in marks.values()}
    rows = connection.execute(
        select(
            revisions.c.id,
            revisions.c.recording_id,
            revisions.c.number,
            revisions.c.excluded,
            revisions.c.hardly_open,
        ).order_by(revisions.c.id)
    ).all()
    for key, recording, number, excluded, hardly_open in rows:
        states = (excluded_from_json(excluded), hardly_open_from_json(hardly_open))
        bursts = tuple(burst.episode for burst in bursts_of(connection, key))
        wanted = {Basis.DETECTED: bursts}
        if key in counted:
            rater = counted[key].rater
            wanted[Basis.REVIEWED] = reviewed_episodes(connection, key, rater)
        for basis in (Basis.DETECTED, Basis.REVIEWED):
            expected = wanted.get(basis)
            totals = None if expected is None else totals_of_sides(expected, *states)
            if not _agree(connection, key, basis, totals):
                yield finding(
                    FindingKind.TOTALS_DIFFER,
                    recording=recording,
                    revision=number,
                    basis=basis.value,
                )


def _agree(
    connection: Connection,
    key: int,
    basis: Basis,
    totals: Mapping[Side, SideTotals] | None,
) -> bool:
    """Compare stored totals with new ones; where there are none none may be stored."""
    wanted = select(side_totals).where(
        side_totals.c.revision_id == key, side_totals.c.basis == basis.value
    )
    rows = connection.execute(wanted).mappings().all()
    if totals is None:
        return not rows
    stored = {row["side"]: row for row in rows}
    if set(stored) != {side.value for side in totals}:
        return False
    return all(
        value == stored[side.value][name]
        for side, of_side in totals.items()
        for name, value in totals_row(of_side).items()
    )


def _of_files(connection: Connection, signals: SignalStore) -> Iterator[Finding]:
    """Check that every file is there and unchanged, and there is none too many."""
    rows = connection.execute(
        select(
            revisions.c.recording_id,
            revisions.c.signals_path,
            revisions.c.signals_sha256,
        ).where(revisions.c.signals_path != "")
    )
    for recording, relative, sha256 in rows:
        if not is_place(relative):
            yield finding(
                FindingKind.SIGNALS_MISSING, recording=recording, path=relative
            )
            continue
        path = signals.path(relative)
        try:
            sound = hash_of_file(path) == sha256
        except OSError:
            there = path.is_file()  # encrypted, and damaged
            kind = FindingKind.SIGNALS_CHANGED if there else FindingKind.SIGNALS_MISSING
            yield finding(kind, recording=recording, path=str(path))
            continue
        if not sound:
            kind = FindingKind.SIGNALS_CHANGED
            yield finding(kind, recording=recording, path=str(path))
    for relative in _orphans(connection, signals):
        left_over = str(signals.path(relative))
        yield finding(FindingKind.FILE_LEFT_OVER, path=left_over)


def _of_removals(signals: SignalStore) -> Iterator[Finding]:
    """Check that everything that was to be removed is gone."""
    for note in notes_of_removals(signals.home):
        yield finding(FindingKind.REMOVAL_PENDING, path=str(note))


def _of_encrypting(home: Path) -> Iterator[Finding]:
    """Check that all of an encrypted journal is encrypted, and its keys kept twice."""
    if not is_encrypted_home(home):
        return
    for path in plain_files(home):
        yield finding(FindingKind.NOT_ENCRYPTED, path=str(path))
    for path in damaged_keys(home):
        yield finding(FindingKind.KEYS_DAMAGED, path=str(path))


def _orphans(connection: Connection, signals: SignalStore) -> tuple[str, ...]:
    """List files that nothing refers to."""
    used = {path for (path,) in connection.execute(select(revisions.c.signals_path))}
    return tuple(relative for relative in signals.files() if relative not in used)
