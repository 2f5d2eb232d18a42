"""Live counts over one WebSocket: pictures in, words and counts back.

Note: a picture that waits when a newer one comes is dropped, so an answer is never
about the past; every answer states the time of its picture.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query, WebSocket
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect

from twitch_tracker.app.recording.live.feed import LiveFeed, describe, open_feed, unpack
from twitch_tracker.app.recording.live.slots import PictureSlot
from twitch_tracker.app.state import AppState, State
from twitch_tracker.errors import (
    LiveRefused,
    RecordingError,
    TwitchTrackerError,
    UploadRefused,
)
from twitch_tracker.journal.known_face import faces_before
from twitch_tracker.live.deciding_thread import short_turns
from twitch_tracker.records import FaceSeen

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_NO_PICTURE: Final = 1003
_TRY_LATER: Final = 1013
_TAKEN_OVER: Final = 4001
"""The same tab came again; the page must not come back by this socket's end."""


@router.websocket("/live")
async def live(
    socket: WebSocket,
    state: State,
    person: Annotated[str, Query(max_length=80)] = "",
    tab: Annotated[str, Query(max_length=80)] = "",
) -> None:
    """Answer pictures with advice and counts; text starts a new stretch."""
    await socket.accept()
    inbox, taken_over = PictureSlot(), asyncio.Event()

    def lost() -> None:
        taken_over.set()
        inbox.close()

    try:
        slot = state.live_slots.take(person, tab, lost)
    except LiveRefused as error:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await socket.send_text(json.dumps({"refused": str(error)}))
            await socket.close(_TRY_LATER)
        return
    reader = asyncio.create_task(_read(socket, inbox))
    feed = open_feed(await run_in_threadpool(_faces, state, person))
    try:
        with short_turns():
            code = await _answer(socket, inbox, feed)
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await socket.close(_TAKEN_OVER if taken_over.is_set() else code)
    finally:
        reader.cancel()
        try:
            await run_in_threadpool(feed.close)
        finally:
            state.live_slots.leave(slot)


def _faces(state: AppState, person: str) -> tuple[FaceSeen, ...] | None:
    """Collect what a person's recordings until now show.

    Nothing of nobody; advice works without it, so no trouble with it ends advice.
    """
    try:
        with state.journal() as journal:
            return faces_before(journal, person, datetime.now().astimezone())
    except TwitchTrackerError:
        return None


async def _read(socket: WebSocket, inbox: PictureSlot) -> None:
    """Take everything in at once, so that no picture waits behind another one."""
    try:
        while (message := await socket.receive())["type"] != "websocket.disconnect":
            if message.get("bytes"):
                inbox.put(message["bytes"])
            else:
                inbox.put_restart()
    finally:
        inbox.close()


async def _answer(socket: WebSocket, inbox: PictureSlot, feed: LiveFeed) -> int:
    """Look at one picture after the other until the page goes; return the end's code."""
    try:
        while (taken := await inbox.take()) is not None:
            restart, picture = taken
            if restart:
                await run_in_threadpool(feed.restart)
            if picture is not None:
                state = await run_in_threadpool(feed.look, picture)
                time_s, _ = unpack(picture)
                about = {"time_s": time_s, "dropped": inbox.dropped}
                await socket.send_text(json.dumps({**describe(state), **about}))
    except (UploadRefused, RecordingError):
        return _NO_PICTURE
    except TwitchTrackerError as error:  # e.g. weights that cannot be read
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await socket.send_text(json.dumps({"refused": str(error)}))
        return _TRY_LATER
    except WebSocketDisconnect:
        pass
    return 1000
