"""A folder for videos: what is put there is taken once, and told."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from twitch_tracker.app import server as server_module
from twitch_tracker.app.inbox import watching
from twitch_tracker.app.inbox.kept import FileOutcome, Inboxes
from twitch_tracker.app.inbox.watching import InboxWatcher
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.app.recording.store import Store
from twitch_tracker.history import Task

EXAMPLE = Path(__file__).parents[3] / "examples" / "simulated_spasm.mp4"
FORM = {"task": "smiling", "mirrored": "no"}


@pytest.fixture
def served(serve, monkeypatch):
    """An app of this test's own, which looks when the test says so."""
    monkeypatch.setattr(server_module, "_FOLDERS_EVERY_S", 10_000.0)
    return serve()


@pytest.fixture
def folder(tmp_path, anna):
    """A folder that is looked through for anna."""
    place = tmp_path / "videos" / "anna"
    answer = anna.post("/people/~anna/inbox", data={**FORM, "folder": str(place)})
    assert answer.status_code == 303, answer.text
    return place


@pytest.fixture
def look(served):
    """Look so many times, as the running app does."""
    parts = served.parts
    watcher = InboxWatcher(parts.settings, parts.store, parts.analyses, parts.journal)

    def times(count=2):
        for _ in range(count):
            asyncio.run(watcher.look())

    return times


def outcomes(served, person="anna"):
    inbox = served.parts.store.inboxes.of(person)
    return {one.name: one.outcome for one in inbox.files}


def analysed(served):
    store = served.parts.store
    served.until(lambda: all(c.state is ClipState.DONE for c in store.clips()))
    return store.clips()


def test_a_video_is_taken_analysed_and_told(served, anna, folder, look):
    shutil.copy(EXAMPLE, folder / "IMG_1.MOV")
    look()
    (clip,) = analysed(served)
    assert (clip.patient_id, clip.task, clip.mirrored) == ("anna", Task.SMILING, False)
    assert clip.sent_name == "IMG_1.MOV"
    assert not clip.time_told, "the camera's own date counts before that of the file"
    page = anna.get("/people/~anna/inbox").text
    assert "IMG_1.MOV" in page
    assert f"/clips/{clip.clip_id}" in page
    assert (folder / "IMG_1.MOV").read_bytes() == EXAMPLE.read_bytes()
    look()
    assert len(served.parts.store.clips()) == 1, "it is taken once"


def test_what_is_still_copied_waits(served, folder, look):
    film = EXAMPLE.read_bytes()
    (folder / "a.mp4").write_bytes(film[:1000])
    look(1)
    assert outcomes(served) == {"a.mp4": FileOutcome.WAITING}
    (folder / "a.mp4").write_bytes(film)
    look(1)
    assert outcomes(served) == {"a.mp4": FileOutcome.WAITING}
    look(1)
    assert outcomes(served) == {"a.mp4": FileOutcome.TAKEN}


@pytest.mark.parametrize("changed_s", [-5e9, 0, 2e10, 9.2e9])
def test_a_file_of_an_odd_date_is_taken_and_the_folder_stays(
    served, folder, look, monkeypatch, changed_s
):
    """Disks keep dates of any year; what is noted of them is read again."""
    shutil.copy(EXAMPLE, folder / "a.mp4")
    real = watching.os.scandir

    class Dated:
        def __init__(self, entry):
            self.entry, self.name = entry, entry.name

        def is_file(self, **how):
            return self.entry.is_file(**how)

        def stat(self, **how):
            size = self.entry.stat(**how).st_size
            return SimpleNamespace(st_size=size, st_mtime_ns=int(changed_s * 1e9))

    @contextmanager
    def scandir(place):
        with real(place) as entries:
            yield (Dated(entry) for entry in entries)

    monkeypatch.setattr(watching.os, "scandir", scandir)
    shutil.copy(EXAMPLE, folder / "b.mp4")
    look()
    assert outcomes(served) == {"a.mp4": FileOutcome.TAKEN, "b.mp4": FileOutcome.TWICE}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
def test_a_name_that_is_no_text_is_taken_and_the_folder_stays(served, folder, look):
    shutil.copy(EXAMPLE, os.fsencode(folder) + b"/IMG\xff\x1b[31m.mp4")
    look()
    (clip,) = analysed(served)
    assert len(outcomes(served)) == 1
    assert set(outcomes(served).values()) == {FileOutcome.TAKEN}
    (again,) = Store(served.settings.home / "app").clips()
    assert again.clip_id == clip.clip_id


def test_a_copy_under_another_name_is_left_out(served, folder, look):
    shutil.copy(EXAMPLE, folder / "a.mp4")
    look()
    shutil.copy(EXAMPLE, folder / "b.mp4")
    look()
    assert outcomes(served) == {"a.mp4": FileOutcome.TAKEN, "b.mp4": FileOutcome.TWICE}


def test_what_the_journal_has_already_is_left_out(served, anna, folder, look):
    """Also when the folder is a new one, which knows nothing."""
    shutil.copy(EXAMPLE, folder / "a.mp4")
    look()
    analysed(served)
    anna.post("/people/~anna/inbox/stop")
    anna.post("/people/~anna/inbox", data={**FORM, "folder": str(folder)})
    look()
    assert outcomes(served) == {"a.mp4": FileOutcome.TWICE}


def test_what_is_no_video_is_told(served, anna, folder, look):
    (folder / "broken.mp4").write_bytes(b"no film at all")
    (folder / "empty.mov").write_bytes(b"")
    look()
    assert outcomes(served) == {
        "broken.mp4": FileOutcome.UNREADABLE,
        "empty.mov": FileOutcome.EMPTY,
    }
    page = anna.get("/people/~anna/inbox/files").text
    assert "not a readable video" in page
    assert "the file is empty" in page
    assert served.parts.store.clips() == ()
    shutil.copy(EXAMPLE, folder / "broken.mp4")
    look()
    assert outcomes(served)["broken.mp4"] is FileOutcome.TAKEN, "it was put right"


def test_what_is_too_large_or_has_no_room_is_told(served, folder, look, monkeypatch):
    shutil.copy(EXAMPLE, folder / "a.mp4")
    parts = served.parts
    usual = parts.settings
    small = InboxWatcher(
        replace(usual, max_upload_bytes=10), parts.store, parts.analyses, parts.journal
    )
    full = InboxWatcher(
        replace(usual, spare_bytes=10**18), parts.store, parts.analyses, parts.journal
    )
    for watcher, outcome in (
        (full, FileOutcome.NO_SPACE),
        (small, FileOutcome.TOO_LARGE),
    ):
        for _ in range(2):
            asyncio.run(watcher.look())
        assert outcomes(served) == {"a.mp4": outcome}
    assert parts.store.clips() == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows asks for rights for links")
def test_links_and_hidden_files_are_left_alone(served, folder, look, tmp_path):
    elsewhere = tmp_path / "secret.mp4"
    shutil.copy(EXAMPLE, elsewhere)
    (folder / "link.mp4").symlink_to(elsewhere)
    (folder / "deep.mp4").mkdir()
    shutil.copy(EXAMPLE, folder / ".hidden.mp4")
    shutil.copy(EXAMPLE, folder / "notes.txt")
    shutil.copy(EXAMPLE, folder / "half.mp4.part")
    os.mkfifo(folder / "pipe.mp4")
    look()
    assert outcomes(served) == {}


def test_a_folder_that_is_away_is_told_and_comes_again(served, anna, folder, look):
    shutil.rmtree(folder)
    look()
    assert "folder is not available" in anna.get("/people/~anna/inbox").text
    folder.mkdir()
    shutil.copy(EXAMPLE, folder / "a.mp4")
    look()
    assert outcomes(served) == {"a.mp4": FileOutcome.TAKEN}


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        ("", "full path"),
        ("videos", "full path"),
        ("/", "full path"),
        ("{home}", "keeps its own files"),
        ("{home}/app/clips", "keeps its own files"),
        ("{home}/..", "keeps its own files"),
        ("{file}", "cannot be created"),
        ("{file}/inside", "cannot be created"),
        ("/x\0y", "full path"),
        ("~nobody-of-this-name/x", "full path"),
    ],
)
def test_a_folder_that_will_not_do_is_told(served, anna, tmp_path, folder, words):
    (tmp_path / "file").write_bytes(b"")
    text = folder.format(home=served.settings.home, file=tmp_path / "file")
    answer = anna.post("/people/~anna/inbox", data={**FORM, "folder": text})
    assert answer.status_code == 400
    assert words in answer.text
    assert served.parts.store.inboxes.all() == ()


@pytest.mark.parametrize("wrong", [{"task": ""}, {"mirrored": ""}, {"task": "7"}])
def test_task_and_mirror_must_be_told(served, anna, tmp_path, wrong):
    form = {**FORM, "folder": str(tmp_path / "v"), **wrong}
    assert anna.post("/people/~anna/inbox", data=form).status_code == 400
    assert served.parts.store.inboxes.all() == ()


def test_a_folder_is_of_one_person(served, anna, folder):
    anna.post("/people", data={"pseudonym": "bert"})
    form = {**FORM, "folder": str(folder)}
    answer = anna.post("/people/~bert/inbox", data=form)
    assert answer.status_code == 400
    assert "another person" in answer.text
    assert ">anna<" not in answer.text.partition("<main")[2]


def test_answers_can_be_changed_without_forgetting_files(served, anna, folder, look):
    shutil.copy(EXAMPLE, folder / "a.mp4")
    look()
    form = {"task": "rest", "mirrored": "yes", "folder": str(folder)}
    anna.post("/people/~anna/inbox", data=form)
    inbox = served.parts.store.inboxes.of("anna")
    assert (inbox.task, inbox.mirrored) == (Task.REST, True)
    assert outcomes(served) == {"a.mp4": FileOutcome.TAKEN}


def test_it_is_looked_through_no_more(served, anna, folder, look):
    anna.post("/people/~anna/inbox/stop")
    shutil.copy(EXAMPLE, folder / "a.mp4")
    look()
    assert served.parts.store.clips() == ()
    assert (folder / "a.mp4").is_file()


def test_a_new_name_keeps_the_folder(served, anna, folder):
    anna.post("/people/~anna/settings/name", data={"name": "dora"})
    assert served.parts.store.inboxes.of("anna") is None
    assert served.parts.store.inboxes.of("dora").folder == str(folder)


def test_who_is_forgotten_leaves_no_name_of_a_file(served, anna, folder, look):
    """Not even in what cannot be read any more; the person's own folder stays."""
    shutil.copy(EXAMPLE, folder / "birthday.mp4")
    look()
    analysed(served)
    kept = served.settings.folder / "inbox"
    (kept / "damaged.json").write_text("{")
    anna.post("/people/~anna/settings/remove", data={"name": "anna"})
    assert list(kept.iterdir()) == []
    assert (folder / "birthday.mp4").is_file()
    names = [p for p in served.settings.home.rglob("*") if p.is_file()]
    assert not any(b"birthday" in path.read_bytes() for path in names)


def test_folders_are_known_after_a_restart(served, folder):
    again = Store(served.settings.folder).inboxes.of("anna")
    assert again == served.parts.store.inboxes.of("anna")


def test_a_damaged_note_is_left_alone(tmp_path):
    (tmp_path / "a.json").write_text("{")
    (tmp_path / "b.json").write_text('{"since": 1}')
    (tmp_path / "c.json").write_text("[" * 100_000)
    assert Inboxes(tmp_path).all() == ()


SEEN = {"name": "a.mp4", "size": 1, "changed_ns": 1, "outcome": "taken"}


@pytest.mark.parametrize(
    "changed",
    [
        *({"patient_id": 7}, {"folder": ["/films"]}, {"mirrored": "no"}),
        *({"since": "2026-05-01T08:30:00"}, {"since": "9999-12-31T23:00:00-14:00"}),
        *({"files": [SEEN | {"size": "1"}]}, {"files": [SEEN | {"outcome": "gone"}]}),
    ],
)
def test_a_note_of_other_types_is_left_alone(tmp_path, changed):
    """Such a note was believed, and ended whoever asked for a folder (tests/fuzz)."""
    since = "2026-05-01T08:30:00+00:00"
    told = {"patient_id": "anna", "folder": "/films", "task": "rest", "files": [SEEN]}
    told |= {"mirrored": False, "since": since}
    inboxes, path = Inboxes(tmp_path), tmp_path / "a.json"
    path.write_text(json.dumps(told))
    assert inboxes.of("anna").files[0].name == "a.mp4"
    path.write_text(json.dumps({**told, **changed}))
    assert inboxes.all() == ()
    assert inboxes.of("berta") is None


def test_the_running_app_looks_by_itself(serve, monkeypatch, tmp_path):
    monkeypatch.setattr(server_module, "_FOLDERS_EVERY_S", 0.05)
    served = serve()
    with closing(served.browser()) as browser:
        browser.post("/people", data={"pseudonym": "anna"})
        form = {**FORM, "folder": str(tmp_path / "v")}
        browser.post("/people/~anna/inbox", data=form)
    shutil.copy(EXAMPLE, tmp_path / "v" / "a.mp4")
    served.until(lambda: len(served.parts.store.clips()) == 1)
    analysed(served)
