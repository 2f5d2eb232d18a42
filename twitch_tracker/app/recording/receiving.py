"""Receive video: seconds while somebody records, or a whole file.

Every chunk is a file of its own, written beside its place, flushed to the disk and
renamed, before it is acknowledged; so what was acknowledged survives a crash. A
recording is put together from the chunks without a gap from the first one on: a prefix
of what a browser records is itself a playable file. Note: sending the same chunk again
is accepted, different content under the same number is refused.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool

from twitch_tracker.app.recording.clips import Clip, ClipState
from twitch_tracker.app.recording.room import check_room_for_chunk, no_space
from twitch_tracker.app.recording.store import Store
from twitch_tracker.app.recording.trouble.filming import look_at_film
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.border.isolated import isolated
from twitch_tracker.encrypted.files import open_to_write, read_whole
from twitch_tracker.errors import UploadRefused, UploadTooLarge, VideoUnreadable
from twitch_tracker.exchange.disk.durable import make_folder, put_in_place, to_disk
from twitch_tracker.language import say

__all__ = [
    "finish_recording",
    "put_chunk",
    "stored_chunks",
    "take_file",
]

_AT_ONCE_BYTES: Final = 1_000_000
"""So much of a file that is sent is written to the disk at once."""

_SUFFIXES: Final = {
    "video/webm": ".webm",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/x-matroska": ".mkv",
}
"""Endings of stored files by media type; others get ``.video``: what is in a file
is found out by looking into it, never by its name."""


def _file_name_for(clip: Clip) -> str:
    """Name a stored file: what was done and when, nothing that came from outside."""
    suffix = _SUFFIXES.get(clip.media_type.partition(";")[0].strip().lower(), ".video")
    return f"{clip.task.value}-{clip.started_at:%Y%m%d-%H%M%S}{suffix}"


# --- seconds while somebody records -----------------------------------------


def stored_chunks(store: Store, clip: Clip) -> int:
    """Return how many chunks are there without a gap from the first one on."""
    names = {path.name for path in store.chunks(clip).glob("[0-9]*")}
    count = 0
    while _chunk_name(count) in names:
        count += 1
    return count


def put_chunk(
    store: Store,
    clip: Clip,
    index: int,
    data: bytes,
    sha256: str,
    settings: AppSettings | None = None,
) -> int:
    """Store one chunk for good.

    Parameters
    ----------
    store, clip
        Where; the clip must still be recording.
    index : int
        Its place, from 0.
    data : bytes
        A second of video.
    sha256 : str
        Its hash, made where it was recorded.
    settings : AppSettings, optional
        The limits; without, no room is asked for.

    Returns
    -------
    int
        `stored_chunks` afterwards.

    Raises
    ------
    UploadRefused
        It is empty, arrived damaged, is another one than is stored under its
        number, or the recording is finished.
    DiskFull
        There is no space for it; nothing of it is stored.
    """
    if not data or hashlib.sha256(data).hexdigest() != sha256.lower():
        raise UploadRefused(say("A part of the recording arrived damaged."))
    with store.in_turn(clip.clip_id) as now:
        path = store.chunks(now) / _chunk_name(index)
        if path.exists():
            if read_whole(path) != data:
                raise UploadRefused(
                    say("This part of the recording has already arrived.")
                )
            return stored_chunks(store, now)
        if now.state is not ClipState.RECORDING:
            raise UploadRefused(say("This recording is already finished."))
        if settings is not None:
            check_room_for_chunk(settings, store, len(data))
        with _full_disk_in_words():
            make_folder(path.parent, mode=0o700)
            _write_for_good(path, data)
        return stored_chunks(store, now)


def finish_recording(store: Store, clip: Clip, ran_s: float | None = None) -> Clip:
    """Put a recording together from what is there.

    Parameters
    ----------
    store, clip
        Which recording; one that is finished already stays as it is.
    ran_s : float, optional
        How long the browser recorded, when its page could report it.

    Returns
    -------
    Clip
        As stored.

    Raises
    ------
    UploadRefused
        Nothing of it has arrived; it is removed then. Or it was announced as a file,
        which may be coming in just now.
    """
    with store.in_turn(clip.clip_id) as now:
        if now.state is ClipState.RECORDING:
            return _put_together(store, now, ran_s)
        if now.ran_s is None and ran_s is not None:
            return store.change(now.clip_id, ran_s=ran_s)
        return now


def _put_together(store: Store, clip: Clip, ran_s: float | None) -> Clip:
    if clip.announced_bytes:
        raise UploadRefused(say("This recording was announced as a file."))
    count = stored_chunks(store, clip)
    if count == 0:
        store.remove(clip.clip_id)
        raise UploadRefused(say("Nothing of this recording has arrived."))
    name = _file_name_for(clip)
    with _full_disk_in_words():
        _join_chunks(store, clip, count, store.folder(clip) / name)
    film = look_at_film(store.folder(clip) / name)
    facts = asdict(film) if film else {}
    finished = store.change(
        clip.clip_id, state=ClipState.STORED, file_name=name, ran_s=ran_s, **facts
    )
    shutil.rmtree(store.chunks(clip), ignore_errors=True)
    return finished


def _join_chunks(store: Store, clip: Clip, count: int, target: Path) -> None:
    """Write chunks into one file, whole or not at all."""
    part = target.with_name(f".{target.name}.part")
    try:
        with open_to_write(part, "wb") as whole:
            for index in range(count):
                whole.write(read_whole(store.chunks(clip) / _chunk_name(index)))
            to_disk(whole)
        put_in_place(part, target)
    finally:
        part.unlink(missing_ok=True)


def _chunk_name(index: int) -> str:
    return f"{index:06d}"


def _write_for_good(path: Path, data: bytes) -> None:
    """Write a file so that it is on the disk, whole, under its name."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open_to_write(part) as file:
            file.write(data)
            to_disk(file)
        put_in_place(part, path)
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def _full_disk_in_words() -> Iterator[None]:
    """Turn a full disk into its own error; other faults stay as they are."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise no_space() from error
        raise


# --- a whole file -----------------------------------------------------------


async def take_file(
    store: Store,
    clip: Clip,
    pieces: AsyncIterator[bytes],
    settings: AppSettings,
) -> Clip:
    """Stream a file to the disk and look into it before it counts as a recording.

    Parameters
    ----------
    store, clip
        Announced before, and still empty.
    pieces : async iterator of bytes
        The file.
    settings : AppSettings
        The limits.

    Returns
    -------
    Clip
        As stored.

    Raises
    ------
    UploadTooLarge
        More came than is allowed; what came is removed.
    UploadRefused
        Another number of bytes came than was announced, or a file is there.
    VideoUnreadable, TimestampsUnusable
        It is no video; it is removed.
    DiskFull
        The disk became full on the way; what came is removed.
    """
    if clip.state is not ClipState.RECORDING:
        raise UploadRefused(say("This file is already there."))
    name = _file_name_for(clip)
    part = store.folder(clip) / f".{name}.{secrets.token_hex(4)}.part"
    try:
        with _full_disk_in_words():
            taken = await _stream_to(part, pieces, settings.max_upload_bytes)
        if taken != clip.announced_bytes:
            raise UploadRefused(
                say("The file did not arrive completely. Send it again.")
            )
        await run_in_threadpool(_look_into, part)
        await run_in_threadpool(put_in_place, part, store.folder(clip) / name)
    finally:
        part.unlink(missing_ok=True)
    keep = partial(store.change, clip.clip_id, state=ClipState.STORED, file_name=name)
    return await run_in_threadpool(keep)


async def _stream_to(path: Path, pieces: AsyncIterator[bytes], limit: int) -> int:
    """Write what comes, in a thread: a disk that is slow stops nobody else's page."""
    taken, held = 0, bytearray()
    with open_to_write(path) as file:
        async for piece in pieces:
            taken += len(piece)
            if taken > limit:
                raise UploadTooLarge(say("More was sent than was announced."))
            held += piece
            if len(held) >= _AT_ONCE_BYTES:
                await run_in_threadpool(file.write, bytes(held))
                held.clear()
        await run_in_threadpool(file.write, bytes(held))
        await run_in_threadpool(to_disk, file)
    return taken


def _look_into(path: Path) -> None:
    """Decode one picture of a file; what is no video is refused in plain words."""
    from twitch_tracker.video.probe import probe

    try:
        isolated(probe, path, name=path.name, error=VideoUnreadable)
    except VideoUnreadable as error:
        raise VideoUnreadable(
            say(
                "This file is not a readable video. Send the original file from the "
                "phone or camera (MP4, MOV or WebM)."
            )
        ) from error
