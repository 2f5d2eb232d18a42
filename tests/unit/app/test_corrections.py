"""What was told of a recording or a person can be put right, and its history is kept."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from twitch_tracker.app.corrections.details import Details, read_details, typed_moment
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.history import Task

AT = datetime(2026, 3, 1, 18, 30, 12, tzinfo=UTC)
OLD = Details(started_at=AT, task=Task.REST, device="webcam", note="", mirrored=False)


@pytest.fixture
def served(serve):
    return serve()


@pytest.fixture
def logged(served, anna):
    """A clip of anna that is analysed and logged; gives it and the recording."""
    store = served.parts.store
    clip = store.add(
        patient_id="anna", task=Task.REST, started_at=AT, file_name="v.webm",
        device="webcam",
    )  # fmt: skip
    store.video(clip).write_bytes(b"a film")
    served.parts.analyses.submit(clip.clip_id)
    served.until(lambda: store.clip(clip.clip_id).state is ClipState.DONE)
    return store.clip(clip.clip_id)


def form(**changes):
    told = {
        "when": typed_moment(AT), "task": "rest", "device": "webcam", "note": "",
        "mirrored": "no",
    }  # fmt: skip
    return {**told, **changes}


def entry(served, recording_id):
    with served.parts.journal() as journal:
        return journal.recording(recording_id)


def test_date_task_and_camera_are_put_right_in_both_places(served, anna, logged):
    url = f"/recordings/{logged.recording_id}/change"
    assert 'value="webcam"' in anna.get(url).text
    sent = form(when="2026-02-03T09:15", task="smiling", device="phone", note="hurried")
    answer = anna.post(url, data=sent)
    assert answer.status_code == 303
    now = entry(served, logged.recording_id)
    assert (now.task, now.device, now.note) == (Task.SMILING, "phone", "hurried")
    assert typed_moment(now.started_at) == "2026-02-03T09:15"
    clip = served.parts.store.clip(logged.clip_id)
    assert (clip.task, clip.device) == (Task.SMILING, "phone")
    assert clip.started_at == now.started_at
    history = anna.get(url).text.split("What was changed before")[1]
    assert "Rest" in history
    assert "Smile" in history


def test_an_analysis_again_does_not_bring_the_old_words_back(served, anna, logged):
    """Put right by the command line, which does not know the app's own facts."""
    with served.parts.journal() as journal:
        journal.change_recording(
            logged.recording_id, task=Task.SPEECH, note="read a poem"
        )
    store = served.parts.store
    anna.post(f"/api/clips/{logged.clip_id}/analyse")
    served.until(lambda: len(served.work.jobs) == 2)
    served.until(lambda: store.clip(logged.clip_id).state is ClipState.DONE)
    now = entry(served, logged.recording_id)
    assert (now.task, now.note) == (Task.SPEECH, "read a poem")


def test_the_other_way_round_is_measured_anew(served, anna, logged):
    url = f"/recordings/{logged.recording_id}/change"
    anna.post(url, data=form(mirrored="yes"))
    served.until(lambda: len(served.work.jobs) == 2)
    assert served.work.jobs[1].options.mirrored
    assert served.parts.store.clip(logged.clip_id).mirrored
    anna.post(url, data=form(mirrored="yes"))
    store = served.parts.store
    served.until(lambda: store.clip(logged.clip_id).state is ClipState.DONE)
    assert len(served.work.jobs) == 2, "nothing was turned this time"


def test_what_is_being_analysed_is_left_alone(served, anna, logged):
    served.work.hold.clear()
    anna.post(f"/api/clips/{logged.clip_id}/analyse")
    try:
        url = f"/recordings/{logged.recording_id}"
        assert anna.post(f"{url}/change", data=form(task="smiling")).status_code == 409
        assert anna.post(f"{url}/remove").status_code == 409
        assert anna.post(
            "/people/~anna/settings/remove", data={"name": "anna"}
        ).status_code == 409  # fmt: skip
        name = {"name": "berta"}
        assert anna.post("/people/~anna/settings/name", data=name).status_code == 409
    finally:
        served.work.hold.set()
    assert entry(served, logged.recording_id).task is Task.REST


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"when": "yesterday"}, "when"),
        ({"when": "2999-01-01T00:00"}, "when"),
        ({"when": "0001-01-01T00:00"}, "when"),
        ({"when": "1904-01-01T00:00"}, "when"),
        ({"task": "dancing"}, "task"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(served, anna, logged, wrong, name):
    answer = anna.post(f"/recordings/{logged.recording_id}/change", data=form(**wrong))
    assert answer.status_code == 400
    assert f'id="p-{name}"' in answer.text
    assert entry(served, logged.recording_id).started_at == AT


def test_the_same_minute_keeps_its_seconds():
    told, problems = read_details(
        OLD, when=typed_moment(AT), task="rest", device=" x ", note="", mirrored=""
    )
    assert not problems
    assert told == Details(
        started_at=AT, task=Task.REST, device="x", note="", mirrored=False
    )


def test_a_recording_is_removed_after_a_question(served, anna, logged):
    url = f"/recordings/{logged.recording_id}/remove"
    assert "permanently" in anna.get(url).text
    folder = served.parts.store.folder(logged)
    assert anna.post(url).status_code == 303
    assert anna.get(url).status_code == 404
    assert not folder.exists()
    changes = anna.get("/people/~anna/changes").text
    assert "Recording removed" in changes


# --- a person -----------------------------------------------------------------------


def test_a_new_name_goes_everywhere(served, anna, logged):
    answer = anna.post("/people/~anna/settings/name", data={"name": " berta "})
    assert answer.headers["location"].startswith("/people/~berta/settings")
    assert anna.get("/people/~anna").status_code == 404
    assert served.parts.store.clip(logged.clip_id).patient_id == "berta"
    page = anna.get("/people/~berta/settings").text
    assert re.search(r"Name: anna.*Name: berta", page, re.DOTALL)


def test_a_name_that_somebody_has_is_refused(anna):
    anna.post("/people", data={"pseudonym": "carla"})
    answer = anna.post("/people/~anna/settings/name", data={"name": "Carla"})
    assert answer.status_code == 400
    assert 'value="Carla"' in answer.text, "what was typed stays"
    assert anna.get("/people/~anna").status_code == 200


def test_earlier_recordings_are_asked_or_not(served, anna):
    anna.post("/people/~anna/settings/face", data={"known": "no"})
    with served.parts.journal() as journal:
        assert journal.patient("anna").no_known_face
    page = anna.get("/people/~anna/settings").text
    assert re.search(r'value="no" checked', page)
    anna.post("/people/~anna/settings/face", data={"known": "yes"})
    with served.parts.journal() as journal:
        assert not journal.patient("anna").no_known_face
    assert anna.post("/people/~anna/settings/face").status_code == 400


def test_a_person_is_removed_only_by_typing_the_name(served, anna, logged):
    url = "/people/~anna/settings/remove"
    assert anna.post(url, data={"name": "ann"}).status_code == 400
    assert anna.get("/people/~anna").status_code == 200
    assert anna.post(url, data={"name": "anna"}).headers["location"] == "/"
    assert anna.get("/people/~anna").status_code == 404
    assert not served.parts.store.of_patient("anna")


def kept_days(served):
    with served.parts.journal() as journal:
        return journal.patient("anna").films_kept_days


def test_for_how_long_films_are_kept_is_chosen_in_a_form(served, anna):
    url = "/people/~anna/settings"
    assert re.search(r'value="kept" checked', anna.get(url).text)
    for told, days in (
        ({"kept": "days", "days": "30"}, 30),
        ({"kept": "never", "days": "30"}, 0),
        ({"kept": "kept"}, None),
    ):
        assert anna.post(f"{url}/films", data=told).status_code == 303
        assert kept_days(served) == days
    anna.post(f"{url}/films", data={"kept": "days", "days": "30"})
    page = anna.get(url).text
    assert re.search(r'value="days" checked', page)
    assert 'value="30"' in page
    assert "Days that films are kept" in page, "its history is told"


@pytest.mark.parametrize("days", ["", "0", "-3", "1.5", "10000", "many", "٣"])
def test_an_odd_number_of_days_is_told_and_changes_nothing(served, anna, days):
    url = "/people/~anna/settings"
    told = anna.post(f"{url}/films", data={"kept": "days", "days": days})
    assert told.status_code == 400
    assert "from 1 to 9999" in told.text
    assert kept_days(served) is None


def test_a_film_that_is_never_kept_goes_at_once(served, anna, logged):
    film = served.parts.store.video(logged)
    assert film.is_file()
    anna.post("/people/~anna/settings/films", data={"kept": "never"})
    assert not film.exists()
    assert (
        "was removed, as chosen in the settings"
        in anna.get(f"/clips/{logged.clip_id}").text
    )
