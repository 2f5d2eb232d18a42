"""Figures with their intervals.

Knows four shapes of figure: a pooled share (`Share`), a pooled median (`Median`), a
rank correlation (`RankCorrelation`) and any formula of sums (`FromSums`). Each can be
computed for recordings drawn several times, given how often each face was drawn; a
figure of the plain set is the same with every face drawn once. Intervals come from
drawing whole faces with replacement, never single bursts: bursts of one face resemble
each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.evaluate.recordings import RecordingScore
from twitch_tracker.records.estimates import Estimate

__all__ = [
    "FigureOfScores",
    "FromSums",
    "Median",
    "RankCorrelation",
    "Scores",
    "Share",
    "by_face",
    "estimate",
    "quotient",
]

BOOTSTRAP_DRAWS: Final = 2000
INTERVAL: Final = (2.5, 97.5)
"""Percentiles of a 95 % interval."""

_AT_ONCE: Final = 200
"""Draws computed together, to bound memory."""

Scores = Sequence[RecordingScore]
Floats = NDArray[np.float64]


class FigureOfScores(Protocol):
    """A figure of judged recordings."""

    def __call__(self, scores: Scores) -> float:
        """Return the figure; NaN where it is not defined."""

    def drawn(self, faces: Sequence[Scores], weights: Floats) -> Floats:
        """Return the figure for each row of weights, shape (draws, faces)."""

    def n(self, scores: Scores) -> int:
        """Return how many things the figure is made from."""


def _once(measure: FigureOfScores, scores: Scores) -> float:
    return float(measure.drawn([scores], np.ones((1, 1)))[0])


@dataclass(frozen=True)
class Share:
    """Counts added over recordings first, and divided last.

    Attributes
    ----------
    above, below : callable
        What to add up over recordings; the figure is the quotient.
    of : callable or None
        What `n` counts; by default `below`.
    bounded : bool
        Whether `above` counts some of what `below` counts, so that the figure
        is at most 1; otherwise it is a count per something.
    """

    above: Callable[[RecordingScore], float]
    below: Callable[[RecordingScore], float]
    of: Callable[[RecordingScore], float] | None = None
    bounded: bool = True

    def __call__(self, scores: Scores) -> float:
        """Return the quotient."""
        return _once(self, scores)

    def drawn(self, faces: Sequence[Scores], weights: Floats) -> Floats:
        """Return the quotient for each draw."""
        above, below = (
            weights @ np.array([math.fsum(map(part, face)) for face in faces])
            for part in (self.above, self.below)
        )
        return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)

    def n(self, scores: Scores) -> int:
        """Return the sum of `of`."""
        return round(math.fsum(map(self.of or self.below, scores)))

    def extreme(self, scores: Scores) -> tuple[float, float]:
        """Return the exact 95 % bounds when nothing, or everything, was counted.

        Drawing faces again cannot show that 0 of 20 may well be 1 of 20 next
        time. Clopper and Pearson (1934) for shares, Garwood (1936) for counts
        per something; (NaN, NaN) for anything in between.
        """
        above, below = (
            math.fsum(map(part, scores)) for part in (self.above, self.below)
        )
        number = self.n(scores) if self.bounded else below
        if number <= 0 or below <= 0:
            return (math.nan, math.nan)
        if above == 0:
            upper = -math.log(TAIL) / number
            return (0.0, 1 - TAIL ** (1 / number) if self.bounded else upper)
        if self.bounded and above == below:
            return (TAIL ** (1 / number), 1.0)
        return (math.nan, math.nan)


TAIL: Final = 0.025
"""What lies beyond each end of a 95 % interval."""


@dataclass(frozen=True)
class FromSums:
    """A formula of several sums over recordings.

    Attributes
    ----------
    parts : callable
        Numbers of one recording, always equally many.
    formula : callable
        Takes the sums, shape (draws, parts), and gives one figure per draw.
    of : callable
        What `n` counts.
    """

    parts: Callable[[RecordingScore], Sequence[float]]
    formula: Callable[[Floats], Floats]
    of: Callable[[RecordingScore], float]

    def __call__(self, scores: Scores) -> float:
        """Return the figure."""
        return _once(self, scores)

    def drawn(self, faces: Sequence[Scores], weights: Floats) -> Floats:
        """Return the figure for each draw."""
        sums = [np.sum([self.parts(s) for s in face], axis=0) for face in faces]
        return self.formula(weights @ np.array(sums))

    def n(self, scores: Scores) -> int:
        """Return the sum of `of`."""
        return round(math.fsum(map(self.of, scores)))


def _finite(values: Iterable[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)]


@dataclass(frozen=True)
class Median:
    """Median of values pooled over recordings; those that are not finite are left out.

    Attributes
    ----------
    values : callable
        Values of one recording.
    """

    values: Callable[[RecordingScore], Iterable[float]]

    def __call__(self, scores: Scores) -> float:
        """Return the median."""
        return _once(self, scores)

    def drawn(self, faces: Sequence[Scores], weights: Floats) -> Floats:
        """Return the median for each draw."""
        pooled = [_finite(v for s in face for v in self.values(s)) for face in faces]
        values = np.array([value for face in pooled for value in face])
        owner = np.repeat(np.arange(len(faces)), [len(face) for face in pooled])
        if not len(values):
            return np.full(len(weights), np.nan)
        order = np.argsort(values, kind="stable")
        return _in_parts(
            weights, lambda some: _weighted_median(values[order], some[:, owner[order]])
        )

    def n(self, scores: Scores) -> int:
        """Return the number of finite values."""
        return len(_finite(v for score in scores for v in self.values(score)))


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's correlation of pairs pooled over recordings.

    Needs `LEAST_PAIRS` pairs with both numbers known, and some variation.

    Attributes
    ----------
    pairs : callable
        Pairs of one recording.
    """

    pairs: Callable[[RecordingScore], Iterable[tuple[float, float]]]

    def __call__(self, scores: Scores) -> float:
        """Return the correlation."""
        return _once(self, scores)

    def _known(self, scores: Scores) -> list[tuple[float, float]]:
        pairs = (pair for score in scores for pair in self.pairs(score))
        return [pair for pair in pairs if all(map(math.isfinite, pair))]

    def drawn(self, faces: Sequence[Scores], weights: Floats) -> Floats:
        """Return the correlation for each draw."""
        pooled = [self._known(face) for face in faces]
        values = np.array([pair for face in pooled for pair in face]).reshape(-1, 2)
        owner = np.repeat(np.arange(len(faces)), [len(face) for face in pooled])
        if len(values) < LEAST_PAIRS:
            return np.full(len(weights), np.nan)
        return _in_parts(weights, lambda some: _spearman(values, some[:, owner]))

    def n(self, scores: Scores) -> int:
        """Return the number of pairs."""
        return len(self._known(scores))


LEAST_PAIRS: Final = 3


def _in_parts(weights: Floats, compute: Callable[[Floats], Floats]) -> Floats:
    """Compute for some draws at a time, to bound memory."""
    starts = range(0, len(weights), _AT_ONCE)
    return np.concatenate([compute(weights[k : k + _AT_ONCE]) for k in starts])


def _weighted_median(values: Floats, often: Floats) -> Floats:
    """Return the median of sorted values that occur `often` times."""
    upto = np.cumsum(often, axis=1)
    total = upto[:, -1:]
    low, high = (
        values[np.argmax(upto > np.floor(place), axis=1)]
        for place in ((total - 1) / 2, total / 2)
    )
    return np.where(total[:, 0] > 0, (low + high) / 2, np.nan)


def _spearman(values: Floats, often: Floats) -> Floats:
    """Return Spearman's correlation of pairs that occur `often` times."""
    total = often.sum(axis=1)
    one, other = (_ranks(values[:, k], often) for k in (0, 1))
    one -= (np.sum(often * one, axis=1) / np.fmax(total, 1))[:, None]
    other -= (np.sum(often * other, axis=1) / np.fmax(total, 1))[:, None]
    spread = np.sqrt(np.sum(often * one**2, axis=1) * np.sum(often * other**2, axis=1))
    shared = np.sum(often * one * other, axis=1)
    known = (spread > 1e-9) & (total >= LEAST_PAIRS)
    return np.divide(shared, spread, out=np.full(len(total), np.nan), where=known)


def _ranks(values: Floats, often: Floats) -> Floats:
    """Return mean ranks of values that occur `often` times, shape (draws, values)."""
    _, place = np.unique(values, return_inverse=True)
    held = np.zeros((len(often), int(place.max()) + 1))
    np.add.at(held.T, place, often.T)
    ranks: Floats = np.cumsum(held, axis=1) - held + (held + 1) / 2
    return ranks[:, place]


def by_face(scores: Scores) -> list[list[RecordingScore]]:
    """Group recordings by whose face it is."""
    grouped: dict[str, list[RecordingScore]] = {}
    for score in scores:
        grouped.setdefault(score.face, []).append(score)
    return list(grouped.values())


def estimate(
    measure: FigureOfScores,
    scores: Scores,
    *,
    seed: int = 0,
    draws: int = BOOTSTRAP_DRAWS,
) -> Estimate:
    """Compute a figure and its interval by resampling faces.

    Parameters
    ----------
    measure : FigureOfScores
        The figure.
    scores : sequence of RecordingScore
        All recordings.
    seed : int
        Of the resampling.
    draws : int
        Number of resamples.

    Returns
    -------
    Estimate
        Percentile interval (Efron 1979), widened to `Share.extreme` where
        nothing or everything was counted. With a single face it is NaN: one
        face says nothing about others.
    """
    value = measure(scores)
    faces = by_face(scores)
    if len(faces) < 2:
        return Estimate(value=value, low=float("nan"), high=float("nan"))
    picks = np.random.default_rng(seed).integers(len(faces), size=(draws, len(faces)))
    weights = np.stack([np.bincount(pick, minlength=len(faces)) for pick in picks])
    drawn = measure.drawn(faces, weights.astype(float))
    known = drawn[np.isfinite(drawn)]
    if not len(known):
        return Estimate(value=value, low=float("nan"), high=float("nan"))
    low, high = map(float, np.percentile(known, INTERVAL))
    if isinstance(measure, Share):
        exact_low, exact_high = measure.extreme(scores)
        low, high = np.fmin(low, exact_low), np.fmax(high, exact_high)
    return Estimate(value=value, low=float(low), high=float(high))


def quotient(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide the first of two columns of sums by the second; NaN where that is none."""
    above, below = sums.T
    return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
