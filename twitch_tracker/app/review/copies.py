"""Review copies, made in the background one after the other.

    <home>/app/review/<content hash>/copy.mp4      see `copying`; of a mirror image,
                                     copy.times    copy-turned.mp4 and .times
                                     source.video  a recording that the reviewer sent

Note: folders are named by the hash that the journal has of the recording, never by what
a request says; a sent recording is removed when its copy is made, or cannot be made.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import re
import shutil
import threading
import time
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from twitch_tracker.app.own_process import messages_of
from twitch_tracker.app.review.copying import copy_name, make_copy
from twitch_tracker.app.words import still_s
from twitch_tracker.border.spawned import Send
from twitch_tracker.errors import TwitchTrackerError, UnknownEntry
from twitch_tracker.exchange.disk.durable import make_folder
from twitch_tracker.language import current_language, say, speaking
from twitch_tracker.records import ReadOptions

__all__ = ["SENT", "Copies", "CopyProgress", "CopyState", "remove_unknown"]

_log = logging.getLogger(__name__)

SENT: Final = "source.video"

AS_STORED: Final = ReadOptions()
"""As the file says, by itself."""

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_POLITE_S: Final = 5.0


def remove_unknown(folder: Path, known: Collection[str]) -> None:
    """Remove the copies in a folder whose content is not among the known hashes."""
    if not folder.is_dir():
        return
    for place in folder.iterdir():
        if _HASH.fullmatch(place.name) and place.name not in known:
            shutil.rmtree(place, ignore_errors=True)


class CopyState(StrEnum):
    """How far a copy is."""

    NONE = "none"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class CopyProgress:
    """State of a copy.

    Attributes
    ----------
    state : CopyState
        How far it is.
    share : float
        What is done, 0 to 1.
    left_s : float
        How long it will take yet; NaN when that is not known (yet).
    error : str
        Why it failed, in words.
    """

    state: CopyState
    share: float = 0.0
    left_s: float = math.nan
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class _Order:
    """A copy that is to be made."""

    target: Path
    source: Path
    mirrored: bool
    reading: ReadOptions
    language: str


class Copies:
    """All review copies of one app.

    Parameters
    ----------
    folder : Path
        Where they are; made when something is first stored.
    """

    def __init__(self, folder: Path) -> None:
        """Make nothing yet."""
        self._folder = folder
        self._lock = threading.Condition()
        self._orders: deque[_Order] = deque()
        self._progress: dict[Path, CopyProgress] = {}
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()

    def path(
        self, sha256: str, *, mirrored: bool = False, reading: ReadOptions = AS_STORED
    ) -> Path:
        """Return where the copy of a recording is or will be.

        Parameters
        ----------
        sha256 : str
            Hash of the recording.
        mirrored : bool
            Whether it is stored as a mirror image, as far as is known now.
        reading : ReadOptions
            As what it was analysed.

        Raises
        ------
        UnknownEntry
            The journal has no proper hash of the recording.
        """
        return self._place(sha256) / copy_name(mirrored=mirrored, reading=reading)

    def has_any(self, sha256: str) -> bool:
        """Return whether anything is kept of a recording's film."""
        return bool(_HASH.fullmatch(sha256)) and self._place(sha256).is_dir()

    def sent(self, sha256: str) -> Path:
        """Return where a recording that is sent goes; its folder exists then."""
        place = self._place(sha256)
        make_folder(place, mode=0o700)
        return place / SENT

    def tidy(self, known: Collection[str]) -> None:
        """Remove copies of recordings that the journal does not hold any more."""
        remove_unknown(self._folder, known)

    def _place(self, sha256: str) -> Path:
        if not _HASH.fullmatch(sha256):
            raise UnknownEntry(say("The journal does not know which video this is."))
        return self._folder / sha256

    def how_far(
        self, sha256: str, *, mirrored: bool = False, reading: ReadOptions = AS_STORED
    ) -> CopyProgress:
        """Return the state of a copy; see `path`."""
        path = self.path(sha256, mirrored=mirrored, reading=reading)
        if path.is_file():
            return CopyProgress(state=CopyState.READY, share=1.0)
        with self._lock:
            return self._progress.get(path, CopyProgress(state=CopyState.NONE))

    def make(
        self,
        sha256: str,
        source: Path,
        *,
        mirrored: bool,
        reading: ReadOptions = AS_STORED,
    ) -> None:
        """Start making a copy, unless it exists or is being made."""
        path = self.path(sha256, mirrored=mirrored, reading=reading)
        with self._lock:
            under_way = self._progress.get(path)
            if path.is_file():
                with contextlib.suppress(OSError):  # sent again, but the copy exists
                    path.with_name(SENT).unlink(missing_ok=True)
                return
            if under_way and under_way.state is CopyState.MAKING:
                return
            make_folder(path.parent, mode=0o700)
            self._progress[path] = CopyProgress(state=CopyState.MAKING)
            self._orders.append(
                _Order(
                    target=path,
                    source=source,
                    mirrored=mirrored,
                    reading=reading,
                    language=current_language(),
                )
            )
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="copies", daemon=True
                )
                self._thread.start()
            self._lock.notify_all()

    def close(self) -> None:
        """Stop; what was not finished is made when it is next asked for."""
        self._closed.set()
        with self._lock:
            self._lock.notify_all()
        if self._thread is not None:
            self._thread.join(timeout=2 * _POLITE_S)

    def _run(self) -> None:
        while (order := self._next()) is not None:
            with speaking(order.language):
                progress = self._try(order)
            with self._lock:
                self._progress[order.target] = progress

    def _try(self, order: _Order) -> CopyProgress:
        try:
            return self._make(order)
        except Exception:  # noqa: BLE001 - the thread must outlive a full disk
            _log.exception("a review copy could not be made")
            return CopyProgress(state=CopyState.FAILED, error=_unforeseen())

    def _next(self) -> _Order | None:
        with self._lock:
            while not self._orders and not self._closed.is_set():
                self._lock.wait()
            return None if self._closed.is_set() else self._orders.popleft()

    def _make(self, order: _Order) -> CopyProgress:
        """Make one copy in a process of its own: a fault in a decoder ends only that."""
        target = order.target
        error = self._listen(order)
        with contextlib.suppress(OSError):  # e.g. on Windows, a file that is being sent
            for left in target.parent.glob(".*.part"):
                left.unlink(missing_ok=True)
        if not self._closed.is_set():
            target.with_name(SENT).unlink(missing_ok=True)
        if target.is_file():
            return CopyProgress(state=CopyState.READY, share=1.0)
        return CopyProgress(state=CopyState.FAILED, error=error or _unforeseen())

    def _listen(self, order: _Order) -> str:
        """Make the copy and store its progress; return what went wrong."""
        began_s = time.monotonic()
        with contextlib.closing(
            messages_of(_make_alone, order, self._closed)
        ) as all_said:
            for said in all_said:
                if isinstance(said, str):
                    return said
                left_s = still_s(time.monotonic() - began_s, said)
                with self._lock:
                    self._progress[order.target] = CopyProgress(
                        state=CopyState.MAKING, share=said, left_s=left_s
                    )
        return ""


def _unforeseen() -> str:
    return say("The video could not be prepared. The file may be damaged.")


def _make_alone(order: _Order, send: Send) -> None:
    """Make a copy; the word of the end is an empty text or an error."""
    try:
        make_copy(
            order.source,
            order.target,
            mirrored=order.mirrored,
            reading=order.reading,
            on_share=send,
        )
    except TwitchTrackerError as error:
        send(str(error).replace(f"{order.source.parent}{os.sep}", ""))
    else:
        send("")
