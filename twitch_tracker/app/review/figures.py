"""A Bland-Altman figure as SVG, with the same in words.

Knows only numbers and labels. Note: no style attribute and no script, so that the
page's policy holds; looks come from ``review.css``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from twitch_tracker import units
from twitch_tracker.evaluate.figures.limits import LEAST, Limits
from twitch_tracker.language import say, say_n
from twitch_tracker.records.estimates import Estimate
from twitch_tracker.report.ticks import round_ticks

__all__ = ["AgreementBand", "AgreementFigure", "Label", "draw_limits", "with_interval"]

WIDTH: Final = 640
HEIGHT: Final = 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 20, 20, 46


@dataclass(frozen=True, kw_only=True)
class Label:
    """Something at a place of the figure; `kind` is a class of the style sheet."""

    at: float
    text: str
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class AgreementBand:
    """An interval, as a band across the figure."""

    top: float
    height: float


@dataclass(frozen=True, kw_only=True)
class AgreementFigure:
    """A figure ready for its template, in pixels; empty `points` is no figure."""

    title: str
    words: str
    mean_label: str
    difference_label: str
    points: tuple[tuple[float, float], ...] = ()
    bands: tuple[AgreementBand, ...] = ()
    lines: tuple[Label, ...] = ()
    below: tuple[Label, ...] = ()
    beside: tuple[Label, ...] = ()
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM


def draw_limits(
    limits: Limits, *, title: str, mean_label: str, difference_label: str, digits: int
) -> AgreementFigure:
    """Place the points and lines of a Bland-Altman figure.

    Parameters
    ----------
    limits : Limits
        What is drawn.
    title, mean_label, difference_label : str
        Words.
    digits : int
        Decimals of numbers.

    Returns
    -------
    AgreementFigure
        Without points when there are fewer than two; without lines when too few are
        known for limits.
    """
    words = _in_words(limits, digits)
    if len(limits.differences) < 2:
        return AgreementFigure(
            title=title,
            words=words,
            mean_label=mean_label,
            difference_label=difference_label,
        )
    drawn = [
        one
        for one in (limits.bias, limits.low, limits.high)
        if math.isfinite(one.value)
    ]
    ends = [end for one in drawn for end in (one.low, one.high) if math.isfinite(end)]
    x_low, x_high = _range(limits.means)
    y_low, y_high = _range(
        (*limits.differences, *(one.value for one in drawn), *ends, 0.0)
    )

    def x(value: float) -> float:
        share = (value - x_low) / (x_high - x_low)
        return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)

    def y(value: float) -> float:
        share = (value - y_low) / (y_high - y_low)
        return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)

    kinds = zip(drawn, ("bias", "limit", "limit"), strict=False)
    return AgreementFigure(
        title=title,
        words=words,
        mean_label=mean_label,
        difference_label=difference_label,
        points=tuple(
            (x(mean), y(difference))
            for mean, difference in zip(limits.means, limits.differences, strict=True)
        ),
        bands=tuple(
            AgreementBand(top=y(one.high), height=round(y(one.low) - y(one.high), 1))
            for one in drawn
            if math.isfinite(one.low) and math.isfinite(one.high)
        ),
        lines=(
            Label(at=y(0.0), text="", kind="zero"),
            *(Label(at=y(one.value), text="", kind=kind) for one, kind in kinds),
        ),
        below=_marks(x, x_low, x_high, digits),
        beside=_marks(y, y_low, y_high, digits),
    )


def _marks(
    place: Callable[[float], float], low: float, high: float, digits: int
) -> tuple[Label, ...]:
    return tuple(
        Label(at=place(v), text=units.decimal(v, digits))
        for v in round_ticks(low, high)
    )


def _range(values: tuple[float, ...]) -> tuple[float, float]:
    low, high = min(values), max(values)
    pad = 0.08 * (high - low) or 0.5
    return low - pad, high + pad


def _in_words(limits: Limits, digits: int) -> str:
    pairs = len(limits.differences)
    if not math.isfinite(limits.bias.value):
        return say(
            "Too few to say how far the two differ: {n} here; at least {least} are "
            "needed.",
            n=pairs,
            least=LEAST,
        )
    pairs_text = say_n(
        "{n} pair of {recordings}.",
        "{n} pairs of {recordings}.",
        pairs,
        recordings=units.recordings(limits.recordings),
    )
    return " ".join(
        (
            pairs_text,
            say(
                "The mean difference is {bias}; about 95 % of differences lie between "
                "{low} and {high}.",
                bias=with_interval(limits.bias, digits),
                low=with_interval(limits.low, digits),
                high=with_interval(limits.high, digits),
            ),
            say("In brackets: 95 % intervals.")
            if math.isfinite(limits.bias.low)
            else say("Too few recordings to say how sure this is."),
        )
    )


def with_interval(found: Estimate, digits: int) -> str:
    """Write a number with its 95 % interval, where it has one."""
    value = units.decimal(found.value, digits)
    if not (math.isfinite(found.low) and math.isfinite(found.high)):
        return value
    return units.with_interval(
        value, units.decimal(found.low, digits), units.decimal(found.high, digits)
    )
