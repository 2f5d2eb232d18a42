"""How sure a candidate is: the chance that it is a true one-sided burst.

A logistic function of what the network said during the candidate as a whole. A
train of contractions is judged by the train: single frames between contractions
may be doubtful. The weights lie beside the networks and were fitted on
candidates of faces which the networks had not seen (`models/README.md`).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.network.burstnet import Verdict
from twitch_tracker.episodes.network.features import CHANNELS
from twitch_tracker.episodes.rules import Candidate
from twitch_tracker.errors import WeightsCorrupt, WeightsMissing
from twitch_tracker.language import say
from twitch_tracker.regions import SIDES

__all__ = ["CERTAINTY", "TRAITS", "Certainty", "traits"]

Floats = NDArray[np.float64]

CERTAINTY: Final = "certainty.json"
"""Name of the file beside the networks."""

TRAITS: Final = ("strongest_movement", "closing")
"""What a candidate is judged by."""

STRONGEST_SHARE: Final = 0.1
"""The evidence of a candidate is what the strongest tenth of its frames reaches, or more:
one moment, however sure, says little about seconds. (The mean of the strongest sixth of a
second, as before, was as sure of long stretches in which two halves of a face only differ
now and then as of bursts: docs/validation.md#two-trackers-teach-and-a-tenth-of-a-burst-is-asked.)

It is that of movement alone (`Verdict.movement_log_odds`). How an eye looks in itself, and
how unlike the two sides are, shows a contraction that nothing moves any more, so that it
belongs to the course; but it is also what a face of its own kind has all the time, and
what of the evidence is only that, is no reason to be sure
(docs/validation.md#confidence-from-what-moves)."""

MOST_STRONGEST: Final = 6.0
"""Log-odds beyond this say nothing more. With 4, as in the course (`DecodeParams`), a pull of
the lower face and an eye that is narrow all the time were equally certain: the first has
more evidence (docs/validation.md#taught-for-longer-and-without-the-level)."""

MOST_CLOSING: Final = 0.5
"""Of the closing no more counts: an eye that closes half as far again is no more certain
to be in a spasm, and what reads far beyond it is often no eyelid at all."""

_NAMES: Final = [channel.name for channel in CHANNELS]
_ALONE: Final = [4 * _NAMES.index(name) + 3 for name in ("lid_mesh", "lid_look")]
"""Places among the features: closure beyond the other eye's, as a fraction."""

BESIDE_S: Final = (0.1, 1.5)
"""The eye's closure beyond the other one's is held against what it is from this long
before and after a candidate: an eye that is narrower all the time is no burst."""


def traits(candidate: Candidate, verdict: Verdict) -> Floats:
    """Sum a candidate up.

    Parameters
    ----------
    candidate : Candidate
        The candidate.
    verdict : Verdict
        From `burstnet.burst_verdict`.

    Returns
    -------
    Floats
        In the order of `TRAITS`, shape (traits,).
    """
    inside = candidate.frames.frames
    values = verdict.movement_log_odds[inside, SIDES.index(candidate.side)]
    known = np.isfinite(values)
    strongest = float(np.quantile(values[known], 1.0 - STRONGEST_SHARE))
    return np.array([min(strongest, MOST_STRONGEST), _closing(candidate, verdict)])


def _closing(candidate: Candidate, verdict: Verdict) -> float:
    """Return how much more the eye closes, beyond the other one, than around the burst.

    The smaller of what mesh and look say, each as a difference of medians, 0 to
    `MOST_CLOSING`: each of them errs, by glasses, hair or light, and seldom both. 0 where
    there is nothing to hold it against: what fills a whole recording may be the face.
    """
    span = candidate.frames.span
    least_s, most_s = BESIDE_S
    near = verdict.near(span, most_s)
    seen = verdict.seen[near, SIDES.index(candidate.side)]
    time_s = verdict.seen_time_s[near]
    known = seen[:, -1] > 0
    before_s, after_s = span.start_s - time_s, time_s - span.end_s
    inside = known & (before_s <= 0) & (after_s <= 0)
    beside = (before_s > least_s) & (before_s <= most_s)
    beside |= (after_s > least_s) & (after_s <= most_s)
    # After a burst of the other side this eye is the more closed one of the two only
    # because that one opens.
    beside &= known & verdict.quiet[near]
    if not inside.any() or not beside.any():
        return 0.0
    lids = seen[:, _ALONE]
    closing = np.median(lids[inside], axis=0) - np.median(lids[beside], axis=0)
    return float(np.clip(closing.min(), 0.0, MOST_CLOSING))


@dataclass(frozen=True, kw_only=True)
class Certainty:
    """Weights of the logistic function.

    Attributes
    ----------
    intercept : float
        Log-odds of a candidate whose traits are all zero.
    weights : tuple of float
        One a trait, in their order.
    """

    intercept: float
    weights: tuple[float, ...]

    def confidence(self, values: Floats) -> float:
        """Return chance, 0 to 1, that a candidate with these traits is a true burst."""
        log_odds = self.intercept + float(np.dot(self.weights, values))
        return 1.0 / (1.0 + math.exp(-min(max(log_odds, -30.0), 30.0)))

    @classmethod
    def load(
        cls,
        networks: Path,
        name: str = CERTAINTY,
        names: tuple[str, ...] = TRAITS,
    ) -> Certainty:
        """Read the weights.

        Parameters
        ----------
        networks : Path
            Folder of the networks.
        name : str
            Name of the file in it.
        names : tuple of str
            What it holds a weight for.

        Raises
        ------
        WeightsMissing
            If the file is not there.
        WeightsCorrupt
            If it does not hold one weight a trait.
        """
        path = networks / name
        if not path.is_file():
            raise WeightsMissing(
                say(
                    "expected the weights of confidence at {path}, found none. Install "
                    "twitch-tracker again, or train it (models/README.md).",
                    path=path,
                )
            )
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            weights = tuple(float(content["weights"][trait]) for trait in names)
            return cls(intercept=float(content["intercept"]), weights=weights)
        except (KeyError, TypeError, ValueError) as error:
            raise WeightsCorrupt(
                say(
                    "expected an intercept and the weights {traits} in {path}, got "
                    "{error}. Install twitch-tracker again, or train it "
                    "(models/README.md).",
                    traits=", ".join(names),
                    path=path,
                    error=error,
                )
            ) from error
