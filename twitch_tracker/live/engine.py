"""The analysis of a face while it is being filmed.

The same tracker, the same rules of quality, the same detector as `analyze`: what
differs is only when they run. `LiveSession.feed` looks at a frame at once;
bursts are decided over a sliding window (`live.deciding`) in the background; `close`
analyses everything that was recorded exactly as `pipeline.analyze` does.

Note: one thread feeds. Pictures are not kept, only about a kilobyte of signals a frame.
From the first frame until `close` or `abandon` numeric libraries run with one thread
(`threads`).

>>> with open_tracker("auto") as tracker:  # doctest: +SKIP
...     session = LiveSession(tracker, video=source.info)
...     for frame in source:
...         print(session.feed(frame).counts)
...     analysis = session.close()
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from twitch_tracker.errors import BadParameter, NoAnalysableFace
from twitch_tracker.face.identity.subject import SubjectFollower
from twitch_tracker.face.mesh_file import face_box
from twitch_tracker.face.trackers.tracker import FaceTracker
from twitch_tracker.language import say
from twitch_tracker.live.deciding import LEAST_S, WINDOW_S, Committer, decide
from twitch_tracker.live.deciding_thread import Decider
from twitch_tracker.live.frames import fitted
from twitch_tracker.live.keeping import (
    EyeKeeper,
    QualityKeeper,
    TimeKeeper,
    is_chin_outside,
)
from twitch_tracker.live.spool import SignalFile
from twitch_tracker.live.state import LiveEvidence, LiveState, News, NewsKind
from twitch_tracker.motion import known_face
from twitch_tracker.motion.recorder import MotionRecorder
from twitch_tracker.motion.signals import locate_face
from twitch_tracker.pipeline import AnalysedFilm, AnalysisOptions, conclude
from twitch_tracker.records import (
    Damage,
    FaceObservation,
    FaceSeen,
    Frame,
    QualityReason,
    SubjectEvent,
    VideoInfo,
)
from twitch_tracker.records.rows import Rows
from twitch_tracker.threads import single_threaded

__all__ = ["LiveSession"]

SPOOL_EVERY_S: Final = 1.0
"""A killed program loses at most this much of the signals."""


class LiveSession:
    """Watches one recording while it is made.

    Parameters
    ----------
    tracker : FaceTracker
        Finds the meshes; stays open and belongs to the caller.
    video : VideoInfo
        What is recorded.
    options : AnalysisOptions, optional
        As for `analyze`. `mirrored` is only logged: turning pictures back is the
        source's work.
    background : bool
        Decide in a thread, which keeps up with a camera; else every few seconds
        between two frames, which makes counts repeatable.
    signal_file : SignalFile, optional
        Where the signals are kept in case the program is killed.

    Raises
    ------
    WeightsMissing, WeightsCorrupt, BadParameter
        If the detector cannot be opened.
    """

    def __init__(
        self,
        tracker: FaceTracker,
        *,
        video: VideoInfo,
        options: AnalysisOptions | None = None,
        background: bool = True,
        signal_file: SignalFile | None = None,
    ) -> None:
        """Start with nothing seen."""
        self.options = replace(options or AnalysisOptions(), every_picture=True)
        self._tracker, self._video = tracker, video
        self._detector = self.options.open_detector()
        self._follower = SubjectFollower(tracker)
        self._recorder = MotionRecorder(self.options.networks, block=1)
        self._boxes = Rows((4,), np.float32)
        self._first_s: float | None = None
        self._window_first = self._spooled = 0
        self._spooled_s = 0.0
        self._times: list[float] = []
        self._damage = Damage()
        self._signal_file = signal_file
        self._decider = Decider(background=background)
        self._committer = Committer(self.options.episodes.blink_complete)
        self._evidence = LiveEvidence.none()
        self._time, self._quality, self._eyes = (
            TimeKeeper(),
            QualityKeeper(),
            EyeKeeper(),
        )
        self._known: tuple[FaceSeen, ...] | None = None
        self._state: LiveState | None = None
        self._closed = False
        self._held_threads = ExitStack()

    @property
    def state(self) -> LiveState | None:
        """The state after the last frame; None before the first."""
        return self._state

    # --- frame by frame -------------------------------------------------------

    def feed(self, frame: Frame) -> LiveState:
        """Look at one frame.

        Parameters
        ----------
        frame : Frame
            The next one; upright, not mirrored. One that is not later than the
            last one is counted as damage and left out.

        Returns
        -------
        LiveState
            How things are now. `news` holds only what came with this frame.

        Raises
        ------
        BadParameter
            If the session is closed.
        OutputNotWritable
            If the signals cannot be kept.
        """
        if self._closed:
            raise BadParameter("session", say("an open session"), say("a closed one"))
        if self._state is not None and frame.time_s <= self._state.time_s:
            return self._leave_out(frame, self._state)
        if self._state is None:
            self._held_threads.enter_context(single_threaded())
        frame = fitted(frame)
        known = len(self._follower.events)
        seen = self._follower.observe(frame)
        happened = self._follower.events[known:]
        if any(event.kind == "cut" for event in happened):
            self._recorder.cut(frame.time_s)
            self._time.cut(frame.time_s)
        self._recorder.push(frame, seen)
        self._boxes.append(face_box(seen))
        self._times.append(frame.time_s)
        self._damage = replace(self._damage, frames_read=self._damage.frames_read + 1)
        cut_off = bool(seen.quality.unseen) or is_chin_outside(seen, frame.image.shape)
        self._state = self._judge(seen, happened, cut_off=cut_off)
        return self._state

    def _leave_out(self, frame: Frame, state: LiveState) -> LiveState:
        """Count a frame that comes too late."""
        same = frame.time_s == state.time_s
        what = "duplicate_stamps" if same else "backward_stamps"
        count = getattr(self._damage, what) + 1
        self._damage = replace(self._damage, **{what: count})
        return replace(state, news=())

    def _judge(
        self,
        seen: FaceObservation,
        happened: tuple[SubjectEvent, ...],
        *,
        cut_off: bool,
    ) -> LiveState:
        """Say how things are after this frame."""
        now_s = seen.time_s
        reasons = self._time.add(seen)
        news = [
            News(kind=NewsKind.SUBJECT, time_s=now_s, subject=event)
            for event in happened
        ]
        beyond = (QualityReason.OUT_OF_FRAME,) if cut_off else ()
        if self._quality.add(now_s, (*reasons, *beyond)):
            reason = self._quality.advice
            news.append(News(kind=NewsKind.QUALITY, time_s=now_s, reason=reason))
        self._keep_signals(now_s)
        news += self._decide(now_s)
        return LiveState(
            time_s=now_s,
            observation=seen,
            reasons=reasons,
            advice=self._quality.advice,
            openness=self._eyes.add(seen, usable=seen.quality.usable),
            counts=self._committer.counts,
            under_way=self._committer.under_way,
            evidence=self._evidence,
            decided_until_s=self._committer.decided_until_s,
            recorded_s=self._time.recorded_s,
            analysable_s=self._time.analysable_s,
            news=tuple(news),
        )

    # --- deciding -------------------------------------------------------------

    def _decide(self, now_s: float) -> tuple[News, ...]:
        """Offer a window, and take what has been decided."""
        if self._first_s is None:
            self._first_s = now_s
        if now_s - self._first_s >= LEAST_S and self._decider.is_free(now_s):
            self._offer(now_s)
        decision = self._decider.collect()
        if decision is None:
            return ()
        self._evidence = decision.evidence
        return self._committer.take(decision)

    def _offer(self, now_s: float) -> None:
        """Pass the last seconds on; the arrays are copies."""
        while self._times[self._window_first] < now_s - WINDOW_S:
            self._window_first += 1
        raw = self._recorder.raw(self._window_first)
        work = partial(
            decide,
            raw,
            self._detector,
            self.options.episodes,
            whole=self._window_first == 0,
            faces=self._faces(raw.networks),
        )
        self._decider.offer(now_s, work)

    def _faces(self, networks: Path) -> tuple[FaceSeen, ...] | None:
        """Return what may be known of the open eyes, chosen as for the whole."""
        if not self.options.faces:
            return self.options.faces
        if self._known is None:
            with_ = known_face.measured_with(self._tracker.info, networks)
            self._known = known_face.comparable(
                self.options.faces, with_, self._video.sha256
            )
        return self._known

    def _keep_signals(self, now_s: float) -> None:
        """Write what is new to the signal file, once a second."""
        if self._signal_file is None or now_s - self._spooled_s < SPOOL_EVERY_S:
            return
        self._flush_signals(self._signal_file)
        self._spooled_s = now_s

    def _flush_signals(self, file: SignalFile) -> None:
        boxes = self._boxes.copy(self._spooled)
        if len(boxes):
            file.append(self._recorder.raw(self._spooled), boxes)
        self._spooled = len(self._boxes)

    # --- the end --------------------------------------------------------------

    def abandon(self) -> None:
        """Stop without a result; harmless when called twice or after `close`."""
        self._closed = True
        self._held_threads.close()
        self._decider.close()
        if self._signal_file is not None:
            self._signal_file.close()

    def close(self, *, damage: Damage | None = None) -> AnalysedFilm:
        """Analyse everything that was recorded, exactly as `analyze` would.

        Parameters
        ----------
        damage : Damage, optional
            What the source counted; without, what was counted here.

        Raises
        ------
        NoAnalysableFace
            If no frame shows a face that can be measured.
        OutputNotWritable
            If the last second of signals cannot be kept.
        """
        if self._signal_file is not None and not self._closed:
            self._flush_signals(self._signal_file)
        self.abandon()
        if not len(self._boxes):
            raise NoAnalysableFace(
                say("{name}: no picture came from it.", name=self._video.name)
            )
        session = conclude(
            locate_face(self._recorder.finish()),
            self._detector,
            video=self._video,
            damage=damage or self._damage,
            tracker=self._tracker.info,
            subject_events=self._follower.events,
            options=self.options,
        )
        return AnalysedFilm(session=session, boxes_px=self._boxes.take())
