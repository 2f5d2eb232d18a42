"""Films of a few seconds, cut when they are first asked for."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from twitch_tracker.app.course.burst_clips import Cut, cut
from twitch_tracker.app.course.films import source_of
from twitch_tracker.app.recording.sending import send_file
from twitch_tracker.app.state import State
from twitch_tracker.errors import BadParameter, UnknownEntry
from twitch_tracker.language import say

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/recordings/{recording_id}/cut/{start_ms}/{end_ms}")
def film(state: State, recording_id: str, start_ms: int, end_ms: int) -> Response:
    """Send a few seconds of a recording of the journal."""
    with state.journal() as journal:
        entry = journal.recording(recording_id)
    wanted = Cut(start_ms=start_ms, end_ms=end_ms)
    if not wanted.is_sensible:
        raise BadParameter(
            "stretch",
            say("a few seconds"),
            say("{start_ms} to {end_ms} ms", start_ms=start_ms, end_ms=end_ms),
        )
    source = source_of(state, entry)
    if source is None:
        raise UnknownEntry(say("The video of this recording is not available."))
    target = source.cuts / f"{start_ms}-{end_ms}.mp4"
    cut(
        source.video,
        wanted,
        target,
        mirrored=source.mirrored,
        reading=source.reading,
    )
    return send_file(target, media_type="video/mp4")
