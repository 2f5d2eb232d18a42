"""Videos follow the person they are of: to a new name, and to nowhere."""

from __future__ import annotations

import json
import shutil
import threading
from datetime import UTC, datetime
from functools import partial

import pytest
from typer.testing import CliRunner

from twitch_tracker.app.keeping.forgetting import forgotten_sessions
from twitch_tracker.app.keeping.renaming import finish_renaming
from twitch_tracker.app.locking import locked
from twitch_tracker.app.recording import store as store_module
from twitch_tracker.app.recording.store import LOCK, Store, kept_videos
from twitch_tracker.cli.app import app
from twitch_tracker.errors import OutputNotWritable
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.history import Task
from twitch_tracker.journal.open import open_journal


@pytest.fixture
def home(tmp_path):
    """A home with two people, each with a video, one with a session."""
    with open_journal(tmp_path) as journal:
        journal.add_patient("anna")
        journal.add_patient("berta")
    store = Store(tmp_path / "app")
    for name in ("anna", "berta"):
        session = store.start_session(name, datetime.now(UTC))
        clip = store.add(
            patient_id=name,
            task=Task.REST,
            started_at=datetime.now(UTC),
            session_id=session.session_id,
            file_name="rest.webm",
        )
        store.video(clip).write_bytes(b"film")
    return tmp_path


def run(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.output


def test_who_is_forgotten_leaves_no_video(home):
    copy = home / "app" / "review" / ("a" * 64)
    copy.mkdir(parents=True)
    (copy / "copy.mp4").write_bytes(b"film")
    said = run("patient", "forget", "anna", "--yes", "--home", home)
    assert "1 videos" in said
    assert not copy.exists()
    store = Store(home / "app")
    assert store.of_patient("anna") == ()
    assert store.open_sessions("anna") == ()
    (kept,) = store.clips()
    assert kept.patient_id == "berta"
    assert store.video(kept).read_bytes() == b"film"
    assert len(list(home.rglob("rest.webm"))) == 1
    assert "anna" not in "".join(p.read_text() for p in home.rglob("app/**/*.json"))


def test_a_video_that_could_not_be_removed_is_not_told_as_gone(home, monkeypatch):
    """Windows removes no file that somebody has open."""
    store = Store(home / "app")
    (clip,) = store.of_patient("anna")
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", lambda *_given, **_more: None)
        with pytest.raises(OutputNotWritable, match="could not be removed"):
            store.remove(clip.clip_id)
    assert store.of_patient("anna") == (clip,)
    store.remove(clip.clip_id)
    assert store.of_patient("anna") == ()


@pytest.fixture
def slow_disk(monkeypatch):
    """A disk that is written to only once the second event is set; the first one says
    that somebody waits for it.
    """
    waits, goes_on = threading.Event(), threading.Event()

    def written(path, text):
        waits.set()
        assert goes_on.wait(60)
        write_whole(path, text)

    monkeypatch.setattr(store_module, "write_whole", written)
    yield waits, goes_on
    goes_on.set()


def being_changed(store, clip, slow_disk):
    """Change a clip in a thread; return it when it waits for the disk, and what ends that."""
    waits, goes_on = slow_disk
    change = partial(store.change, clip.clip_id, device="new")
    changing = threading.Thread(target=change)
    changing.start()
    assert waits.wait(60)
    return changing, goes_on


def test_who_looks_something_up_does_not_wait_for_the_disk(home, slow_disk):
    """Also the event loop of the server does; it would stand still for everybody."""
    store = Store(home / "app")
    (clip,) = store.of_patient("anna")
    changing, goes_on = being_changed(store, clip, slow_disk)
    seen = []

    def look():
        with store.taking(clip.clip_id) as taken:
            seen.extend((taken, store.clip(clip.clip_id), *store.of_patient("anna")))
        seen.extend(store.open_sessions("anna"))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(60)
    assert seen[:3] == [clip, clip, clip], "as it is on the disk until then"
    assert len(seen) == 4
    goes_on.set()
    changing.join()
    assert store.clip(clip.clip_id).device == "new"


def test_who_forgets_waits_for_what_is_being_written(home, slow_disk):
    """Else facts of somebody who was forgotten would be written afterwards."""
    store = Store(home / "app")
    (clip,) = store.of_patient("anna")
    changing, goes_on = being_changed(store, clip, slow_disk)
    leaving = []

    def forget():
        with store.forgetting("anna"):
            leaving.append(store.clip(clip.clip_id).device)

    forgetting = threading.Thread(target=forget)
    forgetting.start()
    forgetting.join(0.05)
    assert leaving == []
    goes_on.set()
    changing.join()
    forgetting.join()
    assert leaving == ["new"]


def test_a_new_name_goes_along_with_the_videos(home):
    run("patient", "rename", "anna", "a17", "--home", home)
    store = Store(home / "app")
    (clip,) = store.of_patient("a17")
    assert store.video(clip).read_bytes() == b"film"
    assert len(store.open_sessions("a17")) == 1
    assert store.of_patient("anna") == ()


def test_nothing_is_forgotten_while_the_app_is_running(home):
    with locked(home / "app" / LOCK):
        words = ["patient", "forget", "anna", "--yes", "--home", str(home)]
        result = CliRunner().invoke(app, words)
    assert result.exit_code != 0
    with open_journal(home) as journal:
        assert [p.patient_id for p in journal.patients()] == ["anna", "berta"]
    assert len(Store(home / "app").clips()) == 2


def test_without_the_app_there_are_no_videos(tmp_path):
    with kept_videos(tmp_path) as videos:
        assert videos is None
    assert not (tmp_path / "app").exists()


@pytest.mark.parametrize(
    "changed",
    [
        *({"patient_id": 7}, {"started_at": "2026-05-01T08:30:00"}, {"number": "1"}),
        *({"announced_bytes": 10**400}, {"subject": [10**400, 0]}),
        {"started_at": "0001-01-01T00:00:00+14:00"},
    ],
)
@pytest.mark.parametrize("what", ["clips/*/clip.json", "guided/*.json"])
def test_facts_of_another_type_are_left_alone(home, what, changed):
    """One of these ended the start of the app (found by tests/fuzz)."""
    path = next((home / "app").glob(what))
    told = json.loads(path.read_text())
    if not set(changed) <= set(told):
        pytest.skip("has no such fact")
    path.write_text(json.dumps({**told, **changed}))
    store = Store(home / "app")
    assert len(store.clips()) == (1 if "clips" in what else 2)
    assert path.exists()


DEEP = "[" * 100_000


@pytest.mark.parametrize("what", ["clips/*/clip.json", "guided/*.json"])
def test_facts_nested_beyond_reason_are_left_alone(home, what):
    """Python's own reader gave up with an error that nobody expected (tests/fuzz)."""
    next((home / "app").glob(what)).write_text(DEEP)
    assert len(Store(home / "app").clips()) == (1 if "clips" in what else 2)


@pytest.mark.parametrize("told", [DEEP, "{}", '{"old": 1, "new": "berta"}'])
def test_half_a_note_of_renaming_is_dropped(home, told):
    store = Store(home / "app")
    note = home / "app" / "renaming.json"
    note.write_text(told)
    with open_journal(home) as journal:
        finish_renaming(journal, store)
    assert not note.exists()
    assert len(store.of_patient("anna")) == 1


def test_a_note_of_renaming_that_cannot_be_read_now_waits(home):
    note = home / "app" / "renaming.json"
    note.mkdir()
    with open_journal(home) as journal:
        finish_renaming(journal, Store(home / "app"))
    assert note.exists()


@pytest.mark.parametrize("told", [DEEP, "{}", "[1]"])
def test_a_damaged_list_of_forgotten_sessions_is_none(home, told):
    (home / "app" / "forgotten.json").write_text(told)
    assert forgotten_sessions(Store(home / "app")) == ()
