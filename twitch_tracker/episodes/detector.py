"""The seam between signals and bursts, and the geometric detector behind it.

A detector gets the signals of one recording and answers with bursts, blinks
and the candidates it refused, each with its reason as a code. Score and
decision are two steps: `score` can be drawn and saved, `detect` decides. What needs
no opinion is added by `marking.detect_and_mark`, alike for every detector.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.blinks import closure, detect_blinks
from twitch_tracker.episodes.description.attributes import describe
from twitch_tracker.episodes.evidence import combined_evidence
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.episodes.rules import Candidate, near_miss, refusal
from twitch_tracker.episodes.spans import find_spans
from twitch_tracker.records import (
    Blink,
    Episode,
    HardlyOpen,
    MotionSignals,
    NearMiss,
)
from twitch_tracker.regions import SIDES

__all__ = ["Detection", "EpisodeDetector", "GeometricDetector"]

_NEAR_MISS_SHARE = 0.75
"""Candidates that reach this share of the entry threshold are kept as near misses."""


@dataclass(frozen=True, kw_only=True)
class Detection:
    """What a detector found in one recording."""

    episodes: tuple[Episode, ...]
    blinks: tuple[Blink, ...]
    near_misses: tuple[NearMiss, ...]
    hardly_open: tuple[HardlyOpen, ...] = ()


class EpisodeDetector(Protocol):
    """Finds one-sided bursts in the signals of a recording."""

    @property
    def name(self) -> str:
        """Short name, logged with every result."""
        ...

    def parameters(self) -> dict[str, object]:
        """Return everything the result depends on, for the log and its hash."""
        ...

    def score(self, motion: MotionSignals) -> NDArray[np.float64]:
        """Return the evidence of a one-sided burst, shape (n, sides)."""
        ...

    def detect(self, motion: MotionSignals) -> Detection:
        """Decide which moments are bursts."""
        ...


class GeometricDetector:
    """Bursts by hysteresis on combined one-sided evidence, and refusal rules."""

    name = "geometric"

    def __init__(self, params: EpisodeParams | None = None) -> None:
        """Keep the parameters."""
        self.params = params or EpisodeParams()

    def parameters(self) -> dict[str, object]:
        """Return everything the result depends on, for the log and its hash."""
        return {"detector": self.name, **asdict(self.params)}

    def score(self, motion: MotionSignals) -> NDArray[np.float64]:
        """Return evidence of a one-sided burst, shape (n, sides), in deviations."""
        return combined_evidence(motion, self.params)

    def detect(self, motion: MotionSignals) -> Detection:
        """Decide which moments are bursts.

        Parameters
        ----------
        motion : MotionSignals
            The signals of a recording.

        Returns
        -------
        Detection
            Bursts and refused candidates in order of onset.
        """
        score = self.score(motion)
        closed = closure(motion)
        kept: list[Episode] = []
        refused: list[NearMiss] = []
        for candidate in self._candidates(motion, score):
            reason = refusal(candidate, closed, motion.time_s, self.params)
            if reason is None:
                kept.append(describe(candidate, motion, closed, self.params))
            else:
                refused.append(near_miss(candidate, reason))
        return Detection(
            episodes=tuple(sorted(kept, key=lambda e: (e.span, e.side))),
            blinks=detect_blinks(motion, self.params),
            near_misses=tuple(sorted(refused, key=lambda m: (m.span, m.side))),
        )

    def _candidates(
        self, motion: MotionSignals, score: NDArray[np.float64]
    ) -> list[Candidate]:
        """Return everything that comes near the threshold, on either side."""
        return [
            Candidate(side=side, frames=found, score=score[:, place])
            for place, side in enumerate(SIDES)
            for found in find_spans(
                score[:, place],
                motion.time_s,
                motion.frame_s,
                enter=_NEAR_MISS_SHARE * self.params.enter_sd,
                leave=self.params.leave_sd,
                merge_gap_s=self.params.merge_gap_s,
                shortest_s=self.params.shortest_s,
            )
        ]
