"""Encrypt or decrypt a journal, also when the program is killed on the way.

First it is noted which way (`EncryptionState`), then the database and every file are
converted, each whole or not at all, and last it is noted that it is done. A kill leaves
some of both, which is all readable with the passphrase; the next opening goes on. Note:
what is new is read again and compared before it takes the place of what was there;
nobody else may have the database open; and what the old files held stays in free blocks
of the disk for a while, which no program can prevent.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from twitch_tracker.encrypted.files import (
    copy_content,
    is_encrypted,
    open_to_read,
    open_to_write,
)
from twitch_tracker.encrypted.keys import (
    KEPT_FOLDERS,
    Key,
    forget_home,
    is_kept_encrypted,
    key_of_home,
    unlock_home,
)
from twitch_tracker.errors import (
    BadParameter,
    DiskFull,
    JournalDamaged,
    JournalUnavailable,
)
from twitch_tracker.exchange.disk.durable import put_in_place, sync_folder, to_disk
from twitch_tracker.exchange.disk.private import make_private
from twitch_tracker.exchange.locking import try_lock
from twitch_tracker.journal.encrypting.passphrases import (
    EncryptionState,
    KeyFile,
    in_state,
    is_encrypted_home,
    make_keys,
    read_keys,
    remove_keys,
    write_keys,
)
from twitch_tracker.journal.store.database import PATIENCE_S
from twitch_tracker.journal.store.exclusive import exclusive, replace_database
from twitch_tracker.journal.store.signal_store import hash_of_file
from twitch_tracker.journal.store.sqlite import (
    JOURNAL_FILE,
    driver_of,
    is_plain_database,
    key_literal,
    open_sqlite,
    sqlite_errors,
)
from twitch_tracker.language import say

__all__ = [
    "Report",
    "decrypt_journal",
    "encrypt_journal",
    "encrypt_rest",
    "finish_converting",
    "plain_files",
]

_LOCK: Final = ".converting.lock"
_PART: Final = ".converting"
_SPARE_BYTES: Final = 50_000_000

Report = Callable[[int, int], None]
"""Called with how many files of how many are done."""


def _no_report(_done: int, _of: int) -> None:
    """Report nothing."""


# --- there and back -----------------------------------------------------------


def encrypt_journal(
    home: Path, passphrase: str, recovery_code: str, report: Report = _no_report
) -> None:
    """Encrypt a journal with all that the app keeps beside it.

    Parameters
    ----------
    home : Path
        The journal's folder; the caller holds the lock of the app.
    passphrase : str
        Without it, or the recovery code, nothing opens the journal any more.
    recovery_code : str
        From `passphrases.new_recovery_code`; shown to the user before.
    report : callable
        See `Report`.

    Raises
    ------
    BadParameter
        It is encrypted already, or the passphrase is too short.
    JournalUnavailable
        Another program has the journal open; nothing was changed.
    DiskFull
        There is no room for a second copy of the largest file; nothing was changed.
    MissingDependency
        The libraries for it are not installed.
    """
    with _only_one(home):
        if is_encrypted_home(home):
            raise BadParameter("home", say("a plain journal"), say("an encrypted one"))
        keys, key = make_keys(passphrase, recovery_code)
        _check_alone(home / JOURNAL_FILE, None)
        _check_room(home)
        unlock_home(home, key)
        write_keys(home, keys)
        _convert(home, keys, key, report)


def encrypt_rest(home: Path, report: Report = _no_report) -> int:
    """Encrypt what came into an encrypted journal as a plain file.

    Parameters
    ----------
    home : Path
        The journal's folder, unlocked; the caller holds the lock of the app.
    report : callable
        See `Report`.

    Returns
    -------
    int
        How many files there were.

    Raises
    ------
    JournalUnavailable
        Another program has the journal open, or the disk refuses.
    """
    found, keys, key = list(plain_files(home)), read_keys(home), key_of_home(home)
    if keys is not None and is_plain_database(home / JOURNAL_FILE):
        found.append(home / JOURNAL_FILE)
    if found and keys is not None and key is not None:
        with _only_one(home):
            keys = in_state(keys, key, EncryptionState.ENCRYPTING)
            unlock_home(home, key)
            write_keys(home, keys)
            _convert(home, keys, key, report)
    return len(found)


def decrypt_journal(home: Path, report: Report = _no_report) -> None:
    """Make an encrypted journal a plain one again.

    Parameters
    ----------
    home : Path
        The journal's folder, unlocked; the caller holds the lock of the app.
    report : callable
        See `Report`.

    Raises
    ------
    BadParameter
        It is not encrypted.
    JournalUnavailable, DiskFull
        As `encrypt_journal`.
    """
    with _only_one(home):
        keys, key = read_keys(home), key_of_home(home)
        if keys is None or key is None:
            raise BadParameter("home", say("an encrypted journal"), say("a plain one"))
        plain = keys.state is not EncryptionState.ENCRYPTED and is_plain_database(
            home / JOURNAL_FILE
        )
        _check_alone(home / JOURNAL_FILE, None if plain else key)
        _check_room(home)
        keys = in_state(keys, key, EncryptionState.DECRYPTING)
        unlock_home(home, key, encrypting=False)
        write_keys(home, keys)
        _convert(home, keys, key, report)


def finish_converting(home: Path) -> None:
    """Finish a conversion that was killed; usually there is none.

    Parameters
    ----------
    home : Path
        The journal's folder, unlocked.

    Raises
    ------
    JournalUnavailable
        Another program is doing it, or has the journal open.
    """
    keys, key = read_keys(home), key_of_home(home)
    if keys is None or key is None or keys.state is EncryptionState.ENCRYPTED:
        return
    with _only_one(home):
        keys = read_keys(home)
        if keys is not None and keys.state is not EncryptionState.ENCRYPTED:
            unlock_home(home, key, encrypting=keys.state is EncryptionState.ENCRYPTING)
            _convert(home, keys, key, _no_report)


def plain_files(home: Path) -> tuple[Path, ...]:
    """List the files beside the database of an encrypted journal that anybody can read.

    The database itself may be open (`opening.key_of_database`); it opens with the key, or
    not at all.
    """
    return tuple(path for path in _files(home) if not is_encrypted(path))


def _convert(home: Path, keys: KeyFile, key: Key, report: Report) -> None:
    forward = keys.state is EncryptionState.ENCRYPTING
    _remove_parts(home)
    _convert_database(home / JOURNAL_FILE, key, forward=forward)
    waiting = [path for path in _files(home) if is_encrypted(path) != forward]
    for done, path in enumerate(waiting):
        report(done, len(waiting))
        _convert_file(path, key, forward=forward)
    report(len(waiting), len(waiting))
    if forward:
        write_keys(home, in_state(keys, key, EncryptionState.ENCRYPTED))
    else:
        remove_keys(home)
        sync_folder(home)
        forget_home(home)


@contextlib.contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """Lock a journal so that no other process converts it."""
    ends_s = time.monotonic() + PATIENCE_S
    with (home / _LOCK).open("a+b") as file:
        while not try_lock(file):
            if time.monotonic() > ends_s:
                raise JournalUnavailable(
                    say(
                        "journal {home}: another program is encrypting or decrypting "
                        "it. Try again when that is done.",
                        home=home,
                    )
                )
            time.sleep(0.1)
        yield


def _check_room(home: Path) -> None:
    sizes = [path.stat().st_size for path in (home / JOURNAL_FILE, *_files(home))]
    needed = sizes[0] + max(sizes) + _SPARE_BYTES
    free = shutil.disk_usage(home).free
    if free < needed:
        raise DiskFull(
            say(
                "{home}: converting the journal needs {needed:.0f} MB for a while, "
                "{free:.0f} MB are free. Free some space; nothing was changed.",
                home=home,
                needed=needed / 1e6,
                free=free / 1e6,
            )
        )


# --- files --------------------------------------------------------------------


def _files(home: Path) -> Iterator[Path]:
    """Yield every file that is encrypted in an encrypted journal, but the database."""
    for name in KEPT_FOLDERS:
        for path in sorted((home / name).rglob("*")):
            inside = path.relative_to(home)
            if path.is_file() and not path.is_symlink() and is_kept_encrypted(inside):
                yield path


def _remove_parts(home: Path) -> None:
    """Remove what a killed conversion had half written."""
    for name in KEPT_FOLDERS:
        for part in (home / name).rglob(f".*{_PART}"):
            part.unlink(missing_ok=True)
    for part in home.glob(f"{JOURNAL_FILE}{_PART}*"):
        part.unlink(missing_ok=True)


def _convert_file(path: Path, key: Key, *, forward: bool) -> None:
    """Convert one file, with its date; the same content is there at any moment."""
    part = path.with_name(f".{secrets.token_hex(6)}{_PART}")
    try:
        with (
            open_to_read(path) as before,
            open_to_write(part, key=key if forward else None) as after,
        ):
            copy_content(before, after)
            to_disk(after)
        if hash_of_file(part) != hash_of_file(path):
            raise JournalDamaged(
                say(
                    "{path}: the converted file does not read back as it was written. "
                    "Check the disk; the original is unchanged.",
                    path=path,
                )
            )
        status = path.stat()
        os.utime(part, ns=(status.st_atime_ns, status.st_mtime_ns))
        make_private(part)
        put_in_place(part, path)
    except OSError as error:
        raise JournalUnavailable(
            say(
                "{path} could not be converted ({why}). What was converted so far "
                "stays; the next opening of the journal continues.",
                path=path,
                why=error.strerror or error,
            )
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


# --- the database -------------------------------------------------------------


def _check_alone(file: Path, key: Key | None) -> None:
    """Make sure that nobody else has the database open, this process included."""
    if file.exists():
        with _alone(open_sqlite(file, key), file):
            pass
        _use_wal(file, key)


def _use_wal(file: Path, key: Key | None) -> None:
    """Let readers read while one writes, again."""
    with contextlib.closing(open_sqlite(file, key)) as connection:
        connection.execute("PRAGMA journal_mode=WAL").close()


@contextlib.contextmanager
def _alone(connection: Any, file: Path) -> Iterator[Any]:
    """Open a new connection to a database that no other process has open."""
    try:
        with exclusive(connection):
            yield connection
    except sqlite_errors() as error:
        raise JournalUnavailable(
            say(
                "journal {file}: it cannot be converted while another program has it "
                "open ({error}). Close the app and other programs that use it.",
                file=file,
                error=error,
            )
        ) from error


def _by_sqlcipher(file: Path, key: Key, *, plain: bool) -> Any:
    """Open a database with the library that can write both forms of it."""
    return driver_of(key).connect(str(file)) if plain else open_sqlite(file, key)


def _convert_database(file: Path, key: Key, *, forward: bool) -> None:
    if not file.exists() or is_plain_database(file) != forward:
        return
    part = file.with_name(f"{file.name}{_PART}")
    try:
        database = _by_sqlcipher(file, key, plain=forward)
        with _alone(database, file) as connection:
            _export(connection, part, key, forward=forward)
            if sys.platform != "win32":  # `_alone` still holds it
                replace_database(part, file, overwrite=forward)
        if part.exists():
            replace_database(part, file, overwrite=False)
    except BaseException:
        if is_plain_database(file) == forward:
            with contextlib.suppress(*sqlite_errors()):
                _use_wal(file, None if forward else key)
        raise


def _export(connection: Any, part: Path, key: Key, *, forward: bool) -> None:
    """Write the other form of a database, and compare them."""
    other = key_literal(key) if forward else "''"
    connection.execute(f"ATTACH DATABASE ? AS converted KEY {other}", (str(part),))
    connection.execute("SELECT sqlcipher_export('converted')")
    connection.execute("DETACH DATABASE converted")
    _check_copy(part, key if forward else None, _digest(connection))
    with part.open("r+b") as made:
        to_disk(made)
    make_private(part)


def _check_copy(part: Path, key: Key | None, before: str) -> None:
    """Make sure that a copy holds what it should, and let readers read while one writes."""
    with contextlib.closing(open_sqlite(part, key)) as copy:
        sound = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        if not sound or _digest(copy) != before:
            raise JournalDamaged(
                say(
                    "{part}: the converted database does not read back as it was "
                    "written. Check the disk; the journal is unchanged.",
                    part=part,
                )
            )
        copy.execute("PRAGMA journal_mode=WAL")


def _digest(connection: Any) -> str:
    """Hash the definition and every row of every table."""
    digest = hashlib.sha256()
    tables = connection.execute(
        "SELECT name, sql FROM sqlite_master ORDER BY type, name"
    ).fetchall()
    names = [name for name, sql in tables if sql and sql.startswith("CREATE TABLE")]
    digest.update(repr(tables).encode())
    for name in names:
        for row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608
            digest.update(repr(row).encode())
    return digest.hexdigest()
