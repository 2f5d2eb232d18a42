"""Agreement of two parties: raters with each other, and with the program.

Uses the rule and figures of `evaluate`; knows no page. Note: a rating counts when its
rater has finished it, also one that says there is no burst; one from scratch (also
imported coding of somebody who saw the film alone) and one that began from the
program's bursts are two parties, also of one person; of two raters none is the truth,
so F1 is the same whichever is named first, while kappa is defined only when the first
has a burst, and the Bland-Altman differences are second minus first; rates are of
analysable time, bursts and minutes alike; intervals come from drawing whole recordings.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from twitch_tracker.evaluate.figures.agreement import AGREEMENT
from twitch_tracker.evaluate.figures.detection import (
    F1,
    PRECISION,
    SENSITIVITY,
    could_not_be_measured,
)
from twitch_tracker.evaluate.figures.estimates import FigureOfScores, estimate
from twitch_tracker.evaluate.figures.limits import LEAST, UNKNOWN, Limits, limits_of
from twitch_tracker.evaluate.recordings import RecordingScore, ScoredRecording, score
from twitch_tracker.journal.entries import Burst, Rating, RecordingEntry, Review
from twitch_tracker.journal.journal import Journal
from twitch_tracker.journal.reviewed.ratings import coded_unseen
from twitch_tracker.journal.reviewed.reviewing import fold
from twitch_tracker.records import Episode
from twitch_tracker.records.estimates import Estimate
from twitch_tracker.timebase import Interval

__all__ = [
    "PROGRAM",
    "PairAgreement",
    "Party",
    "Verdicts",
    "agreements",
    "verdicts_of",
]


@dataclass(frozen=True, order=True)
class Party:
    """Somebody who says which bursts there are.

    Attributes
    ----------
    name : str
        Of the rater; empty for the program.
    from_scratch : bool
        Whether nothing was proposed.
    """

    name: str
    from_scratch: bool = False


PROGRAM: Final = Party("")
"""Stands for the program among the raters; no rater has an empty name."""


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """One recording as everybody sees it who has finished it.

    Attributes
    ----------
    entry : RecordingEntry
        The recording.
    recorded_s, analysable_s : float
        Its lengths, of the counted revision.
    excluded : tuple of Interval
        What could not be measured; no time there counts.
    bursts : dict
        Bursts by party; `PROGRAM` is what was detected.
    blind : frozenset of Party
        Whose every act was blind.
    done, begun : tuple of Party
        Who has finished, and who has not yet; of the way of rating alone, so that who
        coded the film unseen has checked.
    """

    entry: RecordingEntry
    recorded_s: float
    analysable_s: float
    excluded: tuple[Interval, ...]
    bursts: dict[Party, tuple[Episode, ...]]
    blind: frozenset[Party] = field(default_factory=frozenset)
    done: tuple[Party, ...] = ()
    begun: tuple[Party, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PairAgreement:
    """How well two agree.

    Attributes
    ----------
    first, second : Party
        Who; `PROGRAM` for the program.
    recordings : int
        Recordings that both rated.
    blind : tuple of int
        In how many of them the first and the second were blind.
    both, only_first, only_second : int
        Bursts, by `evaluate.matching`'s rule.
    unmeasured : int
        Of the bursts that only the second marked, those mostly within time that the
        program could not measure.
    f1, kappa : Estimate
        Of bursts, and of time in bursts; NaN where not defined.
    of_first, of_second : Estimate
        Shares of the first's bursts that the second marked, and the reverse.
    rates, durations : Limits
        Of bursts per minute over recordings, of seconds over matched bursts.
    """

    first: Party
    second: Party
    recordings: int
    blind: tuple[int, int]
    both: int
    only_first: int
    only_second: int
    unmeasured: int
    f1: Estimate
    kappa: Estimate
    of_first: Estimate
    of_second: Estimate
    rates: Limits
    durations: Limits


def verdicts_of(
    journal: Journal, entry: RecordingEntry, ratings: Iterable[Rating]
) -> Verdicts:
    """Read what everybody said of the counted revision of a recording."""
    analysis = journal.analysis(entry.recording_id)
    acts: dict[Party, list[Review]] = {}
    for act in journal.reviews(entry.recording_id):
        if act.revision == analysis.revision:
            acts.setdefault(Party(act.rater, act.from_scratch), []).append(act)
    bursts, blind, done = {PROGRAM: _episodes(analysis.bursts)}, set(), set()
    here = (entry.recording_id, analysis.revision)
    for rating in ratings:
        if (rating.recording_id, rating.revision) != here:
            continue
        who = Party(rating.rater, rating.from_scratch)
        own = acts.get(who, [])
        proposed = () if rating.from_scratch else analysis.bursts
        party = Party(rating.rater, rating.from_scratch or coded_unseen(own))
        bursts[party] = _episodes(fold(proposed, own))
        done.add(who)
        if own and all(act.blind for act in own):
            blind.add(party)
    return Verdicts(
        entry=entry,
        recorded_s=analysis.recorded_s,
        analysable_s=analysis.analysable_s,
        excluded=tuple(gap.span for gap in analysis.excluded),
        bursts=bursts,
        blind=frozenset(blind),
        done=tuple(sorted(done)),
        begun=tuple(sorted(acts.keys() - done)),
    )


def _episodes(bursts: Iterable[Burst]) -> tuple[Episode, ...]:
    return tuple(burst.episode for burst in bursts)


def agreements(judged: Sequence[Verdicts]) -> tuple[PairAgreement, ...]:
    """Compare everybody with everybody, raters first, then each with the program."""
    names = sorted({name for one in judged for name in one.bursts} - {PROGRAM})
    pairs = [*itertools.combinations(names, 2), *((PROGRAM, name) for name in names)]
    found = (_agreement(judged, first, second) for first, second in pairs)
    return tuple(pair for pair in found if pair.recordings)


def _agreement(
    judged: Sequence[Verdicts], first: Party, second: Party
) -> PairAgreement:
    common = [one for one in judged if first in one.bursts and second in one.bursts]
    scores = [_score(one, first, second) for one in common]
    rates = [_rates(one) for one in scores]
    return PairAgreement(
        first=first,
        second=second,
        recordings=len(common),
        blind=(
            sum(first in one.blind for one in common),
            sum(second in one.blind for one in common),
        ),
        both=sum(len(one.matching.found) for one in scores),
        only_first=sum(len(one.matching.missed) for one in scores),
        only_second=sum(len(one.matching.false_alarms) for one in scores),
        unmeasured=sum(
            could_not_be_measured(one, burst)
            for one in scores
            for burst in one.matching.false_alarms
        ),
        f1=_sure(F1, scores),
        kappa=_sure(AGREEMENT["spasm_time_kappa"], scores),
        of_first=_sure(SENSITIVITY, scores),
        of_second=_sure(PRECISION, scores),
        rates=limits_of([[pair] for pair in rates if all(map(math.isfinite, pair))]),
        durations=limits_of(
            [
                [
                    (m.truth.span.duration_s, m.logged.span.duration_s)
                    for m in one.matching.found
                ]
                for one in scores
            ]
        ),
    )


def _sure(measure: FigureOfScores, scores: Sequence[RecordingScore]) -> Estimate:
    """Compute a figure; its interval only of `LEAST` recordings and some variation."""
    if not scores:
        return UNKNOWN
    alone = Estimate(value=measure(scores), low=math.nan, high=math.nan)
    if len(scores) < LEAST:
        return alone
    found = estimate(measure, scores)
    return found if found.low < found.high else alone


def _score(one: Verdicts, first: Party, second: Party) -> RecordingScore:
    """Match the bursts of two; whole recordings are what is drawn."""
    return score(
        ScoredRecording(
            name=one.entry.recording_id,
            face=one.entry.recording_id,
            truth=one.bursts[first],
            logged=one.bursts[second],
            recorded_s=one.recorded_s,
            analysable_s=one.analysable_s,
            excluded=one.excluded,
        )
    )


def _rates(one: RecordingScore) -> tuple[float, float]:
    """Return bursts per analysable minute of both, of those that lie in that time."""
    found = one.matching.found
    sides = (
        (*(pair.truth for pair in found), *one.matching.missed),
        (*(pair.logged for pair in found), *one.matching.false_alarms),
    )
    if not one.analysable_s > 0:
        return math.nan, math.nan
    first, second = (
        60 * sum(not could_not_be_measured(one, b) for b in bursts) / one.analysable_s
        for bursts in sides
    )
    return first, second
