"""What progression found, as frozen value types: codes and numbers, no sentences.

`wording.progression` says them in the reader's language. Note: nothing of rest and
provoked tasks, of two sides, or of two methods is ever in one series; a ratio is after
over before; NaN is not measured.
"""

from __future__ import annotations

from twitch_tracker.progression.recordings.broken import Break, Broken
from twitch_tracker.progression.results.clinic import (
    BETWEEN_RATIOS,
    Between,
    BetweenBursts,
    EyeShut,
    ProvokedRatio,
    QuestionnaireChange,
    RegionReached,
    Sign,
    SignSeen,
)
from twitch_tracker.progression.results.measures import (
    MEASURES_OF_BOTH_SIDES,
    MOSTLY,
    Measure,
    Scale,
    Sureness,
)
from twitch_tracker.progression.results.scales import Closest, PublishedScale
from twitch_tracker.progression.results.treatments import (
    Cycle,
    CyclePoint,
    InjectionCourse,
    OneCycle,
    OperationCourse,
    OperationMark,
    OtherCourse,
    TimeAround,
)
from twitch_tracker.progression.results.trends import (
    Association,
    BeyondMistakes,
    ChartPoint,
    Series,
    Step,
    Trend,
)
from twitch_tracker.progression.results.whole import Progression
from twitch_tracker.records.estimates import Estimate

__all__ = [
    "BETWEEN_RATIOS",
    "MEASURES_OF_BOTH_SIDES",
    "MOSTLY",
    "Association",
    "Between",
    "BetweenBursts",
    "BeyondMistakes",
    "Break",
    "Broken",
    "ChartPoint",
    "Closest",
    "Cycle",
    "CyclePoint",
    "Estimate",
    "EyeShut",
    "InjectionCourse",
    "Measure",
    "OneCycle",
    "OperationCourse",
    "OperationMark",
    "OtherCourse",
    "Progression",
    "ProvokedRatio",
    "PublishedScale",
    "QuestionnaireChange",
    "RegionReached",
    "Scale",
    "Series",
    "Sign",
    "SignSeen",
    "Step",
    "Sureness",
    "TimeAround",
    "Trend",
]
