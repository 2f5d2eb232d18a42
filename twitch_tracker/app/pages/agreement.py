"""Agreement between raters and with the program, of one recording or one person."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from twitch_tracker.app.review.agreeing import (
    PROGRAM,
    Limits,
    PairAgreement,
    Verdicts,
    agreements,
    verdicts_of,
)
from twitch_tracker.app.review.figures import Figure, draw_limits
from twitch_tracker.app.review.raters import MaybeRater, Rater
from twitch_tracker.app.state import State
from twitch_tracker.app.steps import task_name
from twitch_tracker.app.templating import page
from twitch_tracker.app.words import moment
from twitch_tracker.errors import UploadRefused
from twitch_tracker.report import amounts
from twitch_tracker.report.cards import Fact
from twitch_tracker.report.words import say, say_n

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, kw_only=True)
class PairView:
    """Two who are compared, in words."""

    title: str
    sentence: str
    facts: tuple[Fact, ...]
    figures: tuple[Figure, ...]


@router.get("/review/{recording_id}/agreement")
def of_recording(state: State, rater: MaybeRater, recording_id: str) -> Response:
    """Agreement on one recording."""
    with state.journal() as journal:
        entry = journal.recording(recording_id)
        judged = verdicts_of(journal, entry)
    _refuse_blind(rater, [judged])
    return _page(
        [judged],
        entry.patient_id,
        title=say(
            "Agreement on {task}, {when}",
            task=task_name(entry.task),
            when=moment(entry.started_at),
        ),
        recording_id=recording_id,
    )


@router.get("/people/~{patient_id}/agreement")
def of_person(state: State, rater: MaybeRater, patient_id: str) -> Response:
    """Agreement on all reviewed recordings of a person."""
    with state.journal() as journal:
        patient = journal.patient(patient_id)
        reviewed = [e for e in journal.recordings(patient_id) if e.reviewed_by]
        judged = [verdicts_of(journal, entry) for entry in reviewed]
    _refuse_blind(rater, judged)
    return _page(
        judged,
        patient.patient_id,
        title=say("Agreement on recordings of {name}", name=patient.patient_id),
    )


def _refuse_blind(rater: Rater | None, judged: Sequence[Verdicts]) -> None:
    """Show a blind rater nothing of others before their own review is done."""
    if rater is None or not rater.blind:
        return
    waiting = sum(rater.name not in one.bursts for one in judged)
    if waiting:
        raise UploadRefused(
            say_n(
                "You review blind, and {n} recording here is not judged by you yet. "
                "What others said is shown when you have judged it.",
                "You review blind, and {n} recordings here are not judged by you yet. "
                "What others said is shown when you have judged them.",
                waiting,
            )
        )


def _page(
    judged: Sequence[Verdicts], patient_id: str, *, title: str, recording_id: str = ""
) -> Response:
    begun = sorted({name for one in judged for name in one.begun})
    return page(
        "agreement.html.j2",
        title=title,
        patient_id=patient_id,
        recording_id=recording_id,
        views=[_view(pair, single=bool(recording_id)) for pair in agreements(judged)],
        begun=", ".join(begun),
    )


def _view(pair: PairAgreement, *, single: bool) -> PairView:
    first, second = _name(pair.first), _name(pair.second)
    figures = [_durations(pair.durations, first, second)]
    if not single:
        figures.insert(0, _rates(pair.rates, first, second))
    return PairView(
        title=_capital(say("{first} and {second}", first=first, second=second)),
        sentence=_sentence(pair, first, second),
        facts=_facts(pair),
        figures=tuple(figures),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _name(rater: str) -> str:
    return say("the program") if rater == PROGRAM else rater


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
            label=say("Recordings judged by both"),
            value=str(pair.recordings),
            note="",
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


def _or_undefined(value: float) -> str:
    if not math.isfinite(value):
        return say("not defined here")
    return amounts.decimal(value, 2)


def _rates(limits: Limits, first: str, second: str) -> Figure:
    return draw_limits(
        limits,
        title=say("Bursts per minute, a point for each recording"),
        mean_label=say("mean of both, bursts per minute"),
        difference_label=say("{b} minus {a}, bursts per minute", a=first, b=second),
        digits=2,
    )


def _durations(limits: Limits, first: str, second: str) -> Figure:
    return draw_limits(
        limits,
        title=say("Length of bursts that both marked, a point for each burst"),
        mean_label=say("mean of both, seconds"),
        difference_label=say("{b} minus {a}, seconds", a=first, b=second),
        digits=2,
    )
