"""What the app knows of one recording that it keeps, as a frozen value.

A clip is one file of one task of one person: a step of a guided session, or a file that
was recorded elsewhere. Note: rest and provoked are never in one clip, and a step that
was paused is two clips of the same task, so that no cut is hidden in a file.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic import TypeAdapter

from twitch_tracker.border.documents import Count, Finite
from twitch_tracker.border.kept import Bytes, Moment
from twitch_tracker.history import Task

__all__ = [
    "CLIP",
    "SESSION",
    "UNDER_WAY",
    "Clip",
    "ClipState",
    "GuidedSession",
    "plain_clip",
]


class ClipState(StrEnum):
    """How far a clip has come."""

    RECORDING = "recording"
    STORED = "stored"
    WAITING = "waiting"
    ANALYSING = "analysing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNDER_WAY: Final = frozenset({ClipState.WAITING, ClipState.ANALYSING})
"""States in which a clip is in use and cannot be changed."""


@dataclass(frozen=True, kw_only=True)
class Clip:
    """One recording that the app keeps.

    Attributes
    ----------
    clip_id : str
        Its name: 32 hexadecimal digits.
    patient_id : str
        Whose it is.
    session_id : str
        The guided session it belongs to; empty for a file from elsewhere.
    number : int
        Its place within the session, from 1.
    task : Task
        What the person was asked to do.
    state : ClipState
        How far it has come.
    file_name : str
        Name of the stored file (ours, never what was sent).
    sent_name : str
        What the file was called where it came from; only ever shown.
    mirrored : bool
        Whether the stored picture is a mirror image.
    started_at : datetime
        When it was recorded; aware.
    time_told : bool
        Whether a person said so, or the app filmed it; else it is from the file.
    device : str
        With what it was filmed.
    media_type : str
        What the browser calls the kind of file.
    announced_bytes : int
        Size that was announced for an upload.
    ran_s : float or None
        How long the browser recorded; None when its page was closed before.
    filmed_s : float or None
        How much of that is on film; None for files from elsewhere.
    pictures : int
        How many pictures are on film.
    error : str
        Why the analysis failed, in no language (`failures`); words where a version
        before that wrote them.
    recording_id : str
        Its name in the journal; empty until it is logged.
    film_removed : bool
        Whether the film went because its person does not wish it kept (any longer).
    faces : int
        How many faces its first seconds show; 0 where nobody looked.
    subject : tuple of float or None
        Where the face is that somebody chose, in shares of the width and height of the
        picture as a player shows it; None where nobody did.
    """

    clip_id: str
    patient_id: str
    session_id: str = ""
    number: Count = 1
    task: Task = Task.OTHER
    state: ClipState = ClipState.RECORDING
    file_name: str = ""
    sent_name: str = ""
    mirrored: bool = False
    started_at: Moment
    time_told: bool = True
    device: str = ""
    media_type: str = ""
    announced_bytes: Bytes = 0
    ran_s: Finite | None = None
    filmed_s: Finite | None = None
    pictures: Count = 0
    error: str = ""
    recording_id: str = ""
    film_removed: bool = False
    faces: Count = 0
    subject: tuple[Finite, Finite] | None = None

    @property
    def asks_whom(self) -> bool:
        """Whether somebody should say whose face is meant before it is analysed."""
        waits = self.state is ClipState.STORED and not self.film_removed
        return waits and self.faces > 1 and self.subject is None


@dataclass(frozen=True, kw_only=True)
class GuidedSession:
    """One guided session: who, when, whether it is over, and whether a phone films."""

    session_id: str
    patient_id: str
    started_at: Moment
    finished: bool = False
    by_phone: bool = False


def plain_clip(clip: Clip | GuidedSession) -> dict[str, Any]:
    """Turn a clip or session into what JSON knows."""
    return {**asdict(clip), "started_at": clip.started_at.isoformat()}


CLIP: Final = TypeAdapter(Clip)
SESSION: Final = TypeAdapter(GuidedSession)
"""What `plain_clip` makes of them, as JSON."""
