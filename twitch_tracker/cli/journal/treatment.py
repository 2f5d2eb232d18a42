"""The commands ``treatment ...``: injections, operations, other treatments."""

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
from twitch_tracker.errors import BadParameter
from twitch_tracker.history import SideEffect, TreatmentKind
from twitch_tracker.language import say, say_n
from twitch_tracker.regions import Side

if TYPE_CHECKING:
    from twitch_tracker.history import Treatment

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
    notes: Annotated[str, typer.Option(help="Free text.")] = "",
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
        print(_line(stored))


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
    with open_for(home, url) as journal:
        treatments = journal.treatments(patient)
    print_list(
        "treatments",
        treatments,
        _line,
        as_json=as_json,
        none=say("No treatments yet."),
        patient=patient,
    )


def _line(given: Treatment) -> str:
    """Say what was done."""
    from twitch_tracker.journal.files.tables import (
        muscles_to_text,
        side_effects_to_text,
    )

    parts = [given.kind.value.replace("_", " ")]
    parts += [] if given.side is None else [f"{given.side} side"]
    parts += [given.product] if given.product else []
    parts += [] if math.isnan(given.units) else [f"{given.units:g} units"]
    parts += [muscles_to_text(given.muscles)] if given.muscles else []
    if given.side_effects is not None:
        parts.append(f"side effects: {side_effects_to_text(given.side_effects)}")
    parts += [given.notes] if given.notes else []
    return f"{given.treatment_id:>4}  {given.on}  {', '.join(parts)}"


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
    table: Table,
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
    table: Table, patient: PatientId, home: Home = None, url: JournalUrl = None
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
