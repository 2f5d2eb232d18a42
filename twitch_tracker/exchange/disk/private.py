"""Files that only their own user can open.

Faces and histories are private, also from other users of the same computer. On Linux
and macOS that is said with modes (0700, 0600); on Windows a user's own folders are
private by themselves, and nothing is done here. Note: what belongs to somebody else,
and what everybody shares (``/tmp``), is never changed.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from pathlib import Path
from typing import Final

__all__ = [
    "make_private",
    "make_private_file",
    "make_tree_private",
    "write_privately",
]

_OWN: Final = stat.S_IRWXU
_FOR_ALL: Final = stat.S_ISVTX
"""The sticky bit of folders that many users share."""


def write_privately() -> None:
    """Let this process, and those it starts, write only what its user can open."""
    os.umask(0o077)


def make_private_file(path: Path) -> None:
    """Make an empty file that only its own user can open, for a library that fills it.

    Without a handle of it, as closing one would take this process's locks from a file
    that somebody opened meanwhile. What is there already stays, and so does a system's
    refusal: then whoever fills the file makes it.

    Parameters
    ----------
    path : Path
        In an existing folder.
    """
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.mknod(path, stat.S_IFREG | stat.S_IRUSR | stat.S_IWUSR)


def make_private(path: Path) -> bool:
    """Take from everybody else what they may do with a file or folder.

    Parameters
    ----------
    path : Path
        What is not there, a link, or somebody else's, is left alone.

    Returns
    -------
    bool
        Whether it had to be changed.
    """
    if sys.platform == "win32":
        return False
    with contextlib.suppress(OSError):
        status = path.lstat()
        ours = status.st_uid == os.geteuid() and not stat.S_ISLNK(status.st_mode)
        shared = status.st_mode & _FOR_ALL or path == Path(path.anchor)
        wanted = status.st_mode & _OWN
        if ours and not shared and stat.S_IMODE(status.st_mode) != wanted:
            path.chmod(wanted)
            return True
    return False


def make_tree_private(root: Path) -> int:
    """Do `make_private` with a folder and everything below it.

    Parameters
    ----------
    root : Path
        Need not exist.

    Returns
    -------
    int
        How much had to be changed.
    """
    changed = int(make_private(root))
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            changed += make_private(Path(folder, name))
    return changed
