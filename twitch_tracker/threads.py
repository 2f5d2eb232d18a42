"""Limit numeric libraries to one thread.

Analysing a frame is thousands of operations on tiny matrices. BLAS and OpenCV
would share each among all cores, and most of the processor time then goes into
threads that wait for each other. Recordings are analysed side by side in processes
instead (`processes`).

Note: how many threads a library uses belongs to the whole process, not to the caller.
So the limit holds only while an analysis runs, and is lifted when the last one ends.
Libraries that are loaded later are not limited: load them (open the tracker) first, or,
where a whole command needs one thread, call `start_single_threaded` before any is loaded.

>>> with single_threaded():  # doctest: +SKIP
...     for frame in source:
...         follower.observe(frame)
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

__all__ = ["SharedSetting", "single_threaded", "start_single_threaded"]

_BLAS_THREADS: Final = "OPENBLAS_NUM_THREADS"
"""Read by OpenBLAS, which NumPy and SciPy bring along, when it is loaded."""


def start_single_threaded() -> None:
    """Let BLAS use one thread in this process from now on, unless the user set a number.

    For commands that fit courses: a sum that is shared among cores is added up in another
    order, so that the last digits of ``--json`` would depend on the number of cores. Only
    libraries that are loaded later, and processes started later, follow it.
    """
    os.environ.setdefault(_BLAS_THREADS, "1")


class SharedSetting:
    """Who holds a setting of the whole process; the first sets it, the last restores it.

    Parameters
    ----------
    hold : callable
        Sets it; closing what it returns puts back what was found.
    """

    def __init__(self, hold: Callable[[], ExitStack]) -> None:
        """Begin without a limit."""
        self._hold = hold
        self._lock = threading.RLock()  # a forgotten block may end during another's
        self._count = 0
        self._undo = ExitStack()

    def enter(self) -> None:
        """Set the limit, unless it is set already."""
        with self._lock:
            if self._count == 0:
                self._undo = self._hold()
            self._count += 1

    def leave(self) -> None:
        """Restore the numbers of threads, unless another block still needs the limit."""
        with self._lock:
            self._count -= 1
            if self._count == 0:
                self._undo.close()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Set the limit inside the ``with`` block."""
        self.enter()
        try:
            yield
        finally:
            self.leave()


@contextmanager
def single_threaded() -> Iterator[None]:
    """Let BLAS, OpenMP and OpenCV use one thread inside the ``with`` block.

    May be nested, and used by several threads at once: the numbers that were set
    before come back when the last block ends.
    """
    with _holders.held():
        yield


def _hold() -> ExitStack:
    """Set one thread everywhere; closing what is returned puts the rest back."""
    import cv2
    from threadpoolctl import ThreadpoolController

    libraries = ThreadpoolController()
    with ExitStack() as undo:
        undo.enter_context(libraries.limit(limits=1))
        for library in libraries.lib_controllers:
            # Since 3.8 only the thread that set a limit could take it back.
            if hasattr(library, "clear_controlling_thread"):
                library.clear_controlling_thread()
        undo.callback(cv2.setNumThreads, cv2.getNumThreads())
        cv2.setNumThreads(1)
        return undo.pop_all()


_holders = SharedSetting(_hold)
