"""The commands ``treatment ...``: injections, operations, other treatments."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Annotated

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
from twitch_tracker.errors import BadParameter
from twitch_tracker.history import SideEffect, TreatmentKind
from twitch_tracker.language import say, say_n
from twitch_tracker.regions import Side

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True,
    help="Keep treatments: injections with muscles and units, operations, others.",
    epilog="Example: twitch-tracker treatment add --patient anna --date 2026-03-02 "
    "--side right --product Botox --muscle 'orbicularis oculi=12.5'",
)


@app.command("add")
def add(
    patient: PatientId,
    day: Annotated[
        datetime,
        typer.Option("--date", metavar="DAY", formats=["%Y-%m-%d"], help="The day."),
    ],
    kind: Annotated[
        TreatmentKind, typer.Option("--kind", help="What was done.")
    ] = TreatmentKind.BOTULINUM_TOXIN,
    side: Annotated[
        Side | None, typer.Option("--side", help="The person's own side.")
    ] = None,
    product: Annotated[str, typer.Option(help="Brand or medicine.")] = "",
    units: Annotated[
        float | None,
        typer.Option(help="Total dose in the product's own units; without, the sum."),
    ] = None,
    muscle: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=UNITS", help="A muscle; may be repeated."),
    ] = None,
    notes: FreeText = "",
    side_effect: Annotated[
        list[SideEffect] | None,
        typer.Option(help="What was noticed after it; may be repeated."),
    ] = None,
    no_side_effects: Annotated[
        bool,
        typer.Option("--no-side-effects", help="None of these was noticed."),
    ] = False,
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
) -> None:
    """Enter a treatment."""
    from twitch_tracker.history import Treatment
    from twitch_tracker.journal.files.tables import muscles_from_text
    from twitch_tracker.wording.journal.listing import treatment_line

    with open_for(home, url, by) as journal:
        muscles = muscles_from_text(";".join(muscle or ()))
        given = Treatment(
            kind=kind,
            on=day.date(),
            side=side,
            product=product,
            units=_total(units, muscles),
            muscles=muscles,
            notes=notes,
            side_effects=_side_effects(side_effect or [], none=no_side_effects),
        )
        (stored,) = journal.add_treatments(patient, [given])
        print(treatment_line(stored))


def _side_effects(
    noticed: list[SideEffect], *, none: bool
) -> tuple[SideEffect, ...] | None:
    """Return what was noticed, in the usual order; None when nothing was stated."""
    if noticed and none:
        raise BadParameter(
            "--no-side-effects",
            say("no --side-effect beside it"),
            ", ".join(noticed),
        )
    in_order = tuple(effect for effect in SideEffect if effect in noticed)
    return in_order if in_order or none else None


def _total(units: float | None, muscles: dict[str, float]) -> float:
    """Add up the muscles when no total is stated; a sum with a gap is none."""
    if units is not None:
        return units
    return sum(muscles.values()) if muscles else math.nan


@app.command("list")
def list_(
    patient: PatientId,
    home: Home = None,
    url: JournalUrl = None,
    as_json: AsJson = False,
) -> None:
    """List the treatments, with their numbers."""
    from twitch_tracker.wording.journal.listing import treatment_line

    with open_for(home, url) as journal:
        treatments = journal.treatments(patient)
    print_list(
        "treatments",
        treatments,
        treatment_line,
        as_json=as_json,
        none=say("No treatments yet."),
        patient=patient,
    )


@app.command("remove")
def remove(
    treatment_id: Annotated[
        str, typer.Argument(metavar="NUMBER", help="As `treatment list` shows it.")
    ],
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
) -> None:
    """Remove a treatment; the journal's changes keep it."""
    with open_for(home, url, by) as journal:
        journal.remove_treatment(treatment_id)
        print(say("Treatment {treatment} removed.", treatment=treatment_id))


@app.command("import")
def import_(
    table: TableArgument,
    patient: PatientId,
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
) -> None:
    """Read treatments from a CSV table (columns: docs/journal.md); all or none."""
    from twitch_tracker.journal.files.tables import read_treatments

    with open_for(home, url, by) as journal:
        before = len(journal.treatments(patient))
        given = read_treatments(table, latest_day())
        journal.add_treatments(patient, given)
        new = len(journal.treatments(patient)) - before
        print(
            say_n(
                "{n} treatment read, {new} of them new.",
                "{n} treatments read, {new} of them new.",
                len(given),
                new=new,
            )
        )


@app.command("export")
def export(
    table: TableArgument, patient: PatientId, home: Home = None, url: JournalUrl = None
) -> None:
    """Write all treatments into a CSV table."""
    from twitch_tracker.journal.files.tables import write_treatments

    with open_for(home, url) as journal:
        treatments = journal.treatments(patient)
        write_treatments(table, treatments)
        print(
            say_n(
                "{n} treatment written to {table}.",
                "{n} treatments written to {table}.",
                len(treatments),
                table=table,
            )
        )
