"""The faces that a recording shows in its first seconds, with a picture of them.

They are found before anything is measured, so that somebody can choose one. Note: the
picture is as a player shows it, so a mirrored recording is shown mirrored; faces are
numbered from left to right; nothing of this is written to the disk, and what was seen
of a film is forgotten with it.
"""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.app.own_process import messages_of
from twitch_tracker.border.spawned import Send
from twitch_tracker.errors import TwitchTrackerError

__all__ = [
    "FaceBox",
    "FaceSearch",
    "FacesSeen",
    "FindFaces",
    "look_apart",
    "look_for_faces",
]

_LOOKED_AT_S: Final = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
"""A person is chosen when first seen; faces that appear later are not offered."""

_SIDE_PX: Final = 1280
"""Longer side of the pictures that are looked at, and of the one that is shown."""

LEAST_SHARE: Final = 0.5
"""Somebody whose face is smaller than this share of the largest one is in the background:
the program follows the largest and most central face, and nobody need be asked."""

_KEPT: Final = 8


@dataclass(frozen=True, kw_only=True)
class FaceBox:
    """Where a face is, in shares of the picture's width and height."""

    left: float
    top: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle, as `AnalysisOptions.subject` takes it."""
        return self.left + self.width / 2, self.top + self.height / 2


@dataclass(frozen=True, kw_only=True)
class FacesSeen:
    """What was seen.

    Attributes
    ----------
    picture : bytes
        JPEG.
    size_px : tuple of int
        Width and height of it.
    faces : tuple of FaceBox
        From left to right; empty when there is none.
    """

    picture: bytes
    faces: tuple[FaceBox, ...]
    size_px: tuple[int, int] = (0, 0)


FindFaces = Callable[[Path, threading.Event], FacesSeen | None]
"""Looks for faces in a film; gives None when nothing can be seen, or the event was set."""


def look_for_faces(video: Path) -> FacesSeen:
    """Look for faces at the beginning of a film.

    Returns
    -------
    FacesSeen
        Of the first of the pictures that show the most faces.

    Raises
    ------
    RecordingError, AssetError, MissingDependency
        It cannot be read, or faces cannot be looked for on this computer.
    """
    from twitch_tracker.face.trackers.catalogue import open_tracker
    from twitch_tracker.threads import single_threaded
    from twitch_tracker.video.frames_at import read_frames_at

    frames = read_frames_at(video, _LOOKED_AT_S, max_side_px=_SIDE_PX)
    most: tuple[NDArray[np.uint8], tuple[FaceBox, ...]] = (frames[0].image, ())
    with single_threaded(), open_tracker("auto") as tracker:
        for frame in frames:
            found = _large_enough(tracker.find_all(frame.image), frame.image.shape)
            if len(found) > len(most[1]):
                most = frame.image, found
    height, width = most[0].shape[:2]
    return FacesSeen(picture=_jpeg(most[0]), faces=most[1], size_px=(width, height))


def _large_enough(
    meshes: list[NDArray[np.float32]], shape: tuple[int, ...]
) -> tuple[FaceBox, ...]:
    """Return the faces that are not far behind the largest one, from left to right."""
    widths = [float(np.ptp(mesh[:, 0])) for mesh in meshes]
    least = LEAST_SHARE * max(widths, default=0.0)
    near = [
        _box(mesh, shape)
        for mesh, width in zip(meshes, widths, strict=True)
        if width >= least
    ]
    return tuple(sorted(near, key=lambda box: box.middle))


def _box(mesh: NDArray[np.float32], shape: tuple[int, ...]) -> FaceBox:
    size = np.array([shape[1], shape[0]], np.float32)
    low = np.clip(mesh[:, :2].min(axis=0) / size, 0, 1)
    high = np.clip(mesh[:, :2].max(axis=0) / size, 0, 1)
    (left, top), (width, height) = low.tolist(), (high - low).tolist()
    return FaceBox(left=left, top=top, width=width, height=height)


def _jpeg(image: NDArray[np.uint8]) -> bytes:
    import cv2

    _, written = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])
    return bytes(written)


def look_apart(video: Path, stop: threading.Event) -> FacesSeen | None:
    """Look for faces in a process of its own; see `FindFaces`."""
    with contextlib.closing(messages_of(_send_faces, video, stop)) as said:
        return next((one for one in said if isinstance(one, FacesSeen)), None)


def _send_faces(video: Path, send: Send) -> None:
    # The analysis comes next and reports what is wrong with a film.
    with contextlib.suppress(TwitchTrackerError):
        send(look_for_faces(video))


class FaceSearch:
    """Looks for faces, and remembers what was seen of the last films.

    Parameters
    ----------
    look : callable, optional
        See `FindFaces`; by default in a process of its own.
    """

    def __init__(self, look: FindFaces | None = None) -> None:
        """Remember nothing yet."""
        self._look = look or look_apart
        self._lock = threading.Lock()
        self._seen: OrderedDict[Path, FacesSeen] = OrderedDict()

    def faces(self, video: Path, stop: threading.Event | None = None) -> FacesSeen:
        """Return the faces at the beginning of a film.

        Parameters
        ----------
        video : Path
            The film.
        stop : threading.Event, optional
            Set to stop looking.

        Returns
        -------
        FacesSeen
            Without a picture where none could be looked at.
        """
        self.drop()
        with self._lock:
            known = self._seen.get(video)
        if known is not None:
            return known
        seen = self._look(video, stop or threading.Event())
        if seen is None:
            return FacesSeen(picture=b"", faces=())
        with self._lock:
            self._seen[video] = seen
            while len(self._seen) > _KEPT:
                self._seen.popitem(last=False)
        return seen

    def drop(self) -> None:
        """Drop the pictures of films that were removed."""
        with self._lock:
            for gone in [path for path in self._seen if not path.is_file()]:
                del self._seen[gone]
