"""Rename a person in what the app keeps, also when the program is killed on the way.

The journal is renamed first. A note written before lets the next program that opens the
app's folder rename the films, too, if the journal was renamed.
"""

from __future__ import annotations

import contextlib
import json
import logging
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from twitch_tracker.app.recording.store import Store
from twitch_tracker.border.documents import Document
from twitch_tracker.border.kept import read_kept
from twitch_tracker.errors import BadFile, TwitchTrackerError
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.journal.journal import Journal

__all__ = ["finish_renaming", "rename_everywhere"]

_NOTE: Final = "renaming.json"

_log = logging.getLogger(__name__)


class _Renaming(Document):
    """Who is renamed."""

    old: str
    new: str


_RENAMING: Final = TypeAdapter(_Renaming)


def rename_everywhere(
    journal: Journal, store: Store | None, patient_id: str, new_id: str
) -> str:
    """Give a person another pseudonym in the journal and in what the app keeps.

    Returns
    -------
    str
        The new pseudonym as it is kept.

    Raises
    ------
    UnknownPatient, BadParameter
        As `Journal.rename_patient`.
    OutputNotWritable
        The disk refuses; it is gone on with when the folder is next opened.
    """
    old = journal.patient(patient_id).patient_id
    if store is None:
        return journal.rename_patient(old, new_id).patient_id
    note = store.home_of_app / _NOTE
    write_whole(note, json.dumps({"old": old, "new": new_id}))
    try:
        new = journal.rename_patient(old, new_id).patient_id
    except TwitchTrackerError:
        note.unlink(missing_ok=True)
        raise
    store.rename_patient(old, new)
    note.unlink(missing_ok=True)
    return new


def finish_renaming(journal: Journal, store: Store) -> None:
    """Finish a renaming that was killed.

    Parameters
    ----------
    journal : Journal
        Returns whether the journal was renamed.
    store : Store
        The app's recordings.

    Raises
    ------
    OutputNotWritable
        The disk refuses.
    """
    note: Path = store.home_of_app / _NOTE
    if not note.exists():
        return
    try:
        names = read_kept(note, _RENAMING)
    except OSError as error:
        _log.warning("%s cannot be read and waits: %s", note, error)
        return
    except BadFile:  # an incomplete note: nothing was renamed yet
        names = _Renaming(old="", new="")
    if names.new:
        people = {patient.patient_id for patient in journal.patients()}
        if names.old not in people and _known(journal, names.new):
            store.rename_patient(names.old, journal.patient(names.new).patient_id)
    note.unlink(missing_ok=True)


def _known(journal: Journal, patient_id: str) -> bool:
    with contextlib.suppress(TwitchTrackerError):
        return bool(journal.patient(patient_id))
    return False
