"""Measure one-sided facial twitching on video: when, where, how long, how strong.

The public names are loaded on first use, so that importing the package costs
nothing and starts nothing.

>>> from twitch_tracker import analyze  # doctest: +SKIP
>>> session = analyze("face.mp4")  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

_HOME = {
    "AnalysisOptions": "pipeline",
    "Blink": "records",
    "Episode": "records",
    "EpisodeKind": "records",
    "FaceObservation": "records",
    "Frame": "records",
    "Interval": "timebase",
    "MotionSignals": "records",
    "Progress": "records",
    "Region": "regions",
    "RegionScores": "records",
    "Session": "notebook",
    "SessionSummary": "records",
    "Side": "regions",
    "SideSummary": "records",
    "TwitchTrackerError": "errors",
    "analyze": "notebook",
}

__all__ = [
    "AnalysisOptions",
    "Blink",
    "Episode",
    "EpisodeKind",
    "FaceObservation",
    "Frame",
    "Interval",
    "MotionSignals",
    "Progress",
    "Region",
    "RegionScores",
    "Session",
    "SessionSummary",
    "Side",
    "SideSummary",
    "TwitchTrackerError",
    "__version__",
    "analyze",
]

if TYPE_CHECKING:
    from twitch_tracker.errors import TwitchTrackerError
    from twitch_tracker.notebook import Session, analyze
    from twitch_tracker.pipeline import AnalysisOptions
    from twitch_tracker.records import (
        Blink,
        Episode,
        EpisodeKind,
        FaceObservation,
        Frame,
        MotionSignals,
        Progress,
        RegionScores,
        SessionSummary,
        SideSummary,
    )
    from twitch_tracker.regions import Region, Side
    from twitch_tracker.timebase import Interval


def __getattr__(name: str) -> object:
    """Load a public name from its room on first use."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f"{__name__}.{_HOME[name]}")
    return getattr(module, name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
