"""Numeric libraries are held at one thread, and never longer than needed."""

from __future__ import annotations

import threading

import cv2
import numpy as np
import pytest
from threadpoolctl import threadpool_info

from twitch_tracker.threads import single_threaded


def threads() -> dict[str, int]:
    """How many threads every library would use now."""
    np.linalg.inv(np.eye(3))
    held = {pool["filepath"]: pool["num_threads"] for pool in threadpool_info()}
    return {**held, "cv2": cv2.getNumThreads()}


@pytest.fixture
def several_threads():
    """OpenCV with three threads, whatever this computer has."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(3)
    yield
    cv2.setNumThreads(before)


@pytest.mark.usefixtures("several_threads")
def test_every_library_has_one_thread_inside_and_what_it_had_afterwards():
    before = threads()
    with single_threaded():
        assert set(threads().values()) == {1}
    assert threads() == before
    assert before["cv2"] == 3


@pytest.mark.usefixtures("several_threads")
def test_an_error_puts_the_threads_back():
    before = threads()
    with pytest.raises(RuntimeError), single_threaded():
        raise RuntimeError
    assert threads() == before


@pytest.mark.usefixtures("several_threads")
def test_the_last_of_overlapping_analyses_puts_the_threads_back():
    """One that began later and ends later must not keep the other's single thread."""
    before = threads()
    entered, leave = threading.Event(), threading.Event()

    def analysis() -> None:
        with single_threaded():
            entered.set()
            leave.wait(timeout=30)

    other = threading.Thread(target=analysis)
    with single_threaded():
        other.start()
        assert entered.wait(timeout=30)
    assert set(threads().values()) == {1}
    leave.set()
    other.join()
    assert threads() == before
