"""Log a finished analysis in the journal, and read what it needs from it before."""

from __future__ import annotations

from twitch_tracker.app.recording.clips import Clip
from twitch_tracker.app.recording.store import Store
from twitch_tracker.app.recording.trouble.filming import film_note
from twitch_tracker.app.recording.when import filmed_at
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.batch import JobResult
from twitch_tracker.errors import UnknownEntry
from twitch_tracker.journal.entries import RecordingEntry
from twitch_tracker.journal.files.folder import log_folder
from twitch_tracker.journal.journal import Journal
from twitch_tracker.journal.known_face import faces_before
from twitch_tracker.journal.open import open_journal
from twitch_tracker.records import FaceSeen

__all__ = ["faces_known", "log_result", "may_show_faces"]


def faces_known(
    settings: AppSettings, store: Store, clip: Clip
) -> tuple[FaceSeen, ...] | None:
    """Collect what earlier recordings of a clip's person show of the open eyes.

    Returns
    -------
    tuple of FaceSeen or None
        For `AnalysisOptions.faces`.

    Raises
    ------
    JournalError, UnknownPatient
        As `journal.known_face.faces_before`.
    """
    with open_journal(home=settings.home, url=settings.journal_url) as journal:
        at, _ = filmed_at(store, clip)
        return faces_before(journal, clip.patient_id, at)


def may_show_faces(settings: AppSettings, clip: Clip) -> bool:
    """Return whether pictures of a clip's person may be kept in its report.

    Raises
    ------
    JournalError, UnknownPatient
        The journal does not say.
    """
    with open_journal(home=settings.home, url=settings.journal_url) as journal:
        return journal.patient(clip.patient_id).films_kept_days != 0


def _logged_before(journal: Journal, clip: Clip) -> RecordingEntry | None:
    """Return what the journal says of a clip that is analysed again.

    It may have been corrected there, by the command line too; what the app remembers
    of it must not bring the old words back.
    """
    if not clip.recording_id:
        return None
    try:
        return journal.recording(clip.recording_id)
    except UnknownEntry:
        return None


def log_result(
    settings: AppSettings, store: Store, clip: Clip, _result: JobResult
) -> str:
    """Log what an analysis left behind.

    Returns
    -------
    str
        The recording's name in the journal.

    Raises
    ------
    JournalError, BadTruthFile, BadParameter
        As `journal.files.folder.log_folder`.
    """
    with open_journal(home=settings.home, url=settings.journal_url) as journal:
        before = _logged_before(journal, clip)
        at, known = (
            filmed_at(store, clip)
            if before is None
            else (before.started_at, before.time_known)
        )
        logged = log_folder(
            journal,
            store.result(clip),
            clip.patient_id,
            started_at=at,
            time_known=known,
            task=clip.task if before is None else before.task,
            device=clip.device if before is None else before.device,
            note=film_note(clip) if before is None else "",
        )
    return logged.recording_id
