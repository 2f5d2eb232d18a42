"""The command ``demo-patient``: a simulated patient for the journal, or many for a test.

Knows the options; the patients are drawn in `demo`.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from twitch_tracker.cli.journal_place import Home, JournalUrl, open_for
from twitch_tracker.errors import TwitchTrackerError
from twitch_tracker.language import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from twitch_tracker.demo.coverage import Check

__all__ = ["EPILOG", "HELP", "demo_patient"]

HELP: Final = """Write a simulated patient into the journal, to try progression.

Years of recordings whose course is known: growth, spread, injections and,
from two years on, an operation. Nothing in them comes from a person. With
--coverage N nothing is written: N patients who change and N who do not are
drawn, and it is counted how often progression tells the truth about them.
"""

EPILOG: Final = "Example: twitch-tracker demo-patient --patient demo --years 3 --seed 1"

_THREADS: Final = "OPENBLAS_NUM_THREADS"

Pseudonym = Annotated[
    str, typer.Option("--patient", metavar="ID", help="Pseudonym; must be free.")
]
Years = Annotated[
    float, typer.Option("--years", metavar="N", min=0.05, max=20, help="Length.")
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Other chance.")]
Steady = Annotated[
    bool, typer.Option("--stable", metavar="", help="Nothing changes, nothing is done.")
]
Coverage = Annotated[
    int | None,
    typer.Option("--coverage", metavar="N", min=1, help="Test progression on N."),
]
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", metavar="N", min=1, help="Processes for that.")
]


def demo_patient(
    patient_id: Pseudonym = "demo",
    years: Years = 3.0,
    seed: Seed = 1,
    steady: Steady = False,
    coverage: Coverage = None,
    jobs: Jobs = 1,
    home: Home = None,
    url: JournalUrl = None,
) -> None:
    """Draw a simulated patient; the help is `HELP`."""
    if coverage is not None:
        _cover(coverage, seed, jobs)
        return
    from twitch_tracker.demo import course, into_journal

    plan = course.demo_plan(years=years, patient_id=patient_id)
    plan = into_journal.ended_by(plan, datetime.now(UTC).date())
    drawn = course.demo_patient(course.stable(plan) if steady else plan, seed)
    with open_for(home, url, "demo-patient") as journal:
        logged = into_journal.write_patient(journal, drawn, seed)
        print(
            say(
                "{patient}: {recordings} simulated recordings, {treatments} treatments, "
                "{days} days of diary, in {place}.",
                patient=patient_id,
                recordings=len(logged),
                treatments=len(drawn.history.treatments),
                days=len(drawn.history.diary),
                place=journal.place,
            )
        )
    print(
        say("See them: twitch-tracker progress --patient {patient}", patient=patient_id)
    )


def _cover(number: int, seed: int, jobs: int) -> None:
    """Count how often progression tells the truth."""
    from twitch_tracker.demo.coverage import check_changing, check_stable, tallies

    os.environ.setdefault(_THREADS, "1")
    checks = [
        check
        for work in (check_changing, check_stable)
        for check in _checked(work, range(seed, seed + number), jobs)
    ]
    print(f"{'':64} {'hits':>6} {'of':>6}  share (95 % interval)")
    for tally in tallies(checks):
        print(
            f"{tally.name:64} {tally.hits:6} {tally.checks:6}  {100 * tally.share:.1f} % "
            f"({100 * tally.low:.1f} to {100 * tally.high:.1f})"
        )


def _checked(
    work: Callable[[int], list[Check]], seeds: range, jobs: int
) -> list[Check]:
    """Check many patients, saying on a terminal how far it has come."""
    from twitch_tracker.processes import run_tasks

    found: list[Check] = []
    for done, (_, result) in enumerate(run_tasks(work, seeds, jobs), start=1):
        if isinstance(result, Exception):
            raise TwitchTrackerError(
                say("A simulated patient failed: {result}", result=result)
            ) from result
        found += result
        if sys.stderr.isatty():
            print(f"\r{done} of {len(seeds)}", end="", file=sys.stderr, flush=True)
    return found
