"""``journal leftovers``: files that belong to nothing, shown and removed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twitch_tracker.cli.journal.place import (
    AsJson,
    Home,
    JournalUrl,
    open_with_videos,
    print_json,
)
from twitch_tracker.cli.options import Really, flag
from twitch_tracker.errors import OutputNotWritable
from twitch_tracker.language import say, say_n

if TYPE_CHECKING:
    from twitch_tracker.app.keeping.leftovers import Leftover

__all__ = ["as_documents", "leftovers", "leftovers_beside"]


def leftovers(
    remove: Annotated[
        list[Path] | None,
        typer.Option(
            "--remove", metavar="PATH", help="Remove this one; may be given again."
        ),
    ] = None,
    remove_all: Annotated[
        bool, flag("--remove-all", help="Remove all of them.")
    ] = False,
    yes: Really = False,
    home: Home = None,
    url: JournalUrl = None,
    as_json: AsJson = False,
) -> None:
    """List films and files that belong to nothing, and remove them when asked to."""
    from twitch_tracker.app.keeping.leftovers import find_leftovers, sweep
    from twitch_tracker.journal.open import journal_home

    place = journal_home(home)
    with open_with_videos(home, url) as (journal, videos):
        if videos is not None:
            sweep(videos, place)
        found = find_leftovers(journal, videos, place)
        chosen = found if remove_all else _chosen(found, remove or [])
        if chosen and not yes:
            raise typer.BadParameter(
                say_n(
                    "This would permanently remove {n} thing. Add --yes to confirm.",
                    "This would permanently remove {n} things. Add --yes to confirm.",
                    len(chosen),
                )
            )
        _remove(chosen)
    left = tuple(one for one in found if one not in chosen)
    if as_json:
        print_json({"leftovers": as_documents(left), "removed": as_documents(chosen)})
        return
    if chosen:
        print(say_n("{n} thing removed.", "{n} things removed.", len(chosen)))
    for one in left:
        _print(one)
    if not left:
        print(say("There are no leftovers."))


def leftovers_beside(home: Path | None, url: str | None) -> tuple[Leftover, ...]:
    """List what lies about beside a journal; nothing while the app runs there."""
    from twitch_tracker.app.keeping.leftovers import find_leftovers
    from twitch_tracker.journal.open import journal_home

    try:
        with open_with_videos(home, url) as (journal, videos):
            return find_leftovers(journal, videos, journal_home(home))
    except OutputNotWritable:
        print(
            say("The app is running: its folder was not searched."),
            file=sys.stderr,
        )
        return ()


def as_documents(found: tuple[Leftover, ...]) -> list[dict[str, object]]:
    """Turn leftovers into what JSON knows."""
    return [
        {
            "kind": one.kind.value,
            "path": str(one.path),
            "size_bytes": one.size_bytes,
            "owner": one.owner,
        }
        for one in found
    ]


def _print(leftover: Leftover) -> None:
    from twitch_tracker.app.keeping.leftover_words import (
        leftover_advice,
        leftover_text,
    )

    print(f"{leftover_text(leftover)}\n  {leftover_advice(leftover)}")


def _chosen(found: tuple[Leftover, ...], paths: list[Path]) -> tuple[Leftover, ...]:
    """Choose by path; another path than one that was shown is wrong usage."""
    known = {one.path: one for one in found}
    chosen = []
    for path in paths:
        if path.absolute() not in known:
            raise typer.BadParameter(
                say("--remove: {path} is not one of the leftovers.", path=path)
            )
        chosen.append(known[path.absolute()])
    return tuple(chosen)


def _remove(chosen: tuple[Leftover, ...]) -> None:
    from twitch_tracker.app.keeping.leftovers import remove_leftover

    for one in chosen:
        try:
            remove_leftover(one)
        except OSError as error:
            raise OutputNotWritable(
                say(
                    "{path} could not be removed ({why}). Close what has it open and "
                    "try again.",
                    path=one.path,
                    why=error.strerror or error,
                )
            ) from error
