"""What is followed over time, and how sure a change of it is."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

__all__ = ["MEASURES_OF_BOTH_SIDES", "MOSTLY", "Measure", "Scale", "Sureness"]


class Measure(StrEnum):
    """What is followed over time."""

    EPISODES_PER_MIN = "onsets_per_free_min"
    SPASM_FRACTION = "spasm_fraction"
    MEDIAN_DURATION_S = "median_duration_s"
    LONGEST_DURATION_S = "longest_duration_s"
    SHARE_OVER_1S = "share_over_1s"
    MEDIAN_PAUSE_S = "median_pause_s"
    EXCURSION_MM = "excursion_mm"
    BOTH_REGIONS_SHARE = "both_regions_share"
    BROW_LIFT_SHARE = "brow_lift_share"
    REST_ASYMMETRY = "rest_asymmetry"
    BLINKS_PER_MIN = "blinks_per_min"


MEASURES_OF_BOTH_SIDES: Final = (Measure.REST_ASYMMETRY, Measure.BLINKS_PER_MIN)
"""These belong to the face, not to a side."""

MOSTLY: Final = 0.5
"""Share of the time in bursts from which on that says more than how many begin: while one goes
on no other can."""


class Scale(StrEnum):
    """How two values of a measure are compared."""

    RATIO = "ratio"
    DIFFERENCE = "difference"


class Sureness(StrEnum):
    """How sure a change is.

    `CLEAR`: the chance that a person of whom nothing changes is shown such a change within
    a year, anywhere on the page and however often it is looked at, is at most 5 %.
    `POSSIBLE`: this alone would be said by chance in at most 20 of 100 stable persons at one look; shown
    in details only. `UNCERTAIN`: neither.
    """

    CLEAR = "clear"
    POSSIBLE = "possible"
    UNCERTAIN = "untold"
