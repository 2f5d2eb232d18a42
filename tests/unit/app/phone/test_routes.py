"""Whose films a phone sends: those of the person of its code, and nobody else's."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest
from phones import is_allowed

from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.history import Task

EXAMPLE = Path(__file__).parents[4] / "examples" / "simulated_spasm.mp4"
ID = "0" * 32


def begin(client, **body):
    return client.post("/api/guided", json=body).json()["session_id"]


def begin_clip(client, session):
    body = {"task": "rest", "media_type": "video/webm", "device": "camera2"}
    return client.post(f"/api/guided/{session}/clips", json=body).json()["clip_id"]


def send(client, clip_id, index, data):
    headers = {"X-Chunk-SHA256": sha256(data).hexdigest()}
    return client.put(
        f"/api/clips/{clip_id}/chunks/{index}", content=data, headers=headers
    )


FILE = {
    "name": "IMG_1.MOV",
    "size": 9,
    "media_type": "video/quicktime",
    "task": "rest",
    "mirrored": False,
    "started_at": "2025-03-01T10:00:00+01:00",
}


def test_a_session_is_filmed_for_the_person_of_the_code(side, phone):
    """Whatever the phone says: bert is asked for, anna is filmed."""
    session = begin(phone, patient_id="bert")
    clip = begin_clip(phone, session)
    assert send(phone, clip, 0, b"zero").json() == {"next": 1}
    assert phone.get(f"/api/guided/{session}").json()["clips"][0]["next"] == 1
    assert phone.post(f"/api/clips/{clip}/finish", json={"ran_s": 1}).status_code == 200
    answer = phone.post(f"/api/guided/{session}/finish")
    assert answer.json() == {"url": "/done"}
    store = side.served.parts.store
    assert store.clip(clip).patient_id == "anna"
    assert store.session(session).by_phone
    side.served.until(lambda: store.clip(clip).state is ClipState.DONE)
    with side.browser() as browser:
        page = browser.get("/people/~anna/phone").text
        assert "Films from the phone: 1" in page
        assert f"/guided/{session}" in page


def test_files_are_sent_for_the_person_of_the_code(side, phone):
    film = EXAMPLE.read_bytes()
    body = {**FILE, "size": len(film), "patient_id": "bert"}
    for _ in range(2):
        clip = phone.post("/api/files", json=body).json()["clip_id"]
        answer = phone.put(f"/api/clips/{clip}/file", content=film)
        assert answer.json() == {"url": "/done"}
        assert side.served.parts.store.clip(clip).patient_id == "anna"


@pytest.mark.parametrize("size", [10**12, 10**10])
def test_a_file_that_is_too_large_is_refused_before_it_is_sent(phone, size):
    answer = phone.post("/api/files", json={**FILE, "size": size})
    assert answer.status_code == 413


def test_what_is_no_film_is_refused_in_words(phone):
    clip = phone.post("/api/files", json=FILE).json()["clip_id"]
    answer = phone.put(f"/api/clips/{clip}/file", content=b"no film..")
    assert answer.status_code == 415
    assert "not a readable video" in answer.json()["error"]


@pytest.fixture
def others(side):
    """Names of what is not this phone's: of bert, and of anna at the computer."""
    store = side.served.parts.store
    found = []
    with side.browser() as browser:
        for person in ("bert", "anna"):
            session = begin(browser, patient_id=person)
            found.append((session, begin_clip(browser, session)))
        clip = browser.post("/api/files", json={**FILE, "patient_id": "anna"})
        found.append((ID, clip.json()["clip_id"]))
    with side.phone("bert") as other:
        session = begin(other)
        found.append((session, begin_clip(other, session)))
    yield found
    for _, clip_id in found:
        store.remove(clip_id)


def test_what_is_not_the_phones_is_not_there(side, others):
    """As if it had never been: the same words as for a made-up name."""
    with side.phone("anna") as phone:
        for session, clip in others:
            for method, path, body in (
                ("GET", f"/api/guided/{session}", None),
                ("POST", f"/api/guided/{session}/finish", {}),
                (
                    "POST",
                    f"/api/guided/{session}/clips",
                    {"task": "rest", "media_type": ""},
                ),
                ("DELETE", f"/api/clips/{clip}", None),
                ("POST", f"/api/clips/{clip}/finish", None),
                ("PUT", f"/api/clips/{clip}/file", None),
                ("GET", f"/record?session={session}", None),
            ):
                answer = phone.request(method, path, json=body)
                assert answer.status_code == 404, (method, path, answer.text)
                assert "not available" in answer.text
            assert send(phone, clip, 0, b"zero").status_code == 404
    store = side.served.parts.store
    assert all(store.clip(clip).state is ClipState.RECORDING for _, clip in others)


def test_a_phone_that_comes_again_goes_on(side):
    """Its code was used up; a new one is for the same person and the same session."""
    with side.phone() as phone:
        session = begin(phone)
        clip = begin_clip(phone, session)
        send(phone, clip, 0, b"zero")
    with side.phone() as again:
        assert again.get(f"/record?session={session}").status_code == 200
        assert f"/record?session={session}" in again.get("/").text
        assert send(again, clip, 1, b"one").json() == {"next": 2}
        assert again.post(f"/api/guided/{session}/finish").status_code == 200


def test_a_step_is_done_again_until_the_session_is_over(side, phone):
    session = begin(phone)
    clip = begin_clip(phone, session)
    send(phone, clip, 0, b"zero")
    assert phone.delete(f"/api/clips/{clip}").status_code == 200
    clip = begin_clip(phone, session)
    send(phone, clip, 0, b"zero")
    phone.post(f"/api/guided/{session}/finish")
    store = side.served.parts.store
    side.served.until(lambda: store.clip(clip).state is ClipState.DONE)
    store.change(clip, recording_id="")
    assert phone.delete(f"/api/clips/{clip}").status_code == 409
    assert store.clip(clip)


def test_no_page_of_the_phone_names_anybody_else(side, phone):
    for path in ("/", "/record", "/record?form=short", "/add", "/done", "/nowhere"):
        text = phone.get(path).text
        assert "bert" not in text
        links = re.findall(r'(?:src|href|action)="(/[^"#?]*)', text)
        assert links
        for link in links:
            assert is_allowed("GET", link) or is_allowed("POST", link), (path, link)


def test_who_is_renamed_or_removed_takes_the_phone_along(side):
    with side.browser() as browser:
        browser.post("/people", data={"pseudonym": "cora"})
        with side.phone("cora") as phone:
            begin(phone)
            browser.post("/people/~cora/settings/name", data={"name": "dora"})
            assert phone.get("/record").status_code == 401
        with side.phone("dora") as phone:
            browser.post("/people/~dora/settings/remove", data={"name": "dora"})
            assert phone.get("/record").status_code == 401


def test_the_journal_task_of_a_phones_film_is_the_steps(side, phone):
    clip = begin_clip(phone, begin(phone))
    assert side.served.parts.store.clip(clip).task is Task.REST
