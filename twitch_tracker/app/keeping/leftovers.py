"""Files in the app's folder that belong to nothing: find, show and remove them.

Two kinds. What a killed program left and nobody can miss (half a file, a second copy of
a film) is removed at the next start: `sweep`. What may be somebody's (a film whose facts
were lost) is only removed on request: `find_leftovers` shows it. Note: whoever calls
either holds the lock of the app's folder, so that nothing here is being written.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from twitch_tracker.app.exports.tables import TABLES
from twitch_tracker.app.keeping.forgetting import owner_of
from twitch_tracker.app.keeping.renaming import finish_renaming
from twitch_tracker.app.recording.clips import Clip, ClipState
from twitch_tracker.app.recording.receiving import finish_recording
from twitch_tracker.app.recording.store import REVIEW, Store
from twitch_tracker.app.review.copies import SENT
from twitch_tracker.encrypted.files import content_size
from twitch_tracker.errors import TwitchTrackerError
from twitch_tracker.exchange.disk.scratch import remove_stale, stale_folders
from twitch_tracker.exchange.staging import remove_stale_stages
from twitch_tracker.journal.journal import Journal
from twitch_tracker.journal.upkeep.backup_contents import RESTORING

__all__ = [
    "Leftover",
    "LeftoverKind",
    "find_leftovers",
    "remove_leftover",
    "sweep",
    "tidy_up",
]

_log = logging.getLogger(__name__)

_OLD: Final = timedelta(days=7)
"""After so long nobody goes on with an interrupted session."""

_EMPTY: Final = 0


class LeftoverKind(StrEnum):
    """Kinds of leftovers."""

    LOST_FILM = "lost_film"
    """A recording whose facts were lost."""
    FILM_OF_NOBODY = "film_of_nobody"
    """A recording of somebody who is not in the journal."""
    COPY_OF_NOTHING = "copy_of_nothing"
    """A review copy of a recording that is not in the journal."""
    HALF_RESTORED = "half_restored"
    """What a killed restore left."""


@dataclass(frozen=True, kw_only=True)
class Leftover:
    """A leftover: a file or folder without an owner.

    Attributes
    ----------
    kind : LeftoverKind
        What it is.
    path : Path
        The file or folder.
    size_bytes : int
        How large.
    owner : str
        Whose it is, as far as that is known; else empty.
    """

    kind: LeftoverKind
    path: Path
    size_bytes: int
    owner: str = ""


def tidy_up(journal: Journal, home: Path) -> Store:
    """Tidy up at the start, before anything is served.

    Parameters
    ----------
    journal : Journal
        Open.
    home : Path
        The data folder; the caller holds the lock of the app's folder.

    Raises
    ------
    OutputNotWritable, JournalError
        The disk refuses.
    """
    store = Store(home / "app")
    finish_renaming(journal, store)
    sweep(store, home)
    journal.drop_new_signals()
    return store


# --- at the start -----------------------------------------------------------


def sweep(store: Store, home: Path, *, now: datetime | None = None) -> int:
    """Clear what a killed server left and nobody can miss.

    Half-sent files, half-written chunks and results, the chunks of a film that is put
    together already, announced files that never came; a recording of a session that is
    over is put together from what is there, so that nothing is "recording" for ever.

    Parameters
    ----------
    store : Store
        The app's recordings; no server works on them.
    home : Path
        The data folder.
    now : datetime, optional
        The time; aware.

    Returns
    -------
    int
        How many things were cleared.
    """
    cleared = remove_stale(home, RESTORING)
    cleared += remove_stale(store.home_of_app, TABLES)
    cleared += _remove_all(_half_written(store))
    for clip in store.clips():
        with _logged_fault(clip):
            cleared += remove_stale_stages(store.result(clip))
            cleared += _second_film(store, clip)
            cleared += _end_forgotten(store, clip, now or datetime.now(UTC))
    for folder in store.lost_folders():
        if not any(_films(folder)):
            cleared += _remove_all([folder])
    return cleared


def _half_written(store: Store) -> Iterator[Path]:
    app = store.home_of_app
    for pattern in (
        "clips/*/.*.part",
        "clips/*/chunks/.*",
        "guided/.*.part",
        "inbox/.*.part",
        "phone/.*.part",
        "review/*/.*.part",
        f"review/*/{SENT}",
        ".*.part",
    ):
        yield from app.glob(pattern)


def _second_film(store: Store, clip: Clip) -> int:
    """Remove the chunks of a film that holds them all."""
    chunks = store.chunks(clip)
    if clip.state is ClipState.RECORDING or not chunks.is_dir():
        return 0
    film = store.video(clip)
    whole = film.is_file() and content_size(film) >= _content(chunks)
    return _remove_all([chunks]) if clip.file_name and whole else 0


def _content(chunks: Path) -> int:
    return sum(content_size(path) for path in chunks.iterdir() if path.is_file())


def _end_forgotten(store: Store, clip: Clip, now: datetime) -> int:
    """End a recording that was abandoned."""
    if clip.state is not ClipState.RECORDING:
        return 0
    if clip.announced_bytes:
        store.remove(clip.clip_id)
        return 1
    session = store.session_or_none(clip.session_id)
    going_on = session is not None and not session.finished
    if going_on and now - clip.started_at < _OLD:
        return 0
    with contextlib.suppress(TwitchTrackerError):  # none of its chunks arrived
        finish_recording(store, clip)
    return 1


@contextlib.contextmanager
def _logged_fault(clip: Clip) -> Iterator[None]:
    """Log a fault of one recording instead of failing to start."""
    try:
        yield
    except (OSError, TwitchTrackerError) as error:
        _log.warning("recording %s could not be tidied: %s", clip.clip_id, error)


# --- to be shown ------------------------------------------------------------


def find_leftovers(
    journal: Journal, store: Store | None, home: Path
) -> tuple[Leftover, ...]:
    """List what may be somebody's and belongs to nothing.

    Parameters
    ----------
    journal : Journal
        Who and what is known.
    store : Store or None
        The app's recordings, where there are any.
    home : Path
        The data folder.

    Returns
    -------
    tuple of Leftover
        In order of place.
    """
    found = [
        _leftover(LeftoverKind.HALF_RESTORED, path)
        for path in stale_folders(home, RESTORING)
    ]
    if store is not None:
        people = tuple(patient.patient_id for patient in journal.patients())
        found += _lost(journal, store, people)
        found += [
            _leftover(LeftoverKind.FILM_OF_NOBODY, store.folder(clip), clip.patient_id)
            for clip in store.clips()
            if clip.patient_id not in people
        ]
        known = journal.contents()
        copies = sorted((store.home_of_app / REVIEW).glob("*"))
        found += [
            _leftover(LeftoverKind.COPY_OF_NOTHING, path)
            for path in copies
            if path.name not in known
        ]
    return tuple(sorted(found, key=lambda one: one.path))


def remove_leftover(leftover: Leftover) -> None:
    """Remove one of `find_leftovers` for good.

    Raises
    ------
    OSError
        It cannot be removed.
    """
    if leftover.path.is_dir():
        shutil.rmtree(leftover.path)
    else:
        leftover.path.unlink(missing_ok=True)


def _lost(journal: Journal, store: Store, people: Iterable[str]) -> Iterator[Leftover]:
    for folder in store.lost_folders():
        owner = owner_of(journal, folder, people) or ""
        yield _leftover(LeftoverKind.LOST_FILM, folder, owner)


def _leftover(kind: LeftoverKind, path: Path, owner: str = "") -> Leftover:
    return Leftover(kind=kind, path=path, size_bytes=_size(path), owner=owner)


def _films(folder: Path) -> Iterator[Path]:
    """Return everything in a lost folder that holds parts of a film."""
    if folder.is_file():
        yield folder
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_size > _EMPTY and path.name[0] != ".":
            yield path


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(inside.stat().st_size for inside in path.rglob("*") if inside.is_file())


def _remove_all(paths: Iterable[Path]) -> int:
    removed = 0
    for path in list(paths):
        try:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
            removed += 1
        except OSError as error:
            _log.warning("%s could not be removed: %s", path, error)
    return removed
