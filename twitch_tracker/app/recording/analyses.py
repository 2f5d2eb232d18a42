"""Analyses in the background: one at a time, in a process of its own.

Knows the queue, how far the running analysis is, and how to cancel it. What waits or
runs is noted in the store, so a server that is started again takes it up again. Note:
one at a time, because a camera may be recording meanwhile.
"""

from __future__ import annotations

import contextlib
import logging
import math
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from twitch_tracker.app.own_process import END_WITHIN_S, messages_of
from twitch_tracker.app.recording.clips import Clip, ClipState
from twitch_tracker.app.recording.store import Store
from twitch_tracker.app.recording.trouble.failures import (
    STOPPED,
    failure_in_words,
    failure_of,
    not_logged,
    unforeseen,
)
from twitch_tracker.app.recording.whom.faces import FaceSearch
from twitch_tracker.batch import Job, JobResult, Status, run_job
from twitch_tracker.border.spawned import Send
from twitch_tracker.errors import TwitchTrackerError
from twitch_tracker.exchange.staging import remove_stale_stages
from twitch_tracker.language import current_language, mark, speaking
from twitch_tracker.pipeline import AnalysisOptions
from twitch_tracker.records import FaceSeen, OnProgress, Progress

__all__ = ["Analyses", "AnalysisProgress", "RunJob", "run_in_own_process"]

_log = logging.getLogger(__name__)

RunJob = Callable[[Job, OnProgress, threading.Event], JobResult | None]
"""Does one job; reports progress; gives None when the event was set meanwhile."""

LogResult = Callable[[Clip, JobResult], str]
"""Logs a finished analysis in the journal and gives its name there."""

PicturesAllowed = Callable[[Clip], bool]
"""Says whether pictures of the face may be kept in a clip's report."""

EarlierRecordings = Callable[[Clip], tuple[FaceSeen, ...] | None]
"""Collects what earlier recordings of a clip's person show of the open eyes."""

_SHARES: Final = {
    "reading": (0.0, 0.85),
    "finding bursts": (0.85, 0.9),
    "pictures": (0.9, 0.97),
    "report": (0.97, 1.0),
}
"""Share of the whole that each stage takes, roughly; reading is nearly all. They follow
each other, so that a bar never runs backwards."""


@dataclass(frozen=True, kw_only=True)
class AnalysisProgress:
    """How far an analysis is.

    Attributes
    ----------
    fraction : float
        0 to 1.
    words : str
        What is being done; a key of the catalogue.
    """

    fraction: float
    words: str


_WAITING: Final = AnalysisProgress(fraction=0.0, words=mark("Waiting in the queue"))
_STAGES: Final = {
    "reading": mark("Looking at every picture"),
    "finding bursts": mark("Finding bursts"),
    "pictures": mark("Taking pictures of the bursts"),
    "report": mark("Writing the report"),
}


class Analyses:
    """The queue of analyses and the thread that works it off.

    Parameters
    ----------
    store : Store
        Where clips are.
    log : callable
        See `LogResult`.
    work : callable
        See `RunJob`; by default a process for every job.
    past : callable
        See `EarlierRecordings`; by default nothing is known before.
    pictures : callable
        See `PicturesAllowed`; by default they may.
    whom : FaceSearch
        Who looks for faces in files from elsewhere, before they are analysed; by
        default nobody does, and the largest face is followed.
    """

    def __init__(
        self,
        store: Store,
        log: LogResult,
        work: RunJob | None = None,
        past: EarlierRecordings | None = None,
        pictures: PicturesAllowed | None = None,
        whom: FaceSearch | None = None,
    ) -> None:
        """Resume what an earlier server left."""
        self._store = store
        self._log_result = log
        self._past = past
        self._pictures = pictures
        self._whom = whom
        self._work = work or run_in_own_process
        self._lock = threading.Condition()
        self._queue: deque[str] = deque()
        self._languages: dict[str, str] = {}
        self._how_far: dict[str, AnalysisProgress] = {}
        self._running = ""
        self._cancelled = threading.Event()
        self._closed = False
        for clip in store.clips():
            if clip.state in {ClipState.WAITING, ClipState.ANALYSING}:
                self.submit(clip.clip_id)
        self._thread = threading.Thread(target=self._run, name="analyses", daemon=True)
        self._thread.start()

    def submit(self, clip_id: str) -> None:
        """Put a stored clip in the queue; one that waits already stays there.

        What goes wrong, and the report, are worded in the language spoken here.
        """
        with self._lock:
            if clip_id in self._queue or clip_id == self._running:
                return
            self._store.change(clip_id, state=ClipState.WAITING, error="")
            self._languages[clip_id] = current_language()
            self._queue.append(clip_id)
            self._lock.notify_all()

    def cancel(self, clip_id: str) -> None:
        """Take a clip out of the queue, or stop its analysis."""
        with self._lock:
            if clip_id in self._queue:
                self._queue.remove(clip_id)
                self._languages.pop(clip_id, None)
                self._store.change(clip_id, state=ClipState.CANCELLED)
            elif clip_id == self._running:
                self._cancelled.set()

    def how_far(self, clip_id: str) -> AnalysisProgress:
        """Return how far the analysis of a clip is."""
        with self._lock:
            return self._how_far.get(clip_id, _WAITING)

    def close(self) -> None:
        """Stop; what runs or waits is taken up again by the next server."""
        with self._lock:
            self._closed = True
            self._cancelled.set()
            self._lock.notify_all()
        self._thread.join(timeout=2 * END_WITHIN_S)

    # --- the thread ---------------------------------------------------------

    def _run(self) -> None:
        if sys.platform != "win32":
            # Processes inherit this, so a Ctrl-C cannot hit one that is starting.
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        while (clip_id := self._next()) is not None:
            try:
                with speaking(self._languages.pop(clip_id)):
                    self._try(clip_id)
            finally:
                with self._lock:
                    self._running = ""
                    self._how_far.pop(clip_id, None)

    def _try(self, clip_id: str) -> None:
        try:
            self._analyse(clip_id)
        except Exception as error:  # noqa: BLE001 - the queue must outlive a full disk
            _log.exception("an analysis could not be finished")
            self._give_up(clip_id, error)

    def _next(self) -> str | None:
        with self._lock:
            while not self._queue and not self._closed:
                self._lock.wait()
            if self._closed:
                return None
            self._running = self._queue.popleft()
            self._cancelled.clear()
            return self._running

    def _asks_whom(self, clip: Clip) -> bool:
        """Look for faces in a file from elsewhere, once, and wait where it has several."""
        known = clip.faces or clip.subject or not clip.announced_bytes
        if self._whom is None or known:
            return False
        with self._lock:
            self._how_far[clip.clip_id] = AnalysisProgress(
                fraction=0.0, words=mark("Checking who is in the picture")
            )
        seen = self._whom.faces(self._store.video(clip), self._cancelled)
        if self._cancelled.is_set():
            return False
        looked = self._store.change(clip.clip_id, faces=max(len(seen.faces), 1))
        if looked.faces > 1:
            self._store.change(clip.clip_id, state=ClipState.STORED)
        return looked.faces > 1

    def _analyse(self, clip_id: str) -> None:
        clip = self._store.change(clip_id, state=ClipState.ANALYSING)
        if self._asks_whom(clip):
            return
        job = Job(
            video=self._store.video(clip),
            folder=self._store.result(clip),
            pictures=self._pictures is None or self._pictures(clip),
            options=AnalysisOptions(
                mirrored=clip.mirrored,
                subject=clip.subject,
                faces=None if self._past is None else self._past(clip),
            ),
        )
        result = self._work(
            job, lambda step: self._note(clip_id, step), self._cancelled
        )
        if result is None:
            remove_stale_stages(job.folder)
            if not self._closed:
                self._store.change(clip_id, state=ClipState.CANCELLED)
        elif result.status is Status.DONE:
            self._finish(clip, result)
        else:
            if result.trace:
                _log.error("unforeseen error in an analysis: %s", result.trace)
            why = failure_of(result)
            self._store.change(clip_id, state=ClipState.FAILED, error=why)

    def _finish(self, clip: Clip, result: JobResult) -> None:
        # A person may have been renamed, or the task corrected, since it began.
        clip = self._store.clip(clip.clip_id)
        try:
            recording_id = self._log_result(clip, result)
        except TwitchTrackerError as error:
            _log.warning("an analysis could not be logged: %s", error)
            why = not_logged(error)
            self._store.change(clip.clip_id, state=ClipState.FAILED, error=why)
            return
        self._store.change(
            clip.clip_id, state=ClipState.DONE, recording_id=recording_id
        )

    def _give_up(self, clip_id: str, error: Exception) -> None:
        """Mark an analysis that has ended as failed, if that can be stored."""
        with contextlib.suppress(OSError, TwitchTrackerError):
            self._store.change(clip_id, state=ClipState.FAILED, error=unforeseen(error))

    def _note(self, clip_id: str, step: Progress) -> None:
        low, high = _SHARES.get(step.stage, _SHARES["report"])
        total = step.total
        if step.stage == "reading" and not total > 0:
            # Files of browsers do not say how long they are; the store may know.
            total = self._store.clip(clip_id).filmed_s or math.nan
        inside = step.done / total if total > 0 else 0.0
        fraction = low + (high - low) * min(max(inside, 0.0), 1.0)
        words = _STAGES.get(step.stage, _STAGES["report"])
        with self._lock:
            known = self._how_far.get(clip_id, _WAITING).fraction
            self._how_far[clip_id] = AnalysisProgress(
                fraction=max(fraction, known), words=words
            )


# --- a process for every job ------------------------------------------------


def run_in_own_process(
    job: Job, on_progress: OnProgress, cancelled: threading.Event
) -> JobResult | None:
    """Run a job in a process of its own, so that a fault in a decoder ends only that.

    Parameters
    ----------
    job : Job
        The work.
    on_progress : callable
                Called at every step.
    cancelled : threading.Event
        Set to stop.

    Returns
    -------
    JobResult or None
        None when it was stopped.
    """
    with contextlib.closing(messages_of(_work_alone, job, cancelled)) as all_said:
        for said in all_said:
            if isinstance(said, JobResult):
                return said
            on_progress(said)
    if cancelled.is_set():
        return None
    return JobResult(
        job=job,
        status=Status.FAILED,
        error_kind="BrokenProcess",
        error=failure_in_words(STOPPED),
        reason=STOPPED,
    )


def _work_alone(job: Job, send: Send) -> None:
    send(run_job(job, send))
