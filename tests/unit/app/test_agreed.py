"""Agreement on many recordings: asked for after the page, kept until something changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from methods import METHOD

from twitch_tracker.app.review import agreed as module
from twitch_tracker.app.review.agreed import Agreements
from twitch_tracker.journal.entries import Act, Analysis, ReviewAction, Way
from twitch_tracker.journal.journal import Journal
from twitch_tracker.journal.open import open_journal
from twitch_tracker.journal.reviewed.ratings import coded_unseen
from twitch_tracker.records import Session
from twitch_tracker.review.agreement import Party


@pytest.fixture
def rate(made_session: Callable[..., Session]) -> Callable[..., None]:
    """Log recordings of anna, each reviewed whole by two."""
    episodes = made_session("film.mp4", "ab" * 32).episodes
    one = Analysis(
        content_sha256="",
        started_at=datetime.now(UTC) - timedelta(days=1),
        method=METHOD,
        recorded_s=600.0,
        analysable_s=600.0,
        episodes=episodes,
    )

    def make(journal: Journal, *numbers: int) -> None:
        for number in numbers:
            given = replace(one, content_sha256=f"{number:064x}")
            name = journal.log("anna", given).recording_id
            bursts = journal.analysis(name).bursts
            acts = [Act(action=ReviewAction.CONFIRM, key=b.key) for b in bursts]
            for rater in ("Dr A", "Dr B"):
                journal.review_many(name, rater, acts, finish=True)

    return make


def test_the_agreement_of_many_comes_after_the_page(served, anna, rate):
    with served.parts.journal() as journal:
        rate(journal, 1, 2, 3, 4)
    address = "/people/~anna/agreement"
    assert "Dr A and Dr B" in anna.get(address).text, "few are compared at once"
    with served.parts.journal() as journal:
        rate(journal, 5)
    waiting = anna.get(address).text
    assert "Many recordings are being compared" in waiting
    assert 'href="?whole=1"' in waiting, "also without a script"
    whole = anna.get(address, params={"whole": 1}).text
    assert "Dr A and Dr B" in whole
    assert anna.get(address).text == whole, "now it is known"


def test_it_is_reckoned_once_until_anything_changes(tmp_path, rate, monkeypatch):
    computed = []
    real = module.agreements
    monkeypatch.setattr(
        module, "agreements", lambda judged: computed.append(1) or real(judged)
    )
    agreed = Agreements()
    with open_journal(tmp_path) as journal:
        journal.add_patient("anna")
        rate(journal, 1, 2)
        first = agreed.of(journal, "anna")
        assert agreed.of(journal, "anna") is first
        assert len(first.judged) == 2
        journal.review("1", "Dr B", ReviewAction.REJECT, "d1")
        then = agreed.of(journal, "anna")
    assert len(computed) == 2
    assert Party("Dr B") in then.judged[0].begun, "an open review does not count"
    assert Party("Dr B") not in first.judged[0].begun


def test_who_coded_the_film_unseen_has_finished_and_may_look(served, anna, rate):
    """Later notes change nothing about how the bursts were found."""
    with served.parts.journal() as journal:
        rate(journal, 77)
        name = journal.recordings("anna")[-1].recording_id
        bursts = journal.analysis(name).bursts
        acts = [Act(action=ReviewAction.CONFIRM, key=b.key) for b in bursts]
        unseen = {"way": Way.BLIND, "coded_unseen": True}
        journal.review_many(name, "kim", acts, **unseen, finish=True)
        journal.review(name, "kim", ReviewAction.NOTE, text="a dim film")
        journal.review(name, "kim", ReviewAction.UNDO)
        own = journal.reviews(name, "kim")
        assert coded_unseen(own)
        journal.review(name, "kim", ReviewAction.REJECT, bursts[0].key)
        assert not coded_unseen(journal.reviews(name, "kim"))
        journal.review(name, "kim", ReviewAction.UNDO)
        journal.finish_review(name, "kim")
        journal.review_many(name, "lee", acts, **unseen, finish=True)
    form = {"name": "lee", "way": "blind"}
    assert anna.post(f"/review/{name}/rater", data=form).status_code == 303
    shown = anna.get(f"/review/{name}/agreement")
    assert shown.status_code == 200, "lee has finished this recording"
    assert "lee (from scratch)" in shown.text
