"""Judge a set of recordings: every figure at once.

Knows which figures are computed under which rule and for which recordings: all of them,
and those of each activity. Nothing here reads files.

>>> evaluation = evaluate_set([recording])  # doctest: +SKIP
>>> evaluation.figures["f1"].estimate.value  # doctest: +SKIP
0.93
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from twitch_tracker.errors import BadParameter
from twitch_tracker.evaluate.figures.agreement import BlandAltman, bland_altman
from twitch_tracker.evaluate.figures.alarms import AlarmContext, alarms_around
from twitch_tracker.evaluate.figures.attributes import RegionFigures, region_figures
from twitch_tracker.evaluate.figures.calibration import (
    Calibration,
    Price,
    calibrate,
    price_list,
)
from twitch_tracker.evaluate.figures.detection import MATCHED
from twitch_tracker.evaluate.figures.estimates import (
    BOOTSTRAP_DRAWS,
    FigureOfScores,
    Scores,
    estimate,
)
from twitch_tracker.evaluate.figures.measures import measures
from twitch_tracker.evaluate.figures.subgroups import Subgroup, subgroups
from twitch_tracker.evaluate.matching import IOU_RULE, MatchRule
from twitch_tracker.evaluate.recordings import RecordingScore, ScoredRecording, score
from twitch_tracker.language import say
from twitch_tracker.records.estimates import Estimate

__all__ = ["OTHER_RULES", "Evaluation", "Figure", "Part", "evaluate_set"]

OTHER_RULES: Final[dict[str, MatchRule]] = {
    "iou": IOU_RULE,
    "merge_0.15": MatchRule(merge_gap_s=0.15),
    "merge_0.5": MatchRule(merge_gap_s=0.5),
}
"""Rules besides the primary one; their figures carry the name in front."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number with its interval.

    Attributes
    ----------
    name : str
        As in `measures`, or with the name of another rule in front.
    estimate : Estimate
        The number; NaN where it is not defined.
    n : int
        How many things it is made from: bursts, alarms or recordings.
    """

    name: str
    estimate: Estimate
    n: int

    @property
    def value(self) -> float:
        """The number."""
        return self.estimate.value


@dataclass(frozen=True, kw_only=True)
class Part:
    """The figures of some of the recordings.

    Attributes
    ----------
    recordings, faces : int
        How many.
    minutes : float
        Time that rates divide by, of the recordings where it is known.
    figures : mapping of str to Figure
        By name.
    subgroups : tuple of Subgroup
        Sensitivity by size, extent and kind.
    """

    recordings: int
    faces: int
    minutes: float
    figures: Mapping[str, Figure]
    subgroups: tuple[Subgroup, ...]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Everything there is to say of a set.

    Attributes
    ----------
    whole : Part
        All recordings.
    activities : mapping of str to Part
        Those of each activity, when any was stated; empty name when not stated.
    regions : tuple of RegionFigures
        Region by region.
    alarms_around : tuple of AlarmContext
        What was going on around the false alarms.
    agreement : BlandAltman
        Logged against true bursts per minute.
    calibration : Calibration
        Whether confidence means what it says.
    prices : tuple of Price
        What thresholds of confidence would give.
    scores : tuple of RecordingScore
        Every recording, judged under the primary rule.
    faces_known : bool
        Whether it was stated of every recording whose face it is.
    """

    whole: Part
    activities: Mapping[str, Part]
    regions: tuple[RegionFigures, ...]
    alarms_around: tuple[AlarmContext, ...]
    agreement: BlandAltman
    calibration: Calibration
    prices: tuple[Price, ...]
    scores: tuple[RecordingScore, ...]
    faces_known: bool

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Figures of all recordings, by name."""
        return self.whole.figures


def evaluate_set(
    recordings: Sequence[ScoredRecording],
    *,
    seed: int = 0,
    draws: int = BOOTSTRAP_DRAWS,
) -> Evaluation:
    """Judge a set of recordings.

    Parameters
    ----------
    recordings : sequence of ScoredRecording
        Logs beside their truth, each name once.
    seed, draws : int
        Of the resampling; see `estimate`.

    Returns
    -------
    Evaluation
        Every figure; the same for the same input and seed.

    Raises
    ------
    BadParameter
        There is no recording, or two of the same name.
    """
    names = [recording.name for recording in recordings]
    if not names or len(set(names)) != len(names):
        raise BadParameter("recordings", say("at least one, each name once"), names)
    scores = [score(recording) for recording in recordings]
    sampling = {"seed": seed, "draws": draws}
    labels = sorted({recording.activity for recording in recordings})
    return Evaluation(
        whole=_part(recordings, sampling),
        activities={
            label: _part([r for r in recordings if r.activity == label], sampling)
            for label in labels
            if any(labels)
        },
        regions=region_figures(scores, seed=seed, draws=draws),
        alarms_around=alarms_around(scores, seed=seed, draws=draws),
        agreement=bland_altman(scores, seed=seed, draws=draws),
        calibration=calibrate(scores, seed=seed, draws=draws),
        prices=price_list(recordings, seed=seed, draws=draws),
        scores=tuple(scores),
        faces_known=all(recording.face_known for recording in recordings),
    )


def _part(recordings: Sequence[ScoredRecording], sampling: Mapping[str, int]) -> Part:
    """Compute the figures of some recordings under every rule."""
    scores = [score(recording) for recording in recordings]
    figures = [_figure(name, m, scores, sampling) for name, m in measures().items()]
    for rule_name, rule in OTHER_RULES.items():
        judged = [score(recording, rule) for recording in recordings]
        figures += [
            _figure(f"{rule_name}_{name}", measure, judged, sampling)
            for name, measure in MATCHED.items()
        ]
    return Part(
        recordings=len(recordings),
        faces=len({recording.face for recording in recordings}),
        minutes=sum(s.rate_s for s in scores if s.minutes_basis != "unknown") / 60,
        figures={figure.name: figure for figure in figures},
        subgroups=subgroups(scores, **sampling),
    )


def _figure(
    name: str, measure: FigureOfScores, scores: Scores, sampling: Mapping[str, int]
) -> Figure:
    return Figure(
        name=name, estimate=estimate(measure, scores, **sampling), n=measure.n(scores)
    )
