"""A Bland-Altman figure as SVG, with the same in words.

Knows only numbers and labels. The convention that bites: no style attribute and no
script, so that the page's policy holds; looks come from ``review.css``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from twitch_tracker.app.review.agreeing import Limits
from twitch_tracker.report import amounts
from twitch_tracker.report.words import say

__all__ = ["Figure", "Mark", "draw_limits"]

WIDTH: Final = 640
HEIGHT: Final = 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 20, 20, 46
_TICKS: Final = 4


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Something at a place of the figure; `kind` is a class of the style sheet."""

    at: float
    text: str
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure ready for its template, in pixels; empty `points` is no figure."""

    title: str
    words: str
    mean_label: str
    difference_label: str
    points: tuple[tuple[float, float], ...] = ()
    lines: tuple[Mark, ...] = ()
    below: tuple[Mark, ...] = ()
    beside: tuple[Mark, ...] = ()
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM


def draw_limits(
    limits: Limits, *, title: str, mean_label: str, difference_label: str, digits: int
) -> Figure:
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
    Figure
        Without points when there are fewer than two.
    """
    words = _in_words(limits, digits)
    if len(limits.differences) < 2:
        return Figure(
            title=title,
            words=words,
            mean_label=mean_label,
            difference_label=difference_label,
        )
    x_low, x_high = _range(limits.means)
    y_low, y_high = _range((*limits.differences, limits.low, limits.high, 0.0))

    def x(value: float) -> float:
        share = (value - x_low) / (x_high - x_low)
        return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)

    def y(value: float) -> float:
        share = (value - y_low) / (y_high - y_low)
        return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)

    lines = ((0.0, "zero"), (limits.bias, "bias"), (limits.low, "limit"))
    return Figure(
        title=title,
        words=words,
        mean_label=mean_label,
        difference_label=difference_label,
        points=tuple(
            (x(mean), y(difference))
            for mean, difference in zip(limits.means, limits.differences, strict=True)
        ),
        lines=tuple(
            Mark(at=y(value), text="", kind=kind)
            for value, kind in (*lines, (limits.high, "limit"))
        ),
        below=tuple(
            Mark(at=x(v), text=amounts.decimal(v, digits))
            for v in _ticks(x_low, x_high)
        ),
        beside=tuple(
            Mark(at=y(v), text=amounts.decimal(v, digits))
            for v in _ticks(y_low, y_high)
        ),
    )


def _range(values: tuple[float, ...]) -> tuple[float, float]:
    low, high = min(values), max(values)
    pad = 0.08 * (high - low) or 0.5
    return low - pad, high + pad


def _ticks(low: float, high: float) -> tuple[float, ...]:
    """Return some round numbers within a range."""
    rough = (high - low) / _TICKS
    scale = 10.0 ** math.floor(math.log10(rough))
    step = next(scale * m for m in (1, 2, 5, 10) if scale * m >= rough)
    first = math.ceil(low / step)
    return tuple(step * n for n in range(first, math.floor(high / step) + 1))


def _in_words(limits: Limits, digits: int) -> str:
    count = len(limits.differences)
    if count < 2:
        return say("At least two pairs are needed to compare; there are fewer.")
    return say(
        "{n} pairs. The mean difference is {bias}; about 95 % of differences lie "
        "between {low} and {high}.",
        n=count,
        bias=amounts.decimal(limits.bias, digits),
        low=amounts.decimal(limits.low, digits),
        high=amounts.decimal(limits.high, digits),
    )
