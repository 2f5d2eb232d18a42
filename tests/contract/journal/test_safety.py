"""Two writers, a kill at any moment, a full disk, damage, newer software."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from twitch_tracker.errors import (
    BadParameter,
    JournalDamaged,
    JournalError,
    JournalTooNew,
    JournalUnavailable,
)
from twitch_tracker.journal import open as opening
from twitch_tracker.journal.entries import Act, FindingKind, ReviewAction
from twitch_tracker.journal.migrating import MIGRATIONS, VERSION_TABLE
from twitch_tracker.journal.open import open_journal
from twitch_tracker.journal.store import database
from twitch_tracker.journal.store.schema import HEAD, REVISIONS_KNOWN, metadata

LOGGER = """
    import sys
    from datetime import UTC, datetime, timedelta
    from pathlib import Path
    from twitch_tracker.history import DiaryEntry, Method
    from twitch_tracker.journal.entries import Analysis
    from twitch_tracker.journal.open import open_journal
    from twitch_tracker.records import Episode, EpisodeKind
    from twitch_tracker.regions import Region, Side
    from twitch_tracker.timebase import Interval

    home, url, first, count, signals = sys.argv[1:]
    method = Method(
        tracker="t", tracker_weights_sha256="", detector="d", networks_sha256="",
        parameters_sha256="", software_version="1",
    )
    bursts = tuple(
        Episode(
            span=Interval(start_s=2.0 * n, end_s=2.0 * n + 1), side=Side.RIGHT,
            regions=(Region.EYELID,), lead_region=Region.EYELID,
            kind=EpisodeKind.CLONIC,
        )
        for n in range(200)
    )
    with open_journal(Path(home), url or None) as journal:
        for n in range(int(first), int(first) + int(count)):
            journal.log("anna", Analysis(
                content_sha256=f"{n:064x}", method=method, recorded_s=600.0,
                started_at=datetime.now(UTC) - timedelta(hours=n),
                analysable_s=600.0, episodes=bursts,
                signals=Path(signals) if signals else None,
            ))
            day = (datetime.now(UTC) - timedelta(days=n)).date()
            journal.write_diary("anna", [DiaryEntry(on=day, stress=3.0)])
            print(n, flush=True)
"""


@pytest.fixture
def logger(tmp_path):
    """Start a program that logs recordings and says after each that it is done."""
    script = tmp_path / "logger.py"
    script.write_text(textwrap.dedent(LOGGER))
    started: list[subprocess.Popen] = []

    def start(home, url="", first=1, count=10_000, signals="") -> subprocess.Popen:
        words = [script, home, url, first, count, signals]
        process = subprocess.Popen(
            [sys.executable, *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


# --- several at once --------------------------------------------------------


@pytest.mark.slow
def test_processes_that_write_at_once_lose_nothing(opener, journal, logger):
    """Four programs log 15 recordings each, half of them the same ones."""
    url = "" if journal._database.sqlite else journal._database.engine.url
    shown = url and url.render_as_string(hide_password=False)
    firsts = (1, 1, 101, 108)
    runs = [logger(journal.home, shown, first, 15) for first in firsts]
    for run in runs:
        _, errors = run.communicate(timeout=120)
        assert run.returncode == 0, errors
    files = {int(e.content_sha256, 16) for e in journal.recordings("anna")}
    assert files == {*range(1, 16), *range(101, 123)}
    assert len(journal.recordings("anna")) == len(files)
    assert journal.check() == ()


@pytest.mark.slow
def test_a_new_journal_is_made_once_by_many(tmp_path):
    code = (
        "import sys; from pathlib import Path\n"
        "from twitch_tracker.journal.open import open_journal\n"
        "open_journal(Path(sys.argv[1])).add_patient(sys.argv[2])"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code, tmp_path / "home", f"p{n}"])
        for n in range(4)
    ]
    assert [run.wait(timeout=60) for run in runs] == [0, 0, 0, 0]
    with open_journal(tmp_path / "home") as journal:
        assert [p.patient_id for p in journal.patients()] == ["p0", "p1", "p2", "p3"]


def test_readers_read_while_somebody_writes(opener, journal, make_analysis):
    journal.log("anna", make_analysis(1))
    other = opener()
    with journal._database.write() as connection:
        connection.execute(text("DELETE FROM diary"))
        assert len(other.history("anna").recordings) == 1


def test_a_writer_waits_for_another_one(opener, journal):
    other = opener()
    waiting = threading.Thread(target=other.add_patient, args=("ben",))
    with journal._database.write():
        waiting.start()
        time.sleep(0.2)
        assert waiting.is_alive()
    waiting.join(timeout=30)
    assert [p.patient_id for p in journal.patients()] == ["anna", "ben"]


def test_a_writer_who_waits_too_long_is_told(opener, journal, monkeypatch):
    monkeypatch.setattr(database, "PATIENCE_S", 0.2)
    other = opener()
    with (
        journal._database.write(),
        pytest.raises(JournalUnavailable, match=r"writing|lock"),
    ):
        other.add_patient("ben")


# --- kill -------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of POSIX")
def test_a_kill_at_any_moment_loses_nothing_that_was_said_to_be_done(tmp_path, logger):
    """Twelve times a program is killed at a random moment while it logs."""
    home, signals = tmp_path / "home", tmp_path / "signals.parquet"
    signals.write_bytes(os.urandom(400_000))
    with open_journal(home) as journal:
        journal.add_patient("anna")
    chance = random.Random(5)  # noqa: S311
    done: set[int] = set()
    for turn in range(12):
        run = logger(home, "", first=1 + 1000 * turn, signals=signals)
        assert run.stdout is not None
        done.add(int(run.stdout.readline()))
        time.sleep(chance.uniform(0, 0.15))
        run.kill()
        said, _ = run.communicate()
        done |= {int(line) for line in said.splitlines() if line}
        with open_journal(home) as journal:
            entries = journal.recordings("anna")
            logged = {int(entry.content_sha256, 16) for entry in entries}
            assert done <= logged, "what was said to be done is there"
            assert len(logged - done) <= turn + 1, "at most one more each time"
            assert all(entry.bursts_right == 200 for entry in entries)
            left = {finding.kind for finding in journal.check()}
            assert left <= {FindingKind.FILE_LEFT_OVER}
            journal.tidy()
            assert journal.check() == ()


REVIEWER = """
    import sys
    from pathlib import Path
    from twitch_tracker.journal.entries import Act, ReviewAction
    from twitch_tracker.journal.open import open_journal

    home, url, rater = sys.argv[1:]
    with open_journal(Path(home), url or None) as journal:
        for entry in journal.overview("anna"):
            name = entry.recording_id
            if journal.reviews(name, rater):
                continue
            bursts = journal.analysis(name).bursts
            acts = [Act(action=ReviewAction.CONFIRM, key=b.key) for b in bursts]
            print(name, flush=True)
            journal.review_many(name, rater, acts, finish=True, first=True)
            print("done", name, flush=True)
"""


@pytest.mark.slow
def test_a_kill_leaves_many_acts_whole_or_not_begun(
    opener, journal, make_analysis, burst, tmp_path
):
    """A program that reviews is killed again and again and begins anew: what it has
    said to be done is finished, the rest has no act, and its rater is not shut out."""
    many = tuple(burst(2.0 * n, 2.0 * n + 1) for n in range(150))
    journal.log_many("anna", (make_analysis(n, episodes=many) for n in range(1, 13)))
    script = tmp_path / "reviewer.py"
    script.write_text(textwrap.dedent(REVIEWER))
    url = "" if journal._database.sqlite else journal._database.engine.url
    shown = url and url.render_as_string(hide_password=False)
    chance = random.Random(5)  # noqa: S311
    done: set[str] = set()
    for _ in range(8):
        run = subprocess.Popen(
            [sys.executable, script, journal.home, shown, "kim"],
            stdout=subprocess.PIPE,
            text=True,
        )
        run.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.25))
        run.kill()
        said, _ = run.communicate()
        done |= {line.split()[1] for line in said.splitlines() if "done" in line}
        for entry in journal.overview("anna"):
            acts = journal.reviews(entry.recording_id, "kim")
            assert len(acts) in {0, 150}
            assert entry.reviewed_by == ("kim" if acts else "")
            assert acts or entry.recording_id not in done
    assert journal.check() == ()
    left = [e for e in journal.overview("anna") if not e.reviewed_by]
    for entry in left:
        keys = [b.key for b in journal.analysis(entry.recording_id).bursts]
        acts = [Act(action=ReviewAction.CONFIRM, key=key) for key in keys]
        journal.review_many(entry.recording_id, "kim", acts, finish=True, first=True)
    assert all(e.reviewed_by == "kim" for e in journal.overview("anna"))


# --- disk, permissions, damage ----------------------------------------------


@pytest.fixture
def sqlite_home(tmp_path, make_analysis):
    """Make a SQLite journal with 20 recordings."""
    home = tmp_path / "home"
    with open_journal(home) as journal:
        journal.add_patient("anna")
        journal.log_many("anna", [make_analysis(n) for n in range(1, 21)])
    return home


def content(home: Path) -> bytes:
    return (home / "journal.sqlite3").read_bytes()


def test_a_full_disk_is_told_and_changes_nothing(sqlite_home, make_analysis):
    with open_journal(sqlite_home) as journal:
        with journal._database.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        before = journal.changes()
        many = [make_analysis(n) for n in range(100, 200)]
        with pytest.raises(JournalUnavailable, match="disk is full"):
            journal.log_many("anna", many)
        assert journal.changes() == before
        assert len(journal.recordings("anna")) == 20
        assert journal.check() == ()


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(JournalUnavailable, match="--home"):
        open_journal(tmp_path / "file" / "home")


def test_a_journal_that_may_only_be_read_can_be_read(sqlite_home, make_analysis):
    """Opened read-only, as a user without the right to write would have it."""
    path = (sqlite_home / "journal.sqlite3").as_uri()
    with open_journal(sqlite_home, f"sqlite:///{path}?mode=ro&uri=true") as journal:
        assert len(journal.history("anna").recordings) == 20
        with pytest.raises(JournalUnavailable, match="may not be written"):
            journal.log("anna", make_analysis(99))


@pytest.fixture
def only_for_reading(sqlite_home, monkeypatch):
    """A home on a disk that may only be read; for root, that is only pretended."""
    before = {path.name: path.read_bytes() for path in sqlite_home.iterdir()}
    monkeypatch.setattr(opening, "may_write", lambda _path: False)
    yield sqlite_home
    assert {path.name: path.read_bytes() for path in sqlite_home.iterdir()} == before


def test_a_folder_that_may_only_be_read_can_be_read(
    only_for_reading, make_analysis, tmp_path
):
    """And nothing is written there, not even what SQLite wants for reading."""
    with open_journal(only_for_reading) as journal:
        assert journal.place == str(only_for_reading / "journal.sqlite3")
        assert len(journal.recordings("anna")) == 20
        assert journal.check() == ()
        with pytest.raises(JournalUnavailable, match="may not be written"):
            journal.log("anna", make_analysis(99))
        journal.backup(tmp_path / "backup.zip")


def test_what_is_not_merged_yet_is_not_passed_over(sqlite_home, monkeypatch):
    (sqlite_home / "journal.sqlite3-wal").write_bytes(b"newer entries")
    monkeypatch.setattr(opening, "may_write", lambda _path: False)
    with pytest.raises(JournalUnavailable, match="newest entries"):
        open_journal(sqlite_home)


@pytest.mark.parametrize("where", ["head", "middle", "cut", "text"])
def test_a_damaged_database_is_told_with_advice(sqlite_home, tmp_path, where):
    file = sqlite_home / "journal.sqlite3"
    whole = content(sqlite_home)
    half = len(whole) // 2
    damaged = {
        "head": bytes(100) + whole[100:],
        "middle": whole[:4096] + os.urandom(len(whole) - 4096),
        "cut": whole[:half],
        "text": b"dear journal " * 1000,
    }[where]
    file.write_bytes(damaged)
    with pytest.raises(JournalDamaged, match=r"backup"):
        read_all(sqlite_home)
    assert file.read_bytes() == damaged, "nothing was changed"


def read_all(home):
    with open_journal(home) as journal:
        journal.history("anna")
        for entry in journal.recordings("anna"):
            journal.analysis(entry.recording_id)
        findings = journal.check()
        if findings:
            raise JournalDamaged(" ".join(finding.kind for finding in findings))


def test_no_backup_is_made_of_a_damaged_database(sqlite_home, tmp_path):
    whole = content(sqlite_home)
    (sqlite_home / "journal.sqlite3").write_bytes(whole[: len(whole) // 2])
    with (
        pytest.raises(JournalError),
        open_journal(sqlite_home) as journal,
    ):
        journal.backup(tmp_path / "backup.zip")
    assert not (tmp_path / "backup.zip").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_a_lost_database_is_not_silently_made_anew(tmp_path, make_analysis):
    home, signals = tmp_path / "home", tmp_path / "signals.parquet"
    signals.write_bytes(b"signals")
    with open_journal(home) as journal:
        journal.add_patient("anna")
        journal.log("anna", make_analysis(signals=signals))
    (home / "journal.sqlite3").write_bytes(b"")
    with pytest.raises(JournalDamaged, match="the database was lost"):
        open_journal(home)
    assert content(home) == b""


def test_a_database_of_something_else_is_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / "journal.sqlite3") as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    before = content(tmp_path)
    with pytest.raises(JournalDamaged, match=r"other tables \(recipes\)"):
        open_journal(tmp_path)
    assert content(tmp_path) == before


def test_a_journal_of_newer_software_is_left_untouched(opener, journal):
    with journal._database.write() as connection:
        connection.execute(text("UPDATE journal_version SET version_num = '0999'"))
    journal.close()
    before = content(journal.home) if journal._database.sqlite else b""
    with pytest.raises(JournalTooNew, match=r"got 0999.*update this one"):
        opener()
    assert not journal._database.sqlite or content(journal.home) == before


@pytest.mark.parametrize("version", ["", "4", "0000", "000x", "9" * 32])
def test_a_damaged_version_is_no_newer_software(opener, journal, version):
    with journal._database.write() as connection:
        changed = "UPDATE journal_version SET version_num = :version"
        connection.execute(text(changed), {"version": version})
    journal.close()
    with pytest.raises(JournalDamaged, match="lost its version"):
        opener()


# --- URLs -------------------------------------------------------------------


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/name"])
def test_only_sqlite_and_postgresql_are_taken(tmp_path, url):
    with pytest.raises(BadParameter, match="journal: expected"):
        open_journal(tmp_path, url)


def test_a_server_that_does_not_answer_is_told_without_the_password(tmp_path):
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    url = f"postgresql://eva:secret@/none?host={tmp_path}"
    with pytest.raises(JournalUnavailable) as caught:
        open_journal(tmp_path, url)
    assert "cannot be used now" in str(caught.value)
    assert "secret" not in str(caught.value)


# --- migrations -------------------------------------------------------------


def test_the_migrations_make_the_tables_that_the_software_wants(
    true_migrations, opener, journal
):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with journal._database.read() as connection:
        ours = {"version_table": VERSION_TABLE}
        context = MigrationContext.configure(connection, opts=ours)
        assert compare_metadata(context, metadata) == []


def test_the_quick_way_of_these_tests_makes_the_same_journal(tmp_path, request):
    """What is in a new journal, to the last letter of SQL; indices come in any order."""

    def made(home: Path) -> list[str]:
        with open_journal(home) as journal, journal._database.read() as connection:
            return sorted(connection.connection.driver_connection.iterdump())

    quick = made(tmp_path / "quick")
    request.getfixturevalue("true_migrations")
    assert made(tmp_path / "true") == quick
    assert f"'{HEAD}'" in "".join(quick)


def test_every_migration_is_known_by_name():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    found = [step.revision for step in script.walk_revisions()]
    assert tuple(reversed(found)) == REVISIONS_KNOWN
    assert script.get_current_head() == HEAD


def test_a_usual_opening_does_not_load_alembic(sqlite_home):
    code = (
        "import sys; from pathlib import Path\n"
        "from twitch_tracker.journal.open import open_journal\n"
        "open_journal(Path(sys.argv[1])).history('anna')\n"
        "print(*sorted({n.split('.')[0] for n in sys.modules}))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, sqlite_home],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(run.stdout.split())
    assert "sqlalchemy" in loaded
    assert not loaded & {"alembic", "scipy", "pyarrow", "cv2", "av", "pandas"}


def test_a_journal_moves_with_its_folder(sqlite_home, tmp_path):
    shutil.move(sqlite_home, tmp_path / "elsewhere")
    with open_journal(tmp_path / "elsewhere") as journal:
        assert journal.check() == ()
        assert len(journal.recordings("anna")) == 20


def test_what_is_written_waits_for_the_disk(sqlite_home, quick_disk, monkeypatch):
    """Outside of tests, in which nothing does."""
    monkeypatch.setattr(database, "_prepare_sqlite", quick_disk)
    with (
        open_journal(sqlite_home) as journal,
        journal._database.engine.connect() as connection,
    ):
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
