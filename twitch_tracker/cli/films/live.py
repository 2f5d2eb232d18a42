"""The command ``live``: a camera in, a window or lines out, a log at the end.

Knows the options, how events read in plain words, and what Ctrl-C means: the first
one ends the recording and keeps it, the second one leaves at once.
"""

from __future__ import annotations

import math
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from twitch_tracker.cli.films import live_options as option
from twitch_tracker.cli.films.analyze import TaskOption, TrackerName
from twitch_tracker.cli.films.analyze_log import Logbook, open_logbook
from twitch_tracker.cli.films.live_words import print_json, print_words
from twitch_tracker.cli.journal.place import Home, JournalUrl
from twitch_tracker.cli.options import Out
from twitch_tracker.cli.outcome import ExitCode, result_text
from twitch_tracker.episodes.network.sensitivity import Sensitivity
from twitch_tracker.language import say

if TYPE_CHECKING:
    from twitch_tracker.live.run import Display, LiveRun
    from twitch_tracker.records import Session
    from twitch_tracker.video.source import VideoSource

__all__ = ["EPILOG", "HELP", "live"]

HELP: Final = """Watch a face with a camera: feedback and counts now, the log at the end.

A window shows the face with its mesh, how well it is seen, and how many bursts and
blinks there were on each side; q or Esc stops and saves, space pauses. Everything
goes to a new folder OUT/live-<date>-<time>: events.jsonl as it happens, and in the
end the same files as those of analyze. The counts while recording are decided on the
last seconds; the files are decided on the whole recording and are what counts.

Exit codes: as for analyze; 0 also when the camera was unplugged (what was recorded
until then is logged).
"""

EPILOG: Final = "Example: twitch-tracker live --camera 0 --mirror-view --record"


def live(
    camera: option.CameraName = "0",
    file: option.StandIn = None,
    fast: option.Fast = False,
    patient: option.Person = None,
    task: TaskOption = None,
    home: Home = None,
    url: JournalUrl = None,
    out: Out = Path("out"),
    headless: option.Headless = False,
    mirror_view: option.MirrorView = False,
    mirrored: option.Mirrored = False,
    seconds: option.SecondsOption = None,
    record: option.Record = False,
    fps: option.Rate = 60.0,
    as_json: option.AsJson = False,
    tracker: option.Tracker = TrackerName.AUTO,
    model: option.Model = None,
    sensitivity: option.SensitivityOption = Sensitivity.STANDARD,
    finish: option.Finish = None,
) -> None:
    """Record live; the help is `HELP`."""
    if fast and file is None:
        raise typer.BadParameter(say("--fast needs --file: a camera has its own pace."))
    book = open_logbook(patient, None, task, "", home, url, recordings=1)
    book.may_show_faces(pictures=False, film="--record" if record else "")
    if finish is not None:
        raise typer.Exit(_do(lambda: _finish(finish, book, as_json=as_json)))
    from twitch_tracker.pipeline import AnalysisOptions

    options = AnalysisOptions(
        tracker=tracker.value,
        model_path=model,
        mirrored=mirrored and not record,
        sensitivity=sensitivity,
    )

    def work() -> ExitCode:
        _note_unfinished(out)
        with ExitStack() as stack:
            display = stack.enter_context(_display(headless, mirror=mirror_view))
            source = _open(camera, file, fast=fast, mirrored=mirrored, fps=fps)
            stack.enter_context(source)
            known = replace(options, faces=book.faces_before(_now()))
            run = _prepare(stack, source, known, out)
            run = _with(run, seconds, file if fast else None, record=record)
            return _record(run, display, book, as_json=as_json)

    raise typer.Exit(_do(work))


# --- before -----------------------------------------------------------------


def _note_unfinished(out: Path) -> None:
    """Report recordings that were cut off."""
    from twitch_tracker.live.finish import find_unfinished

    for folder in find_unfinished(out):
        print(
            say(
                "Note: the recording {folder} was cut off. Finish it with: "
                'twitch-tracker live --finish "{folder}"',
                folder=folder,
            ),
            file=sys.stderr,
        )


def _open(
    camera: str, file: Path | None, *, fast: bool, mirrored: bool, fps: float
) -> VideoSource:
    """Open the camera, or what stands in for it."""
    from twitch_tracker.pipeline import ANALYSED_SIDE_PX
    from twitch_tracker.video.camera import StandInSource, open_camera
    from twitch_tracker.video.files import open_video

    if file is not None:
        video = open_video(file, mirrored=mirrored, max_side_px=ANALYSED_SIDE_PX)
        return video if fast else StandInSource(video, realtime=True)
    number = int(camera) if camera.isdecimal() else camera
    return open_camera(number, mirrored=mirrored, fps_wanted=fps)


@contextmanager
def _display(headless: bool, *, mirror: bool) -> Iterator[Display]:
    """Open the window, unless none is wanted."""
    if headless:
        yield _NoWindow()
        return
    from twitch_tracker.live.window import CvWindow, WindowDisplay, check_display

    check_display()
    window = CvWindow()
    try:
        yield WindowDisplay(window, mirror=mirror)
    finally:
        window.close()


class _NoWindow:
    """Shows nothing and never wants anything."""

    def show(self, frame: Any, state: Any, *, paused: bool) -> Any:
        """Show nothing."""
        from twitch_tracker.live.run import Command

        del frame, state, paused
        return Command.GO_ON


def _prepare(stack: ExitStack, source: VideoSource, options: Any, out: Path) -> LiveRun:
    """Open the tracker and make the folder."""
    from twitch_tracker.face.trackers.catalogue import open_tracker
    from twitch_tracker.live.run import LiveRun, make_folder

    tracker = stack.enter_context(open_tracker(options.tracker, options.model_path))
    started_at = _now()
    return LiveRun(
        source=source,
        tracker=tracker,
        options=options,
        folder=make_folder(out, started_at),
        started_at=started_at,
    )


def _now() -> datetime:
    return datetime.now().astimezone()


def _with(
    run: LiveRun, seconds: float | None, fast_file: Path | None, *, record: bool
) -> LiveRun:
    """Add how long and how."""
    return replace(
        run,
        seconds=math.inf if seconds is None else seconds,
        record=record,
        background=fast_file is None,
        pictures_from=fast_file,
    )


# --- the work ---------------------------------------------------------------


class _Stop:
    """Ctrl-C: once to stop and keep, twice to leave."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self) -> bool:
        """Return whether somebody asked to stop."""
        return self.asked

    def on_signal(self, _signal: int, _frame: object) -> None:
        """Remember the first command, obey the second at once."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        print(say("Stopping; the recording is being saved."), file=sys.stderr)


@contextmanager
def _stopped_by_signals(stop: _Stop) -> Iterator[None]:
    """Take signals over for the time of the recording."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kinds = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(kind, stop.on_signal) for kind in kinds]
    try:
        yield
    finally:
        for kind, handler in zip(kinds, before, strict=True):
            signal.signal(kind, handler)


def _record(
    run: LiveRun, display: Display, book: Logbook, *, as_json: bool
) -> ExitCode:
    """Record, write, log, report."""
    from twitch_tracker.live.deciding_thread import short_turns

    stop = _Stop()
    print(
        say("Recording to {folder}. Ctrl-C stops and saves.", folder=run.folder),
        file=sys.stderr,
    )
    with _stopped_by_signals(stop), short_turns():
        try:
            session, ending = run.work(
                display, print_json if as_json else print_words, stop
            )
        except KeyboardInterrupt:
            print(
                say(
                    "Stopped at once. Finish this recording with: twitch-tracker "
                    'live --finish "{folder}"',
                    folder=run.folder,
                ),
                file=sys.stderr,
            )
            return ExitCode.STOPPED
    if ending == "camera_lost":
        print(
            say("The camera stopped delivering pictures; what came before is logged."),
            file=sys.stderr,
        )
    return _conclude(run.folder, session, run.started_at, book, as_json=as_json)


def _finish(folder: Path, book: Logbook, *, as_json: bool) -> ExitCode:
    """Finish recordings that were cut off."""
    from twitch_tracker.live.event_log import EVENTS, read_events
    from twitch_tracker.live.finish import finish_folder

    begun = read_events(folder / EVENTS)[0]
    started_at = datetime.fromisoformat(begun["started_at"])
    session = finish_folder(folder, book.faces_before(started_at))
    return _conclude(folder, session, started_at, book, as_json=as_json)


def _conclude(
    folder: Path,
    session: Session,
    started_at: datetime,
    book: Logbook,
    *,
    as_json: bool,
) -> ExitCode:
    """Log in the journal, and say what was found."""
    from twitch_tracker.batch import Job, JobResult, Status
    from twitch_tracker.exchange.summary import summary_document
    from twitch_tracker.live.finish import RECORDING

    summary = summary_document(session)
    stored = folder / RECORDING
    video = stored if stored.is_file() else Path(session.video.name)
    job = Job(video=video, folder=folder)
    row = JobResult(job=job, status=Status.DONE, summary=summary)
    book = replace(book, when=started_at, device=session.video.name)
    book.log(row)
    if as_json:
        logged = book.entries.get(folder)
        print_json(
            {
                "event": "results",
                "folder": str(folder),
                "summary": summary,
                "journal": logged,
            }
        )
    else:
        print(result_text(row))
        print(*book.lines.values(), sep="\n", end="\n" if book.lines else "")
    book.complain()
    return ExitCode.FAILED if book.failed else ExitCode.DONE


def _do(work: Callable[[], ExitCode]) -> ExitCode:
    """Run the command; known errors become a message and their exit code."""
    from twitch_tracker.errors import FaceError, ParameterError, RecordingError

    try:
        return work()
    except (RecordingError, FaceError, ParameterError) as error:
        print(say("Error: {error}", error=error), file=sys.stderr)
        if isinstance(error, ParameterError):
            return ExitCode.USAGE
        known = isinstance(error, RecordingError)
        return ExitCode.UNREADABLE if known else ExitCode.NO_FACE
