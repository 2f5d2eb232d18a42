"""Whether confidence means what it says, and what a threshold costs.

Of bursts logged with confidence 0.8, about 80 % should be true. Knows the bins
of the reliability curve, the two usual sums of it (expected calibration error,
Brier score), and how sensitivity and false alarms change when only bursts from
some confidence on are kept. Bursts without a confidence are counted, not used.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.evaluate.figures.detection import (
    ALARMS_PER_MIN,
    F1,
    PRECISION,
    SENSITIVITY,
)
from twitch_tracker.evaluate.figures.estimates import (
    FromSums,
    Scores,
    Share,
    estimate,
    quotient,
)
from twitch_tracker.evaluate.recordings import RecordingScore, ScoredRecording, score
from twitch_tracker.records.estimates import Estimate

__all__ = ["CUT_OFFS", "Bin", "Calibration", "Price", "calibrate", "price_list"]

BINS: Final = 10
"""Equal bins of confidence from 0 to 1; the last one holds its upper edge."""

CUT_OFFS: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Confidences from which on bursts are kept, for the price list."""


# --- calibration ------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Logged bursts of about the same confidence.

    Attributes
    ----------
    low, high : float
        Edges of confidence.
    n : int
        Logged bursts.
    mean_confidence : float
        Of these.
    share_true : Estimate
        Share of these that is true.
    """

    low: float
    high: float
    n: int
    mean_confidence: float
    share_true: Estimate


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """How far confidence can be taken literally.

    Attributes
    ----------
    bins : tuple of Bin
        Those that hold any burst.
    n, without : int
        Logged bursts with and without a confidence.
    expected_error : Estimate
        Mean distance between confidence and share true, weighted by bursts
        (expected calibration error, Naeini 2015, over these bins).
    brier : Estimate
        Mean squared distance between confidence and truth (Brier 1950).
    """

    bins: tuple[Bin, ...]
    n: int
    without: int
    expected_error: Estimate
    brier: Estimate


def _judged(score: RecordingScore) -> list[tuple[float, bool]]:
    """Return confidence of every logged burst, and whether it is true."""
    matching = score.matching
    said = [(match.logged.confidence, True) for match in matching.found]
    return said + [(alarm.confidence, False) for alarm in matching.false_alarms]


def _known(score: RecordingScore) -> list[tuple[float, bool]]:
    return [(c, is_true) for c, is_true in _judged(score) if math.isfinite(c)]


def _place(confidence: float) -> int:
    return min(max(math.floor(confidence * BINS + 1e-9), 0), BINS - 1)


def _sums(score: RecordingScore) -> list[float]:
    """Count the bursts, confidences and true bursts of every bin, in a row."""
    table = np.zeros((BINS, 3))
    for confidence, is_true in _known(score):
        table[_place(confidence)] += (1.0, confidence, is_true)
    flat: list[float] = table.ravel().tolist()
    return flat


def _expected_error(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    number, confidence, true = np.moveaxis(sums.reshape(-1, BINS, 3), 2, 0)
    total = number.sum(axis=1)
    distance = np.abs(true - confidence).sum(axis=1)
    return np.divide(distance, total, out=np.full(len(total), np.nan), where=total > 0)


def _squares(score: RecordingScore) -> tuple[float, float]:
    known = _known(score)
    return math.fsum((c - is_true) ** 2 for c, is_true in known), len(known)


def calibrate(scores: Scores, *, seed: int = 0, draws: int = 2000) -> Calibration:
    """Compare confidence with the share of bursts that are true.

    Returns
    -------
    Calibration
        Without any confidence its figures are NaN and it has no bins.
    """

    def number(score: RecordingScore) -> float:
        return len(_known(score))

    error = FromSums(_sums, _expected_error, of=number)
    brier = FromSums(_squares, quotient, of=number)
    made = [_bin(scores, place, seed, draws) for place in range(BINS)]
    return Calibration(
        bins=tuple(item for item in made if item.n),
        n=brier.n(scores),
        without=sum(len(_judged(s)) - len(_known(s)) for s in scores),
        expected_error=estimate(error, scores, seed=seed, draws=draws),
        brier=estimate(brier, scores, seed=seed, draws=draws),
    )


def _bin(scores: Scores, place: int, seed: int, draws: int) -> Bin:
    def sums(score: RecordingScore) -> list[float]:
        return _sums(score)[3 * place : 3 * place + 3]

    share = Share(lambda s: sums(s)[2], lambda s: sums(s)[0])
    mean = Share(lambda s: sums(s)[1], lambda s: sums(s)[0])
    return Bin(
        low=place / BINS,
        high=(place + 1) / BINS,
        n=share.n(scores),
        mean_confidence=mean(scores),
        share_true=estimate(share, scores, seed=seed, draws=draws),
    )


# --- the price of a threshold -----------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Price:
    """What is kept, and what it costs, from one confidence on.

    Attributes
    ----------
    cut_off : float
        Least confidence.
    logged : int
        Bursts that stay, after merging.
    sensitivity, precision, f1, false_alarms_per_min : Estimate
        As they would be.
    """

    cut_off: float
    logged: int
    sensitivity: Estimate
    precision: Estimate
    f1: Estimate
    false_alarms_per_min: Estimate


def price_list(
    recordings: Sequence[ScoredRecording],
    cut_offs: Sequence[float] = CUT_OFFS,
    *,
    seed: int = 0,
    draws: int = 2000,
) -> tuple[Price, ...]:
    """Compute what every threshold of confidence would give.

    Parameters
    ----------
    recordings : sequence of ScoredRecording
        Logs beside their truth.
    cut_offs : sequence of float
        Confidences; a log holds only those above its own threshold.
    seed, draws : int
        As for `estimate`.

    Returns
    -------
    tuple of Price
        Empty when no logged burst has a confidence.
    """
    if not any(math.isfinite(b.confidence) for r in recordings for b in r.logged):
        return ()
    return tuple(_price(recordings, cut_off, seed, draws) for cut_off in cut_offs)


def _price(
    recordings: Sequence[ScoredRecording], cut_off: float, seed: int, draws: int
) -> Price:
    scores = [score(r, least_confidence=cut_off) for r in recordings]
    found = {
        "sensitivity": SENSITIVITY,
        "precision": PRECISION,
        "f1": F1,
        "false_alarms_per_min": ALARMS_PER_MIN,
    }
    return Price(
        cut_off=cut_off,
        logged=sum(s.logged_count for s in scores),
        **{k: estimate(m, scores, seed=seed, draws=draws) for k, m in found.items()},
    )
