"""Show progress: a bar, lines, or nothing.

Knows how to show `Progress` on a terminal; everything goes to stderr, so that
stdout holds results only. On a terminal there is one bar with the remaining
time; elsewhere one line per recording; with ``--quiet`` nothing.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

from twitch_tracker.language import plain, say

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from twitch_tracker.batch import JobResult
    from twitch_tracker.records import Progress

__all__ = ["Watcher", "make_watcher"]


class Watcher:
    """Shows nothing; those below show how the work goes on."""

    def begin(self, name: str) -> None:
        """Begin with one recording."""

    def on_progress(self, progress: Progress) -> None:
        """Show one step."""

    def finish(self, row: JobResult) -> None:
        """Show what became of one recording."""

    def close(self) -> None:
        """Restore the terminal."""


class LineWatcher(Watcher):
    """Shows one line per recording.

    Parameters
    ----------
    total : int
        Number of recordings.
    """

    def __init__(self, total: int) -> None:
        """Start counting."""
        self._total = total
        self._finished = 0

    def finish(self, row: JobResult) -> None:
        """Write the line."""
        self._finished += 1
        print(
            f"[{self._finished}/{self._total}] {plain(row.job.video.name)}: "
            f"{_in_words(row)} ({row.elapsed_s:.1f} s)",
            file=sys.stderr,
            flush=True,
        )


class BarWatcher(Watcher):
    """Shows a bar with the remaining time.

    Parameters
    ----------
    total : int
        Number of recordings.
    """

    def __init__(self, total: int) -> None:
        """Draw nothing yet."""
        self._total = total
        self._begun = 0
        self._name = ""
        self._stage = ""
        self._bar = _make_bar()
        self._task: TaskID | None = None
        self._bar.start()

    def begin(self, name: str) -> None:
        """Label the bar with the recording."""
        self._begun += 1
        counter = f"[{self._begun}/{self._total}] " if self._total > 1 else ""
        self._name = counter + plain(name)
        self._stage = ""

    def on_progress(self, progress: Progress) -> None:
        """Move the bar; a new stage starts a new one in its place."""
        total = progress.total if math.isfinite(progress.total) else None
        if self._task is None or progress.stage != self._stage:
            self._clear()
            self._stage = progress.stage
            label = f"{self._name}: {self._stage}" if self._name else self._stage
            self._task = self._bar.add_task(label, total=total)
        self._bar.update(self._task, completed=progress.done, total=total)

    def finish(self, row: JobResult) -> None:
        """Take the bar of that recording away."""
        del row
        if self._name:
            self._clear()

    def close(self) -> None:
        """Restore the terminal."""
        self._clear()
        self._bar.stop()

    def _clear(self) -> None:
        """Remove the bar that is shown, if any."""
        if self._task is not None:
            self._bar.remove_task(self._task)
            self._task = None


def _make_bar() -> Bar:
    """Make rich's bar on stderr."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as RichProgress

    return RichProgress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _in_words(row: JobResult) -> str:
    """Say what became of a recording in half a line."""
    if row.status != "done" or row.summary is None:
        return say("not analysed")
    sides = row.summary["sides"]
    return say(
        "bursts: {left} on the left, {right} on the right",
        left=sides["left"]["episodes"],
        right=sides["right"]["episodes"],
    )


def make_watcher(total: int, *, quiet: bool) -> Watcher:
    """Choose how to show the work.

    Parameters
    ----------
    total : int
        Number of recordings.
    quiet : bool
        Whether to show nothing.

    Returns
    -------
    Watcher
        To be closed at the end.
    """
    if quiet:
        return Watcher()
    if sys.stderr is not None and sys.stderr.isatty():
        return BarWatcher(total)
    return LineWatcher(total)
