"""The signals of a live recording on disk, second by second.

What `motion.recorder` keeps of every frame goes into a file of fixed records while
the recording runs, so that a killed program loses the last second and not the
recording. A record that is not complete is ignored. The file holds about a
kilobyte a frame, no picture, and is removed once the results are written.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.border.limits import MOST_FRAMES
from twitch_tracker.encrypted.files import open_plain
from twitch_tracker.errors import VideoUnreadable
from twitch_tracker.language import say
from twitch_tracker.live.complaints import not_writable
from twitch_tracker.motion.eyepatch import CODE_LENGTH
from twitch_tracker.motion.recorder import KEPT_POINTS, RawMotion
from twitch_tracker.motion.skinflow import SKIN_PLACES
from twitch_tracker.records import QualityReason
from twitch_tracker.regions import REGIONS, SIDES

__all__ = ["LAYOUT", "SignalFile", "read_signal_file"]

_REASONS: Final = tuple(QualityReason)

_RECORD: Final = np.dtype(
    [
        ("time_s", "<f8"),
        ("points_px", "<f4", (len(KEPT_POINTS), 3)),
        ("skin_step_io", "<f4", (len(SIDES), len(SKIN_PLACES), 2)),
        ("eye_codes", "<f2", (len(SIDES), CODE_LENGTH)),
        ("pose_deg", "<f4", (3,)),
        ("interocular_px", "<f4"),
        ("iris_px", "<f4"),
        ("box_px", "<f4", (4,)),
        ("reasons", "<u4"),
        ("unseen", "?", (len(REGIONS),)),
        ("cut", "?"),
        ("same", "?"),
        ("lips_hidden", "?"),
        ("eyes_hidden", "?"),
        ("unchanged_share", "<f4"),
        ("face_at", "<f4", (2,)),
    ]
)

_NUMBERS: Final = (
    *("time_s", "points_px", "skin_step_io", "eye_codes"),
    *("pose_deg", "interocular_px", "iris_px", "unseen"),
)
_SEEN: Final = ("same", "lips_hidden", "eyes_hidden")
"""Fields that `RawMotion` has under the same name; `_SEEN` only where somebody looked."""

LAYOUT: Final = f"1/{_RECORD.itemsize}"
"""Names the layout of a record; written beside the file, in the event log."""


class SignalFile:
    """Appends the signals of a recording to a file.

    Parameters
    ----------
    path : Path
        The file; begun again.

    Raises
    ------
    OutputNotWritable
        If it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        """Begin the file."""
        self.path = path
        try:
            self._file = path.open("wb")
        except OSError as error:
            raise not_writable(path, error) from error

    def append(self, raw: RawMotion, boxes_px: NDArray[np.float32]) -> None:
        """Add frames, and hand them to the system at once.

        Parameters
        ----------
        raw : RawMotion
            The frames that are new.
        boxes_px : NDArray[np.float32]
            Box around the face in each, shape (n, 4).

        Raises
        ------
        OutputNotWritable
            If the disk refuses.
        """
        records = np.zeros(len(raw), _RECORD)
        for name in _NUMBERS:
            records[name] = getattr(raw, name)
        for name in _SEEN:
            looked = getattr(raw, name)
            records[name] = False if looked is None else looked
        records["unchanged_share"] = raw.unchanged_share
        records["face_at"] = np.nan if raw.face_at is None else raw.face_at
        records["box_px"] = boxes_px
        records["reasons"] = [_as_bits(reasons) for reasons in raw.reasons]
        records["cut"] = np.isin(raw.time_s, raw.cuts_s)
        try:
            self._file.write(records.tobytes())
            self._file.flush()
        except OSError as error:
            raise not_writable(self.path, error) from error

    def close(self) -> None:
        """Close the file; harmless when called twice."""
        self._file.close()


def read_signal_file(
    path: Path, layout: str, networks: Path
) -> tuple[RawMotion, NDArray[np.float32]]:
    """Read what a recording left.

    Parameters
    ----------
    path : Path
        The file.
    layout : str
        What the event log says of its layout.
    networks : Path
        Folder of the networks that coded the eyes.

    Returns
    -------
    raw : RawMotion
        Every complete record.
    boxes_px : NDArray[np.float32]
        Box around the face in each frame, shape (n, 4).

    Raises
    ------
    VideoUnreadable
        If there is no such file or another version of this program wrote it.
    """
    if layout != LAYOUT:
        raise VideoUnreadable(
            say(
                "{path}: expected signals of layout {known}, got {layout!r}. Finish this "
                "recording with the version of twitch-tracker that began it.",
                path=path,
                known=LAYOUT,
                layout=layout,
            )
        )
    try:
        with open_plain(path) as file:
            data = file.read(MOST_FRAMES * _RECORD.itemsize)
    except OSError as error:
        raise VideoUnreadable(
            say(
                "{path}: the signals of this recording cannot be read ({why}), so it "
                "cannot be finished.",
                path=path,
                why=error.strerror,
            )
        ) from error
    whole = len(data) // _RECORD.itemsize * _RECORD.itemsize
    records = np.frombuffer(data[:whole], _RECORD)
    kept: dict[str, Any] = {name: records[name].copy() for name in (*_NUMBERS, *_SEEN)}
    raw = RawMotion(
        **kept,
        unchanged_share=float(records["unchanged_share"][-1]) if whole else math.nan,
        networks=networks,
        reasons=tuple(_as_reasons(int(bits)) for bits in records["reasons"]),
        cuts_s=tuple(float(t) for t in records["time_s"][records["cut"]]),
        face_at=records["face_at"].copy(),
    )
    return raw, records["box_px"].copy()


def _as_bits(reasons: tuple[QualityReason, ...]) -> int:
    return sum(1 << _REASONS.index(reason) for reason in reasons)


def _as_reasons(bits: int) -> tuple[QualityReason, ...]:
    return tuple(r for place, r in enumerate(_REASONS) if bits >> place & 1)
