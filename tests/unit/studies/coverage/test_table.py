"""Simulated people are asked about, and the answers counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from studies.coverage.first import TWELVE
from studies.coverage.questions import QUESTIONS, Wanted, questions_of
from studies.coverage.table import (
    Answer,
    ask_one,
    case_of,
    markdown,
    rows_of,
)
from twitch_tracker.cli.app import app
from twitch_tracker.demo.lives.scenarios import SCENARIOS, scenario_named


def answers(*values: bool | float, wanted: Wanted | None = None) -> list[Answer]:
    return [
        Answer(
            scenario="a", question="q", wanted=wanted or Wanted(high=0.05), value=value
        )
        for value in values
    ]


def test_yes_and_no_are_counted_with_an_exact_interval() -> None:
    (row,) = rows_of(answers(*[i < 1 for i in range(10)]))
    assert (row.value, row.persons, row.counted) == (0.1, 10, True)
    assert (row.low, row.high) == pytest.approx((0.0025, 0.4450), abs=1e-4)
    assert not row.met


def test_none_of_many_has_an_upper_bound() -> None:
    (row,) = rows_of(answers(*[False] * 100))
    assert (row.low, row.high) == pytest.approx((0.0, 0.0362), abs=1e-4)
    assert row.met


def test_numbers_are_told_by_their_median() -> None:
    (row,) = rows_of(answers(1.0, 3.0, 2.0, wanted=Wanted(low=1.5, high=2.5)))
    assert (row.value, row.counted, row.met) == (2.0, False, True)


def test_the_table_is_markdown() -> None:
    rows = rows_of(
        [
            *answers(True, False, wanted=Wanted(low=0.9)),
            Answer(
                scenario="a",
                question="r",
                wanted=Wanted(low=0.85, high=1.15),
                value=1.2,
            ),
            Answer(scenario="b", question="s", wanted=Wanted(), value=True),
        ]
    )
    assert markdown(rows).splitlines() == [
        "| who | what | should be | is | of | met |",
        "|---|---|---|---|---|---|",
        "| a | q | at least 90 % | 50 % (1 to 99 %) | 2 | no |",
        "|  | r | 0.85 to 1.15 | 1.20 (1.20 to 1.20) | 1 | no |",
        "| b | s | - | 100 % (2 to 100 %) | 1 | - |",
    ]


def test_questions_are_about_scenarios_that_exist() -> None:
    assert set(QUESTIONS) <= set(SCENARIOS)
    for name in SCENARIOS:
        names = [question.name for question in questions_of(name)]
        assert len(names) == len(set(names))


def test_the_page_on_validation_lists_every_scenario() -> None:
    page = (Path(__file__).parents[4] / "docs" / "validation.md").read_text("utf-8")
    for scenario in SCENARIOS.values():
        assert f"| `{scenario.name}` | {scenario.clause} |" in page
        assert f"| {scenario.name} | any firm sentence at the end" in page


def test_a_scenario_is_looked_at_as_often_as_it_says() -> None:
    case = case_of(scenario_named("long_spells"), 1, ever=False)
    assert case.looks == (case.found,)
    assert len(scenario_named("whole_page").looks) == 26
    assert set(TWELVE) <= set(SCENARIOS)
    assert len(TWELVE) == 12


ASKED = ("bad_days", "eyelid_only", "stress", "long_bursts", "late", "growing")
ASKED_TOO = ("sudden_end", "halving", "spreading", "operation", "waning", "cycles")


@pytest.mark.parametrize("name", ASKED + ASKED_TOO)
def test_everything_can_be_asked(name: str) -> None:
    """Every answer is a share's yes or no, or a number that exists."""
    given = ask_one((name, 3))
    assert given[0].question == questions_of(name)[0].name
    for answer in given:
        assert answer.value == answer.value  # no NaN


def test_the_command_prints_a_table_and_what_is_read_first() -> None:
    run = CliRunner().invoke
    table = run(app, ["demo-patient", "--coverage", "2", "--scenario", "eight_weeks"])
    assert table.exit_code == 0, table.output
    assert table.output.startswith("| who | what |")
    assert "| eight_weeks | any firm sentence at the end that is not so" in table.output
    read = run(app, ["demo-patient", "--readings", "--scenario", "halving"])
    assert read.exit_code == 0, read.output
    assert "halving: half as many bursts after eight weeks" in read.output
    assert "true: 1.49 → 0.76 bursts a burst-free minute" in read.output
    wrong = run(app, ["demo-patient", "--scenario", "nobody"])
    assert wrong.exit_code == 2
    assert "sudden_end" in wrong.output + wrong.stderr
