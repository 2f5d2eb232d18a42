"""Sentences on bursts and numbers of the diary. Never a cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from twitch_tracker import units
from twitch_tracker.language import mark, say
from twitch_tracker.progression.results import Association, Sureness
from twitch_tracker.wording.places import place_words
from twitch_tracker.wording.trends import sure_words

__all__ = ["association_text"]


@dataclass(frozen=True, kw_only=True)
class _Phrases:
    """What is said of one number of the diary."""

    name: str
    unclear: str
    more: str
    fewer: str
    each: str


_SAYINGS: Final[Mapping[str, _Phrases]] = {
    "stress": _Phrases(
        name=mark("stress"),
        unclear=mark("no association between bursts and stress can be seen"),
        more=mark("on days with more stress there were more bursts"),
        fewer=mark("on days with more stress there were fewer bursts"),
        each=mark("for each point of stress"),
    ),
    "fatigue": _Phrases(
        name=mark("fatigue"),
        unclear=mark("no association between bursts and fatigue can be seen"),
        more=mark("on days with more fatigue there were more bursts"),
        fewer=mark("on days with more fatigue there were fewer bursts"),
        each=mark("for each point of fatigue"),
    ),
    "sleep_hours": _Phrases(
        name=mark("sleep"),
        unclear=mark("no association between bursts and sleep can be seen"),
        more=mark("on days with more sleep there were more bursts"),
        fewer=mark("on days with more sleep there were fewer bursts"),
        each=mark("for each hour of sleep"),
    ),
    "caffeine_cups": _Phrases(
        name=mark("caffeine"),
        unclear=mark("no association between bursts and caffeine can be seen"),
        more=mark("on days with more caffeine there were more bursts"),
        fewer=mark("on days with more caffeine there were fewer bursts"),
        each=mark("for each cup with caffeine"),
    ),
    "screen_hours": _Phrases(
        name=mark("screen time"),
        unclear=mark("no association between bursts and screen time can be seen"),
        more=mark("on days with more screen time there were more bursts"),
        fewer=mark("on days with more screen time there were fewer bursts"),
        each=mark("for each hour in front of screens"),
    ),
}


def association_text(found: Association) -> str:
    """Say what goes along with what, on how many days."""
    said = _SAYINGS[found.factor]
    where = place_words(found.side, found.kind)
    if found.or_factor:
        return say(
            "{place}: bursts clearly go along with {one} or {other}. With which of the "
            "two cannot be said, as they go along with each other ({days} days). This "
            "says nothing about causes.",
            place=where,
            one=say(said.name),
            other=say(_SAYINGS[found.or_factor].name),
            days=found.days,
        )
    ratio = found.rate_ratio
    if found.sureness is Sureness.UNCERTAIN:
        return say(
            "{place}: {clause} ({days} days).",
            place=where,
            clause=say(said.unclear),
            days=found.days,
        )
    return say(
        "{place}: {clause}, {sure}: {each} {ratio} times as many, 95 % interval "
        "{interval}, over {days} days. This says nothing about causes.",
        place=where,
        clause=say(said.more if ratio.value > 1 else said.fewer),
        sure=sure_words(found.sureness),
        each=say(said.each),
        ratio=units.times(ratio.value),
        interval=units.interval(units.times(ratio.low), units.times(ratio.high)),
        days=found.days,
    )
