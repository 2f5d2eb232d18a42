"""What the app knows of one recording that it keeps, as a frozen noun.

A clip is one file of one task of one person: a step of a guided session, or a file
that was recorded elsewhere. The convention that bites: rest and provoked are never in
one clip, and a step that was paused is two clips of the same task, so that no cut is
hidden in a file.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, get_type_hints

from twitch_tracker.history import Task

__all__ = [
    "Clip",
    "ClipState",
    "GuidedSession",
    "clip_from",
    "plain_clip",
    "session_from",
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
        Why the analysis failed, in words.
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
    number: int = 1
    task: Task = Task.OTHER
    state: ClipState = ClipState.RECORDING
    file_name: str = ""
    sent_name: str = ""
    mirrored: bool = False
    started_at: datetime
    time_told: bool = True
    device: str = ""
    media_type: str = ""
    announced_bytes: int = 0
    ran_s: float | None = None
    filmed_s: float | None = None
    pictures: int = 0
    error: str = ""
    recording_id: str = ""
    film_removed: bool = False
    faces: int = 0
    subject: tuple[float, float] | None = None

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
    started_at: datetime
    finished: bool = False
    by_phone: bool = False


def plain_clip(clip: Clip | GuidedSession) -> dict[str, Any]:
    """Turn a clip or session into what JSON knows."""
    return {**asdict(clip), "started_at": clip.started_at.isoformat()}


def clip_from(document: dict[str, Any]) -> Clip:
    """Turn back what `plain_clip` made of a clip.

    Raises
    ------
    ValueError, TypeError, KeyError
        It is none, or a value is of another type.
    """
    fields = _with_moment(document)
    fields["task"] = Task(fields["task"])
    fields["state"] = ClipState(fields["state"])
    if fields.get("subject") is not None:
        across, down = (float(share) for share in fields["subject"])
        fields["subject"] = (across, down)
    _refuse_other_types(Clip, {k: v for k, v in fields.items() if k != "subject"})
    return Clip(**fields)


def session_from(document: dict[str, Any]) -> GuidedSession:
    """Turn back what `plain_clip` made of a session; errors as of `clip_from`."""
    fields = _with_moment(document)
    _refuse_other_types(GuidedSession, fields)
    return GuidedSession(**fields)


def _with_moment(document: dict[str, Any]) -> dict[str, Any]:
    fields = dict(document)
    fields["started_at"] = datetime.fromisoformat(fields["started_at"])
    if fields["started_at"].tzinfo is None:
        raise ValueError("a time without a zone")
    return fields


def _refuse_other_types(kind: type, fields: dict[str, Any]) -> None:
    for name, wanted in get_type_hints(kind).items():
        value = fields.get(name)
        whole = isinstance(value, int) and wanted == (float | None)
        if name in fields and not (isinstance(value, wanted) or whole):
            raise TypeError(f"{name} is {type(value).__name__}")
