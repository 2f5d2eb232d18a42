"""Every place of the app in which somebody's face or name lies.

Knows the app's own folder; the journal removes what is named here together with what it
holds itself (`Journal.forget_patient`). Note: folders are looked through on the disk,
not in a list, so that a film whose facts were lost is found too; its owner is then
known by a mark, or by its content.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unicodedata import normalize

from pydantic import TypeAdapter

from twitch_tracker.app.keeping.owners import marked_owner
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.app.recording.store import REVIEW, Store
from twitch_tracker.border.kept import read_kept
from twitch_tracker.errors import BadFile
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.journal.entries import RecordingEntry
from twitch_tracker.journal.journal import Journal
from twitch_tracker.journal.store.signal_store import hash_of_file

__all__ = [
    "Films",
    "detach_from_recording",
    "films_of",
    "forgotten_sessions",
    "note_forgotten",
    "owner_of",
    "places_of_recording",
]

_FORGOTTEN: Final = "forgotten.json"
_NAMES: Final = TypeAdapter(tuple[str, ...])


@dataclass(frozen=True, kw_only=True)
class Films:
    """What the app keeps of a person.

    Attributes
    ----------
    places : tuple of Path
        Files and folders.
    count : int
        How many of them are recordings.
    unknown : tuple of Path
        Folders of recordings of which nobody knows whose they are.
    """

    places: tuple[Path, ...] = ()
    count: int = 0
    unknown: tuple[Path, ...] = ()


def films_of(journal: Journal, store: Store, patient_id: str) -> Films:
    """Find everything that the app keeps of a person.

    Parameters
    ----------
    journal : Journal
        In which the person is, still.
    store : Store
        The app's recordings.
    patient_id : str
        Who.

    Returns
    -------
    Films
        What goes with the person, and what nobody can be named for. When there is
        nobody else, that is this person's, too.
    """
    people = tuple(patient.patient_id for patient in journal.patients())
    patient_id = journal.patient(patient_id).patient_id  # as the journal writes it
    clips = [store.folder(clip) for clip in store.of_patient(patient_id)]
    unknown = []
    for folder in store.lost_folders():
        owner = owner_of(journal, folder, people)
        if owner == patient_id:
            clips.append(folder)
        elif owner is None:
            unknown.append(folder)
    others = {normalize("NFC", clip.patient_id) for clip in store.clips()} | set(people)
    if others <= {patient_id, normalize("NFC", patient_id)}:
        clips, unknown = clips + unknown, []
    places = (
        *clips,
        *store.session_files(patient_id),
        *store.inboxes.places_of(patient_id),
        *_copies(journal, store, patient_id, people),
    )
    return Films(places=places, count=len(clips), unknown=tuple(unknown))


def owner_of(journal: Journal, folder: Path, people: Iterable[str]) -> str | None:
    """Find the owner of a folder whose facts were lost.

    Parameters
    ----------
    journal : Journal
        Knows the content of recordings.
    folder : Path
        Of a clip.
    people : iterable of str
        Who it can be.

    Returns
    -------
    str or None
        By the mark in the folder, or by the content of a file in it; None when
        neither says, or when it is of several people.
    """
    people = tuple(people)
    marked = marked_owner(folder, people)
    if marked is not None:
        return marked
    content = _contents_in(folder)
    found = [name for name in people if content & _contents(journal, name)]
    return found[0] if len(found) == 1 else None


def _contents_in(folder: Path) -> frozenset[str]:
    """Hash the files of a folder, or one that lies there instead of a folder."""
    with contextlib.suppress(OSError):
        there = folder.iterdir() if folder.is_dir() else iter((folder,))
        return frozenset(hash_of_file(path) for path in there if path.is_file())
    return frozenset()


def places_of_recording(
    journal: Journal,
    store: Store | None,
    entry: RecordingEntry,
    *,
    with_film: bool = True,
) -> tuple[Path, ...]:
    """Find what the app keeps of one recording of the journal.

    Parameters
    ----------
    journal : Journal
        In which the recording is, still.
    store : Store or None
        The app's recordings.
    entry : RecordingEntry
        Which one.
    with_film : bool
        Whether the film itself is meant, too, and not only its review copy.

    Returns
    -------
    tuple of Path
        Its film, also one whose facts were lost, and its review copy unless that is of
        somebody else, too.
    """
    if store is None:
        return ()
    clip = store.of_recording(entry.recording_id)
    films = [] if clip is None else [store.folder(clip)]
    people = tuple(person.patient_id for person in journal.patients())
    films += [
        folder
        for folder in store.lost_folders()
        if entry.content_sha256 in _contents_in(folder)
        and owner_of(journal, folder, people) == entry.patient_id
    ]
    others = (_contents(journal, name) for name in people if name != entry.patient_id)
    copy = store.home_of_app / REVIEW / entry.content_sha256
    shared = any(entry.content_sha256 in contents for contents in others)
    copies = [] if shared or not copy.is_dir() else [copy]
    return (*(films if with_film else ()), *copies)


def detach_from_recording(store: Store, recording_id: str) -> None:
    """Detach a kept film from its recording of the journal.

    Raises
    ------
    OutputNotWritable
        The disk refuses.
    """
    clip = store.of_recording(recording_id)
    if clip is not None and store.folder(clip).is_dir():
        store.change(clip.clip_id, state=ClipState.STORED, recording_id="")


def _copies(
    journal: Journal, store: Store, patient_id: str, people: Iterable[str]
) -> tuple[Path, ...]:
    """Find review copies of a person's recordings, and those whose person is not known."""
    others = frozenset[str]().union(
        *(_contents(journal, name) for name in people if name != patient_id)
    )
    folder = store.home_of_app / REVIEW
    with contextlib.suppress(OSError):
        return tuple(
            place for place in sorted(folder.iterdir()) if place.name not in others
        )
    return ()


def _contents(journal: Journal, patient_id: str) -> frozenset[str]:
    return frozenset(e.content_sha256 for e in journal.recordings(patient_id))


# --- what a browser still holds -----------------------------------------------


def note_forgotten(store: Store, patient_id: str) -> None:
    """Note which sessions are about to be forgotten, for browsers that hold seconds.

    A browser keeps what could not be sent yet; when it comes again it asks what was
    forgotten and removes that. The names are random and reveal nothing.

    Raises
    ------
    OutputNotWritable
        The disk refuses.
    """
    noted = set(_noted(store))
    files = store.session_files(patient_id)  # also those that cannot be read
    new = {path.stem for path in files if path.suffix == ".json"}
    new |= {clip.session_id for clip in store.of_patient(patient_id)} - {""}
    if new - noted:
        text = json.dumps(sorted(noted | new))
        write_whole(store.home_of_app / _FORGOTTEN, text)


def forgotten_sessions(store: Store) -> tuple[str, ...]:
    """Return the names of sessions that were forgotten and are gone."""
    return tuple(name for name in _noted(store) if store.session_or_none(name) is None)


def _noted(store: Store) -> tuple[str, ...]:
    path = store.home_of_app / _FORGOTTEN
    with contextlib.suppress(OSError, BadFile):
        return read_kept(path, _NAMES)
    return ()
