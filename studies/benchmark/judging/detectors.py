"""Who is put to the test: ours as shipped, and the reference rules.

Every detector gets the same raw motion. Ours runs exactly as `pipeline.analyze`
runs it; reference rules find spans only, so nothing but spans and sides is
counted for them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from studies.benchmark.judging.reference import (
    ear_difference,
    relative_difference,
)
from twitch_tracker.episodes.detector import Detection, GeometricDetector
from twitch_tracker.motion.recorder import RawMotion, coded_by
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.networks import shipped_folder
from twitch_tracker.pipeline import AnalysisOptions
from twitch_tracker.records import MotionSignals

__all__ = ["DETECTORS", "OURS", "Detector", "Findings", "detect"]


@dataclass(frozen=True, kw_only=True)
class Detector:
    """One way to find bursts.

    Attributes
    ----------
    name : str
        Key in files.
    title : str
        How it is called in reports.
    about : str
        One sentence on what it does.
    attributes : bool
        Whether it measures more of a burst than its span and side.
    """

    name: str
    title: str
    about: str
    attributes: bool = False


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What one detector found in one recording.

    Attributes
    ----------
    detection : Detection
        Bursts, blinks, refused candidates.
    motion : MotionSignals
        What it was found in.
    ms_per_frame : float
        Time for the look of the eyes, signals and decision; tracking is not
        counted.
    """

    detection: Detection
    motion: MotionSignals
    ms_per_frame: float


Find = Callable[[RawMotion, MotionSignals, AnalysisOptions], Detection]

OURS: Final = Detector(
    name="twitch_tracker",
    title="twitch-tracker",
    about="This program, as it is installed, with its default settings.",
    attributes=True,
)
HAND_MADE: Final = Detector(
    name="hand_made",
    title="twitch-tracker, hand-made rules",
    about="This program with --detector geometric: rules without learning.",
    attributes=True,
)
EAR: Final = Detector(
    name="ear_difference",
    title="eye-ratio rule",
    about="The simplest rule known: eye aspect ratios; one eye is more closed than the "
    "other by more than 0.25 of its open value.",
)
RD: Final = Detector(
    name="relative_difference",
    title="relative-difference rule",
    about="The rule of the only other open tool (keinomura/HFS_analysis_app), written "
    "from its description: relative difference of the apertures, slow part and rest, "
    "0.5 standard deviations, at least 4 frames.",
)


def _ours(raw: RawMotion, motion: MotionSignals, options: AnalysisOptions) -> Detection:
    """Decide as `pipeline.analyze` does."""
    del raw
    return options.open_detector().detect(motion)


def _hand_made(
    raw: RawMotion, motion: MotionSignals, options: AnalysisOptions
) -> Detection:
    """Decide by our rules without anything learned."""
    del raw
    by_hand = replace(options, detector=GeometricDetector.name)
    return by_hand.open_detector().detect(motion)


def _ear(raw: RawMotion, motion: MotionSignals, options: AnalysisOptions) -> Detection:
    del motion, options
    return Detection(episodes=ear_difference(raw), blinks=(), near_misses=())


def _rd(raw: RawMotion, motion: MotionSignals, options: AnalysisOptions) -> Detection:
    del motion, options
    return Detection(episodes=relative_difference(raw), blinks=(), near_misses=())


_FIND: Final[dict[str, Find]] = {
    OURS.name: _ours,
    HAND_MADE.name: _hand_made,
    EAR.name: _ear,
    RD.name: _rd,
}

DETECTORS: Final = (OURS, HAND_MADE, EAR, RD)
"""All of them, ours first."""


def detect(
    raw: RawMotion, options: AnalysisOptions, *, rules: bool = True
) -> dict[str, Findings]:
    """Ask every detector for the bursts of one recording.

    Parameters
    ----------
    raw : RawMotion
        The recording.
    options : AnalysisOptions
        With networks that have not seen this face.
    rules : bool
        Ask the reference rules, too.

    Returns
    -------
    dict
        `Findings` by the detector's name.
    """
    began_s = time.perf_counter()
    raw = coded_by(raw, options.networks or shipped_folder())
    motion = measure_motion(raw)
    signals_s = time.perf_counter() - began_s
    found = {}
    for detector in DETECTORS if rules else (OURS,):
        began_s = time.perf_counter()
        detection = _FIND[detector.name](raw, motion, options)
        spent_s = signals_s + time.perf_counter() - began_s
        found[detector.name] = Findings(
            detection=detection,
            motion=motion,
            ms_per_frame=1000 * spent_s / max(len(raw), 1),
        )
    return found
