"""Read and follow one recording a few frames ahead, in a thread of its own.

Most frames show the subject where the mesh of the frame before says. So the next
mesh is looked for while the last one is still being judged: on two cores decoding and
the mesh network cost no time of their own. What is guessed is used only when the
follower then asks for just that: the same picture, from the same mesh. Else the
picture is looked at again as it asks, and the guesses after it are thrown away. The
answers are those of the tracker alone, to the bit.

Where it may pass over pictures in which nothing moved (`face.passing`), those are not
looked at; they are handed over with the next one that is (`LookAhead.passed`).

Note: a tracker looks at each picture by itself. One that remembers earlier calls must
not be wrapped.

>>> with LookAhead(tracker, source) as ahead:  # doctest: +SKIP
...     follower = SubjectFollower(ahead)
...     observations = [follower.observe(frame) for frame in ahead.frames()]
"""

from __future__ import annotations

import itertools
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.face.identity.cuts import CutDetector
from twitch_tracker.face.passing import (
    MOST_APART_S,
    MOST_PASSED,
    FaceNow,
    Passing,
    are_between,
    meshes_between,
)
from twitch_tracker.face.trackers.tracker import FaceTracker
from twitch_tracker.records import Frame, TrackerInfo

__all__ = ["LookAhead"]

Mesh = NDArray[np.float32]

BLOCK: Final = 4
"""Frames that are handed out together once the face is followed into all of them: most
of what is judged of a face takes as long for several as for one. With sixteen pictures
of 1280 x 720 they no longer lie in the processor's cache, which costs more than it
saves (17 to 22 ms a picture with 3 or 4 of them on a busy machine, 18 to 20 with 8, 21
to 23 with 16)."""

MOST_AHEAD: Final = 2 * BLOCK
"""Frames read before they are asked for: the next block while this one is judged, few
enough that pictures (6 MB each at 1920 x 1080) do not fill the memory."""

MOST_READ: Final = 2 * MOST_AHEAD
"""The same with those that are passed over, which nobody looks at closely again."""

_SWITCH_S: Final = 0.0005
"""How long one thread of Python may keep the other waiting. The usual 5 ms is as long
as the work on a whole frame."""


@dataclass(kw_only=True)
class _Guess:
    """A frame read ahead and, once known, the face followed in it.

    `start` is the mesh from which it was followed, None while it was not; `mesh` the
    answer, None when the face is not there. `passed` says that nobody looked.
    """

    frame: Frame
    cut: bool = False
    start: Mesh | None = None
    mesh: Mesh | None = None
    passed: bool = False


@dataclass(frozen=True, kw_only=True)
class _Start:
    """The face from which the next ones are guessed, and when it was seen."""

    face: FaceNow
    time_s: float


class LookAhead:
    """A tracker that has mostly looked already when it is asked.

    Parameters
    ----------
    tracker : FaceTracker
        Does the looking; stays open and belongs to the caller.
    source : iterable of Frame
        Read once, in the other thread.
    passing : bool
        Pass over pictures in which nothing moved.
    """

    def __init__(
        self, tracker: FaceTracker, source: Iterable[Frame], *, passing: bool = False
    ) -> None:
        """Start nothing yet."""
        self.passed: tuple[Frame, ...] = ()
        """What was passed over just before the frame that was handed out last."""
        self._passed_meshes: tuple[Mesh | None, ...] = ()
        self._passing = Passing() if passing else None
        self._cuts = CutDetector()
        self._tracker = tracker
        self._source = source
        self._turn = threading.Condition()
        self._looking = threading.Lock()
        self._ahead: deque[_Guess] = deque()
        self._now: _Guess | None = None
        self._from: _Start | None = None
        self._age = 0
        self._due = 0
        self._at_work: _Guess | None = None
        self._ended = False
        self._finished = False
        self._stopped = False
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="look-ahead")
        self._switch_s = sys.getswitchinterval()

    @property
    def info(self) -> TrackerInfo:
        """Of the tracker that does the looking."""
        return self._tracker.info

    def __enter__(self) -> Self:
        """Start reading."""
        self._switch_s = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_S)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop reading; the source and the tracker stay open."""
        self.close()

    def close(self) -> None:
        """Stop reading; harmless when called twice."""
        with self._turn:
            self._stopped = True
            self._turn.notify_all()
        if self._thread.is_alive():
            self._thread.join()
        sys.setswitchinterval(self._switch_s)

    def frames(self) -> Iterator[Frame]:
        """Iterate over the source's frames, but for those that are passed over.

        Raises
        ------
        BaseException
            Whatever the source or the tracker raised, after the frames before it.
        """
        while (guess := self._next()) is not None:
            yield guess.frame

    def find_all(self, image: NDArray[np.uint8]) -> list[Mesh]:
        """Find every face afresh; see `FaceTracker`."""
        with self._looking:
            return self._tracker.find_all(image)

    def follow(self, image: NDArray[np.uint8], last: Mesh | None) -> Mesh | None:
        """Find the face that was at `last` one frame ago; see `FaceTracker`."""
        known = self._guessed(image, last)
        if known is not None:
            return known.mesh
        with self._looking:
            mesh = self._tracker.follow(image, last)
        self._go_on_from(image, mesh)
        return mesh

    def is_cut(self, frame: Frame) -> bool:
        """Return whether a cut lies just before the frame that was handed out last."""
        now = self._now
        return now is not None and now.frame is frame and now.cut

    def passed_meshes(self, mesh: Mesh | None) -> Sequence[Mesh | None]:
        """Return the meshes of the frames in `passed`.

        None for each unless `mesh`, that of the frame after them, is the one that
        they lie before: the subject may have been found elsewhere.
        """
        now = self._now
        if now is not None and mesh is not None and now.mesh is mesh:
            return self._passed_meshes
        return (None,) * len(self.passed)

    def upcoming(self, mesh: Mesh) -> list[tuple[NDArray[np.uint8], Mesh]]:
        """Return the pictures and meshes that follow this one, as far as is guessed.

        Nothing when the mesh is not that of the frame that was handed out last.
        """
        with self._turn:
            if self._now is None or self._now.mesh is not mesh:
                return []
            next_ones = itertools.islice(self._ahead, self._due)
            followed = itertools.takewhile(lambda one: one.mesh is not None, next_ones)
            return [
                (one.frame.image, one.mesh)
                for one in followed
                if one.mesh is not None and not one.passed
            ]

    def _next(self) -> _Guess | None:
        """Take the next frame that was not passed over; None at the end."""
        passed: list[_Guess] = []
        while (guess := self._next_of_all()) is not None and guess.passed:
            passed.append(guess)
        self.passed = tuple(one.frame for one in passed)
        self._passed_meshes = tuple(one.mesh for one in passed)
        return guess

    def _next_of_all(self) -> _Guess | None:
        """Take the next frame; None at the end."""
        with self._turn:
            if self._due == 0:
                self._turn.wait_for(self._is_block_ready)
                self._due = max(self._followed(), 1)
            if not self._ahead:
                if self._fault is not None:
                    raise self._fault
                return None
            self._due -= 1
            self._now = self._ahead.popleft()
            self._turn.notify_all()
            return self._now

    def _is_block_ready(self) -> bool:
        """Return whether waiting for more followed frames is worth nothing."""
        if self._from is None or self._finished:
            return bool(self._ahead) or self._ended
        followed = self._followed()
        passed = sum(guess.passed for guess in self._ahead)
        if followed - passed >= BLOCK or followed >= MOST_READ - MOST_PASSED:
            return True
        return self._ended and followed == len(self._ahead)

    def _followed(self) -> int:
        """Return how many of the next frames the face is followed into already."""
        for count, guess in enumerate(self._ahead):
            if guess.start is None:
                return count
        return len(self._ahead)

    def _guessed(self, image: NDArray[np.uint8], last: Mesh | None) -> _Guess | None:
        """Return what was guessed for just this question; None when nothing was."""
        with self._turn:
            now = self._now
            if now is None or now.frame.image is not image or last is None:
                return None
            self._turn.wait_for(lambda: self._at_work is not now)
            return now if now.start is last else None

    def _go_on_from(self, image: NDArray[np.uint8], mesh: Mesh | None) -> None:
        """Discard the guesses of later frames and guess from this mesh."""
        with self._turn:
            self._age += 1
            self._due = 0
            for guess in self._ahead:
                guess.start = guess.mesh = None
                guess.passed = False
            self._from = None
            if mesh is not None:
                face = FaceNow(image=image, mesh=mesh)
                time_s = 0.0 if self._now is None else self._now.frame.time_s
                self._from = _Start(face=face, time_s=time_s)
                if self._passing is not None:
                    self._passing.start(time_s)
            self._turn.notify_all()

    def _run(self) -> None:
        """Read and guess until the end; what goes wrong is raised where it is asked."""
        try:
            self._read(iter(self._source))
        except BaseException as fault:  # noqa: BLE001 - handed over, not swallowed
            self._fault = fault
        with self._turn:
            self._at_work = None
            self._ended = self._finished = True
            self._turn.notify_all()

    def _read(self, source: Iterator[Frame]) -> None:
        """Guess what can be guessed; else read one frame more; else wait."""
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._stopped or self._has_work())
                if self._stopped:
                    return
                guesses, start, age = self._open_guesses(), self._from, self._age
                self._at_work = guesses[0] if guesses else None
            if guesses and start is not None:
                self._guess(guesses, start, age)
                continue
            frame = next(source, None)
            with self._turn:
                if frame is not None:
                    cut = self._cuts.is_cut(frame.image)
                    self._ahead.append(_Guess(frame=frame, cut=cut))
                else:
                    self._ended = True
                self._turn.notify_all()

    def _has_work(self) -> bool:
        return self._has_room() or bool(self._open_guesses())

    def _has_room(self) -> bool:
        """Return whether one more frame is to be read."""
        if self._ended or len(self._ahead) >= MOST_READ:
            return False
        return sum(not guess.passed for guess in self._ahead) < MOST_AHEAD

    def _open_guesses(self) -> list[_Guess]:
        """Return the frames to be guessed next; none without a mesh to start from.

        Several, where all but the last may be passed over; then none before all of
        them are read.
        """
        start = self._from
        if start is None:
            return []
        waiting = [guess for guess in self._ahead if guess.start is None]
        if self._passing is None or not self._passing.is_due(start.time_s):
            return waiting[:1]
        latest_s = start.time_s + MOST_APART_S
        span = [
            one for one in waiting[: MOST_PASSED + 1] if one.frame.time_s < latest_s
        ]
        if len(span) == len(waiting) <= MOST_PASSED and not self._ended:
            return []
        return span or waiting[:1]

    def _guess(self, guesses: list[_Guess], start: _Start, age: int) -> None:
        """Follow the face on, unless it is by then known to be elsewhere."""
        with self._looking:
            passed = self._pass_over(guesses, start)
            faces = passed or [self._look(guesses[0].frame, start)]
        with self._turn:
            self._at_work = None
            if age == self._age:
                self._take(guesses[: len(faces)], faces, start)
                if self._passing is not None and len(guesses) > 1:
                    self._passing.went(start.time_s, well=passed is not None)
            self._turn.notify_all()

    def _look(self, frame: Frame, start: _Start) -> FaceNow | None:
        """Follow the face into one frame; None when it is not there."""
        mesh = self._tracker.follow(frame.image, start.face.mesh)
        return None if mesh is None else FaceNow(image=frame.image, mesh=mesh)

    def _pass_over(
        self, guesses: list[_Guess], start: _Start
    ) -> Sequence[FaceNow | None] | None:
        """Look at the last frame alone; None where those before it show more."""
        if len(guesses) == 1 or any(one.cut or one.frame.joined for one in guesses):
            return None
        *passed, after = [guess.frame for guess in guesses]
        last = self._look(after, start)
        lasts_s = after.time_s - start.time_s
        if last is None or lasts_s <= 0.0:
            return None
        shares = [(frame.time_s - start.time_s) / lasts_s for frame in passed]
        meshes = meshes_between(start.face.mesh, last.mesh, shares)
        faces = [
            FaceNow(image=frame.image, mesh=mesh)
            for frame, mesh in zip(passed, meshes, strict=True)
        ]
        if not are_between(start.face, last, faces, shares):
            return None
        return [*faces, last]

    def _take(
        self, guesses: list[_Guess], faces: Sequence[FaceNow | None], start: _Start
    ) -> None:
        """Note what was found in a frame, and in those that were passed over before."""
        for guess, face in zip(guesses, faces, strict=True):
            guess.start = start.face.mesh
            guess.mesh = None if face is None else face.mesh
            guess.passed = guess is not guesses[-1]
        found, time_s = faces[-1], guesses[-1].frame.time_s
        self._from = None if found is None else _Start(face=found, time_s=time_s)
