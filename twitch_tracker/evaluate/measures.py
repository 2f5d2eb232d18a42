"""From matched bursts to the figures a reader can judge a detector by.

Figures are pooled over recordings: counts are added first and divided last, so
that a recording with one burst does not weigh as much as one with fifty.
Intervals come from drawing whole faces with replacement, never single bursts:
bursts of one face resemble each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.evaluate.matching import Match, Matching
from twitch_tracker.records import EpisodeKind

__all__ = ["Estimate", "RecordingScore", "estimate", "measures"]

BOOTSTRAP_DRAWS: Final = 2000
INTERVAL: Final = (2.5, 97.5)
"""Percentiles of a 95 % interval."""


@dataclass(frozen=True, kw_only=True)
class RecordingScore:
    """One recording, scored.

    Attributes
    ----------
    face : str
        Whose face it is; the unit of resampling.
    activity : str
        What the person does in it, e.g. ``rest``, ``talk``, ``expressive``.
    analysable_s : float
        Seconds that were measurable.
    matching : Matching
        What was found, missed and invented.
    """

    face: str
    activity: str
    analysable_s: float
    matching: Matching


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A figure with its 95 % interval; NaN where it is not defined."""

    value: float
    low: float
    high: float


Scores = Sequence[RecordingScore]
Measure = Callable[[Scores], float]


def estimate(
    measure: Measure, scores: Scores, *, seed: int = 0, draws: int = BOOTSTRAP_DRAWS
) -> Estimate:
    """Compute a figure and its interval by resampling faces.

    Parameters
    ----------
    measure : callable
        Takes a sequence of `RecordingScore`, gives one number.
    scores : sequence of RecordingScore
        All recordings.
    seed : int
        Of the resampling.
    draws : int
        Number of resamples.

    Returns
    -------
    Estimate
        Percentile interval (Efron 1979). With a single face it is NaN: one
        face says nothing about others.
    """
    value = measure(scores)
    by_face: dict[str, list[RecordingScore]] = {}
    for score in scores:
        by_face.setdefault(score.face, []).append(score)
    faces = list(by_face.values())
    if len(faces) < 2:
        return Estimate(value=value, low=float("nan"), high=float("nan"))
    rng = np.random.default_rng(seed)
    picks = rng.integers(len(faces), size=(draws, len(faces)))
    drawn = np.array([measure([s for i in pick for s in faces[i]]) for pick in picks])
    known = drawn[np.isfinite(drawn)]
    if not len(known):
        return Estimate(value=value, low=float("nan"), high=float("nan"))
    low, high = np.percentile(known, INTERVAL)
    return Estimate(value=value, low=float(low), high=float(high))


def _found(scores: Scores) -> list[Match]:
    return [match for score in scores for match in score.matching.found]


def _missed(scores: Scores) -> int:
    return sum(len(score.matching.missed) for score in scores)


def _false(scores: Scores) -> int:
    return sum(len(score.matching.false_alarms) for score in scores)


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else float("nan")


def _median(values: Iterable[float]) -> float:
    known = np.array([v for v in values if np.isfinite(v)])
    return float(np.median(known)) if len(known) else float("nan")


def _mean(values: Iterable[float]) -> float:
    known = np.array([v for v in values if np.isfinite(v)])
    return float(known.mean()) if len(known) else float("nan")


def _sensitivity(scores: Scores) -> float:
    found = len(_found(scores))
    return _ratio(found, found + _missed(scores))


def _precision(scores: Scores) -> float:
    found = len(_found(scores))
    return _ratio(found, found + _false(scores))


def _f1(scores: Scores) -> float:
    found = len(_found(scores))
    return _ratio(2 * found, 2 * found + _missed(scores) + _false(scores))


def _false_per_min(scores: Scores) -> float:
    return _ratio(60.0 * _false(scores), sum(s.analysable_s for s in scores))


def _count_error(scores: Scores) -> float:
    true = len(_found(scores)) + _missed(scores)
    return _ratio(_false(scores) - _missed(scores), true)


def _wrong_side_share(scores: Scores) -> float:
    wrong = sum(score.matching.wrong_side for score in scores)
    return _ratio(wrong, len(_found(scores)) + _missed(scores))


def _onset_error_s(scores: Scores) -> float:
    return _median(
        abs(m.logged.span.start_s - m.truth.span.start_s) for m in _found(scores)
    )


def _offset_error_s(scores: Scores) -> float:
    return _median(
        abs(m.logged.span.end_s - m.truth.span.end_s) for m in _found(scores)
    )


def _duration_ratio(scores: Scores) -> float:
    return _median(
        m.logged.span.duration_s / m.truth.span.duration_s for m in _found(scores)
    )


def _kind_agreement(scores: Scores) -> float:
    return _mean(float(m.logged.kind is m.truth.kind) for m in _found(scores))


def _region_agreement(scores: Scores) -> float:
    """Mean Jaccard index of the region sets."""
    return _mean(
        _ratio(
            len({*m.logged.regions} & {*m.truth.regions}),
            len({*m.logged.regions} | {*m.truth.regions}),
        )
        for m in _found(scores)
    )


def _contractions_within_one(scores: Scores) -> float:
    """Share of clonic bursts whose contractions are counted within one."""
    return _mean(
        float(abs(m.logged.contractions - m.truth.contractions) <= 1)
        for m in _found(scores)
        if m.truth.kind is EpisodeKind.CLONIC
    )


def _amplitude_correlation(scores: Scores) -> float:
    """Spearman correlation of the excursions."""
    from scipy.stats import spearmanr

    pairs: NDArray[np.float64] = np.array(
        [(m.truth.excursion_mm, m.logged.excursion_mm) for m in _found(scores)]
    ).reshape(-1, 2)
    pairs = pairs[np.isfinite(pairs).all(axis=1)]
    if len(pairs) < 3 or (np.ptp(pairs, axis=0) == 0).any():
        return float("nan")
    return float(spearmanr(pairs[:, 0], pairs[:, 1]).statistic)


_MEASURES: Final[dict[str, Measure]] = {
    "sensitivity": _sensitivity,
    "precision": _precision,
    "f1": _f1,
    "false_alarms_per_min": _false_per_min,
    "count_error": _count_error,
    "wrong_side_share": _wrong_side_share,
    "median_onset_error_s": _onset_error_s,
    "median_offset_error_s": _offset_error_s,
    "median_duration_ratio": _duration_ratio,
    "kind_agreement": _kind_agreement,
    "region_agreement": _region_agreement,
    "contractions_within_one": _contractions_within_one,
    "amplitude_correlation": _amplitude_correlation,
}


def measures() -> dict[str, Measure]:
    """Every figure by name; shares are 0 to 1, errors in seconds."""
    return dict(_MEASURES)
