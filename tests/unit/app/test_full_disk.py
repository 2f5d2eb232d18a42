"""A full disk is told in words, loses nothing, and leaves the pages alive."""

from __future__ import annotations

import errno
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest

from twitch_tracker.app import server
from twitch_tracker.app.recording import receiving, room
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.app.settings import AppSettings

SPARE = 1000


@pytest.fixture
def disk(monkeypatch):
    """A disk whose free space a test says; files that are written use it up."""
    told = SimpleNamespace(free=10**9, homes=[])
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _path: told)
    return told


@pytest.fixture
def client(serve):
    served = serve(spare_bytes=SPARE)
    client = served.browser()
    client.post("/people", data={"pseudonym": "anna"})
    client.parts = served.parts
    yield client
    client.close()


def begin(client) -> str:
    session = client.post("/api/guided", json={"patient_id": "anna"}).json()
    path = f"/api/guided/{session['session_id']}/clips"
    body = {"task": "rest", "media_type": "video/webm"}
    return client.post(path, json=body).json()["clip_id"]


def send(client, clip_id, index, data):
    headers = {"X-Chunk-SHA256": sha256(data).hexdigest()}
    path = f"/api/clips/{clip_id}/chunks/{index}"
    return client.put(path, content=data, headers=headers)


def announce(client, size):
    body = {
        "patient_id": "anna",
        "name": "a.mp4",
        "size": size,
        "task": "rest",
        "mirrored": False,
        "started_at": "2025-03-01T09:00:00+00:00",
    }
    return client.post("/api/files", json=body)


def test_a_second_for_which_there_is_no_space_is_asked_for_again(client, disk):
    """507 is none of the answers on which the browser lets go of a second."""
    clip_id = begin(client)
    assert send(client, clip_id, 0, b"zero").status_code == 200
    disk.free = SPARE // 2 + 8
    refused = send(client, clip_id, 1, b"four")
    assert refused.status_code == 507
    assert "too full" in refused.json()["error"]
    assert client.get("/").status_code == 200, "pages go on"
    disk.free = 10**9
    assert send(client, clip_id, 1, b"four").json() == {"next": 2}
    script = Path(server.__file__).parent / "static" / "js" / "outbox.js"
    assert "[404, 409, 413].includes" in script.read_text(encoding="utf-8")


def test_what_has_begun_keeps_the_space_to_be_put_together(client, disk):
    clip_id = begin(client)
    send(client, clip_id, 0, b"x" * 400)
    disk.free = SPARE + 500
    assert announce(client, 101).status_code == 413
    assert announce(client, 100).status_code == 200


def test_what_was_announced_is_spoken_for(client, disk):
    disk.free = SPARE + 1000
    first = announce(client, 700)
    assert first.status_code == 200
    refused = announce(client, 400)
    assert refused.status_code == 413
    assert "not enough space" in refused.json()["error"]
    client.parts.store.remove(first.json()["clip_id"])
    assert announce(client, 400).status_code == 200


def test_a_file_that_does_not_come_is_not_waited_for_with_space(client, disk):
    disk.free = SPARE + 1000
    first = announce(client, 700).json()["clip_id"]
    client.parts.store._made_s[first] -= 3600
    assert announce(client, 400).status_code == 200


def full(*_given, **_more):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_is_full_at_once_is_told(client, monkeypatch):
    """Somebody else filled it between the look and the write."""
    clip_id = begin(client)
    with monkeypatch.context() as patched:
        patched.setattr(receiving, "to_disk", full)
        refused = send(client, clip_id, 0, b"zero")
    assert refused.status_code == 507
    assert "unforeseen" not in refused.json()["error"]
    folder = client.parts.store.chunks(client.parts.store.clip(clip_id))
    assert list(folder.iterdir()) == []
    assert send(client, clip_id, 0, b"zero").status_code == 200


def test_a_recording_that_cannot_be_put_together_stays_whole(client, monkeypatch):
    clip_id = begin(client)
    send(client, clip_id, 0, b"zero")
    store = client.parts.store
    with monkeypatch.context() as patched:
        patched.setattr(receiving, "to_disk", full)
        refused = client.post(f"/api/clips/{clip_id}/finish")
    assert refused.status_code == 507
    clip = store.clip(clip_id)
    assert clip.state is ClipState.RECORDING
    left = [p.name for p in store.folder(clip).rglob("*") if p.suffix == ".part"]
    assert left == []
    assert client.post(f"/api/clips/{clip_id}/finish").status_code == 200
    assert store.video(store.clip(clip_id)).read_bytes() == b"zero"


def test_a_file_that_fills_the_disk_is_told_and_not_kept(client, monkeypatch):
    clip_id = announce(client, 9).json()["clip_id"]
    with monkeypatch.context() as patched:
        patched.setattr(receiving, "to_disk", full)
        path = f"/api/clips/{clip_id}/file"
        refused = client.put(path, content=b"some film")
    assert refused.status_code == 507
    assert client.parts.store.clips() == ()


def test_the_files_of_the_database_are_there_before_the_disk_is_full(
    tmp_path, empty_journal, monkeypatch
):
    """SQLite makes two files when the first page is asked for, and removes them after
    the last one: on a full disk there would be no page."""
    seen = []

    def run(_self, sockets):
        seen.extend(path.name for path in tmp_path.glob("journal.sqlite3-*"))
        return sockets

    (tmp_path / "journal.sqlite3").write_bytes(
        (empty_journal / "journal.sqlite3").read_bytes()
    )
    monkeypatch.setattr(server._Server, "run", run)
    with server.bind("127.0.0.1", 0) as bound:
        settings = AppSettings(home=tmp_path, port=bound.getsockname()[1])
        server.serve(settings, bound, lambda *_: None)
    assert sorted(seen) == ["journal.sqlite3-shm", "journal.sqlite3-wal"]
