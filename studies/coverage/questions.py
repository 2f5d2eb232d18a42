"""What is asked about a simulated person, and what the answer should come to.

A question is answered by yes or no, or by a number. The table shows the share of yes
over many persons, or the median.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from studies.coverage import asking
from studies.coverage.asking import Case
from twitch_tracker.progression.results import Broken, Measure, Sign

__all__ = ["QUESTIONS", "Question", "Wanted", "questions_of"]

_RATE, _TIME = Measure.EPISODES_PER_MIN, Measure.SPASM_FRACTION
_DURATION, _PAUSE = Measure.MEDIAN_DURATION_S, Measure.MEDIAN_PAUSE_S


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Between which bounds the share or the median should lie; none by default."""

    low: float = 0.0
    high: float = float("inf")

    @property
    def anything(self) -> bool:
        """Whether it stands for comparison only."""
        return self == Wanted()


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question.

    Attributes
    ----------
    name : str
        What is counted or measured.
    wanted : Wanted
        What it should come to.
    ask : callable
        Gives yes, no, a number, or None where it does not arise.
    """

    name: str
    wanted: Wanted
    ask: Callable[[Case], bool | float | None]


def questions_of(scenario: str) -> tuple[Question, ...]:
    """Return the questions about a scenario; the first one is asked of all."""
    return (WRONG, *QUESTIONS.get(scenario, ()))


# --- the questions --------------------------------------------------------------------

_RARELY: Final = Wanted(high=0.05)
_USUALLY: Final = Wanted(low=0.90)
_AS_STATED: Final = Wanted(low=0.92)
_NEARLY: Final = Wanted(low=0.85, high=1.15)


def _question(
    name: str, wanted: Wanted, ask: Callable[[Case], bool | float | None]
) -> Question:
    return Question(name=name, wanted=wanted, ask=ask)


WRONG: Final = _question(
    "any firm sentence at the end that is not so", _RARELY, asking.wrong
)

_LATEST_RATE: Final = _question(
    "latest rate inside its interval", _AS_STATED, asking.latest_inside(_RATE)
)
_WRONG_TREND: Final = _question(
    "a clear trend that is not so", _RARELY, asking.wrong_trend
)
_SLOPE: Final = _question(
    "slope of the rate inside its interval", _AS_STATED, asking.slope_inside(_RATE)
)
_SLOPE_SHARE: Final = _question(
    "stated slope of the rate, over the true one (logs)", _NEARLY, asking.slope_share
)
_WINDOW: Final = (
    _question(
        "latest rate, over the true one", _NEARLY, asking.latest_over_true(_RATE)
    ),
    _question(
        "latest median duration, over the true one",
        _NEARLY,
        asking.latest_over_true(_DURATION),
    ),
    _question(
        "latest median pause, over the true one",
        _NEARLY,
        asking.latest_over_true(_PAUSE),
    ),
    _question(
        "latest time in bursts, over the true one",
        _NEARLY,
        asking.latest_over_true(_TIME),
    ),
    _LATEST_RATE,
)
_SIZE: Final = _question(
    "p below 0.05 for the rate where nothing changes",
    Wanted(low=0.02, high=0.07),
    asking.at_five_percent,
)
_BEYOND: Final = (
    _question(
        "slope without mistakes inside its interval, where shown",
        _AS_STATED,
        asking.beyond_inside,
    ),
    _question(
        "slope without mistakes, over the true one (logs)",
        _NEARLY,
        asking.beyond_share,
    ),
)

_SHUFFLED: Final = _question(
    "for comparison: p below 0.05 when days are shuffled", Wanted(), asking.permuted
)


def _warned(name: str, what: Broken) -> Question:
    return _question(f"a warning of {name}", _USUALLY, asking.warned(what))


_NO_WARNING: Final = _question(
    "a warning, although it was always recorded alike",
    _RARELY,
    asking.warned_of_anything,
)

_SPELLS: Final = (
    _question(
        "a firm sentence that is not so, at any of 14 looks",
        _RARELY,
        asking.wrong_ever,
    ),
    _WRONG_TREND,
    _NO_WARNING,
    _LATEST_RATE,
)
_ENDS: Final = (
    _question("fewer bursts or less time in them, clearly", _USUALLY, asking.end_shown),
    _question(
        "where a day is shown, it is within two weeks", _USUALLY, asking.end_dated
    ),
)

QUESTIONS: Final[Mapping[str, tuple[Question, ...]]] = {
    "stable": (_WRONG_TREND, _NO_WARNING, _LATEST_RATE),
    "well_seen": (_WRONG_TREND, _NO_WARNING, _LATEST_RATE),
    "long_spells": _SPELLS,
    "few_spells": _SPELLS,
    "shorter": (_WRONG_TREND, _warned("other lengths", Broken.LENGTH)),
    "longer": (_WRONG_TREND, _warned("other lengths", Broken.LENGTH)),
    "new_lamp": (
        _WRONG_TREND,
        _warned("more bursts on both sides", Broken.BOTH_SIDES),
    ),
    "better_camera": (_WRONG_TREND, _warned("another device", Broken.DEVICE)),
    "mirrored": (_WRONG_TREND, _warned("another side", Broken.SIDE)),
    "bad_days": (
        _WRONG_TREND,
        _question(
            "latest rate, over the true one", _NEARLY, asking.latest_over_true(_RATE)
        ),
    ),
    "even_face": tuple(
        _question(f"{name} stands out", _RARELY, asking.stands_out(sign))
        for name, sign in (
            ("weaker closure", Sign.WEAKER_CLOSURE),
            ("movement along", Sign.MOVES_ALONG),
            ("both sides at once", Sign.BOTH_TOGETHER),
            ("quick jerks", Sign.QUICK),
            ("flicker", Sign.FLICKER),
        )
    ),
    "after_palsy": tuple(
        _question(f"{name} stands out", _USUALLY, asking.stands_out(sign))
        for name, sign in (
            ("weaker closure", Sign.WEAKER_CLOSURE),
            ("movement along", Sign.MOVES_ALONG),
        )
    ),
    "both_sides": (
        _question(
            "both sides at once stands out",
            _USUALLY,
            asking.stands_out(Sign.BOTH_TOGETHER),
        ),
    ),
    "quick_jerks": (
        _question("quick jerks stand out", _USUALLY, asking.stands_out(Sign.QUICK)),
    ),
    "brow_rises": (
        _question(
            "the rising eyebrow stands out",
            _USUALLY,
            asking.stands_out(Sign.BROW_LIFT),
        ),
    ),
    "flicker": (
        _question("flicker stands out", _USUALLY, asking.stands_out(Sign.FLICKER)),
    ),
    "eyelid_only": (
        _question(
            "the rising eyebrow stands out",
            _RARELY,
            asking.stands_out(Sign.BROW_LIFT),
        ),
        _question("a region is shown that never takes part", _RARELY, asking.no_region),
        _question("closest to Samsung grade II", _RARELY, asking.samsung_two),
    ),
    "stress": (
        _question("fatigue is shown clearly", _RARELY, asking.fatigue),
        _question("stress is shown clearly", Wanted(low=0.5), asking.stress),
        _question(
            "stress, or that it is stress or what goes along with it, is shown clearly",
            Wanted(low=0.5),
            asking.stress_or_beside_it,
        ),
    ),
    "whole_page": (
        _question(
            "a firm sentence that is not so, at any of 27 looks",
            _RARELY,
            asking.wrong_ever,
        ),
    ),
    "eight_weeks": (_SIZE, _SHUFFLED),
    "long_bursts": _WINDOW,
    "minute_pauses": _WINDOW,
    "promise": (
        _question(
            "a halving within a year is clear on the day on which the page first says "
            "that it would be",
            Wanted(low=0.8),
            asking.promise_kept,
        ),
        _question(
            "the page ever says that a halving within a year would be clear",
            _USUALLY,
            asking.promise_made,
        ),
    ),
    "late": (
        _question(
            "opens with less, although there is more", _RARELY, asking.opens_with_less
        ),
        _question(
            "opens with more time in bursts, clearly", _USUALLY, asking.opens_with_time
        ),
        _question("bursts come less often, clearly", _RARELY, asking.less_often),
        _question(
            "time in bursts beyond all of it", Wanted(high=0.0), asking.time_past_all
        ),
        *_WINDOW[:4],
    ),
    "late_half_seen": (
        _question(
            "opens with less, although there is more", _RARELY, asking.opens_with_less
        ),
        _question(
            "opens with more time in bursts, clearly", _USUALLY, asking.opens_with_time
        ),
        *_WINDOW[:4],
    ),
    "growing": (
        _SLOPE,
        _SLOPE_SHARE,
        *_BEYOND,
        _question(
            "bursts come more often, clearly",
            Wanted(low=0.5),
            asking.shows_clearly(_RATE, 1),
        ),
    ),
    "growing_half_seen": (
        _SLOPE,
        _SLOPE_SHARE,
        *_BEYOND,
    ),
    "sudden_end": _ENDS,
    "few_end": _ENDS,
    "drug": (
        _question(
            "fewer bursts after it are shown", Wanted(low=0.5), asking.other_shown
        ),
    ),
    "halving": (
        _question(
            "p below 0.05 for the rate", Wanted(low=0.15), asking.at_five_percent
        ),
        _SHUFFLED,
        _SLOPE,
    ),
    "operation": (
        _question("fewer bursts after it are shown", _USUALLY, asking.operation_shown),
    ),
    "spreading": (
        _question(
            "the mouth corner is shown within three months of the day, not before",
            _USUALLY,
            asking.joined_on,
        ),
    ),
    "waning": (
        _SLOPE,
        _question(
            "bursts come more often, clearly", _RARELY, asking.shows_clearly(_RATE, 1)
        ),
    ),
    "rising_dose": (
        _SLOPE,
        _SLOPE_SHARE,
        _question(
            "bursts come less often, clearly", _RARELY, asking.shows_clearly(_RATE, -1)
        ),
    ),
    "cycles": (
        _question(
            "an effect of injections is shown", Wanted(low=0.5), asking.effect_shown
        ),
        _question(
            "effect of the middle injection inside its interval",
            _AS_STATED,
            asking.effect_inside,
        ),
        _question(
            "day on which the effect is half there inside its interval, where shown",
            _AS_STATED,
            asking.onset_inside,
        ),
        _question("a half-way day is shown", Wanted(low=0.5), asking.half_day_shown),
        _question(
            "stated half-way day off by days, median",
            Wanted(high=10.0),
            asking.half_day_off,
        ),
    ),
}
"""By scenario."""
