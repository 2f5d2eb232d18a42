"""A guided session as its script talks to the server; what a crash leaves behind."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest

from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.app.recording.receiving import finish_recording, put_chunk
from twitch_tracker.errors import UploadRefused
from twitch_tracker.history import Task


@pytest.fixture
def served(serve):
    """An app of this test's own."""
    return serve()


def begin(client, task="rest", patient="anna"):
    session = client.post("/api/guided", json={"patient_id": patient}).json()
    return session["session_id"], begin_clip(client, session["session_id"], task)


def begin_clip(client, session_id, task="rest"):
    body = {"task": task, "media_type": "video/webm;codecs=vp8", "device": "a webcam"}
    return client.post(f"/api/guided/{session_id}/clips", json=body).json()["clip_id"]


def send(client, clip_id, index, data, digest=None):
    headers = {"X-Chunk-SHA256": digest or sha256(data).hexdigest()}
    path = f"/api/clips/{clip_id}/chunks/{index}"
    return client.put(path, content=data, headers=headers)


def video(served, clip_id):
    store = served.parts.store
    return store.video(store.clip(clip_id)).read_bytes()


def test_chunks_become_one_file_in_order(served, anna):
    _, clip_id = begin(anna)
    assert send(anna, clip_id, 0, b"zero").json() == {"next": 1}
    assert send(anna, clip_id, 1, b"one").json() == {"next": 2}
    assert anna.post(f"/api/clips/{clip_id}/finish").json()["state"] == "stored"
    clip = served.parts.store.clip(clip_id)
    assert clip.file_name.startswith("rest-")
    assert clip.file_name.endswith(".webm")
    assert clip.task is Task.REST
    assert not clip.mirrored, "what is mirrored on the screen is stored unmirrored"
    assert video(served, clip_id) == b"zeroone"
    assert not served.parts.store.chunks(clip).exists()


def test_the_same_chunk_again_is_welcome_and_another_one_is_not(served, anna):
    _, clip_id = begin(anna)
    send(anna, clip_id, 0, b"zero")
    assert send(anna, clip_id, 0, b"zero").json() == {"next": 1}
    refused = send(anna, clip_id, 0, b"other")
    assert refused.status_code == 409
    anna.post(f"/api/clips/{clip_id}/finish")
    assert video(served, clip_id) == b"zero"


def test_a_damaged_or_empty_chunk_is_not_kept(served, anna):
    _, clip_id = begin(anna)
    assert send(anna, clip_id, 0, b"zero", sha256(b"x").hexdigest()).status_code == 409
    assert send(anna, clip_id, 0, b"").status_code == 409
    nothing = anna.post(f"/api/clips/{clip_id}/finish")
    assert nothing.status_code == 409
    assert "Nothing of this recording" in nothing.json()["error"]
    assert anna.get(f"/api/clips/{clip_id}").status_code == 404


def test_a_chunk_without_its_hash_is_not_understood(anna):
    _, clip_id = begin(anna)
    answer = anna.put(f"/api/clips/{clip_id}/chunks/0", content=b"zero")
    assert answer.status_code == 400


def test_what_comes_after_a_gap_is_left_out(served, anna):
    """A file is a prefix without a gap: a hole in the middle would be no video."""
    _, clip_id = begin(anna)
    for index, data in ((0, b"zero"), (1, b"one"), (3, b"three")):
        send(anna, clip_id, index, data)
    anna.post(f"/api/clips/{clip_id}/finish")
    assert video(served, clip_id) == b"zeroone"


def test_a_finished_recording_takes_no_more(anna):
    _, clip_id = begin(anna)
    send(anna, clip_id, 0, b"zero")
    anna.post(f"/api/clips/{clip_id}/finish")
    assert send(anna, clip_id, 1, b"one").status_code == 409
    again = anna.post(f"/api/clips/{clip_id}/finish")
    assert again.json()["state"] == "stored", "finishing twice changes nothing"


def test_a_chunk_has_a_size(serve):
    served = serve(max_chunk_bytes=1000)
    client = served.browser()
    client.post("/people", data={"pseudonym": "anna"})
    _, clip_id = begin(client)
    assert send(client, clip_id, 0, b"x" * 1001).status_code == 413
    assert send(client, clip_id, 0, b"x" * 1000).status_code == 200
    client.close()


def test_a_server_that_is_started_again_goes_on_where_it_was(serve):
    served = serve()
    client = served.browser()
    client.post("/people", data={"pseudonym": "anna"})
    session_id, clip_id = begin(client)
    send(client, clip_id, 0, b"zero")
    client.close()
    serve.stop()
    again = serve()
    client = again.browser()
    state = client.get(f"/api/guided/{session_id}").json()
    assert state == {
        "finished": False,
        "clips": [
            {"clip_id": clip_id, "task": "rest", "state": "recording", "next": 1}
        ],
    }
    assert "not finished" in client.get("/people/~anna").text
    assert send(client, clip_id, 1, b"one").json() == {"next": 2}
    client.post(f"/api/clips/{clip_id}/finish")
    assert video(again, clip_id) == b"zeroone"
    client.close()


def test_a_half_written_chunk_of_a_crash_does_not_count(served, anna):
    _, clip_id = begin(anna)
    send(anna, clip_id, 0, b"zero")
    clip = served.parts.store.clip(clip_id)
    (served.parts.store.chunks(clip) / ".000001.abcd").write_bytes(b"hal")
    assert send(anna, clip_id, 1, b"one").json() == {"next": 2}
    anna.post(f"/api/clips/{clip_id}/finish")
    assert video(served, clip_id) == b"zeroone"


def test_two_sessions_at_once_do_not_mix(served, anna):
    first, one = begin(anna, "rest")
    second, two = begin(anna, "smiling")
    assert first != second
    send(anna, one, 0, b"1")
    send(anna, two, 0, b"2")
    send(anna, one, 1, b"1")
    anna.post(f"/api/guided/{first}/finish")
    assert video(served, one) == b"11"
    assert served.parts.store.clip(two).state is ClipState.RECORDING
    anna.post(f"/api/guided/{second}/finish")
    assert video(served, two) == b"2"


def test_the_end_of_a_session_finishes_what_is_there_and_logs_every_task(served, anna):
    session_id, rest = begin(anna, "rest")
    send(anna, rest, 0, b"a rest")
    smile = begin_clip(anna, session_id, "smiling")
    send(anna, smile, 0, b"a smile")
    begin_clip(anna, session_id, "speech")  # nothing of it ever arrives
    answer = anna.post(f"/api/guided/{session_id}/finish")
    assert answer.json() == {"url": f"/guided/{session_id}"}
    done = lambda c: served.parts.store.clip(c).state is ClipState.DONE
    served.until(lambda: done(rest) and done(smile))
    with served.parts.journal() as journal:
        entries = journal.recordings("anna")
    assert [(e.task, e.bursts_right, e.bursts_left) for e in entries] == [
        (Task.REST, 2, 0),
        (Task.SMILING, 2, 0),
    ]
    assert entries[0].device == "a webcam"
    text = anna.get(f"/guided/{session_id}").text
    assert text.count("2 on the right side, 0 on the left side") == 2
    assert "Reading aloud" not in text
    assert anna.get(f"/clips/{rest}/report.html").text == "<h1>report</h1>"
    late = anna.post(
        f"/api/guided/{session_id}/clips", json={"task": "rest", "media_type": ""}
    )
    assert late.status_code == 409


def test_a_session_belongs_to_one_person(anna):
    anna.post("/people", data={"pseudonym": "ben"})
    session_id, _ = begin(anna)
    own = anna.get(f"/people/~anna/record?session={session_id}")
    assert own.status_code == 200
    assert session_id in own.text
    other = anna.get(f"/people/~ben/record?session={session_id}")
    assert other.status_code == 404
    unknown = anna.post("/api/guided", json={"patient_id": "nobody"})
    assert unknown.status_code == 404


def test_a_step_that_is_done_again_leaves_nothing(served, anna):
    _, clip_id = begin(anna)
    send(anna, clip_id, 0, b"zero")
    folder = served.parts.store.folder(served.parts.store.clip(clip_id))
    assert folder.is_dir()
    assert anna.delete(f"/api/clips/{clip_id}").status_code == 200
    assert not folder.exists()
    assert anna.get(f"/api/clips/{clip_id}").status_code == 404


def test_a_full_disk_is_told_before_a_step_begins(serve):
    served = serve(spare_bytes=10**18)
    client = served.browser()
    client.post("/people", data={"pseudonym": "anna"})
    session = client.post("/api/guided", json={"patient_id": "anna"}).json()
    answer = client.post(
        f"/api/guided/{session['session_id']}/clips",
        json={"task": "rest", "media_type": "video/webm"},
    )
    assert answer.status_code == 413
    assert "not enough space" in answer.json()["error"]
    client.close()


def test_an_interrupted_session_is_finished_without_a_camera(served, anna):
    session_id, clip_id = begin(anna)
    send(anna, clip_id, 0, b"a rest")
    page = anna.get("/people/~anna").text
    assert "Finish and analyse" in page
    answer = anna.post(f"/guided/{session_id}/finish")
    assert answer.headers["location"] == f"/guided/{session_id}"
    store = served.parts.store
    served.until(lambda: store.clip(clip_id).state is ClipState.DONE)
    assert "is not finished" not in anna.get("/people/~anna").text


def test_a_finish_that_comes_twice_at_once_loses_nothing(served, anna):
    """Both requests have looked before either acts, as after a double click."""
    _, clip_id = begin(anna)
    send(anna, clip_id, 0, b"zero")
    store = served.parts.store
    seen_before = store.clip(clip_id)
    first = finish_recording(store, seen_before)
    assert finish_recording(store, seen_before, 1.0) == replace(first, ran_s=1.0)
    assert video(served, clip_id) == b"zero"


def test_a_chunk_that_comes_while_the_recording_is_finished_is_not_acknowledged(
    served, anna
):
    """What is acknowledged must be in the file."""
    _, clip_id = begin(anna)
    send(anna, clip_id, 0, b"zero")
    store = served.parts.store
    seen_before = store.clip(clip_id)
    finish_recording(store, seen_before)
    with pytest.raises(UploadRefused):
        put_chunk(store, seen_before, 1, b"one", sha256(b"one").hexdigest())
    assert not store.chunks(seen_before).exists()
