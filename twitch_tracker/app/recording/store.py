"""Where the app keeps recordings: their facts, their chunks, their results.

    <home>/app/clips/<clip_id>/clip.json       the facts
                               .owner-<hash>   its owner, in case the facts are lost
                               chunks/000000   seconds of video while recording
                               <file_name>     the whole video
                               result/         what the analysis leaves behind
    <home>/app/guided/<session_id>.json        guided sessions

Note: names that come with a request are only ever looked up in what was listed at the
start or made here; none is put into a path unseen. One server owns the folder (`server`
holds its lock), so what is in memory is what is on the disk. Two locks, in this order:
whoever changes something holds `_writing` until it is on the disk, which may take long;
memory is read under `_lock`, which never waits for the disk.
"""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize

from twitch_tracker.app.inbox.kept import Inboxes
from twitch_tracker.app.keeping.owners import is_mark, mark_owner
from twitch_tracker.app.locking import locked
from twitch_tracker.app.recording.clips import (
    CLIP,
    SESSION,
    Clip,
    GuidedSession,
    plain_clip,
)
from twitch_tracker.border.kept import read_kept
from twitch_tracker.errors import (
    BadFile,
    OutputNotWritable,
    UnknownEntry,
    UploadRefused,
)
from twitch_tracker.exchange.disk.durable import make_folder
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.history import Task
from twitch_tracker.journal.encrypting.opening import refuse_locked
from twitch_tracker.language import say

__all__ = ["CHUNKS", "LOCK", "RESULT", "REVIEW", "Store", "kept_videos"]

_log = logging.getLogger(__name__)

_FACTS: Final = "clip.json"
CHUNKS: Final = "chunks"
RESULT: Final = "result"
REVIEW: Final = "review"
LOCK: Final = ".lock"
"""Held by the one server of a folder."""

_EXPECTED_S: Final = 600.0
"""How long space is kept for a file that was announced and does not come."""


class Store:
    """The app's own folder.

    Parameters
    ----------
    folder : Path
        ``<home>/app``; made when missing.
    """

    def __init__(self, folder: Path) -> None:
        """Read what is there."""
        self.home_of_app: Final = folder
        self.inboxes: Final = Inboxes(folder / "inbox")
        self._clips_folder = folder / "clips"
        self._guided_folder = folder / "guided"
        self._writing = threading.RLock()
        self._lock = threading.RLock()
        for place in (self._clips_folder, self._guided_folder):
            make_folder(place, mode=0o700)
        self._clips = {clip.clip_id: clip for clip in self._read_clips()}
        for clip in self._clips.values():
            with contextlib.suppress(OSError):
                mark_owner(self.folder(clip), clip.patient_id)
        self._sessions = {s.session_id: s for s in self._read_sessions()}
        self._taking: set[str] = set()
        self._made_s: dict[str, float] = {}
        self._turns: dict[str, threading.Lock] = {}
        self._leaving: set[str] = set()

    # --- clips --------------------------------------------------------------

    def add(
        self, *, patient_id: str, task: Task, started_at: datetime, **facts: Any
    ) -> Clip:
        """Make room for a new clip.

        Parameters
        ----------
        patient_id, task, started_at
            See `Clip`.
        **facts
            Further fields of `Clip`.

        Returns
        -------
        Clip
            With a new name; of a session, with the next number.
        """
        with self._writing:
            self._refuse_leaving(patient_id)
            session_id = facts.get("session_id", "")
            number = 1 + len(self.of_session(session_id)) if session_id else 1
            clip = Clip(
                clip_id=secrets.token_hex(16),
                patient_id=patient_id,
                task=task,
                started_at=started_at,
                number=number,
                **facts,
            )
            make_folder(self.folder(clip), mode=0o700)
            with self._lock:
                self._made_s[clip.clip_id] = time.monotonic()
            return self._keep(clip)

    def clip(self, clip_id: str) -> Clip:
        """Return a clip by the name that a request brought.

        Raises
        ------
        UnknownEntry
            There is none of that name.
        """
        with self._lock:
            if clip_id not in self._clips:
                raise UnknownEntry(say("This recording is not available here."))
            return self._clips[clip_id]

    def change(self, clip_id: str, **facts: Any) -> Clip:
        """Replace some facts of a clip and keep them."""
        with self._writing:
            return self._keep(replace(self.clip(clip_id), **facts))

    def remove(self, clip_id: str) -> None:
        """Remove a clip with its video and results; not what the journal holds.

        Raises
        ------
        OutputNotWritable
            Some of it is still there, e.g. a film that Windows shows just now.
        """
        with self._writing:
            clip = self.clip(clip_id)
            folder = self.folder(clip)
            with self._lock:
                del self._clips[clip_id]
            shutil.rmtree(folder, ignore_errors=True)
            if folder.exists():
                with self._lock:
                    self._clips[clip_id] = clip
                raise OutputNotWritable(
                    say(
                        "{path} could not be removed ({why}). Close what has it open "
                        "and try again.",
                        path=folder,
                        why=say("it is still there"),
                    )
                )
            with self._lock:
                self._turns.pop(clip_id, None)
                self._made_s.pop(clip_id, None)

    @contextlib.contextmanager
    def in_turn(self, clip_id: str) -> Iterator[Clip]:
        """Lock a clip while its chunks are stored or joined.

        Raises
        ------
        UnknownEntry
            There is none of that name (any more).
        """
        with self._lock:
            turn = self._turns.setdefault(self.clip(clip_id).clip_id, threading.Lock())
        with turn:
            clip = self.clip(clip_id)
            self._refuse_leaving(clip.patient_id)
            yield clip

    @contextlib.contextmanager
    def taking(self, clip_id: str) -> Iterator[Clip]:
        """Lock a clip while its file is received.

        Raises
        ------
        UnknownEntry
            There is none of that name.
        UploadRefused
            Another request is sending it just now.
        """
        with self._lock:
            clip = self.clip(clip_id)
            self._refuse_leaving(clip.patient_id)
            if clip_id in self._taking:
                raise UploadRefused(
                    say(
                        "This file is already being sent, perhaps in another window. "
                        "Nothing was changed."
                    )
                )
            self._taking.add(clip_id)
        try:
            yield clip
        finally:
            with self._lock:
                self._taking.discard(clip_id)

    def is_expected(self, clip_id: str) -> bool:
        """Return whether an announced file is coming in, or was announced just now."""
        with self._lock:
            age_s = time.monotonic() - self._made_s.get(clip_id, -_EXPECTED_S)
            return clip_id in self._taking or age_s < _EXPECTED_S

    def is_taking(self, clip_id: str) -> bool:
        """Return whether the file of a clip is coming in just now."""
        with self._lock:
            return clip_id in self._taking

    def clips(self) -> tuple[Clip, ...]:
        """Return all clips in order of time."""
        with self._lock:
            found = self._clips.values()
            return tuple(sorted(found, key=lambda c: (c.started_at, c.number)))

    def of_patient(self, patient_id: str) -> tuple[Clip, ...]:
        """Return the clips of a person, in order of time."""
        name = normalize("NFC", patient_id)
        clips = self.clips()
        return tuple(c for c in clips if normalize("NFC", c.patient_id) == name)

    def of_session(self, session_id: str) -> tuple[Clip, ...]:
        """Return the clips of a guided session, in order of time."""
        return tuple(c for c in self.clips() if c.session_id == session_id)

    def by_recording(self) -> dict[str, Clip]:
        """Return all clips that are in the journal, by the name of the recording."""
        with self._lock:
            found = self._clips.values()
            return {c.recording_id: c for c in found if c.recording_id}

    def of_recording(self, recording_id: str) -> Clip | None:
        """Return the clip from which a recording of the journal was made."""
        return next((c for c in self.clips() if c.recording_id == recording_id), None)

    # --- places -------------------------------------------------------------

    def folder(self, clip: Clip) -> Path:
        """Return the folder of a clip."""
        return self._clips_folder / clip.clip_id

    def chunks(self, clip: Clip) -> Path:
        """Return the folder of a clip's chunks; it may be missing."""
        return self.folder(clip) / CHUNKS

    def parts(self, clip: Clip) -> tuple[Path, ...]:
        """Return what has arrived so far of a file that is being sent."""
        return tuple(self.folder(clip).glob(".*.part"))

    def video(self, clip: Clip) -> Path:
        """Return the whole video of a clip; it may be missing."""
        return self.folder(clip) / clip.file_name

    def result(self, clip: Clip) -> Path:
        """Return the folder of a clip's results; it may be missing."""
        return self.folder(clip) / RESULT

    def films(self, clip: Clip) -> tuple[Path, ...]:
        """Return all that shows the face beside the results: film, chunks, cuts of it.

        Whatever lies there and is no fact: by the folder, not by a list of names.
        """
        folder = self.folder(clip)
        kept = {_FACTS, RESULT}
        there = sorted(folder.iterdir()) if folder.is_dir() else ()
        return tuple(p for p in there if p.name not in kept and not is_mark(p.name))

    def review_folders(self) -> tuple[Path, ...]:
        """Return the folders of review copies; each has the hash of a film as its name."""
        found = (self.home_of_app / REVIEW).glob("*")
        return tuple(place for place in sorted(found) if place.is_dir())

    # --- guided sessions ----------------------------------------------------

    def start_session(
        self, patient_id: str, started_at: datetime, *, by_phone: bool = False
    ) -> GuidedSession:
        """Begin a guided session."""
        session = GuidedSession(
            session_id=secrets.token_hex(16),
            patient_id=patient_id,
            started_at=started_at,
            by_phone=by_phone,
        )
        return self._keep_session(session)

    def session(self, session_id: str) -> GuidedSession:
        """Return a guided session by the name that a request brought.

        Raises
        ------
        UnknownEntry
            There is none of that name.
        """
        with self._lock:
            if session_id not in self._sessions:
                raise UnknownEntry(say("This session is not available here."))
            return self._sessions[session_id]

    def finish_session(self, session_id: str) -> GuidedSession:
        """Note that a guided session is over."""
        return self._keep_session(replace(self.session(session_id), finished=True))

    def open_sessions(self, patient_id: str) -> tuple[GuidedSession, ...]:
        """Return the sessions of a person that were begun and have recordings."""
        with self._lock:
            return tuple(
                session
                for session in self.sessions_of(patient_id)
                if not session.finished and self.of_session(session.session_id)
            )

    # --- people -------------------------------------------------------------

    def rename_patient(self, patient_id: str, new_id: str) -> None:
        """Move everything that is kept of a person to their new pseudonym."""
        with self._writing:
            for clip in self.of_patient(patient_id):
                self._keep(replace(clip, patient_id=new_id))
            for session in self.sessions_of(patient_id):
                self._keep_session(replace(session, patient_id=new_id))
            self.inboxes.rename(patient_id, new_id)

    @contextlib.contextmanager
    def forgetting(self, patient_id: str) -> Iterator[None]:
        """Take in nothing more of a person while what is kept of them is removed.

        A browser may be recording: what it sends meanwhile is refused, and afterwards
        neither a recording nor a session of which nothing is left on the disk is known.
        """
        name = normalize("NFC", patient_id)
        with self._writing, self._lock:  # wait for a change that is under way
            self._leaving.add(name)
            turns = [self._turns.get(c.clip_id) for c in self.of_patient(patient_id)]
        try:
            for turn in filter(None, turns):
                with turn:  # wait for a chunk that is being stored
                    pass
            yield
        finally:
            with self._writing, self._lock:
                self._drop_missing(patient_id)
                self._leaving.discard(name)

    def _drop_missing(self, patient_id: str) -> None:
        for clip in self.of_patient(patient_id):
            if not self.folder(clip).exists():
                for known in (self._clips, self._turns, self._made_s):
                    known.pop(clip.clip_id, None)
        for session in self.sessions_of(patient_id):
            if not self._session_file(session).exists():
                del self._sessions[session.session_id]

    def _refuse_leaving(self, patient_id: str) -> None:
        with self._lock:
            if normalize("NFC", patient_id) in self._leaving:
                raise UnknownEntry(say("This recording is not available here."))

    def sessions_of(self, patient_id: str) -> tuple[GuidedSession, ...]:
        """Return the guided sessions of a person."""
        name = normalize("NFC", patient_id)
        with self._lock:
            found = self._sessions.values()
            return tuple(s for s in found if normalize("NFC", s.patient_id) == name)

    def session_or_none(self, session_id: str) -> GuidedSession | None:
        """Return a guided session, if there is one of that name."""
        with self._lock:
            return self._sessions.get(session_id)

    # --- what is on the disk ------------------------------------------------

    def session_files(self, patient_id: str) -> tuple[Path, ...]:
        """Return the files of a person's sessions, and those that cannot be read."""
        with self._writing:
            theirs = self.sessions_of(patient_id)
            others = {
                self._session_file(session).name
                for session in self._sessions.values()
                if session not in theirs
            }
            there = sorted(self._guided_folder.iterdir())
        return tuple(path for path in there if path.name not in others)

    def lost_folders(self) -> tuple[Path, ...]:
        """Return what lies among the clips and is none: its facts were lost."""
        with self._writing:
            there = sorted(self._clips_folder.iterdir())
            return tuple(path for path in there if path.name not in self._clips)

    # --- keeping ------------------------------------------------------------

    def _keep(self, clip: Clip) -> Clip:
        self._refuse_leaving(clip.patient_id)
        try:
            mark_owner(self.folder(clip), clip.patient_id)
        except OSError as error:
            raise _not_kept(self.folder(clip), error) from error
        write_whole(self.folder(clip) / _FACTS, _text(plain_clip(clip)))
        with self._lock:
            self._clips[clip.clip_id] = clip
        return clip

    def _keep_session(self, session: GuidedSession) -> GuidedSession:
        with self._writing:
            self._refuse_leaving(session.patient_id)
            write_whole(self._session_file(session), _text(plain_clip(session)))
            with self._lock:
                self._sessions[session.session_id] = session
            return session

    def _session_file(self, session: GuidedSession) -> Path:
        return self._guided_folder / f"{session.session_id}.json"

    def _read_clips(self) -> Iterator[Clip]:
        for path in sorted(self._clips_folder.glob(f"*/{_FACTS}")):
            try:
                clip = read_kept(path, CLIP)
            except (OSError, BadFile) as error:
                _log.warning("%s is left alone: %s", path, error)
                continue
            if clip.clip_id == path.parent.name:
                yield clip

    def _read_sessions(self) -> Iterator[GuidedSession]:
        for path in sorted(self._guided_folder.glob("*.json")):
            try:
                yield read_kept(path, SESSION)
            except (OSError, BadFile) as error:
                _log.warning("%s is left alone: %s", path, error)


@contextlib.contextmanager
def kept_videos(home: Path) -> Iterator[Store | None]:
    """Open the app's recordings while no server runs.

    Parameters
    ----------
    home : Path
        The user's data folder.

    Yields
    ------
    Store or None
        None when the app was never used there.

    Raises
    ------
    OutputNotWritable
        The app is running there.
    JournalLocked
        The journal is encrypted, and its passphrase was not given.
    """
    folder = home / "app"
    if not folder.is_dir():
        yield None
        return
    refuse_locked(home)
    with locked(folder / LOCK):
        yield Store(folder)


def _not_kept(folder: Path, error: OSError) -> OutputNotWritable:
    return OutputNotWritable(
        say(
            "{folder} could not be written: {error}. Free some space, and check that "
            "you may write there.",
            folder=folder,
            error=error,
        )
    )


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
