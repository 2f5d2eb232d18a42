"""What a kill leaves goes at the next start; what may be somebody's is shown."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from commands import run

from twitch_tracker.app.keeping.leftovers import find_leftovers, sweep, tidy_up
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.app.recording.store import Store
from twitch_tracker.errors import BadParameter, JournalDamaged
from twitch_tracker.history import Task
from twitch_tracker.journal.open import open_journal
from twitch_tracker.journal.upkeep import backup as backups

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
FILM = b"film" * 100


@pytest.fixture
def home(tmp_path, empty_journal):
    home = tmp_path / "home"
    shutil.copytree(empty_journal, home)
    with open_journal(home) as journal:
        journal.add_patient("anna")
    return home


@pytest.fixture
def store(home):
    return Store(home / "app")


def stored(store, **facts):
    """Add a whole recording."""
    told = {"patient_id": "anna", "task": Task.REST, "started_at": NOW}
    told |= {"file_name": "rest.webm", "state": ClipState.STORED}
    clip = store.add(**{**told, **facts})
    if clip.file_name:
        store.video(clip).write_bytes(FILM)
    return clip


def chunk(store, clip, index=0, data=FILM):
    store.chunks(clip).mkdir(exist_ok=True)
    (store.chunks(clip) / f"{index:06d}").write_bytes(data)


def everything(home):
    return {p.relative_to(home / "app").as_posix() for p in (home / "app").rglob("*")}


def test_halves_go_and_wholes_stay(home, store):
    clip = stored(store)
    chunk(store, clip)
    before = everything(home) - {
        f"clips/{clip.clip_id}/{name}" for name in ("chunks", "chunks/000000")
    }
    folder = store.folder(clip)
    (folder / ".rest.webm.ab12.part").write_bytes(FILM)
    (folder / ".clip.json.77.part").write_text("{")
    (store.chunks(clip) / ".000001.ab12.part").write_bytes(FILM)
    stage = folder / ".result.partial-ab12"
    stage.mkdir()
    (stage / ".lock").touch()
    (stage / "report.html").write_text("half a report")
    copy = home / "app" / "review" / ("a" * 64)
    copy.mkdir(parents=True)
    (copy / "copy.mp4").write_bytes(FILM)
    (copy / ".copy.mp4.part").write_bytes(FILM)
    (copy / "source.video").write_bytes(FILM)
    scratch = home / ".restore-ab12"
    scratch.mkdir()
    (scratch / ".lock").touch()
    assert sweep(Store(home / "app"), home, now=NOW) == 8
    review = {"review", f"review/{'a' * 64}", f"review/{'a' * 64}/copy.mp4"}
    assert everything(home) == before | review
    assert not scratch.exists()
    assert sweep(Store(home / "app"), home, now=NOW) == 0


def test_chunks_stay_while_the_film_does_not_hold_them_all(home, store):
    clip = stored(store)
    chunk(store, clip, data=FILM + FILM)
    assert sweep(store, home, now=NOW) == 0
    assert store.chunks(clip).is_dir()


def test_a_file_that_never_came_is_no_recording_for_ever(home, store):
    clip = stored(store, state=ClipState.RECORDING, file_name="", announced_bytes=9)
    assert sweep(store, home, now=NOW) == 1
    assert store.clips() == ()
    assert not store.folder(clip).exists()


@pytest.mark.parametrize("session", ["finished", "lost", "a week old"])
def test_a_recording_that_nobody_goes_on_with_is_put_together(home, store, session):
    begun = store.start_session("anna", NOW)
    name = "" if session == "lost" else begun.session_id
    facts = {"state": ClipState.RECORDING, "file_name": "", "session_id": name}
    clip, empty = (stored(store, **facts, media_type="video/webm") for _ in "ab")
    chunk(store, clip)
    if session == "finished":
        store.finish_session(begun.session_id)
    later = NOW + timedelta(days=8 if session == "a week old" else 0)
    assert sweep(store, home, now=later) == 2
    (kept,) = store.clips()
    assert kept.clip_id == clip.clip_id != empty.clip_id
    assert kept.state is ClipState.STORED
    assert store.video(kept).read_bytes() == FILM


def test_an_interrupted_session_can_be_gone_on_with(home, store):
    begun = store.start_session("anna", NOW)
    facts = {"state": ClipState.RECORDING, "file_name": ""}
    clip = stored(store, **facts, session_id=begun.session_id)
    assert sweep(store, home, now=NOW + timedelta(days=1)) == 0
    assert store.clip(clip.clip_id).state is ClipState.RECORDING


def test_a_server_sweeps_before_it_serves(home, store, monkeypatch):
    from twitch_tracker.app import server
    from twitch_tracker.app.settings import AppSettings

    clip = stored(store)
    part = store.folder(clip) / ".rest.webm.ab.part"
    part.write_bytes(FILM)
    monkeypatch.setattr(server._Server, "run", lambda _self, sockets: sockets)
    with server.bind("127.0.0.1", 0) as bound:
        settings = AppSettings(home=home, port=bound.getsockname()[1])
        server.serve(settings, bound, lambda *_: None)
    assert not part.exists()
    assert store.video(clip).read_bytes() == FILM


# --- shown ------------------------------------------------------------------


@pytest.fixture
def lying(home, store):
    """A film without facts, one of nobody, and a review copy of nothing."""
    lost, nobodys = stored(store), stored(store, patient_id="gone")
    (store.folder(lost) / "clip.json").write_text("")
    copy = home / "app" / "review" / ("a" * 64)
    copy.mkdir(parents=True)
    (copy / "copy.mp4").write_bytes(FILM)
    return [store.folder(lost), store.folder(nobodys), copy]


def test_nothing_that_may_be_somebodys_goes_unasked(home, lying):
    store = Store(home / "app")
    sweep(store, home, now=NOW)
    assert all(path.is_dir() for path in lying)
    with open_journal(home) as journal:
        found = {one.path: one for one in find_leftovers(journal, store, home)}
    assert set(found) == set(lying)
    assert [found[path].kind.value for path in lying] == [
        "lost_film",
        "film_of_nobody",
        "copy_of_nothing",
    ]
    assert [found[path].owner for path in lying] == ["anna", "gone", ""]
    assert all(one.size_bytes >= len(FILM) for one in found.values())


def test_check_does_not_say_sound_while_a_film_lies_about(home, lying):
    said = run("journal", "check", "--home", home)
    assert said.exit_code == 1
    assert "sound" not in said.output
    assert "journal leftovers" in said.output
    told = json.loads(run("journal", "check", "--json", "--home", home).output)
    assert told["sound"] is False
    assert len(told["leftovers"]) == len(lying)


def test_each_is_shown_and_can_be_removed(home, lying):
    shown = run("journal", "leftovers", "--home", home)
    assert shown.exit_code == 0
    assert all(str(path) in shown.output for path in lying)
    first = ("journal", "leftovers", "--home", home, "--remove", lying[0])
    assert run(*first).exit_code == 2, "only with --yes"
    assert lying[0].exists()
    assert run(*first, "--yes").exit_code == 0
    assert [path.exists() for path in lying] == [False, True, True]
    other = ("--remove", home / "journal.sqlite3", "--yes")
    assert run("journal", "leftovers", "--home", home, *other).exit_code == 2
    assert run("journal", "leftovers", "--home", home, "--remove-all", "--yes")
    assert not any(path.exists() for path in lying)
    assert "sound" in run("journal", "check", "--home", home).output


# --- backups ----------------------------------------------------------------


class Killed(BaseException):
    """A process that is no more."""


@pytest.fixture
def packed(home, tmp_path, make_recording):
    """A backup of a journal with a recording and its signals."""
    signals = tmp_path / "signals.parquet"
    signals.write_bytes(b"signals")
    with open_journal(home) as journal:
        made = make_recording(NOW - timedelta(days=1), 2)
        journal.log("anna", replace(made, signals=signals))
        return journal.backup(tmp_path / "backup.zip")


def test_a_killed_restore_can_be_tried_again(packed, tmp_path, monkeypatch):
    """Killed after the signals and before the database."""
    target = tmp_path / "new"

    def kill(*_given):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(backups, "put_in_place", kill)
        patched.setattr(backups, "_move_signals", shutil.copytree)
        with pytest.raises(Killed):
            backups.restore(packed, target)
    with pytest.raises(JournalDamaged):  # looking there makes an empty file
        open_journal(target)
    assert backups.restore(packed, target) == 1
    with open_journal(target) as journal:
        assert journal.check() == ()
        assert len(journal.recordings("anna")) == 1
    assert sorted(p.name for p in target.iterdir() if p.name[0] == ".") == []


def test_an_empty_journal_that_looking_made_is_no_journal(packed, tmp_path):
    with open_journal(tmp_path / "new"):
        pass
    assert backups.restore(packed, tmp_path / "new") == 1
    with open_journal(tmp_path / "new") as journal:
        assert journal.check() == ()
        journal.add_patient("berta")
    with pytest.raises(BadParameter, match="without a journal"):
        backups.restore(packed, tmp_path / "new")


def test_signals_whose_database_is_elsewhere_are_not_a_killed_restore(
    packed, home, tmp_path
):
    """All of them are the backup's own, as where a PostgreSQL journal keeps its signals."""
    shutil.copytree(home / "recordings", tmp_path / "new" / "recordings")
    with pytest.raises(BadParameter, match="without a journal"):
        backups.restore(packed, tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["recordings"]


def test_signals_of_something_else_are_not_written_over(packed, tmp_path):
    other = tmp_path / "new" / "recordings" / "ab" / "cd" / "other.parquet"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"other")
    with pytest.raises(BadParameter, match="without a journal"):
        backups.restore(packed, tmp_path / "new")
    assert other.read_bytes() == b"other"


def test_a_killed_backup_leaves_nothing_after_the_next_one(home, tmp_path):
    target = tmp_path / "stick"
    target.mkdir()
    left = target / f"{backups.BACKING_UP}ab12"
    left.mkdir()
    (left / "journal.sqlite3").write_bytes(b"half a journal")
    long_ago = time.time() - 3600
    os.utime(left, (long_ago, long_ago))
    with open_journal(home) as journal:
        journal.backup(target / "b.zip")
    assert [path.name for path in target.iterdir()] == ["b.zip"]


# --- signals ----------------------------------------------------------------


def test_signals_that_a_killed_log_stored_go_and_no_others(
    home, tmp_path, make_recording, monkeypatch
):
    """Another database may use the same folder: what is only unknown here stays."""
    signals = tmp_path / "signals.parquet"
    signals.write_bytes(b"signals")
    theirs = home / "recordings" / "ab" / "cd" / "of another database.parquet"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"theirs")

    def kill(*_given, **_more):
        raise Killed

    with open_journal(home) as journal:
        first = replace(make_recording(NOW - timedelta(days=1), 2), signals=signals)
        journal.log("anna", first)
        signals.write_bytes(b"other signals")
        second = replace(make_recording(NOW - timedelta(days=2), 2), signals=signals)
        with monkeypatch.context() as patched:
            patched.setattr("twitch_tracker.journal.logging_in.write_totals", kill)
            with pytest.raises(Killed):
                journal.log("anna", second)
    stored = {p for p in home.glob("recordings/*/*/*") if p != theirs}
    assert len(stored) == 3, "one file of each, and the note of the second"
    half = home / "recordings" / "ab" / "half" / ".77.part"
    half.parent.mkdir()
    half.write_bytes(b"half")
    half.with_name(".new-.77.part").write_text("journal.sqlite3")
    half.with_name(".new-.78.part").write_text("")
    with open_journal(home) as journal:
        tidy_up(journal, home)
        (kept,) = [p for p in home.glob("recordings/*/*/*") if p != theirs]
        assert kept.read_bytes() == b"signals"
        assert theirs.exists()
        logged = journal.log("anna", second)
        assert journal.analysis(logged.recording_id).signals.exists()
    assert not list(home.glob("recordings/*/*/.*"))


def test_half_copied_signals_go(home, tmp_path, make_recording, monkeypatch):
    signals = tmp_path / "signals.parquet"
    signals.write_bytes(b"signals")
    made = replace(make_recording(NOW - timedelta(days=1), 2), signals=signals)

    def kill(part):
        raise Killed

    with open_journal(home) as journal, monkeypatch.context() as patched:
        patched.setattr("twitch_tracker.journal.store.signal_store.make_private", kill)
        patched.setattr("pathlib.Path.unlink", lambda *_given, **_more: None)
        with pytest.raises(Killed):
            journal.log("anna", made)
    assert len(list(home.glob("recordings/*/*/.*"))) == 2, "half a file and its note"
    with open_journal(home) as journal:
        tidy_up(journal, home)
        assert journal.check() == ()
    assert not list(home.glob("recordings/*/*/*"))
