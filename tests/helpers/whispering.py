"""Work for a process of its own, which can import this file and not a test."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable


def whisper(task: int, send: Callable[[int], None]) -> None:
    """Say twice the task, print what nobody must hear, and die."""
    send(task * 2)
    print("nobody hears this")
    os.kill(os.getpid(), signal.SIGKILL)


def tell_how_polite(_task: None, send: Callable[[int], None]) -> None:
    """Say by how much this process stands back for others."""
    send(os.nice(0))
