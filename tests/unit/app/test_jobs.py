"""The queue of analyses outlives whatever goes wrong with one of them."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest

from twitch_tracker.app.clips import ClipState
from twitch_tracker.app.jobs import Analyses, _listen
from twitch_tracker.app.review.copies import Copies
from twitch_tracker.app.store import Store
from twitch_tracker.batch import Job, JobResult, Status
from twitch_tracker.history import Task


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "app")


def stored_clip(store):
    clip = store.add(patient_id="anna", task=Task.REST, started_at=datetime.now(UTC))
    return store.change(clip.clip_id, state=ClipState.STORED, file_name="rest.webm")


def analysed(store, log, clips):
    """Let the queue work all clips off and give their facts afterwards."""
    analyses = Analyses(
        store, log, work=lambda job, *_: JobResult(job=job, status=Status.DONE)
    )
    ends = {ClipState.DONE, ClipState.FAILED}
    for clip in clips:
        analyses.submit(clip.clip_id)
    while any(store.clip(c.clip_id).state not in ends for c in clips):
        time.sleep(0.01)
    analyses.close()
    return [store.clip(clip.clip_id) for clip in clips]


def test_nobody_waits_for_an_analysis_that_ended_by_an_unforeseen_error(store, caplog):
    def log(clip, _result):
        if clip.clip_id == first.clip_id:
            raise ZeroDivisionError
        return "r2"

    first, second = stored_clip(store), stored_clip(store)
    first, second = analysed(store, log, [first, second])
    assert first.state is ClipState.FAILED
    assert "unforeseen" in first.error
    assert "ZeroDivisionError" in first.error
    assert second.state is ClipState.DONE, "the queue goes on"
    assert second.recording_id == "r2"
    assert "could not be finished" in caplog.text


def test_an_analysis_is_given_what_is_known_of_the_person_s_face(store):
    given = []

    def work(job, *_):
        given.append(job.options.faces)
        return JobResult(job=job, status=Status.DONE)

    clip = stored_clip(store)
    analyses = Analyses(
        store, lambda *_: "r1", work=work, past=lambda clip: (clip.patient_id,)
    )
    analyses.submit(clip.clip_id)
    while store.clip(clip.clip_id).state is not ClipState.DONE:
        time.sleep(0.01)
    analyses.close()
    assert given == [("anna",)]


class BrokenPipe:
    """A pipe whose other end is gone, as Windows tells it."""

    def poll(self, _seconds):
        raise BrokenPipeError

    def recv(self):
        raise EOFError


def test_a_process_that_ended_by_itself_is_told_on_windows_too(store, tmp_path):
    job = Job(video=tmp_path / "v.mp4", folder=tmp_path)
    told = _listen(job, BrokenPipe(), print, threading.Event())
    assert told.error_kind == "BrokenProcess"
    copies = Copies(tmp_path / "review")
    assert copies._listen(tmp_path / "copy.mp4", BrokenPipe()) == ""
