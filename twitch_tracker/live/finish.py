"""How a live recording becomes a finished folder, at once or after a crash.

The folder of a recording holds ``events.jsonl`` from the first second. When the
recording ends, the same files as those of `analyze` appear all at once, and the
signals kept in case of a crash are removed. A recording that was cut off is
finished from these signals: the same numbers, up to its last whole second.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from twitch_tracker.episodes.network.sensitivity import Sensitivity
from twitch_tracker.errors import NoAnalysableFace, RecordingError, VideoUnreadable
from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.exchange.staging import staged_folder
from twitch_tracker.language import say
from twitch_tracker.live.event_log import (
    EVENTS,
    EventLog,
    LiveEvent,
    is_finished,
    read_events,
)
from twitch_tracker.live.spool import read_signal_file
from twitch_tracker.motion.signals import locate_face
from twitch_tracker.networks import shipped_folder
from twitch_tracker.pipeline import AnalysedFilm, AnalysisOptions, conclude
from twitch_tracker.records import (
    Damage,
    FaceSeen,
    Session,
    SubjectEvent,
    TrackerInfo,
    VideoInfo,
)
from twitch_tracker.video.files import hash_file, open_video

__all__ = [
    "RECORDING",
    "SIGNALS",
    "find_unfinished",
    "finish_folder",
    "information",
    "write_results",
]

SIGNALS: Final = "signals.part"
"""Signals kept while recording."""

RECORDING: Final = "recording.mp4"
"""The stored video, when it was asked for."""

_STILL_RUNNING_S: Final = 10.0
"""A folder whose signals grew less long ago may still be recorded to."""


def information(folder: Path, video: VideoInfo) -> VideoInfo:
    """Say what was recorded, now that it is complete.

    Parameters
    ----------
    folder : Path
        Of the recording.
    video : VideoInfo
        What was known when it began.

    Returns
    -------
    VideoInfo
        That of the stored video if there is one. Otherwise the same with a hash of
        the signals, when it had none: two recordings are never taken for one.
    """
    stored = folder / RECORDING
    if stored.is_file():
        with open_video(stored) as source:
            return source.info
    if video.sha256 or not (folder / SIGNALS).is_file():
        return video
    return replace(video, sha256=hash_file(folder / SIGNALS))


def write_results(
    folder: Path, analysis: AnalysedFilm, pictures_from: Path | None = None
) -> None:
    """Write what `analyze` writes, all or nothing, and remove the kept signals.

    Parameters
    ----------
    folder : Path
        Of the recording; what else is in it stays.
    analysis : AnalysedFilm
        The result.
    pictures_from : Path, optional
        A video with the same times, for the pictures of the report.

    Raises
    ------
    NoAnalysableFace
        If no time at all could be measured.
    OutputNotWritable
        If the folder cannot be written.
    """
    session = analysis.session
    if not session.summary.analysable_s > 0:
        raise NoAnalysableFace(
            say(
                "{name}: no part of it shows a face that can be measured. "
                "docs/recording.md says how to film a face.",
                name=session.video.name,
            )
        )
    with staged_folder(folder) as stage:
        write_tables(stage, session)
        _write_report(stage / "report.html", analysis, pictures_from)
    (folder / SIGNALS).unlink(missing_ok=True)


def _write_report(
    path: Path, analysis: AnalysedFilm, pictures_from: Path | None
) -> None:
    from twitch_tracker.report.recording.page import write_report
    from twitch_tracker.report.recording.pictures import take_pictures
    from twitch_tracker.video.frames_at import read_frames_at

    pictures = []
    if pictures_from is not None and analysis.session.episodes:
        with contextlib.suppress(RecordingError):
            pictures = take_pictures(
                pictures_from,
                analysis.session,
                boxes_px=analysis.boxes_px,
                read_frames=partial(read_frames_at, max_side_px=analysis.max_side_px),
            )
    write_report(analysis.session, path, pictures)


# --- after a crash ------------------------------------------------------------


def find_unfinished(out: Path) -> list[Path]:
    """List recordings below a folder that were cut off.

    Parameters
    ----------
    out : Path
        The folder that holds the folders of recordings.

    Returns
    -------
    list of Path
        Folders, in order of their names; none that may still be recorded to.
    """
    return [path.parent for path in _cut_off(out)]


def _cut_off(out: Path) -> Iterator[Path]:
    for path in sorted(out.glob(f"*/{SIGNALS}")):
        with contextlib.suppress(OSError, VideoUnreadable):
            idle_s = time.time() - path.stat().st_mtime
            finished = is_finished(read_events(path.with_name(EVENTS)))
            if idle_s > _STILL_RUNNING_S and not finished:
                yield path


def finish_folder(folder: Path, faces: tuple[FaceSeen, ...] | None = None) -> Session:
    """Analyse a recording that was cut off, as far as it went.

    Parameters
    ----------
    folder : Path
        With ``events.jsonl`` and the kept signals.
    faces : tuple of FaceSeen, optional
        What earlier recordings of the person show of the open eyes.

    Raises
    ------
    VideoUnreadable
        If there is nothing to finish, or another version began it.
    NoAnalysableFace
        If no frame shows a face that can be measured.
    OutputNotWritable
        If the folder cannot be written.
    """
    events = read_events(folder / EVENTS)
    if is_finished(events):
        raise VideoUnreadable(
            say("{folder}: this recording is finished already.", folder=folder)
        )
    begun = events[0]
    _rescue_video(folder)
    options = replace(_options(begun["options"]), faces=faces)
    networks = options.networks or shipped_folder()
    raw, boxes_px = read_signal_file(folder / SIGNALS, begun["layout"], networks)
    if not len(raw):
        raise NoAnalysableFace(
            say("{folder}: no picture was recorded in it.", folder=folder)
        )
    session = conclude(
        locate_face(raw),
        options.open_detector(),
        video=information(folder, _video(begun["video"])),
        damage=Damage(frames_read=len(raw)),
        tracker=TrackerInfo(**begun["tracker"]),
        subject_events=_subject_events(events),
        options=options,
    )
    stored = folder / RECORDING
    analysis = AnalysedFilm(session=session, boxes_px=boxes_px.astype(np.float32))
    write_results(folder, analysis, stored if stored.is_file() else None)
    log = EventLog(folder / EVENTS)
    log.write("finished", how="recovered", recorded_s=session.summary.recorded_s)
    log.close()
    return session


def _rescue_video(folder: Path) -> None:
    """Rename the stored part of the video, if it can be played."""
    stored = folder / RECORDING
    for part in sorted(folder.glob(f".{stored.stem}-*.part")):
        if stored.exists():
            return
        with contextlib.suppress(RecordingError):
            open_video(part).close()
            part.replace(stored)


def _options(session: LiveEvent) -> AnalysisOptions:
    return AnalysisOptions(
        tracker=session["tracker"],
        model_path=Path(session["model_path"]) if session["model_path"] else None,
        mirrored=session["mirrored"],
        detector=session["detector"],
        sensitivity=Sensitivity(session["sensitivity"]),
        networks=Path(session["networks"]) if session["networks"] else None,
        every_picture=True,
    )


def _video(video: LiveEvent) -> VideoInfo:
    numbers = {
        name: float("nan") if video[name] is None else float(video[name])
        for name in ("nominal_fps", "duration_s")
    }
    others: dict[str, Any] = {"time_base": Fraction(video["time_base"])}
    if "said" in video:
        others["said"] = tuple(video["said"])
    return VideoInfo(**{**video, **numbers, **others})


def _subject_events(events: list[LiveEvent]) -> tuple[SubjectEvent, ...]:
    return tuple(
        SubjectEvent(
            time_s=event["time_s"], kind=event["happened"], detail=event["detail"]
        )
        for event in events
        if event["event"] == "subject"
    )
