"""Exports made in the background, one after the other, with how far they are.

Note: only the latest few are kept, in memory and never on the disk; a cancelled export
ends when it next reports its progress, and its file is thrown away in any case; words
are in the language of the request.
"""

from __future__ import annotations

import contextlib
import contextvars
import logging
import math
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from twitch_tracker.app.exports.request import ExportedFile, ExportRequest, OnShare
from twitch_tracker.app.words import still_s
from twitch_tracker.errors import TwitchTrackerError, UnknownEntry
from twitch_tracker.language import say

__all__ = ["ExportJob", "ExportJobs", "ExportState", "MakeExport"]

_log = logging.getLogger(__name__)

_MOST_KEPT: Final = 4

MakeExport = Callable[[ExportRequest, OnShare], ExportedFile]
"""Makes a file, and reports the share that is done."""


class ExportState(StrEnum):
    """How far an export is."""

    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class ExportJob:
    """One export.

    Attributes
    ----------
    name : str
        Names it in addresses; cannot be guessed.
    wanted : ExportRequest
        What is made.
    state : ExportState
        How far it is.
    share : float
        What is done, 0 to 1.
    left_s : float
        How long it will take yet; NaN when that is not known (yet).
    exported : ExportedFile or None
        The file, when it is ready.
    error : str
        Why it failed, in words.
    """

    name: str
    wanted: ExportRequest
    state: ExportState = ExportState.MAKING
    share: float = 0.0
    left_s: float = math.nan
    exported: ExportedFile | None = field(default=None, repr=False)
    error: str = ""


class _CancelledError(Exception):
    """The export was cancelled."""


class ExportJobs:
    """All exports of one app."""

    def __init__(self) -> None:
        """Start no thread yet."""
        self._lock = threading.Lock()
        self._known: OrderedDict[str, ExportJob] = OrderedDict()
        self._worker: ThreadPoolExecutor | None = None
        self._closed = False

    def begin(self, wanted: ExportRequest, make: MakeExport) -> ExportJob:
        """Start making a file.

        Parameters
        ----------
        wanted : ExportRequest
            What.
        make : MakeExport
            Makes it; runs in a thread, in today's language.

        Returns
        -------
        Making
            Just begun.
        """
        made = ExportJob(name=secrets.token_hex(16), wanted=wanted)
        spoken = contextvars.copy_context()
        with self._lock:
            self._known[made.name] = made
            self._forget_old()
            if self._worker is None:
                self._worker = ThreadPoolExecutor(1, thread_name_prefix="exports")
            self._worker.submit(spoken.run, self._make, made, make)
        return made

    def look(self, name: str) -> ExportJob:
        """Return how far an export is.

        Raises
        ------
        UnknownEntry
            There is none of that name (any more).
        """
        with self._lock:
            found = self._known.get(name)
        if found is None:
            raise UnknownEntry(
                say("This export is no longer available. Create it again.")
            )
        return found

    def cancel(self, name: str) -> None:
        """End an export; one that has ended stays as it is."""
        self.look(name)
        self._note(name, state=ExportState.CANCELLED)

    def drop(self, is_gone: Callable[[str], bool]) -> None:
        """Drop the files of people who were removed, and cancel running exports."""
        with self._lock:
            for name, job in list(self._known.items()):
                if is_gone(job.wanted.patient_id):
                    del self._known[name]

    def close(self) -> None:
        """Cancel everything; does not wait for more than the next word of progress."""
        with self._lock:
            self._closed = True
        if self._worker is not None:
            self._worker.shutdown(wait=True, cancel_futures=True)

    def _make(self, made: ExportJob, make: MakeExport) -> None:
        began_s = time.monotonic()

        def on_share(share: float) -> None:
            if self._closed or not self._note(
                made.name,
                share=share,
                left_s=still_s(time.monotonic() - began_s, share),
            ):
                raise _CancelledError

        with contextlib.suppress(_CancelledError):
            try:
                on_share(0.0)
                exported = make(made.wanted, on_share)
            except TwitchTrackerError as error:
                self._note(made.name, state=ExportState.FAILED, error=str(error))
            except _CancelledError:
                raise
            except Exception:  # noqa: BLE001 - said on the page, kept in the log
                _log.exception("an export could not be made")
                words = say("An unexpected error occurred in the program.")
                self._note(made.name, state=ExportState.FAILED, error=words)
            else:
                ready = {"state": ExportState.READY, "share": 1.0, "exported": exported}
                self._note(made.name, **ready)

    def _note(self, name: str, **facts: object) -> bool:
        """Keep facts of an export that is still being made; return whether it is."""
        with self._lock:
            known = self._known.get(name)
            if known is None or known.state is not ExportState.MAKING:
                return False
            self._known[name] = replace(known, **facts)  # type: ignore[arg-type]
            return True

    def _forget_old(self) -> None:
        """Keep the latest few, with their files."""
        while len(self._known) > _MOST_KEPT:
            self._known.popitem(last=False)
