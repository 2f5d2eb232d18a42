"""How long the pages are that people look at every day, on a phone of 390 by 844.

At most two screens for home, three for a session of nine tasks, five for a course, with
everything folded that comes folded. `-s` prints the pixels for docs/app.md.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

EXAMPLE = Path(__file__).parents[3] / "examples" / "simulated_spasm.mp4"
AT = datetime(2026, 5, 1, 18, 30, tzinfo=UTC)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def session(parts: Any, analysed: Path, another: Callable[[Path, str], None]) -> str:
    """A finished session of nine tasks."""
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


def test_nobody_has_to_scroll_for_long(
    tab: Any, parts: Any, session: str, until: Callable[..., None]
) -> None:
    at = parts.settings.address
    pages = {
        "home": (f"{at}/people/~P-017", "#now[data-ready=yes] .chart", 2),
        "session": (f"{at}/guided/{session}", "#card .headline", 3),
        "course": (f"{at}/people/~P-017/progress", "#course[data-ready=yes] .chart", 5),
    }
    too_long = []
    for name, (address, ready, screens) in pages.items():
        heights = []
        for size in (PHONE, DESK):
            tab.set_viewport_size(size)
            tab.goto(address)
            tab.wait_for_selector(ready)
            heights.append(tab.evaluate("document.documentElement.scrollHeight"))
        print(f"{name}: {heights[0]} px at 390, {heights[1]} px at 1440")
        if heights[0] > screens * PHONE["height"]:
            too_long.append((name, heights[0]))
    assert too_long == []
