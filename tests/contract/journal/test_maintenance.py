"""What every journal promises of checks and backups."""

from __future__ import annotations

import hashlib
import os
import zipfile

import pytest
from sqlalchemy import delete, update

from twitch_tracker.errors import BadParameter, JournalDamaged, OutputNotWritable
from twitch_tracker.exchange.disk.durable import put_in_place
from twitch_tracker.history import Basis
from twitch_tracker.journal.entries import FindingKind, ReviewAction
from twitch_tracker.journal.open import open_journal
from twitch_tracker.journal.store.schema import (
    blinks,
    episodes,
    revisions,
    side_totals,
)
from twitch_tracker.journal.upkeep.backup import restore
from twitch_tracker.journal.upkeep.backup_contents import BEGUN, read_manifest
from twitch_tracker.wording.journal.findings import finding_advice, finding_text


@pytest.fixture
def filled(journal, make_analysis, tmp_path):
    """Fill the journal: two recordings with signals, the first one reviewed."""
    for number in (1, 2):
        signals = tmp_path / f"{number}.parquet"
        signals.write_bytes(os.urandom(5_000))
        journal.log("anna", make_analysis(number, signals=signals))
    (first, _) = journal.recordings("anna")
    for key in ("d1", "d2", "d3", "d4"):
        journal.review(first.recording_id, "eva", ReviewAction.CONFIRM, key)
    journal.finish_review(first.recording_id, "eva")
    return journal


def wreck(journal, statement):
    with journal._database.write() as connection:
        connection.execute(statement)


def files_of(journal):
    return sorted(path for path in journal.home.rglob("*.parquet"))


def test_a_sound_journal_has_no_findings(filled):
    assert filled.check() == ()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (delete(episodes).where(episodes.c.number == 2), "totals (detected)"),
        (update(episodes).values(end_s=episodes.c.end_s + 1), "totals (reviewed)"),
        (update(episodes).values(brow_lift=True), "totals (detected)"),
        (update(revisions).values(excluded="[]"), "totals (detected)"),
        (
            delete(side_totals).where(side_totals.c.basis == "reviewed"),
            "totals (reviewed)",
        ),
        (
            delete(side_totals).where(side_totals.c.side == "left"),
            "totals (detected)",
        ),
        (delete(blinks), "expected 1 blinks, got 0"),
        (update(revisions).values(number=2), "expected 1 revisions"),
    ],
)
def test_what_does_not_fit_together_is_found(filled, statement, told):
    wreck(filled, statement)
    findings = filled.check()
    assert any(told in finding_text(finding) for finding in findings), findings
    assert all(finding_advice(finding) for finding in findings)


def test_a_changed_or_missing_file_is_found(filled):
    changed, missing = files_of(filled)
    changed.write_bytes(b"other")
    missing.unlink()
    kinds = {finding.kind for finding in filled.check()}
    assert kinds == {FindingKind.SIGNALS_CHANGED, FindingKind.SIGNALS_MISSING}


def test_left_over_files_are_found_and_tidied_but_no_other(filled):
    kept = files_of(filled)
    (kept[0].parent / ".1234.part").write_bytes(b"half")
    (kept[0].parent / f"{'0' * 64}.parquet").write_bytes(b"orphan")
    findings = filled.check()
    assert len(findings) == 2
    assert all("--tidy" in finding_advice(finding) for finding in findings)
    assert filled.tidy() == 2
    assert files_of(filled) == kept
    assert filled.check() == ()


PLACES = ("../letters/{name}", "recordings/../../letters/{name}", "letters/{name}")


@pytest.mark.parametrize("place", [*PLACES, "{letters}/{name}", "journal.sqlite3"])
@pytest.mark.parametrize("act", ["forget", "remove"])
def test_a_place_of_signals_that_leads_elsewhere_removes_nothing(
    filled, tmp_path, place, act
):
    """As in a backup that somebody else made."""
    name = f"{'0' * 64}.parquet"
    letters = [filled.home / "letters", filled.home.parent / "letters"]
    for folder in letters:
        folder.mkdir(parents=True)
        (folder / name).write_bytes(b"of the user")
    there = place.format(letters=letters[1], name=name)
    sha256 = hashlib.sha256(b"of the user").hexdigest()
    wreck(filled, update(revisions).values(signals_path=there, signals_sha256=sha256))
    assert filled.check() != ()
    if filled.place.endswith(".sqlite3"):
        packed = filled.backup(tmp_path / "backup.zip")
        with zipfile.ZipFile(packed) as files:
            assert not any("letters" in one for one in files.namelist())
    if act == "forget":
        filled.forget_patient("anna")
    else:
        filled.remove_recording(filled.recordings("anna")[0].recording_id)
    assert all((folder / name).exists() for folder in letters)
    filled.patients()
    database = filled._database.file
    assert database is None or database.exists()


def test_a_reader_goes_to_no_place_but_those_of_signals(filled):
    wreck(filled, update(revisions).values(signals_path="../letters/a.parquet"))
    (first, *_) = filled.recordings("anna")
    with pytest.raises(JournalDamaged, match="keeps none"):
        filled.analysis(first.recording_id)


# --- backups ----------------------------------------------------------------


def test_a_backup_restores_everything(filled, tmp_path):
    target = filled.backup(tmp_path / "backup.zip")
    assert restore(target, tmp_path / "new") == 1
    with open_journal(tmp_path / "new") as copy:
        assert copy.check() == ()
        for basis in Basis:
            assert repr(copy.history("anna", basis)) == repr(
                filled.history("anna", basis)
            )
        assert copy.recordings("anna") == filled.recordings("anna")
        assert copy.changes() == filled.changes()
        (first, _) = copy.recordings("anna")
        assert repr(copy.analysis(first.recording_id).bursts) == repr(
            filled.analysis(first.recording_id).bursts
        )
        assert len(copy.reviews(first.recording_id)) == 4


def test_a_restored_journal_can_be_written_on(filled, make_analysis, tmp_path):
    target = filled.backup(tmp_path / "backup.zip")
    restore(target, tmp_path / "new")
    with open_journal(tmp_path / "new") as copy:
        known = {entry.recording_id for entry in copy.recordings("anna")}
        assert copy.log("anna", make_analysis(3)).recording_id not in known
        with copy._database.read() as connection:
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    assert mode == "wal", "so that readers do not wait for writers"
    assert len(filled.recordings("anna")) == 2, "the backup is a copy"


def test_a_restore_killed_at_its_last_step_is_finished_at_the_next_opening(
    filled, tmp_path
):
    """All was in place but for the mark: else it would lie there for ever."""
    target = filled.backup(tmp_path / "backup.zip")
    restore(target, tmp_path / "new")
    (tmp_path / "new" / BEGUN).touch()
    with open_journal(tmp_path / "new") as copy:
        assert copy.check() == ()
    assert not (tmp_path / "new" / BEGUN).exists()


def test_whoever_looks_at_a_half_restored_journal_leaves_its_mark(filled, tmp_path):
    """What is there without its database is refused; the same restore may be tried again."""
    target = filled.backup(tmp_path / "backup.zip")
    restore(target, tmp_path / "new")
    (tmp_path / "new" / "journal.sqlite3").unlink()
    (tmp_path / "new" / BEGUN).touch()
    with pytest.raises(JournalDamaged, match="the database was lost"):
        open_journal(tmp_path / "new")
    assert (tmp_path / "new" / BEGUN).exists()
    assert restore(target, tmp_path / "new") == 1
    assert not (tmp_path / "new" / BEGUN).exists()


def test_a_backup_overwrites_nothing(filled, tmp_path):
    target = tmp_path / "backup.zip"
    target.write_text("mine")
    with pytest.raises(OutputNotWritable, match="already exists"):
        filled.backup(target)
    assert target.read_text() == "mine"
    with pytest.raises(OutputNotWritable):
        filled.backup(tmp_path / "nowhere" / "backup.zip")


def test_a_backup_is_not_restored_over_the_journal_that_it_is_of(filled, tmp_path):
    """Also where its database is elsewhere, and only its signals lie in the folder."""
    good = filled.backup(tmp_path / "good.zip")
    with pytest.raises(BadParameter, match="home: expected a folder without"):
        restore(good, filled.home)


def test_a_missing_signal_is_told_in_the_backup(filled, tmp_path):
    lost = files_of(filled)[0]
    lost.unlink()
    target = filled.backup(tmp_path / "backup.zip")
    (missing,) = read_manifest(target)["missing"]
    assert missing.endswith(lost.name)
    restore(target, tmp_path / "new")


@pytest.mark.parametrize("where", [0.3, 0.6, 0.9])
def test_a_damaged_backup_is_refused_and_leaves_nothing(filled, tmp_path, where):
    target = filled.backup(tmp_path / "backup.zip")
    content = bytearray(target.read_bytes())
    place = int(len(content) * where)
    content[place : place + 50] = bytes(50)
    target.write_bytes(bytes(content))
    with pytest.raises(JournalDamaged):
        restore(target, tmp_path / "new")
    assert not (tmp_path / "new" / "journal.sqlite3").exists()


def test_a_foreign_zip_is_no_backup(tmp_path):
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as packed:
        packed.writestr("letter.txt", "dear")
    for name in ("other.zip", "none.zip"):
        with pytest.raises(JournalDamaged, match="not a backup"):
            restore(tmp_path / name, tmp_path / "new")


ACTING = {
    "trigger": "CREATE TRIGGER keep AFTER DELETE ON patients BEGIN "
    "INSERT INTO kept VALUES (old.name); END",
    "view": "CREATE VIEW keep AS SELECT name FROM patients",
}


@pytest.mark.parametrize("kind", ACTING)
def test_what_keeps_the_removed_in_a_database_is_found_and_not_restored(
    filled, tmp_path, kind
):
    if not filled._database.sqlite:
        pytest.skip("a server's own rights say who may add a trigger")
    with filled._database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (name TEXT)")
        connection.exec_driver_sql(ACTING[kind])
    texts = [finding_text(finding) for finding in filled.check()]
    assert any(f"{kind} keep" in text for text in texts), texts
    packed = filled.backup(tmp_path / "backup.zip")
    with pytest.raises(JournalDamaged, match=f"{kind} keep"):
        restore(packed, tmp_path / "new")
    assert not (tmp_path / "new" / "journal.sqlite3").exists()


class KilledError(BaseException):
    """Stands for a program that ends in the middle."""


def killed_between_rows_and_signals(target, home, url, monkeypatch):
    """Restore into another database, killed at the second signal; then once more."""
    done = iter([put_in_place])

    def killed(part, place):
        step = next(done, None)
        if step is None:
            raise KilledError
        step(part, place)

    with monkeypatch.context() as patch:
        patch.setattr("twitch_tracker.journal.upkeep.backup.put_in_place", killed)
        with pytest.raises(KilledError):
            restore(target, home, url)
    assert restore(target, home, url) == 1
    assert not (home / BEGUN).exists()
    with open_journal(home, url) as copy:
        assert copy.check() == ()
        assert len(copy.recordings("anna")) == 2


def test_a_restore_into_another_database_that_was_killed_is_tried_again(
    filled, tmp_path, monkeypatch
):
    """Rows are there once the signals are: else the database would be refused."""
    target, url = filled.backup(tmp_path / "b.zip"), f"sqlite:///{tmp_path}/far.sqlite3"
    killed_between_rows_and_signals(target, tmp_path / "new", url, monkeypatch)


@pytest.mark.slow
def test_a_restore_into_postgresql_that_was_killed_is_tried_again(
    filled, new_postgresql, tmp_path, monkeypatch
):
    target = filled.backup(tmp_path / "b.zip")
    url = new_postgresql()
    killed_between_rows_and_signals(target, tmp_path / "new", url, monkeypatch)


@pytest.mark.slow
def test_a_backup_moves_into_postgresql_and_back(
    filled, make_analysis, new_postgresql, tmp_path
):
    url = new_postgresql()
    target = filled.backup(tmp_path / "one.zip")
    restore(target, tmp_path / "new", url)
    with open_journal(tmp_path / "new", url) as copy:
        assert copy.check() == ()
        assert repr(copy.history("anna")) == repr(filled.history("anna"))
        copy.log("anna", make_analysis(3))
        again = copy.backup(tmp_path / "two.zip")
        with pytest.raises(BadParameter, match="an empty database"):
            restore(target, tmp_path / "third", url)
    restore(again, tmp_path / "back")
    with open_journal(tmp_path / "back") as back:
        assert len(back.recordings("anna")) == 3
        assert back.check() == ()


# --- the audit, a part at a time --------------------------------------------


def test_a_part_of_the_changes_is_that_part_of_the_whole_list(filled, make_analysis):
    filled.add_patient("ben")
    filled.log("ben", make_analysis(7))
    every = filled.changes()
    anna = filled.changes("anna")
    assert 0 < len(anna) < len(every)
    reviews = tuple(change for change in anna if change.kind == "review")
    assert filled.changes("anna", kinds={"review"}) == reviews
    assert len(reviews) == 5
    assert filled.changes("anna", newest=3) == anna[-3:]
    assert filled.changes("anna", newest=3, skip=2) == anna[-5:-2]
    assert filled.changes("anna", kinds=["review"], newest=2, skip=4) == reviews[:1]
    assert filled.changes(newest=1) == every[-1:]
    assert filled.changes(skip=len(every) - 1) == every[:1]
    assert filled.changes("anna", kinds=()) == ()
