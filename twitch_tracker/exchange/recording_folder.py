"""The folder that a recording leaves behind: its name and its tables.

Knows which folder belongs to which recording and which data files go into it. A
recording never overwrites the results of *another* recording of the same name: the
second one gets ``<stem>-2``. The same recording analysed again gets the same folder
again. A name that is too long for a folder is shortened; the whole name stands in
``summary.json``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from twitch_tracker.border.files import real_path
from twitch_tracker.errors import BadTruthFile, VideoUnreadable
from twitch_tracker.exchange.signals import write_signals
from twitch_tracker.exchange.staging import OWN_FILES
from twitch_tracker.exchange.summary import read_summary, write_summary
from twitch_tracker.exchange.tables import write_blinks, write_episodes
from twitch_tracker.exchange.whole import short_name
from twitch_tracker.records import Session
from twitch_tracker.video.files import hash_file

__all__ = ["plan_folders", "write_tables"]


def write_tables(folder: Path, session: Session) -> None:
    """Write the data files of a session: everything but pictures and report.

    Parameters
    ----------
    folder : Path
        An existing folder, as a rule a stage of `staging.staged_folder`.
    session : Session
        The analysis.
    """
    write_episodes(folder / "episodes.csv", session.episodes)
    write_blinks(folder / "blinks.csv", session.blinks)
    write_signals(folder / "signals.parquet", session)
    write_summary(folder / "summary.json", session)


def plan_folders(videos: Sequence[Path], out: Path) -> list[Path]:
    """Choose one folder for each recording.

    Parameters
    ----------
    videos : sequence of Path
        Recordings, each once.
    out : Path
        The folder that holds the folders.

    Returns
    -------
    list of Path
        ``out/<stem>``, or ``out/<stem>-2`` and so on where that name is taken
        by another recording, in this call or by an earlier one. A stem too long for a
        folder is shortened, see `whole.short_name`.
    """
    chosen: list[Path] = []
    taken: set[str] = set()
    for video in videos:
        folder = _choose(video, out, taken)
        taken.add(folder.name.casefold())
        chosen.append(folder)
    return chosen


def _choose(video: Path, out: Path, taken: set[str]) -> Path:
    """Find the first name that is free or already this recording's own."""
    stem = short_name(video.stem.rstrip(" .") or "recording")
    earlier = _full_name(video, out)
    if earlier is not None:
        return earlier
    number = 1
    while True:
        folder = out / (stem if number == 1 else f"{stem}-{number}")
        if folder.name.casefold() not in taken and not _is_of_another(folder, video):
            return folder
        number += 1


def _full_name(video: Path, out: Path) -> Path | None:
    """Return the folder of a name that is shortened now, if an older version made it."""
    folder = out / video.stem
    if short_name(video.stem) == video.stem:
        return None
    with contextlib.suppress(OSError):  # the name is too long for this file system
        if folder.is_dir() and not _is_of_another(folder, video):
            return folder
    return None


def _is_of_another(folder: Path, video: Path) -> bool:
    """Return whether writing to a folder would destroy something else."""
    if not folder.exists():
        return False
    if not folder.is_dir():
        return True
    if video.name in OWN_FILES and real_path(video.parent) == real_path(folder):
        return True
    try:
        earlier = read_summary(folder / "summary.json")["video"]["sha256"]
    except (BadTruthFile, KeyError, TypeError):
        return False
    return bool(earlier) and video.is_file() and earlier != _hash(video)


def _hash(video: Path) -> str:
    """Hash a recording; one that cannot be read will fail later, in its own row."""
    try:
        return hash_file(video)
    except VideoUnreadable:
        return ""
