"""A new pseudonym for what the app keeps, also when a kill comes in between.

The journal is renamed first; a note that was made before informs the next who opens the
app's folder to rename the films, too, if the journal did it.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Final

from twitch_tracker.app.recording.store import Store
from twitch_tracker.encrypted.files import read_whole
from twitch_tracker.errors import TwitchTrackerError
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.journal.journal import Journal

__all__ = ["finish_renaming", "rename_everywhere"]

_NOTE: Final = "renaming.json"


def rename_everywhere(
    journal: Journal, store: Store | None, patient_id: str, new_id: str
) -> str:
    """Give a person another pseudonym in the journal and in what the app keeps.

    Parameters
    ----------
    journal : Journal
        The journal.
    store : Store or None
        The app's recordings, where there are any.
    patient_id, new_id : str
        Before and after.

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
    """Go on with a renaming that was killed.

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
    with contextlib.suppress(FileNotFoundError):
        try:
            names = json.loads(read_whole(note))
            old, new = str(names["old"]), str(names["new"])
        except (ValueError, TypeError, KeyError):
            old = new = ""
        people = {patient.patient_id for patient in journal.patients()}
        if old not in people and new and _known(journal, new):
            store.rename_patient(old, journal.patient(new).patient_id)
        note.unlink(missing_ok=True)


def _known(journal: Journal, patient_id: str) -> bool:
    with contextlib.suppress(TwitchTrackerError):
        return bool(journal.patient(patient_id))
    return False
