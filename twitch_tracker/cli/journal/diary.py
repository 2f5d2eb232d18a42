"""The commands ``diary ...``: how the days were."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, TypeVar

import typer

from twitch_tracker.cli.journal.place import (
    AsJson,
    By,
    Home,
    JournalUrl,
    PatientId,
    TableArgument,
    latest_day,
    open_for,
    print_list,
)
from twitch_tracker.cli.options import FreeText
from twitch_tracker.history import DIARY, DiaryEntry
from twitch_tracker.language import say, say_n

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True,
    help="Keep a diary: stress, fatigue, sleep, caffeine, screens, HFS-7, medication.",
    epilog="Example: twitch-tracker diary add --patient anna --stress 4 --sleep-hours 7",
)

DayOption = Annotated[
    datetime | None,
    typer.Option(
        "--date", metavar="DAY", formats=["%Y-%m-%d"], help="The day; without, today."
    ),
]
_Command = TypeVar("_Command", bound=Callable[..., None])


def _with_numbers(command: _Command) -> _Command:
    """Give a command an option for each number of the diary (`history.DIARY`).

    They take the place of its ``**numbers``, before what else is keyword only.
    """
    declared = inspect.signature(command, eval_str=True)
    options = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[float | None, typer.Option(help=f"{one.display}.")],
        )
        for name, one in DIARY.items()
    ]
    others = [
        one for one in declared.parameters.values() if one.kind is not one.VAR_KEYWORD
    ]
    first = sum(one.kind is not one.KEYWORD_ONLY for one in others)
    parameters = [*others[:first], *options, *others[first:]]
    command.__signature__ = declared.replace(  # type: ignore[attr-defined]
        parameters=parameters
    )
    return command


@app.command("add")
@_with_numbers
def add(
    patient: PatientId,
    day: DayOption = None,
    *,
    medication: Annotated[str, typer.Option(help="What was taken.")] = "",
    notes: FreeText = "",
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
    **numbers: float | None,
) -> None:
    """Write how a day was; what you leave out keeps what is there already."""
    if (
        not any(value is not None for value in numbers.values())
        and not medication + notes
    ):
        raise typer.BadParameter(say("Enter something about the day, e.g. --stress 4."))
    entry = DiaryEntry(
        on=(day or datetime.now().astimezone()).date(),
        medication=medication,
        notes=notes,
        **{name: math.nan if n is None else n for name, n in numbers.items()},
    )
    with open_for(home, url, by) as journal:
        _say_changed(
            entry, changed=bool(journal.write_diary(patient, [entry], merge=True))
        )


def _say_changed(entry: DiaryEntry, *, changed: bool) -> None:
    """Say whether a day was written."""
    print(
        say("{day}: written.", day=entry.on)
        if changed
        else say("{day}: nothing new.", day=entry.on)
    )


@app.command("list")
def list_(
    patient: PatientId,
    home: Home = None,
    url: JournalUrl = None,
    as_json: AsJson = False,
) -> None:
    """List the days."""
    from twitch_tracker.wording.journal.listing import diary_line

    with open_for(home, url) as journal:
        entries = journal.diary(patient)
    print_list(
        "diary",
        entries,
        diary_line,
        as_json=as_json,
        none=say("No entries yet."),
        patient=patient,
    )


@app.command("remove")
def remove(
    patient: PatientId,
    day: Annotated[
        datetime, typer.Option("--date", metavar="DAY", formats=["%Y-%m-%d"])
    ],
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
) -> None:
    """Remove the entry of a day; the journal's changes keep it."""
    with open_for(home, url, by) as journal:
        journal.remove_diary(patient, day.date())
        print(say("{day}: removed.", day=day.date()))


@app.command("import")
def import_(
    table: TableArgument,
    patient: PatientId,
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
) -> None:
    """Read entries from a CSV table (columns: docs/journal.md); all or none."""
    from twitch_tracker.journal.files.tables import read_diary

    with open_for(home, url, by) as journal:
        journal.patient(patient)
        entries = read_diary(table, latest_day())
        changed = journal.write_diary(patient, entries)
        print(
            say_n(
                "{n} day read, {changed} of them new or changed.",
                "{n} days read, {changed} of them new or changed.",
                len(entries),
                changed=changed,
            )
        )


@app.command("export")
def export(
    table: TableArgument, patient: PatientId, home: Home = None, url: JournalUrl = None
) -> None:
    """Write all entries into a CSV table."""
    from twitch_tracker.journal.files.tables import write_diary

    with open_for(home, url) as journal:
        entries = journal.diary(patient)
        write_diary(table, entries)
        print(
            say_n(
                "{n} day written to {table}.",
                "{n} days written to {table}.",
                len(entries),
                table=table,
            )
        )
