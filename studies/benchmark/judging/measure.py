"""Every recording watched once by the product, its raw motion kept.

Tracking is by far the slowest step, and every detector starts from the same
raw motion; so that is what is kept (``NAME.motion``, see `kept_motion`), with the pictures of the eyes, so that any network can look
at them later. It is measured again when the recording or the code that measures
has changed, and never because something else was learned.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from studies.benchmark.building.fingerprint import (
    code_fingerprint,
    file_fingerprint,
    fingerprint,
)
from studies.benchmark.judging.kept_motion import packed, unpacked
from twitch_tracker.errors import BadFile
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.motion.recorder import RawMotion
from twitch_tracker.pipeline import AnalysisOptions, record_motion

__all__ = ["MeasureTask", "Measured", "is_measured", "measure", "read_measured"]

_MEASURED_BY: Final = tuple(
    f"twitch_tracker.{module}"
    for module in (
        *("video.files", "face.trackers.catalogue", "face.identity.subject"),
        "motion.recorder",
    )
)
"""Modules on which the raw motion depends, with all they import."""

_LEARNED: Final = ("twitch_tracker.networks",)
"""What only reads networks does not change the measurement."""


@dataclass(frozen=True, kw_only=True)
class MeasureTask:
    """One recording to be watched.

    Attributes
    ----------
    video : Path
        The recording.
    kept : Path
        Where its raw motion is kept.
    tracker : str
        Which tracker watches it.
    landmarker : Path or None
        Weights of the face landmarker; the installed ones by default.
    """

    video: Path
    kept: Path
    tracker: str = "auto"
    landmarker: Path | None = None

    @property
    def options(self) -> AnalysisOptions:
        """How it is watched; weights only where the tracker takes some."""
        given = self.landmarker if self.tracker == "face-landmarker" else None
        return AnalysisOptions(tracker=self.tracker, model_path=given)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What is kept of one recording.

    Attributes
    ----------
    fingerprint : str
        Of the recording and the code.
    raw : RawMotion
        Input of every detector.
    elapsed_s : float
        Wall-clock seconds that watching took.
    """

    fingerprint: str
    raw: RawMotion
    elapsed_s: float


def _fingerprint(task: MeasureTask) -> str:
    code = code_fingerprint(*_MEASURED_BY, without=_LEARNED)
    other = () if task.tracker == "auto" else (task.tracker,)
    return fingerprint(file_fingerprint(task.video), code, *other)


def read_measured(kept: Path) -> Measured | None:
    """Read what was kept; None when there is nothing readable."""
    try:
        raw, about = unpacked(kept)
    except BadFile:
        return None
    return Measured(fingerprint=about.fingerprint, raw=raw, elapsed_s=about.elapsed_s)


def is_measured(task: MeasureTask) -> bool:
    """Return whether what is kept would be measured alike now."""
    if not task.video.is_file():
        return False
    found = read_measured(task.kept)
    return found is not None and found.fingerprint == _fingerprint(task)


def measure(task: MeasureTask) -> Measured:
    """Watch a recording and keep its raw motion.

    Raises
    ------
    VideoUnreadable, TimestampsUnusable
        If it cannot be read.
    OutputNotWritable
        If it cannot be kept.
    """
    began_s = time.monotonic()
    raw = record_motion(task.video, task.options, keep_eyes=True)
    found = Measured(
        fingerprint=_fingerprint(task), raw=raw, elapsed_s=time.monotonic() - began_s
    )
    content = packed(raw, found.fingerprint, found.elapsed_s)
    write_whole(task.kept, content, make_folder=True)
    return found
