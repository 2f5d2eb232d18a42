"""One recording, end to end: the only place where the rooms meet.

    video file -> frames -> face observations -> motion signals -> episodes

Frames are looked at once and dropped; only the signals stay in memory.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

import twitch_tracker
from twitch_tracker.episodes.detector import EpisodeDetector, GeometricDetector
from twitch_tracker.episodes.face_numbers import face_numbers
from twitch_tracker.episodes.marking import detect_and_mark
from twitch_tracker.episodes.network.learned import LearnedDetector, LearnedParams
from twitch_tracker.episodes.network.sensitivity import Sensitivity
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.episodes.summary import excluded_spans, summarise
from twitch_tracker.errors import BadParameter
from twitch_tracker.face.identity.subject import SubjectFollower
from twitch_tracker.face.look_ahead import LookAhead
from twitch_tracker.face.mesh_file import MeshFile, face_box
from twitch_tracker.face.passed import observed_between
from twitch_tracker.face.passing import MOST_APART_S
from twitch_tracker.face.trackers.catalogue import open_tracker
from twitch_tracker.face.trackers.tracker import FaceTracker
from twitch_tracker.language import say
from twitch_tracker.motion import known_face
from twitch_tracker.motion.recorder import MotionRecorder, RawMotion
from twitch_tracker.motion.signals import (
    LocatedFace,
    locate_face,
    measure_motion,
    motion_parameters,
)
from twitch_tracker.records import (
    Damage,
    FaceObservation,
    FaceSeen,
    MotionSignals,
    OnProgress,
    Progress,
    ReadOptions,
    Session,
    SubjectEvent,
    TrackerInfo,
    VideoInfo,
)
from twitch_tracker.records.rows import Rows
from twitch_tracker.threads import single_threaded
from twitch_tracker.unmeasured import nothing_measured
from twitch_tracker.video.files import open_video
from twitch_tracker.video.source import VideoSource

__all__ = [
    "AnalysedFilm",
    "AnalysisOptions",
    "analyze",
    "analyze_fully",
    "analyze_source",
    "conclude",
    "planned_parameters",
    "record_motion",
]


ANALYSED_SIDE_PX: Final = 1920
"""Larger pictures are scaled down to this: a face that fills a 4K frame is
measured as well at half the size, and costs a quarter."""

_REPORT_EVERY_S: Final = 0.5
"""Progress is reported this often, in seconds of recording."""


@dataclass(frozen=True, kw_only=True)
class AnalysisOptions:
    """How a recording is analysed.

    Attributes
    ----------
    tracker : str
        ``auto``, ``attention-mesh`` or ``face-landmarker``.
    model_path : Path or None
        Weights for the face landmarker; the installed ones by default.
    mirrored : bool
        The recording was stored mirrored (some selfie cameras do).
    start_s, end_s : float
        Part of the recording to analyse, in seconds from its first frame.
    detector : str
        ``learned``, or ``geometric`` for hand-made rules alone.
    sensitivity : Sensitivity
        How sure a burst must be to be logged; of the learned detector.
    networks : Path or None
        Folder of the learned networks; the shipped ones by default.
    episodes : EpisodeParams
        Of what is measured of bursts and blinks, and of the geometric detector.
    faces : tuple of FaceSeen or None
        What earlier recordings of the person show; None asks none of them.
    subject : tuple of float or None
        Where the person is when first seen, in shares of the width and height of the
        picture as a player shows it (None: at any height); without, the largest, most
        central face.
    reading : ReadOptions
        What a person says of how to read the file: which film of it, and at which
        rate it was taken.
    every_picture : bool
        Look at every picture, also at those in which nothing moves (`face.passing`).
    """

    tracker: str = "auto"
    model_path: Path | None = None
    mirrored: bool = False
    start_s: float = 0.0
    end_s: float = math.inf
    detector: str = "learned"
    sensitivity: Sensitivity = Sensitivity.STANDARD
    networks: Path | None = None
    episodes: EpisodeParams = field(default_factory=EpisodeParams)
    faces: tuple[FaceSeen, ...] | None = None
    reading: ReadOptions = field(default_factory=ReadOptions)
    subject: tuple[float, float | None] | None = None
    every_picture: bool = False

    @property
    def subject_place(self) -> tuple[float, float | None] | None:
        """Where the person is in the picture as it is analysed, turned back."""
        if self.subject is None or not self.mirrored:
            return self.subject
        return 1.0 - self.subject[0], self.subject[1]

    def open_detector(self) -> EpisodeDetector:
        """Return the chosen detector.

        Raises
        ------
        BadParameter
            If there is none of that name.
        WeightsMissing, WeightsCorrupt
            If what it learned cannot be read.
        """
        if self.detector == GeometricDetector.name:
            return GeometricDetector(self.episodes)
        if self.detector == LearnedDetector.name:
            chosen = LearnedParams(sensitivity=self.sensitivity, episodes=self.episodes)
            return LearnedDetector(chosen, self.networks)
        expected = say(
            "{one} or {other}", one=LearnedDetector.name, other=GeometricDetector.name
        )
        raise BadParameter("detector", expected, self.detector)


@dataclass(frozen=True, kw_only=True)
class AnalysedFilm:
    """A session and the by-products that pictures and overlays need.

    Attributes
    ----------
    session : Session
        The result.
    boxes_px : NDArray[np.float32]
        Box around the face in every frame, x0, y0, x1, y1 in pixels of the
        analysed picture, shape (n, 4); NaN without a face.
    max_side_px : int
        Pictures with a longer side were scaled down to this before analysis;
        read them the same way to use `boxes_px`.
    """

    session: Session
    boxes_px: NDArray[np.float32]
    max_side_px: int = ANALYSED_SIDE_PX


def analyze(
    path: str | Path,
    options: AnalysisOptions | None = None,
    *,
    on_progress: OnProgress | None = None,
) -> Session:
    """Find one-sided bursts in a recording.

    Parameters
    ----------
    path : str or Path
        Any video file that FFmpeg reads.
    options : AnalysisOptions, optional
        Mirrored or not, part of the recording, tracker, thresholds.
    on_progress : callable, optional
        Called with a `Progress` now and then.

    Returns
    -------
    Session
        Signals, bursts, blinks, what was refused or not measurable, summary.

    Raises
    ------
    VideoUnreadable
        If the file cannot be read as a video.
    TimestampsUnusable
        If its pictures carry no times.
    NoAnalysableFace
        If no frame shows a face that can be measured.
    AssetError, MissingDependency
        If the tracker cannot run on this computer.
    BadParameter
        If an option is not allowed.
    """
    return analyze_fully(path, options, on_progress=on_progress).session


def analyze_fully(
    path: str | Path,
    options: AnalysisOptions | None = None,
    *,
    on_progress: OnProgress | None = None,
    landmark_file: Path | None = None,
) -> AnalysedFilm:
    """Analyse like `analyze`, and keep what pictures and overlays need.

    Parameters
    ----------
    path, options, on_progress
        As for `analyze`.
    landmark_file : Path, optional
        Where to spool every frame's mesh, float32 of shape (n, 478, 3) in
        native byte order, NaN without a face. Read it with ``numpy.memmap``.

    Returns
    -------
    AnalysedFilm
        Session and by-products.
    """
    chosen = options or AnalysisOptions()
    with _opened(path, chosen) as (source, tracker):
        return analyze_source(
            source,
            tracker,
            chosen.open_detector(),
            options=chosen,
            on_progress=on_progress,
            landmark_file=landmark_file,
        )


@contextlib.contextmanager
def _opened(
    path: str | Path, chosen: AnalysisOptions
) -> Iterator[tuple[VideoSource, FaceTracker]]:
    """Open a recording and a tracker as the options say."""
    with (
        open_video(
            path,
            mirrored=chosen.mirrored,
            start_s=chosen.start_s,
            end_s=chosen.end_s,
            max_side_px=ANALYSED_SIDE_PX,
            reading=chosen.reading,
        ) as source,
        open_tracker(chosen.tracker, chosen.model_path) as tracker,
    ):
        yield source, tracker


def analyze_source(
    source: VideoSource,
    tracker: FaceTracker,
    detector: EpisodeDetector,
    *,
    options: AnalysisOptions,
    on_progress: OnProgress | None = None,
    landmark_file: Path | None = None,
) -> AnalysedFilm:
    """Analyse any source of frames with any tracker and detector.

    Parameters
    ----------
    source, tracker, detector
        The three seams; the caller closes the first two.
    options : AnalysisOptions
        Logged with the result; opening the source with them is the caller's.
    on_progress, landmark_file
        As for `analyze_fully`.

    Returns
    -------
    AnalysedFilm
        Session and by-products.

    Raises
    ------
    NoAnalysableFace
        If no frame shows a face that can be measured.
    """
    recorder = MotionRecorder(options.networks)
    watched = _watch(source, tracker, recorder, options, on_progress, landmark_file)
    _report(on_progress, "finding bursts", 0.0, 1.0, "steps")
    session = conclude(
        locate_face(recorder.finish()),
        detector,
        video=source.info,
        damage=source.damage,
        tracker=tracker.info,
        subject_events=watched.subject_events,
        options=options,
    )
    _report(on_progress, "finding bursts", 1.0, 1.0, "steps")
    return AnalysedFilm(session=session, boxes_px=watched.boxes_px)


def conclude(
    face: LocatedFace,
    detector: EpisodeDetector,
    *,
    video: VideoInfo,
    damage: Damage,
    tracker: TrackerInfo,
    subject_events: tuple[SubjectEvent, ...],
    options: AnalysisOptions,
) -> Session:
    """Decide on a recording that was watched to its end.

    Parameters
    ----------
    face, detector
        What was recorded (`locate_face`), and who finds bursts in it.
    video, damage, tracker, subject_events, options
        Logged with the result.

    Returns
    -------
    Session
        The result.

    Raises
    ------
    NoAnalysableFace
        If no frame shows a face that can be measured.
    """
    with_ = known_face.measured_with(tracker, face.raw.networks)
    known = known_face.comparable(options.faces, with_, video.sha256)
    motion = measure_motion(face, known)
    del face  # callers pass it on without keeping it, so that it is gone now
    if not motion.usable.any():
        raise nothing_measured(video.name, motion.lost_s, video.films)
    found = detect_and_mark(detector, motion)
    parameters = _parameters(options, detector, motion)
    return Session(
        video=video,
        damage=damage,
        tracker=tracker,
        motion=motion,
        episodes=found.episodes,
        blinks=found.blinks,
        near_misses=found.near_misses,
        excluded=excluded_spans(motion),
        subject_events=subject_events,
        summary=summarise(
            motion,
            found.episodes,
            found.blinks,
            found.hardly_open,
            face_numbers(motion, found.episodes),
        ),
        parameters=parameters,
        parameters_sha256=_hash_of(parameters),
        software_version=twitch_tracker.__version__,
        hardly_open=found.hardly_open,
        face_seen=known_face.face_seen(motion, with_, video.sha256),
    )


def record_motion(
    path: str | Path,
    options: AnalysisOptions | None = None,
    *,
    keep_eyes: bool = False,
    on_progress: OnProgress | None = None,
) -> RawMotion:
    """Watch a recording as `analyze` does, and stop before anything is decided.

    Parameters
    ----------
    path, options, on_progress
        As for `analyze`.
    keep_eyes : bool
        Keep the pictures of the eyes, so that other networks can look at them.

    Returns
    -------
    RawMotion
        What `motion.signals.measure_motion` and every detector start from.

    Raises
    ------
    VideoUnreadable, TimestampsUnusable, AssetError, MissingDependency
        As for `analyze`.
    """
    chosen = options or AnalysisOptions()
    with _opened(path, chosen) as (source, tracker):
        recorder = MotionRecorder(chosen.networks, keep_eyes=keep_eyes)
        _watch(source, tracker, recorder, chosen, on_progress, None)
        return recorder.finish()


@dataclass(frozen=True, kw_only=True)
class _Watched:
    """What is left of the frames once they are gone."""

    boxes_px: NDArray[np.float32]
    subject_events: tuple[SubjectEvent, ...]


def _watch(
    source: VideoSource,
    tracker: FaceTracker,
    recorder: MotionRecorder,
    options: AnalysisOptions,
    on_progress: OnProgress | None,
    landmark_file: Path | None,
) -> _Watched:
    """Look at every frame once."""
    boxes = Rows((4,), np.float32)
    total_s = float(np.fmin(source.info.duration_s, options.end_s)) - options.start_s
    reported_s = -math.inf
    with (
        single_threaded(),
        MeshFile(landmark_file) as spool,
        LookAhead(tracker, source, passing=not options.every_picture) as ahead,
    ):
        follower = SubjectFollower(
            ahead,
            place=options.subject_place,
            upcoming=ahead.upcoming,
            is_cut=ahead.is_cut,
        )
        before: FaceObservation | None = None
        for frame in ahead.frames():
            known = len(follower.events)
            seen = follower.observe(frame)
            meshes = ahead.passed_meshes(seen.landmarks_px)
            for passed, mesh in zip(ahead.passed, meshes, strict=True):
                between = observed_between(before, seen, passed.time_s, mesh)
                recorder.push(passed, between, passed=True)
                boxes.append(face_box(between))
                spool.put(between)
            before = seen
            if any(event.kind == "cut" for event in follower.events[known:]):
                recorder.cut(frame.time_s, joined=frame.joined)
            recorder.push(frame, seen)
            boxes.append(face_box(seen))
            spool.put(seen)
            if frame.time_s - reported_s >= _REPORT_EVERY_S:
                reported_s = frame.time_s
                done_s = reported_s - options.start_s
                _report(on_progress, "reading", done_s, total_s, "s")
    return _Watched(boxes_px=boxes.take(), subject_events=follower.events)


def _report(
    on_progress: OnProgress | None, stage: str, done: float, total: float, unit: str
) -> None:
    if on_progress:
        on_progress(Progress(stage=stage, done=done, total=total, unit=unit))


def planned_parameters(options: AnalysisOptions) -> dict[str, object]:
    """Say on what the result of an analysis will depend besides the recording.

    Parameters
    ----------
    options : AnalysisOptions
        How it is to be analysed.

    Returns
    -------
    dict
        What `Session.parameters` will hold, without what the recording itself decides
        (``known_face``).

    Raises
    ------
    BadParameter, WeightsMissing, WeightsCorrupt
        As `AnalysisOptions.open_detector`.
    """
    return _planned(options, options.open_detector())


def _planned(options: AnalysisOptions, detector: EpisodeDetector) -> dict[str, object]:
    return {
        **detector.parameters(),
        **motion_parameters(),
        "tracker": options.tracker,
        "mirrored": options.mirrored,
        "passed_over_s": 0.0 if options.every_picture else MOST_APART_S,
        "start_s": options.start_s,
        "end_s": options.end_s if math.isfinite(options.end_s) else None,
        "analysed_side_px": ANALYSED_SIDE_PX,
        **_stated_options(options),
    }


def _parameters(
    options: AnalysisOptions, detector: EpisodeDetector, motion: MotionSignals
) -> dict[str, object]:
    """Return everything the result depends on besides the recording."""
    return {
        **_planned(options, detector),
        "known_face": known_face.ratios_used(motion),
    }


def _stated_options(options: AnalysisOptions) -> dict[str, object]:
    """Return what a person said of how to read the file; nothing where nobody did."""
    stated = {
        "stream": options.reading.stream,
        "capture_fps": options.reading.capture_fps,
        "subject": options.subject,
    }
    return {name: value for name, value in stated.items() if value is not None}


def _hash_of(parameters: dict[str, object]) -> str:
    text = json.dumps(parameters, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
