"""Several processes: one that dies takes nobody with it, and Ctrl-C is heeded."""

from __future__ import annotations

import contextlib
import math
import os
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from twitch_tracker import processes
from twitch_tracker.batch import Job, JobResult, Status, run
from twitch_tracker.processes import make_process_pool, run_in_processes, run_tasks

JOBS = [Job(video=Path(f"{name}.mp4"), folder=Path(name)) for name in "abc"]


def died(job: Job) -> JobResult:
    """Row of a job whose process ended under it."""
    return JobResult(job=job, status=Status.FAILED, error_kind="BrokenProcessPool")


def end_the_process(job: Job) -> JobResult:
    """Do what a fault in a native decoder does."""
    os._exit(11 + len(job.folder.name))


@pytest.fixture
def no_real_processes(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Script what pools do: together every process dies; alone only that of b."""
    asked: list[list[str]] = []

    def scripted(jobs, pool, on_progress=None, *, work):
        del pool, on_progress, work
        asked.append([job.folder.name for job in jobs])
        for job in jobs:
            alone = len(jobs) == 1 and job.folder.name != "b"
            yield JobResult(job=job, status=Status.DONE) if alone else died(job)

    monkeypatch.setattr(processes, "run", scripted)
    monkeypatch.setattr(
        processes, "_own_pool", lambda *_, **__: contextlib.nullcontext()
    )
    return asked


def test_jobs_hit_by_the_death_of_another_are_tried_again_alone(no_real_processes):
    rows = {row.job.folder.name: row for row in run_in_processes(JOBS, 2)}
    assert no_real_processes == [["a", "b", "c"], ["a"], ["b"], ["c"]]
    assert rows["a"].status is rows["c"].status is Status.DONE
    assert rows["b"].status is Status.FAILED
    assert rows["b"].error_kind == "BrokenProcessPool"


@pytest.mark.slow
def test_a_process_that_really_dies_gives_failed_rows_and_no_error():
    with make_process_pool(1, quiet=True) as pool:
        rows = list(run(JOBS[:2], pool, work=end_the_process))
    assert [row.error_kind for row in rows] == ["BrokenProcessPool"] * 2
    assert all(processes._worker_died(row) for row in rows)


def test_a_running_job_is_interrupted_once_and_its_cleaning_up_is_not():
    worker = processes._Worker(busy=True)
    with pytest.raises(KeyboardInterrupt):
        worker.on_signal(2, None)
    worker.on_signal(2, None)
    assert worker.stopped


def test_an_idle_worker_is_not_interrupted_but_begins_nothing_more(
    monkeypatch: pytest.MonkeyPatch,
):
    worker = processes._Worker()
    worker.on_signal(2, None)
    monkeypatch.setattr(processes, "_worker", worker)
    with pytest.raises(KeyboardInterrupt):
        processes._run_in_worker(JOBS[0])


def test_a_task_that_fails_gives_its_error_in_place_of_a_result():
    rows = dict(run_tasks(math.sqrt, [4.0, -1.0, 9.0], 1))
    assert (rows[4.0], rows[9.0]) == (2.0, 3.0)
    assert isinstance(rows[-1.0], ValueError)


@pytest.mark.slow
def test_tasks_in_processes_give_the_same():
    rows = dict(run_tasks(math.sqrt, [4.0, -1.0, 9.0], 2, quiet=True))
    assert (rows[4.0], rows[9.0]) == (2.0, 3.0)
    assert isinstance(rows[-1.0], ValueError)


@pytest.mark.slow
def test_tasks_that_end_their_process_give_an_error_each_and_no_more():
    rows = dict(run_tasks(os._exit, [11, 12], 2, quiet=True))
    assert set(rows) == {11, 12}
    assert all(isinstance(error, BrokenExecutor) for error in rows.values())
