"""Decide windows in a thread of their own, beside the frames.

Deciding a window of 40 s costs a third of a second and more, so it is done in a thread
of its own while frames go on. The thread rests longer than it works, so that it never
takes more than a third of one core; on a slow computer counts come later, never wrong.
Note: Python's threads take turns, and a frame gives its turn away at every call of
OpenCV; who looks at a camera does so within `short_turns`.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from twitch_tracker.live.deciding import Decision
from twitch_tracker.threads import SharedSetting

__all__ = ["Decider", "short_turns"]

_log = logging.getLogger(__name__)

EVERY_S: Final = 2.0
"""A window is decided at most this often, in seconds of recording."""

TURN_S: Final = 0.0005
"""How long a thread may make the others wait. With Python's usual 5 ms a picture that
is looked at while a window is decided can wait that long two dozen times."""

INLINE_EVERY_S: Final = 5.0
"""... when it is done at once, between two frames."""

REST: Final = 2.0
"""The thread rests this many times as long as it worked."""

Work = Callable[[], Decision]


class Decider:
    """Does one decision at a time.

    Parameters
    ----------
    background : bool
        In a thread of its own; else at once, which makes results repeatable.
    """

    def __init__(self, *, background: bool) -> None:
        """Start no thread yet."""
        self._pool = ThreadPoolExecutor(1, "deciding") if background else None
        self._future: Future[tuple[Decision, float]] | None = None
        self._done: Decision | None = None
        self._asked_s = 0.0
        self._rest_until = 0.0
        self.failures = 0

    def is_free(self, time_s: float) -> bool:
        """Return whether a window that ends at `time_s` should be offered now."""
        if self._pool is None:
            return time_s - self._asked_s >= INLINE_EVERY_S
        rested = time.monotonic() >= self._rest_until
        return self._future is None and rested and time_s - self._asked_s >= EVERY_S

    def offer(self, time_s: float, work: Work) -> None:
        """Decide a window.

        Parameters
        ----------
        time_s : float
            Its end.
        work : callable
            Decides it; must not touch anything that frames change.
        """
        self._asked_s = time_s
        if self._pool is None:
            self._done = self._guarded(work)
        else:
            self._future = self._pool.submit(_timed, work)

    def collect(self) -> Decision | None:
        """Return a decision that is ready, once."""
        if self._future is not None and self._future.done():
            future, self._future = self._future, None
            self._done = self._guarded(lambda: self._take(future))
        done, self._done = self._done, None
        return done

    def _take(self, future: Future[tuple[Decision, float]]) -> Decision:
        decision, took_s = future.result()
        self._rest_until = time.monotonic() + REST * took_s
        return decision

    def _guarded(self, work: Work) -> Decision | None:
        """Skip a decision that fails, so that the recording is not lost."""
        try:
            return work()
        except Exception:  # noqa: BLE001 - counts are worth less than the recording
            self.failures += 1
            _log.exception("a window could not be decided")
            return None

    def close(self) -> None:
        """Wait for the thread to end; harmless when called twice."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def short_turns() -> Iterator[None]:
    """Shorten the switch interval of threads inside the block.

    Only while a camera films: every thread that waits wakes up once a turn, so that
    short ones cost a server with many readers as much again as its pages.
    """
    with _filming.held():
        yield


def _shorten() -> contextlib.ExitStack:
    """Take short turns; closing what is returned puts back those that were found."""
    before_s = sys.getswitchinterval()
    with contextlib.ExitStack() as undo:
        undo.callback(sys.setswitchinterval, before_s)
        sys.setswitchinterval(min(before_s, TURN_S))
        return undo.pop_all()


_filming = SharedSetting(_shorten)


def _timed(work: Work) -> tuple[Decision, float]:
    began = time.monotonic()
    return work(), time.monotonic() - began
