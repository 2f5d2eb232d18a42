"""Many simulated persons of a scenario: asked, counted, and written as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from scipy.special import betaincinv

from studies.coverage.asking import Case
from studies.coverage.questions import Wanted, questions_of
from twitch_tracker.demo.lives.drawn import Drawn, draw_life
from twitch_tracker.demo.lives.scenarios import LifeScenario, scenario_named
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import Progression

__all__ = ["Answer", "Row", "ask_one", "case_of", "markdown", "rows_of"]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer about one person.

    Attributes
    ----------
    scenario, question : str
        What was asked of whom.
    wanted : Wanted
        What it should come to.
    value : bool or float
        Yes, no, or a number.
    """

    scenario: str
    question: str
    wanted: Wanted
    value: bool | float


@dataclass(frozen=True, kw_only=True)
class Row:
    """Many answers to one question.

    Attributes
    ----------
    scenario, question, wanted
        As in `Answer`.
    counted : bool
        Whether answers are yes or no.
    value : float
        The share of yes, or the median.
    low, high : float
        Of a share its 95 % interval (Clopper and Pearson 1934); of a median the
        2.5 % and 97.5 % of the persons.
    persons : int
        How many answers there are.
    """

    scenario: str
    question: str
    wanted: Wanted
    counted: bool
    value: float
    low: float
    high: float
    persons: int

    @property
    def met(self) -> bool:
        """Whether it comes to what it should."""
        return self.wanted.low <= self.value <= self.wanted.high


def case_of(scenario: LifeScenario, seed: int, *, ever: bool = True) -> Case:
    """Draw a person of a scenario and look at the page as often as the scenario says.

    Parameters
    ----------
    scenario : LifeScenario
        Which.
    seed : int
        Source of chance.
    ever : bool
        Whether it is looked at before the end, where the scenario says so.

    Returns
    -------
    Case
        With a look at the end at least.
    """
    drawn = draw_life(scenario.life, seed, patient_id=scenario.name)
    days = scenario.looks if ever else ()
    looks = (*(_look(drawn, day) for day in days), progress_of(drawn.history))
    return Case(drawn=drawn, found=looks[-1], looks=looks, seed=seed)


def _look(drawn: Drawn, day: float) -> Progression:
    today = drawn.life.start + timedelta(days=int(day))
    return progress_of(drawn.history, today=today)


def ask_one(task: tuple[str, int]) -> list[Answer]:
    """Ask everything about one person: name of the scenario, and seed."""
    name, seed = task
    case = case_of(scenario_named(name), seed)
    answers = [(question, question.ask(case)) for question in questions_of(name)]
    return [
        Answer(
            scenario=name, question=question.name, wanted=question.wanted, value=value
        )
        for question, value in answers
        if value is not None
    ]


def rows_of(answers: Iterable[Answer]) -> tuple[Row, ...]:
    """Count answers by scenario and question, in the order in which they first came."""
    by_question: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        by_question.setdefault((answer.scenario, answer.question), []).append(answer)
    return tuple(_row(own) for own in by_question.values())


def _row(answers: Sequence[Answer]) -> Row:
    first, n = answers[0], len(answers)
    values = np.array([float(answer.value) for answer in answers])
    counted = isinstance(first.value, bool)
    if counted:
        k = int(values.sum())
        value = k / n
        low = float(betaincinv(k, n - k + 1, 0.025)) if k else 0.0
        high = float(betaincinv(k + 1, n - k, 0.975)) if k < n else 1.0
    else:
        low, value, high = (float(q) for q in np.quantile(values, [0.025, 0.5, 0.975]))
    return Row(
        scenario=first.scenario,
        question=first.question,
        wanted=first.wanted,
        counted=counted,
        value=value,
        low=low,
        high=high,
        persons=n,
    )


def markdown(rows: Iterable[Row]) -> str:
    """Write rows as a table for a document."""
    lines = [
        "| who | what | should be | is | of | met |",
        "|---|---|---|---|---|---|",
    ]
    last = ""
    for row in rows:
        who = row.scenario if row.scenario != last else ""
        last = row.scenario
        lines.append(
            f"| {who} | {row.question} | {_bounds(row)} | {_value(row)} "
            f"| {row.persons} | {_met(row)} |"
        )
    return "\n".join(lines)


def _amount(row: Row, value: float) -> str:
    return f"{100 * value:.0f} %" if row.counted else f"{value:.2f}"


def _met(row: Row) -> str:
    if row.wanted.anything:
        return "-"
    return "yes" if row.met else "no"


def _bounds(row: Row) -> str:
    if row.wanted.anything:
        return "-"
    low, high = row.wanted.low, row.wanted.high
    if low <= 0:
        return f"at most {_amount(row, high)}"
    if not np.isfinite(high):
        return f"at least {_amount(row, low)}"
    return f"{_amount(row, low)} to {_amount(row, high)}"


def _value(row: Row) -> str:
    low, high = _amount(row, row.low), _amount(row, row.high)
    return f"{_amount(row, row.value)} ({low.removesuffix(' %')} to {high})"
