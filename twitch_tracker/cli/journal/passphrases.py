"""Where commands take a passphrase from: the environment, a handle, or the terminal.

Note: none is ever an option, because the arguments of a program can be read by
everybody; and one in the environment is removed from it, so that no program that is
started later gets it.
"""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import Final

from twitch_tracker.errors import BadParameter, JournalLocked, WrongPassphrase
from twitch_tracker.language import say

__all__ = ["ask", "ask_new", "given", "unlock_first"]

VARIABLE: Final = "TWITCH_TRACKER_PASSPHRASE"
NEW_VARIABLE: Final = "TWITCH_TRACKER_NEW_PASSPHRASE"
HANDLE: Final = "TWITCH_TRACKER_PASSPHRASE_FD"
"""Number of an open file: its first line is the passphrase, its second a new one."""

_TRIES: Final = 3
_MOST_BYTES: Final = 10_000


def given(*, new: bool = False) -> str | None:
    """Return a passphrase that the environment gives; None without one.

    Parameters
    ----------
    new : bool
        The one that is to be, not the one that is.

    Raises
    ------
    BadParameter
        The handle is none.
    """
    _read_handle()
    return os.environ.pop(NEW_VARIABLE if new else VARIABLE, None)


def _read_handle() -> None:
    """Take what comes by a handle as if it stood in the environment."""
    handle = os.environ.pop(HANDLE, None)
    if handle is None:
        return
    try:
        with os.fdopen(int(handle), "rb") as file:
            lines = file.read(_MOST_BYTES).decode().splitlines()
    except (OSError, ValueError) as error:
        expected = say("the number of an open file with a passphrase in it")
        raise BadParameter(HANDLE, expected, handle, f"({error})") from error
    for name, line in zip((VARIABLE, NEW_VARIABLE), lines, strict=False):
        os.environ[name] = line


def ask(question: str) -> str:
    """Ask for a passphrase, unseen.

    Raises
    ------
    JournalLocked
        There is nobody to ask.
    """
    if not sys.stdin.isatty():
        raise JournalLocked(
            say(
                "The journal is encrypted, and there is no terminal on which its "
                "passphrase could be asked for. Set {variable}, or {handle} to the "
                "number of an open file whose first line it is.",
                variable=VARIABLE,
                handle=HANDLE,
            )
        )
    return getpass.getpass(f"{question}: ")


def ask_new() -> str:
    """Ask for a passphrase that is to be, twice.

    Raises
    ------
    BadParameter
        The two differ.
    JournalLocked
        There is nobody to ask.
    """
    passphrase = given(new=True)
    if passphrase is not None:
        return passphrase
    if not sys.stdin.isatty():
        raise JournalLocked(
            say(
                "There is no terminal on which a new passphrase could be asked for. Set "
                "{variable}, or {handle} to the number of an open file whose second "
                "line it is.",
                variable=NEW_VARIABLE,
                handle=HANDLE,
            )
        )
    first = ask(say("New passphrase"))
    if ask(say("Repeat the new passphrase")) != first:
        raise BadParameter(
            "passphrase", say("the same twice"), say("two that differ"), ""
        )
    return first


def unlock_first(home: Path) -> None:
    """Ask for the passphrase of a journal that is encrypted, unless it was given.

    Raises
    ------
    JournalLocked
        There is nobody to ask.
    WrongPassphrase
        It does not open the journal.
    """
    from twitch_tracker.journal.encrypting.opening import is_locked, unlock

    if not is_locked(home):
        return
    passphrase = given()
    if passphrase is not None:
        unlock(home, passphrase)
        return
    for left in range(_TRIES - 1, -1, -1):
        try:
            unlock(home, ask(say("Passphrase of the journal")))
        except WrongPassphrase as error:
            if not left:
                raise
            print(error, file=sys.stderr)
        else:
            return
