"""Who the subject is, from frame to frame.

The largest, most central face is chosen at first, or the one at the place that a person
names, then followed by continuity of place, size and looks. After a loss or a cut a
face must look like the subject before it is measured again: somebody else's face is
never measured silently. What happened is kept as events.

Note: the first choice is provisional until enough usable frames of it were seen; until
then a loss or a cut leads to a new choice, so that a far or turned face at the start
does not spoil the recording.

>>> follower = SubjectFollower(tracker)  # doctest: +SKIP
>>> observations = [follower.observe(frame) for frame in source]  # doctest: +SKIP
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.face.identity import subject_events
from twitch_tracker.face.identity.cuts import CutDetector
from twitch_tracker.face.identity.gallery import Gallery
from twitch_tracker.face.identity.sightings import (
    Sighting,
    Sightings,
    Upcoming,
    smoothness,
)
from twitch_tracker.face.pose import HeadPose
from twitch_tracker.face.quality import QualityLimits, is_turned_away, judge
from twitch_tracker.face.trackers.tracker import FaceTracker
from twitch_tracker.records import (
    FaceObservation,
    Frame,
    Quality,
    QualityReason,
    SubjectEvent,
)

__all__ = ["SubjectFollower"]

SMOOTH_LIKENESS: Final = 1.5
"""Likeness to the frame before, below which it may be another face.

Lowest within ordinary talk, speech and laughter of one person over 50
development videos: 1.75 at 24-30 frames/s, 1.63 at 12 frames/s; jump cuts,
hands before the face and hops: 0.2-1.4.
"""

SAME_PERSON: Final = 1.78
"""Likeness to the nearest known view which a face must have after a loss or cut.

On 45 development videos (6 views known, later ones tried; area under the curve
0.998): 90 % of 293 views of the same recording pass, none of 22,443 views of
other people does (largest 1.75). Of other recordings of the same person only
16 % pass: this is for one recording under one light.
"""

SAME_PLACE_PERSON: Final = 1.6
"""The same for a face that reappears where the subject was a moment ago.

97 % of the same person's views and 1.4 % of other people's pass.
"""

MOMENT_S: Final = 1.0
SEARCH_EVERY_S: Final = 0.3
"""While nobody suitable is seen, the whole picture is searched this often."""

MOST_JUMP: Final = 0.8
"""Movement from one frame to the next, interocular distances (largest seen: 0.5)."""

MOST_GROWTH: Final = 1.35
"""Change of size from one frame to the next, as a ratio."""

MOST_OFF: Final = 0.25
"""A face further than this from the place that was named, in shares of the picture, is
not the one that was meant."""

_NAN: Final = float("nan")


class SubjectFollower:
    """Follows one person's face through a recording.

    Parameters
    ----------
    tracker : FaceTracker
        Finds the meshes; stays open and belongs to the caller.
    place : tuple of float, optional
        Where the subject is when first seen, in shares of the picture's width and
        height from its upper left corner (None: at any height); without, the largest,
        most central face.
    upcoming : callable, optional
        Given a mesh that the tracker found, the pictures and meshes that it expects to
        be asked for next (`look_ahead.LookAhead.upcoming`). Changes nothing but time.
    is_cut : callable, optional
        Given a frame, whether a cut lies just before it; without, frames are compared
        with the ones before them (`CutDetector`).
    """

    def __init__(
        self,
        tracker: FaceTracker,
        *,
        place: tuple[float, float | None] | None = None,
        upcoming: Upcoming | None = None,
        is_cut: Callable[[Frame], bool] | None = None,
    ) -> None:
        """Start with nobody chosen."""
        self._place = place
        self._tracker = tracker
        self._limits = QualityLimits()
        cuts = CutDetector()
        self._is_cut = is_cut or (lambda frame: cuts.is_cut(frame.image))
        self._gallery = Gallery()
        self._sightings = Sightings(self._gallery, upcoming)
        self._events: list[SubjectEvent] = []
        self._now: Sighting | None = None
        self._before: Sighting | None = None
        self._seen_s = -math.inf
        self._searched_s = -math.inf
        self._stranger: NDArray[np.float32] | None = None

    @property
    def events(self) -> tuple[SubjectEvent, ...]:
        """What happened to the subject's track so far, in order of time."""
        return tuple(self._events)

    def observe(self, frame: Frame) -> FaceObservation:
        """Find the subject in the next frame.

        Parameters
        ----------
        frame : Frame
            The frame shown after the one of the call before.

        Returns
        -------
        FaceObservation
            Without landmarks when the subject was not found.
        """
        last, self._now = self._now, None
        if self._is_cut(frame) or frame.joined:
            why = subject_events.JOINED if frame.joined else subject_events.CUT
            self._note(frame, "cut", why)
            self._before = None
        elif last is not None:
            self._now = self._continue(frame, last)
        others: list[Sighting] = []
        if self._now is None:
            if last is not None:
                self._searched_s = -math.inf
            others = self._search(frame, lost=last is None or self._before is None)
        if self._now is None:
            if last is not None:
                self._note(frame, "lost", subject_events.lost_among(len(others)))
            return _unseen(frame, self._why_unseen(others))
        self._before, self._seen_s, self._stranger = self._now, frame.time_s, None
        return self._measure(frame, self._now)

    def _measure(self, frame: Frame, sighting: Sighting) -> FaceObservation:
        """Judge and describe the subject's face, and learn from it."""
        quality = self._judge(frame, sighting)
        if quality.usable:
            self._gallery.learn(sighting.view, sighting.likeness)
        pose = sighting.pose
        return FaceObservation(
            time_s=frame.time_s,
            landmarks_px=sighting.mesh,
            pose_deg=(pose.yaw_deg, pose.pitch_deg, pose.roll_deg),
            interocular_px=pose.scale_px,
            iris_px=sighting.iris_px,
            quality=quality,
        )

    def _judge(self, frame: Frame, sighting: Sighting) -> Quality:
        return judge(
            sighting.mesh,
            frame.image.shape,
            sighting.pose,
            sighting.view,
            sharpness=sighting.sharpness,
            foreignness=sighting.foreignness,
            limits=self._limits,
        )

    def _look(self, frame: Frame, mesh: NDArray[np.float32]) -> Sighting | None:
        return self._sightings.look(frame.image, mesh)

    def _continue(self, frame: Frame, last: Sighting) -> Sighting | None:
        """Follow from the last frame; None when the face is gone or another one."""
        mesh = self._tracker.follow(frame.image, last.mesh)
        sighting = None if mesh is None else self._look(frame, mesh)
        if sighting is None or not _is_near(sighting.pose, last.pose):
            return None
        if smoothness(sighting, last) >= SMOOTH_LIKENESS:
            return sighting
        return sighting if sighting.likeness >= SAME_PLACE_PERSON else None

    def _search(self, frame: Frame, *, lost: bool) -> list[Sighting]:
        """Look for the subject anywhere; return the faces that are not theirs.

        `lost` says that this is more than a hiccup of following, so that a
        face found again is worth an event.
        """
        meshes = self._find(frame)
        sightings = [s for mesh in meshes if (s := self._look(frame, mesh)) is not None]
        if not sightings:
            return []
        if not self._gallery.confirmed:
            self._now = self._choose(frame, sightings, note=lost)
            return []
        best = max(sightings, key=lambda sighting: sighting.likeness)
        if best.likeness < self._required(frame, best):
            self._stranger = best.mesh
            return sightings
        self._now = best
        if lost:
            self._note(frame, "found", subject_events.FOUND_AGAIN)
        return []

    def _why_unseen(self, others: list[Sighting]) -> QualityReason:
        """Say why there is no subject when these other faces were seen.

        A face turned far away cannot be distinguished from the subject's and is not
        called somebody else's.
        """
        if not others:
            return QualityReason.NO_FACE
        if all(is_turned_away(sighting.pose, self._limits) for sighting in others):
            return QualityReason.TURNED_AWAY
        return QualityReason.OTHER_PERSON

    def _find(self, frame: Frame) -> list[NDArray[np.float32]]:
        """Search the whole picture now and then, look quickly in between."""
        if frame.time_s - self._searched_s >= SEARCH_EVERY_S:
            self._searched_s = frame.time_s
            return self._tracker.find_all(frame.image)
        mesh = self._tracker.follow(frame.image, self._stranger)
        self._stranger = mesh
        return [] if mesh is None else [mesh]

    def _required(self, frame: Frame, sighting: Sighting) -> float:
        """Return the likeness which a face must have to be taken for the subject."""
        moment = frame.time_s - self._seen_s <= MOMENT_S
        near = self._before is not None and _is_near(sighting.pose, self._before.pose)
        return SAME_PLACE_PERSON if moment and near else SAME_PERSON

    def _choose(
        self, frame: Frame, sightings: list[Sighting], *, note: bool
    ) -> Sighting | None:
        """Choose the subject; None when nobody is where they should be."""
        chosen = self._most_likely(frame, sightings)
        if self._place is not None:
            off = [_distance(_place_of(frame, s), self._place) for s in sightings]
            nearest = int(np.argmin(off))
            if off[nearest] > MOST_OFF:
                return None
            chosen = sightings[nearest]
        self._gallery.forget()
        if note:
            among = subject_events.chosen_among(
                len(sightings), _place_of(frame, chosen)
            )
            self._note(frame, "chosen", among)
        return replace(chosen, likeness=0.0, known=None, foreignness=-1.0)

    def _most_likely(self, frame: Frame, sightings: list[Sighting]) -> Sighting:
        """Return the likeliest subject: measurable, then large and central."""
        height, width = frame.image.shape[:2]
        middle = np.array([width / 2, height / 2])

        def rank(sighting: Sighting) -> tuple[bool, float]:
            off = np.linalg.norm(sighting.pose.shift_px[:2] - middle)
            central = 1.0 - float(off / np.linalg.norm(middle)) / 2
            return self._judge(frame, sighting).usable, sighting.pose.scale_px * central

        return max(sightings, key=rank)

    def _note(self, frame: Frame, kind: str, detail: str) -> None:
        self._events.append(SubjectEvent(time_s=frame.time_s, kind=kind, detail=detail))


def _place_of(frame: Frame, sighting: Sighting) -> tuple[float, float]:
    """Return where a face is, in shares of the picture's width and height."""
    height, width = frame.image.shape[:2]
    across, down = sighting.pose.shift_px[:2]
    return float(across) / width, float(down) / height


def _distance(face: tuple[float, float], wanted: tuple[float, float | None]) -> float:
    down = 0.0 if wanted[1] is None else face[1] - wanted[1]
    return math.hypot(face[0] - wanted[0], down)


def _is_near(here: HeadPose, there: HeadPose) -> bool:
    """Return whether two heads are about at the same place and of the same size."""
    size = min(here.scale_px, there.scale_px)
    growth = max(here.scale_px, there.scale_px) / size
    jump = float(np.linalg.norm(here.shift_px[:2] - there.shift_px[:2])) / size
    return growth <= MOST_GROWTH and jump <= MOST_JUMP


def _unseen(frame: Frame, reason: QualityReason) -> FaceObservation:
    """Describe a frame without the subject."""
    return FaceObservation(
        time_s=frame.time_s,
        landmarks_px=None,
        pose_deg=(_NAN, _NAN, _NAN),
        interocular_px=_NAN,
        iris_px=_NAN,
        quality=Quality(reasons=(reason,)),
    )
