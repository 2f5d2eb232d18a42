"""How well two judge alike: raters with each other, and with the program.

Uses the rule and figures of `evaluate`; knows no page. The conventions that bite: a
rater counts for a recording only when nothing of it is left unjudged; of two raters
none is the truth, so F1 is the same whichever is named first, while kappa is defined
only when the first has a burst, and the Bland-Altman differences are second minus
first; rates divide by analysable time.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from twitch_tracker.evaluate.agreement import AGREEMENT, LIMIT_SDS
from twitch_tracker.evaluate.detection import F1
from twitch_tracker.evaluate.recordings import RecordingScore, ScoredRecording, score
from twitch_tracker.journal.entries import Burst, RecordingEntry
from twitch_tracker.journal.protocol import Journal
from twitch_tracker.journal.reviewing import fold, unjudged
from twitch_tracker.records import Episode
from twitch_tracker.timebase import Interval

__all__ = [
    "PROGRAM",
    "Limits",
    "PairAgreement",
    "Verdicts",
    "agreements",
    "limits_of",
    "verdicts_of",
]

PROGRAM: Final = ""
"""Stands for the program among the raters; no rater has an empty name."""


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """One recording as everybody sees it who judged all of it.

    Attributes
    ----------
    entry : RecordingEntry
        The recording.
    recorded_s, analysable_s : float
        Its lengths, of the counted revision.
    excluded : tuple of Interval
        What could not be measured; no time there counts.
    bursts : dict
        Bursts by rater; `PROGRAM` is what was detected.
    begun : tuple of str
        Raters who have not judged everything yet.
    """

    entry: RecordingEntry
    recorded_s: float
    analysable_s: float
    excluded: tuple[Interval, ...]
    bursts: dict[str, tuple[Episode, ...]]
    begun: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Differences of two, and their limits of agreement (Bland and Altman 1986).

    Attributes
    ----------
    means, differences : tuple of float
        Of every pair of numbers; the difference is second minus first.
    bias, low, high : float
        Mean difference, and 1.96 standard deviations below and above; NaN for fewer
        than two pairs.
    """

    means: tuple[float, ...]
    differences: tuple[float, ...]
    bias: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class PairAgreement:
    """How well two agree.

    Attributes
    ----------
    first, second : str
        Names; `PROGRAM` for the program.
    recordings : int
        Recordings that both judged.
    both, only_first, only_second : int
        Bursts, by `evaluate.matching`'s rule.
    f1, kappa : float
        Of bursts, and of time in bursts; NaN where not defined.
    rates, durations : Limits
        Of bursts per minute over recordings, of seconds over matched bursts.
    """

    first: str
    second: str
    recordings: int
    both: int
    only_first: int
    only_second: int
    f1: float
    kappa: float
    rates: Limits
    durations: Limits


def verdicts_of(journal: Journal, entry: RecordingEntry) -> Verdicts:
    """Read what everybody said of the counted revision of a recording.

    Parameters
    ----------
    journal : Journal
        Open.
    entry : RecordingEntry
        The recording.
    """
    analysis = journal.analysis(entry.recording_id)
    acts = [
        act
        for act in journal.reviews(entry.recording_id)
        if act.revision == analysis.revision
    ]
    names = {act.rater for act in acts}
    if entry.reviewed_by:
        names.add(entry.reviewed_by)
    bursts = {PROGRAM: _episodes(analysis.bursts)}
    begun = []
    for name in sorted(names):
        own = [act for act in acts if act.rater == name]
        if unjudged(analysis.bursts, own):
            begun.append(name)
        else:
            bursts[name] = _episodes(fold(analysis.bursts, own))
    return Verdicts(
        entry=entry,
        recorded_s=analysis.recorded_s,
        analysable_s=analysis.analysable_s,
        excluded=tuple(gap.span for gap in analysis.excluded),
        bursts=bursts,
        begun=tuple(begun),
    )


def _episodes(bursts: Iterable[Burst]) -> tuple[Episode, ...]:
    return tuple(burst.episode for burst in bursts)


def agreements(judged: Sequence[Verdicts]) -> tuple[PairAgreement, ...]:
    """Compare everybody with everybody, raters first, then each with the program."""
    names = sorted({name for one in judged for name in one.bursts} - {PROGRAM})
    pairs = [*itertools.combinations(names, 2), *((PROGRAM, name) for name in names)]
    found = (_agreement(judged, first, second) for first, second in pairs)
    return tuple(pair for pair in found if pair.recordings)


def _agreement(judged: Sequence[Verdicts], first: str, second: str) -> PairAgreement:
    common = [one for one in judged if first in one.bursts and second in one.bursts]
    scores = [_score(one, first, second) for one in common]
    rates = [_rates(one) for one in scores]
    matches = [match for one in scores for match in one.matching.found]
    return PairAgreement(
        first=first,
        second=second,
        recordings=len(common),
        both=len(matches),
        only_first=sum(len(one.matching.missed) for one in scores),
        only_second=sum(len(one.matching.false_alarms) for one in scores),
        f1=F1(scores) if scores else math.nan,
        kappa=AGREEMENT["spasm_time_kappa"](scores) if scores else math.nan,
        rates=limits_of([pair for pair in rates if all(map(math.isfinite, pair))]),
        durations=limits_of(
            [(m.truth.span.duration_s, m.logged.span.duration_s) for m in matches]
        ),
    )


def _score(one: Verdicts, first: str, second: str) -> RecordingScore:
    return score(
        ScoredRecording(
            name=one.entry.recording_id,
            face=one.entry.patient_id,
            truth=one.bursts[first],
            logged=one.bursts[second],
            recorded_s=one.recorded_s,
            analysable_s=one.analysable_s,
            excluded=one.excluded,
        )
    )


def _rates(one: RecordingScore) -> tuple[float, float]:
    """Bursts per minute of both; without a recorded length both are analysable."""
    alike = replace(one, recorded_s=math.nan)
    return alike.true_per_min, alike.logged_per_min


def limits_of(pairs: Sequence[tuple[float, float]]) -> Limits:
    """Compute the limits of agreement of pairs of numbers.

    Parameters
    ----------
    pairs : sequence of (float, float)
        First and second.

    Returns
    -------
    Limits
        Mean difference and 1.96 standard deviations around it.
    """
    both = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    differences = both[:, 1] - both[:, 0]
    bias = spread = math.nan
    if len(both) > 1:
        bias = float(differences.mean())
        spread = LIMIT_SDS * float(differences.std(ddof=1))
    return Limits(
        means=tuple(both.mean(axis=1).tolist()),
        differences=tuple(differences.tolist()),
        bias=bias,
        low=bias - spread,
        high=bias + spread,
    )
