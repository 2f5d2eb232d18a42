"""Agreement between raters and with the program, of one recording or one person."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from twitch_tracker.app.recording.steps import task_name
from twitch_tracker.app.review.figures import (
    AgreementFigure,
    draw_limits,
    with_interval,
)
from twitch_tracker.app.review.raters import MaybeRater
from twitch_tracker.app.state import State
from twitch_tracker.app.templating import page
from twitch_tracker.app.words import moment
from twitch_tracker.errors import ReviewRefused
from twitch_tracker.evaluate.figures.limits import LEAST, Limits
from twitch_tracker.journal.entries import Way
from twitch_tracker.language import capitalised, say, say_n
from twitch_tracker.records.estimates import Estimate
from twitch_tracker.report.recording.cards import Fact
from twitch_tracker.review.agreement import (
    PROGRAM,
    PairAgreement,
    Party,
    Verdicts,
    agreements,
    verdicts_of,
)
from twitch_tracker.review.raters import Rater
from twitch_tracker.wording.reviews import rater_in_words

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, kw_only=True)
class PairView:
    """Two who are compared, in words."""

    title: str
    basis: str
    sentence: str
    facts: tuple[Fact, ...]
    figures: tuple[AgreementFigure, ...]


@router.get("/review/{recording_id}/agreement")
def of_recording(state: State, rater: MaybeRater, recording_id: str) -> Response:
    """Show agreement on one recording."""
    with state.journal() as journal:
        entry = journal.recording(recording_id)
        ratings = journal.ratings(entry.patient_id)
        judged = verdicts_of(journal, entry, ratings)
    _refuse_blind(rater, [judged])
    return _page(
        [judged],
        entry.patient_id,
        agreements([judged]),
        title=say(
            "Agreement on {task}, {when}",
            task=task_name(entry.task),
            when=moment(entry.started_at),
        ),
        recording_id=recording_id,
    )


@router.get("/people/~{patient_id}/agreement")
def of_person(
    state: State, rater: MaybeRater, patient_id: str, whole: bool = False
) -> Response:
    """Show agreement on a person's reviewed recordings; of many after a moment."""
    with state.journal() as journal:
        if not whole and not state.review.agreed.is_quick(journal, patient_id):
            return page("agreement_wait.html.j2", patient_id=patient_id)
        agreed = state.review.agreed.of(journal, patient_id)
    _refuse_blind(rater, agreed.judged)
    return _page(
        agreed.judged,
        patient_id,
        agreed.pairs,
        title=say("Agreement on recordings of {name}", name=patient_id),
    )


def _refuse_blind(rater: Rater | None, judged: Sequence[Verdicts]) -> None:
    """Show a blind rater nothing of others before their own review is done."""
    if rater is None or not rater.blind:
        return
    waiting = sum(Party(rater.name, rater.scratch) not in one.done for one in judged)
    if waiting:
        raise ReviewRefused(
            say_n(
                "You review blind and have not finished {n} recording here. What "
                "others said is shown when you have finished it.",
                "You review blind and have not finished {n} recordings here. What "
                "others said is shown when you have finished them.",
                waiting,
            )
        )


def _page(
    judged: Sequence[Verdicts],
    patient_id: str,
    pairs: Sequence[PairAgreement],
    *,
    title: str,
    recording_id: str = "",
) -> Response:
    begun = sorted({name for one in judged for name in one.begun})
    return page(
        "agreement.html.j2",
        title=title,
        patient_id=patient_id,
        recording_id=recording_id,
        views=[_view(pair, single=bool(recording_id)) for pair in pairs],
        begun=", ".join(map(_name, begun)),
        least=LEAST,
    )


def _view(pair: PairAgreement, *, single: bool) -> PairView:
    first, second = _name(pair.first), _name(pair.second)
    figures = [_durations(pair.durations, first, second)]
    if not single:
        figures.insert(0, _rates(pair.rates, first, second))
    return PairView(
        title=capitalised(say("{first} and {second}", first=first, second=second)),
        basis=_basis(pair),
        sentence=_sentence(pair, first, second),
        facts=(*_facts(pair), *_finding(pair), *_blindness(pair)),
        figures=tuple(figures),
    )


def _name(party: Party) -> str:
    if party == PROGRAM:
        return say("the program")
    return rater_in_words(party.name, Way.SCRATCH if party.from_scratch else Way.OPEN)


def _basis(pair: PairAgreement) -> str:
    """Say from which beginning both came: what their agreement may be taken for."""
    first, second = pair.first, pair.second
    if first == PROGRAM and second.from_scratch:
        return say(
            "{rater} marked every burst without seeing the program's: this is how well "
            "the two agree on finding bursts.",
            rater=second.name,
        )
    if first == PROGRAM:
        return say(
            "{rater} began from the bursts that the program proposed. This says how "
            "much of that was kept, and not how well the two find bursts: they agree "
            "more than two who look independently.",
            rater=second.name,
        )
    if first.from_scratch and second.from_scratch:
        return say(
            "Both marked every burst without seeing the program's or each other's: "
            "this is how well the two agree on finding bursts."
        )
    if first.name == second.name:
        return say(
            "The same person, first from scratch and then with the program's bursts: "
            "this says what seeing them changed."
        )
    if first.from_scratch or second.from_scratch:
        return say(
            "One marked every burst from scratch, the other began from the bursts that "
            "the program proposed."
        )
    return say(
        "Both began from the same bursts that the program proposed: they agree more "
        "than two who look independently."
    )


def _sentence(pair: PairAgreement, first: str, second: str) -> str:
    total = pair.both + pair.only_first + pair.only_second
    if not total:
        return say("Both say that there was no burst.")
    return say_n(
        "Of {n} burst, both marked {both}; only {first} marked {a}, only {second} {b}.",
        "Of {n} bursts, both marked {both}; only {first} marked {a}, only {second} {b}.",
        total,
        both=pair.both,
        first=first,
        second=second,
        a=pair.only_first,
        b=pair.only_second,
    )


def _facts(pair: PairAgreement) -> tuple[Fact, ...]:
    return (
        Fact(
            label=say("Recordings rated by both"),
            value=str(pair.recordings),
            note=""
            if pair.recordings >= LEAST
            else say("Too few for intervals: at least {least} needed.", least=LEAST),
        ),
        Fact(
            label=say("Agreement on bursts (F1)"),
            value=_or_undefined(pair.f1),
            note=say("1: every burst was marked by both; 0: none was."),
        ),
        Fact(
            label=say("Agreement on time in bursts (kappa)"),
            value=_or_undefined(pair.kappa),
            note=say(
                "1: the same moments throughout; 0: no more than chance would give."
            ),
        ),
    )


def _finding(pair: PairAgreement) -> tuple[Fact, ...]:
    """Return how well the program finds the bursts of a rater who saw none of it."""
    if pair.first != PROGRAM or not pair.second.from_scratch:
        return ()
    rater = pair.second.name
    hidden = say_n(
        "{n} of those that the program lacks lies in time that could not be measured.",
        "{n} of those that the program lacks lie in time that could not be measured.",
        pair.unmeasured,
    )
    return (
        Fact(
            label=say("Share of {rater}'s bursts that the program found", rater=rater),
            value=_or_undefined(pair.of_second),
            note=hidden if pair.unmeasured else "",
        ),
        Fact(
            label=say("Share of the program's bursts that {rater} marked", rater=rater),
            value=_or_undefined(pair.of_first),
            note="",
        ),
    )


def _blindness(pair: PairAgreement) -> tuple[Fact, ...]:
    """Say in how many recordings each checked without seeing what others said."""
    both = zip((pair.first, pair.second), pair.blind, strict=True)
    counts = [
        say("{rater}: {n} of {all}", rater=party.name, n=n, all=pair.recordings)
        for party, n in both
        if party != PROGRAM and not party.from_scratch
    ]
    if not counts or not any(pair.blind):
        return ()
    return (Fact(label=say("Checked blind"), value="; ".join(counts), note=""),)


def _or_undefined(found: Estimate) -> str:
    if not math.isfinite(found.value):
        return say("not defined here")
    return with_interval(found, 2)


def _rates(limits: Limits, first: str, second: str) -> AgreementFigure:
    return draw_limits(
        limits,
        title=say("Bursts per minute, a point for each recording"),
        mean_label=say("mean of both, bursts per minute"),
        difference_label=say("{b} minus {a}, bursts per minute", a=first, b=second),
        digits=2,
    )


def _durations(limits: Limits, first: str, second: str) -> AgreementFigure:
    return draw_limits(
        limits,
        title=say("Length of bursts that both marked, a point for each burst"),
        mean_label=say("mean of both, seconds"),
        difference_label=say("{b} minus {a}, seconds", a=first, b=second),
        digits=2,
    )
