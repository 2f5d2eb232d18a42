"""The data dictionary says what is really written, and the pages say the same."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from twitch_tracker.exchange.coding.recording import Coding
from twitch_tracker.exchange.dictionary import Column, columns, dictionary_text
from twitch_tracker.exchange.signals import write_signals
from twitch_tracker.exchange.tables import (
    BLINK_COLUMNS,
    EPISODE_COLUMNS,
    write_blinks,
    write_episodes,
)
from twitch_tracker.records import Session

DOCS = Path(__file__).parents[3] / "docs"

CHECKS: dict[str, Callable[[str], object]] = {
    "number": float,
    "whole number": int,
    "text": str,
    "list": str,
    "day": date.fromisoformat,
    "moment": datetime.fromisoformat,
    "yes/no": {"yes": True, "no": False}.__getitem__,
}
"""How a cell of each type is read; raises when it is none."""


def names(file: str) -> list[str]:
    return [column.column for column in columns(file)]


def check_cells(path: Path, file: str) -> None:
    """Every cell is what the dictionary says, and empty only where that is allowed."""
    known: dict[str, Column] = {column.column: column for column in columns(file)}
    with path.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert rows
    assert list(rows[0]) == list(known)
    for row in rows:
        for name, cell in row.items():
            if cell:
                CHECKS[known[name].type](cell)
            else:
                assert known[name].missing, f"{file}: {name} is empty"


def test_what_is_written_of_a_recording(
    make_coding: Callable[..., Coding], session: Session, tmp_path: Path
):
    bursts = (*make_coding().episodes, *session.episodes)
    write_episodes(tmp_path / "episodes.csv", bursts)
    write_blinks(tmp_path / "blinks.csv", (*make_coding().blinks, *session.blinks))
    check_cells(tmp_path / "episodes.csv", "episodes.csv")
    check_cells(tmp_path / "blinks.csv", "blinks.csv")
    assert names("episodes.csv") == list(EPISODE_COLUMNS)
    assert names("blinks.csv") == list(BLINK_COLUMNS)


def test_the_signals(session: Session, tmp_path: Path):
    import pyarrow.parquet as pq

    write_signals(tmp_path / "s.parquet", session)
    schema = pq.read_schema(tmp_path / "s.parquet")
    assert sorted(names("signals.parquet")) == sorted(schema.names)
    kinds = {c.column: c.type for c in columns("signals.parquet")}
    for field in schema:
        kind = str(field.type)
        expected = {"bool": "true/false", "string": "list"}.get(kind, "number")
        assert kinds[field.name] == expected


def test_diary_and_treatments():
    tables = pytest.importorskip("twitch_tracker.journal.files.tables")
    assert names("diary.csv") == list(tables.DIARY_COLUMNS)
    assert names("treatments.csv") == list(tables.TREATMENT_COLUMNS)


def test_the_series_of_progression():
    series = pytest.importorskip("twitch_tracker.report.progress.series")
    assert names("series.csv") == list(series.COLUMNS)
    assert names("series.parquet") == list(series.COLUMNS)


@pytest.mark.parametrize("file", ["episodes.csv", "blinks.csv", "signals.parquet"])
def test_the_page_on_files_says_the_same(file: str):
    """Units and meanings word by word; only marks of formatting differ."""
    page = (DOCS / "files.md").read_text(encoding="utf-8")
    (part,) = [
        p for p in re.split(r"^## ", page, flags=re.MULTILINE) if p.startswith(file)
    ]
    told = re.findall(r"^\| `([^`]+)` \| (.*?) \| (.*?) \|$", part, flags=re.MULTILINE)
    known = {column.column: column for column in columns(file)}
    assert told
    for name, unit, meaning in told:
        filled = name.replace("<side>", "left").replace("<region>", "cheek")
        assert plain(unit) == known[filled].unit
        assert plain(meaning) == known[filled].meaning


def plain(text: str) -> str:
    return re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text).replace("`", "")


def test_the_dictionary_is_a_table_of_six_columns_without_gaps():
    rows = list(csv.DictReader(dictionary_text().splitlines()))
    assert list(rows[0]) == ["file", "column", "unit", "type", "meaning", "missing"]
    assert len(rows) == len(columns()) > 150
    for row in rows:
        assert all(row[name] for name in ("file", "column", "unit", "type", "meaning"))
        assert row["type"] in {*CHECKS, "true/false"}
    places = [(row["file"], row["column"]) for row in rows]
    assert len(set(places)) == len(places)


def test_a_file_that_is_not_known_has_no_columns():
    assert columns("nothing.csv") == ()
