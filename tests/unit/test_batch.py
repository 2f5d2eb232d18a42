"""Many recordings: one bad video gives a failed row, never a failed batch."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from twitch_tracker.batch import Job, JobResult, Status, run, run_job
from twitch_tracker.exchange.summary import read_summary
from twitch_tracker.pipeline import AnalysisOptions
from twitch_tracker.processes import run_in_processes
from twitch_tracker.records import Progress

MakeVideo = Callable[..., Path]

ENDINGS = {
    "good.mp4": (Status.DONE, ""),
    "broken.mp4": (Status.UNREADABLE, "VideoUnreadable"),
    "nobody.mp4": (Status.NO_FACE, "NoAnalysableFace"),
    "dark.mp4": (Status.NO_FACE, "NoAnalysableFace"),
    "odd.mp4": (Status.BAD_PARAMETER, "BadParameter"),
    "bug.mp4": (Status.FAILED, "ZeroDivisionError"),
    "full.mp4": (Status.FAILED, "OutputNotWritable"),
}


class InlineExecutor(Executor):
    """The simplest executor there is: does the work when it is submitted."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        future: Future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001
            future.set_exception(error)
        return future


class LosingExecutor(Executor):
    """An executor whose workers die."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        del fn, args, kwargs
        future: Future = Future()
        future.set_exception(ConnectionError("node lost"))
        return future


@pytest.fixture
def make_job(make_video: MakeVideo, tmp_path: Path) -> Callable[..., Job]:
    def make(name: str = "good.mp4", **changes: Any) -> Job:
        video = make_video(name)
        return Job(video=video, folder=tmp_path / "out" / video.stem, **changes)

    return make


def hidden(folder: Path) -> list[Path]:
    """What was left unfinished in a folder."""
    return [p for p in folder.rglob("*") if p.name.startswith(".")]


def test_a_job_leaves_the_files_of_the_contract(fake_analysis, make_job):
    job = make_job(overlay=True)
    row = run_job(job)
    assert row.status is Status.DONE
    assert {entry.name for entry in job.folder.iterdir()} == {
        "episodes.csv",
        "blinks.csv",
        "signals.parquet",
        "summary.json",
        "report.html",
        "overlay.mp4",
    }
    assert row.summary == read_summary(job.folder / "summary.json")
    assert row.error == row.error_kind == row.trace == ""


def test_without_overlay_or_pictures_there_are_none(fake_analysis, make_job):
    job = make_job(pictures=False)
    run_job(job)
    assert not (job.folder / "overlay.mp4").exists()
    assert fake_analysis.pictures_taken == 0
    assert (job.folder / "report.html").read_text() == "good.mp4 0 pictures"


def test_the_options_reach_the_analysis(fake_analysis, make_job):
    options = AnalysisOptions(mirrored=True, start_s=2.0)
    run_job(make_job(options=options))
    assert fake_analysis.options == [options]


@pytest.mark.parametrize(("name", "ending"), ENDINGS.items())
def test_every_ending_is_a_row_and_failures_leave_nothing(
    fake_analysis, make_job, tmp_path: Path, name: str, ending: tuple[Status, str]
):
    job = make_job(name)
    row = run_job(job)
    assert (row.status, row.error_kind) == ending
    done = row.status is Status.DONE
    assert job.folder.exists() is done
    assert (row.summary is not None) is done
    assert bool(row.error) is not done
    assert bool(row.trace) is (name == "bug.mp4")
    assert hidden(tmp_path) == []


def test_a_face_that_is_never_measurable_is_explained(fake_analysis, make_job):
    """Rates over no time at all would mislead; the reasons are told instead."""
    row = run_job(make_job("dark.mp4"))
    assert "no face for 1.00 s" in row.error
    assert "too dark for 1.00 s" in row.error


def test_older_results_stay_when_the_work_fails(fake_analysis, make_job):
    job = make_job("broken.mp4")
    job.folder.mkdir(parents=True)
    (job.folder / "summary.json").write_text("old")
    assert run_job(job).status is Status.UNREADABLE
    assert (job.folder / "summary.json").read_text() == "old"


def test_ctrl_c_passes_through_and_leaves_nothing(
    fake_analysis, make_job, tmp_path: Path
):
    with pytest.raises(KeyboardInterrupt):
        run_job(make_job("stop.mp4"))
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    "executor",
    [InlineExecutor, lambda: ThreadPoolExecutor(3)],
    ids=["inline", "threads"],
)
def test_a_batch_gives_one_row_for_every_job(fake_analysis, make_job, executor):
    jobs = [make_job(name) for name in ENDINGS]
    heard: list[Progress] = []
    with executor() as pool:
        rows = list(run(jobs, pool, heard.append))
    assert {r.job.video.name: (r.status, r.error_kind) for r in rows} == ENDINGS
    assert [p.done for p in heard] == list(range(1, len(jobs) + 1))
    assert {p.total for p in heard} == {len(jobs)}


def test_a_lost_worker_is_a_failed_row(make_job):
    with LosingExecutor() as pool:
        (row,) = run([make_job()], pool)
    assert row.status is Status.FAILED
    assert (row.error_kind, row.error) == ("ConnectionError", "node lost")


def test_no_jobs_give_no_rows(fake_analysis):
    assert list(run([], InlineExecutor())) == []


def test_jobs_and_rows_can_be_sent_to_another_computer(fake_analysis, make_job):
    for name in ENDINGS:
        job = make_job(name)
        row = run_job(job)
        assert pickle.loads(pickle.dumps(job)) == job
        back = pickle.loads(pickle.dumps(row))
        assert isinstance(back, JobResult)
        assert back == row


@pytest.mark.slow
def test_spawned_processes_give_one_row_for_every_file_that_is_no_video(make_job):
    """Nothing is faked here: real workers refuse three real non-videos."""
    jobs = [make_job(name) for name in ("a.mp4", "b.mp4", "c.mp4")]
    rows = list(run_in_processes(jobs, 2, quiet=True))
    assert {row.job.video.name for row in rows} == {"a.mp4", "b.mp4", "c.mp4"}
    assert {row.status for row in rows} == {Status.UNREADABLE}
    assert list(jobs[0].folder.parent.iterdir()) == []
