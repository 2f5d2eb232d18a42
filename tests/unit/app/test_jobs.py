"""The queue of analyses outlives whatever goes wrong with one of them."""

from __future__ import annotations

import os
import sys
import threading
import time
from datetime import UTC, datetime

import pytest
from whispering import tell_how_polite, whisper

from twitch_tracker.app.own_process import _received, messages_of
from twitch_tracker.app.recording import analyses
from twitch_tracker.app.recording.analyses import Analyses, run_in_own_process
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.app.recording.store import Store
from twitch_tracker.batch import Job, JobResult, Status
from twitch_tracker.history import Task
from twitch_tracker.records import Progress


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
    assert first.error == "unforeseen(ZeroDivisionError)"
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


def test_nothing_is_kept_of_a_film_that_was_taken_out_of_the_queue(store):
    begun, goes_on = threading.Event(), threading.Event()

    def work(job, *_):
        begun.set()
        assert goes_on.wait(60)
        return JobResult(job=job, status=Status.DONE)

    first, second = stored_clip(store), stored_clip(store)
    analyses = Analyses(store, lambda *_: "r1", work=work)
    analyses.submit(first.clip_id)
    assert begun.wait(60)
    analyses.submit(second.clip_id)
    analyses.cancel(second.clip_id)
    goes_on.set()
    analyses.close()
    assert store.clip(second.clip_id).state is ClipState.CANCELLED
    assert analyses._languages == {}


def test_progress_never_runs_backwards(store):
    """All stages of an analysis as they are told; of a file of a browser, too, which
    does not say how long it is."""
    nan = float("nan")
    steps = [("reading", 1, nan), ("reading", 9, nan), ("finding bursts", 0, nan)]
    steps += [("pictures", n, 4) for n in (1, 2, 3, 4)] + [("report", 0, nan)]
    seen = []

    def work(job, on_progress, _cancelled):
        for stage, done, total in steps:
            on_progress(Progress(stage=stage, done=done, total=total, unit="s"))
            seen.append(analyses.how_far(clip.clip_id).fraction)
        return JobResult(job=job, status=Status.DONE)

    clip = store.change(stored_clip(store).clip_id, filmed_s=10.0)
    analyses = Analyses(store, lambda *_: "r1", work=work)
    analyses.submit(clip.clip_id)
    while store.clip(clip.clip_id).state is not ClipState.DONE:
        time.sleep(0.01)
    analyses.close()
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[1] < seen[2], "the store knows how long it is"
    assert seen[-1] < 1


class BrokenPipe:
    """A pipe whose other end is gone, as Windows tells it."""

    def poll(self, _seconds):
        raise BrokenPipeError

    def recv(self):
        raise EOFError


class FullPipe(BrokenPipe):
    """A pipe with three things in it."""

    def __init__(self):
        self.left = [1, 2, 3]

    def poll(self, _seconds):
        return True

    def recv(self):
        return self.left.pop(0)


def test_a_process_that_ended_by_itself_is_heard_on_windows_too():
    assert list(_received(BrokenPipe(), threading.Event())) == []


def test_nobody_listens_any_more_when_it_was_stopped():
    stop = threading.Event()
    heard = []
    for said in _received(FullPipe(), stop):
        heard.append(said)
        stop.set()
    assert heard == [1]


def test_an_analysis_whose_process_dies_has_failed(monkeypatch, tmp_path):
    """It says how far it is, and then nothing more."""
    step = Progress(stage="reading", done=1, total=2)
    monkeypatch.setattr(analyses, "messages_of", lambda *_: (one for one in [step]))
    steps = []
    job = Job(video=tmp_path / "v.mp4", folder=tmp_path)
    told = run_in_own_process(job, steps.append, threading.Event())
    assert (told.error_kind, steps) == ("BrokenProcess", [step])
    stopped = threading.Event()
    stopped.set()
    assert run_in_own_process(job, steps.append, stopped) is None


def test_what_a_process_says_is_heard_until_it_dies():
    assert list(messages_of(whisper, 21, threading.Event())) == [42]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such thing")
def test_work_stands_back_for_pages_and_cameras():
    told = list(messages_of(tell_how_polite, None, threading.Event()))
    assert told == [min(os.nice(0) + 10, 19)]
