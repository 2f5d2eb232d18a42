"""Diary and treatments as CSV: what goes out comes in, and nothing wrong does."""

from __future__ import annotations

from datetime import date

import pytest

from twitch_tracker.errors import BadTable
from twitch_tracker.history import DiaryEntry, SideEffect, Treatment, TreatmentKind
from twitch_tracker.journal.files.tables import (
    DIARY_COLUMNS,
    TREATMENT_COLUMNS,
    muscles_from_text,
    muscles_to_text,
    read_diary,
    read_treatments,
    write_diary,
    write_treatments,
)
from twitch_tracker.regions import Side

NAN = float("nan")
DAYS = (
    DiaryEntry(
        on=date(2026, 5, 1),
        stress=3.5,
        fatigue=0.0,
        sleep_hours=7.25,
        caffeine_cups=2.0,
        screen_hours=5.0,
        hfs7_total=11.0,
        medication='half a "pill"; later, another',
        notes="two\nlines, and a comma",
    ),
    DiaryEntry(on=date(2026, 5, 3), notes="müde, 疲れた"),
)
TREATMENTS = (
    Treatment(
        kind=TreatmentKind.BOTULINUM_TOXIN,
        on=date(2026, 3, 2),
        side=Side.RIGHT,
        product="Botox",
        units=17.35,
        muscles={"orbicularis oculi": 12.5, "risorius": NAN, "zygomaticus": 4.85},
        notes="second, smaller dose",
        side_effects=(SideEffect.MOUTH_DROOP,),
    ),
    Treatment(
        kind=TreatmentKind.MICROVASCULAR_DECOMPRESSION,
        on=date(2026, 4, 1),
        side_effects=(),
    ),
)


@pytest.fixture
def table(tmp_path):
    """Write a table and give its path."""

    def write(text: str | bytes):
        path = tmp_path / "table.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_a_diary_survives(tmp_path):
    path = write_diary(tmp_path / "diary.csv", DAYS)
    assert repr(read_diary(path)) == repr(DAYS)


def test_treatments_survive(tmp_path):
    path = write_treatments(tmp_path / "treatments.csv", TREATMENTS)
    assert repr(read_treatments(path)) == repr(TREATMENTS)


def test_an_empty_diary_is_a_header(tmp_path):
    path = write_diary(tmp_path / "diary.csv", ())
    assert path.read_text().strip() == ",".join(DIARY_COLUMNS)
    assert read_diary(path) == ()


@pytest.mark.parametrize(
    "text",
    [
        "date,stress\n2026-05-01,4\n",
        "\ufeffDate, Stress \r\n2026-05-01, 4 \r\n\r\n",
        "stress,date\n4,2026-05-01",
    ],
)
def test_spreadsheets_may_write_as_they_like(table, text):
    (entry,) = read_diary(table(text))
    assert (entry.on, entry.stress) == (date(2026, 5, 1), 4.0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "missing 'date'"),
        ("stress\n4\n", "missing 'date'"),
        ("date,stres\n2026-05-01,4\n", "unknown 'stres'"),
        ("date,date\n", "more than once 'date'"),
        ("date;stress\n2026-05-01;4\n", "separated by commas"),
        ("date,stress\n2026-05-01,4\n2026-05-02\n", "row 2: expected 2 cells, got 1"),
        ("date,notes\n2026-05-01,a,b\n", "Text with a comma needs quotes"),
        ("date\n1.5.2026\n", "row 1, column date: expected a day such as"),
        ("date\n20260501\n", "row 1, column date"),
        ("date\n2026-02-30\n", "row 1, column date"),
        ("date\n2026-05-01\n2026-06-02\n", "row 2, column date.*not in the future"),
        ("date\n2026-05-01\n2026-05-01\n", "row 2, column date: expected one row a"),
        ('date,stress\n2026-05-01,"3,5"\n', "row 1, column stress: .* with a point"),
        ("date,stress\n2026-05-01,nan\n", "row 1, column stress"),
        ("date,stress\n2026-05-01,-1\n", "row 1, column stress: .* 0 to 10, got -1"),
        ("date,sleep_hours\n2026-05-01,25\n", "row 1, column sleep_hours"),
        (b"date,notes\n2026-05-01,m\xfcde\n", "expected UTF-8"),
        ('date,notes\n2026-05-01,"open\n', "line"),
    ],
)
def test_a_wrong_diary_is_refused_by_row_and_column(table, text, told):
    with pytest.raises(BadTable, match=told):
        read_diary(table(text), latest=date(2026, 6, 1))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("date\n2026-05-01\n", "missing 'kind'"),
        ("date,kind\n2026-05-01,botox\n", "row 1, column kind: expected one of botul"),
        ("date,kind,side\n2026-05-01,other,up\n", "row 1, column side"),
        ("date,kind,units\n2026-05-01,other,-2\n", "row 1, column units: .*got -2"),
        ("date,kind,units\n2026-05-01,other,2U\n", "row 1, column units"),
        ("date,kind,muscles\n2026-05-01,other,risorius=x\n", "row 1, column muscles"),
        ("date,kind,side_effects\n2026-05-01,other,x\n", "row 1, column side_effects"),
        ("date,kind,muscles\n2026-05-01,other,a=1;a=2\n", "row 1, column muscles"),
        ("date,kind,muscles\n2026-05-01,other,a=-1\n", "row 1, column units of a"),
        ("date,kind\n2026-07-01,other\n", "row 1, column date"),
    ],
)
def test_wrong_treatments_are_refused_by_row_and_column(table, text, told):
    with pytest.raises(BadTable, match=told):
        read_treatments(table(text), latest=date(2026, 6, 1))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(BadTable, match="cannot be read"):
        read_diary(tmp_path / "none.csv")


def test_muscles_survive_as_text():
    told = {"orbicularis oculi": 12.5, "risorius": NAN, "mentalis": 2.0}
    text = muscles_to_text(told)
    assert text == "orbicularis oculi=12.5; risorius; mentalis=2"
    assert repr(muscles_from_text(text)) == repr(told)
    assert muscles_from_text("") == {}


def test_every_column_is_documented():
    from pathlib import Path

    page = (Path(__file__).parents[4] / "docs" / "journal.md").read_text("utf-8")
    for column in (*DIARY_COLUMNS, *TREATMENT_COLUMNS):
        assert f"| `{column}` |" in page, column
