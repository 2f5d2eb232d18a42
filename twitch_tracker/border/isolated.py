"""Decode in a process of its own, which may be killed: for decoders of other projects.

A limit on size does not bound what a decoder of films or Parquet makes of a file. So a
file from elsewhere is first opened where a crash, a lack of memory or an endless loop
ends only that process (`spawned`). Note: memory is limited on Linux, time everywhere;
it is processor time where the system can limit that, because on a busy computer a good
film may take a minute.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from twitch_tracker.border.spawned import Send, spawned
from twitch_tracker.errors import BadFile, RecordingError, TwitchTrackerError
from twitch_tracker.language import say

__all__ = ["MOST_BYTES", "MOST_S", "PATIENCE", "isolated"]

_Value = TypeVar("_Value")

MOST_S: Final = 60.0
"""How much of the processor a look may take; at an hour of film or signals, a second."""

PATIENCE: Final = 10
"""After how many times as long it is ended whatever it does, also when it only waits."""

MOST_BYTES: Final = 2 * 2**30
"""How much memory it may take, with the decoder itself."""


def isolated(
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
        After how many seconds of the processor it is ended, and after `PATIENCE` times
        as many seconds in any case.
    most_bytes : int
        How much memory it may take, on Linux.

    Raises
    ------
    BadFile, RecordingError
        What it raised; or it took too long, too much memory, or crashed.
    """
    try:
        with spawned(_look, look, given, most_s, most_bytes) as found:
            if not found.poll(PATIENCE * most_s):
                raise error(
                    say(
                        "{name}: reading was stopped after {most_s:.0f} s. The file "
                        "is damaged, or not what it seems to be.",
                        name=name,
                        most_s=PATIENCE * most_s,
                    )
                )
            kind, answer = found.recv()
    except (EOFError, OSError) as cause:
        raise _ended(name, error) from cause
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
            "{name}: reading needed too much memory or time, or crashed. The file is damaged, "
            "or not what it seems to be.",
            name=name,
        )
    )


def _look(
    send: Send,
    look: Callable[..., Any],
    given: tuple[Any, ...],
    most_s: float,
    most_bytes: int,
) -> None:
    """Look in this process, and send the parent what was found."""
    if sys.platform != "win32":
        import resource

        until_s = math.ceil(time.process_time() + most_s)
        resource.setrlimit(resource.RLIMIT_CPU, (until_s, until_s))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))
    try:
        answer: tuple[type[BaseException] | None, Any] = (None, look(*given))
    except TwitchTrackerError as said:
        answer = (type(said), str(said))
    except MemoryError:
        answer = (MemoryError, "")
    send(answer)
