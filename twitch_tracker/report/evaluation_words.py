"""What the figures of an evaluation are called, and how their numbers are written.

Knows, for every figure of `evaluate.measures`, a plain name, how to write its
number, and what it is counted from. Nothing here computes anything.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from twitch_tracker.evaluate.estimates import Estimate
from twitch_tracker.report import amounts
from twitch_tracker.report.words import say

__all__ = [
    "GROUPS",
    "NONE",
    "Spelling",
    "Writer",
    "interval",
    "number",
    "rate",
    "spelling",
]

Writer = Callable[[float], str]

NONE: Final = "-"
"""Where there is nothing to write."""


@dataclass(frozen=True, kw_only=True)
class Spelling:
    """How a figure is shown.

    Attributes
    ----------
    label : str
        Plain name.
    write : callable
        Turns the number into text.
    of : tuple of str
        What `Figure.n` counts: for one, and for any other number.
    """

    label: str
    write: Writer
    of: tuple[str, str]


def number(write: Writer, value: float) -> str:
    """Write a number, or that it is not defined."""
    return write(value) if math.isfinite(value) else say("not known")


def interval(write: Writer, estimate: Estimate) -> str:
    """Write a 95 % interval, a dash when there is none."""
    if not (math.isfinite(estimate.low) and math.isfinite(estimate.high)):
        return NONE
    low, high = write(estimate.low), write(estimate.high)
    unit = high[high.rfind(" ") :] if " " in high else ""
    return say("{low} to {high}", low=low.removesuffix(unit), high=high)


def _plus_percent(value: float) -> str:
    return f"{100 * value:+.1f} %"


def _ms(value: float) -> str:
    return f"{1000 * value:.0f} ms"


def _plus_ms(value: float) -> str:
    return f"{1000 * value:+.0f} ms"


def _frames(value: float) -> str:
    return f"{value:.1f}"


def _plus_frames(value: float) -> str:
    return f"{value:+.1f}"


def _two(value: float) -> str:
    return f"{value:.2f}"


def rate(value: float) -> str:
    """Write a number per minute."""
    return f"{value:.2f}"


def _spell(label: str, write: Writer, of: tuple[str, str]) -> Spelling:
    return Spelling(label=label, write=write, of=of)


_TRUE: Final = (say("true burst"), say("true bursts"))
_LOGGED: Final = (say("logged burst"), say("logged bursts"))
_FOUND: Final = (say("found burst"), say("found bursts"))
_ALARMS: Final = (say("false alarm"), say("false alarms"))
_FILMS: Final = (say("recording"), say("recordings"))
_BURSTS: Final = (say("burst"), say("bursts"))

_DETECTION: Final = {
    "sensitivity": _spell(
        say("Sensitivity: true bursts found"), amounts.percent, _TRUE
    ),
    "precision": _spell(
        say("Precision: logged bursts that are true"), amounts.percent, _LOGGED
    ),
    "f1": _spell(say("F1 of these two"), amounts.percent, _BURSTS),
    "false_alarms_per_min": _spell(say("False alarms per minute"), rate, _ALARMS),
    "untouched_false_alarms_per_min": _spell(
        say("False alarms per minute, recordings without a true burst"), rate, _ALARMS
    ),
    "wrong_side_share": _spell(
        say("True bursts logged on the wrong side only"), amounts.percent, _TRUE
    ),
}
_NUMBERS: Final = {
    "count_error": _spell(
        say("Bursts counted too many (+) or few"), _plus_percent, _TRUE
    ),
    "rate_error_median_abs": _spell(
        say("Error of the bursts per minute, typical recording"),
        amounts.percent,
        _FILMS,
    ),
    "rate_within_10pct": _spell(
        say("Recordings whose rate is within 10 %"), amounts.percent, _FILMS
    ),
    "rate_correlation": _spell(
        say("Rank correlation of true and logged rates"), _two, _FILMS
    ),
    "spasm_time_kappa": _spell(
        say("Agreement on the time in bursts (kappa)"), _two, _FILMS
    ),
}
_TIMES: Final = {
    "onset_error_s": _spell(say("Onset, typical error"), _ms, _FOUND),
    "onset_bias_s": _spell(say("Onset, late (+) or early"), _plus_ms, _FOUND),
    "onset_error_frames": _spell(
        say("Onset, typical error in frames"), _frames, _FOUND
    ),
    "onset_bias_frames": _spell(
        say("Onset, late (+) or early in frames"), _plus_frames, _FOUND
    ),
    "offset_error_s": _spell(say("Offset, typical error"), _ms, _FOUND),
    "offset_bias_s": _spell(say("Offset, late (+) or early"), _plus_ms, _FOUND),
    "offset_error_frames": _spell(
        say("Offset, typical error in frames"), _frames, _FOUND
    ),
    "offset_bias_frames": _spell(
        say("Offset, late (+) or early in frames"), _plus_frames, _FOUND
    ),
    "duration_ratio": _spell(say("Logged length over true length"), _two, _FOUND),
}
_DESCRIPTION: Final = {
    "kind_agreement": _spell(
        say("Kind agrees (clonic, tonic, mixed)"), amounts.percent, _FOUND
    ),
    "region_agreement": _spell(
        say("Regions agree (shared of all named)"), amounts.percent, _FOUND
    ),
    "lead_region_agreement": _spell(
        say("Region that moved first agrees"), amounts.percent, _FOUND
    ),
    "contractions_within_one": _spell(
        say("Clonic bursts with contractions counted within one"),
        amounts.percent,
        _FOUND,
    ),
    "amplitude_correlation": _spell(
        say("Rank correlation of true and logged size"), _two, _FOUND
    ),
    "amplitude_ratio": _spell(say("Logged size over true size"), _two, _FOUND),
}
_RULES: Final = {
    f"{rule}_{name}": _spell(f"{words}: {label}", amounts.percent, of)
    for rule, words in (
        ("iou", say("Spans must agree")),
        ("merge_0.15", say("Pieces merged below 0.15 s")),
        ("merge_0.5", say("Pieces merged below 0.5 s")),
    )
    for name, label, of in (
        ("sensitivity", say("sensitivity"), _TRUE),
        ("precision", say("precision"), _LOGGED),
        ("f1", say("F1"), _BURSTS),
    )
}

GROUPS: Final = (
    (say("Finding bursts"), _DETECTION),
    (say("Numbers of bursts"), _NUMBERS),
    (say("When they began and ended"), _TIMES),
    (say("How they were described"), _DESCRIPTION),
    (say("Under other rules of matching"), _RULES),
)
"""Every figure, in the order of being shown."""

_ALL: Final = {name: how for _, group in GROUPS for name, how in group.items()}


def spelling(name: str) -> Spelling:
    """Return how a figure is shown."""
    return _ALL[name]
