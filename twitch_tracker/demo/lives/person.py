"""What a simulated person is: how bursts run, how days differ, what is done and logged.

Plain values; nothing is drawn here. Note: `Curve` fields are values by day; a mean
pause is that of a day like any other (factor 1); sides are the subject's own; the
detector's chances are for one burst.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from twitch_tracker.demo.lives.curves import Curve, steady
from twitch_tracker.errors import BadParameter
from twitch_tracker.history import TreatmentKind
from twitch_tracker.language import say
from twitch_tracker.regions import Side

__all__ = [
    "Asked",
    "Bursting",
    "Detector",
    "Diary",
    "Done",
    "Habit",
    "Injections",
    "Life",
    "Reach",
    "Variability",
]


@dataclass(frozen=True, kw_only=True)
class Bursting:
    """How bursts of the affected side run: trains of bursts with quiet between them.

    Attributes
    ----------
    quiet_s : Curve
        Mean quiet before a train.
    train : float
        Mean number of bursts in a train, at least 1.
    pause_s : Curve
        Mean pause between the bursts of a train.
    duration_s : Curve
        Median duration of a burst.
    duration_shape : float
        Shape of the Weibull law of durations; below 1 a few are very long.
    excursion_mm : Curve
        Median largest displacement.
    """

    quiet_s: Curve = field(default_factory=lambda: steady(60.0))
    train: float = 2.0
    pause_s: Curve = field(default_factory=lambda: steady(6.0))
    duration_s: Curve = field(default_factory=lambda: steady(0.8))
    duration_shape: float = 1.2
    excursion_mm: Curve = field(default_factory=lambda: steady(2.5))

    def __post_init__(self) -> None:
        """Refuse trains of less than a burst."""
        if self.train < 1:
            raise BadParameter("train", say("at least 1"), self.train)


@dataclass(frozen=True, kw_only=True)
class Variability:
    """How days differ, although nothing lasting changes.

    A day's factor divides the quiet between trains; it has mean 1.

    Attributes
    ----------
    day_shape : float
        Shape of the gamma law of the factor of single days: 4 is a coefficient of
        variation of a half; infinite for equal days.
    spell_ratio : float
        Factor in a bad spell over that in a good one.
    good_days, bad_days : float
        Mean length of good and bad spells.
    duration_sd : float
        Standard deviation of the log of a day's durations.
    """

    day_shape: float = 5.0
    spell_ratio: float = 2.0
    good_days: float = 14.0
    bad_days: float = 7.0
    duration_sd: float = 0.15


@dataclass(frozen=True, kw_only=True)
class Injections:
    """Injections of botulinum toxin into the affected side.

    Attributes
    ----------
    days : tuple of float
        When.
    depth : float
        Rate under the full effect of the first one, over that without (0.25 is a
        quarter); 1 is without effect.
    each : float
        By what the logarithm of that is multiplied from injection to injection: 0.9
        loses a tenth of the effect each time.
    units : float
        First dose.
    dose_each : float
        By what the dose is multiplied from injection to injection; the logarithm of
        the effect grows with it.
    half_day : float
        Day on which half of the logarithmic effect is gone.
    half_sd : float
        Standard deviation of that day between injections.
    """

    days: tuple[float, ...] = ()
    depth: float = 0.25
    each: float = 1.0
    units: float = 20.0
    dose_each: float = 1.0
    half_day: float = 85.0
    half_sd: float = 5.0


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Chance that a region takes part in a burst; where none would, the eyelid does."""

    eyelid: Curve = field(default_factory=lambda: steady(1.0))
    mouth_corner: Curve = field(default_factory=lambda: steady(0.4))
    cheek: Curve = field(default_factory=lambda: steady(0.2))
    brow: Curve = field(default_factory=lambda: steady(0.2))


@dataclass(frozen=True, kw_only=True)
class Detector:
    """How well bursts are seen.

    Attributes
    ----------
    found : Curve
        Chance that a long burst is found.
    half_found_s : float
        Duration at which that chance is halved.
    region_found : Curve
        Chance that a region beyond the eyelid is seen, where it takes part.
    false_per_min : Curve
        Mean false alarms a minute, on each side.
    false_shape : float
        Shape of the gamma law by which false alarms differ between recordings.
    false_region : float
        Chance that a logged burst, true or false, is given a region beyond the eyelid
        that takes no part, each.
    split_per_min : float
        How often a minute of a long burst is logged as interrupted.
    join_s : float
        Pauses shorter than this are not seen.
    edge_sd_s : float
        Error of a seen onset or offset.
    mirrored_from : float
        Day from which the sides are swapped by mistake; infinite for never.
    devices : tuple of (float, str)
        Name of the device from a day on, as it is entered in the journal.
    """

    found: Curve = field(default_factory=lambda: steady(0.9))
    half_found_s: float = 0.05
    region_found: Curve = field(default_factory=lambda: steady(0.85))
    false_per_min: Curve = field(default_factory=lambda: steady(0.1))
    false_shape: float = 2.0
    false_region: float = 0.03
    split_per_min: float = 0.5
    join_s: float = 0.3
    edge_sd_s: float = 0.04
    mirrored_from: float = float("inf")
    devices: tuple[tuple[float, str], ...] = ((0.0, "phone"),)

    def device_on(self, day: float) -> str:
        """Return the device of a day."""
        return [name for begin, name in self.devices if begin <= day][-1]


@dataclass(frozen=True, kw_only=True)
class Habit:
    """When and for how long a person records.

    Attributes
    ----------
    per_week : float
        Mean recordings at rest a week.
    minutes : Curve
        Median length of a recording.
    minutes_sd : float
        Standard deviation of its log.
    pull : float
        How much rather on bad days: the chance of recording on a day goes with the
        day's factor to this power; 0 is not at all.
    provoked_share : float
        Share of recordings followed by one minute of pursing the lips.
    provoked_ratio : float
        Factor on the quiet between trains then: below 1 trains come more often.
    turned_away : float
        Chance that some seconds of a recording cannot be measured.
    """

    per_week: float = 3.0
    minutes: Curve = field(default_factory=lambda: steady(3.0))
    minutes_sd: float = 0.15
    pull: float = 0.0
    provoked_share: float = 0.0
    provoked_ratio: float = 0.5
    turned_away: float = 0.3


@dataclass(frozen=True, kw_only=True)
class Diary:
    """What is noted of days.

    Attributes
    ----------
    share : float
        Share of days with an entry.
    stress_ratio : float
        By what a point of stress multiplies the day's factor.
    fatigue_by_stress : float
        Correlation of fatigue with stress; fatigue itself does nothing.
    """

    share: float = 0.0
    stress_ratio: float = 1.0
    fatigue_by_stress: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the face shows when it is asked to close the eyes, to smile, to raise the eyebrows.

    Attributes
    ----------
    share : float
        Share of recordings followed by these tasks.
    closure : float
        How far the affected eye closes when asked to, over the other one.
    along : float
        How much more the affected eye closes while smiling, as a share of its opening.
    smile, brow : float
        How far the affected mouth corner and eyebrow come, over the other ones.
    noise_sd : float
        Standard deviation of what is read of each side; of millimetres, of their logarithm.
    """

    share: float = 0.0
    closure: float = 1.0
    smile: float = 1.0
    brow: float = 1.0
    along: float = 0.0
    noise_sd: float = 0.06


@dataclass(frozen=True, kw_only=True)
class Done:
    """A treatment other than an injection, as it is entered in the journal.

    What it does, if anything, is in the curves of `Bursting`.
    """

    day: float
    kind: TreatmentKind
    product: str = ""


@dataclass(frozen=True, kw_only=True)
class Life:
    """All of a simulated person.

    Attributes
    ----------
    days : int
        Length of the course.
    start : date
        First day.
    side : Side
        The affected one.
    both_share : float
        Share of its bursts in which the other side takes part at the same time. The
        other has no further bursts: what else is logged there is false.
    asymmetry : float
        Mean rest asymmetry, (right - left) / mean.
    done : tuple of Done
        Other treatments, in order of day.
    bursting, variability, injections, reach, detector, habit, diary, asked
        See there.
    """

    days: int = 365
    start: date = date(2023, 3, 6)
    side: Side = Side.LEFT
    both_share: float = 0.0
    asymmetry: float = 0.03
    done: tuple[Done, ...] = ()
    bursting: Bursting = field(default_factory=Bursting)
    variability: Variability = field(default_factory=Variability)
    injections: Injections = field(default_factory=Injections)
    reach: Reach = field(default_factory=Reach)
    detector: Detector = field(default_factory=Detector)
    habit: Habit = field(default_factory=Habit)
    diary: Diary = field(default_factory=Diary)
    asked: Asked = field(default_factory=Asked)

    def __post_init__(self) -> None:
        """Refuse a course without a day."""
        if self.days < 1:
            raise BadParameter("days", say("at least 1"), self.days)
