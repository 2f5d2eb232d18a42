"""Read and follow one recording a few frames ahead, in a thread of its own.

Most frames show the subject where the mesh of the frame before says. So the next
mesh is looked for while the last one is still being judged: on two cores decoding and
the mesh network cost no time of their own. What is guessed is used only when the
follower then asks for just that: the same picture, from the same mesh. Else the
picture is looked at again as it asks, and the guesses after it are thrown away. The
answers are those of the tracker alone, to the bit.

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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

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

_SWITCH_S: Final = 0.0005
"""How long one thread of Python may keep the other waiting. The usual 5 ms is as long
as the work on a whole frame."""


@dataclass(kw_only=True)
class _Guess:
    """A frame read ahead and, once known, the face followed in it.

    `start` is the mesh from which it was followed, None while it was not; `mesh` the
    answer, None when the face is not there.
    """

    frame: Frame
    start: Mesh | None = None
    mesh: Mesh | None = None


class LookAhead:
    """A tracker that has mostly looked already when it is asked.

    Parameters
    ----------
    tracker : FaceTracker
        Does the looking; stays open and belongs to the caller.
    source : iterable of Frame
        Read once, in the other thread.
    """

    def __init__(self, tracker: FaceTracker, source: Iterable[Frame]) -> None:
        """Start nothing yet."""
        self._tracker = tracker
        self._source = source
        self._turn = threading.Condition()
        self._looking = threading.Lock()
        self._ahead: deque[_Guess] = deque()
        self._now: _Guess | None = None
        self._from: Mesh | None = None
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
        """Iterate over the source's frames.

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
        self._go_on_from(mesh)
        return mesh

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
                (one.frame.image, one.mesh) for one in followed if one.mesh is not None
            ]

    def _next(self) -> _Guess | None:
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
        return followed >= BLOCK or (self._ended and followed == len(self._ahead))

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

    def _go_on_from(self, mesh: Mesh | None) -> None:
        """Discard the guesses of later frames and guess from this mesh."""
        with self._turn:
            self._age += 1
            self._due = 0
            for guess in self._ahead:
                guess.start = guess.mesh = None
            self._from = mesh
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
                guess, start, age = self._open_guess(), self._from, self._age
                self._at_work = guess
            if guess is not None and start is not None:
                self._guess(guess, start, age)
                continue
            frame = next(source, None)
            with self._turn:
                if frame is not None:
                    self._ahead.append(_Guess(frame=frame))
                else:
                    self._ended = True
                self._turn.notify_all()

    def _has_work(self) -> bool:
        room = not self._ended and len(self._ahead) < MOST_AHEAD
        return room or self._open_guess() is not None

    def _open_guess(self) -> _Guess | None:
        """Return the first frame that waits to be guessed; None without a mesh."""
        if self._from is None:
            return None
        return next((guess for guess in self._ahead if guess.start is None), None)

    def _guess(self, guess: _Guess, start: Mesh, age: int) -> None:
        """Follow the face into one frame, unless it is then known to be elsewhere."""
        with self._looking:
            mesh = self._tracker.follow(guess.frame.image, start)
        with self._turn:
            self._at_work = None
            if age == self._age:
                guess.start, guess.mesh = start, mesh
                self._from = mesh
            self._turn.notify_all()
