"""A journal that older software wrote is brought up to date, and loses nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import URL, MetaData, Table, insert, text

from twitch_tracker.history import Basis
from twitch_tracker.journal.entries import (
    Act,
    FindingKind,
    LogOutcome,
    ReviewAction,
    Way,
)
from twitch_tracker.journal.journal import Journal
from twitch_tracker.journal.migrating import VERSION_TABLE, _upgrade
from twitch_tracker.journal.open import open_journal
from twitch_tracker.journal.reviewed.ratings import coded_unseen
from twitch_tracker.journal.store.database import Database, connect, use_wal
from twitch_tracker.journal.store.schema import HEAD
from twitch_tracker.journal.store.sqlite import JOURNAL_FILE
from twitch_tracker.journal.upkeep.backup import _go_on_counting
from twitch_tracker.records import HardlyOpen
from twitch_tracker.regions import Side
from twitch_tracker.timebase import Interval


@pytest.fixture
def old_analysis(make_analysis, burst):
    """An analysis of which 30.5 to 31.0 s has a burst on both sides."""
    given = make_analysis()
    both = burst(30.5, 32.0)
    inserted = sorted((*given.episodes, both), key=lambda e: (e.span, e.side))
    return replace(given, episodes=tuple(inserted))


OLDER = Path(__file__).parent / "older"
"""Journals as older software left them, as SQL of SQLite."""


def _fill(source: sqlite3.Connection, target: Database, version: str) -> None:
    """Write the tables of an older version with the rows of a journal in SQLite."""
    source.row_factory = sqlite3.Row
    with target.write() as after:
        _upgrade(after, version)
        metadata = MetaData()
        metadata.reflect(after)
        for table in metadata.sorted_tables:
            rows = [] if table.name == VERSION_TABLE else _rows(source, table)
            if rows:
                after.execute(insert(table), rows)
        if not target.sqlite:
            _go_on_counting(after)


def _rows(source: sqlite3.Connection, table: Table) -> list[dict[str, object]]:
    """Read the rows of a table as it was; today's acts say otherwise who was blind."""
    rows = [dict(row) for row in source.execute(f"SELECT * FROM {table.name}")]  # noqa: S608
    for row in rows:
        if "way" in row:
            row["blind"] = row["way"] != "open"
    return [{column.name: row[column.name] for column in table.c} for row in rows]


@pytest.fixture
def place(request, tmp_path: Path) -> tuple[Path, str | None]:
    """Where an older journal is to be: its folder, and its URL when it is no file."""
    (tmp_path / "old").mkdir()
    if request.param == "postgresql":
        return tmp_path / "old", request.getfixturevalue("new_postgresql")()
    return tmp_path / "old", None


in_both = pytest.mark.parametrize(
    "place",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)],
    indirect=True,
)


@pytest.fixture
def old(place, tmp_path: Path, clock, old_analysis) -> Iterator[Callable[[], Journal]]:
    """Open a journal of the first version, with one reviewed recording of anna.

    Its reviewer took out the first burst and added one on the left.
    """
    home, url = place
    with open_journal(tmp_path / "today", clock=clock) as today:
        today.add_patient("anna")
        name = today.log("anna", old_analysis).recording_id
        keys = [burst.key for burst in today.analysis(name).bursts]
        acts = [Act(action=ReviewAction.REJECT, key=keys[0])]
        acts += [Act(action=ReviewAction.CONFIRM, key=key) for key in keys[1:]]
        added = replace(
            old_analysis.episodes[0],
            side=Side.LEFT,
            span=Interval(start_s=21.0, end_s=21.5),
        )
        acts += [Act(action=ReviewAction.ADD, after=added)]
        today.review_many(name, "eva", acts, finish=True)
    target = connect(url or URL.create("sqlite", database=str(home / JOURNAL_FILE)))
    use_wal(target)
    with closing(sqlite3.connect(tmp_path / "today" / JOURNAL_FILE)) as source:
        _fill(source, target, "0001")
    target.close()
    opened: list[Journal] = []

    def open_it() -> Journal:
        opened.append(open_journal(home, url, clock=clock))
        return opened[-1]

    yield open_it
    for journal in opened:
        journal.close()


@pytest.fixture
def second(place, clock) -> Iterator[Journal]:
    """Open a journal that software of the second version wrote.

    Of anna's recording 1, kim marked two bursts from scratch, took one out, and finished
    three times (going on once, taking it back once); then kim checked it and wrote the
    note "finished". Recording 2 was finished by eva, who was blind, and begun by ben; kim
    finished it from scratch and took that back. Recording 3 was coded unseen by lee, who
    wrote a note later.
    """
    home, url = place
    script = (OLDER / "version_0002.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(":memory:" if url else home / JOURNAL_FILE)) as source:
        source.executescript(script)
        if url:
            target = connect(url)
            _fill(source, target, "0002")
            target.close()
    with open_journal(home, url, clock=clock) as journal:
        yield journal


def spans(bursts) -> list[tuple[float, float, str]]:
    return [
        (b.episode.span.start_s, b.episode.span.end_s, b.episode.side) for b in bursts
    ]


@in_both
def test_an_older_journal_opens_with_all_that_it_held(old, old_analysis):
    with old() as journal:
        with journal._database.read() as connection:
            found = connection.execute(text("SELECT version_num FROM journal_version"))
            assert found.scalar_one() == HEAD
        (entry,) = journal.recordings("anna")
        analysis = journal.analysis(entry.recording_id)
        assert spans(analysis.bursts) == [
            (e.span.start_s, e.span.end_s, e.side) for e in old_analysis.episodes
        ]
        assert analysis.excluded == old_analysis.excluded
        assert entry.reviewed_by == "eva"
        assert journal.check() == ()


@in_both
def test_a_line_of_the_changes_that_is_lost_later_is_found(second):
    """The version that wrote it did not count them."""
    assert second.check() == ()
    with second._database.write() as connection:
        newest = "(SELECT max(id) FROM changes)"
        connection.execute(text(f"DELETE FROM changes WHERE id = {newest}"))  # noqa: S608
    assert FindingKind.CHANGES_MISCOUNTED in {one.kind for one in second.check()}


@in_both
def test_nobody_had_looked_whether_anything_was_cut_off(old):
    with old() as journal:
        (entry,) = journal.recordings("anna")
        analysis = journal.analysis(entry.recording_id)
        assert not any(burst.episode.cut for burst in analysis.bursts)
        assert analysis.hardly_open is None, "which is not the same as never"
        for basis in (Basis.DETECTED, Basis.REVIEWED):
            (counted,) = journal.history("anna", basis).recordings
            for totals in counted.sides.values():
                assert totals.onset_cut.tolist() == [False] * totals.episodes
                assert totals.offset_cut.tolist() == [False] * totals.episodes
                assert np.isnan(totals.hardly_open_s)


@in_both
def test_bursts_on_both_sides_follow_from_their_times(old):
    with old() as journal:
        (entry,) = journal.recordings("anna")
        bursts = journal.analysis(entry.recording_id).bursts
        both = [b for b in bursts if b.episode.bilateral]
        assert spans(both) == [(30.0, 31.0, "left"), (30.5, 32.0, "right")]
        (detected,) = journal.history("anna", Basis.DETECTED).recordings
        (reviewed,) = journal.history("anna", Basis.REVIEWED).recordings
        assert [detected.sides[side].bilateral for side in Side] == [1, 1]
        assert [reviewed.sides[side].bilateral for side in Side] == [2, 2]


@in_both
def test_what_it_held_is_the_same_analysis_still(old, old_analysis):
    with old() as journal:
        logged = journal.log("anna", old_analysis)
        assert logged.outcome is LogOutcome.NOTHING_NEW
        shut = HardlyOpen(span=Interval(start_s=1.0, end_s=4.0), side=Side.LEFT)
        logged = journal.log("anna", replace(old_analysis, hardly_open=(shut,)))
        assert logged.outcome is LogOutcome.NEW_REVISION
        assert journal.analysis(logged.recording_id).hardly_open == (shut,)
        assert journal.check() == ()


@in_both
def test_it_is_brought_up_to_date_once(old):
    old().close()
    with old() as journal:
        assert journal.check() == ()


@in_both
def test_nobody_had_said_no_to_a_known_face(old):
    with old() as journal:
        assert journal.patient("anna").no_known_face is False
        assert journal.refuse_known_face("anna", True).no_known_face is True


# --- the way of rating --------------------------------------------------------------


@in_both
def test_ratings_from_scratch_are_told_by_a_column(second):
    kim = [act for act in second.reviews("1") if act.from_scratch]
    assert {act.rater for act in kim} == {"kim"}
    assert [(act.action, act.key, act.text) for act in kim] == [
        (ReviewAction.ADD, "a1", ""),
        (ReviewAction.ADD, "a2", ""),
        (ReviewAction.NOTE, "a1", "finished"),
        (ReviewAction.REJECT, "a2", ""),
    ], "what somebody wrote of a burst is kept, what finished is not a note any more"
    own = second.reviewed_bursts("1", "kim", way=Way.SCRATCH)
    assert [burst.key for burst in own] == ["a1"]
    checked = [act for act in second.reviews("1") if not act.from_scratch]
    assert {act.way for act in checked} == {Way.OPEN}
    assert checked[-1].text == "finished"
    assert second.recording("1").reviewed_by == "kim"


@in_both
def test_who_had_finished_has_finished(second):
    finished = {
        (one.recording_id, one.rater, one.from_scratch)
        for one in second.ratings("anna")
    }
    assert finished == {
        ("1", "kim", False),
        ("1", "kim", True),
        ("2", "eva", False),
        ("3", "lee", False),
    }, "not kim of recording 2, who took it back"
    with second._database.read() as connection:
        marks = connection.execute(
            text(
                "SELECT rater, way, finished, at FROM review_marks "
                "WHERE revision_id = 1 ORDER BY id"
            )
        ).all()
    told = [(rater, way, bool(done), at[14:16]) for rater, way, done, at in marks]
    assert told == [
        ("kim", "open", True, "12"),
        ("kim", "scratch", True, "04"),
        ("kim", "scratch", False, "05"),
        ("kim", "scratch", True, "06"),
        ("kim", "scratch", False, "07"),
        ("kim", "scratch", True, "08"),
    ]


@in_both
def test_who_was_blind_and_who_coded_unseen_is_known(second):
    ways = {(act.rater, act.way) for act in second.reviews("2")}
    assert ways == {("eva", Way.BLIND), ("ben", Way.OPEN)}
    coded = second.reviews("3", "lee")
    assert [act.coded_unseen for act in coded] == [True, True, False]
    assert [act.text for act in coded] == ["", "", "a dim film"]
    assert coded_unseen(coded)
    assert second.check() == ()


@in_both
def test_it_goes_on_as_if_it_had_always_been_so(second, burst):
    """Kim opens a finished rating again by marking one more."""
    added = second.review(
        "1", "kim", ReviewAction.ADD, after=burst(50, 51), way=Way.SCRATCH
    )
    assert added.key == "a3"
    assert [one.from_scratch for one in second.ratings("anna", "1")] == [False]
    undone = second.review("1", "kim", ReviewAction.UNDO, way=Way.SCRATCH)
    assert undone.undoes == added.review_id
    second.finish_review("1", "kim", way=Way.SCRATCH)
    assert [one.from_scratch for one in second.ratings("anna", "1")] == [False, True]
