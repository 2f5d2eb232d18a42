"""A journal that older software wrote is brought up to date, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import URL, insert, select, text

from twitch_tracker.history import Basis
from twitch_tracker.journal.backup import _go_on_counting
from twitch_tracker.journal.care import DatabaseJournal
from twitch_tracker.journal.database import Database, connect, use_wal
from twitch_tracker.journal.entries import Act, LogOutcome, ReviewAction
from twitch_tracker.journal.migrating import _upgrade
from twitch_tracker.journal.migrations.versions import v0001_first_tables as first
from twitch_tracker.journal.open import open_journal
from twitch_tracker.journal.schema import HEAD
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


def _fill(source: Database, target: Database) -> None:
    """Write the tables of the first version with the rows of a journal of today."""
    with source.read() as before, target.write() as after:
        _upgrade(after, "0001")
        for table in first.metadata.sorted_tables:
            rows = before.execute(select(table)).mappings().all()
            if rows:
                after.execute(insert(table), [dict(row) for row in rows])
        if not target.sqlite:
            _go_on_counting(after)


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)],
)
def old(
    request, tmp_path: Path, clock, old_analysis
) -> Iterator[Callable[[], DatabaseJournal]]:
    """Open a journal of the first version, with one reviewed recording of anna.

    Its reviewer took out the first burst and added one on the left.
    """
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
        home, url = tmp_path / "old", None
        if request.param == "postgresql":
            url = request.getfixturevalue("new_postgresql")()
        home.mkdir()
        where = URL.create("sqlite", database=str(home / "journal.sqlite3"))
        target = connect(url or where)
        use_wal(target)
        _fill(today._database, target)
        target.close()
    opened: list[DatabaseJournal] = []

    def open_it() -> DatabaseJournal:
        opened.append(open_journal(home, url, clock=clock))
        return opened[-1]

    yield open_it
    for journal in opened:
        journal.close()


def spans(bursts) -> list[tuple[float, float, str]]:
    return [
        (b.episode.span.start_s, b.episode.span.end_s, b.episode.side) for b in bursts
    ]


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


def test_bursts_on_both_sides_follow_from_their_times(old):
    with old() as journal:
        (entry,) = journal.recordings("anna")
        bursts = journal.analysis(entry.recording_id).bursts
        both = [b for b in bursts if b.episode.bilateral]
        assert spans(both) == [(30.0, 31.0, "left"), (30.5, 32.0, "right")]
        (detected,) = journal.history("anna").recordings
        (reviewed,) = journal.history("anna", Basis.REVIEWED).recordings
        assert [detected.sides[side].bilateral for side in Side] == [1, 1]
        assert [reviewed.sides[side].bilateral for side in Side] == [2, 2]


def test_what_it_held_is_the_same_analysis_still(old, old_analysis):
    with old() as journal:
        logged = journal.log("anna", old_analysis)
        assert logged.outcome is LogOutcome.NOTHING_NEW
        shut = HardlyOpen(span=Interval(start_s=1.0, end_s=4.0), side=Side.LEFT)
        logged = journal.log("anna", replace(old_analysis, hardly_open=(shut,)))
        assert logged.outcome is LogOutcome.NEW_REVISION
        assert journal.analysis(logged.recording_id).hardly_open == (shut,)
        assert journal.check() == ()


def test_it_is_brought_up_to_date_once(old):
    old().close()
    with old() as journal:
        assert journal.check() == ()


def test_nobody_had_said_no_to_a_known_face(old):
    with old() as journal:
        assert journal.patient("anna").no_known_face is False
        assert journal.refuse_known_face("anna", True).no_known_face is True
