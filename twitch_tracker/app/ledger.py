"""From a finished analysis to the journal."""

from __future__ import annotations

from twitch_tracker.app.recording.clips import Clip
from twitch_tracker.app.recording.filming import film_note
from twitch_tracker.app.recording.store import Store
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.batch import JobResult
from twitch_tracker.journal.folder import log_folder
from twitch_tracker.journal.open import open_journal

__all__ = ["log_result"]


def log_result(
    settings: AppSettings, store: Store, clip: Clip, _result: JobResult
) -> str:
    """Log what an analysis left behind.

    Parameters
    ----------
    settings, store
        Of the running app.
    clip : Clip
        What was analysed.

    Returns
    -------
    str
        The recording's name in the journal.

    Raises
    ------
    JournalError, BadTruthFile, BadParameter
        As `journal.folder.log_folder`.
    """
    with open_journal(home=settings.home, url=settings.journal_url) as journal:
        logged = log_folder(
            journal,
            store.result(clip),
            clip.patient_id,
            started_at=clip.started_at,
            task=clip.task,
            device=clip.device,
            note=film_note(clip),
        )
    return logged.recording_id
