"""Results that appear all at once or not at all.

Knows how to collect files in a hidden folder beside their final one and to put them in
place when they are complete. Knows nothing of what is in them. Files whose name starts
with a dot are scratch and never get a final name. While a stage is in use its owner
holds a lock on a file in it, and a lock ends with its process; so a stage without a
lock was left by a killed run, and is removed.

>>> with staged_folder(Path("out/clip")) as stage:  # doctest: +SKIP
...     (stage / "summary.json").write_text("{}")
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from twitch_tracker.errors import OutputNotWritable
from twitch_tracker.exchange.disk.durable import make_folder, sync_folder
from twitch_tracker.exchange.disk.scratch import LOCK, remove_stale
from twitch_tracker.exchange.locking import try_lock
from twitch_tracker.exchange.whole import short_name
from twitch_tracker.language import say

__all__ = [
    "OWN_FILES",
    "no_empty_folders",
    "remove_stale_stages",
    "staged_folder",
]

OWN_FILES: Final = (
    "episodes.csv",
    "blinks.csv",
    "signals.parquet",
    "report.html",
    "overlay.mp4",
    "summary.json",
)
"""Everything a recording can leave behind, in the order of being put in place."""

_MARK: Final = ".partial-"

_STORAGE_ERRORS: Final = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.EFBIG,
        errno.EIO,
        errno.ENAMETOOLONG,
        errno.ENOTDIR,
        errno.EEXIST,
    }
)


# --- what killed runs left --------------------------------------------------


def _prefix(target: Path) -> str:
    return f".{short_name(target.name)}{_MARK}"


def remove_stale_stages(target: Path) -> int:
    """Remove what killed runs left beside a folder.

    Parameters
    ----------
    target : Path
        The final folder, which need not exist.

    Returns
    -------
    int
        How many stages were removed.
    """
    return remove_stale(target.parent, _prefix(target))


# --- putting in place -------------------------------------------------------


def _flush(path: Path) -> None:
    """Make sure that a file is on the disk before it gets its final name."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _check_free(path: Path) -> None:
    """Refuse to begin replacing files when one of them cannot be replaced."""
    if path.exists():
        with path.open("r+b"):
            pass


def _in_order(names: Collection[str], own_files: Collection[str]) -> list[str]:
    """Sort names in the order of being put in place."""
    known = [name for name in own_files if name in names]
    return sorted(set(names) - set(known)) + known


def _put_in_place(stage: Path, target: Path, own_files: Collection[str]) -> None:
    """Give every finished file its final name; drop older results.

    A Ctrl-C in the middle is kept until every file is in place.
    """
    staged = {f.name for f in stage.iterdir() if not f.name.startswith(".")}
    outdated = [name for name in own_files if name not in staged]
    make_folder(target)
    for name in staged:
        _flush(stage / name)
        shutil.copymode(stage / LOCK, stage / name)
    for name in (*staged, *outdated):
        _check_free(target / name)
    interrupted = False
    waiting = _in_order(staged, own_files)
    while waiting or outdated:
        try:
            if waiting:
                _replace(stage / waiting[0], target / waiting[0])
                waiting.pop(0)
            else:
                (target / outdated[0]).unlink(missing_ok=True)
                outdated.pop(0)
        except KeyboardInterrupt:
            interrupted = True
    sync_folder(target)
    if interrupted:
        raise KeyboardInterrupt


def _replace(source: Path, destination: Path) -> None:
    """Rename, harmless when it was already done."""
    if source.exists():
        source.replace(destination)


def _not_writable(target: Path, error: OSError) -> OutputNotWritable:
    """Say in words why a folder cannot be written."""
    reason = error.strerror or str(error)
    advice = say("Choose another folder with --out.")
    if error.errno == errno.ENAMETOOLONG:
        advice = say("Choose a folder with a shorter name or path with --out.")
    elif error.errno in {errno.ENOSPC, errno.EDQUOT}:
        advice = say("Free some space, or choose another disk with --out.")
    elif isinstance(error, PermissionError) and target.exists():
        advice = say(
            "Is one of its files open in another program? Otherwise choose another "
            "folder with --out."
        )
    return OutputNotWritable(
        say(
            "{target}: cannot be written ({reason}). {advice}",
            target=target,
            reason=reason,
            advice=advice,
        )
    )


@contextlib.contextmanager
def no_empty_folders(folder: Path) -> Iterator[None]:
    """Take away, at the end, folders that were made for nothing.

    Parameters
    ----------
    folder : Path
        A folder in which something may be written. If it, or a folder it lies
        in, is new and still empty at the end of the block, it is removed.
    """
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        yield
    finally:
        for place in missing:
            with contextlib.suppress(OSError):
                place.rmdir()


@contextlib.contextmanager
def staged_folder(
    target: Path, own_files: Collection[str] = OWN_FILES
) -> Iterator[Path]:
    """Collect files for a folder, and put them there when all went well.

    Parameters
    ----------
    target : Path
        The final folder. What is in it stays until the new files are
        complete; then this program's older files (`own_files`) are replaced or
        removed, and anything else in it is left alone.
    own_files : collection of str
        Every file that this kind of result can have, in the order of being put
        in place.

    Yields
    ------
    Path
        A hidden folder on the same disk to write into.

    Raises
    ------
    OutputNotWritable
        The folder cannot be made, written, or its files cannot be replaced.
        Whatever is raised, also by Ctrl-C, the hidden folder is removed.
    """
    remove_stale_stages(target)
    stage = target.parent / f"{_prefix(target)}{secrets.token_hex(4)}"
    try:
        make_folder(target.parent)
        stage.mkdir()
        with (stage / LOCK).open("wb") as lock:
            try_lock(lock)
            yield stage
            _put_in_place(stage, target, own_files)
    except OSError as error:
        if error.errno in _STORAGE_ERRORS:
            raise _not_writable(target, error) from error
        raise
    finally:
        shutil.rmtree(stage, ignore_errors=True)
