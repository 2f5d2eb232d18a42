"""How sure a detection is, from 0 to 1."""

from __future__ import annotations

import math
from typing import Final

__all__ = ["confidence_of"]

INTERCEPT: Final = -2.15
PER_SD: Final = 0.42
"""Logistic weights, rounded. Fitted on the development videos, untouched and with
simulated bursts warped into them (`simulate.inject`), all kinds of activity
together."""


def confidence_of(peak_score: float) -> float:
    """Chance that a detection is a true one-sided burst.

    Parameters
    ----------
    peak_score : float
        Strongest combined evidence, in deviations of the quiet face.

    Returns
    -------
    float
        0 to 1; 0.5 is as likely as not.
    """
    return 1.0 / (1.0 + math.exp(-(INTERCEPT + PER_SD * peak_score)))
