"""The codes of a FHIR bundle: those of this program, and UCUM units.

Knows every number that goes into a bundle: its code, what it means, its unit and how it
comes from a logged recording. Note: the codes are this program's own (`CODES_URI`,
defined in the bundle itself as a ``CodeSystem``), but for what SNOMED CT and LOINC name
with certainty: the face, left and right, hours of sleep. They have no codes for the
measures themselves.

Codes: SNOMED CT International edition of 2025-02-01 (laterality as HL7 Europe expands
it, ``siteLaterality-eu``; face as DICOM CID 4061); LOINC 2.77.

Units: The Unified Code for Units of Measure (UCUM), ``http://unitsofmeasure.org``,
as FHIR R4 (hl7.org/fhir/R4/valueset-ucum-units.html) asks for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from twitch_tracker.history import DIARY, LoggedRecording, SideTotals
from twitch_tracker.regions import SIDES, Region, Side

__all__ = [
    "CODES_URI",
    "DIARY_UNITS",
    "HEADLINE_CODES",
    "PSEUDONYM_URI",
    "RECORDING_MEASURES",
    "SIDE_MEASURES",
    "CodedNumber",
    "bare_concept",
    "code_system",
    "coded_concept",
    "face",
    "laterality",
    "quantity",
    "side_code",
]

CODES_URI: Final = "urn:x-twitch-tracker:measures"
"""Names the code system of this program."""

PSEUDONYM_URI: Final = "urn:x-twitch-tracker:pseudonym"
"""Names the kind of identifier that a person has in a journal."""

_UCUM: Final = "http://unitsofmeasure.org"


@dataclass(frozen=True, kw_only=True)
class CodedNumber:
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


_OF_UNIT: Final = {
    "bursts": "1",
    "blinks": "1",
    "closures": "1",
    "share": "1",
    "per minute": "/min",
    "s": "s",
    "min": "min",
    "mm": "mm",
}
"""The UCUM unit of each unit for people."""


def _measures(
    *rows: tuple[str, str, str, Callable[[LoggedRecording, SideTotals], float]],
) -> tuple[CodedNumber, ...]:
    """Make measures of rows of code, unit, meaning and what computes it."""
    return tuple(
        CodedNumber(code=code, meaning=meaning, unit=unit, ucum=_OF_UNIT[unit], of=of)
        for code, unit, meaning, of in rows
    )


def _per(value: float, whole: float) -> float:
    return value / whole if whole > 0 else math.nan


def _median(values: Any) -> float:
    known = np.asarray(values)[np.isfinite(values)]
    return float(np.median(known)) if known.size else math.nan


def _longest(totals: SideTotals) -> float:
    return float(totals.durations_s.max()) if totals.episodes else math.nan


def _with(region: Region) -> Callable[[LoggedRecording, SideTotals], float]:
    return lambda _, side: float(side.with_region.get(region, 0))


# fmt: off
SIDE_MEASURES: Final = _measures(
    ("episodes", "bursts", "Number of one-sided bursts",
     lambda _, side: side.episodes),
    ("onsets_per_free_min", "per minute",
     "New bursts: onsets seen per burst-free analysable minute",
     lambda whole, side: _per(
         60 * float((~side.onset_cut).sum()),
         max(whole.analysable_s - side.spasm_s, 0.0))),
    ("spasm_s", "s", "Time in bursts",
     lambda _, side: side.spasm_s),
    ("spasm_fraction", "share", "Share of the analysable time spent in bursts",
     lambda whole, side: _per(side.spasm_s, whole.analysable_s)),
    ("median_duration_s", "s", "Median duration of a burst",
     lambda _, side: _median(side.durations_s)),
    ("longest_duration_s", "s", "Longest burst",
     lambda _, side: _longest(side)),
    ("share_over_1s", "share", "Share of bursts longer than one second",
     lambda _, side: _per(side.over_1s, side.episodes)),
    ("median_pause_s", "s", "Median pause between bursts, watched throughout",
     lambda _, side: _median(side.pauses_s)),
    ("median_excursion_mm", "mm", "Median of the largest displacement of each burst",
     lambda _, side: _median(side.excursions_mm)),
    *((f"with_{region}", "bursts",
       f"Bursts in which the {region.replace('_', ' ')} took part", _with(region))
      for region in Region),
    ("both_regions", "bursts",
     "Bursts of the eyelid together with mouth corner or cheek",
     lambda _, side: side.both_regions),
    ("brow_lifts", "bursts",
     "Bursts with the brow rising while the eye of that side closed",
     lambda _, side: side.brow_lifts),
    ("cut_off", "bursts",
     "Bursts whose onset or offset was not seen: their durations are lower bounds",
     lambda _, side: side.cut_off),
    ("bilateral", "bursts", "Bursts that a burst of the other side overlaps",
     lambda _, side: side.bilateral),
    ("hardly_open_s", "s", "Time during which the eye was hardly ever open",
     lambda _, side: side.hardly_open_s),
)
"""What is reported of each side of a recording."""

RECORDING_MEASURES: Final = _measures(
    ("recorded_min", "min", "Length of the recording",
     lambda whole, _: whole.recorded_s / 60),
    ("analysable_min", "min", "Analysable minutes: what of it could be measured",
     lambda whole, _: whole.analysable_s / 60),
    ("blinks", "blinks", "Blinks of both eyes",
     lambda whole, _: whole.blinks),
    ("blinks_per_min", "per minute", "Blinks per analysable minute",
     lambda whole, _: _per(60 * whole.blinks, whole.analysable_s)),
    ("rest_asymmetry", "share",
     "(right - left) / mean of the eye openings between bursts",
     lambda whole, _: whole.rest_asymmetry),
    ("long_closures", "closures", "Closures of both eyes longer than a blink (0.8 s)",
     lambda whole, _: whole.face.long_closures),
    ("long_closures_s", "s", "Time in closures of both eyes longer than a blink",
     lambda whole, _: whole.face.long_closures_s),
    ("mouth_asymmetry_mm", "mm",
     "At rest, how much further the right mouth corner lies up and out than the left",
     lambda whole, _: whole.face.mouth_asymmetry_mm),
)
"""What is reported of a recording as a whole."""
# fmt: on

DIARY_UNITS: Final = {
    name: (one.display, one.fhir_unit, one.ucum) for name, one in DIARY.items()
}
"""Meaning, unit and UCUM unit of the numbers of a diary entry."""

_WORDS: Final = {
    "report": "Course of one-sided bursts of the face, measured on video",
    "side": "Side of the face",
    "side_of_recording": "One-sided bursts of one side in one recording",
    "recording": "One recording as a whole",
    "task": "What the person was asked to do",
    "regions": "Regions of the face that bursts reached",
    "diary": "What the person entered for one day",
    "medication": "What was taken, in the person's own words",
    "diary_notes": "What else was written in the diary, in the person's own words",
    "injection": "Injection of botulinum toxin",
    "microvascular_decompression": "Microvascular decompression",
    "other_treatment": "Other treatment",
}
"""Codes that are no numbers."""


HEADLINE_CODES: Final = ("episodes", "onsets_per_free_min", "spasm_fraction")
"""The measures of a side that stand for all where there is no room for all."""


def side_code(side: Side, code: str) -> str:
    """Name a headline measure of one side."""
    return f"{side}_{code}"


_SNOMED: Final = {
    "system": "http://snomed.info/sct",
    "version": "http://snomed.info/sct/900000000000207008/version/20250201",
}
_LATERALITY: Final = {
    Side.LEFT: ("7771000", "Left"),
    Side.RIGHT: ("24028007", "Right"),
}
_STANDARD: Final = {
    "sleep_hours": {
        "system": "http://loinc.org",
        "version": "2.77",
        "code": "93832-4",
        "display": "Sleep duration",
    }
}
"""Codes of others for what this program calls by its own."""


def face() -> dict[str, Any]:
    """Return the body site of every measure."""
    return {"coding": [{**_SNOMED, "code": "89545001", "display": "Face"}]}


def laterality(side: Side) -> dict[str, Any]:
    """Return a side, which is the person's own, as a ``CodeableConcept``."""
    code, display = _LATERALITY[side]
    coding = {**_SNOMED, "code": code, "display": display}
    return {"coding": [coding], "text": f"the person's own {side}"}


def _meanings() -> dict[str, str]:
    numbers = {m.code: m.meaning for m in (*SIDE_MEASURES, *RECORDING_MEASURES)}
    numbers |= {
        side_code(side, m.code): f"{m.meaning}, {side} side"
        for side in SIDES
        for m in SIDE_MEASURES
        if m.code in HEADLINE_CODES
    }
    return {**numbers, **{k: v[0] for k, v in DIARY_UNITS.items()}, **_WORDS}


def coded_concept(code: str) -> dict[str, Any]:
    """Return the ``CodeableConcept`` of one of this program's codes."""
    meaning = _meanings()[code]
    coding = [{"system": CODES_URI, "code": code, "display": meaning}]
    coding += [_STANDARD[code]] if code in _STANDARD else []
    return {"coding": coding, "text": meaning}


def bare_concept(code: str) -> dict[str, Any]:
    """Return the same without words: they stand in the bundle's ``CodeSystem``."""
    coding = coded_concept(code)["coding"]
    return {"coding": [{"system": CODES_URI, "code": code}, *coding[1:]]}


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
