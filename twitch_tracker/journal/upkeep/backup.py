"""A whole journal as one zip file, and back.

In the zip: ``journal.sqlite3`` (also of a PostgreSQL journal, row by row),
``recordings/...`` and ``manifest.json`` with the hash of every file and what is wrong
with the journal (`backup_contents` reads it). The copy shows one moment even while
others write. Note: nothing is ever overwritten, neither by a backup nor by restoring
one.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import shutil
import sqlite3
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, func, insert, inspect, select, text

from twitch_tracker.encrypted.keys import Key, key_of_home, unlock_home
from twitch_tracker.errors import (
    BadParameter,
    JournalDamaged,
    JournalLocked,
    JournalUnavailable,
    OutputNotWritable,
)
from twitch_tracker.exchange.disk.durable import (
    make_folder,
    put_in_place,
    sync_folder,
    to_disk,
)
from twitch_tracker.exchange.disk.packed import entry_of_now
from twitch_tracker.exchange.disk.private import (
    make_private,
    make_tree_private,
)
from twitch_tracker.exchange.disk.scratch import scratch_folder
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.journal.encrypting.opening import key_of_database
from twitch_tracker.journal.encrypting.passphrases import (
    KEYS,
    EncryptionState,
    KeyFile,
    in_state,
    key_from,
    read_keys,
    write_keys,
)
from twitch_tracker.journal.migrating import bring_up_to_date
from twitch_tracker.journal.store.database import Database, connect, use_wal
from twitch_tracker.journal.store.exclusive import exclusive, replace_database
from twitch_tracker.journal.store.schema import metadata, patients
from twitch_tracker.journal.store.signal_store import (
    SignalStore,
    hash_of_file,
    is_place,
)
from twitch_tracker.journal.store.sqlite import JOURNAL_FILE, open_sqlite, sqlite_errors
from twitch_tracker.journal.upkeep.backup_contents import (
    BEGUN,
    ENCRYPTED_FORMAT,
    FORMAT,
    MANIFEST,
    RESTORING,
    check_room,
    keys_in,
    read_manifest,
    verify,
)
from twitch_tracker.journal.upkeep.checking_cells import triggers_and_views
from twitch_tracker.journal.upkeep.checking_rows import check_rows
from twitch_tracker.language import say

__all__ = ["BACKING_UP", "back_up", "restore"]

BACKING_UP: Final = ".twitch-tracker-backup-"
"""How a folder begins in which a backup is made, beside its place."""

_BATCH: Final = 5_000


# --- out --------------------------------------------------------------------


def back_up(
    database: Database, signals: SignalStore, target: Path, now: datetime
) -> Path:
    """Write a backup and read it again.

    Parameters
    ----------
    database : Database
        The journal.
    signals : SignalStore
        Its files.
    target : Path
        The zip file; must not exist.
    now : datetime
        For the manifest.

    Returns
    -------
    Path
        `target`.

    Raises
    ------
    OutputNotWritable
        It exists, or cannot be written; nothing is left behind.
    JournalDamaged
        The copy is not sound.
    """
    if target.exists():
        raise OutputNotWritable(
            say(
                "{target} already exists, and a backup never overwrites. Give another "
                "name.",
                target=target,
            )
        )
    try:
        with scratch_folder(target.parent, BACKING_UP) as scratch:
            copy, part = scratch / JOURNAL_FILE, scratch / "backup.zip"
            key = database.key or key_of_home(signals.home)
            with _sqlite_in_words(database, copy):
                _copy_database(database, copy, key)
                _write(part, copy, signals, now, key)
            copy.unlink()
            verify(part)
            make_private(part)
            part.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise OutputNotWritable(
            say(
                "{target}: the backup could not be written ({why}). Choose a folder "
                "with free space.",
                target=target,
                why=error.strerror or error,
            )
        ) from error
    return target


def _copy_database(database: Database, copy: Path, key: Key | None) -> None:
    """Copy one moment of the database into a SQLite file, and check that."""
    same_library = (database.key is None) == (key is None)
    if database.file is not None and same_library:
        with contextlib.closing(open_sqlite(copy, key)) as into:
            raw = database.engine.raw_connection()
            try:
                driver: Any = raw.driver_connection
                driver.backup(into)
            finally:
                raw.close()
            into.execute("PRAGMA journal_mode=DELETE")
    else:
        with _sqlite(copy, key) as into_database, database.read() as before:
            bring_up_to_date(into_database)
            with into_database.write() as after:
                _copy_rows(before, after)
    with contextlib.closing(open_sqlite(copy, key)) as made:
        said = made.execute("PRAGMA integrity_check").fetchone()[0]
    if said != "ok":
        raise _damaged(database.place, said)


@contextlib.contextmanager
def _sqlite_in_words(database: Database, copy: Path) -> Iterator[None]:
    """Turn errors of SQLite into errors about the journal, or about the target."""
    try:
        yield
    except sqlite_errors() as error:
        raise _why_not_copied(database, copy, error) from error


def _why_not_copied(
    database: Database, copy: Path, error: Exception
) -> JournalDamaged | OSError:
    """Distinguish a target that cannot be written from a source that cannot be read."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    kind = code & 0xFF
    full = shutil.disk_usage(copy.parent).free < database.size_bytes
    refused = kind == sqlite3.SQLITE_IOERR and code not in _SOURCE_FAILS
    if kind in _TARGET_REFUSES or refused or (kind == sqlite3.SQLITE_IOERR and full):
        return OSError(errno.ENOSPC if full else errno.EIO, str(error))
    return _damaged(database.place, str(error))


_SOURCE_FAILS: Final = frozenset(
    {sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ}
)
"""An error of the disk with one of these was met in reading."""

_TARGET_REFUSES: Final = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
)


def _damaged(place: str, said: str) -> JournalDamaged:
    return JournalDamaged(
        say(
            "journal {place} is damaged, so no sound backup can be made ({said}). Copy "
            "the whole folder as it is, and restore an older backup.",
            place=place,
            said=said,
        )
    )


def _copy_rows(before: Connection, after: Connection) -> None:
    """Copy every row of every table, in the order that references need."""
    for table in metadata.sorted_tables:
        order = list(table.primary_key.columns)
        rows = before.execute(select(table).order_by(*order)).mappings()
        for batch in rows.partitions(_BATCH):
            after.execute(insert(table), [dict(row) for row in batch])


def _write(
    part: Path, copy: Path, signals: SignalStore, now: datetime, key: Key | None
) -> None:
    """Pack the copy, the signals it refers to, and hashes; return what is wrong."""
    with contextlib.closing(open_sqlite(copy, key)) as made:
        wanted = (
            "SELECT DISTINCT signals_path, signals_sha256 FROM revisions "
            "WHERE signals_path != '' ORDER BY signals_path"
        )
        logged = dict(made.execute(wanted).fetchall())
    hashes: dict[str, str] = {}
    missing: list[str] = []
    damaged: list[str] = []
    with zipfile.ZipFile(
        part, "x", zipfile.ZIP_DEFLATED, strict_timestamps=False
    ) as packed:
        packed.write(copy, JOURNAL_FILE)
        hashes[JOURNAL_FILE] = _hash_as_it_lies(copy)
        if key is not None:
            packed.write(signals.home / KEYS, KEYS)
            hashes[KEYS] = _hash_as_it_lies(signals.home / KEYS)
        for name, sha256 in logged.items():
            if not is_place(name) or not (path := signals.path(name)).is_file():
                missing.append(name)
                continue
            packed.write(path, name, zipfile.ZIP_STORED)
            hashes[name] = _hash_as_it_lies(path)
            damaged += [] if _is_as_logged(path, sha256) else [name]
        manifest = {
            "format": FORMAT if key is None else ENCRYPTED_FORMAT,
            "made_at": now.isoformat(),
            "files": hashes,
            "missing": missing,
            "damaged": damaged,
            "findings": _findings_in(copy, key),
        }
        packed.writestr(entry_of_now(MANIFEST), json.dumps(manifest, indent=1))
    with part.open("r+b") as file:
        to_disk(file)


def _hash_as_it_lies(path: Path) -> str:
    """Hash a file as it is on the disk and in the zip: encrypted when it is so."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_as_logged(path: Path, sha256: str) -> bool:
    try:
        return hash_of_file(path) == sha256
    except OSError:  # encrypted, and damaged
        return False


def _findings_in(copy: Path, key: Key | None) -> int:
    """Count what is wrong with the rows of the copy."""
    with _sqlite(copy, key) as database, database.read() as connection:
        return sum(1 for _ in check_rows(connection, sqlite=True))


# --- in ---------------------------------------------------------------------


def restore(
    file: Path, home: Path, url: str | None = None, *, passphrase: str | None = None
) -> int:
    """Read a backup back to where no journal is.

    Parameters
    ----------
    file : Path
        The zip file.
    home : Path
        Folder of the new journal.
    url : str, optional
        Database instead of the SQLite file; must be empty.
    passphrase : str, optional
        Of an encrypted backup, as it was when that was made; or its recovery code.
        What is restored is encrypted with the same.

    Returns
    -------
    int
        How many people are in it.

    Raises
    ------
    BadParameter
        There is a journal already.
    JournalDamaged
        The backup is damaged; nothing is left behind.
    JournalLocked, WrongPassphrase
        It is encrypted, and no passphrase was given, or a wrong one.
    JournalUnavailable
        Another program has an empty journal open there; nothing was changed.
    OutputNotWritable
        The folder cannot be written.
    """
    verify(file)
    home = home.absolute()
    keys = keys_in(file)
    key = None if keys is None else _key_of_backup(file, keys, passphrase, url)
    _refuse_other_key(home, key)
    if _holds_a_database(home) or _holds_other_signals(file, home):
        raise BadParameter(
            "home",
            say("a folder without a journal"),
            str(home),
            say("Give another one."),
        )
    if not url:
        _refuse_open(home / JOURNAL_FILE)
    try:
        make_folder(home, mode=0o700)
        make_private(home)
        check_room(file, home)
        with scratch_folder(home, RESTORING) as stage:
            with zipfile.ZipFile(file) as packed:
                for name in read_manifest(file)["files"]:
                    packed.extract(name, stage)
            make_tree_private(stage)
            return _put_back(stage, home, url, keys, key)
    except OSError as error:
        raise OutputNotWritable(
            say(
                "{home}: the backup could not be restored ({why}).",
                home=home,
                why=error.strerror or error,
            )
        ) from error


def _key_of_backup(
    file: Path, keys: KeyFile, passphrase: str | None, url: str | None
) -> Key:
    """Open the key of an encrypted backup."""
    if url:
        expected = say("a plain backup, to fill a database")
        advice = say(
            "Restore it to a folder, decrypt that with `twitch-tracker journal decrypt`, "
            "and make a backup of it."
        )
        raise BadParameter("file", expected, say("an encrypted one"), advice)
    if passphrase is None:
        raise JournalLocked(
            say(
                "{file} is encrypted. Give the passphrase that the journal had when it "
                "was made, or its recovery code.",
                file=file,
            )
        )
    return key_from(keys, passphrase)


def _refuse_other_key(home: Path, key: Key | None) -> None:
    """Refuse a folder with encrypted films in it that the backup's key does not open."""
    keys = read_keys(home)
    if keys is None or (key is not None and keys.key_name == key.name.hex()):
        return
    expected = say("a folder without an encrypted journal")
    raise BadParameter("home", expected, str(home), say("Give another one."))


def _holds_a_database(home: Path) -> bool:
    """Return whether there is more than the empty journal that looking there makes."""
    file = home / JOURNAL_FILE
    if not file.exists() or file.stat().st_size == 0:
        return False
    try:
        with contextlib.closing(open_sqlite(file, key_of_database(file))) as found:
            return any(
                found.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()  # noqa: S608
                for table in ("patients", "changes")
            )
    except sqlite_errors():
        return True


def _holds_other_signals(file: Path, home: Path) -> bool:
    """Return whether signals lie there that a restore of this backup has not put there.

    One that was killed leaves some of them, and no database: then the same restore may
    be tried again. Whole or not, they are written again.
    """
    there = set(SignalStore(home).files())
    began = (home / BEGUN).exists()
    return bool(there) and not (began and there <= set(read_manifest(file)["files"]))


def _put_back(
    stage: Path, home: Path, url: str | None, keys: KeyFile | None, key: Key | None
) -> int:
    """Move what was unpacked in place: signals first, what makes them a journal last."""
    with _sqlite(stage / JOURNAL_FILE, key) as copy:
        _refuse_foreign(copy)
        bring_up_to_date(copy)
        with copy.read() as before:
            people = int(
                before.execute(select(func.count(patients.c.id))).scalar() or 0
            )
            if url:
                with _filling(url, before):
                    _put_signals(stage, home)
    if keys is not None and key is not None:
        if read_keys(home) is None:
            # In state "encrypting", the next opening encrypts plain films that lie here.
            write_keys(home, in_state(keys, key, EncryptionState.ENCRYPTING))
        unlock_home(home, key)
    if not url:
        _put_signals(stage, home)
        _put_in_place(stage / JOURNAL_FILE, home / JOURNAL_FILE)
        with _sqlite(home / JOURNAL_FILE, key) as restored:
            use_wal(restored)
    (home / BEGUN).unlink(missing_ok=True)
    return people


def _put_signals(stage: Path, home: Path) -> None:
    """Move the signals in place, marked as those of a restore that is under way."""
    recordings = stage / "recordings"
    if recordings.is_dir():
        write_whole(home / BEGUN, "")
        _move_signals(recordings, home / "recordings")


def _put_in_place(part: Path, file: Path) -> None:
    """Give the database its name, also where an empty new journal has it."""
    if not file.exists():
        for left in ("-wal", "-shm"):
            file.with_name(f"{file.name}{left}").unlink(missing_ok=True)
        put_in_place(part, file)
        return
    with _alone(file):
        if sys.platform != "win32":  # `_alone` still holds it
            replace_database(part, file, overwrite=True)
    if part.exists():
        replace_database(part, file, overwrite=False)


def _refuse_open(file: Path) -> None:
    """Refuse to replace the empty journal of a program that has it open."""
    if file.exists():
        with _alone(file):
            pass
        with contextlib.closing(open_sqlite(file, key_of_database(file))) as again:
            again.execute("PRAGMA journal_mode=WAL")


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Hold a database that nobody else has open."""
    try:
        with exclusive(open_sqlite(file, key_of_database(file))):
            yield
    except sqlite_errors() as error:
        raise JournalUnavailable(
            say(
                "{file}: another program has this empty journal open ({error}). Close the "
                "app and other programs that use it; nothing was restored.",
                file=file,
                error=error,
            )
        ) from error


def _refuse_foreign(database: Database) -> None:
    """Refuse a database that is no journal, or more than one."""
    with database.read() as connection:
        if not inspect(connection).has_table(patients.name):
            raise JournalDamaged(
                say(
                    "{name} in the backup is no journal: it has no table of people.",
                    name=JOURNAL_FILE,
                )
            )
        if acts := triggers_and_views(connection):
            raise JournalDamaged(
                say(
                    "{name} in the backup holds what no journal has ({names}), so another "
                    "program made it. Nothing was restored.",
                    name=JOURNAL_FILE,
                    names=", ".join(acts),
                )
            )


def _move_signals(stage: Path, target: Path) -> None:
    """Move every file in place, whole, and see that all is on the disk."""
    for source in sorted(path for path in stage.rglob("*") if path.is_file()):
        place = target / source.relative_to(stage)
        make_folder(place.parent, mode=0o700)
        with source.open("r+b") as file:
            to_disk(file)
        put_in_place(source, place)
        for folder in (place.parent.parent, place.parent.parent.parent):
            sync_folder(folder)


@contextlib.contextmanager
def _filling(url: str, before: Connection) -> Iterator[None]:
    """Copy all rows into an empty database; they are there when the block is left."""
    with contextlib.closing(connect(url)) as target:
        bring_up_to_date(target)
        with target.write() as after:
            if after.execute(select(func.count(patients.c.id))).scalar():
                raise BadParameter("journal", say("an empty database"), target.place)
            _copy_rows(before, after)
            if not target.sqlite:
                _go_on_counting(after)
            yield


def _go_on_counting(after: Connection) -> None:
    """Set the sequences of a server behind the copied rows."""
    for table in metadata.sorted_tables:
        if "id" in table.c:
            highest = after.execute(select(func.max(table.c.id))).scalar() or 0
            after.execute(
                text(
                    "SELECT setval(pg_get_serial_sequence(:name, 'id'), :last, :used)"
                ),
                {"name": table.name, "last": max(highest, 1), "used": highest > 0},
            )


@contextlib.contextmanager
def _sqlite(file: Path, key: Key | None = None) -> Iterator[Database]:
    database = connect(URL.create("sqlite", database=str(file)), key)
    try:
        yield database
    finally:
        database.close()
