"""Run a function in a process of its own, quietly, and read what it sends.

Shared by decoding that may be killed (`border.isolated`) and work that may be asked to
stop (`app.own_process`). Note: the process is spawned, so the work must be a function
of a module and everything sent must be picklable; it has the keys and the language of
its parent; Ctrl-C is left to the parent.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from twitch_tracker.encrypted.keys import Unlocked, handed_over, take_over
from twitch_tracker.language import current_language, speaking

__all__ = ["Send", "end_at_once", "spawned"]

Send = Callable[[Any], None]
"""Passes something on to the parent."""


def end_at_once(process: BaseProcess) -> None:
    """Kill a process that still runs."""
    if process.is_alive():
        process.kill()
    process.join()


@contextlib.contextmanager
def spawned(
    work: Callable[..., None],
    *given: Any,
    end: Callable[[BaseProcess], None] = end_at_once,
) -> Iterator[Connection[None, Any]]:
    """Start a process, and end it when the block is left.

    Parameters
    ----------
    work : callable
        A function of a module: takes a `Send`, then what is given.
    *given : object
        What it takes.
    end : callable
        Ends the process when the block is left.

    Yields
    ------
    Connection
        What the work sends comes out of it; closed at the other end when it is over.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_alone,
        args=(theirs, current_language(), handed_over(), work, given),
        daemon=True,
    )
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        end(process)
        ours.close()


def _alone(
    parent: Connection[Any, None],
    language: str,
    unlocked: tuple[Unlocked, ...],
    work: Callable[..., None],
    given: tuple[Any, ...],
) -> None:
    """Work in this process; discard what it prints."""
    take_over(unlocked)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    with contextlib.suppress(BrokenPipeError), speaking(language):
        work(parent.send, *given)
