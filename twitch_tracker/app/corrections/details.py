"""Correct what was entered about a recording, in the journal and in the app's own facts.

Note: the journal and the app's own facts are changed together, so that an analysis done
again does not bring the old ones back; a recording that is being sent or analysed is
left alone; and whether a picture is mirrored never changes without measuring again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from twitch_tracker.app.recording.clips import Clip, ClipState
from twitch_tracker.app.state import AppState
from twitch_tracker.border.days import is_meant
from twitch_tracker.errors import UploadRefused
from twitch_tracker.history import Task
from twitch_tracker.language import say

__all__ = ["Details", "read_details", "refuse_in_use", "store_details", "typed_moment"]

_IN_USE: Final = frozenset({ClipState.WAITING, ClipState.ANALYSING})
_FORMAT: Final = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, kw_only=True)
class Details:
    """What a person states about a recording.

    Attributes
    ----------
    started_at : datetime
        When it was made; aware.
    task : Task
        What was asked for.
    device, note : str
        With what it was filmed, and free words.
    mirrored : bool
        Whether the stored picture is a mirror image.
    """

    started_at: datetime
    task: Task
    device: str
    note: str
    mirrored: bool


def typed_moment(at: datetime) -> str:
    """Return a moment as a form field has it, in this computer's own time."""
    return at.astimezone().strftime(_FORMAT)


def read_details(
    old: Details, *, when: str, task: str, device: str, note: str, mirrored: str
) -> tuple[Details | None, dict[str, str]]:
    """Parse a form.

    Parameters
    ----------
    old : Details
        As it was: a moment that is the same to the minute keeps its seconds.
    when, task, device, note, mirrored : str
        As sent; `mirrored` is ``yes``, ``no`` or, where it cannot be changed, empty.

    Returns
    -------
    Details or None
        None when something does not fit.
    dict
        What does not fit, by the name of its field.
    """
    problems: dict[str, str] = {}
    started_at = _moment(when, old, problems)
    chosen = next((one for one in Task if one.value == task), None)
    if chosen is None:
        problems["task"] = say("Choose what was done.")
    if started_at is None or chosen is None:
        return None, problems
    details = Details(
        started_at=started_at,
        task=chosen,
        device=device.strip(),
        note=note.strip(),
        mirrored=old.mirrored if not mirrored else mirrored == "yes",
    )
    return details, problems


def _moment(text: str, old: Details, problems: dict[str, str]) -> datetime | None:
    if text == typed_moment(old.started_at):
        return old.started_at
    try:
        found = datetime.strptime(text, _FORMAT).astimezone()
    except ValueError:
        problems["when"] = say("Enter the date and time.")
        return None
    if not is_meant(found):
        problems["when"] = say("The year of this date cannot be right.")
        return None
    if found > datetime.now().astimezone():
        problems["when"] = say("This date is in the future.")
        return None
    return found


def refuse_in_use(state: AppState, clip: Clip | None) -> None:
    """Refuse to touch what is being sent or analysed.

    Raises
    ------
    UploadRefused
        In words.
    """
    if clip is None:
        return
    if clip.state in _IN_USE or state.store.is_taking(clip.clip_id):
        raise UploadRefused(
            say(
                "This recording is being sent or analysed. Wait until that is done, "
                "or cancel it first."
            )
        )


def store_details(
    state: AppState, details: Details, *, recording_id: str, clip: Clip | None
) -> bool:
    """Store a correction; a picture the other way round is measured again.

    Parameters
    ----------
    state : AppState
        Of the running app.
        details : Details
        As it should be.
    recording_id : str
        Its name in the journal; empty where it is in none yet.
    clip : Clip or None
        The same where the app keeps its video.

    Returns
    -------
    bool
        Whether it is analysed again.

    Raises
    ------
    UploadRefused
        It is in use.
    JournalError
        As `Journal.change_recording`.
    """
    refuse_in_use(state, clip)
    if recording_id:
        with state.journal() as journal:
            journal.change_recording(
                recording_id,
                started_at=details.started_at,
                task=details.task,
                device=details.device,
                note=details.note,
            )
    if clip is None:
        return False
    turned = details.mirrored != clip.mirrored
    state.store.change(
        clip.clip_id,
        started_at=details.started_at,
        task=details.task,
        device=details.device,
        mirrored=details.mirrored,
        time_told=True,
    )
    if turned:
        state.analyses.submit(clip.clip_id)
    return turned
