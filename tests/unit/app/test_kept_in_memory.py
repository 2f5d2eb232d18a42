"""What the app keeps in memory: never old, never somebody else's, gone with a person."""

from __future__ import annotations

import gc
import weakref
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from twitch_tracker.app import server
from twitch_tracker.app.course import kept
from twitch_tracker.app.course.kept import KeptCourse
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.history import Basis, DiaryEntry, Task
from twitch_tracker.journal.entries import Act, ReviewAction
from twitch_tracker.journal.open import open_journal
from twitch_tracker.language import speaking
from twitch_tracker.progression.comparing import side_by_side
from twitch_tracker.progression.glance import glance_of

BODY = "/people/~dora/progress/body?basis=both"


@pytest.fixture
def dora(served, start, make_recording):
    """Somebody with six weeks of recordings; gives their names in the journal."""
    with served.parts.journal() as journal:
        journal.add_patient("dora")
        weeks = (make_recording(start + timedelta(weeks=n), 4) for n in range(6))
        logged = journal.log_many("dora", list(weeks))
    yield [one.recording_id for one in logged]
    with served.parts.journal() as journal:
        if "dora" in {patient.patient_id for patient in journal.patients()}:
            journal.forget_patient("dora")


# --- drawn pages --------------------------------------------------------------------


@pytest.fixture
def drawn_again(make_choice):
    """Return whether a course is drawn again for a choice, in a language."""
    course = KeptCourse(change=1, history=None, progression=None)  # type: ignore[arg-type]
    course.drawn(make_choice(), lambda: "as it was")

    def again(choice=None, *, language="en", at_home=False) -> bool:
        with speaking(language, at_home=at_home):
            shown = course.drawn(choice or make_choice(), lambda: "again")
        return shown == "again"

    with speaking("en"):
        yield again


def test_a_course_is_drawn_once_a_day_for_each_choice_and_language(
    drawn_again, make_choice, monkeypatch
):
    assert not drawn_again()
    assert drawn_again(make_choice(kind="rest"))
    assert drawn_again(language="de")
    assert drawn_again(at_home=True)

    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz or UTC) + timedelta(days=1)

    monkeypatch.setattr(kept, "datetime", Tomorrow)
    assert drawn_again()


def test_few_drawn_pages_are_kept(drawn_again, make_choice):
    for n in range(1, 6):
        assert drawn_again(make_choice(first=f"2025-01-0{n}"))
    assert drawn_again(), "the first is gone"


def test_a_drawn_course_shows_every_change_at_once(served, browser, dora):
    """Whoever makes it: another program, a review, a removal, a diary."""
    seen = {browser.get(BODY).text}
    assert browser.get(BODY).text in seen
    home = served.settings.home

    def changed() -> bool:
        text = browser.get(BODY).text
        new = text not in seen
        seen.add(text)
        return new

    with open_journal(home) as another:
        another.write_diary("dora", [DiaryEntry(on=date(2025, 1, 20), stress=4)])
    assert changed(), "another program wrote a day"
    with open_journal(home) as another:
        keys = [burst.key for burst in another.analysis(dora[-1]).bursts]
        acts = [Act(action=ReviewAction.REJECT, key=key) for key in keys]
        another.review_many(dora[-1], "eva", acts, finish=True)
    assert changed(), "a review was finished"
    assert changed() is False
    browser.post(f"/recordings/{dora[0]}/remove")
    assert changed(), "a recording was removed"


def test_the_language_and_the_person_are_those_that_were_asked_for(
    served, browser, dora, speaks_pseudo
):
    english = browser.get(BODY).text
    other = browser.get(BODY, headers={"Accept-Language": speaks_pseudo.code}).text
    assert other != english
    assert browser.get(BODY).text == english
    browser.post("/people", data={"pseudonym": "emil"})
    assert "dora" not in browser.get(BODY.replace("dora", "emil")).text


def test_who_did_not_come_in_gets_nothing_that_was_drawn_for_others(
    served, browser, dora
):
    assert browser.get(BODY).status_code == 200
    with served.stranger() as stranger:
        assert stranger.get(BODY).status_code == 401
    assert browser.get(BODY).headers["cache-control"] == "no-store"


def test_how_a_person_is_is_computed_once_until_anything_changes(
    served, browser, dora, monkeypatch
):
    """The list, the home and the visit say the same sentence of the same numbers."""
    computed = []

    def counted(history):
        computed.append(history.patient.patient_id)
        return glance_of(history)

    monkeypatch.setattr(kept, "glance_of", counted)
    words = browser.get("/people/~dora/glance").json()["words"]
    assert words
    assert words in browser.get("/people/~dora?whole=1").text
    browser.get("/people/~dora/visit")
    assert computed == ["dora"]
    with served.parts.journal() as journal:
        journal.write_diary("dora", [DiaryEntry(on=date(2024, 1, 1), stress=1.0)])
    browser.get("/people/~dora/glance")
    assert computed == ["dora", "dora"]
    browser.post("/people/~dora/settings/remove", data={"name": "dora"})
    assert not [key for key in served.parts.courses._glances if key[0] == "dora"]


def test_two_days_are_compared_once_until_anything_changes(
    served, browser, dora, monkeypatch
):
    computed = []

    def counted(*given):
        computed.append(given)
        return side_by_side(*given)

    monkeypatch.setattr(kept, "side_by_side", counted)
    page = "/people/~dora/compare?basis=both"
    first = browser.get(page)
    assert first.status_code == 200
    assert browser.get(page).text == first.text
    assert len(computed) == 1
    other = browser.get(f"{page}&first=2025-01-13").text
    assert other != first.text
    assert len(computed) == 2, "another pair of days"
    with open_journal(served.settings.home) as another:
        keys = [burst.key for burst in another.analysis(dora[-1]).bursts]
        acts = [Act(action=ReviewAction.REJECT, key=key) for key in keys]
        another.review_many(dora[-1], "eva", acts, finish=True)
    assert browser.get(page).text != first.text
    assert len(computed) == 3


def test_a_session_is_compared_with_the_last_one_once(
    served, browser, dora, monkeypatch, made_session
):
    computed = []

    def counted(*given):
        computed.append(given)
        return side_by_side(*given)

    monkeypatch.setattr(kept, "side_by_side", counted)
    store, at = served.parts.store, datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
    session = store.start_session("dora", at).session_id
    clip = store.add(
        patient_id="dora", task=Task.REST, started_at=at, session_id=session
    )
    store.result(clip).mkdir(parents=True)
    write_tables(store.result(clip), made_session("rest.webm", "ab" * 32))
    store.change(clip.clip_id, state=ClipState.DONE, recording_id=dora[-1])
    first = browser.get(f"/guided/{session}")
    assert first.status_code == 200
    assert 'id="card"' in first.text
    assert browser.get(f"/guided/{session}").text == first.text
    assert len(computed) == 1


# --- who is gone --------------------------------------------------------------------


def made_export(browser: httpx.Client, served) -> str:
    begun = browser.post(
        "/api/people/~dora/exports", json={"what": "series", "basis": "both"}
    ).json()
    name = begun["url"].rpartition("/")[2]
    served.until(lambda: served.parts.exports.look(name).exported is not None)
    return name


def is_let_go(found: weakref.ref[object]) -> bool:
    gc.collect()
    return found() is None


def known_course(served) -> weakref.ref[KeptCourse]:
    course = served.parts.courses.of(served.parts.journal, "dora", Basis.BOTH)
    return weakref.ref(course)


def test_a_forgotten_persons_export_is_not_the_next_ones_of_that_name(
    served, browser, dora
):
    name = made_export(browser, served)
    assert browser.get(f"/people/~dora/export/made/{name}").status_code == 200
    browser.post("/people/~dora/settings/remove", data={"name": "dora"})
    browser.post("/people", data={"pseudonym": "dora"})
    assert browser.get(f"/people/~dora/export/made/{name}").status_code == 404


def test_neither_is_that_of_somebody_who_is_called_otherwise_now(served, browser, dora):
    name = made_export(browser, served)
    browser.post("/people/~dora/settings/name", data={"name": "emma"})
    browser.post("/people", data={"pseudonym": "dora"})
    assert browser.get(f"/people/~dora/export/made/{name}").status_code == 404
    browser.post("/people/~emma/settings/remove", data={"name": "emma"})


def test_nothing_is_remembered_of_who_is_forgotten(served, browser, dora):
    course = known_course(served)
    browser.post("/people/~dora/settings/remove", data={"name": "dora"})
    assert is_let_go(course)


def test_what_another_computer_forgot_is_let_go_of_within_a_minute(served, dora):
    """In a shared journal."""
    course = known_course(served)
    with open_journal(served.settings.home) as another:
        another.forget_patient("dora")
    server._look_once(served.parts)
    assert is_let_go(course)


def test_a_removed_recording_is_in_no_file_that_was_made_before(served, browser, dora):
    name = made_export(browser, served)
    course = known_course(served)
    browser.post(f"/recordings/{dora[0]}/remove")
    assert browser.get(f"/people/~dora/export/made/{name}").status_code == 404
    assert is_let_go(course)
