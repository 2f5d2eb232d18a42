"""The commands ``diary ...``: how the days were."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from twitch_tracker.cli.journal.place import (
    AsJson,
    By,
    Home,
    JournalUrl,
    PatientId,
    Table,
    latest_day,
    open_for,
    print_list,
)
from twitch_tracker.language import say, say_n

if TYPE_CHECKING:
    from twitch_tracker.history import DiaryEntry

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True,
    help="Keep a diary: stress, fatigue, sleep, caffeine, screens, HFS-7, medication.",
    epilog="Example: twitch-tracker diary add --patient anna --stress 4 --sleep-hours 7",
)

Day = Annotated[
    datetime | None,
    typer.Option(
        "--date", metavar="DAY", formats=["%Y-%m-%d"], help="The day; without, today."
    ),
]
Factor = float | None

Stress = Annotated[Factor, typer.Option(help="0 (none) to 10 (worst imaginable).")]
Fatigue = Annotated[Factor, typer.Option(help="0 (none) to 10 (worst imaginable).")]
SleepHours = Annotated[Factor, typer.Option(help="Hours slept in the night before.")]
CaffeineCups = Annotated[
    Factor, typer.Option(help="Cups of coffee, or what equals them.")
]
ScreenHours = Annotated[Factor, typer.Option(help="Hours in front of screens.")]
Hfs7 = Annotated[
    Factor, typer.Option(help="Total of the HFS-7 questionnaire, 0 to 28.")
]
Twitching = Annotated[
    Factor, typer.Option(help="How bad it was, 0 (not at all) to 4 (very bad).")
]
Hfs8 = Annotated[
    Factor, typer.Option(help="Total of the HFS-8 questionnaire, 0 to 32.")
]
Hfs30 = Annotated[
    Factor, typer.Option(help="Total of the HFS-30 questionnaire, 0 to 120.")
]
Pain = Annotated[Factor, typer.Option(help="Pain in the face: 1 or 0.")]
EarNoise = Annotated[Factor, typer.Option(help="Noise in the ear: 1 or 0.")]
WateringEye = Annotated[Factor, typer.Option(help="Watering eye: 1 or 0.")]
TroubleReading = Annotated[Factor, typer.Option(help="Trouble reading: 1 or 0.")]
TroubleDriving = Annotated[Factor, typer.Option(help="Trouble driving: 1 or 0.")]


@app.command("add")
def add(
    patient: PatientId,
    day: Day = None,
    stress: Stress = None,
    fatigue: Fatigue = None,
    sleep_hours: SleepHours = None,
    caffeine_cups: CaffeineCups = None,
    screen_hours: ScreenHours = None,
    hfs7_total: Hfs7 = None,
    twitching: Twitching = None,
    hfs8_total: Hfs8 = None,
    hfs30_total: Hfs30 = None,
    pain: Pain = None,
    ear_noise: EarNoise = None,
    watering_eye: WateringEye = None,
    trouble_reading: TroubleReading = None,
    trouble_driving: TroubleDriving = None,
    medication: Annotated[str, typer.Option(help="What was taken.")] = "",
    notes: Annotated[str, typer.Option(help="Free text.")] = "",
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
) -> None:
    """Write how a day was; what you leave out keeps what is there already."""
    from twitch_tracker.history import DiaryEntry

    numbers = {
        "stress": stress,
        "fatigue": fatigue,
        "sleep_hours": sleep_hours,
        "caffeine_cups": caffeine_cups,
        "screen_hours": screen_hours,
        "hfs7_total": hfs7_total,
        "twitching": twitching,
        "hfs8_total": hfs8_total,
        "hfs30_total": hfs30_total,
        "pain": pain,
        "ear_noise": ear_noise,
        "watering_eye": watering_eye,
        "trouble_reading": trouble_reading,
        "trouble_driving": trouble_driving,
    }
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
    with open_for(home, url) as journal:
        entries = journal.diary(patient)
    print_list(
        "diary",
        entries,
        _line,
        as_json=as_json,
        none=say("No entries yet."),
        patient=patient,
    )


def _line(entry: DiaryEntry) -> str:
    """Say what was entered of a day."""
    from twitch_tracker.history import DIARY_FACTORS

    values = {name: getattr(entry, name) for name in DIARY_FACTORS}
    parts = [
        f"{name.replace('_', ' ')} {value:g}"
        for name, value in values.items()
        if not math.isnan(value)
    ]
    parts += [text for text in (entry.medication, entry.notes) if text]
    return f"{entry.on}  {', '.join(parts)}"


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
    table: Table,
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
    table: Table, patient: PatientId, home: Home = None, url: JournalUrl = None
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
