"""Open the link in the user's browser without anybody else reading it.

The arguments of a program can be read by every user of the computer, so the browser is
given a file that only this user can open, and the file leads on to the link. Note:
sandboxed browsers (Snap) open no hidden folders, so for them the file lies in the
user's home; and a browser that stays in the foreground is waited for by a thread of its
own, never by the server. The file gets a new key as soon as its key is used, so that
the user finds the running app again.
"""

from __future__ import annotations

import contextlib
import html
import os
import secrets
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

__all__ = [
    "file_of_running_app",
    "lead_to",
    "open_in_browser",
    "page_that_leads_to",
    "redirect_file",
]

_FILE: Final = "twitch-tracker-open-"


@contextlib.contextmanager
def redirect_file(folder: Path, link: str) -> Iterator[Path | None]:
    """Keep a private file that leads to the link, as long as the server runs.

    Parameters
    ----------
    folder : Path
        The app's own folder.
    link : str
        Where it leads.

    Yields
    ------
    Path or None
        The file; None when it cannot be written.
    """
    place = _place_for_browsers(folder)
    for left in place.glob(f"{_FILE}*.html"):  # left by a server that was killed
        left.unlink(missing_ok=True)
    path: Path | None = place / f"{_FILE}{secrets.token_hex(8)}.html"
    try:
        assert path is not None  # noqa: S101 - for the type
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(page_that_leads_to(link))
    except OSError:
        path = None
    try:
        yield path
    finally:
        if path is not None:
            path.unlink(missing_ok=True)


def lead_to(path: Path, link: str) -> None:
    """Point the file to another link; for a moment it may be missing.

    Parameters
    ----------
    path : Path
        From `redirect_file`; one that is gone stays gone.
    link : str
        Where it leads from now on.

    Raises
    ------
    OSError
        It cannot be written; then it leads where it led before.
    """
    handle = os.open(path, os.O_RDWR)
    with os.fdopen(handle, "r+", encoding="utf-8") as file:
        file.write(page_that_leads_to(link))
        file.truncate()


def file_of_running_app(folder: Path) -> Path | None:
    """Find the file that leads to the app that runs on a folder.

    Parameters
    ----------
    folder : Path
        The app's own folder, which a running app holds locked.

    Returns
    -------
    Path or None
        None while it starts, or where it could write no file.
    """
    found = _place_for_browsers(folder).glob(f"{_FILE}*.html")
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def page_that_leads_to(link: str) -> str:
    """Write a page that goes on to a link at once.

    Returns
    -------
    str
        A whole page; without a script, so that any policy allows it.
    """
    there = html.escape(link, quote=True)
    return (
        '<!doctype html><html><head><meta charset="utf-8">'
        '<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,">'
        f'<meta http-equiv="refresh" content="0; url={there}">'
        f'<title>twitch_tracker</title></head><body><p><a href="{there}">'
        "twitch_tracker</a></p></body></html>\n"
    )


def open_in_browser(
    path: Path, show: Callable[[str], object] = webbrowser.open
) -> threading.Thread:
    """Open a file in the user's browser, and wait for nothing.

    Parameters
    ----------
    path : Path
        From `redirect_file`.
    show : callable
        Given the file's address; may take as long as the browser runs.

    Returns
    -------
    threading.Thread
        Started; it ends with the process.
    """
    thread = threading.Thread(
        target=show, args=(path.as_uri(),), name="browser", daemon=True
    )
    thread.start()
    return thread


def _place_for_browsers(folder: Path) -> Path:
    hidden = any(part.startswith(".") for part in folder.parts)
    boxed = sys.platform == "linux" and Path("/snap/bin").is_dir()
    return Path.home() if hidden and boxed else folder
