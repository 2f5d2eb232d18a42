"""The weights of confidence: how far candidates can be trusted.

Candidates come from faces which the networks had not seen. A candidate is true when
it is matched to a true burst by the scoring rule; what overlaps a deliberate
one-sided movement is neither true nor false. Logistic regression, every face with
the same say whatever the length of its videos.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from studies.benchmark.building.plan import Family
from twitch_tracker.episodes.network.burstnet import Verdict
from twitch_tracker.episodes.network.certainty import CERTAINTY, TRAITS, traits
from twitch_tracker.episodes.network.conjugate import MIRRORED_MOST, mirrored_share
from twitch_tracker.episodes.network.learned import LearnedParams, candidates
from twitch_tracker.evaluate.matching import PRIMARY_RULE
from twitch_tracker.records import Episode, MotionSignals
from twitch_tracker.regions import SIDES

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """One candidate: whose, what it is like, whether it is true, or refused."""

    face: str
    family: Family | None
    values: Floats
    true: bool
    mirrored: bool


def judge(
    face: str,
    family: Family | None,
    motion: MotionSignals,
    verdict: Verdict,
    truth: Sequence[Episode],
    ignored: Sequence[tuple[float, float, int]],
) -> list[Judged]:
    """Find the candidates of a recording and say which are true."""
    free = set(range(len(truth)))
    found = []
    for candidate in candidates(motion, verdict.log_odds, LearnedParams()):
        span, place = candidate.frames.span, SIDES.index(candidate.side)
        if any(
            s == place and span.start_s < end and start < span.end_s
            for start, end, s in ignored
        ):
            continue
        met = [
            k
            for k in free
            if truth[k].side is candidate.side
            and span.start_s < truth[k].span.end_s + PRIMARY_RULE.tolerance_s
            and truth[k].span.start_s - PRIMARY_RULE.tolerance_s < span.end_s
        ]
        values = traits(candidate, verdict)
        mirrored = mirrored_share(candidate, verdict) > MIRRORED_MOST
        if not mirrored:
            free -= set(met[:1])
        found.append(Judged(face, family, values, bool(met), mirrored))
    return found


def fit_certainty(judged: Sequence[Judged], folder: Path) -> None:
    """Fit the weights to what is not refused; write them as the product reads them."""
    judged = [one for one in judged if not one.mirrored]
    counts: dict[str, int] = {}
    for one in judged:
        counts[one.face] = counts.get(one.face, 0) + 1
    share = np.array([counts[one.face] ** -0.5 for one in judged])
    model = LogisticRegression(C=1.0)
    model.fit(
        np.array([one.values for one in judged]),
        [one.true for one in judged],
        sample_weight=share * len(judged) / share.sum(),
    )
    weights = dict(zip(TRAITS, np.round(model.coef_[0], 4).tolist(), strict=True))
    content = {
        "intercept": round(float(model.intercept_[0]), 4),
        "weights": weights,
        "candidates": len(judged),
        "true": sum(one.true for one in judged),
    }
    text = json.dumps(content, indent=2) + "\n"
    (folder / CERTAINTY).write_text(text, encoding="utf-8")
