"""The signals beside the database: ``recordings/ab/<content>/<file hash>.parquet``.

A file is named by its own hash, so that copying twice is copying once, and gets its
name only when it is whole and on the disk. Note: a database may come from elsewhere, as
a backup does, so a place that it names is believed only when it is one of these
(`is_place`); otherwise a removal could delete other files of the user.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final, cast

from twitch_tracker.encrypted.files import open_to_read, open_to_write
from twitch_tracker.errors import JournalDamaged, JournalUnavailable
from twitch_tracker.exchange.disk.durable import (
    make_folder,
    put_in_place,
    sync_folder,
    to_disk,
)
from twitch_tracker.exchange.disk.private import make_private, make_private_file
from twitch_tracker.language import say

__all__ = ["SignalStore", "hash_of_file", "is_place"]

_FOLDER: Final = "recordings"
_CHUNK: Final = 1 << 20
_DEPTH: Final = 4
"""How many names a place has."""

_NEW: Final = ".new-"
"""How the note of a file begins that nothing refers to yet."""


def hash_of_file(path: Path) -> str:
    """Hash the content of a file (SHA-256, hexadecimal), encrypted or not."""
    with open_to_read(path) as file:
        return hashlib.file_digest(cast("Any", file), "sha256").hexdigest()


def is_place(relative: str) -> bool:
    """Return whether a text names a place at which this program keeps signals."""
    parts = PurePosixPath(relative).parts
    odd = ".." in parts or "\\" in relative or ":" in relative or "\0" in relative
    return not odd and len(parts) == _DEPTH and parts[0] == _FOLDER


class SignalStore:
    """A folder of Parquet files.

    Parameters
    ----------
    home : Path
        The journal's folder; made when something is first stored.
    """

    def __init__(self, home: Path) -> None:
        self.home: Final = home

    def path(self, relative: str) -> Path:
        """Return where a stored file is.

        Raises
        ------
        JournalDamaged
            The database names a place that is none.
        """
        if not is_place(relative):
            raise JournalDamaged(
                say(
                    "the journal in {home} says that signals are at {place!r}, where this "
                    "program keeps none. Restore a backup.",
                    home=self.home,
                    place=relative,
                )
            )
        return self.home / relative

    def put(
        self, source: Path, content_sha256: str, database: str = ""
    ) -> tuple[str, str]:
        """Copy a file in, whole or not at all.

        Parameters
        ----------
        source : Path
            The file.
        content_sha256 : str
            Hash of the recording it belongs to.
        database : str
            In which database it is about to be referred to: until `settle` says that
            it is, `unsettled` lists it.

        Returns
        -------
        relative, sha256 : str
            Where it is below `home` (with ``/``), and its hash.

        Raises
        ------
        JournalUnavailable
            It cannot be read, or the disk refuses.
        """
        folder = self.home / _FOLDER / content_sha256[:2] / content_sha256
        part = folder / f".{secrets.token_hex(6)}.part"
        try:
            make_folder(folder, mode=0o700)
            _note_new(part, database)
            sha256 = _copy(source, part)
            target = folder / f"{sha256}.parquet"
            if not target.exists() or hash_of_file(target) != sha256:
                _note_new(target, database)
                put_in_place(part, target)
                for place in (folder.parent, folder.parent.parent):
                    sync_folder(place)
        except OSError as error:
            raise JournalUnavailable(
                say(
                    "{source}: the signals could not be copied to {folder} ({why}). "
                    "Nothing was logged.",
                    source=source,
                    folder=folder,
                    why=error.strerror or error,
                )
            ) from error
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
                _note_of(part).unlink(missing_ok=True)
        return target.relative_to(self.home).as_posix(), sha256

    def settle(self, relative: str) -> None:
        """Say that a file is referred to now, for good."""
        with contextlib.suppress(OSError):
            _note_of(self.path(relative)).unlink(missing_ok=True)

    def unsettled(self, database: str) -> tuple[str, ...]:
        """List files that a database was about to refer to when it was killed.

        A note that is empty and has no file was killed itself: it is anybody's.
        """
        found = []
        for note in sorted((self.home / _FOLDER).glob(f"*/*/{_NEW}*")):
            file = note.with_name(note.name.removeprefix(_NEW))
            owner = note.read_text(encoding="utf-8")
            if owner == database or not (owner or file.exists()):
                found.append(file.relative_to(self.home).as_posix())
        return tuple(found)

    def remove(self, relative: str) -> None:
        """Remove a file and the folders that it leaves empty.

        What is no place of signals is left alone, whatever a database says.

        Raises
        ------
        JournalUnavailable
            It cannot be removed.
        """
        if not is_place(relative):
            return
        path = self.path(relative)
        try:
            path.unlink(missing_ok=True)
            _note_of(path).unlink(missing_ok=True)
        except OSError as error:
            raise JournalUnavailable(
                say(
                    "{path} could not be removed ({why}). Close the program that has it "
                    "open, then run `twitch-tracker journal check --tidy`.",
                    path=path,
                    why=error.strerror or error,
                )
            ) from error
        for folder in (path.parent, path.parent.parent):
            with contextlib.suppress(OSError):
                folder.rmdir()

    def files(self) -> Iterator[str]:
        """List what is stored, also what was left half copied, in order."""
        root = self.home / _FOLDER
        for path in sorted(root.glob("*/*/*")):
            if path.is_file() and not path.name.startswith(_NEW):
                yield path.relative_to(self.home).as_posix()


def _note_of(path: Path) -> Path:
    return path.with_name(f"{_NEW}{path.name}")


def _note_new(target: Path, database: str) -> None:
    """Note that a file is new, so that it goes when nothing comes to refer to it."""
    make_private_file(_note_of(target))
    with _note_of(target).open("w", encoding="utf-8") as note:
        note.write(database)
        to_disk(note)


def _copy(source: Path, target: Path) -> str:
    """Copy and hash; the copy is on the disk afterwards."""
    digest = hashlib.sha256()
    with open_to_read(source) as before, open_to_write(target) as after:
        while chunk := before.read(_CHUNK):
            digest.update(chunk)
            after.write(chunk)
        to_disk(after)
    make_private(target)
    return digest.hexdigest()
