"""Keep a native library from writing on the user's terminal.

MediaPipe's C++ side writes warnings straight to file descriptor 2 before its own log
settings apply, so Python's `sys.stderr` and `logging` never see them. Note: the
descriptor belongs to the whole process, so it is silenced only for the moment a model
is loaded and warmed up.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

__all__ = ["quiet_native_stderr"]


@contextmanager
def quiet_native_stderr() -> Iterator[None]:
    """Send file descriptor 2 nowhere inside the ``with`` block.

    Does nothing where the process has no such descriptor (a windowed program
    on Windows, some services).
    """
    try:
        kept = os.dup(2)
    except OSError:
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        with suppress(OSError):
            os.dup2(kept, 2)
        os.close(kept)
