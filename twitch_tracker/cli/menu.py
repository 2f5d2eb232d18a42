"""``twitch-tracker menu``: add the app to the computer's menu, or remove it.

For people without a terminal: the entry starts the app, or opens its window again
(``twitch-tracker app``). One small file in the user's own folders, nothing else.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from twitch_tracker.cli.options import flag
from twitch_tracker.errors import OutputNotWritable, TwitchTrackerError
from twitch_tracker.language import say

__all__ = ["EPILOG", "HELP", "MenuEntry", "menu", "menu_entry"]

HELP = """Put the app into this computer's menu, or take it out again.

Linux: the applications menu. Windows: the start menu. macOS: the Applications
folder of your home. The entry opens a small window that shows what the app
says; closing it stops the app.
"""

EPILOG = "Example: twitch-tracker menu"

_NAME: Final = "Twitch tracker"
_COMMAND: Final = "twitch-tracker"

Remove = Annotated[bool, flag("--remove", help="Take the entry out again.")]


@dataclass(frozen=True, kw_only=True)
class MenuEntry:
    """One file that a desktop shows as an entry.

    Attributes
    ----------
    path : Path
        Where it is.
    text : str
        What it holds.
    runs : bool
        Whether it is started itself, and must be executable.
    """

    path: Path
    text: str
    runs: bool


def menu(remove: Remove = False) -> None:
    """Write or remove the entry; the help is `HELP`."""
    entry = menu_entry(sys.platform, _home_folders(), _program())
    if remove:
        if not entry.path.is_file():
            print(say("There is no menu entry ({path}).", path=entry.path))
            return
        entry.path.unlink()
        print(say("The menu entry was removed ({path}).", path=entry.path))
        return
    _write(entry)
    print(say("{name} is in the menu ({path}).", name=_NAME, path=entry.path))


def menu_entry(system: str, folders: dict[str, Path], program: Path) -> MenuEntry:
    """Say what the entry is, and where.

    Parameters
    ----------
    system : str
        As `sys.platform` names it.
    folders : dict
        ``home``, ``data`` (Linux: XDG_DATA_HOME) and ``roaming`` (Windows: APPDATA).
    program : Path
        The command ``twitch-tracker``.

    Returns
    -------
    MenuEntry
        Of the form that the system takes; a path with blanks, quotes or per cent signs
        is quoted as the system asks for.
    """
    if system == "win32":
        place = folders["roaming"] / "Microsoft/Windows/Start Menu/Programs"
        quoted = str(program).replace("%", "%%")
        text = f'@echo off\r\nchcp 65001 >nul\r\n"{quoted}" app\r\npause\r\n'
        return MenuEntry(path=place / f"{_NAME}.cmd", text=text, runs=False)
    if system == "darwin":
        place = folders["home"] / "Applications"
        text = f"#!/bin/sh\nexec {shlex.quote(str(program))} app\n"
        return MenuEntry(path=place / f"{_NAME}.command", text=text, runs=True)
    text = "\n".join(
        (
            "[Desktop Entry]",
            "Type=Application",
            f"Name={_NAME}",
            "Comment=Measure facial twitching on video",
            f"Exec={_desktop_quoted(str(program))} app",
            "Terminal=true",
            "Categories=MedicalSoftware;Science;",
            "",
        )
    )
    place = folders["data"] / "applications"
    return MenuEntry(path=place / f"{_COMMAND}.desktop", text=text, runs=False)


def _desktop_quoted(path: str) -> str:
    """Quote a path for ``Exec`` (Desktop Entry Specification 1.5).

    First the rules of a quoted argument, then those of a string, then field codes.
    """
    for sign in '\\"`$':
        path = path.replace(sign, "\\" + sign)
    return '"' + path.replace("\\", "\\\\").replace("%", "%%") + '"'


def _home_folders() -> dict[str, Path]:
    home = Path.home()
    return {
        "home": home,
        "data": Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share"),
        "roaming": Path(os.environ.get("APPDATA") or home / "AppData/Roaming"),
    }


def _program() -> Path:
    """Find the command itself: the one beside this Python, else on the path."""
    name = f"{_COMMAND}.exe" if sys.platform == "win32" else _COMMAND
    beside = Path(sys.executable).with_name(name)
    if beside.is_file():
        return beside.absolute()
    found = shutil.which(_COMMAND)
    if found is None:
        raise TwitchTrackerError(
            say(
                "expected the command {name} beside {python} or on the path, found "
                "neither. Install twitch-tracker again.",
                name=_COMMAND,
                python=sys.executable,
            )
        )
    return Path(found).absolute()


def _write(entry: MenuEntry) -> None:
    """Write the entry, readable like any other of the desktop's."""
    try:
        entry.path.parent.mkdir(parents=True, exist_ok=True)
        entry.path.write_text(entry.text, encoding="utf-8", newline="")
        entry.path.chmod(0o755 if entry.runs else 0o644)
    except OSError as error:
        raise OutputNotWritable(
            say(
                "{path}: the entry cannot be written ({error}). Check the permissions of "
                "its folder.",
                path=entry.path,
                error=error,
            )
        ) from error
