"""Decoding in a process of its own, which may be ended: for formats of other people's code.

A limit on size does not bound what a decoder of films or Parquet makes of a file. So the
first look at one from elsewhere is taken where a crash, a lack of memory or an endless
loop ends only that look. Conventions that bite: the process is spawned, so that what is
called must be a function of a module and all that goes in and out must be picklable;
memory is limited on Linux, time everywhere.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.process
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final, TypeVar

from twitch_tracker.encrypted.keys import Unlocked, handed_over, take_over
from twitch_tracker.errors import BadFile, RecordingError, TwitchTrackerError
from twitch_tracker.language import current_language, say, speaking

__all__ = ["MOST_BYTES", "MOST_S", "apart"]

_Value = TypeVar("_Value")

MOST_S: Final = 60.0
"""How long a look may take; one at an hour of film or signals takes a second."""

MOST_BYTES: Final = 2 * 2**30
"""How much memory it may take, with the decoder itself."""


def apart(
    look: Callable[..., _Value],
    *given: Any,
    name: str,
    error: type[BadFile | RecordingError],
    most_s: float = MOST_S,
    most_bytes: int = MOST_BYTES,
) -> _Value:
    """Call a function in a process of its own.

    Parameters
    ----------
    look : callable
        A function of a module.
    *given : object
        What it takes.
    name : str
        Of the file, for messages.
    error : type of error
        What is raised when the process ends without an answer, and for errors of ours
        that are neither of a file nor of a recording.
    most_s : float
        After how many seconds it is ended.
    most_bytes : int
        How much memory it may take, on Linux.

    Returns
    -------
    object
        What it returned.

    Raises
    ------
    BadFile, RecordingError
        What it raised; or it took too long, too much memory, or crashed.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_alone,
        args=(theirs, current_language(), most_bytes, handed_over(), look, given),
        daemon=True,
    )
    process.start()
    theirs.close()
    try:
        if not ours.poll(most_s):
            raise error(
                say(
                    "{name}: reading was stopped after {most_s:.0f} s. The file is "
                    "damaged, or not what it seems to be.",
                    name=name,
                    most_s=most_s,
                )
            )
        kind, answer = ours.recv()
    except (EOFError, OSError) as cause:
        raise _ended(name, error) from cause
    finally:
        _end(process)
        ours.close()
    if kind is None:
        return answer  # type: ignore[no-any-return]
    if issubclass(kind, MemoryError):
        raise _ended(name, error)
    raise (kind if issubclass(kind, BadFile | RecordingError) else error)(answer)


def _ended(
    name: str, error: type[BadFile | RecordingError]
) -> BadFile | RecordingError:
    return error(
        say(
            "{name}: reading needed too much memory, or crashed. The file is damaged, "
            "or not what it seems to be.",
            name=name,
        )
    )


def _end(process: multiprocessing.process.BaseProcess) -> None:
    if process.is_alive():
        process.kill()
    process.join()


def _alone(
    parent: Connection[Any, None],
    language: str,
    most_bytes: int,
    unlocked: tuple[Unlocked, ...],
    look: Callable[..., Any],
    given: tuple[Any, ...],
) -> None:
    """Look in this process, quietly, and send the parent what was found."""
    take_over(unlocked)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))
    with contextlib.suppress(BrokenPipeError), speaking(language):
        try:
            answer: tuple[type[BaseException] | None, Any] = (None, look(*given))
        except TwitchTrackerError as said:
            answer = (type(said), str(said))
        except MemoryError:
            answer = (MemoryError, "")
        parent.send(answer)
