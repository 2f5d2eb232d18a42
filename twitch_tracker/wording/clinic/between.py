"""How both sides compare apart from bursts, in words; never that a side is weak."""

from __future__ import annotations

import math
from typing import Final

from twitch_tracker import units
from twitch_tracker.language import mark, say
from twitch_tracker.progression.results import (
    BETWEEN_RATIOS,
    Between,
    BetweenBursts,
    Estimate,
    EyeShut,
)
from twitch_tracker.regions import Side

__all__ = ["between_name", "between_text", "between_values", "shut_text"]

_BETWEEN: Final = {
    Between.EYES_AT_REST: mark("Opening of the eyes at rest"),
    Between.MOUTH_AT_REST: mark("Corners of the mouth at rest"),
    Between.CLOSURE: mark("Closing the eyes tightly"),
    Between.SMILE: mark("Smiling"),
    Between.BROW: mark("Raising the eyebrows"),
}


def between_name(found: BetweenBursts) -> str:
    """Return what is compared."""
    return say(_BETWEEN[found.what])


def between_values(found: BetweenBursts) -> tuple[str, str]:
    """Return the means of the right and of the left side; dashes at rest."""
    if found.what not in BETWEEN_RATIOS:
        return "-", "-"
    if found.what is Between.CLOSURE:
        return units.percent(found.right), units.percent(found.left)
    right, left = (say("{n} mm", n=units.decimal(v)) for v in (found.right, found.left))
    return right, left


def _amount(what: Between, value: float) -> str:
    if not math.isfinite(value):
        return units.not_measured()
    if what in BETWEEN_RATIOS:
        return units.times(value)
    if what is Between.EYES_AT_REST:
        return units.percent(value, signed=True)
    return say("{n} mm", n=units.decimal(value))


def _with_interval(what: Between, found: Estimate) -> str:
    value = _amount(what, found.value)
    if not math.isfinite(found.low):
        return say("{value} (no interval from so few)", value=value)
    return units.with_interval(
        value, _amount(what, found.low), _amount(what, found.high)
    )


def between_text(found: BetweenBursts) -> str:
    """Say how both sides compare, and how they did before."""
    against = (
        say(
            "right over left {value}",
            value=_with_interval(found.what, found.right_to_left),
        )
        if found.what in BETWEEN_RATIOS
        else say(
            "right less left {value}",
            value=_with_interval(found.what, found.right_to_left),
        )
    )
    if found.earlier is None:
        return against
    return say(
        "{against}; before, {earlier}",
        against=against,
        earlier=_with_interval(found.what, found.earlier),
    )


_EYES: Final = {
    Side.RIGHT: mark("Right eye, at rest: hardly ever open for {share} of the time"),
    Side.LEFT: mark("Left eye, at rest: hardly ever open for {share} of the time"),
}


def shut_text(found: EyeShut) -> str:
    """Say for how much of the time an eye was hardly ever open, and how it was before."""
    now = say(_EYES[found.side], share=_share(found.share))
    if found.earlier is None:
        return f"{now}."
    return say("{now}; before, {earlier}.", now=now, earlier=_share(found.earlier))


def _share(share: Estimate) -> str:
    value = units.percent(share.value)
    if not math.isfinite(share.low):
        return value
    return units.with_interval(
        value, units.percent(share.low), units.percent(share.high)
    )
