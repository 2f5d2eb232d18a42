"""What the figures of an evaluation are called, and how their numbers are written.

Knows, for every figure of `evaluate.figures.measures`, a plain name, how to write its
number, and what it is counted from. Nothing here computes anything.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from twitch_tracker import units
from twitch_tracker.language import mark, say, say_n
from twitch_tracker.records.estimates import Estimate

__all__ = [
    "GROUPS",
    "NONE",
    "Spelling",
    "Writer",
    "interval",
    "number",
    "spelling",
]

Writer = Callable[[float], str]
Counter = Callable[[int], str]

NONE: Final = "-"
"""Where there is nothing to write."""


@dataclass(frozen=True, kw_only=True)
class Spelling:
    """How a figure is shown.

    Attributes
    ----------
    name : str
        Plain name; a key of the catalogue.
    write : callable
        Turns the number into text.
    counted : callable
        Says how many of what `Figure.n` counts.
    rule : str
        Under which rule of matching, if not the usual one; a key of the catalogue.
    """

    name: str
    write: Writer
    counted: Counter
    rule: str = ""

    @property
    def label(self) -> str:
        """Plain name in the reader's language."""
        if not self.rule:
            return say(self.name)
        return say("{rule}: {figure}", rule=say(self.rule), figure=say(self.name))


def number(write: Writer, value: float) -> str:
    """Write a number, or that it is not defined."""
    return write(value) if math.isfinite(value) else say("not known")


def interval(write: Writer, estimate: Estimate) -> str:
    """Write a 95 % interval, a dash when there is none."""
    if not (math.isfinite(estimate.low) and math.isfinite(estimate.high)):
        return NONE
    return units.interval(write(estimate.low), write(estimate.high))


def _plus_percent(value: float) -> str:
    return units.percent_to_a_tenth(value, signed=True)


def _plus_ms(value: float) -> str:
    return units.milliseconds(value, signed=True)


def _frames(value: float) -> str:
    return f"{value:.1f}"


def _plus_frames(value: float) -> str:
    return f"{value:+.1f}"


def _two(value: float) -> str:
    return f"{value:.2f}"


def _spell(name: str, write: Writer, counted: Counter, rule: str = "") -> Spelling:
    return Spelling(name=name, write=write, counted=counted, rule=rule)


def _true(n: int) -> str:
    return say_n("{n} true burst", "{n} true bursts", n)


def _logged(n: int) -> str:
    return say_n("{n} logged burst", "{n} logged bursts", n)


def _found(n: int) -> str:
    return say_n("{n} found burst", "{n} found bursts", n)


def _alarms(n: int) -> str:
    return say_n("{n} false alarm", "{n} false alarms", n)


_DETECTION: Final = {
    "sensitivity": _spell(
        mark("Sensitivity: true bursts found"), units.percent_to_a_tenth, _true
    ),
    "precision": _spell(
        mark("Precision: logged bursts that are true"),
        units.percent_to_a_tenth,
        _logged,
    ),
    "f1": _spell(mark("F1 of these two"), units.percent_to_a_tenth, units.bursts),
    "false_alarms_per_min": _spell(
        mark("False alarms per minute"), units.rate, _alarms
    ),
    "untouched_false_alarms_per_min": _spell(
        mark("False alarms per minute, recordings without a true burst"),
        units.rate,
        _alarms,
    ),
    "wrong_side_share": _spell(
        mark("True bursts logged on the wrong side only"),
        units.percent_to_a_tenth,
        _true,
    ),
}
_NUMBERS: Final = {
    "count_error": _spell(
        mark("Bursts counted too many (+) or few"), _plus_percent, _true
    ),
    "rate_error_median_abs": _spell(
        mark("Error of the bursts per minute, typical recording"),
        units.percent_to_a_tenth,
        units.recordings,
    ),
    "rate_within_10pct": _spell(
        mark("Recordings whose rate is within 10 %"),
        units.percent_to_a_tenth,
        units.recordings,
    ),
    "rate_correlation": _spell(
        mark("Rank correlation of true and logged rates"), _two, units.recordings
    ),
    "spasm_time_kappa": _spell(
        mark("Agreement on the time in bursts (kappa)"), _two, units.recordings
    ),
}
_LONG: Final = {
    "held_1_to_3_s": _spell(
        mark("Held for 1 to 3 s, logged as one burst over 80 % of it"),
        units.percent_to_a_tenth,
        _true,
    ),
    "held_3_to_20_s": _spell(
        mark("Held for 3 to 20 s, logged as one burst over 80 % of it"),
        units.percent_to_a_tenth,
        _true,
    ),
    "held_over_20_s": _spell(
        mark("Held for more than 20 s, logged as one burst over 80 % of it"),
        units.percent_to_a_tenth,
        _true,
    ),
    "spasm_time_within_10pct": _spell(
        mark("Recordings whose time in bursts is within 10 %"),
        units.percent_to_a_tenth,
        units.recordings,
    ),
    "strange_side_bursts": _spell(
        mark("Bursts logged on one side while only the other had one"),
        units.percent_to_a_tenth,
        _logged,
    ),
}
_TIMES: Final = {
    "onset_error_s": _spell(mark("Onset, typical error"), units.milliseconds, _found),
    "onset_bias_s": _spell(mark("Onset, late (+) or early"), _plus_ms, _found),
    "onset_error_frames": _spell(
        mark("Onset, typical error in frames"), _frames, _found
    ),
    "onset_bias_frames": _spell(
        mark("Onset, late (+) or early in frames"), _plus_frames, _found
    ),
    "offset_error_s": _spell(mark("Offset, typical error"), units.milliseconds, _found),
    "offset_bias_s": _spell(mark("Offset, late (+) or early"), _plus_ms, _found),
    "offset_error_frames": _spell(
        mark("Offset, typical error in frames"), _frames, _found
    ),
    "offset_bias_frames": _spell(
        mark("Offset, late (+) or early in frames"), _plus_frames, _found
    ),
    "duration_ratio": _spell(mark("Logged length over true length"), _two, _found),
}
_DESCRIPTION: Final = {
    "kind_agreement": _spell(
        mark("Kind agrees (clonic, tonic, mixed)"), units.percent_to_a_tenth, _found
    ),
    "kind_agreement_claimed": _spell(
        mark("Kind agrees, where the log names one"), units.percent, _found
    ),
    "region_agreement": _spell(
        mark("Regions agree (shared of all named)"), units.percent_to_a_tenth, _found
    ),
    "lead_region_agreement": _spell(
        mark("Region that moved first agrees"), units.percent_to_a_tenth, _found
    ),
    "contractions_within_one": _spell(
        mark("Clonic bursts with contractions counted within one"),
        units.percent_to_a_tenth,
        _found,
    ),
    "contractions_within_one_claimed": _spell(
        mark("Clonic bursts counted within one, where the log has a count"),
        units.percent,
        _found,
    ),
    "amplitude_correlation": _spell(
        mark("Rank correlation of true and logged size"), _two, _found
    ),
    "amplitude_ratio": _spell(mark("Logged size over true size"), _two, _found),
}
_RULES: Final = {
    f"{key}_{name}": _spell(label, units.percent_to_a_tenth, counted, rule)
    for key, rule in (
        ("iou", mark("Spans must agree")),
        ("merge_0.15", mark("Pieces merged below 0.15 s")),
        ("merge_0.5", mark("Pieces merged below 0.5 s")),
    )
    for name, label, counted in (
        ("sensitivity", mark("sensitivity"), _true),
        ("precision", mark("precision"), _logged),
        ("f1", mark("F1"), units.bursts),
    )
}

GROUPS: Final = (
    (mark("Finding bursts"), _DETECTION),
    (mark("Numbers of bursts"), _NUMBERS),
    (mark("Long bursts, time in bursts, and the side"), _LONG),
    (mark("When they began and ended"), _TIMES),
    (mark("How they were described"), _DESCRIPTION),
    (mark("Under other rules of matching"), _RULES),
)
"""Every figure, in the order of being shown; names are keys of the catalogue."""

_ALL: Final = {name: how for _, group in GROUPS for name, how in group.items()}


def spelling(name: str) -> Spelling:
    """Return how a figure is shown."""
    return _ALL[name]
