"""What was sound in the eyes of `check` and of backups, and is not.

Statements go past the journal, as damage or another program does.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from odd_inputs import small_journal
from sqlalchemy import update

from twitch_tracker.errors import JournalDamaged, JournalError, OutputNotWritable
from twitch_tracker.history import DiaryEntry, Task, Treatment, TreatmentKind
from twitch_tracker.journal.entries import Act, FindingKind, ReviewAction
from twitch_tracker.journal.open import open_journal
from twitch_tracker.journal.store.schema import side_totals
from twitch_tracker.journal.upkeep import backup, backup_contents
from twitch_tracker.journal.upkeep.backup import restore
from twitch_tracker.journal.upkeep.backup_contents import read_manifest
from twitch_tracker.regions import Side
from twitch_tracker.wording.journal.findings import finding_advice, finding_text

K = FindingKind


@pytest.fixture(scope="session")
def filled_before(tmp_path_factory) -> Path:
    """Where the first SQLite journal is kept, for the others to be copies of."""
    return tmp_path_factory.mktemp("filled") / "home"


@pytest.fixture
def full(request, opener, make_analysis, tmp_path, filled_before):
    """A journal with something of everything, in SQLite or on a server."""
    sqlite = request.node.callspec.params["opener"] == "sqlite"
    if sqlite and filled_before.exists():
        shutil.copytree(filled_before, tmp_path / "home")
        return opener()
    journal = opener()
    fill(journal, make_analysis, tmp_path)
    if sqlite:
        assert journal._database.shred(), "all of it is in the file itself"
        beside = shutil.ignore_patterns("*-wal", "*-shm")
        shutil.copytree(tmp_path / "home", filled_before, ignore=beside)
    return journal


def fill(journal, make_analysis, tmp_path) -> None:
    journal.add_patient("anna")
    signals = tmp_path / "signals.parquet"
    signals.write_bytes(b"signals")
    journal.log("anna", make_analysis(1, signals=signals))
    journal.log("anna", make_analysis(2))
    keys = [burst.key for burst in journal.analysis("1").bursts]
    acts = [Act(action=ReviewAction.CONFIRM, key=key) for key in keys]
    journal.review_many("1", "eva", acts, finish=True)
    journal.change_recording("2", note="tired", task=Task.SMILING)
    journal.write_diary("anna", [DiaryEntry(on=date(2026, 1, 2), stress=3)])
    given = Treatment(
        kind=TreatmentKind.BOTULINUM_TOXIN,
        on=date(2026, 1, 2),
        side=Side.LEFT,
        units=20.0,
        muscles={"orbicularis oculi": 12.5},
    )
    journal.add_treatments("anna", [given])
    assert journal.check() == ()


def wreck(journal, *statements: str) -> None:
    with journal._database.write() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


CHANGED = (
    ("UPDATE episodes SET confidence = 0.99", K.ANALYSIS_CHANGED),
    ("UPDATE episodes SET side = 'left' WHERE number = 1", K.ANALYSIS_CHANGED),
    ("UPDATE episodes SET number = 9 WHERE number = 4", K.ANALYSIS_CHANGED),
    ("UPDATE blinks SET number = 2", K.ANALYSIS_CHANGED),
    ("UPDATE revisions SET analysable_s = analysable_s * 2", K.ANALYSIS_CHANGED),
    ("UPDATE revisions SET mouth_reach_left_mm = 9.5", K.ANALYSIS_CHANGED),
    ("UPDATE revisions SET recorded_s = recorded_s * 2", K.ANALYSIS_CHANGED),
    ("UPDATE revisions SET digest = 'abc' WHERE id = 1", K.ANALYSIS_CHANGED),
    ("UPDATE revisions SET parameters = '{\"enter\":9}'", K.ANALYSIS_CHANGED),
    ("UPDATE methods SET tracker = 'other'", K.ANALYSIS_CHANGED),
    ("UPDATE blinks SET closure_left = 0.5", K.ANALYSIS_CHANGED),
    ("UPDATE recordings SET task = 'rest' WHERE id = 2", K.ROW_CHANGED),
    ("UPDATE recordings SET device = 'another'", K.ROW_CHANGED),
    ("UPDATE recordings SET started_epoch_s = 1", K.ROW_UNREADABLE),
    ("UPDATE reviews SET rater = 'ben' WHERE id = 1", K.ROW_CHANGED),
    ("UPDATE reviews SET action = 'reject' WHERE id = 1", K.ROW_CHANGED),
    ("UPDATE review_marks SET rater = 'ben'", K.ROW_CHANGED),
    ("UPDATE treatments SET units = 200", K.ROW_CHANGED),
    ("UPDATE treatments SET side = 'right'", K.ROW_CHANGED),
    ("UPDATE treatments SET day = '2025-01-02'", K.ROW_CHANGED),
    ("DELETE FROM treatments", K.ROW_CHANGED),
    ("UPDATE diary SET stress = 4", K.ROW_CHANGED),
    ("UPDATE diary SET day = '2025-01-02'", K.ROW_CHANGED),
    ("UPDATE patients SET notes = 'other'", K.ROW_CHANGED),
    ("UPDATE patients SET name = 'ben'", K.ROW_CHANGED),
    ("UPDATE patients SET films_kept_days = 0", K.ROW_CHANGED),
    ("UPDATE patients SET no_known_face = true", K.ROW_CHANGED),
    ("UPDATE methods SET software_version = '0.0.9'", K.ROW_CHANGED),
    ("UPDATE changes SET \"by\" = 'nobody' WHERE id = 1", K.CHANGE_DAMAGED),
    ("UPDATE changes SET before = '{}' WHERE id = 2", K.CHANGE_DAMAGED),
    ("DELETE FROM changes WHERE id = 2", K.CHANGES_MISCOUNTED),
    (
        "DELETE FROM changes WHERE id = (SELECT max(id) FROM changes)",
        K.CHANGES_MISCOUNTED,
    ),
    ("UPDATE changes SET id = 900 WHERE id = 2", K.CHANGES_MISCOUNTED),
    (
        (
            "INSERT INTO changes SELECT 900, at, 'eva', action, kind, name, patient_id, "
            "before, after FROM changes WHERE id = 2"
        ),
        K.CHANGES_MISCOUNTED,
    ),
    ("DELETE FROM reviews WHERE id = 2", K.ROW_CHANGED),
    ("UPDATE reviews SET id = 90 WHERE id = 2", K.ROW_CHANGED),
    (
        (
            "INSERT INTO reviews SELECT 90, revision_id, rater, at, action, burst_key, "
            "before, after, text, undoes, way, coded_unseen, misfits FROM reviews "
            "WHERE id = 2"
        ),
        K.ROW_CHANGED,
    ),
    ("UPDATE changes SET after = NULL WHERE id = 2", K.CHANGES_MISCOUNTED),
    ("DELETE FROM change_counts", K.CHANGES_MISCOUNTED),
    ("UPDATE change_counts SET lines = 1", K.CHANGES_MISCOUNTED),
    ("UPDATE change_counts SET digest = '0123456789abcdef'", K.CHANGES_MISCOUNTED),
    ("UPDATE diary SET stress = 400", K.ROW_UNREADABLE),
    ("UPDATE treatments SET muscles = '{'", K.ROW_UNREADABLE),
    ("UPDATE treatments SET kind = 'magic'", K.ROW_UNREADABLE),
    ("UPDATE treatments SET day = 'yesterday'", K.ROW_UNREADABLE),
    ("UPDATE episodes SET kind = 'odd'", K.ROW_UNREADABLE),
    ("UPDATE episodes SET end_s = -5", K.ROW_UNREADABLE),
    ("UPDATE episodes SET reasons = '['", K.ROW_UNREADABLE),
    ("UPDATE revisions SET summary = '[]'", K.ROW_UNREADABLE),
    ("UPDATE revisions SET excluded = '[[1]]'", K.ROW_UNREADABLE),
    ("UPDATE recordings SET started_at = 'once'", K.ROW_UNREADABLE),
    ("UPDATE recordings SET content_sha256 = 'x' WHERE id = 1", K.ROW_UNREADABLE),
    ("UPDATE review_marks SET way = 'odd'", K.ROW_UNREADABLE),
    ("UPDATE reviews SET misfits = '{' WHERE id = 1", K.ROW_UNREADABLE),
    ("UPDATE reviews SET misfits = '[[3]]' WHERE id = 1", K.ROW_UNREADABLE),
    ("UPDATE reviews SET misfits = '[[\"odd\"]]' WHERE id = 1", K.ROW_UNREADABLE),
    ("UPDATE reviews SET misfits = '[[\"no_film\", 3]]'", K.ROW_UNREADABLE),
    ("UPDATE changes SET after = '{'", K.ROW_UNREADABLE),
)


CONSISTENTLY_GONE = (
    (
        "DELETE FROM review_marks",
        "DELETE FROM side_totals WHERE basis = 'reviewed'",
    ),
    (
        "DELETE FROM episodes WHERE revision_id = 2",
        "DELETE FROM blinks WHERE revision_id = 2",
        "DELETE FROM side_totals WHERE revision_id = 2",
        "DELETE FROM revisions WHERE id = 2",
        "DELETE FROM recordings WHERE id = 2",
    ),
)
"""A finished review; a recording without signals that nobody reviewed."""


@pytest.mark.parametrize("statements", CONSISTENTLY_GONE)
def test_what_is_gone_with_all_that_hangs_on_it_is_missed(full, statements):
    wreck(full, *statements)
    assert K.ROW_CHANGED in {finding.kind for finding in full.check()}


@pytest.mark.parametrize(("statement", "kind"), CHANGED, ids=[s for s, _ in CHANGED])
def test_what_was_changed_behind_the_journal_is_found(full, statement, kind):
    wreck(full, statement)
    findings = full.check()
    assert kind in {finding.kind for finding in findings}, findings
    for finding in findings:
        assert finding_text(finding)
        assert finding_advice(finding)


MISTYPED = (
    "UPDATE episodes SET start_s = 'soon'",
    "UPDATE episodes SET side = x'ff'",
    "UPDATE episodes SET brow_lift = 7",
    "UPDATE revisions SET recorded_s = 'long'",
    "UPDATE treatments SET units = 'many'",
    "UPDATE side_totals SET bursts = 'two'",
    "UPDATE side_totals SET durations_s = 'abc'",
    "UPDATE recordings SET newest = 1.5",
    "UPDATE patients SET no_known_face = 'perhaps'",
)


@pytest.mark.parametrize("statement", MISTYPED)
def test_a_cell_of_another_type_is_found_and_ends_no_reader(full, statement):
    if not full._database.sqlite:
        pytest.skip("a server lets no such cell in")
    wreck(full, statement)
    assert K.CELL_WRONG in {finding.kind for finding in full.check()}
    for read in (
        full.patients,
        lambda: full.history("anna"),
        lambda: full.recordings("anna"),
        lambda: full.analysis("1"),
        lambda: full.treatments("anna"),
    ):
        with contextlib.suppress(JournalError):
            read()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE revisions SET excluded = '{'",
        "UPDATE revisions SET summary = '['",
        "UPDATE episodes SET kind = 'odd'",
        "UPDATE recordings SET started_at = 'once'",
    ],
)
def test_a_reader_of_a_damaged_row_says_so(full, statement):
    wreck(full, statement)
    with pytest.raises(JournalDamaged, match="holds a row that cannot be read"):
        full.recordings("anna")
        full.analysis("1")


def test_a_day_of_the_diary_holds_numbers_or_is_damaged(full):
    """Text where a number should be came through to the pages and ended them."""
    if not full._database.sqlite:
        pytest.skip("a server lets no such cell in")
    wreck(full, "UPDATE diary SET stress = ''")
    with pytest.raises(JournalDamaged, match="holds a row that cannot be read"):
        full.diary("anna")


@pytest.mark.parametrize("column", ["durations_s", "excursions_mm", "offset_cut"])
def test_totals_of_different_bursts_are_damaged(full, column):
    """They came through to the course, and ended its page."""
    with full._database.write() as connection:
        connection.execute(update(side_totals).values({column: b""}))
    with pytest.raises(JournalDamaged, match="holds a row that cannot be read"):
        full.history("anna")


def test_text_that_is_no_text_is_found(full):
    if not full._database.sqlite:
        pytest.skip("a server lets no such text in")
    wreck(full, "UPDATE patients SET notes = CAST(x'ff41' AS TEXT)")
    findings = full.check()
    assert {finding.kind for finding in findings} & {K.TABLE_UNREADABLE, K.ROW_CHANGED}


@pytest.mark.parametrize(
    ("table", "before", "after"),
    [
        ("diary", "stress DOUBLE", "stress DOURLE"),
        ("diary", "stress DOUBLE", "stress DO\xd5BLE"),
    ],
)
def test_a_column_that_is_declared_otherwise_is_found(full, table, before, after):
    """By its declaration SQLite chooses how a number is given, and which column it is.

    tests/fuzz found them, and that the check went on to read what it had found.
    """
    if not full._database.sqlite:
        pytest.skip("a server looks after its own declarations")
    with closing(sqlite3.connect(full._database.file)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        said = "UPDATE sqlite_master SET sql = CAST(? AS TEXT) WHERE name = ?"
        asked = "SELECT sql FROM sqlite_master WHERE name = ?"
        (sql,) = connection.execute(asked, (table,)).fetchone()
        assert before in sql
        changed = sql.replace(before, after).encode("latin-1")
        connection.execute(said, (changed, table))
        connection.commit()
    full.close()
    with open_journal(full.home) as damaged:
        found = damaged.check()
        assert K.DATABASE_DAMAGED in {one.kind for one in found}
        assert not any("cannot be used now" in finding_text(one) for one in found)


def test_a_check_goes_no_further_where_columns_are_declared_otherwise(
    tmp_path, session
):
    """It read totals out of the wrong columns, and ended unforeseen (tests/fuzz)."""
    file = small_journal(tmp_path / "home", session)
    content = file.read_bytes()
    assert content.count(b"analysed_at TEXT") == 1
    file.write_bytes(content.replace(b"analysed_at TEXT", b"ana,ysed_at TEXT"))
    with open_journal(tmp_path / "home") as damaged:
        (found,) = damaged.check()
    assert found.kind is K.DATABASE_DAMAGED


def test_the_seals_are_no_part_of_what_changed(full):
    for change in full.changes():
        for told in (change.before, change.after):
            assert not any(name.startswith("_") for name in told or {})


# --- backups ----------------------------------------------------------------


def test_a_truncated_signal_is_told_and_not_blessed(full, tmp_path):
    (signal,) = full.home.rglob("*.parquet")
    signal.write_bytes(signal.read_bytes()[:3])
    target = full.backup(tmp_path / "b.zip")
    (damaged,) = read_manifest(target)["damaged"]
    assert damaged.endswith(signal.name)
    restore(target, tmp_path / "new")
    with open_journal(tmp_path / "new") as copy:
        assert {finding.kind for finding in copy.check()} == {K.SIGNALS_CHANGED}


def test_the_backup_of_an_unsound_journal_says_so(full, tmp_path):
    assert read_manifest(full.backup(tmp_path / "a.zip"))["findings"] == 0
    wreck(full, "UPDATE treatments SET units = 200")
    assert read_manifest(full.backup(tmp_path / "b.zip"))["findings"] == 1


def manifest_changed(target, **changes):
    """Rewrite a backup with another manifest."""
    with zipfile.ZipFile(target) as packed:
        content = {name: packed.read(name) for name in packed.namelist()}
    manifest = {**json.loads(content["manifest.json"]), **changes}
    content["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(target, "w") as packed:
        for name, data in content.items():
            packed.writestr(name, data)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"files": {}}, "expected a backup with journal.sqlite3"),
        ({"files": []}, "files: expected an object"),
        ({"files": {"journal.sqlite3": 5}}, "journal.sqlite3: expected text"),
        ({"files": {"journal.sqlite3": "ab"}}, "journal.sqlite3: expected a hash"),
        ({"format": 3}, "expected a backup of format 1 or 2, got 3"),
        ({"format": [[]]}, "expected a backup of format 1 or 2"),
        ({"format": 2}, "in an encrypted backup and in no other"),
        ({"missing": 5}, "missing: expected a list"),
    ],
)
def test_an_odd_manifest_is_refused_with_its_place(full, tmp_path, changes, told):
    target = full.backup(tmp_path / "b.zip")
    manifest_changed(target, **changes)
    with pytest.raises(JournalDamaged, match=told):
        restore(target, tmp_path / "new")
    assert not list((tmp_path / "new").glob("*"))


@pytest.mark.parametrize(
    "name",
    ["../out", "recordings/../../out", "/out", "C:\\out", "recordings\\..\\x", "", "x"],
)
def test_nothing_is_written_outside_of_the_journal(full, tmp_path, name):
    target = full.backup(tmp_path / "b.zip")
    files = {**read_manifest(target)["files"], name: "a" * 64}
    manifest_changed(target, files=files)
    with pytest.raises(JournalDamaged):
        restore(target, tmp_path / "new")


def test_a_small_zip_does_not_become_a_large_manifest(tmp_path):
    target = tmp_path / "b.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("manifest.json", bytes(50 * 2**20))
    assert target.stat().st_size < 100_000
    with pytest.raises(JournalDamaged, match="expected at most 16 MB, got 50 MB"):
        read_manifest(target)


def test_a_database_that_is_no_journal_does_not_restore(full, tmp_path):
    target = full.backup(tmp_path / "b.zip")
    other = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(other)) as made:
        made.execute("CREATE TABLE letters (text)")
    manifest = {
        "format": 1,
        "made_at": "",
        "files": {"journal.sqlite3": sha256(other.read_bytes()).hexdigest()},
        "missing": [],
    }
    with zipfile.ZipFile(target, "w") as packed:
        packed.write(other, "journal.sqlite3")
        packed.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(JournalDamaged, match="no journal"):
        restore(target, tmp_path / "new")


def test_a_full_target_is_not_told_as_a_damaged_journal(full, tmp_path, monkeypatch):
    if not full._database.sqlite:
        pytest.skip("SQLite's own copy")
    target = full.backup(tmp_path / "b.zip")

    def refuse(*_):
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    class Full:
        def __init__(self, raw):
            self.driver_connection = self
            self.backup = refuse
            self.close = raw.close

    raw = full._database.engine.raw_connection
    monkeypatch.setattr(full._database.engine, "raw_connection", lambda: Full(raw()))
    with pytest.raises(OutputNotWritable, match="free space"):
        full.backup(tmp_path / "c.zip")
    monkeypatch.undo()
    monkeypatch.setattr(
        backup_contents.shutil, "disk_usage", lambda _: type("", (), {"free": 10})
    )
    with pytest.raises(OutputNotWritable, match="the backup needs"):
        restore(target, tmp_path / "new")


def test_a_target_that_is_full_after_the_copy_is_told_so(full, tmp_path, monkeypatch):
    """SQLite wants a little more once all pages are there; that ended unforeseen."""
    if not full._database.sqlite:
        pytest.skip("SQLite's own copy")
    opened = backup.open_sqlite

    class Full(sqlite3.Connection):
        def execute(self, *_given):
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
            raise error

    def open_full(path, key):
        opened(path, key).close()
        return sqlite3.connect(path, factory=Full)

    monkeypatch.setattr(backup, "open_sqlite", open_full)
    with pytest.raises(OutputNotWritable, match="free space"):
        full.backup(tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()
