"""Who is forgotten leaves no film, whatever was lost or killed before."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import unicodedata
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from shutil import rmtree

import pytest
from commands import run

from twitch_tracker.app.keeping import forgetting
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.app.recording.store import Store
from twitch_tracker.errors import JournalUnavailable, UnknownEntry
from twitch_tracker.exchange.locking import try_lock
from twitch_tracker.history import Task
from twitch_tracker.journal.open import open_journal
from twitch_tracker.journal.store import database
from twitch_tracker.journal.upkeep import removals, removing

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def film_of(name: str) -> bytes:
    return b"a film of " + name.encode()


@pytest.fixture
def home(tmp_path, empty_journal, make_recording):
    """Two people with a film, a session, a recording and a review copy each."""
    import shutil
    from dataclasses import replace

    home = tmp_path / "home"
    shutil.copytree(empty_journal, home)
    store = Store(home / "app")
    with open_journal(home) as journal:
        for name in ("anna", "berta"):
            journal.add_patient(name)
            session = store.start_session(name, NOW)
            digest = sha256(film_of(name)).hexdigest()
            made = make_recording(NOW - timedelta(days=1), 3)
            logged = journal.log(name, replace(made, content_sha256=digest))
            clip = store.add(
                patient_id=name,
                task=Task.REST,
                started_at=NOW,
                session_id=session.session_id,
                file_name="rest.webm",
                state=ClipState.DONE,
                recording_id=logged.recording_id,
            )
            store.video(clip).write_bytes(film_of(name))
            copy = home / "app" / "review" / digest
            copy.mkdir(parents=True)
            (copy / "copy.mp4").write_bytes(film_of(name))
    return home


def killed(*words: object) -> bool:
    """Whether a command was killed on its way."""
    try:
        run(*words)
    except Killed:
        return True
    return False


def forget(home, name="anna"):
    return run("patient", "forget", name, "--yes", "--home", home)


def films(home, name: str) -> list[str]:
    """Every file below the home that shows somebody."""
    return [
        path.relative_to(home).as_posix()
        for path in sorted(home.rglob("*"))
        if path.is_file() and film_of(name) in path.read_bytes()
    ]


def clip_folder(home, name: str):
    (path,) = (
        p.parent
        for p in home.glob("app/clips/*/rest.webm")
        if p.read_bytes() == film_of(name)
    )
    return path


def test_all_of_one_goes_and_nothing_of_the_other(home):
    said = forget(home)
    assert said.exit_code == 0, said.output
    assert films(home, "anna") == []
    assert len(films(home, "berta")) == 2
    assert not (home / "removing").exists()
    with open_journal(home) as journal:
        assert journal.check() == ()
        assert len(journal.recordings("berta")) == 1


@pytest.mark.parametrize("facts", ["empty", "lost", "cut off", "of another clip"])
@pytest.mark.parametrize("mark", [True, False])
def test_a_film_whose_facts_were_lost_goes_with_its_person(home, facts, mark):
    """By its mark; without one, by its content, which the journal knows."""
    folder = clip_folder(home, "anna")
    path = folder / "clip.json"
    whole = path.read_text()
    {
        "empty": lambda: path.write_text(""),
        "lost": path.unlink,
        "cut off": lambda: path.write_text(whole[:40]),
        "of another clip": lambda: path.write_text(
            whole.replace(folder.name, "0" * 32)
        ),
    }[facts]()
    if not mark:
        next(folder.glob(".owner-*")).unlink()
    said = forget(home)
    assert said.exit_code == 0, said.output
    assert films(home, "anna") == []
    assert len(films(home, "berta")) == 2


@pytest.mark.parametrize("facts", ["empty", "lost"])
def test_a_film_whose_facts_were_lost_goes_with_its_recording(home, facts):
    folder = clip_folder(home, "anna")
    path = folder / "clip.json"
    {"empty": lambda: path.write_text(""), "lost": path.unlink}[facts]()
    with open_journal(home) as journal:
        (entry,) = journal.recordings("anna")
    words = ("journal", "remove", entry.recording_id, "--yes", "--home", home)
    assert run(*words).exit_code == 0
    assert films(home, "anna") == []
    assert len(films(home, "berta")) == 2


def test_a_lost_film_stays_when_it_is_of_somebody_else_or_is_to_be_kept(home):
    folder = clip_folder(home, "anna")
    (folder / "clip.json").unlink()
    with open_journal(home) as journal:
        (entry,) = journal.recordings("anna")
    words = ("journal", "remove", entry.recording_id, "--yes", "--home", home)
    assert run(*words, "--keep-film").exit_code == 0
    assert len(films(home, "anna")) == 1
    assert len(films(home, "berta")) == 2


def test_signals_that_were_never_logged_go_with_whoever_is_forgotten(home):
    """An analysis that was killed while it was logged leaves some."""
    with open_journal(home) as journal:
        where = journal._where
    content = sha256(film_of("anna")).hexdigest()
    folder = home / "recordings" / content[:2] / content
    folder.mkdir(parents=True)
    for name in (".1234.part", f"{'0' * 64}.parquet"):
        (folder / name).write_bytes(film_of("anna"))
        (folder / f".new-{name}").write_text(where)
    assert forget(home).exit_code == 0
    assert films(home, "anna") == []
    assert not folder.exists()


def test_what_a_killed_app_had_half_written_goes_with_whoever_is_forgotten(home):
    app = home / "app"
    tables = app / ".table-0123abcd"
    tables.mkdir()
    (tables / ".lock").touch()
    (tables / "diary.csv").write_bytes(film_of("anna"))
    (app / ".renaming.json.12.part").write_bytes(film_of("anna"))
    assert forget(home).exit_code == 0
    assert films(home, "anna") == []


def test_the_page_says_that_nobody_knows_whose_a_film_is(served, browser):
    store = served.app.state.parts.store
    with served.app.state.parts.journal() as journal:
        journal.add_patient("anna")
        journal.add_patient("berta")
    lost = store.home_of_app / "clips" / ("0" * 32)
    lost.mkdir()
    (lost / "film.webm").write_bytes(b"whose?")
    answer = browser.post("/people/~anna/settings/remove", data={"name": "anna"})
    rmtree(lost)  # the next test has the same folder
    assert answer.status_code == 503
    assert "nobody knows whose 1 recording" in answer.text
    with served.app.state.parts.journal() as journal:
        assert [person.patient_id for person in journal.patients()] == ["berta"]


def test_a_film_of_nobody_is_told_and_is_no_success(home):
    folder = clip_folder(home, "anna")
    (folder / "clip.json").unlink()
    next(folder.glob(".owner-*")).unlink()
    (folder / "rest.webm").write_bytes(film_of("anna") + b" that was never analysed")
    said = forget(home)
    assert said.exit_code == 1
    assert "journal leftovers" in said.output
    assert len(films(home, "anna")) == 1


def test_a_film_of_nobody_is_that_of_the_only_person(home):
    assert forget(home, "berta").exit_code == 0
    folder = clip_folder(home, "anna")
    (folder / "clip.json").unlink()
    next(folder.glob(".owner-*")).unlink()
    (folder / "rest.webm").write_bytes(film_of("anna") + b" that was never analysed")
    said = forget(home)
    assert said.exit_code == 0, said.output
    assert films(home, "anna") == []


class Killed(BaseException):
    """A process that is no more."""


STEPS = (
    (removing, "kept_note"),
    (removing, "remove_place"),
    (removing, "_forget_rows"),
    (removing.Removing, "_remove_files"),
    (database.Database, "shred"),
    (removals, "sync_folder"),
)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("step", "times"),
    [*((step, 1) for step in STEPS), (STEPS[1], 2), (STEPS[1], 5)],
    ids=lambda told: told if isinstance(told, int) else told[1],
)
def test_a_kill_leaves_nothing_after_the_next_start(
    home, monkeypatch, step, after, times
):
    """Whatever came first, the person is whole, or all is gone at the next opening."""
    where, name = step
    real = getattr(where, name)
    calls = []

    def die(*given, **more):
        calls.append(name)
        if len(calls) < times:
            return real(*given, **more)
        if after:
            real(*given, **more)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(where, name, die)
        died = killed("patient", "forget", "anna", "--yes", "--home", home)
    begun = died and bool(removals.pending_removals(home))
    with open_journal(home) as journal:
        left = [patient.patient_id for patient in journal.patients()]
        assert journal.check() == ()
    assert not removals.pending_removals(home)
    if begun:
        assert left == ["berta"]
    if "anna" not in left:
        assert films(home, "anna") == []
    else:
        assert len(films(home, "anna")) == 2
    assert len(films(home, "berta")) == 2


def test_forgetting_again_after_a_kill_says_that_it_is_finished(home, monkeypatch):
    def kill(*_given, **_more):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(removing, "_forget_rows", kill)
        assert killed("patient", "forget", "anna", "--yes", "--home", home)
    said = forget(home)
    assert said.exit_code == 0, said.output
    assert "interrupted" in said.output
    assert films(home, "anna") == []
    assert run("patient", "show", "anna", "--home", home).exit_code == 2


def test_who_reads_an_older_state_is_waited_for_and_told(home, monkeypatch):
    """An open reader keeps removed rows in the log file of the database."""
    with open_journal(home) as journal:
        journal.add_patient("clara", notes="a secret about clara")
    reader = sqlite3.connect(home / "journal.sqlite3")
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM patients").fetchone() == (3,)
    monkeypatch.setattr(database, "PATIENCE_S", 0.2)
    with open_journal(home) as journal:
        with pytest.raises(JournalUnavailable, match="another program is reading"):
            journal.forget_patient("clara")
        assert [f.kind.value for f in journal.check()] == ["removal_pending"]
    reader.close()
    with open_journal(home) as journal:
        assert journal.check() == ()
    left = [p for p in home.rglob("*") if p.is_file() and b"a secret" in p.read_bytes()]
    assert left == []


def test_a_note_never_leads_out_of_the_folder(home, tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("somebody else's")
    for name in ("../outside", str(outside), ".", ""):
        removals.remove_place(home, name)
    assert outside.exists()
    assert (home / "journal.sqlite3").exists()


def test_one_pseudonym_however_its_letters_are_put_together(home):
    composed, apart = (unicodedata.normalize(form, "Zoé") for form in ("NFC", "NFD"))
    assert run("patient", "add", apart, "--home", home).exit_code == 0
    assert run("patient", "add", composed, "--home", home).exit_code == 2
    store = Store(home / "app")
    with open_journal(home) as journal:
        kept = journal.patient(apart).patient_id
        assert kept == composed == journal.patient(composed).patient_id
    clip = store.add(patient_id=kept, task=Task.REST, started_at=NOW, file_name="x")
    store.video(clip).write_bytes(film_of("zoe"))
    assert forget(home, apart).exit_code == 0
    assert films(home, "zoe") == []


def test_all_of_one_is_found_however_the_letters_are_put_together(home):
    """A review copy and a film whose facts were lost stayed, where a page was asked."""
    composed, apart = (unicodedata.normalize(form, "Zoé") for form in ("NFC", "NFD"))
    assert run("patient", "rename", "anna", composed, "--home", home).exit_code == 0
    (clip_folder(home, "anna") / "clip.json").unlink()
    store = Store(home / "app")
    with open_journal(home) as journal:
        found = forgetting.films_of(journal, store, apart)
        assert found == forgetting.films_of(journal, store, composed)
    assert {place.parent.name for place in found.places} >= {"clips", "review"}


def test_every_page_calls_somebody_by_the_one_name(served, browser):
    composed, apart = (unicodedata.normalize(form, "Zoé") for form in ("NFC", "NFD"))
    browser.post("/people", data={"pseudonym": composed})
    for page in ("", "/diary", "/progress", "/settings"):
        text = browser.get(f"/people/~{apart}{page}").text
        assert composed in text
        assert apart not in text
    answer = browser.post(f"/people/~{apart}/settings/remove", data={"name": apart})
    assert answer.status_code == 303
    assert browser.get(f"/people/~{composed}").status_code == 404


def test_a_killed_renaming_is_gone_on_with(home, monkeypatch):
    def kill(*_given, **_more):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Store, "rename_patient", kill)
        assert killed("patient", "rename", "anna", "a17", "--home", home)
    said = forget(home, "a17")
    assert said.exit_code == 0, said.output
    assert films(home, "anna") == []
    assert len(films(home, "berta")) == 2


def test_a_removed_recording_takes_its_film_and_review_copy_along(home):
    with open_journal(home) as journal:
        (entry,) = journal.recordings("anna")
    said = run("journal", "remove", entry.recording_id, "--yes", "--home", home)
    assert said.exit_code == 0, said.output
    assert films(home, "anna") == []
    assert len(films(home, "berta")) == 2


def test_a_film_can_be_kept_when_its_recording_is_removed(home):
    with open_journal(home) as journal:
        (entry,) = journal.recordings("anna")
    words = ("journal", "remove", entry.recording_id, "--yes", "--keep-film")
    assert run(*words, "--home", home).exit_code == 0
    (left,) = films(home, "anna")
    assert left.endswith("rest.webm")
    (clip,) = Store(home / "app").of_patient("anna")
    assert (clip.state, clip.recording_id) == (ClipState.STORED, "")


def test_browsers_are_told_what_was_forgotten_and_nothing_else(home):
    before = Store(home / "app")
    (gone,) = before.sessions_of("anna")
    assert forgetting.forgotten_sessions(before) == ()
    forget(home)
    after = Store(home / "app")
    assert forgetting.forgotten_sessions(after) == (gone.session_id,)
    noted = json.loads((home / "app" / "forgotten.json").read_text())
    assert noted == [gone.session_id]


@pytest.mark.parametrize("how", ["unreadable", "gone"])
def test_browsers_are_told_of_a_session_whose_file_was_lost(home, how):
    (gone,) = Store(home / "app").sessions_of("anna")
    path = home / "app" / "guided" / f"{gone.session_id}.json"
    path.write_text("{") if how == "unreadable" else path.unlink()
    forget(home)
    after = Store(home / "app")
    assert forgetting.forgotten_sessions(after) == (gone.session_id,)


def test_the_first_page_asks_what_was_forgotten(served, browser):
    assert "/static/js/forgotten.js" in browser.get("/").text
    assert browser.get("/api/forgotten").json() == {"sessions": []}


@pytest.mark.parametrize("home_as_typed", ["sub/../home", "./home"])
def test_a_folder_may_be_named_by_a_way_round(home, monkeypatch, home_as_typed):
    monkeypatch.chdir(home.parent)
    (home.parent / "sub").mkdir()
    said = forget(home_as_typed)
    assert said.exit_code == 0, said.output
    assert films(home, "anna") == []


def test_who_is_removed_by_another_program_is_not_told_as_gone(home, monkeypatch):
    """The other one has the note, and has not come far when the patience ends."""
    real = removing.kept_note
    with contextlib.ExitStack() as others:

        def taken(*given):
            note = real(*given)
            assert try_lock(others.enter_context(note.open("r+b")))
            return note

        monkeypatch.setattr(removing, "kept_note", taken)
        monkeypatch.setattr(removing, "PATIENCE_S", 0.1)
        said = forget(home)
        assert said.exit_code == 1, said.output
        assert "another program is removing this" in str(said.exception)
        assert films(home, "anna")
    with open_journal(home) as journal:
        assert [patient.patient_id for patient in journal.patients()] == ["berta"]
    assert films(home, "anna") == []


def test_a_note_that_another_program_took_for_half_of_one_is_written_again(
    home, monkeypatch
):
    """Between its making and its lock it looks like one whose writer was killed."""
    real = removing.kept_note
    dropped = []

    def lost(*given):
        note = real(*given)
        if not dropped:
            dropped.append(note)
            note.unlink()
        return note

    monkeypatch.setattr(removing, "kept_note", lost)
    said = forget(home)
    assert said.exit_code == 0, said.output
    assert films(home, "anna") == []


def send(browser, clip_id: str, index: int = 0):
    data = film_of("zelda")
    return browser.put(
        f"/api/clips/{clip_id}/chunks/{index}",
        content=data,
        headers={"X-Chunk-Sha256": sha256(data).hexdigest()},
    )


def begin(browser, session: str):
    step = {"task": "rest", "media_type": "video/webm"}
    return browser.post(f"/api/guided/{session}/clips", json=step)


def test_a_browser_that_goes_on_filming_brings_nobody_back(serve):
    served = serve()
    home = served.settings.home
    with contextlib.closing(served.browser()) as browser:
        browser.post("/people", data={"pseudonym": "zelda"})
        answer = browser.post("/api/guided", json={"patient_id": "zelda"})
        session = answer.json()["session_id"]
        clip = begin(browser, session).json()["clip_id"]
        assert send(browser, clip).status_code == 200
        sure = {"name": "zelda"}
        browser.post("/people/~zelda/settings/remove", data=sure)
        assert send(browser, clip, 1).status_code == 404
        assert begin(browser, session).status_code == 404
        assert browser.post(f"/api/guided/{session}/finish").status_code == 404
        assert browser.get("/api/forgotten").json() == {"sessions": [session]}
    left = [p for p in home.rglob("*") if p.is_file() and b"zelda" in p.read_bytes()]
    assert left == []


def test_nothing_is_taken_in_while_somebody_is_forgotten(home):
    store = Store(home / "app")
    (clip,) = store.of_patient("anna")
    (session,) = store.sessions_of("anna")
    with store.forgetting("anna"):
        for attempt in (
            lambda: store.start_session("anna", NOW),
            lambda: store.add(patient_id="anna", task=Task.REST, started_at=NOW),
            lambda: store.change(clip.clip_id, mirrored=True),
            lambda: store.finish_session(session.session_id),
            lambda: store.in_turn(clip.clip_id).__enter__(),
            lambda: store.taking(clip.clip_id).__enter__(),
        ):
            with pytest.raises(UnknownEntry):
                attempt()
        assert store.start_session("berta", NOW).patient_id == "berta"
    assert store.of_patient("anna") == (clip,), "nothing of it was removed"
    assert store.finish_session(session.session_id).finished


def test_half_a_note_is_dropped_when_nobody_writes_it(home):
    note = home / "removing" / "ab.json"
    note.parent.mkdir()
    note.write_text('{"kind": "patient", "na')
    with note.open("r+b") as file:
        assert try_lock(file)
        with open_journal(home):
            assert note.exists(), "it is being written"
    with open_journal(home) as journal:
        assert not note.parent.exists()
        assert len(journal.patients()) == 2
