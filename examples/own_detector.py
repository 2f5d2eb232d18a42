"""A detector of your own, behind the same protocol as the ones that ship.

    python examples/own_detector.py [VIDEO]

It gets signals and answers with bursts and blinks. This one looks at the eyelid alone.
"""

from __future__ import annotations

import sys

import numpy as np

from twitch_tracker import AnalysisOptions, Episode, EpisodeKind, MotionSignals, Region
from twitch_tracker.episodes.blinks import detect_blinks
from twitch_tracker.episodes.detector import Detection
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.episodes.spans import find_spans
from twitch_tracker.face.trackers.catalogue import open_tracker
from twitch_tracker.pipeline import analyze_source
from twitch_tracker.regions import REGIONS, SIDES
from twitch_tracker.video.files import open_video

LID = Region.EYELID
RULE = {"enter": 6.0, "leave": 3.0, "merge_gap_s": 0.3, "shortest_s": 0.15}
BURST = {"kind": EpisodeKind.TONIC, "regions": (LID,), "lead_region": LID}


class LidOnly:
    """Hysteresis on the one-sided evidence of the eyelid, in standard deviations."""

    name = "lid-only"

    def parameters(self) -> dict[str, object]:
        """Return everything the result depends on; logged with its hash."""
        return dict(RULE)

    def score(self, motion: MotionSignals) -> np.ndarray:
        """Return evidence, shape (frames, sides); NaN where nothing was measured."""
        return motion.scores["one_sided"].values[:, REGIONS.index(LID)].astype(float)

    def detect(self, motion: MotionSignals) -> Detection:
        """Decide."""
        found = [
            Episode(span=frames.span, side=side, **BURST)
            for side, score in zip(SIDES, self.score(motion).T, strict=True)
            for frames in find_spans(score, motion.time_s, motion.frame_s, **RULE)
        ]
        bursts = tuple(sorted(found, key=lambda burst: burst.span))
        blinks = detect_blinks(motion, EpisodeParams())
        return Detection(episodes=bursts, blinks=blinks, near_misses=())


if __name__ == "__main__":
    file = (*sys.argv, "examples/simulated_spasm.mp4")[1]
    with open_video(file, end_s=30) as video, open_tracker("auto") as tracker:
        done = analyze_source(video, tracker, LidOnly(), options=AnalysisOptions())
    for burst in done.session.episodes:
        print(burst.side, burst.span)
