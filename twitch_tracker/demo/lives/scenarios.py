"""Simulated people by name: each has one trouble that progression must stand.

A scenario is a life and what is to be asked of the page about it. What is true of it is
computed from the life (`truth`, `judge`); nothing is written down twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from twitch_tracker.demo.lives.curves import from_to, growing, steady, stepping
from twitch_tracker.demo.lives.person import (
    Asked,
    Bursting,
    Detector,
    Diary,
    Done,
    Habit,
    Injections,
    Life,
    Reach,
    Variability,
)
from twitch_tracker.errors import BadParameter
from twitch_tracker.history import TreatmentKind

__all__ = ["SCENARIOS", "LifeScenario", "scenario_named"]

_YEAR: Final = 365
_LONG_ENOUGH: Final = 546
"""Until nearly everybody was promised that a halving would be clear: of those who are within a
year, one in ten, the promise was chosen by luck."""

_NEVER_S: Final = 1e9
_EVEN: Final = Variability(spell_ratio=1.0)
_LONG_SPELLS: Final = Variability(spell_ratio=3.0, good_days=56.0, bad_days=42.0)
_FEW: Final = Bursting(quiet_s=steady(150.0))
_MONTHLY: Final = tuple(float(day) for day in range(28, _YEAR, 28))
_QUARTERLY: Final = tuple(float(d) for d in range(91, 730, 91))
_EYELID: Final = Reach(mouth_corner=steady(0), cheek=steady(0), brow=steady(0))
_MINUTE_A_DAY: Final = Habit(per_week=7.0, minutes=steady(1.0), minutes_sd=0.05)
_UNEVEN: Final = (84.0, 154.0, 252.0, 329.0, 420.0, 504.0, 574.0, 672.0)
"""Cycles of 10 to 14 weeks."""


@dataclass(frozen=True, kw_only=True)
class LifeScenario:
    """A named simulated person.

    Attributes
    ----------
    name : str
        As it is asked for.
    clause : str
        What it is, in a clause.
    life : Life
        Who.
    looks : tuple of float
        Days of the course after which the page is looked at; the last is always its
        end.
    """

    name: str
    clause: str
    life: Life
    looks: tuple[float, ...] = ()


def scenario_named(name: str) -> LifeScenario:
    """Return a scenario.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    LifeScenario
        The one.

    Raises
    ------
    BadParameter
        There is none of this name.
    """
    if name not in SCENARIOS:
        raise BadParameter("scenario", ", ".join(SCENARIOS), name)
    return SCENARIOS[name]


def _single(quiet_s: float) -> Bursting:
    """Return bursts without trains."""
    return Bursting(quiet_s=steady(quiet_s), train=1.0)


_SEEN_WELL: Final = Detector(
    found=steady(1.0),
    half_found_s=0.0,
    region_found=steady(1.0),
    false_per_min=steady(0.0),
    false_region=0.0,
    split_per_min=0.0,
)
"""What a page says is then about its own definitions."""

_STABLE: Final = (
    LifeScenario(
        name="well_seen",
        clause="nothing changes, and every burst is seen",
        life=Life(detector=_SEEN_WELL),
    ),
    LifeScenario(
        name="stable",
        clause="nothing changes; bursts in trains, better and worse days and spells",
        life=Life(),
    ),
    LifeScenario(
        name="long_spells",
        clause="nothing changes; bad spells of six weeks, three times as many bursts",
        life=Life(variability=_LONG_SPELLS),
        looks=_MONTHLY,
    ),
    LifeScenario(
        name="few_spells",
        clause="the same, where bursts come at less than one a minute",
        life=Life(bursting=_FEW, variability=_LONG_SPELLS),
        looks=_MONTHLY,
    ),
    LifeScenario(
        name="shorter",
        clause="nothing changes but recordings: 6 minutes become 1",
        life=Life(habit=Habit(minutes=from_to(6.0, 1.0, _YEAR))),
    ),
    LifeScenario(
        name="longer",
        clause="nothing changes but recordings: 1 minute becomes 6",
        life=Life(habit=Habit(minutes=from_to(1.0, 6.0, _YEAR))),
    ),
    LifeScenario(
        name="new_lamp",
        clause="nothing changes but false alarms: 0.1 become 1.5 a minute on day 180",
        life=Life(detector=Detector(false_per_min=stepping(0.1, 1.5, 180.0))),
    ),
    LifeScenario(
        name="better_camera",
        clause="nothing changes but the camera: 60 % become 95 % found on day 180",
        life=Life(
            detector=Detector(
                found=stepping(0.6, 0.95, 180.0),
                half_found_s=0.15,
                devices=((0.0, "old phone"), (180.0, "new phone")),
            )
        ),
    ),
    LifeScenario(
        name="mirrored",
        clause="nothing changes; from day 180 recordings are mirrored by mistake",
        life=Life(detector=Detector(mirrored_from=180.0)),
    ),
    LifeScenario(
        name="bad_days",
        clause="nothing changes; recordings are made rather on bad days",
        life=Life(habit=Habit(pull=1.5)),
    ),
    LifeScenario(
        name="eyelid_only",
        clause="nothing changes; bursts never leave the eyelid",
        life=Life(reach=_EYELID),
    ),
    LifeScenario(
        name="stress",
        clause="stress drives bursts; fatigue only goes along with stress",
        life=Life(
            diary=Diary(share=0.9, stress_ratio=1.2, fatigue_by_stress=0.7),
        ),
    ),
    LifeScenario(
        name="whole_page",
        clause="nothing changes; bursts never leave the eyelid, inert injections, a diary, "
        "provoked tasks, looked at every two weeks",
        life=Life(
            reach=_EYELID,
            injections=Injections(days=(91.0, 182.0, 273.0), depth=1.0),
            habit=Habit(provoked_share=0.3),
            diary=Diary(share=0.7, fatigue_by_stress=0.5),
        ),
        looks=tuple(float(day) for day in range(14, _YEAR, 14)),
    ),
    LifeScenario(
        name="promise",
        clause="nothing changes; five minutes every day for a year and a half, looked at "
        "every four weeks",
        life=Life(
            days=_LONG_ENOUGH,
            bursting=_single(40.0),
            habit=Habit(per_week=7.0, minutes=steady(5.0)),
            variability=Variability(day_shape=10.0, spell_ratio=1.0),
        ),
        looks=tuple(float(day) for day in range(28, _LONG_ENOUGH, 28)),
    ),
    LifeScenario(
        name="inert_drug",
        clause="nothing changes; a drug is begun on day 180 and does nothing",
        life=Life(done=(Done(day=180.0, kind=TreatmentKind.OTHER, product="drug"),)),
    ),
    LifeScenario(
        name="eight_weeks",
        clause="nothing changes in eight weeks with three recordings each",
        life=Life(days=56, bursting=_single(40.0)),
    ),
)

_ALIKE: Final = (
    LifeScenario(
        name="even_face",
        clause="nothing changes; both sides close and smile alike when asked to",
        life=Life(asked=Asked(share=0.3)),
    ),
    LifeScenario(
        name="after_palsy",
        clause="nothing changes; the twitching side closes to 70 % of the other one, and its "
        "eye closes along when it smiles",
        life=Life(asked=Asked(share=0.3, closure=0.7, smile=0.7, brow=0.7, along=0.3)),
    ),
    LifeScenario(
        name="both_sides",
        clause="nothing changes; nine of ten bursts are on both sides at once",
        life=Life(both_share=0.9, reach=_EYELID),
    ),
    LifeScenario(
        name="brow_rises",
        clause="nothing changes; the eyebrow rises in six of ten bursts",
        life=Life(
            reach=Reach(mouth_corner=steady(0), cheek=steady(0), brow=steady(0.6))
        ),
    ),
    LifeScenario(
        name="quick_jerks",
        clause="nothing changes; jerks of a seventh of a second, each in another place",
        life=Life(
            bursting=Bursting(duration_s=steady(0.15), duration_shape=3.0),
            reach=Reach(
                eyelid=steady(0.3),
                mouth_corner=steady(0.35),
                cheek=steady(0.2),
                brow=steady(0.3),
            ),
        ),
    ),
    LifeScenario(
        name="flicker",
        clause="nothing changes; bursts of 0.4 mm for most of the time",
        life=Life(
            bursting=Bursting(
                quiet_s=steady(2.0),
                train=1.0,
                duration_s=steady(4.0),
                excursion_mm=steady(0.4),
            ),
            reach=_EYELID,
        ),
    ),
)

_WINDOWS: Final = (
    LifeScenario(
        name="long_bursts",
        clause="bursts of 180 s in 1 minute a day, all seen",
        life=Life(
            bursting=Bursting(
                quiet_s=steady(70.0),
                train=1.0,
                duration_s=steady(180.0),
                duration_shape=2.0,
            ),
            habit=_MINUTE_A_DAY,
            variability=_EVEN,
            detector=_SEEN_WELL,
        ),
    ),
    LifeScenario(
        name="minute_pauses",
        clause="short bursts with pauses of 60 s in 1 minute a day, all seen",
        life=Life(
            bursting=_single(86.0),
            habit=_MINUTE_A_DAY,
            variability=_EVEN,
            detector=_SEEN_WELL,
        ),
    ),
)

_LATE: Final = Bursting(
    quiet_s=from_to(40.0, 15.0, 730),
    train=1.0,
    duration_s=from_to(2.0, 90.0, 730),
)

_CHANGING: Final = (
    LifeScenario(
        name="late",
        clause="bursts of 2 s become 90 s and pauses of 40 s become 15 s in two years, "
        "all seen",
        life=Life(
            days=730,
            bursting=_LATE,
            habit=Habit(per_week=2.0),
            variability=_EVEN,
            detector=_SEEN_WELL,
        ),
    ),
    LifeScenario(
        name="late_half_seen",
        clause="the same, with bursts missed, invented, joined and interrupted",
        life=Life(days=730, bursting=_LATE, habit=Habit(per_week=2.0)),
    ),
    LifeScenario(
        name="growing",
        clause="trains come half as often again every year",
        life=Life(days=730, bursting=Bursting(quiet_s=growing(80.0, 1 / 1.5), train=1)),
    ),
    LifeScenario(
        name="growing_half_seen",
        clause="the same, with 75 % of the bursts found and 0.5 false alarms a minute",
        life=Life(
            days=730,
            bursting=Bursting(quiet_s=growing(80.0, 1 / 1.5), train=1),
            detector=Detector(found=steady(0.75), false_per_min=steady(0.5)),
        ),
    ),
    LifeScenario(
        name="sudden_end",
        clause="all bursts end on day 90 of 180",
        life=Life(days=180, bursting=Bursting(quiet_s=stepping(60.0, _NEVER_S, 90.0))),
    ),
    LifeScenario(
        name="few_end",
        clause="the same, where bursts came at less than one a minute",
        life=Life(days=180, bursting=Bursting(quiet_s=stepping(150.0, _NEVER_S, 90.0))),
    ),
    LifeScenario(
        name="halving",
        clause="half as many bursts after eight weeks with three recordings each",
        life=Life(
            days=56,
            bursting=Bursting(quiet_s=from_to(40.0, 80.0, 56), train=1.0),
        ),
    ),
    LifeScenario(
        name="drug",
        clause="a drug is begun on day 180 and halves the bursts at once",
        life=Life(
            bursting=Bursting(quiet_s=stepping(40.0, 80.0, 180.0), train=1.0),
            done=(Done(day=180.0, kind=TreatmentKind.OTHER, product="drug"),),
        ),
    ),
    LifeScenario(
        name="operation",
        clause="an operation on day 180 leaves one burst in ten",
        life=Life(
            days=545,
            bursting=Bursting(quiet_s=stepping(40.0, 400.0, 180.0), train=1.0),
            done=(Done(day=180.0, kind=TreatmentKind.MICROVASCULAR_DECOMPRESSION),),
        ),
    ),
    LifeScenario(
        name="spreading",
        clause="the mouth corner joins in the second half of a year",
        life=Life(
            reach=Reach(
                mouth_corner=stepping(0.0, 0.5, 180.0),
                cheek=steady(0),
                brow=steady(0),
            )
        ),
    ),
)

_INJECTED: Final = (
    LifeScenario(
        name="waning",
        clause="injections lose a tenth of their effect each time; the disease is stable",
        life=Life(
            days=800, injections=Injections(days=_QUARTERLY, depth=0.2, each=0.9)
        ),
    ),
    LifeScenario(
        name="rising_dose",
        clause="a tenth more dose and effect each time; the disease grows 28 % a year",
        life=Life(
            days=800,
            bursting=Bursting(quiet_s=growing(60.0, 1 / 1.28), train=1.0),
            injections=Injections(days=_QUARTERLY, depth=0.35, dose_each=1.1),
        ),
    ),
    LifeScenario(
        name="cycles",
        clause="injections every 10 to 14 weeks",
        life=Life(
            days=760,
            injections=Injections(days=_UNEVEN, depth=0.2, half_day=70.0),
        ),
    ),
)

SCENARIOS: Final[Mapping[str, LifeScenario]] = {
    scenario.name: scenario
    for scenario in (*_STABLE, *_ALIKE, *_WINDOWS, *_CHANGING, *_INJECTED)
}
"""All of them, by name."""
