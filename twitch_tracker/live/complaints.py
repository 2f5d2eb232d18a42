"""Messages of a recording when the disk refuses while it runs."""

from __future__ import annotations

from pathlib import Path

from twitch_tracker.errors import OutputNotWritable
from twitch_tracker.language import say

__all__ = ["not_writable"]


def not_writable(path: Path, error: OSError) -> OutputNotWritable:
    """Return the error of a file that takes no more."""
    return OutputNotWritable(
        say(
            "{path}: cannot be written ({why}). Free some space, or choose "
            "another folder with --out.",
            path=path,
            why=error.strerror or error,
        )
    )
