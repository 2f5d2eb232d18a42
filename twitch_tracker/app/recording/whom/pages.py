"""The page on which somebody says whose face is meant, and its answer."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from twitch_tracker.app.recording.clips import UNDER_WAY, Clip, ClipState
from twitch_tracker.app.recording.steps import task_name
from twitch_tracker.app.recording.whom.faces import FaceBox, FacesSeen
from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.templating import page
from twitch_tracker.app.words import moment
from twitch_tracker.errors import UnknownEntry, UploadRefused
from twitch_tracker.language import say

__all__ = ["Choices", "choices_of", "router"]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, kw_only=True)
class OfferedFace:
    """One face as a page offers it.

    Attributes
    ----------
    number : int
        From 1, from left to right.
    words : str
        Its number and where it is.
    left, top, width, height : int
        Its box, in pixels of the picture.
    x, y : float
        Its middle, in shares of the picture.
    chosen : bool
        Whether it is the one that was chosen before.
    """

    number: int
    words: str
    left: int
    top: int
    width: int
    height: int
    x: float
    y: float
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Choices:
    """The faces of a recording, and the size of the picture that shows them."""

    width_px: int
    height_px: int
    faces: tuple[OfferedFace, ...]

    @property
    def letter_px(self) -> int:
        """Height of the numbers in it."""
        return max(self.width_px, self.height_px) // 14


class ChosenFace(BaseModel):
    """Whose face is meant: where it is in the picture, in shares."""

    x: float = Field(ge=0, le=1)
    y: float = Field(ge=0, le=1)


@router.get("/clips/{clip_id}/whom")
def whom_page(state: State, clip_id: str) -> Response:
    """Show the faces of a recording, to choose among."""
    clip = _with_film(state, clip_id)
    task = task_name(clip.task)
    return page(
        "whom.html.j2",
        clip_id=clip_id,
        title=say("{task}, {when}", task=task, when=moment(clip.started_at)),
        patient_id=clip.patient_id,
        session_id=clip.session_id,
        choices=choices_of(state, clip),
    )


@router.get("/clips/{clip_id}/faces.jpg")
def picture(state: State, clip_id: str) -> Response:
    """Send the picture in which the faces are."""
    seen = _seen(state, _with_film(state, clip_id))
    if not seen.picture:
        raise UnknownEntry(say("No picture of this recording can be shown."))
    return Response(
        seen.picture,
        media_type="image/jpeg",
        headers={"Cache-Control": "private, no-store"},
    )


@router.post("/api/clips/{clip_id}/whom")
def choose(state: State, clip_id: str, chosen: ChosenFace) -> dict[str, str]:
    """Analyse the face that was chosen, again if need be."""
    clip = _with_film(state, clip_id)
    if clip.state in UNDER_WAY:
        raise UploadRefused(
            say("The analysis is running. Cancel it first, or wait until it is done.")
        )
    state.store.change(clip_id, subject=(chosen.x, chosen.y))
    state.analyses.submit(clip_id)
    return {"url": f"/clips/{clip_id}"}


def choices_of(state: AppState, clip: Clip) -> Choices:
    """Return the faces of a recording; none where they cannot be looked for."""
    seen = _seen(state, clip)
    width, height = seen.size_px
    return Choices(
        width_px=width,
        height_px=height,
        faces=tuple(
            OfferedFace(
                number=number,
                words=_where(number, face),
                left=round(width * face.left),
                top=round(height * face.top),
                width=round(width * face.width),
                height=round(height * face.height),
                x=round(face.middle[0], 4),
                y=round(face.middle[1], 4),
                chosen=_holds(face, clip.subject),
            )
            for number, face in enumerate(seen.faces, 1)
        ),
    )


def _where(number: int, face: FaceBox) -> str:
    """Name a face by its number, and by where it is for those who do not see it."""
    across, _ = face.middle
    if across < 1 / 3:
        return say("Face {number}, on the left of the picture", number=number)
    if across > 2 / 3:
        return say("Face {number}, on the right of the picture", number=number)
    return say("Face {number}, in the middle of the picture", number=number)


def _holds(face: FaceBox, at: tuple[float, float] | None) -> bool:
    if at is None:
        return False
    across, down = at[0] - face.left, at[1] - face.top
    return 0 <= across <= face.width and 0 <= down <= face.height


def _seen(state: AppState, clip: Clip) -> FacesSeen:
    return state.whom.faces(state.store.video(clip))


def _with_film(state: AppState, clip_id: str) -> Clip:
    """Return a recording whose film is there."""
    clip = state.store.clip(clip_id)
    if clip.state is ClipState.RECORDING:
        raise UploadRefused(say("This recording is not finished yet."))
    if clip.film_removed or not state.store.video(clip).is_file():
        raise UploadRefused(
            say(
                "The film was removed, as chosen in the settings; its analysis is kept."
            )
        )
    return clip
