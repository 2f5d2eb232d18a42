"""Files from elsewhere: announced, streamed, looked into, analysed, cancelled."""

from __future__ import annotations

import asyncio
import http.client
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import pytest

from twitch_tracker.app.corrections.details import typed_moment
from twitch_tracker.app.recording import store as store_module
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.exchange.whole import write_whole

EXAMPLE = Path(__file__).parents[3] / "examples" / "simulated_spasm.mp4"


@pytest.fixture
def served(serve):
    """An app of this test's own."""
    return serve()


def announce(client, size, **more):
    body = {
        "patient_id": "anna",
        "name": "../../IMG_0001.MOV",
        "size": size,
        "media_type": "video/mp4",
        "task": "rest",
        "mirrored": True,
        "started_at": "2025-03-01T10:00:00+01:00",
        **more,
    }
    return client.post("/api/files", json=body)


def put(client, clip_id, content):
    return client.put(f"/api/clips/{clip_id}/file", content=content)


def left_over(served):
    return [p for p in (served.settings.folder / "clips").rglob("*") if p.is_file()]


def test_a_phone_video_is_stored_analysed_and_logged(served, anna, really_apart):
    film = EXAMPLE.read_bytes()
    clip_id = announce(anna, len(film)).json()["clip_id"]
    assert put(anna, clip_id, film).json() == {"url": f"/clips/{clip_id}"}
    store = served.parts.store
    served.until(lambda: store.clip(clip_id).state is ClipState.DONE)
    clip = store.clip(clip_id)
    assert store.video(clip).read_bytes() == film
    assert clip.file_name == f"rest-{clip.started_at:%Y%m%d-%H%M%S}.mp4"
    assert served.work.jobs[0].options.mirrored
    page = anna.get(f"/clips/{clip_id}").text
    assert "2 on the right side, 0 on the left side" in page
    assert "../../IMG_0001.MOV" in page, "shown, never used as a path"
    assert "mirror image" in page
    with served.parts.journal() as journal:
        (entry,) = journal.recordings("anna")
    assert entry.started_at == datetime(2025, 3, 1, 9, tzinfo=UTC)
    assert entry.recording_id == clip.recording_id
    assert store.of_recording(entry.recording_id) == clip
    person = anna.get("/people/~anna").text
    assert f'href="/clips/{clip_id}"' in person


def test_nobody_waits_while_a_file_that_was_sent_is_noted_on_the_disk(
    served, anna, monkeypatch
):
    """The event loop answers everybody; what it waits for, everybody waits for."""
    written = []

    def note(path, text):
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            written.append("beside")
        else:
            written.append("by the event loop")
        write_whole(path, text)

    monkeypatch.setattr(store_module, "write_whole", note)
    film = EXAMPLE.read_bytes()
    clip_id = announce(anna, len(film)).json()["clip_id"]
    assert put(anna, clip_id, film).status_code == 200
    store = served.parts.store
    served.until(lambda: store.clip(clip_id).state is ClipState.DONE)
    assert len(written) >= 4, "announced, stored, waiting, analysed"
    assert set(written) == {"beside"}


def test_two_gigabytes_are_refused_before_they_are_stored(served, anna):
    refused = announce(anna, 2_000_000_000)
    assert refused.status_code == 413
    assert "2000 MB; the limit is 1500 MB" in refused.json()["error"]
    assert left_over(served) == []


def test_a_request_that_says_it_is_too_large_is_refused_unread(served, anna):
    """Whoever skips the announcement is stopped by Content-Length."""
    clip_id = announce(anna, 1000).json()["clip_id"]

    name = f"twitch_tracker_{served.settings.port}"
    raw = http.client.HTTPConnection("127.0.0.1", served.settings.port)
    raw.putrequest("PUT", f"/api/clips/{clip_id}/file")
    for header, value in (
        ("Content-Length", "2000000000"),
        ("Cookie", f"{name}={anna.cookies[name]}"),
        ("Origin", served.settings.address),
    ):
        raw.putheader(header, value)
    raw.endheaders(b"only the beginning")
    answer = raw.getresponse()
    assert answer.status == 413
    assert b"the limit is 1500 MB" in answer.read()
    raw.close()


def test_a_stream_without_a_length_is_counted(serve):
    served = serve(max_upload_bytes=50_000)
    client = served.browser()
    client.post("/people", data={"pseudonym": "anna"})
    clip_id = announce(client, 1000).json()["clip_id"]

    def endless():
        for _ in range(100):
            yield b"x" * 10_000

    assert put(client, clip_id, endless()).status_code == 413
    assert left_over(served) == []
    client.close()


@pytest.mark.parametrize(
    "content",
    [b"MZ not a video at all", b"\x89PNG\r\n\x1a\n" + b"0" * 50, b"#EXTM3U\nhttp://x/"],
    ids=["program", "picture", "playlist"],
)
def test_what_is_no_video_is_not_kept(served, anna, content):
    clip_id = announce(anna, len(content)).json()["clip_id"]
    answer = put(anna, clip_id, content)
    assert answer.status_code == 415
    assert "not a readable video" in answer.json()["error"]
    assert str(served.settings.home) not in answer.text
    assert left_over(served) == []


def test_a_file_that_is_cut_off_is_not_kept(served, anna):
    film = EXAMPLE.read_bytes()
    clip_id = announce(anna, len(film)).json()["clip_id"]
    answer = put(anna, clip_id, film[:5000])
    assert answer.status_code == 409
    assert "did not arrive completely" in answer.json()["error"]
    assert left_over(served) == []


def test_an_empty_file_and_a_day_to_come_are_refused(anna):
    assert announce(anna, 0).status_code == 409
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    refused = announce(anna, 5, started_at=tomorrow)
    assert refused.status_code == 409
    assert "future" in refused.json()["error"]
    naive = announce(anna, 5, started_at="2025-03-01T10:00:00")
    assert naive.status_code == 400


def test_a_file_cannot_be_sent_twice_or_unannounced(served, anna):
    film = EXAMPLE.read_bytes()
    clip_id = announce(anna, len(film)).json()["clip_id"]
    put(anna, clip_id, film)
    assert put(anna, clip_id, film).status_code == 409
    served.until(lambda: served.parts.store.clip(clip_id).state is ClipState.DONE)
    session = anna.post("/api/guided", json={"patient_id": "anna"}).json()["session_id"]
    step = anna.post(
        f"/api/guided/{session}/clips", json={"task": "rest", "media_type": ""}
    ).json()["clip_id"]
    assert put(anna, step, film).status_code == 409


# --- the analysis -----------------------------------------------------------


def send_example(client):
    film = EXAMPLE.read_bytes()
    clip_id = announce(client, len(film)).json()["clip_id"]
    put(client, clip_id, film)
    return clip_id


@pytest.fixture
def half_sent(served, anna):
    """An announced file of which half has come: its film, its name, the connection."""
    film = EXAMPLE.read_bytes()
    clip_id = announce(anna, len(film)).json()["clip_id"]
    line = http.client.HTTPConnection("127.0.0.1", served.settings.port, timeout=20)
    line.putrequest("PUT", f"/api/clips/{clip_id}/file")
    line.putheader("Content-Length", str(len(film)))
    cookies = "; ".join(f"{name}={value}" for name, value in anna.cookies.items())
    line.putheader("Cookie", cookies)
    for name in ("Origin", "Sec-Fetch-Site"):
        line.putheader(name, anna.headers[name])
    line.endheaders()
    line.send(film[: len(film) // 2])
    served.until(lambda: served.parts.store.is_taking(clip_id))
    yield film, clip_id, line
    line.close()


def test_a_file_that_comes_twice_at_once_is_taken_once(served, anna, half_sent):
    """Who comes second is refused, whole file or broken one, and spoils nothing."""
    film, clip_id, first = half_sent
    for content in (film, b"no film"):
        second = put(anna, clip_id, content)
        assert second.status_code == 409
        assert "already being sent" in second.json()["error"]
    assert anna.delete(f"/api/clips/{clip_id}").status_code == 409
    assert anna.post(f"/api/clips/{clip_id}/finish").status_code == 409
    first.send(film[len(film) // 2 :])
    assert first.getresponse().status == 200
    store = served.parts.store
    served.until(lambda: store.clip(clip_id).state is ClipState.DONE)
    assert store.video(store.clip(clip_id)).read_bytes() == film
    assert len(served.work.jobs) == 1
    again = put(anna, clip_id, film)
    assert again.status_code == 409
    assert "already there" in again.json()["error"]
    assert store.clip(clip_id).state is ClipState.DONE


def test_who_breaks_off_lets_go_of_the_file(served, anna, half_sent):
    film, clip_id, first = half_sent
    first.close()
    served.until(lambda: not served.parts.store.is_taking(clip_id))
    assert put(anna, clip_id, film).status_code == 404, "it is announced anew"
    assert left_over(served) == []


def test_progress_survives_a_reload_and_can_be_cancelled(served, anna):
    served.work.hold.clear()
    clip_id = send_example(anna)
    now = lambda: anna.get(f"/api/clips/{clip_id}").json()
    served.until(lambda: now()["percent"] == 42)
    assert now()["state"] == "analysing"
    assert now()["step"] == "Looking at every picture"
    page = anna.get(f"/clips/{clip_id}").text
    assert 'value="42"' in page
    anna.post(f"/api/clips/{clip_id}/cancel")
    served.until(lambda: now()["state"] == "cancelled")
    assert "Analyse it" in anna.get(f"/clips/{clip_id}").text
    served.work.hold.set()
    anna.post(f"/api/clips/{clip_id}/analyse")
    served.until(lambda: now()["state"] == "done")


def test_what_waits_can_be_cancelled_too(served, anna):
    served.work.hold.clear()
    first, second = send_example(anna), send_example(anna)
    served.until(lambda: len(served.work.jobs) == 1)
    anna.post(f"/api/clips/{second}/cancel")
    assert anna.get(f"/api/clips/{second}").json()["state"] == "cancelled"
    served.work.hold.set()
    served.until(lambda: anna.get(f"/api/clips/{first}").json()["state"] == "done")
    assert len(served.work.jobs) == 1


def test_an_analysis_goes_on_after_a_restart(serve):
    served = serve()
    client = served.browser()
    client.post("/people", data={"pseudonym": "anna"})
    served.work.hold.clear()
    clip_id = send_example(client)
    served.until(lambda: len(served.work.jobs) == 1)
    client.close()
    serve.stop()
    served.work.hold.set()
    again = serve()
    again.until(lambda: again.parts.store.clip(clip_id).state is ClipState.DONE)
    assert len(served.work.jobs) == 2


def test_a_failure_is_told_in_words_and_keeps_the_video(served, anna):
    served.work.failing = "nothing_measured(eyes_covered=9)"
    clip_id = send_example(anna)
    store = served.parts.store
    served.until(lambda: store.clip(clip_id).state is ClipState.FAILED)
    page = anna.get(f"/clips/{clip_id}").text
    assert (
        "No part of it can be measured (eyes behind dark glasses for 9.00 s)." in page
    )
    assert "Film without dark glasses." in page
    assert "evenly lit" not in page, "advice for another trouble"
    assert store.video(store.clip(clip_id)).name not in page
    assert store.video(store.clip(clip_id)).exists()
    assert anna.delete(f"/api/clips/{clip_id}").json() == {"url": "/people/~anna"}
    assert left_over(served) == []


def test_the_same_film_of_another_person_is_told(served, anna):
    """Mixing people up is the worst error there is; the journal refuses it."""
    anna.post("/people", data={"pseudonym": "ben"})
    first = send_example(anna)
    store = served.parts.store
    served.until(lambda: store.clip(first).state is ClipState.DONE)
    film = EXAMPLE.read_bytes()
    second = announce(anna, len(film), patient_id="ben").json()["clip_id"]
    put(anna, second, film)
    served.until(lambda: store.clip(second).state is ClipState.FAILED)
    assert "could not be logged" in anna.get(f"/clips/{second}").text


def test_what_is_logged_cannot_be_removed_here(served, anna):
    clip_id = send_example(anna)
    served.until(lambda: served.parts.store.clip(clip_id).state is ClipState.DONE)
    assert anna.delete(f"/api/clips/{clip_id}").status_code == 409


# --- when it was filmed -------------------------------------------------------


def filmed(folder: Path, creation_time: str) -> bytes:
    """Return the example as a camera would have stored it that wrote its clock."""
    path = folder / "camera.mp4"
    with av.open(str(EXAMPLE)) as source, av.open(str(path), "w") as target:
        if creation_time:
            target.metadata["creation_time"] = creation_time
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    return path.read_bytes()


def logged_file(served, anna, film, **more):
    """Send a file, wait until it is logged; returns the clip and its entry."""
    clip_id = announce(anna, len(film), **more).json()["clip_id"]
    put(anna, clip_id, film)
    store = served.parts.store
    served.until(lambda: store.clip(clip_id).state is ClipState.DONE)
    with served.parts.journal() as journal:
        return clip_id, journal.recording(store.clip(clip_id).recording_id)


@pytest.mark.parametrize(
    ("camera", "told", "year", "known", "words"),
    [
        ("2024-07-12T08:30:00Z", False, 2024, "from_file", "by the camera"),
        ("2024-07-12T08:30:00Z", True, 2025, "told", "as entered"),
        ("", False, 2025, "file_date", "copying or exporting can change"),
        ("1970-01-01T00:00:00Z", False, 2025, "file_date", "copying or exporting"),
        ("2039-07-12T08:30:00Z", False, 2025, "file_date", "copying or exporting"),
    ],
    ids=["camera", "told", "no-clock", "clock-not-set", "clock-ahead"],
)
def test_a_date_nobody_typed_is_the_cameras_before_the_files(
    served, anna, tmp_path, camera, told, year, known, words
):
    """The form is filled in with the file's date; left so, it is nobody's word."""
    film = filmed(tmp_path, camera)
    clip_id, entry = logged_file(served, anna, film, time_told=told)
    assert (entry.started_at.year, entry.time_known) == (year, known)
    page = anna.get(f"/clips/{clip_id}").text
    assert words in page.partition('data-field="when"')[2][:200]


def test_a_wrong_date_is_put_right_and_stays_so(served, anna, tmp_path):
    """Also when the recording is analysed again; the journal keeps what it was."""
    film = filmed(tmp_path, "2024-07-12T08:30:00Z")
    clip_id, entry = logged_file(served, anna, film, time_told=False)
    assert f'href="/clips/{clip_id}/change"' in anna.get(f"/clips/{clip_id}").text
    right = datetime.fromisoformat("2024-05-01T09:15:00+02:00")
    told = {"when": typed_moment(right), "task": "rest", "mirrored": "no"}
    assert anna.post(f"/clips/{clip_id}/change", data=told).status_code == 303
    assert anna.post(f"/api/clips/{clip_id}/analyse").status_code == 200
    store = served.parts.store
    served.until(lambda: len(served.work.jobs) == 2)
    served.until(lambda: store.clip(clip_id).state is ClipState.DONE)
    with served.parts.journal() as journal:
        now = journal.recording(entry.recording_id)
        kinds = [c.after for c in journal.changes("anna") if c.kind == "recording"]
    assert (now.started_at, now.time_known) == (right, "told")
    assert any(after and "started_at" in after for after in kinds)
    assert "1 May 2024" in anna.get(f"/clips/{clip_id}").text


def test_whose_a_recording_is_already_is_not_told_to_another(served, anna):
    """Neither the other pseudonym nor a command line, which nobody has in a browser."""
    film = EXAMPLE.read_bytes()
    logged_file(served, anna, film)
    with served.parts.journal() as journal:
        journal.add_patient("ben")
    clip_id = announce(anna, len(film), patient_id="ben").json()["clip_id"]
    put(anna, clip_id, film)
    store = served.parts.store
    served.until(lambda: store.clip(clip_id).state is ClipState.FAILED)
    assert store.clip(clip_id).error == "logged_for_another"
    page = anna.get(f"/clips/{clip_id}").text
    said = page[page.index('class="caution"') :].partition("</p>")[0]
    assert "already logged for another person" in said
    assert "anna" not in said
    assert "--" not in said
    assert "twitch-tracker" not in said
