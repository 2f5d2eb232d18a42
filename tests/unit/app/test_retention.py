"""Films are kept, kept for some days, or never, and analyses are kept always."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from commands import run

from twitch_tracker.app.keeping.retention import remove_expired_films, without_pictures
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.app.recording.store import Store
from twitch_tracker.errors import BadParameter
from twitch_tracker.history import Task
from twitch_tracker.journal.open import open_journal

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
FILM = b"a film of a face"
REPORT = (
    '<img src="data:image/jpeg;base64,/9j/4AAQ+==" alt="burst 1"><svg></svg> 3 bursts'
)


@pytest.fixture
def home(tmp_path, empty_journal, make_recording):
    """Anna with one film whose analysis is in the journal; it came just now."""
    home = tmp_path / "home"
    shutil.copytree(empty_journal, home)
    store = Store(home / "app")
    digest = sha256(FILM).hexdigest()
    signals = tmp_path / "signals.parquet"
    signals.write_bytes(b"signals")
    with open_journal(home) as journal:
        journal.add_patient("anna")
        made = make_recording(NOW - timedelta(days=400), 3)
        made = replace(made, content_sha256=digest, signals=signals)
        logged = journal.log("anna", made)
    clip = store.add(
        patient_id="anna",
        task=Task.REST,
        started_at=NOW - timedelta(days=400),
        file_name="rest.webm",
        state=ClipState.DONE,
        recording_id=logged.recording_id,
    )
    store.video(clip).write_bytes(FILM)
    os.utime(store.video(clip), (NOW.timestamp(), NOW.timestamp()))
    store.result(clip).mkdir()
    (store.result(clip) / "report.html").write_text(REPORT)
    (store.result(clip) / "overlay.mp4").write_bytes(FILM)
    copy = home / "app" / "review" / digest
    copy.mkdir(parents=True)
    (copy / "copy.mp4").write_bytes(FILM)
    return home


def look(home, after: timedelta):
    with open_journal(home) as journal:
        return remove_expired_films(journal, Store(home / "app"), now=NOW + after)


def faces(home) -> list[str]:
    found = (path for path in (home / "app").rglob("*") if path.is_file())
    return [
        p.name for p in found if FILM in p.read_bytes() or b"jpeg" in p.read_bytes()
    ]


def test_films_are_kept_unless_somebody_wishes_otherwise(home):
    assert look(home, timedelta(days=10_000)) == ()
    assert sorted(faces(home)) == [
        "copy.mp4",
        "overlay.mp4",
        "report.html",
        "rest.webm",
    ]


@pytest.mark.parametrize(
    ("wish", "stays_for"), [("never", timedelta(0)), ("30", timedelta(days=30))]
)
def test_a_film_goes_when_its_time_is_over_and_its_analysis_stays(
    home, wish, stays_for
):
    """Counted from when it came here, not from when it was recorded."""
    assert run("patient", "films", "anna", wish, "--home", home).exit_code == 0
    if stays_for:
        assert look(home, stays_for - timedelta(seconds=1)) == ()
    assert len(look(home, stays_for)) == 1
    assert faces(home) == []
    store = Store(home / "app")
    (clip,) = store.clips()
    assert clip.film_removed
    assert "3 bursts" in (store.result(clip) / "report.html").read_text()
    with open_journal(home) as journal:
        (entry,) = journal.recordings("anna")
        assert entry.bursts_right == 3
        assert journal.analysis(entry.recording_id).signals.read_bytes() == b"signals"
        assert journal.check() == ()
    assert look(home, stays_for) == (), "once is enough"


def test_films_that_were_cut_out_of_it_go_along(home):
    """Those of a burst, which a page plays."""
    store = Store(home / "app")
    (clip,) = store.clips()
    cuts = store.folder(clip) / "cuts"
    cuts.mkdir()
    (cuts / "1000-3000.mp4").write_bytes(FILM)
    run("patient", "films", "anna", "never", "--home", home)
    assert len(look(home, timedelta(0))) == 1
    assert faces(home) == []
    cuts.mkdir()
    (cuts / "2000-3000.mp4").write_bytes(FILM)
    assert len(look(home, timedelta(0))) == 1, "an older version left them"
    assert faces(home) == []
    assert look(home, timedelta(0)) == ()


@pytest.mark.parametrize("ahead", [timedelta(days=30_000), None])
def test_a_film_that_came_while_the_clock_was_ahead_goes_in_its_time(home, ahead):
    """Also one whose date is none that a calendar has."""
    store = Store(home / "app")
    (clip,) = store.clips()
    came_s = 1e12 if ahead is None else (NOW + ahead).timestamp()
    os.utime(store.video(clip), (came_s, came_s))
    run("patient", "films", "anna", "30", "--home", home)
    assert look(home, timedelta(0)) == ()
    assert len(look(home, timedelta(days=30))) == 1
    assert faces(home) == []


@pytest.fixture
def sent(home):
    """Only the copy of a film that was sent to be reviewed, made just now."""
    store = Store(home / "app")
    (clip,) = store.clips()
    store.remove(clip.clip_id)
    (copy,) = store.review_folders()
    for path in (copy, *copy.iterdir()):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    return home


@pytest.mark.parametrize(("wish", "days"), [("never", 1), ("30", 30)])
def test_a_film_that_was_sent_for_its_review_goes_too(sent, wish, days):
    """Not on the same day, or nobody could review it."""
    look(sent, timedelta(days=10_000))
    assert faces(sent) == ["copy.mp4"], "it was kept"
    run("patient", "films", "anna", wish, "--home", sent)
    look(sent, timedelta(days=days) - timedelta(seconds=1))
    assert faces(sent) == ["copy.mp4"]
    look(sent, timedelta(days=days))
    assert faces(sent) == []


def test_a_film_of_two_people_stays_as_long_as_one_of_them_wishes(sent, make_recording):
    """No version logs it for both now; an older one did."""
    with open_journal(sent) as journal:
        journal.add_patient("berta")
        journal.log("berta", make_recording(NOW, 2))
        with journal._database.write() as connection:
            same = "(SELECT content_sha256 FROM recordings WHERE id = 1)"
            connection.exec_driver_sql(
                f"UPDATE recordings SET content_sha256 = {same} WHERE id = 2"  # noqa: S608
            )
    run("patient", "films", "anna", "never", "--home", sent)
    look(sent, timedelta(days=100))
    assert faces(sent) == ["copy.mp4"]
    run("patient", "films", "berta", "30", "--home", sent)
    look(sent, timedelta(days=100))
    assert faces(sent) == []


def test_a_wish_holds_however_the_letters_of_a_pseudonym_are_put_together(home):
    composed, apart = (unicodedata.normalize(form, "Zoé") for form in ("NFC", "NFD"))
    run("patient", "rename", "anna", composed, "--home", home)
    store = Store(home / "app")
    (clip,) = store.clips()
    store.change(clip.clip_id, patient_id=apart)
    run("patient", "films", composed, "never", "--home", home)
    assert len(look(home, timedelta(0))) == 1
    assert faces(home) == []


def test_no_film_goes_before_its_analysis_is_in_the_journal(home):
    store = Store(home / "app")
    (clip,) = store.clips()
    store.change(clip.clip_id, state=ClipState.FAILED, recording_id="")
    run("patient", "films", "anna", "never", "--home", home)
    assert look(home, timedelta(days=100)) == ()
    assert store.video(clip).read_bytes() == FILM


def test_a_kill_on_the_way_is_made_good_at_the_next_look(home, monkeypatch):
    run("patient", "films", "anna", "never", "--home", home)
    with monkeypatch.context() as patched:
        patched.setattr(Store, "change", lambda *_given, **_more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            look(home, timedelta(0))
    assert len(look(home, timedelta(0))) == 1
    assert faces(home) == []


@pytest.mark.parametrize("wish", ["maybe", "-1", "1.5", "²", "999999"])
def test_another_wish_is_wrong_usage(home, wish):
    said = run("patient", "films", "anna", "--home", home, "--", wish)
    assert said.exit_code == 2
    with open_journal(home) as journal:
        assert journal.patient("anna").films_kept_days is None
        with pytest.raises(BadParameter, match="0 to 36500 days"):
            journal.keep_films("anna", -1)


def test_a_wish_is_shown_and_can_be_taken_back(home):
    run("patient", "films", "anna", "7", "--home", home)
    assert "films kept: 7 days" in run("patient", "show", "anna", "--home", home).output
    run("patient", "films", "anna", "kept", "--home", home)
    assert "films kept" not in run("patient", "show", "anna", "--home", home).output


def test_only_pictures_go_out_of_a_report():
    plain = without_pictures(REPORT)
    assert not re.search("base64", plain)
    assert plain.endswith("<svg></svg> 3 bursts")


def test_a_running_app_lets_films_go_and_shows_no_faces(serve, monkeypatch):
    from twitch_tracker.app import server

    monkeypatch.setattr(server, "_EVERY_S", 0.05)
    served = serve()
    browser = served.browser()
    browser.post("/people", data={"pseudonym": "anna"})
    with served.parts.journal() as journal:
        journal.keep_films("anna", 0)
    session = browser.post("/api/guided", json={"patient_id": "anna"}).json()
    path = f"/api/guided/{session['session_id']}"
    body = {"task": "rest", "media_type": "video/webm"}
    clip_id = browser.post(f"{path}/clips", json=body).json()["clip_id"]
    headers = {"X-Chunk-SHA256": sha256(FILM).hexdigest()}
    browser.put(f"/api/clips/{clip_id}/chunks/0", content=FILM, headers=headers)
    browser.post(f"{path}/finish")
    store = served.parts.store
    served.until(lambda: store.clip(clip_id).film_removed)
    assert [job.pictures for job in served.work.jobs] == [False]
    assert not store.video(store.clip(clip_id)).exists()
    assert "film was removed" in browser.get(f"/clips/{clip_id}").text
    assert browser.post(f"/api/clips/{clip_id}/analyse").status_code == 409
    browser.close()
