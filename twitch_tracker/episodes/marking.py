"""Describe the bursts of every detector alike.

Whether a burst is cut off or on both sides at once follows from the bursts and from
what could be measured, and needs no detector's opinion. Recordings and live windows
both come through here.
"""

from __future__ import annotations

from dataclasses import replace

from twitch_tracker.episodes.description.bilateral import mark_bilateral
from twitch_tracker.episodes.description.cut_off import mark_cut_off
from twitch_tracker.episodes.detector import Detection, EpisodeDetector
from twitch_tracker.records import MotionSignals

__all__ = ["detect_and_mark"]


def detect_and_mark(detector: EpisodeDetector, motion: MotionSignals) -> Detection:
    """Find the bursts of a recording, and mark those that are cut off or on both sides.

    Parameters
    ----------
    detector : EpisodeDetector
        Any.
    motion : MotionSignals
        The signals of a recording.

    Returns
    -------
    Detection
        That of the detector, its bursts marked.
    """
    found = detector.detect(motion)
    whole = mark_cut_off(found.episodes, motion.time_s, motion.usable, motion.frame_s)
    return replace(found, episodes=mark_bilateral(whole))
