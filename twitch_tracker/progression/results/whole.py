"""Everything that is found in one person's course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from twitch_tracker.history import Basis, DiaryEntry, Method, Patient, Treatment
from twitch_tracker.progression.recordings.broken import Break
from twitch_tracker.progression.recordings.choose import LeftOut
from twitch_tracker.progression.results.clinic import (
    BetweenBursts,
    EyeShut,
    ProvokedRatio,
    QuestionnaireChange,
    RegionReached,
    SignSeen,
)
from twitch_tracker.progression.results.readings import Reading
from twitch_tracker.progression.results.scales import Closest
from twitch_tracker.progression.results.treatments import (
    Cycle,
    InjectionCourse,
    OperationCourse,
    OtherCourse,
)
from twitch_tracker.progression.results.trends import Association, Series
from twitch_tracker.regions import SIDES, Side

__all__ = ["Progression"]


@dataclass(frozen=True, kw_only=True)
class Progression:
    """Everything the progression page shows.

    Attributes
    ----------
    patient, basis
        Of whom, and whose bursts were counted.
    method : Method or None
        With what all counted recordings were measured; None without recordings.
    first_on, last_on : date or None
        First and last day with a counted recording.
    recordings, analysable_min
        How many were counted, and the minutes in them.
    series : tuple of Series
        Only with at least one recording.
    injections : sequence of InjectionCourse
        In order of day, each made when it is looked at (`lazy.LazyCourses`).
    operations, associations, regions, closest
        See there.
    treatments : tuple of Treatment
        All of them, to be drawn as bands and marks.
    diary : tuple of DiaryEntry
        All of it.
    left_out : tuple of LeftOut
        What is not counted.
    breaks : tuple of Break
        Where it was recorded in another way, in order of day.
    cycles : tuple of Cycle
        All injections of a side together.
    others : tuple of OtherCourse
        What followed drugs and other treatments, in order of day.
    between : tuple of BetweenBursts
        Both sides apart from bursts.
    eyes_shut : tuple of EyeShut
        How long each eye was hardly ever open at rest.
    recorded_min : float
        Length of the counted recordings, of which `analysable_min` could be measured.
    signs : tuple of SignSeen
        What clinicians use to distinguish causes, of judged sides; for clinicians only.
    provoked : tuple of ProvokedRatio
        Tasks over rest, of judged sides.
    hfs7, hfs30 : QuestionnaireChange or None
        The totals of HFS-7 and HFS-30, latest against before.
    judged : tuple of Side
        Sides whose bursts stand clear of false alarms, the first one first; of the other
        ones nothing but dots is shown.
    readings : tuple of Reading
        What to say first, the most important first; never empty.
    reviewed : int
        Of how many counted recordings a finished review was counted.
    """

    patient: Patient
    basis: Basis
    method: Method | None
    first_on: date | None
    last_on: date | None
    recordings: int
    analysable_min: float
    series: tuple[Series, ...]
    injections: Sequence[InjectionCourse]
    operations: tuple[OperationCourse, ...]
    associations: tuple[Association, ...]
    regions: tuple[RegionReached, ...]
    closest: tuple[Closest, ...]
    treatments: tuple[Treatment, ...]
    diary: tuple[DiaryEntry, ...]
    left_out: tuple[LeftOut, ...]
    readings: tuple[Reading, ...]
    breaks: tuple[Break, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    reviewed: int = 0
    others: tuple[OtherCourse, ...] = ()
    between: tuple[BetweenBursts, ...] = ()
    eyes_shut: tuple[EyeShut, ...] = ()
    recorded_min: float = float("nan")
    signs: tuple[SignSeen, ...] = ()
    provoked: tuple[ProvokedRatio, ...] = ()
    hfs7: QuestionnaireChange | None = None
    hfs30: QuestionnaireChange | None = None
    judged: tuple[Side, ...] = ()

    @property
    def aside(self) -> tuple[Side, ...]:
        """Sides that are not judged where the other one is: they are shown faintly."""
        return tuple(s for s in SIDES if self.judged and s not in self.judged)
