"""The signals of a recording as the timeline of the review needs them.

Note: what goes to the browser is little-endian and without a header: times of all
frames (float64), then the evidence of the right and of the left side (float32, NaN
where not measured).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.description.beyond import view_of
from twitch_tracker.episodes.description.taking_part import excursion_mm
from twitch_tracker.episodes.spans import FrameSpan
from twitch_tracker.exchange.saved_signals import read_signals
from twitch_tracker.journal.entries import LoggedAnalysis
from twitch_tracker.records import Episode, MotionSignals
from twitch_tracker.regions import Region, Side

__all__ = ["BurstEvidence", "measured_again", "read_evidence"]

_STEP_S: Final = 1 / 30
"""Between two places of the cursor when no frame times are known."""


@dataclass(frozen=True, kw_only=True)
class BurstEvidence:
    """Frame times of a recording, and how much speaks for a burst in each.

    Attributes
    ----------
    time_s : NDArray[np.float64]
        Shape (n,), increasing.
    last_s : float
        How long the last frame is shown.
    right, left : NDArray[np.float32]
        Largest evidence of any region, in standard deviations of the quiet face,
        shape (n,); NaN where not measured.
    motion : MotionSignals or None
        All signals; None when none were logged.
    """

    time_s: NDArray[np.float64]
    last_s: float
    right: NDArray[np.float32]
    left: NDArray[np.float32]
    motion: MotionSignals | None = None

    @property
    def end_s(self) -> float:
        """When the last frame ends."""
        return float(self.time_s[-1]) + self.last_s

    def packed(self, *, blind: bool) -> bytes:
        """Return what the browser reads; without the evidence for a blind rater."""
        sides = (self.right, self.left)
        if blind:
            sides = (np.full_like(self.right, np.nan), np.full_like(self.left, np.nan))
        return b"".join(
            (
                self.time_s.astype("<f8").tobytes(),
                *(side.astype("<f4").tobytes() for side in sides),
            )
        )


def read_evidence(analysis: LoggedAnalysis) -> BurstEvidence:
    """Read the signals of a logged analysis.

    Returns
    -------
    BurstEvidence
        Of an even grid and no evidence when there are no signals.

    Raises
    ------
    BadTruthFile
        The signals are there and cannot be read.
    """
    path = analysis.signals
    if path is None or not path.is_file():
        return _without_signals(analysis.recorded_s)
    return _read(path)


@lru_cache(maxsize=2)
def _read(path: Path) -> BurstEvidence:
    """Read a file of signals; its name holds its hash, so it never changes."""
    motion = read_signals(path)
    one_sided = motion.scores.get("one_sided")
    blank = np.full(len(motion.time_s), np.nan, np.float32)

    def largest(side: Side) -> NDArray[np.float32]:
        if one_sided is None:
            return blank
        series = np.stack([one_sided.of(region, side) for region in Region])
        return np.asarray(np.fmax.reduce(series), dtype=np.float32)

    return BurstEvidence(
        time_s=motion.time_s,
        last_s=float(motion.frame_s[-1]),
        right=largest(Side.RIGHT),
        left=largest(Side.LEFT),
        motion=motion,
    )


def _without_signals(recorded_s: float) -> BurstEvidence:
    count = max(round(recorded_s / _STEP_S), 1)
    blank = np.full(count, np.nan, np.float32)
    return BurstEvidence(
        time_s=np.arange(count) * _STEP_S, last_s=_STEP_S, right=blank, left=blank
    )


def measured_again(episode: Episode, evidence: BurstEvidence) -> float:
    """Measure the largest displacement within a burst that a person set.

    Parameters
    ----------
    episode : Episode
        Its span, side and regions count.
    evidence : BurstEvidence
        Of its recording.

    Returns
    -------
    float
        Millimetres, as `episodes.description.taking_part.excursion_mm`; NaN when not measured.
    """
    motion = evidence.motion
    if motion is None:
        return float("nan")
    span = episode.span
    first, end = np.searchsorted(motion.time_s, (span.start_s, span.end_s))
    if not 0 <= first < end:
        return float("nan")
    frames = FrameSpan(first=int(first), end=int(end), span=span)
    view = view_of(frames, episode.side, motion)
    return excursion_mm(view, episode.regions)
