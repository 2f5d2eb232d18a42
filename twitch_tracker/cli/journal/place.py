"""What every command of the journal shares: which journal, who, how it ends.

Knows the options ``--home``, ``--journal`` and ``--by``, and which errors are which
exit code.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from twitch_tracker.border.days import is_meant
from twitch_tracker.cli.journal.passphrases import unlock_first
from twitch_tracker.cli.options import flag
from twitch_tracker.cli.outcome import ExitCode
from twitch_tracker.errors import (
    BadFile,
    LoggedForAnother,
    ParameterError,
    TwitchTrackerError,
    UnknownEntry,
    UnknownPatient,
)
from twitch_tracker.language import say

if TYPE_CHECKING:
    from datetime import date

    from twitch_tracker.app.recording.store import Store
    from twitch_tracker.journal.journal import Journal

__all__ = [
    "AsJson",
    "By",
    "Home",
    "JournalUrl",
    "PatientId",
    "TableArgument",
    "advised",
    "exit_codes",
    "latest_day",
    "open_for",
    "open_with_videos",
    "print_json",
    "print_list",
    "read_when",
]

Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        file_okay=False,
        help="Folder of the journal, instead of your own data folder.",
    ),
]
JournalUrl = Annotated[
    str | None,
    typer.Option(
        "--journal",
        metavar="URL",
        help="Database of the journal instead of a file, e.g. "
        "postgresql://user@host/name.",
    ),
]
By = Annotated[
    str,
    typer.Option(
        "--by",
        metavar="NAME",
        help="Who makes this change; without, your user name here.",
    ),
]
PatientId = Annotated[
    str, typer.Option("--patient", metavar="ID", help="Whose, by the pseudonym.")
]
AsJson = Annotated[bool, flag("--json", help="Print one JSON document.")]
TableArgument = Annotated[
    Path, typer.Argument(metavar="CSV", dir_okay=False, help="The table.")
]

_Item = TypeVar("_Item")

_CODES = (
    (BadFile, ExitCode.UNREADABLE),
    (ParameterError, ExitCode.USAGE),
    (UnknownPatient, ExitCode.USAGE),
    (UnknownEntry, ExitCode.USAGE),
)


def advised(error: TwitchTrackerError) -> str:
    """Return what went wrong, with the command that helps where there is one."""
    if not isinstance(error, LoggedForAnother):
        return str(error)
    advice = say(
        "If it really belongs to both, log it with --allow-other-patient; if it was "
        "logged for the wrong one: twitch-tracker journal remove {recording}.",
        recording=error.recording_id,
    )
    return f"{error} {advice}"


@contextlib.contextmanager
def exit_codes() -> Iterator[None]:
    """Say what went wrong on stderr and end with the right exit code.

    What is neither a bad file nor wrong usage passes through, to end with 1.
    """
    try:
        yield
    except TwitchTrackerError as error:
        for kind, code in _CODES:
            if isinstance(error, kind):
                print(say("Error: {error}", error=advised(error)), file=sys.stderr)
                raise typer.Exit(code) from None
        raise


@contextlib.contextmanager
def open_for(home: Path | None, url: str | None, by: str = "") -> Iterator[Journal]:
    """Open the journal that the options name; errors end the command.

    Parameters
    ----------
    home, url, by
        As given on the command line.
    """
    from twitch_tracker.journal.open import journal_home, open_journal

    with exit_codes():
        unlock_first(journal_home(home))
        with open_journal(home, url, by=by) as journal:
            yield journal


@contextlib.contextmanager
def open_with_videos(
    home: Path | None, url: str | None, by: str = ""
) -> Iterator[tuple[Journal, Store | None]]:
    """Open the journal and, where the app was used, the videos that it keeps.

    Parameters
    ----------
    home, url, by
        As given on the command line.

    Yields
    ------
    journal : Journal
        Open.
    videos : Store or None
        None when the app was never used there.

    Raises
    ------
    OutputNotWritable
        The app is running there.
    """
    from twitch_tracker.app.keeping.renaming import finish_renaming
    from twitch_tracker.app.recording.store import kept_videos
    from twitch_tracker.journal.open import journal_home

    with (
        open_for(home, url, by) as journal,
        kept_videos(journal_home(home)) as videos,
    ):
        if videos is not None:
            finish_renaming(journal, videos)
        yield journal, videos


def read_when(text: str) -> datetime:
    """Read a moment as the user writes it.

    Parameters
    ----------
    text : str
        ISO 8601; without an offset it is this computer's time.

    Returns
    -------
    datetime
        Aware.

    Raises
    ------
    typer.BadParameter
        It is none, or a day without a time.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not is_meant(found) or len(text) <= len("2026-05-31"):
        raise typer.BadParameter(
            say(
                "--when: expected a time such as 2026-05-31T18:30, got {text!r}.",
                text=text,
            )
        )
    return found if found.tzinfo else found.astimezone()


def latest_day() -> date:
    """Return the latest day that it can be anywhere on earth now."""
    return (datetime.now(UTC) + timedelta(hours=14)).date()


def print_json(document: object) -> None:
    """Print a document as JSON."""
    from twitch_tracker.border.plain import plain

    text = json.dumps(plain(document), indent=2, ensure_ascii=False, allow_nan=False)
    print(text)


def print_list(
    name: str,
    items: Sequence[_Item],
    line: Callable[[_Item], str],
    *,
    as_json: bool,
    none: str = "",
    heading: str = "",
    **others: object,
) -> None:
    """Print what a command lists, a line each, or as a JSON document.

    Parameters
    ----------
    name : str
        Of the list in the document.
    items : sequence
        What is listed.
    line : callable
        Says one of them.
    as_json : bool
        Print ``{**others, name: items}`` instead.
    none, heading : str
        What to print without any, and above the first one.
        **others
        What else the document holds.
    """
    if as_json:
        print_json({**others, name: items})
        return
    before = heading if items else none
    if before:
        print(before)
    for item in items:
        print(line(item))
