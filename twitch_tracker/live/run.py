"""From a camera to a finished folder: the loop that everything passes through.

Knows no window and prints nothing: a `Display` is called after every frame and returns
the command of the person. Note: while paused, pictures are shown but neither measured
nor stored; the pause is a gap in the recording and no time of it is counted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

import twitch_tracker
from twitch_tracker.errors import (
    BadParameter,
    BadShape,
    CameraUnavailable,
    NoAnalysableFace,
    OutputNotWritable,
)
from twitch_tracker.exchange.staging import remove_stale_stages
from twitch_tracker.face.trackers.tracker import FaceTracker
from twitch_tracker.language import say
from twitch_tracker.live.engine import LiveSession
from twitch_tracker.live.event_log import EVENTS, SCHEMA_VERSION, EventLog, LiveEvent
from twitch_tracker.live.finish import RECORDING, SIGNALS, information, write_results
from twitch_tracker.live.spool import LAYOUT, SignalFile
from twitch_tracker.live.state import LiveState
from twitch_tracker.pipeline import AnalysisOptions
from twitch_tracker.records import Frame, Session
from twitch_tracker.video.source import VideoSource
from twitch_tracker.video.writer import VideoWriter

__all__ = ["Command", "Display", "Ending", "LiveRun", "make_folder"]

_log = logging.getLogger(__name__)

CRF: Final = 18
"""Quality of the stored video: hardly to be distinguished from the camera's picture."""

PRESET: Final = "superfast"


class Command(StrEnum):
    """What the person wants."""

    GO_ON = "go_on"
    PAUSE = "pause"
    STOP = "stop"


class Ending(StrEnum):
    """How a recording ended."""

    STOPPED = "stopped"
    TIME_UP = "time_up"
    END_OF_FILE = "end_of_file"
    CAMERA_LOST = "camera_lost"


class Display(Protocol):
    """Shows what is going on, and takes the keys of the person who watches."""

    def show(self, frame: Frame, state: LiveState | None, *, paused: bool) -> Command:
        """Show one frame; `PAUSE` asks for a pause or for its end."""
        ...


def make_folder(out: Path, now: datetime) -> Path:
    """Make the folder of a new recording, named after the moment.

    What a killed recording had half written beside its folder goes: its events and
    signals are in the folder itself, and are finished from there.

    Raises
    ------
    OutputNotWritable
        If it cannot be made.
    """
    for before in out.glob("live-*"):
        remove_stale_stages(before)
    stem = f"live-{now:%Y%m%d-%H%M%S}"
    number = 1
    while True:
        folder = out / (stem if number == 1 else f"{stem}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            number += 1
        except OSError as error:
            raise OutputNotWritable(
                say(
                    "{folder}: cannot be made ({why}). Choose another folder with --out.",
                    folder=folder,
                    why=error.strerror,
                )
            ) from error
        else:
            return folder


@dataclass(frozen=True, kw_only=True)
class LiveRun:
    """One live recording.

    Attributes
    ----------
    source : VideoSource
        The camera or what stands in for it; belongs to the caller.
    tracker : FaceTracker
        Finds the face; belongs to the caller.
    options : AnalysisOptions
        As for `analyze`.
    folder : Path
        Where everything goes; exists.
    started_at : datetime
        When it began; aware.
    seconds : float
        Stop after so many seconds; infinity for never.
    record : bool
        Whether to store the video.
    background : bool
        See `LiveSession`.
    pictures_from : Path or None
        The file that stands in for the camera, when its times are the recording's.
    """

    source: VideoSource
    tracker: FaceTracker
    options: AnalysisOptions
    folder: Path
    started_at: datetime
    seconds: float = float("inf")
    record: bool = False
    background: bool = True
    pictures_from: Path | None = None

    def work(
        self,
        display: Display,
        on_event: Callable[[LiveEvent], None] | None = None,
        stopped: Callable[[], bool] = bool,
    ) -> tuple[Session, Ending]:
        """Record until somebody stops, then analyse and write everything.

        Parameters
        ----------
        display : Display
            Called after every frame.
        on_event : callable, optional
            Called with every event after it is on disk.
        stopped : callable
            Asked before every frame whether to stop.

        Returns
        -------
        session : Session
            The result; its files are in the folder.
        ending : Ending
            Why the recording ended.

        Raises
        ------
        NoAnalysableFace
            If no frame shows a face that can be measured.
        CameraUnavailable
            If the camera gave no picture at all.
        OutputNotWritable
            If the folder cannot be written.
        """
        log = EventLog(self.folder / EVENTS, on_event)
        live: LiveSession | None = None
        try:
            live = LiveSession(
                self.tracker,
                video=self.source.info,
                options=self.options,
                background=self.background,
                signal_file=SignalFile(self.folder / SIGNALS),
            )
            self._announce(log)
            ending = self._record(live, log, display, stopped)
            return self._finish(live, log, ending), ending
        finally:
            if live is not None:
                live.abandon()
            log.close()

    def _announce(self, log: EventLog) -> None:
        """Write the first line: what is recorded, and how to finish it."""
        chosen = self.options
        log.write(
            "started",
            schema_version=SCHEMA_VERSION,
            software_version=twitch_tracker.__version__,
            started_at=self.started_at.isoformat(timespec="milliseconds"),
            video=self.source.info,
            tracker=self.tracker.info,
            options={
                "tracker": chosen.tracker,
                "model_path": chosen.model_path,
                "mirrored": chosen.mirrored,
                "detector": chosen.detector,
                "sensitivity": chosen.sensitivity,
                "networks": chosen.networks,
            },
            layout=LAYOUT,
            if_cut_off=f'twitch-tracker live --finish "{self.folder}"',
        )

    # --- recording --------------------------------------------------------------

    def _record(
        self,
        live: LiveSession,
        log: EventLog,
        display: Display,
        stopped: Callable[[], bool],
    ) -> Ending:
        """Feed every frame until it ends."""
        store = _Store(self.folder / RECORDING if self.record else None, log)
        paused = False
        try:
            for frame in self.source:
                if stopped():
                    return Ending.STOPPED
                state = live.state
                if not paused:
                    state = live.feed(frame)
                    for news in state.news:
                        log.write_news(news)
                    store.put(frame)
                command = display.show(frame, state, paused=paused)
                if command is Command.STOP:
                    return Ending.STOPPED
                if command is Command.PAUSE:
                    paused = not paused
                    log.write("paused" if paused else "resumed", time_s=frame.time_s)
                if state is not None and state.recorded_s >= self.seconds:
                    return Ending.TIME_UP
        except CameraUnavailable as error:
            if live.state is None:
                raise
            log.write("camera_lost", time_s=live.state.time_s, error=str(error))
            return Ending.CAMERA_LOST
        finally:
            store.close()
        return Ending.END_OF_FILE

    def _finish(self, live: LiveSession, log: EventLog, ending: Ending) -> Session:
        """Analyse everything and write the results."""
        try:
            analysis = live.close(damage=self.source.damage)
            video = information(self.folder, analysis.session.video)
            session = replace(analysis.session, video=video)
            analysis = replace(analysis, session=session)
            stored = self.folder / RECORDING
            pictures = stored if stored.is_file() else self.pictures_from
            write_results(self.folder, analysis, pictures)
        except NoAnalysableFace:
            log.write("finished", how=ending, status="no_analysable_face")
            (self.folder / SIGNALS).unlink(missing_ok=True)
            raise
        summary = analysis.session.summary
        log.write(
            "finished",
            how=ending,
            status="done",
            recorded_s=summary.recorded_s,
            analysable_s=summary.analysable_s,
            bursts={side: counts.episodes for side, counts in summary.sides.items()},
            blinks=summary.blinks,
        )
        return analysis.session


class _Store:
    """Stores the video, or does nothing; a full disk does not end the recording."""

    def __init__(self, path: Path | None, log: EventLog) -> None:
        self._path, self._log = path, log
        self._writer: VideoWriter | None = None
        self._first_s = 0.0

    def put(self, frame: Frame) -> None:
        """Store one picture at its own time."""
        if self._path is None:
            return
        if self._writer is None:
            height, width, _ = frame.image.shape
            self._first_s = frame.time_s
            self._writer = VideoWriter(
                self._path,
                width_px=width,
                height_px=height,
                crf=CRF,
                preset=PRESET,
                fragmented=True,
            )
        try:
            self._writer.write(frame.image, frame.time_s - self._first_s)
        except (BadShape, BadParameter) as error:
            _log.warning("a picture is not in the stored video: %s", error)
        except OutputNotWritable as error:
            self._path = self._writer = None
            self._log.write("video_lost", time_s=frame.time_s, error=str(error))

    def close(self) -> None:
        """Finish the video and give it its name."""
        if self._writer is not None:
            self._writer.close()
