"""A person's home and a session's card."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from twitch_tracker.app.recording.clips import Clip, ClipState
from twitch_tracker.app.recording.session_view import build_card, how_far_in_all
from twitch_tracker.history import Task, Treatment, TreatmentKind
from twitch_tracker.journal.store.schema import revisions
from twitch_tracker.regions import Side


def test_the_home_says_how_it_is_in_one_sentence(browser, vera):
    first = browser.get("/people/~vera").text
    assert 'id="now"' in first
    assert "Record now" in first
    piece = browser.get("/people/~vera/now").text
    assert piece.count('id="sentence"') == 1
    assert "right side, at rest" in piece, "the side with bursts alone"
    assert "<svg" in piece
    assert "usually works" not in piece, "nothing is explained that is not drawn"
    assert "Injection" not in piece
    again = browser.get("/people/~vera").text
    assert 'id="sentence"' in again, "what is known comes with the page"


def test_the_home_of_somebody_new_says_what_to_do(browser):
    browser.post("/people", data={"pseudonym": "newcomer"})
    page = browser.get("/people/~newcomer").text
    assert "Nothing is recorded yet" in page
    assert "data-body" not in page


def test_the_home_of_a_damaged_journal_is_no_unforeseen_error(served, browser, vera):
    """Recordings of which no revision can be found: none of them is the latest."""

    def renumber(by: int) -> None:
        with served.parts.journal() as journal, journal._database.write() as connection:
            connection.execute(update(revisions).values(number=revisions.c.number + by))

    renumber(100)
    try:
        page = browser.get("/people/~vera").text
    finally:
        renumber(-100)
    assert "unforeseen" not in page
    assert "Record now" in page


def test_injections_are_marked_on_the_chart(served, browser, vera, start):
    with served.parts.journal() as journal:
        journal.add_treatments(
            "vera",
            [
                Treatment(
                    treatment_id="",
                    on=(start + timedelta(weeks=6)).date(),
                    kind=TreatmentKind.BOTULINUM_TOXIN,
                    side=Side.RIGHT,
                )
            ],
        )
    piece = browser.get("/people/~vera/now").text
    assert "treated botulinum_toxin" in piece
    assert 'href="#m-botulinum_toxin" x="8"' in piece, "the sign, below the chart"
    assert "band peak" in piece
    for address in ("/people/~vera/now", "/people/~vera/visit"):
        legend = browser.get(address).text.partition("<figcaption>")[2]
        legend = legend.partition("</figcaption>")[0]
        assert "usually works" in legend
        assert "usually wears off" in legend
        assert "Operation" not in legend, "what is not on the chart is not explained"


def test_what_waits_for_somebody_is_shown_and_what_waits_for_the_computer_unfolds(
    served, browser, start
):
    """Steps of a session that goes on are in neither: the page offers the session."""
    store = served.parts.store
    browser.post("/people", data={"pseudonym": "waiting"})
    session = store.start_session("waiting", start)
    kinds = (
        *((ClipState.FAILED, ""), (ClipState.WAITING, ""), (ClipState.WAITING, "")),
        (ClipState.STORED, session.session_id),
    )
    for number, (state, session_id) in enumerate(kinds):
        clip = store.add(
            patient_id="waiting",
            task=Task.REST,
            started_at=start + timedelta(days=number),
            session_id=session_id,
        )
        store.change(clip.clip_id, state=state)
    page = browser.get("/people/~waiting").text
    assert "is not finished; what was recorded is safe" in page
    shown, _, folded = page.partition('<details class="waiting">')
    assert shown.count("could not be analysed") == 1
    assert "waiting for its analysis" not in shown
    assert "2 recordings are not counted yet" in folded
    assert folded.count("waiting for its analysis") == 2
    assert "stored, not analysed yet" not in page


# --- a session ----------------------------------------------------------------------


def clip(state, filmed_s):
    return Clip(
        clip_id="0", patient_id="a", task=Task.REST, started_at=None, state=state,
        filmed_s=filmed_s,
    )  # fmt: skip


def test_one_bar_for_all_weighs_by_length():
    clips = [
        clip(ClipState.DONE, 180.0),
        clip(ClipState.ANALYSING, 20.0),
        clip(ClipState.FAILED, 100.0),
        clip(ClipState.WAITING, 100.0),
    ]
    found = how_far_in_all(clips, [0.0, 0.5, 0.0, 0.0])
    assert (found.over, found.of) == (2, 4)
    assert found.share == pytest.approx((180 + 10 + 100) / 400)
    assert how_far_in_all([], []).share == 1.0


def test_a_session_is_put_beside_the_last_one(history, vera):
    """Eight bursts each week, then four: four and four in three minutes say little."""
    names = [
        r.recording_id
        for r in history.recordings
        if r.started_at.date() == history.recordings[-1].started_at.date()
    ]
    card = build_card(history, names)
    assert card.sentence.startswith("Too few minutes to say")
    assert card.last == "17 Mar 2025"
    rest = [row for row in card.rows if row.name == "At rest, right"]
    assert rest[0].now.value == rest[0].before.value
    assert build_card(history, []) is None


def test_the_first_session_has_nothing_to_compare_with(history):
    first = history.recordings[0].recording_id
    card = build_card(history, [first])
    assert "nothing to compare with" in card.sentence
    assert {row.before.value for row in card.rows} == {"-"}
