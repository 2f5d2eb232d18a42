"""How long the pages are that people look at every day, on a phone of 390 by 844.

At most two screens for home, three for a session of ten tasks, five for a course, with
everything folded that comes folded, in every language, for a person of whom there is
everything: five injections, a film, a session that is not finished, a list that waits.
`-s` prints the pixels for docs/app.md.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from twitch_tracker.app.entrance.language_pages import LANGUAGE_COOKIE

pytestmark = pytest.mark.browser

EXAMPLE = Path(__file__).parents[3] / "examples" / "simulated_spasm.mp4"
AT = datetime(2026, 5, 1, 18, 30, tzinfo=UTC)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def session(parts: Any, analysed: Path, another: Callable[[Path, str], None]) -> str:
    """A finished session of ten tasks."""
    from twitch_tracker.app.recording.clips import ClipState
    from twitch_tracker.app.recording.steps import STEPS
    from twitch_tracker.journal.files.folder import log_folder

    store, at = parts.store, AT + timedelta(days=12)
    found = store.start_session("bert", at)
    for number, step in enumerate(STEPS):
        clip = store.add(
            patient_id="bert",
            task=step.task,
            started_at=at + timedelta(minutes=4 * number),
            session_id=found.session_id,
            file_name="rest.mp4",
        )
        shutil.copy(EXAMPLE, store.video(clip))
        shutil.copytree(analysed, store.result(clip))
        another(store.result(clip), f"height {number}")
        with parts.journal() as journal:
            logged = log_folder(
                journal,
                store.result(clip),
                "bert",
                started_at=clip.started_at,
                task=clip.task,
            )
        store.change(
            clip.clip_id, state=ClipState.DONE, recording_id=logged.recording_id
        )
    return str(found.session_id)


@pytest.fixture(scope="module")
def everything(parts: Any, analysed: Path, another: Callable[[Path, str], None]) -> str:
    """Somebody of whom there is everything that a home and a course can show.

    Years are simulated as if measured like the film, so that one chart has them all.
    """
    from twitch_tracker.app.recording.clips import ClipState
    from twitch_tracker.app.recording.steps import STEPS
    from twitch_tracker.demo.course import demo_patient, demo_plan
    from twitch_tracker.demo.into_journal import ended_by, write_patient
    from twitch_tracker.history import Task
    from twitch_tracker.journal.files.folder import log_folder

    store, name = parts.store, "P-five"
    plan = ended_by(demo_plan(years=1.75, patient_id=name), date(2026, 4, 30))
    assert len(plan.injections) == 5
    filmed = store.add(
        patient_id=name, task=Task.REST, started_at=AT, file_name="rest.mp4"
    )
    shutil.copy(EXAMPLE, store.video(filmed))
    shutil.copytree(analysed, store.result(filmed))
    another(store.result(filmed), "everything")
    drawn = demo_patient(plan, 2)
    with parts.journal() as journal:
        method = journal.history("bert").recordings[0].method
        measured = [replace(one, method=method) for one in drawn.history.recordings]
        history = replace(drawn.history, recordings=tuple(measured))
        write_patient(journal, replace(drawn, history=history), 2)
        logged = log_folder(
            journal, store.result(filmed), name, started_at=AT, task=Task.REST
        )
    store.change(filmed.clip_id, state=ClipState.DONE, recording_id=logged.recording_id)
    states = (ClipState.FAILED, ClipState.STORED, ClipState.STORED, ClipState.WAITING)
    for number, state in enumerate(states, start=1):
        sent = store.add(
            patient_id=name,
            task=Task.FORCED_CLOSURE,
            started_at=AT + timedelta(days=number),
        )
        store.change(sent.clip_id, state=state)
    begun = store.start_session(name, AT + timedelta(days=9))
    for step in STEPS[:3]:
        clip = store.add(
            patient_id=name,
            task=step.task,
            started_at=AT + timedelta(days=9),
            session_id=begun.session_id,
        )
        store.change(clip.clip_id, state=ClipState.STORED)
    return name


@pytest.fixture
def speak(tab: Any, parts: Any) -> Iterator[Callable[[str], None]]:
    """Choose the language of the tab, as a person does at the top of a page."""
    cookie = {"name": LANGUAGE_COOKIE, "url": parts.settings.address}
    yield lambda code: tab.context.add_cookies([{**cookie, "value": code}])
    tab.context.clear_cookies(name=LANGUAGE_COOKIE)


@pytest.mark.parametrize("code", ["en", "de", "es", "zh_Hans"])
def test_nobody_has_to_scroll_for_long(
    tab: Any,
    parts: Any,
    session: str,
    everything: str,
    speak: Callable[[str], None],
    code: str,
) -> None:
    at = parts.settings.address
    speak(code)
    pages = {
        "home": (f"{at}/people/~{everything}", "#now[data-ready=yes] .last-burst", 2),
        "session": (f"{at}/guided/{session}", "#card .headline", 3),
        "course": (
            f"{at}/people/~{everything}/progress",
            "#course[data-ready=yes] .chart",
            5,
        ),
    }
    too_long = []
    for name, (address, ready, screens) in pages.items():
        heights = []
        for size in (PHONE, DESK):
            tab.set_viewport_size(size)
            tab.goto(address)
            tab.wait_for_selector(ready)
            heights.append(tab.evaluate("document.documentElement.scrollHeight"))
        print(f"{name}, {code}: {heights[0]} px at 390, {heights[1]} px at 1440")
        if heights[0] > screens * PHONE["height"]:
            too_long.append((name, heights[0]))
    assert too_long == []
