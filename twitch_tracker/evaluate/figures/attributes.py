"""How well the found bursts are described: kind, regions, contractions, size.

Knows that a truth may leave things open (hand coding often states no kind): what was
not noted is compared with nothing and counted nowhere. What the *log* leaves open (too
few pictures a second) agrees with nothing, so that leaving things open is no advantage;
how often its statements are right stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from twitch_tracker.evaluate.figures.estimates import (
    FigureOfScores,
    Median,
    RankCorrelation,
    Scores,
    Share,
    estimate,
)
from twitch_tracker.evaluate.matching import Match
from twitch_tracker.evaluate.recordings import RecordingScore
from twitch_tracker.exchange.coding.coded import noted
from twitch_tracker.records import EpisodeKind
from twitch_tracker.records.estimates import Estimate
from twitch_tracker.regions import REGIONS, Region

__all__ = ["ATTRIBUTES", "RegionFigures", "region_figures"]


def _known(score: RecordingScore, what: str) -> list[Match]:
    """Return matches of whose truth an attribute is known."""
    return [match for match in score.matching.found if noted(match.truth, what)]


def _agrees(what: str, agrees: Callable[[Match], float]) -> Share:
    """Return mean of an agreement from 0 to 1 over the matches of which it is known."""
    return Share(
        lambda score: math.fsum(agrees(match) for match in _known(score, what)),
        lambda score: len(_known(score, what)),
    )


def _jaccard(match: Match) -> float:
    true, said = {*match.truth.regions}, {*match.logged.regions}
    return len(true & said) / len(true | said) if true | said else 0.0


def _clonic(score: RecordingScore) -> list[Match]:
    """Return matches that truth calls clonic and whose contractions were counted."""
    return [
        match
        for match in _known(score, "contractions")
        if noted(match.truth, "kind") and match.truth.kind is EpisodeKind.CLONIC
    ]


def _within_one(match: Match) -> bool:
    logged, true = match.logged.contractions, match.truth.contractions
    return logged is not None and true is not None and abs(logged - true) <= 1


def _with_kind(score: RecordingScore) -> list[Match]:
    """Return matches for which both sides name a kind."""
    return [m for m in _known(score, "kind") if m.logged.kind is not None]


def _counted(score: RecordingScore) -> list[Match]:
    """Return clonic matches for which the log counts contractions."""
    return [m for m in _clonic(score) if m.logged.contractions is not None]


def _same_kind(match: Match) -> bool:
    return match.logged.kind is match.truth.kind


def _excursions(score: RecordingScore) -> Iterator[tuple[float, float]]:
    for match in score.matching.found:
        yield match.truth.excursion_mm, match.logged.excursion_mm


def _excursion_ratios(score: RecordingScore) -> Iterator[float]:
    for true_mm, logged_mm in _excursions(score):
        yield logged_mm / true_mm if true_mm > 0 else math.nan


ATTRIBUTES: Final[dict[str, FigureOfScores]] = {
    "kind_agreement": _agrees("kind", lambda match: float(_same_kind(match))),
    "kind_agreement_claimed": Share(
        lambda score: sum(map(_same_kind, _with_kind(score))),
        lambda score: len(_with_kind(score)),
    ),
    "region_agreement": _agrees("regions", _jaccard),
    "lead_region_agreement": _agrees(
        "lead_region",
        lambda match: float(match.logged.lead_region is match.truth.lead_region),
    ),
    "contractions_within_one": Share(
        lambda score: sum(map(_within_one, _clonic(score))),
        lambda score: len(_clonic(score)),
    ),
    "contractions_within_one_claimed": Share(
        lambda score: sum(map(_within_one, _counted(score))),
        lambda score: len(_counted(score)),
    ),
    "amplitude_correlation": RankCorrelation(_excursions),
    "amplitude_ratio": Median(_excursion_ratios),
}
"""Figures of the found bursts, by name."""


# --- region by region -------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class RegionFigures:
    """How well one region is identified in the found bursts.

    Attributes
    ----------
    region : Region
        Which.
    true, logged : int
        Found bursts in which it took part, and in which it was logged.
    recall, precision : Estimate
        Share of the former that is logged, and of the latter that is true.
    """

    region: Region
    true: int
    logged: int
    recall: Estimate
    precision: Estimate


def _counter(
    region: Region, *, true: bool = False, logged: bool = False
) -> Callable[[RecordingScore], float]:
    """Count the found bursts that have a region in truth, in the log, or in both."""

    def count(score: RecordingScore) -> float:
        return sum(
            (not true or region in match.truth.regions)
            and (not logged or region in match.logged.regions)
            for match in _known(score, "regions")
        )

    return count


def region_figures(
    scores: Scores, *, seed: int = 0, draws: int = 2000
) -> tuple[RegionFigures, ...]:
    """Compute recall and precision of every region.

    Returns
    -------
    tuple of RegionFigures
        In the order of `REGIONS`.
    """
    return tuple(_one_region(scores, region, seed, draws) for region in REGIONS)


def _one_region(scores: Scores, region: Region, seed: int, draws: int) -> RegionFigures:
    both = _counter(region, true=True, logged=True)
    recall = Share(both, _counter(region, true=True))
    precision = Share(both, _counter(region, logged=True))
    return RegionFigures(
        region=region,
        true=recall.n(scores),
        logged=precision.n(scores),
        recall=estimate(recall, scores, seed=seed, draws=draws),
        precision=estimate(precision, scores, seed=seed, draws=draws),
    )
