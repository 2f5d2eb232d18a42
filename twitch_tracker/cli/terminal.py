"""Make output safe: every console can show it, and no control characters pass.

Tables and lists name people, devices and files as they are called elsewhere, so all of
stdout goes through `language.plain`; stderr gets texts of `language.say`, which does
the same.
"""

from __future__ import annotations

import sys
from typing import IO, Any

from twitch_tracker.language import plain

__all__ = ["PlainStream", "make_output_safe"]


class PlainStream:
    """A stream of text from which nothing steers the terminal.

    Parameters
    ----------
    stream : file object
        Where the text goes; all else is its.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text without control characters."""
        return self._stream.write(plain(text))

    def __getattr__(self, name: str) -> Any:
        """Take everything else from the stream itself."""
        return getattr(self._stream, name)


def make_output_safe() -> None:
    """Make output safe for consoles that lack characters or obey control characters."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    if sys.stdout is not None:
        sys.stdout = PlainStream(sys.stdout)
