"""Two plots of an evaluation as plain shapes: calibration, and sensitivity by false alarms.

Knows where every line, dot and label goes on a drawing of `WIDTH` by `HEIGHT`
units; the template only writes them down as SVG. No script is needed, and what
is drawn is also in a table beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from twitch_tracker.evaluate.figures.calibration import Calibration, Price
from twitch_tracker.language import say
from twitch_tracker.report.ticks import round_step

__all__ = ["Plot", "price_plot", "reliability_plot"]

WIDTH: Final = 360
HEIGHT: Final = 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 14, 12, 46
_PERCENT: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, kw_only=True)
class PlotPoint:
    """A point with its interval (None where there is none) and a label."""

    x: float
    y: float
    size: float
    low_y: float | None = None
    high_y: float | None = None
    label: str = ""
    label_x: float = 0.0
    label_y: float = 0.0
    anchor: str = "start"


@dataclass(frozen=True, kw_only=True)
class Plot:
    """A drawing; all places are in its own units, y downward."""

    title: str
    x_title: str
    y_title: str
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    diagonal: bool
    curve: str
    dots: tuple[PlotPoint, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM


def _x(share: float) -> float:
    return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)


def _y(share: float) -> float:
    return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)


def _percents(place: Iterable[tuple[float, float]]) -> tuple[tuple[float, str], ...]:
    return tuple((at, f"{100 * share:.0f}") for share, at in place)


def _curve(dots: Sequence[PlotPoint]) -> str:
    return " ".join(f"{dot.x},{dot.y}" for dot in dots)


def reliability_plot(calibration: Calibration) -> Plot | None:
    """Draw the share of true bursts against confidence.

    Returns
    -------
    Plot or None
        None when there is no burst with a confidence.
    """
    if not calibration.bins:
        return None
    most = max(item.n for item in calibration.bins)
    dots = []
    for item in calibration.bins:
        share = item.share_true
        ends = [_y(v) if math.isfinite(v) else None for v in (share.low, share.high)]
        dots.append(
            PlotPoint(
                x=_x(item.mean_confidence),
                y=_y(share.value),
                size=round(3 + 6 * math.sqrt(item.n / most), 1),
                low_y=ends[0],
                high_y=ends[1],
            )
        )
    return Plot(
        title=say("Share of true bursts against confidence"),
        x_title=say("Confidence in the log (%)"),
        y_title=say("Really true (%)"),
        x_ticks=_percents((share, _x(share)) for share in _PERCENT),
        y_ticks=_percents((share, _y(share)) for share in _PERCENT),
        diagonal=True,
        curve=_curve(dots),
        dots=tuple(dots),
    )


def price_plot(prices: Sequence[Price]) -> Plot | None:
    """Draw sensitivity against false alarms per minute.

    Parameters
    ----------
    prices : sequence of Price
        From the lowest threshold to the highest.

    Returns
    -------
    Plot or None
        None when there is nothing, or no time is known.
    """
    known = [
        price
        for price in prices
        if math.isfinite(price.false_alarms_per_min.value)
        and math.isfinite(price.sensitivity.value)
    ]
    if not known:
        return None
    largest = max(price.false_alarms_per_min.value for price in known)
    step = round_step(largest / 4, of_nothing=0.25)
    most = 4 * step
    dots: list[PlotPoint] = []
    for price in known:
        x = _x(price.false_alarms_per_min.value / most)
        y = _y(price.sensitivity.value)
        dots.append(_labelled(x, y, f"{100 * price.cut_off:.0f}", dots))
    return Plot(
        title=say("Bursts found against false alarms"),
        x_title=say("False alarms per minute"),
        y_title=say("True bursts found (%)"),
        x_ticks=tuple((_x(k / 4), f"{k * step:g}") for k in range(5)),
        y_ticks=_percents((share, _y(share)) for share in _PERCENT),
        diagonal=False,
        curve=_curve(dots),
        dots=tuple(dots),
    )


def _labelled(
    x: float, y: float, label: str, earlier: Sequence[PlotPoint]
) -> PlotPoint:
    """Make a dot; its label is left out where it would lie on another one."""
    on_right = x < WIDTH - _RIGHT - 40
    label_x, label_y = (x + 8, y + 14) if on_right else (x - 8, y + 16)
    taken = any(
        dot.label and math.hypot(dot.label_x - label_x, dot.label_y - label_y) < 18
        for dot in earlier
    )
    return PlotPoint(
        x=x,
        y=y,
        size=4,
        label="" if taken else label,
        label_x=label_x,
        label_y=label_y,
        anchor="start" if on_right else "end",
    )
