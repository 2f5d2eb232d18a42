"""A detector of your own, behind the same protocol as the ones that ship.

    python examples/own_detector.py [VIDEO]

It gets the signals of a recording and answers with bursts and blinks; everything around
it stays. This one asks only whether the eyelid is one-sided enough for long enough.
"""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray

from twitch_tracker import AnalysisOptions, Episode, EpisodeKind, MotionSignals, Region
from twitch_tracker.episodes.blinks import detect_blinks
from twitch_tracker.episodes.detector import Detection
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.episodes.spans import find_spans
from twitch_tracker.face.trackers.catalogue import open_tracker
from twitch_tracker.pipeline import analyze_source
from twitch_tracker.regions import REGIONS, SIDES
from twitch_tracker.video.files import open_video

EXAMPLE = "examples/simulated_spasm.mp4"
LID = REGIONS.index(Region.EYELID)
RULE = {"enter": 6.0, "leave": 3.0, "merge_gap_s": 0.3, "shortest_s": 0.15}
LID_ONLY = {"regions": (Region.EYELID,), "lead_region": Region.EYELID}
TONIC = EpisodeKind.TONIC


class LidOnly:
    """Hysteresis on the one-sided evidence of the eyelid, in standard deviations."""

    name = "lid-only"

    def parameters(self) -> dict[str, object]:
        """Everything the result depends on; logged with its hash."""
        return dict(RULE)

    def score(self, motion: MotionSignals) -> NDArray[np.float64]:
        """Evidence, shape (frames, sides); NaN where nothing was measured."""
        return motion.scores["one_sided"].values[:, LID].astype(float)

    def detect(self, motion: MotionSignals) -> Detection:
        """Decide."""
        found, clock = [], (motion.time_s, motion.frame_s)
        for side, score in zip(SIDES, self.score(motion).T, strict=True):
            spans = [frames.span for frames in find_spans(score, *clock, **RULE)]
            found += [
                Episode(span=span, side=side, kind=TONIC, **LID_ONLY) for span in spans
            ]
        bursts = tuple(sorted(found, key=lambda burst: burst.span))
        blinks = detect_blinks(motion, EpisodeParams())
        return Detection(episodes=bursts, blinks=blinks, near_misses=())


if __name__ == "__main__":
    file = sys.argv[1] if len(sys.argv) > 1 else EXAMPLE
    with open_video(file, end_s=30) as video, open_tracker("auto") as tracker:
        done = analyze_source(video, tracker, LidOnly(), options=AnalysisOptions())
    for burst in done.session.episodes:
        print(burst.side, burst.span)
