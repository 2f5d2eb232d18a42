"""The command ``demo-patient``: a simulated patient for the journal, or many for a test.

Knows the options; the patients are drawn in `demo`, and asked about in
`studies.coverage`, where there is a checkout.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer

from twitch_tracker.cli.journal.place import Home, JournalUrl, exit_codes, open_for
from twitch_tracker.cli.options import flag
from twitch_tracker.cli.studies import need_studies
from twitch_tracker.errors import TwitchTrackerError
from twitch_tracker.language import say
from twitch_tracker.threads import start_single_threaded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from studies.coverage.first import Course
    from twitch_tracker.history import PatientHistory

_Task = TypeVar("_Task")
_Done = TypeVar("_Done")

__all__ = ["EPILOG", "HELP", "demo_patient"]

HELP: Final = """Write a simulated patient into the journal, to try progression.

Years of recordings whose course is known: growth, spread, injections and,
from two years on, an operation. Nothing in them comes from a person. With
--coverage N nothing is written: N patients who change and N who do not are
drawn, and it is counted how often progression is right about them.

--scenario NAME draws another kind of person: bursts run in time, recordings are
windows of a day, and a fallible detector watches; each name is one trouble
(docs/validation.md lists them). With --coverage N, N persons of the scenario
(or, with "all", of each) are asked about, and the answers printed as a table in
Markdown; with --readings, what the page says first of one of them is printed (with
"all", of twelve). --coverage and --readings come with the source code, not with the
installed program.
"""

EPILOG: Final = "Example: twitch-tracker demo-patient --patient demo --years 3 --seed 1"

_ALL: Final = "all"
_SENTENCES: Final = 4

Pseudonym = Annotated[
    str, typer.Option("--patient", metavar="ID", help="Pseudonym; must be free.")
]
Years = Annotated[
    float, typer.Option("--years", metavar="N", min=0.05, max=20, help="Length.")
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Other chance.")]
Steady = Annotated[bool, flag("--stable", help="Nothing changes, nothing is done.")]
Coverage = Annotated[
    int | None,
    typer.Option("--coverage", metavar="N", min=1, help="Test progression on N."),
]
ScenarioName = Annotated[
    str | None,
    typer.Option("--scenario", metavar="NAME", help="A named trouble, or all."),
]
Readings = Annotated[bool, flag("--readings", help="Print what is said first of them.")]
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", metavar="N", min=1, help="Processes for that.")
]


def demo_patient(
    patient_id: Pseudonym = "demo",
    years: Years = 3.0,
    seed: Seed = 1,
    steady: Steady = False,
    coverage: Coverage = None,
    scenario: ScenarioName = None,
    readings: Readings = False,
    jobs: Jobs = 1,
    home: Home = None,
    url: JournalUrl = None,
) -> None:
    """Draw a simulated patient; the help is `HELP`."""
    start_single_threaded()
    with exit_codes():
        if readings:
            _print_readings(scenario or _ALL, seed)
        elif coverage is not None and scenario is not None:
            _ask(scenario, coverage, seed, jobs)
        elif coverage is not None:
            _cover(coverage, seed, jobs)
        elif scenario is not None:
            _write_life(scenario, patient_id, seed, home, url)
        else:
            _write(patient_id, years, seed, steady, home, url)


def _write(
    patient_id: str,
    years: float,
    seed: int,
    steady: bool,
    home: Path | None,
    url: str | None,
) -> None:
    """Write a patient of the first generator into the journal."""
    from twitch_tracker.demo import course, into_journal

    plan = course.demo_plan(years=years, patient_id=patient_id)
    plan = into_journal.ended_by(plan, datetime.now(UTC).date())
    drawn = course.demo_patient(course.stable(plan) if steady else plan, seed)
    with open_for(home, url, "demo-patient") as journal:
        into_journal.write_patient(journal, drawn, seed)
        _say_written(drawn.history, journal.place)


def _write_life(
    name: str, patient_id: str, seed: int, home: Path | None, url: str | None
) -> None:
    """Write a person of a scenario into the journal."""
    from twitch_tracker.demo.lives import drawn, journal, scenarios

    life = scenarios.scenario_named(name).life
    life = journal.ended_by(life, datetime.now(UTC).date())
    person = drawn.draw_life(life, seed, patient_id)
    with open_for(home, url, "demo-patient") as opened:
        journal.write_life(opened, person, seed)
        _say_written(person.history, opened.place)


def _say_written(history: PatientHistory, place: str) -> None:
    """Say what was written, and how to see it."""
    name = history.patient.patient_id
    print(
        say(
            "{patient}: {recordings} simulated recordings, {treatments} treatments, "
            "{days} days of diary, in {place}.",
            patient=name,
            recordings=len(history.recordings),
            treatments=len(history.treatments),
            days=len(history.diary),
            place=place,
        )
    )
    print(say("See them: twitch-tracker progress --patient {patient}", patient=name))


def _names(scenario: str) -> tuple[str, ...]:
    """Return the named scenario, or all of them."""
    from twitch_tracker.demo.lives.scenarios import SCENARIOS, scenario_named

    if scenario == _ALL:
        return tuple(SCENARIOS)
    return (scenario_named(scenario).name,)


def _ask(scenario: str, number: int, seed: int, jobs: int) -> None:
    """Ask about many persons of a scenario, or of each, and print a table."""
    need_studies()
    from studies.coverage.table import ask_one, markdown, rows_of

    names = _names(scenario)
    tasks = [(name, seed + place) for name in names for place in range(number)]
    rows = rows_of(_checked(ask_one, tasks, jobs))
    print(markdown(sorted(rows, key=lambda row: names.index(row.scenario))))


def _print_readings(scenario: str, seed: int) -> None:
    """Print what the page says first of a person, or of twelve."""
    need_studies()
    from studies.coverage.first import TWELVE, courses_of

    names = TWELVE if scenario == _ALL else _names(scenario)
    for course in courses_of(names, seed):
        print("\n".join((*_truth(course), *_first(course), "")))


def _truth(course: Course) -> tuple[str, ...]:
    """Say who it is and what is true of the first and the last day."""
    from twitch_tracker import units

    first, last = course.first, course.last
    return (
        f"{course.scenario.name}: {course.scenario.clause}",
        say(
            "  true: {rate} → {last_rate} bursts a burst-free minute; {share} → "
            "{last_share} of the time in bursts",
            rate=f"{first.onsets_per_free_min:.2f}",
            last_rate=f"{last.onsets_per_free_min:.2f}",
            share=units.percent(first.time_share),
            last_share=units.percent(last.time_share),
        ),
    )


def _first(course: Course) -> list[str]:
    """Return the first sentences of the page."""
    from twitch_tracker.wording.progression import reading_texts

    return [f"  - {text}" for text in reading_texts(course.found)[:_SENTENCES]]


def _cover(number: int, seed: int, jobs: int) -> None:
    """Count how often progression is right."""
    need_studies()
    from studies.coverage.stable_and_changing import (
        check_changing,
        check_stable,
        tallies,
    )

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
    work: Callable[[_Task], list[_Done]], tasks: Sequence[_Task], jobs: int
) -> list[_Done]:
    """Check many patients, saying on a terminal how far it has come."""
    from twitch_tracker.processes import run_tasks

    found: list[_Done] = []
    for done, (_, result) in enumerate(run_tasks(work, tasks, jobs), start=1):
        if isinstance(result, Exception):
            raise TwitchTrackerError(
                say("A simulated patient failed: {result}", result=result)
            ) from result
        found += result
        if sys.stderr.isatty():
            print(f"\r{done} of {len(tasks)}", end="", file=sys.stderr, flush=True)
    return found
