"""What is in a backup: its manifest, read and checked before anything is unpacked.

Knows the zip, not the journal. Note: a name that would be written anywhere but in the
journal is damage; nothing is read that is larger than the zip says.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import zipfile
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final

from pydantic import Field, TypeAdapter

from twitch_tracker.border.documents import Document, Sha256, checked, parsed
from twitch_tracker.border.limits import MOST_TEXT_BYTES
from twitch_tracker.encrypted.files import open_plain
from twitch_tracker.errors import BadBackup, OutputNotWritable
from twitch_tracker.journal.encrypting.passphrases import KEYS, KeyFile, parse_keys
from twitch_tracker.journal.store.sqlite import JOURNAL_FILE
from twitch_tracker.language import say

__all__ = [
    "BEGUN",
    "ENCRYPTED_FORMAT",
    "FORMAT",
    "MANIFEST",
    "check_room",
    "keys_in",
    "read_manifest",
    "verify",
]

RESTORING: Final = ".restore-"
"""How a folder begins in which a backup is unpacked, beside where it goes."""

BEGUN: Final = ".restoring"
"""An empty file that lies beside signals until the database is there, too: they are those
of a restore that was killed, and not of a journal whose database is elsewhere."""

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
ENCRYPTED_FORMAT: Final = 2
"""As 1, but database and signals are encrypted, and `KEYS` is with them."""


class _Format(Document):
    """The key that shows whether newer software wrote it."""

    format: Any = None


class _Manifest(Document):
    """What a backup says it holds."""

    format: int
    made_at: str = ""
    files: dict[str, Sha256]
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    findings: int = Field(0, ge=0)


_FORMAT: Final = TypeAdapter(_Format)
_MANIFEST: Final = TypeAdapter(_Manifest)


def read_manifest(file: Path) -> dict[str, Any]:
    """Read what a backup says it holds.

    Returns
    -------
    dict
        ``format``, ``made_at``, ``files`` (hash of each), ``missing`` and ``damaged``
        (signals that were not there, or not as logged, when it was made), ``findings``
        (how much was wrong with the journal then).

    Raises
    ------
    BadBackup
        It is no backup, or damaged.
    """
    where = f"{file}, {MANIFEST}"
    with _opened(file) as packed:
        size = packed.getinfo(MANIFEST).file_size
        if size > MOST_TEXT_BYTES:
            raise BadBackup(
                say(
                    "{where}: expected at most {most:.0f} MB, got {size:.0f} MB.",
                    where=where,
                    most=MOST_TEXT_BYTES / 2**20,
                    size=size / 2**20,
                )
            )
        text = packed.read(MANIFEST)
    document = parsed(text, where, BadBackup)
    format_ = checked(_FORMAT, document, where, BadBackup).format
    if format_ not in (FORMAT, ENCRYPTED_FORMAT):
        raise BadBackup(
            say(
                "{file}: expected a backup of format {plain} or {encrypted}, got "
                "{format!r}. A newer version of the program may have written it.",
                file=file,
                plain=FORMAT,
                encrypted=ENCRYPTED_FORMAT,
                format=format_,
            )
        )
    return checked(_MANIFEST, document, where, BadBackup).model_dump()


def verify(file: Path) -> None:
    """Read everything in a backup and compare it with the manifest's hashes.

    Raises
    ------
    BadBackup
        It is no backup, holds no database or a name outside of a journal, or a file
        in it is not what the manifest says.
    """
    files = read_manifest(file)["files"]
    if JOURNAL_FILE not in files:
        raise BadBackup(
            say(
                "{file}: expected a backup with {name} in it; there is none.",
                file=file,
                name=JOURNAL_FILE,
            )
        )
    _check_keys(file, files)
    with _opened(file) as packed:
        for name, sha256 in files.items():
            if _is_outside(name) or _hash_in(packed, name) != sha256:
                raise BadBackup(
                    say("{file}: {name} in it is damaged.", file=file, name=name)
                )


def _check_keys(file: Path, files: Collection[str]) -> None:
    """Refuse an encrypted backup without its keys, and a plain one with some."""
    encrypted = read_manifest(file)["format"] == ENCRYPTED_FORMAT
    if encrypted != (KEYS in files):
        raise BadBackup(
            say(
                "{file}: expected {name} in an encrypted backup and in no other; this "
                "one contradicts itself. It is damaged: use another backup.",
                file=file,
                name=KEYS,
            )
        )


def keys_in(file: Path) -> KeyFile | None:
    """Read the keys of an encrypted backup; None of a plain one.

    Raises
    ------
    BadBackup
        It is no backup, or what it holds of the keys cannot be read.
    """
    if KEYS not in read_manifest(file)["files"]:
        return None
    with _opened(file) as packed, packed.open(KEYS) as keys:
        return parse_keys(keys.read(MOST_TEXT_BYTES), f"{file}, {KEYS}")


def check_room(file: Path, home: Path) -> None:
    """Make sure that a backup fits where it is unpacked.

    Parameters
    ----------
    file : Path
        The zip file.
    home : Path
        An existing folder.

    Raises
    ------
    OutputNotWritable
        The disk has less room than its files need.
    """
    with _opened(file) as packed:
        needed = sum(one.file_size for one in packed.infolist())
    free = shutil.disk_usage(home).free
    if needed > free:
        raise OutputNotWritable(
            say(
                "{home}: the backup needs {needed:.0f} MB, {free:.0f} MB are free. "
                "Free some space, or restore it elsewhere.",
                home=home,
                needed=needed / 2**20,
                free=free / 2**20,
            )
        )


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip; whatever is wrong with it or its members is said in words."""
    try:
        with open_plain(file) as given, zipfile.ZipFile(given) as packed:
            yield packed
    except _NO_ZIP as error:
        raise BadBackup(
            say(
                "{file}: not a backup of a journal, or damaged ({error}). Give a zip "
                "file that `twitch-tracker journal backup` wrote.",
                file=file,
                error=error,
            )
        ) from error


_NO_ZIP: Final = (
    *(OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error),
    *(NotImplementedError, RuntimeError),  # a compression or password that we never use
)


def _is_outside(name: str) -> bool:
    """Find names that would be written outside the journal."""
    parts = PurePosixPath(name).parts
    odd = "\\" in name or ":" in name or ".." in parts
    return name not in {JOURNAL_FILE, KEYS} and (odd or parts[:1] != ("recordings",))


def _hash_in(packed: zipfile.ZipFile, name: str) -> str:
    with packed.open(name) as file:
        digest = hashlib.sha256()
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
