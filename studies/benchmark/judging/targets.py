"""What the detector is to reach, and whether it did.

The table of the project, one row each, judged for any detector. A target is
met when the figure itself reaches it; the interval stands beside it and is
often wider than the distance to the target.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from studies.benchmark.judging.figures import DetectorFigures, Number

__all__ = ["TARGETS", "Target", "TargetResult", "judge_targets"]


@dataclass(frozen=True, kw_only=True)
class Target:
    """One row of the table.

    Attributes
    ----------
    key : str
        Short name for files.
    what : str
        In words.
    least, most : float
        Bounds of the figure, either may be infinite.
    unit : str
        ``share``, ``per min``, ``frames``, ``ratio``, ``ms``, or ``counted``: a count,
        and which share of all it is.
    must : bool
        Whether it may not stay open.
    figure : callable
        Takes `DetectorFigures`.
    """

    key: str
    what: str
    figure: Callable[[DetectorFigures], Number]
    least: float = -math.inf
    most: float = math.inf
    unit: str = "share"
    must: bool = False


@dataclass(frozen=True, kw_only=True)
class TargetResult:
    """A target and what was reached.

    Attributes
    ----------
    target : Target
        Which one.
    number : Number
        What was reached.
    met : bool or None
        Whether that is enough; None when it was not measured.
    sure : bool or None
        Whether the whole interval is enough; None without an interval.
    """

    target: Target
    number: Number
    met: bool | None
    sure: bool | None = None


def _f1(tier: str, least: float, *, must: bool = False) -> Target:
    return Target(
        key=f"f1_{tier}",
        what=f"F1 of bursts put in, {tier}",
        figure=lambda d: d.of(d.spasms, "f1", tier),
        least=least,
        must=must,
    )


def _alarms(tier: str, most: float, *, must: bool = False) -> Target:
    return Target(
        key=f"false_alarms_{tier}",
        what=f"False alarms a minute in untouched video, {tier}",
        figure=lambda d: d.of(d.untouched, "false_alarms_per_min", tier),
        most=most,
        unit="per min",
        must=must,
    )


def _mild(tier: str, least: float) -> Target:
    return Target(
        key=f"mild_{tier}",
        what=f"Sensitivity for mild bursts, {tier}",
        figure=lambda d: d.severity("mild", tier),
        least=least,
    )


def _all(
    key: str,
    what: str,
    name: str,
    unit: str = "share",
    *,
    least: float = -math.inf,
    most: float = math.inf,
) -> Target:
    """Ask for a figure of all recordings with bursts."""
    return Target(
        key=key,
        what=what,
        unit=unit,
        figure=lambda d: d.of(d.spasms, name),
        least=least,
        most=most,
    )


AS_ONE: Final = "logged as one burst over 80 % of it"

TARGETS: Final[tuple[Target, ...]] = (
    _f1("rest", 0.95, must=True),
    _alarms("rest", 0.1, must=True),
    _f1("talk", 0.88),
    _alarms("talk", 0.3),
    _f1("expressive", 0.80),
    _alarms("expressive", 1.0),
    _mild("rest", 0.75),
    _mild("talk", 0.50),
    _all("held_1_3_s", f"Held 1 to 3 s, {AS_ONE}", "held_1_to_3_s", least=0.90),
    _all("held_3_20_s", f"Held 3 to 20 s, {AS_ONE}", "held_3_to_20_s", least=0.95),
    _all("held_over_20_s", f"Held over 20 s, {AS_ONE}", "held_over_20_s", least=0.95),
    _all(
        "spasm_time",
        "Recordings whose time in spasm is within 10 %",
        "spasm_time_within_10pct",
        least=0.90,
    ),
    Target(
        key="wrong_side",
        what="Bursts logged on the wrong side",
        figure=lambda d: d.of(d.one_sided, "strange_side_bursts"),
        most=0.0,
        unit="counted",
        must=True,
    ),
    Target(
        key="real_closures",
        what="Sensitivity for real one-sided closures",
        figure=lambda d: d.of(d.reopened, "sensitivity"),
        least=0.97,
        must=True,
    ),
    Target(
        key="real_lids_held",
        what=f"Real lids held closed, {AS_ONE}",
        figure=lambda d: d.held_lids(),
        least=0.95,
    ),
    Target(
        key="real_closures_false_alarms",
        what="False alarms a minute beside real closures",
        figure=lambda d: d.of(d.reopened, "false_alarms_per_min"),
        most=0.3,
        unit="per min",
        must=True,
    ),
    Target(
        key="blinks",
        what="Real blinks of both eyes with a burst logged",
        figure=lambda d: d.blinks_logged,
        most=0.0,
    ),
    Target(
        key="eyelid_only_rest",
        what="Sensitivity for bursts of the eyelid alone, rest",
        figure=lambda d: d.eyelid_only("rest"),
        least=0.85,
    ),
    _all("onset", "Median onset error", "onset_error_frames", "frames", most=1.5),
    _all(
        "duration",
        "Median duration, logged over true",
        "duration_ratio",
        "ratio",
        least=0.85,
        most=1.15,
    ),
    _all(
        "rate",
        "Median error of a recording's rate",
        "rate_error_median_abs",
        most=0.10,
    ),
    _all(
        "contractions",
        "Clonic bursts with contractions counted within one",
        "contractions_within_one",
        least=0.85,
    ),
    _all("kind", "Clonic, tonic or mixed as drawn", "kind_agreement", least=0.85),
    _all(
        "amplitude",
        "Rank correlation of true and logged excursion",
        "amplitude_correlation",
        "ratio",
        least=0.90,
    ),
    Target(
        key="cost",
        what="Signals and decision, time per frame",
        figure=lambda d: d.ms_per_frame,
        most=3.0,
        unit="ms",
    ),
)
"""All rows, in the order of the report."""

_ATTRIBUTES: Final = frozenset({"contractions", "kind", "amplitude"})


def judge_targets(figures: DetectorFigures) -> tuple[TargetResult, ...]:
    """Compare a detector with every target.

    Parameters
    ----------
    figures : DetectorFigures
        Of the detector.
    """
    return tuple(_judge(target, figures) for target in TARGETS)


def _judge(target: Target, figures: DetectorFigures) -> TargetResult:
    if target.key in _ATTRIBUTES and not figures.detector.attributes:
        return TargetResult(target=target, number=Number(value=math.nan), met=None)
    number = target.figure(figures)
    ends = [_reaches(target, end) for end in (number.low, number.high)]
    return TargetResult(
        target=target,
        number=number,
        met=_reaches(target, number.value),
        sure=None if None in ends else all(ends),
    )


def _reaches(target: Target, value: float) -> bool | None:
    """Return whether a value is within the bounds; None when it is not known."""
    if not math.isfinite(value):
        return None
    return target.least - 1e-12 <= value <= target.most + 1e-12
