"""Many recordings in several processes of this computer.

Knows how to start worker processes (spawned, never forked), how a Ctrl-C or a
request to end reaches the job that runs in one, and what to do when one dies.
The work itself is in `batch`.

>>> for row in run_in_processes(jobs, workers=2):  # doctest: +SKIP
...     print(row.status)
"""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.process
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    ProcessPoolExecutor,
    as_completed,
)
from dataclasses import dataclass
from typing import Final, TypeVar

from twitch_tracker.batch import Job, JobResult, run, run_job
from twitch_tracker.encrypted.keys import Unlocked, handed_over, take_over
from twitch_tracker.errors import BadParameter, MissingDependency
from twitch_tracker.language import say
from twitch_tracker.records import OnProgress

__all__ = ["make_process_pool", "on_cluster", "run_in_processes", "run_tasks"]

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


# --- in the worker ----------------------------------------------------------


@dataclass
class _Worker:
    """What a process of our own pool knows of itself.

    Ctrl-C (or a request to end, passed on by the parent) interrupts the job
    that is running, once, so that its cleaning up is left alone; what is still
    queued is not begun.
    """

    heeds_signals: bool = False
    busy: bool = False
    stopped: bool = False

    def on_signal(self, _signal: int, _frame: object) -> None:
        """Stop what is running, the first time."""
        first, self.stopped = not self.stopped, True
        if first and self.busy:
            raise KeyboardInterrupt


_worker = _Worker()


def _run_in_worker(job: Job) -> JobResult:
    """Run one job without progress."""
    return _guarded(run_job, job)


def _guarded(work: Callable[[_Task], _Result], task: _Task) -> _Result:
    """Run one piece of work so that a request to end interrupts it, once."""
    if _worker.stopped:
        raise KeyboardInterrupt
    if not _worker.heeds_signals:
        return work(task)
    _worker.busy = True
    try:
        return work(task)
    finally:
        _worker.busy = False


def _start_worker(quiet: bool, unlocked: tuple[Unlocked, ...] = ()) -> None:
    """Prepare a worker process: when it may be stopped, and no native chatter."""
    take_over(unlocked)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        _worker.heeds_signals = True
        signal.signal(signal.SIGINT, _worker.on_signal)
    _hold_ctrl_c(hold=False)
    if quiet:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        os.close(nowhere)


def _hold_ctrl_c(*, hold: bool) -> None:
    """Block Ctrl-C, or allow it again; not possible on Windows."""
    if sys.platform != "win32":
        how = signal.SIG_BLOCK if hold else signal.SIG_UNBLOCK
        signal.pthread_sigmask(how, {signal.SIGINT})


# --- in the parent ----------------------------------------------------------


def make_process_pool(workers: int, *, quiet: bool = False) -> ProcessPoolExecutor:
    """Make a pool of spawned processes.

    Parameters
    ----------
    workers : int
        How many processes.
    quiet : bool
        Whether the native libraries' messages are dropped.

    Returns
    -------
    ProcessPoolExecutor
        To be used in a ``with`` block.
    """
    return ProcessPoolExecutor(
        max_workers=workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start_worker,
        initargs=(quiet, handed_over()),
    )


def run_in_processes(
    jobs: Sequence[Job],
    workers: int,
    on_progress: OnProgress | None = None,
    *,
    quiet: bool = False,
) -> Iterator[JobResult]:
    """Run many jobs in processes of this computer.

    A recording that kills its process (a fault in a native decoder) takes its
    neighbours' processes with it; every recording hit that way is tried once
    more, alone, so that only the guilty one fails.

    Parameters
    ----------
    jobs : sequence of Job
        The work; their folders must differ.
    workers : int
        How many processes.
    on_progress : callable, optional
        Called after every recording.
    quiet : bool
        Whether the native libraries' messages are dropped.

    Yields
    ------
    JobResult
        One per job, in the order of completion.
    """
    orphans: list[Job] = []
    with _own_pool(workers, quiet=quiet) as pool:
        for row in run(jobs, pool, on_progress, work=_run_in_worker):
            if _worker_died(row):
                orphans.append(row.job)
            else:
                yield row
    for job in orphans:
        with _own_pool(1, quiet=quiet) as pool:
            yield from run([job], pool, work=_run_in_worker)


@contextlib.contextmanager
def on_cluster(address: str) -> Iterator[Executor]:
    """Use an existing Dask cluster.

    Parameters
    ----------
    address : str
        Of its scheduler, e.g. ``tcp://host:8786``.

    Yields
    ------
    Executor
        For `batch.run`. What is still queued at the end is given back.

    Raises
    ------
    MissingDependency
        Dask is not installed.
    BadParameter
        Nobody answers there.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingDependency(
            say(
                "A cluster needs Dask: pip install 'twitch-tracker[cluster]', here and "
                "on every worker."
            )
        ) from error
    try:
        client = Client(address, timeout=_ANSWERS_WITHIN)
    except (OSError, ValueError) as error:
        raise BadParameter(
            "scheduler", say("the address of a Dask scheduler that answers"), address
        ) from error
    with client:
        # By default Dask takes a repeated job for done.
        yield client.get_executor(pure=False)


_ANSWERS_WITHIN: Final = "10s"


def run_tasks(
    work: Callable[[_Task], _Result],
    tasks: Sequence[_Task],
    workers: int,
    *,
    quiet: bool = False,
) -> Iterator[tuple[_Task, _Result | Exception]]:
    """Run a function on many tasks, in processes of this computer.

    Tasks whose process dies are tried once more, each alone, as in
    `run_in_processes`.

    Parameters
    ----------
    work : callable
        What is done with each task; must be picklable, as the tasks must be.
    tasks : sequence
        What is to be done.
    workers : int
        How many processes; with one, the work is done in this process.
    quiet : bool
        Whether the native libraries' messages are dropped (in the workers).

    Yields
    ------
    tuple
        The task, and what `work` gave or the `Exception` it ended with, in the
        order of completion.
    """
    if workers <= 1:
        for task in tasks:
            yield task, _outcome(lambda task=task: work(task))  # type: ignore[misc]
        return
    orphans: list[_Task] = []
    with _own_pool(workers, quiet=quiet) as pool:
        futures = {pool.submit(_guarded, work, task): task for task in tasks}
        for future in as_completed(futures):
            result = _outcome(future.result)
            if isinstance(result, BrokenExecutor):
                orphans.append(futures[future])
            else:
                yield futures[future], result
    for task in orphans:
        with _own_pool(1, quiet=quiet) as pool:
            yield task, _outcome(pool.submit(_guarded, work, task).result)


def _outcome(result: Callable[[], _Result]) -> _Result | Exception:
    """Take a result, or the error in its place."""
    try:
        return result()
    except Exception as error:  # noqa: BLE001 - one bad task must not end the rest
        return error


@contextlib.contextmanager
def _own_pool(workers: int, *, quiet: bool) -> Iterator[ProcessPoolExecutor]:
    """Make a pool whose running jobs are stopped when its user is."""
    strangers = set(multiprocessing.active_children())
    with make_process_pool(workers, quiet=quiet) as pool:
        try:
            _start_processes(pool)
            yield pool
        except BaseException:
            for child in set(multiprocessing.active_children()) - strangers:
                _stop(child)
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _start_processes(pool: ProcessPoolExecutor) -> None:
    """Start the workers so that a Ctrl-C waits until they can answer it.

    They inherit the held signal, and let it through once they are ready; without
    that, one that is still starting would die with a traceback.
    """
    _hold_ctrl_c(hold=True)
    try:
        pool.submit(int)
    finally:
        _hold_ctrl_c(hold=False)


def _stop(child: multiprocessing.process.BaseProcess) -> None:
    """Pass a Ctrl-C on; on Windows the console has sent it to all already."""
    if os.name != "nt" and child.pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGINT)


def _worker_died(row: JobResult) -> bool:
    """Return whether a row failed because a process ended under it."""
    return row.error_kind in _DEAD_WORKER


_DEAD_WORKER: Final = frozenset({BrokenExecutor.__name__, "BrokenProcessPool"})
