"""Which folders are watched, and the outcome of each file in them, on the disk.

    <home>/app/inbox/<random>.json     one a person

Note: a file is recognised by name, size and time, and a film that was taken by its
content, so that a copy under another name is not taken twice; the outcome is a code,
put into words by `outcomes`.
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final
from unicodedata import normalize

from pydantic import AliasChoices, Field, TypeAdapter

from twitch_tracker.border.kept import Bytes, Moment, read_kept
from twitch_tracker.errors import BadFile
from twitch_tracker.exchange.disk.durable import make_folder
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.history import Task

__all__ = ["FileOutcome", "Inbox", "Inboxes", "SeenFile"]

_log = logging.getLogger(__name__)

_MOST_KEPT: Final = 2_000
"""Files of a folder whose outcome is kept; five years of daily videos."""


class FileOutcome(StrEnum):
    """The outcome of a file."""

    WAITING = "waiting"
    """It is new, or still being copied."""
    TAKEN = "taken"
    TWICE = "twice"
    """The same film was taken before."""
    UNREADABLE = "unreadable"
    """It is no video that can be read."""
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NO_SPACE = "no_space"
    """For now: the disk is too full."""
    CLOSED = "closed"
    """For now: the system does not let it be read."""

    @property
    def is_final(self) -> bool:
        """Whether it is looked at again only when it has changed."""
        return self not in {
            FileOutcome.WAITING,
            FileOutcome.NO_SPACE,
            FileOutcome.CLOSED,
        }


_Outcome = Annotated[
    FileOutcome, Field(validation_alias=AliasChoices("outcome", "fate"))
]
"""Files of before 2026-12 call it ``fate``."""


@dataclass(frozen=True, kw_only=True)
class SeenFile:
    """One file of a folder.

    Attributes
    ----------
    name : str
        Its name there.
    size : int
        Bytes.
    changed_ns : int
        When it was last changed, as the system reports.
    outcome : FileOutcome
        What became of it.
    sha256 : str
        Its content; empty until it was read.
    clip_id : str
        The recording that was made of it.
    """

    name: str
    size: Bytes
    changed_ns: Bytes
    outcome: _Outcome
    sha256: str = ""
    clip_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """A folder that is watched for a person.

    Attributes
    ----------
    patient_id : str
        Whose films are put there.
    folder : str
        Where it is; absolute.
    task : Task
        What the person was asked to do in them.
    mirrored : bool
        Whether the films are mirror images.
    since : datetime
        Since when; aware.
    files : tuple of SeenFile
        In the order in which they were first seen.
    """

    patient_id: str
    folder: str
    task: Task
    mirrored: bool
    since: Moment
    files: tuple[SeenFile, ...] = ()

    def seen(self, name: str) -> SeenFile | None:
        """Return what is known of a file."""
        return next((one for one in self.files if one.name == name), None)

    def noting(self, seen: SeenFile) -> Inbox:
        """Return it with what is known of a file now."""
        others = tuple(one for one in self.files if one.name != seen.name)
        return replace(self, files=(*others, seen)[-_MOST_KEPT:])


_INBOX: Final = TypeAdapter(Inbox)


class Inboxes:
    """All folders that are watched.

    Parameters
    ----------
    folder : Path
        ``<home>/app/inbox``; made when something is kept.
    """

    def __init__(self, folder: Path) -> None:
        """Remember the folder."""
        self._folder = folder
        self._lock = threading.RLock()

    def all(self) -> tuple[Inbox, ...]:
        """Return all of them; one that cannot be read is left alone."""
        return tuple(inbox for _, inbox in self._read() if inbox is not None)

    def of(self, patient_id: str) -> Inbox | None:
        """Return that of a person."""
        found = (one for one in self.all() if _same(one.patient_id, patient_id))
        return next(found, None)

    def keep(self, inbox: Inbox) -> None:
        """Keep that of a person, instead of another one of theirs.

        Raises
        ------
        OutputNotWritable
            The disk refuses.
        """
        with self._lock:
            place = self._place(inbox.patient_id)
            path = place or self._folder / f"{secrets.token_hex(16)}.json"
            make_folder(self._folder, mode=0o700)
            write_whole(path, json.dumps(_plain(inbox), indent=1) + "\n")

    def note(self, patient_id: str, seen: SeenFile) -> None:
        """Note what became of a file, when its folder is still watched.

        Raises
        ------
        OutputNotWritable
            The disk refuses.
        """
        with self._lock:
            inbox = self.of(patient_id)
            if inbox is not None and inbox.seen(seen.name) != seen:
                self.keep(inbox.noting(seen))

    def drop(self, patient_id: str) -> None:
        """Stop watching the folder of a person; what is in it stays."""
        with self._lock:
            place = self._place(patient_id)
            if place is not None:
                place.unlink(missing_ok=True)

    def rename(self, patient_id: str, new_id: str) -> None:
        """Move the folder of a person to their new pseudonym."""
        with self._lock:
            inbox = self.of(patient_id)
            if inbox is not None:
                self.drop(patient_id)
                self.keep(replace(inbox, patient_id=new_id))

    def places_of(self, patient_id: str) -> tuple[Path, ...]:
        """Return what names a person, and what cannot be read: both go with them."""
        return tuple(
            path
            for path, inbox in self._read()
            if inbox is None or _same(inbox.patient_id, patient_id)
        )

    def _place(self, patient_id: str) -> Path | None:
        for path, inbox in self._read():
            if inbox is not None and _same(inbox.patient_id, patient_id):
                return path
        return None

    def _read(self) -> Iterator[tuple[Path, Inbox | None]]:
        for path in sorted(self._folder.glob("*.json")):
            try:
                yield path, read_kept(path, _INBOX)
            except (OSError, BadFile) as error:
                _log.warning("%s is left alone: %s", path, error)
                yield path, None


def _same(one: str, other: str) -> bool:
    return normalize("NFC", one) == normalize("NFC", other)


def _plain(inbox: Inbox) -> dict[str, Any]:
    return {**asdict(inbox), "since": inbox.since.isoformat()}
