"""Notes of what is to be removed, so that a kill in between leaves nothing for good.

    <home>/removing/<random>.json   who or what goes, and every place that goes with it

A note is on the disk before the first thing is removed, and goes when all is gone; the
next opening of the journal finishes what a note asks for. While somebody works on a
note they hold its lock, which dies with their process. Note: places are below the
journal's folder and never lead out of it.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from pydantic import TypeAdapter

from twitch_tracker.border.kept import read_kept
from twitch_tracker.encrypted.files import open_to_write
from twitch_tracker.errors import BadFile, BadParameter, JournalUnavailable
from twitch_tracker.exchange.disk.durable import make_folder, sync_folder, to_disk
from twitch_tracker.exchange.disk.private import make_private
from twitch_tracker.exchange.locking import try_lock
from twitch_tracker.language import say

__all__ = [
    "PATIENT",
    "RECORDING",
    "Removal",
    "drop_half_notes",
    "kept_note",
    "notes_of_removals",
    "pending_removals",
    "places_below",
    "remove_place",
    "working_on",
]

FOLDER: Final = "removing"
PATIENT: Final = "patient"
RECORDING: Final = "recording"
_PATIENCE_S: Final = 30.0


@dataclass(frozen=True, kw_only=True)
class Removal:
    """What is to be removed.

    Attributes
    ----------
    kind : str
        `PATIENT` or `RECORDING`.
    name : str
        The pseudonym, or the recording's name in the journal.
    number : int
        Primary key of its row, which is never given twice.
    since : str
        When the row was made, as it is stored: that it is the same row.
    database : str
        In which database the row is.
    places : tuple of str
        Files and folders below the journal's folder, with ``/``.
    signals : tuple of str
        Signal files, in the same form.
    """

    kind: str
    name: str
    number: int
    since: str
    database: str
    places: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()


_REMOVAL: Final = TypeAdapter(Removal)


def kept_note(home: Path, removal: Removal) -> Path:
    """Keep a note for good.

    Raises
    ------
    JournalUnavailable
        The disk refuses; nothing was removed.
    """
    folder = home / FOLDER
    note = folder / f"{secrets.token_hex(8)}.json"
    try:
        make_folder(home, mode=0o700)  # none yet where a server has the database
        make_folder(folder, mode=0o700)
        with open_to_write(note) as file:
            try_lock(file)  # a note with a live lock is still being written
            file.write(json.dumps(asdict(removal), ensure_ascii=False).encode())
            to_disk(file)
        make_private(note)
        sync_folder(folder)
    except OSError as error:
        with contextlib.suppress(OSError):
            note.unlink(missing_ok=True)
        raise _nothing_removed(folder, error) from error
    return note


def pending_removals(home: Path) -> tuple[tuple[Path, Removal], ...]:
    """List what is still to be removed; what is no note is left out."""
    found = []
    for note in notes_of_removals(home):
        with contextlib.suppress(OSError, BadFile):
            found.append((note, read_kept(note, _REMOVAL)))
    return tuple(found)


def drop_half_notes(home: Path) -> None:
    """Remove notes of which only half was written: of these nothing was begun."""
    if not (home / FOLDER).exists():
        return
    whole = {note for note, _ in pending_removals(home)}
    for note in set(notes_of_removals(home)) - whole:
        with contextlib.suppress(OSError):
            with note.open("r+b") as file:
                dead = try_lock(file)
            if dead:
                note.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        (home / FOLDER).rmdir()


def notes_of_removals(home: Path) -> tuple[Path, ...]:
    """List all notes, also those that cannot be read."""
    return tuple(sorted((home / FOLDER).glob("*.json")))


@contextlib.contextmanager
def working_on(note: Path, *, patience_s: float = _PATIENCE_S) -> Iterator[bool]:
    """Hold the lock of a note while its removal runs; drop the note at the end.

    Parameters
    ----------
    note : Path
        From `kept_note`.
    patience_s : float
        How long to wait for somebody else.

    Yields
    ------
    bool
        Whether it is ours to do; no when somebody else did it or does it. When
        something is raised the note stays.
    """
    ends_s = time.monotonic() + patience_s
    while True:
        try:
            file = note.open("r+b")
        except FileNotFoundError:
            yield False
            return
        with file:
            if try_lock(file) and note.exists():
                yield True
                break
        if time.monotonic() > ends_s:
            yield False
            return
        time.sleep(0.05)
    note.unlink(missing_ok=True)
    sync_folder(note.parent)
    with contextlib.suppress(OSError):
        note.parent.rmdir()


# --- places -----------------------------------------------------------------


def places_below(home: Path, places: Iterator[Path] | tuple[Path, ...]) -> list[str]:
    """Name places as notes do.

    Raises
    ------
    BadParameter
        One of them is not below `home`.
    """
    named = []
    for place in places:
        inside = place.relative_to(home) if place.is_relative_to(home) else Path()
        if not inside.parts or ".." in inside.parts:
            expected = say("a place below {home}", home=home)
            raise BadParameter("also", expected, str(place))
        named.append(inside.as_posix())
    return named


def remove_place(home: Path, name: str) -> None:
    """Remove a file or folder that a note names, and see that it is gone.

    Parameters
    ----------
    home : Path
        The journal's folder.
    name : str
        As `places_below` makes it; others are left alone.

    Raises
    ------
    JournalUnavailable
        It could not be removed.
    """
    inside = PurePosixPath(name)
    if inside.is_absolute() or ".." in inside.parts or not inside.parts:
        return
    path = home.joinpath(*inside.parts)
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)
    except OSError as error:
        raise _still_there(path, error.strerror or str(error)) from error
    if path.exists():
        raise _still_there(path, "")


def _nothing_removed(folder: Path, error: OSError) -> JournalUnavailable:
    return JournalUnavailable(
        say(
            "{folder}: the note of what to remove could not be written ({why}). "
            "Nothing was removed. Free some space and try again.",
            folder=folder,
            why=error.strerror or error,
        )
    )


def _still_there(path: Path, why: str) -> JournalUnavailable:
    return JournalUnavailable(
        say(
            "{path} could not be removed ({why}). Close the program that has it open, "
            "and run the same command again; the rest is noted, and removed when the "
            "journal is next opened.",
            path=path,
            why=why or say("it is still there"),
        )
    )
