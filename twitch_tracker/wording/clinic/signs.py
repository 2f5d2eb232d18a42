"""Signs for the differential diagnosis, tasks over rest, and questionnaires, in sentences.

Measured statements, never a diagnosis.
"""

from __future__ import annotations

from typing import Final

from twitch_tracker import units
from twitch_tracker.language import mark, say, say_n
from twitch_tracker.progression.clinic.signs import STANDS_OUT
from twitch_tracker.progression.results import (
    ProvokedRatio,
    QuestionnaireChange,
    Sign,
    SignSeen,
)
from twitch_tracker.units import day_text
from twitch_tracker.wording.terms import side_title

__all__ = [
    "provoked_text",
    "questionnaire_text",
    "sign_meaning",
    "sign_text",
]

_QUESTIONNAIRES: Final = {"hfs7_total": "HFS-7", "hfs30_total": "HFS-30"}
"""Names, the same in every language."""

_SIGNS: Final = {
    Sign.BOTH_TOGETHER: mark("{n} of {of} bursts come on both sides at once ({share})"),
    Sign.BROW_LIFT: mark(
        "in {n} of {of} bursts the eyebrow rises while the eye closes ({share})"
    ),
    Sign.WEAKER_CLOSURE: mark(
        "asked to close the eyes tightly, this side comes to {share} of the other one"
    ),
    Sign.MOVES_ALONG: mark(
        "in tasks of the mouth this eye closes by {share} of its opening more than the "
        "other one"
    ),
    Sign.QUICK: mark("{n} of {of} bursts last a quarter of a second at most ({share})"),
    Sign.FLICKER: mark("{n} of {of} bursts move the face by less than 1 mm ({share})"),
}

_MEANS: Final = {
    Sign.BOTH_TOGETHER: mark(
        "Usual in blepharospasm; in hemifacial spasm of both sides these seldom twitch "
        "together (Mov Disord 1999;14:345)."
    ),
    Sign.BROW_LIFT: mark(
        "Seen in 68 % of people with hemifacial spasm, 24 % after a palsy, none with "
        "blepharospasm (J Neurol Sci 2017;378:36)."
    ),
    Sign.WEAKER_CLOSURE: mark(
        "Weakness is usual after a palsy and seldom in hemifacial spasm; healthy sides "
        "differ by some 6 % (PMID 33235050)."
    ),
    Sign.MOVES_ALONG: mark(
        "After a palsy every movement brings the other part along; in hemifacial spasm in "
        "32 % of people and not every time (10.1016/j.neucli.2024.103019)."
    ),
    Sign.QUICK: mark(
        "With bursts that change place, usual in tics; in hemifacial spasm the same "
        "muscles twitch together."
    ),
    Sign.FLICKER: mark(
        "Fine and going on for most of the time, usual in myokymia, which often passes "
        "within weeks."
    ),
}


def sign_text(seen: SignSeen) -> str:
    """Say what was measured of one sign, and whether it stands out."""
    write = units.times if seen.sign is Sign.WEAKER_CLOSURE else units.percent
    value = seen.value
    measured = say(
        _SIGNS[seen.sign],
        n=seen.counted,
        of=seen.of,
        share=units.with_interval(
            write(value.value), write(value.low), write(value.high)
        ),
    )
    return say(
        "{side} side: {measured}. {out}",
        side=side_title(seen.side),
        measured=measured,
        out=say("It stands out.") if seen.stands_out else say("It does not stand out."),
    )


def sign_meaning(seen: SignSeen) -> str:
    """Say what clinicians use it for, with its source, and how often it is right."""
    rightly, wrongly = STANDS_OUT[seen.sign]
    return say(
        "{meaning} Of simulated people it stood out in {n} of {of} with it and in {m} of "
        "{others} without.",
        meaning=say(_MEANS[seen.sign]),
        n=rightly[0],
        of=rightly[1],
        m=wrongly[0],
        others=wrongly[1],
    )


def provoked_text(ratio: ProvokedRatio) -> str:
    """Say how many more bursts begin in tasks."""
    over = ratio.over_rest
    return say_n(
        "{side} side: in tasks {ratio} the new bursts of rest, on {n} day with both.",
        "{side} side: in tasks {ratio} the new bursts of rest, on {n} days with both.",
        ratio.days,
        side=side_title(ratio.side),
        ratio=units.with_interval(
            units.ratio(over.value), units.times(over.low), units.times(over.high)
        ),
    )


def questionnaire_text(found: QuestionnaireChange) -> str:
    """Say how a total changed, against the least change that matters.

    A higher total is worse in both questionnaires.
    """
    fields = {
        "name": _QUESTIONNAIRES[found.factor],
        "before": units.plainly(found.before),
        "before_on": day_text(found.before_on),
        "last": units.plainly(found.last),
        "last_on": day_text(found.last_on),
        "change": units.plainly(found.change, signed=True),
        "least": units.plainly(found.least),
        "low": units.plainly(found.least_low),
        "high": units.plainly(found.least_high),
    }
    if found.matters and found.change > 0:
        return say(
            "{name}: {before} on {before_on}, {last} on {last_on} ({change}). That is "
            "worse, by at least the change that matters to people ({least}; 95 % "
            "interval {low} to {high}).",
            **fields,
        )
    if found.matters:
        return say(
            "{name}: {before} on {before_on}, {last} on {last_on} ({change}). That is "
            "better, by at least the change that matters to people ({least}; 95 % "
            "interval {low} to {high}).",
            **fields,
        )
    return say(
        "{name}: {before} on {before_on}, {last} on {last_on} ({change}). That is less "
        "than the change that matters to people ({least}; 95 % interval {low} to {high}).",
        **fields,
    )
