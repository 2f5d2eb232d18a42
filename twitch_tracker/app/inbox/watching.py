"""Watch the folders: new films are copied, checked and analysed.

Note: a file is taken only when it was the same at two checks, so that one that is still
being copied waits; the folder is only read, never changed; and links are not followed,
so that no file from elsewhere is taken for a film of this person.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool

from twitch_tracker.app.inbox.kept import FileOutcome, Inbox, SeenFile
from twitch_tracker.app.recording.analyses import Analyses
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.app.recording.receiving import take_file
from twitch_tracker.app.recording.room import check_room
from twitch_tracker.app.recording.store import Store
from twitch_tracker.app.recording.when import refuse_future
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.border.days import moment_of_file
from twitch_tracker.border.kept import LARGEST
from twitch_tracker.errors import (
    RecordingError,
    TwitchTrackerError,
    UploadRefused,
    UploadTooLarge,
)
from twitch_tracker.journal.journal import Journal

__all__ = ["ENDINGS", "InboxWatcher"]

ENDINGS: Final = {
    **dict.fromkeys((".mp4", ".m4v"), "video/mp4"),
    **dict.fromkeys((".mov", ".qt"), "video/quicktime"),
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    **dict.fromkeys((".avi", ".3gp", ".mts", ".m2ts", ".mpg", ".mpeg", ".wmv"), ""),
}
"""Names that say "video", with the kind as browsers write it. What is in a file is
found out by looking into it; the name only says which files are meant."""

_MOST_FILES: Final = 5_000
"""Entries of a folder that are looked at."""

_PIECE: Final = 1 << 20


class InboxWatcher:
    """Check all folders, again and again.

    Parameters
    ----------
    settings, store, analyses
        Of the running app.
    journal : callable
        Opens the journal.
    """

    def __init__(
        self,
        settings: AppSettings,
        store: Store,
        analyses: Analyses,
        journal: Callable[[], Journal],
    ) -> None:
        """Begin without any file seen."""
        self._settings = settings
        self._store = store
        self._analyses = analyses
        self._journal = journal
        self._before: dict[tuple[str, str], tuple[int, int]] = {}

    async def look(self) -> None:
        """Look once, and take what has come."""
        for inbox in await run_in_threadpool(self._store.inboxes.all):
            for found, path in await run_in_threadpool(_new_files, inbox):
                await self._take_or_refuse(inbox, found, path)

    async def _take_or_refuse(self, inbox: Inbox, found: SeenFile, path: Path) -> None:
        key, now = (inbox.folder, found.name), (found.size, found.changed_ns)
        stood_still = self._before.get(key) == now
        self._before[key] = now
        if not stood_still:
            done = found
        elif found.size == 0:
            done = replace(found, outcome=FileOutcome.EMPTY)
        else:
            done = await self._take(inbox, found, path)
        if done.outcome.is_final:
            del self._before[key]
        await run_in_threadpool(self._store.inboxes.note, inbox.patient_id, done)

    async def _take(self, inbox: Inbox, found: SeenFile, path: Path) -> SeenFile:
        """Take a file that no longer changes, or return why not."""
        try:
            digest = await run_in_threadpool(_digest, path)
            known = await run_in_threadpool(self._knows, inbox, digest)
            if known is None:
                return replace(found, outcome=FileOutcome.WAITING)
            if known:
                return replace(found, outcome=FileOutcome.TWICE, sha256=digest)
            clip_id = await self._copy(inbox, found, path)
        except UploadRefused:  # it changed while it was copied
            return replace(found, outcome=FileOutcome.WAITING)
        except UploadTooLarge:
            large = found.size > self._settings.max_upload_bytes
            return replace(
                found, outcome=FileOutcome.TOO_LARGE if large else FileOutcome.NO_SPACE
            )
        except RecordingError:
            return replace(found, outcome=FileOutcome.UNREADABLE, sha256=digest)
        except OSError:
            return replace(found, outcome=FileOutcome.CLOSED)
        return replace(found, outcome=FileOutcome.TAKEN, sha256=digest, clip_id=clip_id)

    def _knows(self, inbox: Inbox, digest: str) -> bool | None:
        """Return whether this person has a film already; None when that is not known."""
        now = self._store.inboxes.of(inbox.patient_id)
        if now is None or now.folder != inbox.folder:
            return None  # not watched any more
        if any(
            one.sha256 == digest and one.outcome is FileOutcome.TAKEN
            for one in now.files
        ):
            return True
        try:
            with self._journal() as journal:
                entries = journal.recordings(inbox.patient_id)
        except TwitchTrackerError:
            return None
        return any(entry.content_sha256 == digest for entry in entries)

    async def _copy(self, inbox: Inbox, found: SeenFile, path: Path) -> str:
        check_room(self._settings, found.size, self._store)
        at = moment_of_file(found.changed_ns / 1e9)
        try:
            refuse_future(at := (at or datetime.now(UTC)).astimezone())
        except UploadRefused:
            at = datetime.now().astimezone()
        clip = self._store.add(
            patient_id=inbox.patient_id,
            task=inbox.task,
            started_at=at,
            time_told=False,
            mirrored=inbox.mirrored,
            sent_name=found.name,
            media_type=ENDINGS[path.suffix.lower()],
            announced_bytes=found.size,
        )
        try:
            with self._store.taking(clip.clip_id), _open(path) as file:
                await take_file(self._store, clip, _pieces(file), self._settings)
        finally:
            with suppress(TwitchTrackerError):
                if self._store.clip(clip.clip_id).state is ClipState.RECORDING:
                    self._store.remove(clip.clip_id)
        self._analyses.submit(clip.clip_id)
        return clip.clip_id


def _new_files(inbox: Inbox) -> list[tuple[SeenFile, Path]]:
    """Find the videos in a folder with which nothing has been done for good."""
    return [
        (one, path) for one, path in _videos(Path(inbox.folder)) if _is_new(inbox, one)
    ]


def _is_new(inbox: Inbox, found: SeenFile) -> bool:
    known = inbox.seen(found.name)
    if known is None or not known.outcome.is_final:
        return True
    return (known.size, known.changed_ns) != (found.size, found.changed_ns)


def _videos(folder: Path) -> Iterator[tuple[SeenFile, Path]]:
    try:
        with os.scandir(folder) as entries:
            there = [
                entry for entry, _ in zip(entries, range(_MOST_FILES), strict=False)
            ]
    except OSError:  # not connected: a stick, a network disk
        return
    for entry in sorted(there, key=lambda one: one.name):
        hidden = entry.name.startswith(".")
        if hidden or Path(entry.name).suffix.lower() not in ENDINGS:
            continue
        try:
            if entry.is_file(follow_symlinks=False):
                status = entry.stat(follow_symlinks=False)
                seen = SeenFile(
                    name=_as_text(entry.name),
                    size=status.st_size,
                    changed_ns=min(max(status.st_mtime_ns, 0), LARGEST),
                    outcome=FileOutcome.WAITING,
                )
                yield seen, folder / entry.name
        except OSError:
            continue


def _as_text(name: str) -> str:
    """Write the name of a file as text, also one that is not valid text."""
    return os.fsencode(name).decode(errors="backslashreplace")


def _open(path: Path) -> BufferedReader:
    """Open a file that is one, and no link to another."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags), "rb")


def _digest(path: Path) -> str:
    with _open(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


async def _pieces(file: BufferedReader) -> AsyncIterator[bytes]:
    while piece := await run_in_threadpool(file.read, _PIECE):
        yield piece
