"""How the bursts are now, in one plain sentence, and how sure that is."""

from __future__ import annotations

import math
from datetime import date
from typing import Final

from twitch_tracker import units
from twitch_tracker.language import capitalised, mark, say, say_n, uncapitalised
from twitch_tracker.progression.glance import Against, Direction, Glance
from twitch_tracker.progression.results import Estimate
from twitch_tracker.units import day_text, period_text
from twitch_tracker.wording.places import kind_words
from twitch_tracker.wording.terms import side_title

__all__ = ["glance_details", "glance_sentence"]

_SENTENCES: Final = {
    (Direction.FEWER, Against.WEEK): mark("Fewer bursts than the week before."),
    (Direction.SAME, Against.WEEK): mark("About as many bursts as the week before."),
    (Direction.MORE, Against.WEEK): mark("More bursts than the week before."),
    (Direction.FEWER, Against.MONTH): mark("Fewer bursts than in the weeks before."),
    (Direction.SAME, Against.MONTH): mark(
        "About as many bursts as in the weeks before."
    ),
    (Direction.MORE, Against.MONTH): mark("More bursts than in the weeks before."),
    (Direction.FEWER, Against.INJECTION): mark(
        "Fewer bursts since the injection of {day}."
    ),
    (Direction.SAME, Against.INJECTION): mark(
        "About as many bursts as before the injection of {day}."
    ),
    (Direction.MORE, Against.INJECTION): mark(
        "More bursts than before the injection of {day}."
    ),
    (Direction.FEWER, Against.OPERATION): mark(
        "Fewer bursts since the operation of {day}."
    ),
    (Direction.SAME, Against.OPERATION): mark(
        "About as many bursts as before the operation of {day}. Relief can come late."
    ),
    (Direction.MORE, Against.OPERATION): mark(
        "More bursts than before the operation of {day}."
    ),
    (Direction.FEWER, Against.OTHER): mark(
        "Fewer bursts since the treatment of {day}."
    ),
    (Direction.SAME, Against.OTHER): mark(
        "About as many bursts as before the treatment of {day}."
    ),
    (Direction.MORE, Against.OTHER): mark(
        "More bursts than before the treatment of {day}."
    ),
}
"""Never that a treatment did it: only what came after it."""

_UNSEEN: Final = {
    Against.INJECTION: mark(
        "It cannot be seen yet whether there are more or fewer bursts than before the "
        "injection of {day}."
    ),
    Against.OPERATION: mark(
        "It cannot be seen yet whether there are more or fewer bursts than before the "
        "operation of {day}."
    ),
    Against.OTHER: mark(
        "It cannot be seen yet whether there are more or fewer bursts than before the "
        "treatment of {day}."
    ),
}
"""Where a comparison is there, but no number of further recordings can be named: those
before are too few, or go up and down too much, and of them there will be no more."""

_BEFORE: Final = {
    Against.WEEK: mark("the week before"),
    Against.MONTH: mark("the weeks before"),
    Against.INJECTION: mark("before the injection"),
    Against.OPERATION: mark("before the operation"),
    Against.OTHER: mark("before the treatment"),
}


_NOW_DAYS: Final = 14
"""So long what was recorded last is said of now; later its day is said with it."""


def glance_sentence(glance: Glance | None, today: date | None = None) -> str:
    """Return the one sentence of a person's home.

    Parameters
    ----------
    glance : Glance or None
        None without a recording that can be measured.
    today : date or None
        Of an older state the sentence begins with its day; None leaves the day out.
    """
    if glance is None:
        return say("Nothing is recorded yet.")
    sentence = _sentence(glance)
    if today is None or (today - glance.last_on).days <= _NOW_DAYS:
        return sentence
    # TRANSLATORS: {sentence} instead of {clause} begins with a large letter.
    return say(
        "As of {day}: {clause}",
        day=day_text(glance.last_on),
        clause=uncapitalised(sentence),
        sentence=sentence,
    )


def _sentence(glance: Glance) -> str:
    day = "" if glance.since is None else day_text(glance.since)
    if glance.direction is Direction.NONE:
        return say(
            "No burst in the last {minutes} that could be measured.",
            minutes=units.duration(60 * glance.minutes),
        )
    if glance.direction is Direction.MISTAKES:
        return say("No more bursts than the program finds by mistake.")
    if glance.direction is Direction.MOSTLY:
        return say(
            "Bursts took {share} of the time in the latest recordings.",
            share=units.percent(glance.time_share),
        )
    if glance.direction is Direction.TOO_EARLY:
        return say(
            "The treatment of {day} is too recent to see what follows it.", day=day
        )
    if glance.direction is Direction.UNSURE:
        return _unsure(glance, day)
    return say(_SENTENCES[glance.direction, glance.against], day=day)


def _unsure(glance: Glance, day: str) -> str:
    if not (glance.more_recordings or math.isfinite(glance.ratio.high)):
        return say("Too few recordings to say whether it is more or less often.")
    if not glance.more_recordings:
        unseen = _UNSEEN.get(
            glance.against,
            mark(
                "It cannot be seen yet whether there are more or fewer bursts than in "
                "the weeks before."
            ),
        )
        return say(unseen, day=day)
    return say_n(
        "Too few minutes to say yet. It needs at least {n} more recording.",
        "Too few minutes to say yet. It needs at least {n} more recordings.",
        glance.more_recordings,
    )


def glance_details(glance: Glance) -> tuple[str, ...]:
    """Say on which numbers the sentence rests, and how sure they are.

    Returns
    -------
    tuple of str
        Sentences.
    """
    details = [
        say(
            "{side} side, {kind}, {when}: {rate} new bursts a minute, from {minutes} that "
            "could be measured.",
            side=side_title(glance.side),
            kind=kind_words(glance.kind),
            when=period_text(glance.first_on, glance.last_on),
            rate=_rate(glance.now),
            minutes=units.duration(60 * glance.minutes),
        )
    ]
    if math.isfinite(glance.before.value):
        details.append(
            say(
                "{before}: {rate}.",
                before=capitalised(say(_BEFORE[glance.against])),
                rate=_rate(glance.before),
            )
        )
    ratio = glance.ratio
    if math.isfinite(ratio.value) and math.isfinite(ratio.high):
        details.append(
            say(
                "Now over before: {ratio} (95 % interval {interval}). Chance and "
                "this person's usual ups and downs are taken into account.",
                ratio=units.ratio(ratio.value),
                interval=units.interval(
                    units.times(ratio.low), units.times(ratio.high)
                ),
            )
        )
    details.append(
        say(
            "This compares a few days with a few others. The course over time shows "
            "what changed over months."
        )
    )
    return tuple(details)


def _rate(rate: Estimate) -> str:
    value = units.decimal(rate.value)
    if not (math.isfinite(rate.low) and math.isfinite(rate.high)):
        return value
    return say(
        "{value} (95 % interval {interval})",
        value=value,
        interval=units.interval(units.decimal(rate.low), units.decimal(rate.high)),
    )
