"""Work in a process of its own that says how far it is.

A fault in a decoder, or a lack of memory, ends only that process. The conventions that
bite: processes are spawned; Ctrl-C is the server's business, which
passes a request to end on; what the work prints goes nowhere.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.process
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator
from multiprocessing.connection import Connection
from typing import Any, Final

from twitch_tracker.encrypted.keys import Unlocked, handed_over, take_over
from twitch_tracker.language import current_language, speaking

__all__ = ["POLITE_S", "Send", "said_by"]

Send = Callable[[Any], None]
"""Passes something on to the server."""

_LOOK_EVERY_S: Final = 0.2
POLITE_S: Final = 10.0
"""How long a process that is to end may clean up before it is ended."""


def said_by(
    work: Callable[[Any, Send], None], task: Any, stop: threading.Event
) -> Generator[Any, None, None]:
    """Do work in a process of its own, and give what it says.

    Parameters
    ----------
    work : callable
        A function of a module: takes the task, and says things by `Send`.
    task : object
        What to work on; must be picklable, as all that is said.
    stop : threading.Event
        Set to stop.

    Yields
    ------
    object
        What the work says, in the language spoken here, until it is done, dead or not
        wanted any more. Close the generator to end the process at once.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_alone,
        args=(work, task, theirs, current_language(), handed_over()),
        daemon=True,
    )
    process.start()
    theirs.close()
    try:
        yield from _heard(ours, stop)
    finally:
        _end(process)
        ours.close()


def _heard(ours: Connection[None, Any], stop: threading.Event) -> Iterator[Any]:
    """Give what comes through a pipe until it is closed, or nobody wants it."""
    while not stop.is_set():
        try:
            if not ours.poll(_LOOK_EVERY_S):  # raises on Windows at the end
                continue
            said = ours.recv()
        except (EOFError, OSError):
            return
        yield said


def _end(process: multiprocessing.process.BaseProcess) -> None:
    """Let a process clean up, and end it when it does not."""
    if process.is_alive():
        process.terminate()
        process.join(POLITE_S)
    if process.is_alive():
        process.kill()
    process.join()


def _alone(
    work: Callable[[Any, Send], None],
    task: Any,
    parent: Connection[Any, None],
    language: str,
    unlocked: tuple[Unlocked, ...] = (),
) -> None:
    """Work in this process, quietly, and answer the parent in its language."""
    take_over(unlocked)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _interrupt)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError), speaking(language):
        work(task, parent.send)


def _interrupt(_signal: int, _frame: object) -> None:
    """Stop the work so that it cleans up."""
    raise KeyboardInterrupt
