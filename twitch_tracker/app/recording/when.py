"""When a recording was made, and how that is known.

A date that a person typed comes first; then what the camera wrote into the file; last
the date of the file that was sent, which an export or a copy changes. Note: before it
is logged a clip holds the date, from then on the journal, which also keeps the earlier
one. `app.corrections` corrects it.
"""

from __future__ import annotations

from datetime import datetime

from twitch_tracker.app.recording.clips import Clip
from twitch_tracker.app.recording.store import Store
from twitch_tracker.app.state import AppState
from twitch_tracker.border.days import is_meant
from twitch_tracker.errors import TwitchTrackerError, UnknownEntry, UploadRefused
from twitch_tracker.journal.entries import TimeKnown
from twitch_tracker.journal.files.folder import recorded_at
from twitch_tracker.language import say

__all__ = ["filmed_at", "refuse_future", "shown_when"]


def filmed_at(store: Store, clip: Clip) -> tuple[datetime, TimeKnown]:
    """Find out when a clip was filmed.

    Parameters
    ----------
    store : Store
        Where its file is.
    clip : Clip
        A stored clip.

    Returns
    -------
    at : datetime
        Aware.
    known : TimeKnown
        From where.
    """
    if clip.time_told:
        return clip.started_at, TimeKnown.STATED
    try:
        at, known = recorded_at(store.result(clip), None, store.video(clip))
    except (TwitchTrackerError, OSError):
        return clip.started_at, TimeKnown.FILE_DATE
    # The stored file is a copy: its date is that of the copy.
    if known is not TimeKnown.FROM_FILE or not is_meant(at) or _is_to_come(at):
        return clip.started_at, TimeKnown.FILE_DATE
    return at, known


def shown_when(state: AppState, clip: Clip) -> tuple[datetime, TimeKnown]:
    """Return the date that counts for a clip now, and from where it is known."""
    if clip.recording_id:
        try:
            with state.journal() as journal:
                entry = journal.recording(clip.recording_id)
        except UnknownEntry:  # removed from the journal
            pass
        else:
            return entry.started_at, entry.time_known
    known = TimeKnown.STATED if clip.time_told else TimeKnown.FILE_DATE
    return clip.started_at, known


def refuse_future(at: datetime) -> None:
    """Refuse a date at which nothing can have been filmed: of no year, or to come."""
    if not is_meant(at):
        raise UploadRefused(say("The year of this date cannot be right."))
    if _is_to_come(at):
        raise UploadRefused(say("The date of the recording is in the future."))


def _is_to_come(at: datetime) -> bool:
    return at > datetime.now().astimezone()
