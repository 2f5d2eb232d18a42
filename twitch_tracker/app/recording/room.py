"""Reserve room on the disk for what is coming in.

What was announced and what a running recording needs to be put together counts as used,
so that two uploads never share the same free space, and some space stays free in any
case: pages and the journal must keep answering. Note: a step may begin only with the
whole spare space free, but continues down to half of it, so that a step that could
begin is not cut off at once.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from twitch_tracker.app.recording.clips import Clip, ClipState
from twitch_tracker.app.recording.store import Store
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.errors import DiskFull, UploadTooLarge
from twitch_tracker.language import say

__all__ = ["check_room", "check_room_for_chunk", "no_space", "reserved_bytes"]


def check_room(
    settings: AppSettings, size_bytes: int, store: Store | None = None
) -> None:
    """Refuse what is too large for the rules or for the disk, before it is sent.

    Parameters
    ----------
    settings : AppSettings
        The limits.
    size_bytes : int
        What is about to come.
    store : Store, optional
        For what is spoken for already.

    Raises
    ------
    UploadTooLarge
        With what is allowed, and what to do.
    """
    if size_bytes > settings.max_upload_bytes:
        raise UploadTooLarge(
            say(
                "This file has {size} MB; the limit is {limit} MB. Record shorter "
                "videos or use a smaller picture size (1080p is enough).",
                size=size_bytes // 1_000_000,
                limit=settings.max_upload_bytes // 1_000_000,
            )
        )
    free = _free(settings) - (reserved_bytes(store) if store else 0)
    if size_bytes + settings.spare_bytes > free:
        raise UploadTooLarge(
            say(
                "There is not enough space on the disk: {free} MB are free. Remove "
                "something and try again; nothing was stored.",
                free=max(free, 0) // 1_000_000,
            )
        )


def check_room_for_chunk(settings: AppSettings, store: Store, size_bytes: int) -> None:
    """Refuse a second of a recording for which there is no space just now.

    Parameters
    ----------
    settings : AppSettings
        The limits.
    store : Store
        For what is spoken for already.
    size_bytes : int
        How large the second is.

    Raises
    ------
    DiskFull
        The browser keeps it and sends it again.
    """
    needed = 2 * size_bytes + reserved_bytes(store)  # twice: the chunk, and the film
    if needed + settings.spare_bytes // 2 > _free(settings):
        raise no_space(_free(settings))


def reserved_bytes(store: Store) -> int:
    """Return how many free bytes are needed for what has begun.

    Returns
    -------
    int
        What was announced and is not there yet, and what running recordings need to
        be put together.
    """
    return sum(_needs(store, clip) for clip in store.clips())


def no_space(free_bytes: int | None = None) -> DiskFull:
    """Say that the disk is full, and what becomes of the recording.

    Parameters
    ----------
    free_bytes : int, optional
        How much is free, when that is known.
    """
    free = "" if free_bytes is None else f" {max(free_bytes, 0) // 1_000_000} MB"
    return DiskFull(
        say(
            "The disk is too full to store this (free:{free}). Remove something from "
            "the disk; what is not stored yet is kept and sent then.",
            free=free or " 0 MB",
        )
    )


def _needs(store: Store, clip: Clip) -> int:
    if clip.state is not ClipState.RECORDING:
        return 0
    if clip.announced_bytes:
        if not store.is_expected(clip.clip_id):
            return 0
        return max(clip.announced_bytes - _size(store.parts(clip)), 0)
    return _size(store.chunks(clip).glob("[0-9]*"))


def _size(paths: Iterable[Path]) -> int:
    total = 0
    for path in paths:
        try:
            total += path.stat().st_size
        except OSError:
            continue
    return total


def _free(settings: AppSettings) -> int:
    return shutil.disk_usage(settings.home).free
