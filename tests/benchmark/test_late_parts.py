"""What making parts of a course late saves.

Opt-in: ``pytest -m benchmark tests/benchmark/test_late_parts.py -s``. Processor time of
one process, on a simulated course of ten years; printed, nothing is asserted about time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from twitch_tracker.demo.course import demo_patient, demo_plan
from twitch_tracker.progression.progress import progress_of

pytestmark = pytest.mark.benchmark


def timed(what: str, work: Callable[[], Any]) -> Any:
    began_s = time.process_time()
    result = work()
    print(f"{what:48} {1e3 * (time.process_time() - began_s):8.0f} ms")
    return result


def test_what_late_parts_save(capsys: pytest.CaptureFixture[str]):
    history = demo_patient(demo_plan(years=10.0, patient_id="ten"), 1).history
    with capsys.disabled():
        print(f"\n{len(history.recordings)} recordings")
        found = timed("a course, its late parts not made", lambda: progress_of(history))
        dots = timed(
            "dots of single recordings",
            lambda: [dot for one in found.series for dot in one.recordings],
        )
        courses = timed("courses of injections", lambda: tuple(found.injections))
        print(f"{len(dots)} dots, {len(courses)} courses")
    assert dots
    assert courses
