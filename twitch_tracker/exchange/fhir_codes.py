"""The words that a FHIR bundle of this program uses: its own codes, and UCUM units.

Knows every number that goes into a bundle: its code, what it means, its unit and how
it comes from a logged recording. The convention that bites: the codes are this
program's own (`CODES_URI`, defined in the bundle itself as a ``CodeSystem``). None is
borrowed from LOINC or SNOMED CT, which have none for these measures that we could
name with certainty.

Units: The Unified Code for Units of Measure (UCUM), ``http://unitsofmeasure.org``,
as FHIR R4 (hl7.org/fhir/R4/valueset-ucum-units.html) asks for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from twitch_tracker.history import LoggedRecording, SideTotals
from twitch_tracker.regions import Region

__all__ = [
    "CODES_URI",
    "DIARY_UNITS",
    "PSEUDONYM_URI",
    "RECORDING_MEASURES",
    "SIDE_MEASURES",
    "Measure",
    "code_system",
    "coded_concept",
    "quantity",
]

CODES_URI: Final = "urn:x-twitch-tracker:measures"
"""Names the code system of this program."""

PSEUDONYM_URI: Final = "urn:x-twitch-tracker:pseudonym"
"""Names the kind of identifier that a person has in a journal."""

_UCUM: Final = "http://unitsofmeasure.org"

_Totals = tuple[LoggedRecording, SideTotals]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One number of a bundle.

    Attributes
    ----------
    code, meaning : str
        Its name, the same as in ``summary.json`` where it is there, and its meaning.
    unit, ucum : str
        Its unit for people and in UCUM.
    of : callable
        Computes it from a recording and the totals of one side; NaN when it is not
        defined.
    """

    code: str
    meaning: str
    unit: str
    ucum: str
    of: Callable[[LoggedRecording, SideTotals], float]


def _per(value: float, whole: float) -> float:
    return value / whole if whole > 0 else math.nan


def _median(values: Any) -> float:
    known = np.asarray(values)[np.isfinite(values)]
    return float(np.median(known)) if known.size else math.nan


def _longest(totals: SideTotals) -> float:
    return float(totals.durations_s.max()) if totals.episodes else math.nan


def _with(region: Region) -> Callable[[LoggedRecording, SideTotals], float]:
    return lambda _, side: float(side.with_region.get(region, 0))


SIDE_MEASURES: Final = (
    Measure(
        code="episodes",
        meaning="Number of one-sided bursts",
        unit="bursts",
        ucum="1",
        of=lambda _, side: side.episodes,
    ),
    Measure(
        code="episodes_per_min",
        meaning="Bursts per analysable minute",
        unit="per minute",
        ucum="/min",
        of=lambda whole, side: _per(60 * side.episodes, whole.analysable_s),
    ),
    Measure(
        code="spasm_s",
        meaning="Time in bursts",
        unit="s",
        ucum="s",
        of=lambda _, side: side.spasm_s,
    ),
    Measure(
        code="spasm_fraction",
        meaning="Share of the analysable time spent in bursts",
        unit="share",
        ucum="1",
        of=lambda whole, side: _per(side.spasm_s, whole.analysable_s),
    ),
    Measure(
        code="median_duration_s",
        meaning="Median duration of a burst",
        unit="s",
        ucum="s",
        of=lambda _, side: _median(side.durations_s),
    ),
    Measure(
        code="longest_duration_s",
        meaning="Longest burst",
        unit="s",
        ucum="s",
        of=lambda _, side: _longest(side),
    ),
    Measure(
        code="share_over_1s",
        meaning="Share of bursts longer than one second",
        unit="share",
        ucum="1",
        of=lambda _, side: _per(side.over_1s, side.episodes),
    ),
    Measure(
        code="median_pause_s",
        meaning="Median pause between bursts, watched throughout",
        unit="s",
        ucum="s",
        of=lambda _, side: _median(side.pauses_s),
    ),
    Measure(
        code="median_excursion_mm",
        meaning="Median of the largest displacement of each burst",
        unit="mm",
        ucum="mm",
        of=lambda _, side: _median(side.excursions_mm),
    ),
    *(
        Measure(
            code=f"with_{region}",
            meaning=f"Bursts in which the {region.replace('_', ' ')} took part",
            unit="bursts",
            ucum="1",
            of=_with(region),
        )
        for region in Region
    ),
    Measure(
        code="both_regions",
        meaning="Bursts of the eyelid together with mouth corner or cheek",
        unit="bursts",
        ucum="1",
        of=lambda _, side: side.both_regions,
    ),
    Measure(
        code="brow_lifts",
        meaning="Bursts with the brow rising while the eye of that side closed",
        unit="bursts",
        ucum="1",
        of=lambda _, side: side.brow_lifts,
    ),
)
"""What is told of each side of a recording."""

RECORDING_MEASURES: Final = (
    Measure(
        code="recorded_min",
        meaning="Length of the recording",
        unit="min",
        ucum="min",
        of=lambda whole, _: whole.recorded_s / 60,
    ),
    Measure(
        code="analysable_min",
        meaning="Analysable minutes: what of it could be measured",
        unit="min",
        ucum="min",
        of=lambda whole, _: whole.analysable_s / 60,
    ),
    Measure(
        code="blinks",
        meaning="Blinks of both eyes",
        unit="blinks",
        ucum="1",
        of=lambda whole, _: whole.blinks,
    ),
    Measure(
        code="blinks_per_min",
        meaning="Blinks per analysable minute",
        unit="per minute",
        ucum="/min",
        of=lambda whole, _: _per(60 * whole.blinks, whole.analysable_s),
    ),
    Measure(
        code="rest_asymmetry",
        meaning="(right - left) / mean of the eye openings between bursts",
        unit="share",
        ucum="1",
        of=lambda whole, _: whole.rest_asymmetry,
    ),
)
"""What is told of a recording as a whole."""

DIARY_UNITS: Final = {
    "stress": ("Stress, 0 none to 10 worst imaginable", "score", "{score}"),
    "fatigue": ("Fatigue, 0 none to 10 worst imaginable", "score", "{score}"),
    "sleep_hours": ("Hours slept in the night before", "h", "h"),
    "caffeine_cups": ("Cups of coffee or what equals them", "cups", "{cup}"),
    "screen_hours": ("Hours in front of screens", "h", "h"),
    "hfs7_total": ("Total of the HFS-7 questionnaire, 0 to 28", "score", "{score}"),
}
"""Meaning, unit and UCUM unit of the numbers of a diary entry."""

_WORDS: Final = {
    "side_of_recording": "One-sided bursts of one side in one recording",
    "recording": "One recording as a whole",
    "task": "What the person was asked to do",
    "regions": "Regions of the face that bursts reached",
    "medication": "What was taken, in the person's own words",
    "diary_notes": "What else was written in the diary, in the person's own words",
    "injection": "Injection of botulinum toxin",
    "microvascular_decompression": "Microvascular decompression",
    "other_treatment": "Other treatment",
}
"""Codes that are no numbers."""


def _meanings() -> dict[str, str]:
    numbers = {m.code: m.meaning for m in (*SIDE_MEASURES, *RECORDING_MEASURES)}
    return {**numbers, **{k: v[0] for k, v in DIARY_UNITS.items()}, **_WORDS}


def coded_concept(code: str) -> dict[str, Any]:
    """Return the ``CodeableConcept`` of one of this program's codes."""
    meaning = _meanings()[code]
    coding = {"system": CODES_URI, "code": code, "display": meaning}
    return {"coding": [coding], "text": meaning}


def quantity(value: float, unit: str, ucum: str) -> dict[str, Any]:
    """Return a ``Quantity``, rounded to six significant digits."""
    rounded = float(f"{float(value):.6g}")
    number = int(rounded) if rounded.is_integer() else rounded
    return {"value": number, "unit": unit, "system": _UCUM, "code": ucum}


def code_system() -> dict[str, Any]:
    """Return the ``CodeSystem`` that defines this program's codes."""
    meanings = _meanings()
    return {
        "resourceType": "CodeSystem",
        "url": CODES_URI,
        "name": "TwitchTrackerMeasures",
        "title": "Measures of twitch_tracker",
        "status": "active",
        "experimental": False,
        "description": "Measures of one-sided bursts of the face on video. They "
        "measure; they diagnose nothing.",
        "caseSensitive": True,
        "content": "complete",
        "count": len(meanings),
        "concept": [
            {"code": code, "display": meaning} for code, meaning in meanings.items()
        ],
    }
