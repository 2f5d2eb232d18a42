"""The frozen value types of the months and years: who, when, how treated, how it was.

Knows what a journal holds of a person and what progression reads from it; knows neither
a database nor a statistic. Note: every moment is an aware `datetime`; a day is a `date`
in the person's own calendar; `NaN` means not measured and `None` means not stated;
sides are the subject's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from twitch_tracker.records.face_numbers import FaceNumbers
from twitch_tracker.regions import Region, Side

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

__all__ = [
    "DIARY",
    "DIARY_FACTORS",
    "DIARY_INFLUENCES",
    "DIARY_SYMPTOMS",
    "USUAL_BASIS",
    "Basis",
    "DiaryEntry",
    "DiaryFactor",
    "LoggedRecording",
    "Method",
    "Patient",
    "PatientHistory",
    "SideEffect",
    "SideTotals",
    "Task",
    "TaskKind",
    "Treatment",
    "TreatmentKind",
]


class TaskKind(StrEnum):
    """What may be charted together: rest and provoked are never mixed."""

    REST = "rest"
    PROVOKED = "provoked"
    AFTER = "after_provocation"
    OTHER = "other"


class Task(StrEnum):
    """What the person was asked to do (CLINICAL.md section 4)."""

    REST = "rest"
    EYES_CLOSED = "eyes_closed"
    BLINKING = "blinking"
    FORCED_CLOSURE = "forced_closure"
    PURSING = "pursing"
    SMILING = "smiling"
    BROW_RAISING = "brow_raising"
    SPEECH = "speech"
    FREE_SPEECH = "free_speech"
    REST_AFTER = "rest_after"
    OTHER = "other"

    @property
    def kind(self) -> TaskKind:
        """Which tasks it may be charted with."""
        return _KINDS.get(self, TaskKind.PROVOKED)


_KINDS: Final = {
    Task.REST: TaskKind.REST,
    Task.REST_AFTER: TaskKind.AFTER,
    Task.EYES_CLOSED: TaskKind.OTHER,
    Task.BLINKING: TaskKind.OTHER,
    Task.OTHER: TaskKind.OTHER,
}


class Basis(StrEnum):
    """Whose bursts are counted.

    `REVIEWED` counts what a person confirmed, corrected or added, and leaves out
    recordings that nobody has finished reviewing; `BOTH` takes the reviewed bursts
    where a review is finished and the detected ones elsewhere.
    """

    DETECTED = "detected"
    REVIEWED = "reviewed"
    BOTH = "both"


USUAL_BASIS: Final = Basis.BOTH
"""What counts where nobody asked for anything else: a finished review counts."""


@dataclass(frozen=True, kw_only=True)
class Patient:
    """A person, by a pseudonym that the user chose.

    Attributes
    ----------
    patient_id : str
        The pseudonym; unique in a journal.
    notes : str
        Free text.
    created_at : datetime
        When the person was entered.
    no_known_face : bool
        Whether this person's earlier recordings are never asked about the face.
    films_kept_days : int or None
        For how many days the app keeps this person's films once they are analysed; 0
        for not at all, None for good.
    """

    patient_id: str
    notes: str = ""
    created_at: datetime
    no_known_face: bool = False
    films_kept_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Method:
    """With what a recording was measured. Only the same method compares.

    Attributes
    ----------
    tracker, tracker_weights_sha256 : str
        Who found the landmarks, and with which weights.
    detector, networks_sha256 : str
        Who found the bursts, and with which weights; no hash for hand-made rules.
    parameters_sha256 : str
        Hash of every parameter of the analysis that can change a number.
    software_version : str
        Version of this package. Not part of `key`: a version that measures otherwise
        has other weights or parameters.
    """

    tracker: str
    tracker_weights_sha256: str
    detector: str
    networks_sha256: str
    parameters_sha256: str
    software_version: str

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What must be equal for two recordings to be compared."""
        return (
            self.tracker,
            self.tracker_weights_sha256,
            self.detector,
            self.networks_sha256,
            self.parameters_sha256,
        )


@dataclass(frozen=True, kw_only=True)
class SideTotals:
    """The bursts of one side in one recording, as progression needs them.

    Attributes
    ----------
    durations_s : Floats
        Length of each burst in order of onset, shape (bursts,).
    pauses_s : Floats
        Pauses between bursts that were watched throughout, shape (pauses,).
    excursions_mm : Floats
        Largest displacement of each burst, NaN where not measured, shape (bursts,).
    with_region : Mapping[Region, int]
        Bursts in which each region took part.
    both_regions : int
        Bursts with the eyelid and the lower face (mouth corner or cheek).
    brow_lifts : int
        Bursts with the brow rising while the eye of the same side closed.
    onset_cut, offset_cut : NDArray[np.bool_]
        Whether the onset and the offset of each burst was not seen, so that its
        duration is a lower bound, in the order of `durations_s`, shape (bursts,).
    bilateral : int
        Bursts that a burst of the other side overlaps.
    hardly_open_s : float
        Seconds during which the eye was hardly ever open; NaN when not looked for.
    """

    durations_s: Floats
    pauses_s: Floats
    excursions_mm: Floats
    with_region: Mapping[Region, int]
    both_regions: int
    brow_lifts: int
    onset_cut: NDArray[np.bool_]
    offset_cut: NDArray[np.bool_]
    bilateral: int = 0
    hardly_open_s: float = float("nan")

    @property
    def episodes(self) -> int:
        """Number of bursts."""
        return len(self.durations_s)

    @property
    def cut_off(self) -> int:
        """Bursts of which the duration is a lower bound."""
        return int((self.onset_cut | self.offset_cut).sum())

    @property
    def spasm_s(self) -> float:
        """Seconds in bursts."""
        return float(self.durations_s.sum())

    @property
    def over_1s(self) -> int:
        """Bursts longer than one second."""
        return int((self.durations_s > 1.0).sum())


@dataclass(frozen=True, kw_only=True)
class LoggedRecording:
    """One recording as the journal gives it to progression.

    Attributes
    ----------
    recording_id : str
        Its name in the journal.
    started_at : datetime
        When it was recorded; aware.
    task : Task
        What the person was asked to do.
    method : Method
        With what the counted revision was measured.
    recorded_s, analysable_s : float
        Length, and its measurable part: every rate divides by the latter.
    sides : Mapping[Side, SideTotals]
        Bursts of both sides.
    blinks : int
        Blinks of both eyes.
    rest_asymmetry : float
        (right - left) / mean of the apertures between bursts; NaN if not measured.
    basis : Basis
        DETECTED or REVIEWED: whose bursts these are.
    device : str
        With what it was filmed, as it was entered; empty when it was not.
    face : FaceNumbers
        What the face did apart from bursts.
    """

    recording_id: str
    started_at: datetime
    task: Task
    method: Method
    recorded_s: float
    analysable_s: float
    sides: Mapping[Side, SideTotals]
    blinks: int
    rest_asymmetry: float
    basis: Basis = Basis.DETECTED
    device: str = ""
    face: FaceNumbers = field(default_factory=FaceNumbers)


class TreatmentKind(StrEnum):
    """What was done."""

    BOTULINUM_TOXIN = "botulinum_toxin"
    MICROVASCULAR_DECOMPRESSION = "microvascular_decompression"
    OTHER = "other"


class SideEffect(StrEnum):
    """What botulinum toxin may do besides, as it was noticed."""

    PTOSIS = "ptosis"
    DRY_EYE = "dry_eye"
    MOUTH_DROOP = "mouth_droop"


@dataclass(frozen=True, kw_only=True)
class Treatment:
    """One treatment.

    Attributes
    ----------
    treatment_id : str
        Its name in the journal; empty before it is stored.
    kind : TreatmentKind
        What was done.
    on : date
        The day.
    side : Side or None
        Which side was treated; None when not stated.
    product : str
        Brand or medicine.
    units : float
        Total dose in the product's own units; NaN when not stated.
    muscles : Mapping[str, float]
        Units by muscle, NaN for a muscle whose dose was not stated.
    notes : str
        Free text.
    side_effects : tuple of SideEffect or None
        Those that were noticed; empty when none was; None when not stated.
    """

    treatment_id: str = ""
    kind: TreatmentKind
    on: date
    side: Side | None = None
    product: str = ""
    units: float = float("nan")
    muscles: Mapping[str, float] = field(default_factory=dict)
    notes: str = ""
    side_effects: tuple[SideEffect, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class DiaryEntry:
    """How a day was. One entry a person and day; what was not entered is NaN or empty.

    Attributes
    ----------
    on : date
        The day.
    stress, fatigue : float
        0 (none) to 10 (worst imaginable).
    sleep_hours : float
        Hours slept in the night before, 0 to 24.
    caffeine_cups : float
        Cups of coffee or what equals them.
    screen_hours : float
        Hours in front of screens, 0 to 24.
    hfs7_total, hfs8_total, hfs30_total : float
        Totals of the HFS-7, HFS-8 and HFS-30 questionnaires, 0 to 28, 32 and 120.
    twitching : float
        How bad the twitching was, 0 (not at all) to 4 (very bad).
    pain, ear_noise, watering_eye, trouble_reading, trouble_driving : float
        Whether it was there that day: 1 yes, 0 no.
    medication : str
        What was taken, free text.
    notes : str
        Free text.
    """

    on: date
    stress: float = float("nan")
    fatigue: float = float("nan")
    sleep_hours: float = float("nan")
    caffeine_cups: float = float("nan")
    screen_hours: float = float("nan")
    hfs7_total: float = float("nan")
    twitching: float = float("nan")
    hfs8_total: float = float("nan")
    hfs30_total: float = float("nan")
    pain: float = float("nan")
    ear_noise: float = float("nan")
    watering_eye: float = float("nan")
    trouble_reading: float = float("nan")
    trouble_driving: float = float("nan")
    medication: str = ""
    notes: str = ""


@dataclass(frozen=True, kw_only=True)
class DiaryFactor:
    """One number of the diary; what it is called stands in `wording.terms`.

    Attributes
    ----------
    high : float
        It may be from 0 to this.
    step : float
        In which it is asked.
    felt : bool
        Whether it is how the day felt, and asked with a slider.
    influence : bool
        Whether it may go along with bursts as something else does: not what speaks of
        the bursts themselves. Only these are looked at for what goes along with bursts.
    symptom : bool
        Whether it is there or not: 1 or 0.
    unit, meaning : str
        For the data dictionary.
    display, fhir_unit, ucum : str
        For a hospital's system: what it is, and its unit in words and in UCUM.
    """

    high: float
    step: float = 1
    felt: bool = False
    influence: bool = True
    symptom: bool = False
    unit: str
    meaning: str
    display: str
    fhir_unit: str
    ucum: str


def _felt(name: str) -> DiaryFactor:
    return DiaryFactor(
        high=10.0,
        felt=True,
        unit="0 to 10",
        meaning="0 none, 10 worst imaginable",
        display=f"{name}, 0 none to 10 worst imaginable",
        fhir_unit="score",
        ucum="{score}",
    )


def _hours(meaning: str, display: str) -> DiaryFactor:
    return DiaryFactor(
        high=24.0,
        step=0.5,
        unit="h",
        meaning=meaning,
        display=display,
        fhir_unit="h",
        ucum="h",
    )


def _symptom(name: str) -> DiaryFactor:
    return DiaryFactor(
        high=1.0,
        influence=False,
        symptom=True,
        unit="0 or 1",
        meaning=f"{name}: 1 yes, 0 no",
        display=f"{name.capitalize()}: 1 yes, 0 no",
        fhir_unit="score",
        ucum="{score}",
    )


DIARY: Final[Mapping[str, DiaryFactor]] = {
    "stress": _felt("Stress"),
    "fatigue": _felt("Fatigue"),
    "sleep_hours": _hours(
        "hours slept in the night before", "Hours slept in the night before"
    ),
    "caffeine_cups": DiaryFactor(
        high=40.0,
        step=0.5,
        unit="cups",
        meaning="cups of coffee, or what equals them",
        display="Cups of coffee or what equals them",
        fhir_unit="cups",
        ucum="{cup}",
    ),
    "screen_hours": _hours("hours in front of screens", "Hours in front of screens"),
    "hfs7_total": DiaryFactor(
        high=28.0,
        influence=False,
        unit="0 to 28",
        meaning="total of the HFS-7 questionnaire",
        display="Total of the HFS-7 questionnaire, 0 to 28",
        fhir_unit="score",
        ucum="{score}",
    ),
    "twitching": DiaryFactor(
        high=4.0,
        influence=False,
        unit="0 to 4",
        meaning="how bad the twitching was, 0 not at all, 4 very bad",
        display="How bad the twitching was, 0 not at all to 4 very bad",
        fhir_unit="score",
        ucum="{score}",
    ),
    "hfs8_total": DiaryFactor(
        high=32.0,
        influence=False,
        unit="0 to 32",
        meaning="total of the HFS-8 questionnaire",
        display="Total of the HFS-8 questionnaire, 0 to 32",
        fhir_unit="score",
        ucum="{score}",
    ),
    "hfs30_total": DiaryFactor(
        high=120.0,
        influence=False,
        unit="0 to 120",
        meaning="total of the HFS-30 questionnaire",
        display="Total of the HFS-30 questionnaire, 0 to 120",
        fhir_unit="score",
        ucum="{score}",
    ),
    "pain": _symptom("pain in the face"),
    "ear_noise": _symptom("noise or clicking in the ear"),
    "watering_eye": _symptom("a watering eye"),
    "trouble_reading": _symptom("trouble reading"),
    "trouble_driving": _symptom("trouble driving"),
}
"""The numbers of a diary entry, from which tables, forms and exports follow. HFS-7 has
seven items of 0 to 4, HFS-30 thirty (Tan et al. 2004, J Neurol Sci 219:151-155)."""

DIARY_FACTORS: Final[Mapping[str, tuple[float, float]]] = {
    name: (0.0, factor.high) for name, factor in DIARY.items()
}
"""What the numbers of a diary entry may be."""

DIARY_INFLUENCES: Final = tuple(n for n, one in DIARY.items() if one.influence)
"""Those that are looked at for what goes along with bursts."""

DIARY_SYMPTOMS: Final = tuple(n for n, one in DIARY.items() if one.symptom)
"""Those that are there or not."""


@dataclass(frozen=True, kw_only=True)
class PatientHistory:
    """All that progression needs of one person.

    Attributes
    ----------
    patient : Patient
        The person.
    recordings : tuple of LoggedRecording
        In order of time, each recording once, possibly of several methods.
    treatments : tuple of Treatment
        In order of day.
    diary : tuple of DiaryEntry
        In order of day.
    """

    patient: Patient
    recordings: tuple[LoggedRecording, ...]
    treatments: tuple[Treatment, ...] = ()
    diary: tuple[DiaryEntry, ...] = ()
