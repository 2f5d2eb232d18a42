"""Work in a process of its own that reports its progress.

A fault in a decoder, or a lack of memory, ends only that process. Note: processes are
spawned (`border.spawned`); Ctrl-C is left to the server, which asks the process to end;
what the work prints is discarded; pages, and a camera that films, have priority.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Final

from twitch_tracker.border.spawned import Send, end_at_once, spawned

__all__ = ["END_WITHIN_S", "messages_of"]

_LOOK_EVERY_S: Final = 0.2
_NICENESS: Final = 10
"""By how much it stands back for others that want the processor (nice(2))."""

END_WITHIN_S: Final = 10.0
"""How long a process that is asked to end may clean up before it is killed."""


def messages_of(
    work: Callable[[Any, Send], None], task: Any, stop: threading.Event
) -> Generator[Any, None, None]:
    """Do work in a process of its own, and yield what it sends.

    Parameters
    ----------
    work : callable
        A function of a module: takes the task, and sends messages by `Send`.
    task : object
        What to work on; must be picklable, like every message.
    stop : threading.Event
        Set to stop.

    Yields
    ------
    object
        What the work sends, in the language spoken here, until it is done, dead or
        stopped. Close the generator to end the process at once.
    """
    with spawned(_at_low_priority, work, task, end=_end) as said:
        yield from _received(said, stop)


def _received(ours: Connection[None, Any], stop: threading.Event) -> Iterator[Any]:
    """Yield what comes through a pipe until it is closed, or `stop` is set."""
    while not stop.is_set():
        try:
            if not ours.poll(_LOOK_EVERY_S):  # raises on Windows at the end
                continue
            said = ours.recv()
        except (EOFError, OSError):
            return
        yield said


def _end(process: BaseProcess) -> None:
    """Let a process clean up, and end it when it does not."""
    if process.is_alive():
        process.terminate()
        process.join(END_WITHIN_S)
    end_at_once(process)


def _at_low_priority(send: Send, work: Callable[[Any, Send], None], task: Any) -> None:
    """Work in this process until it is done or asked to end."""
    signal.signal(signal.SIGTERM, _interrupt)
    with contextlib.suppress(OSError, AttributeError):  # Windows has no `nice`
        os.nice(_NICENESS)
    with contextlib.suppress(KeyboardInterrupt):
        work(task, send)


def _interrupt(_signal: int, _frame: object) -> None:
    """Stop the work so that it cleans up."""
    raise KeyboardInterrupt
