"""A person's history as a FHIR R4 bundle (4.0.1).

Knows how recordings, treatments and diary become FHIR resources; plain dicts, no
library. Note: nothing of a person goes out but the pseudonym and what was measured,
treated and entered (free-text notes only on request); numbers that nobody has reviewed
are ``preliminary``; what is not defined, such as the median of no bursts, has a
``dataAbsentReason`` and is never zero; every name in the bundle is a ``urn:uuid`` made
from the person and the thing (UUID version 5), so that exporting twice gives the same
names.

Layout: hl7.org/fhir/R4 (Bundle, Patient, Device, DiagnosticReport, Observation,
Procedure, MedicationAdministration, CodeSystem).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from twitch_tracker.exchange.fhir.codes import (
    CODES_URI,
    DIARY_UNITS,
    HEADLINE_CODES,
    PSEUDONYM_URI,
    RECORDING_MEASURES,
    SIDE_MEASURES,
    CodedNumber,
    bare_concept,
    code_system,
    coded_concept,
    face,
    laterality,
    quantity,
    side_code,
)
from twitch_tracker.exchange.fhir.report import diagnostic_report
from twitch_tracker.exchange.formats import Detail
from twitch_tracker.history import (
    Basis,
    DiaryEntry,
    LoggedRecording,
    Method,
    PatientHistory,
    SideTotals,
    Treatment,
    TreatmentKind,
)
from twitch_tracker.regions import REGIONS, SIDES, Side

__all__ = ["fhir_bundle", "fhir_text"]

_Resource = dict[str, Any]

_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
_ABSENT: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_MADE_FROM: Final = {
    Basis.DETECTED: "found by software in a video recording, not reviewed",
    Basis.REVIEWED: "found in a video recording, reviewed by a person",
}


class _Names:
    """Names of the resources of one person."""

    def __init__(self, patient_id: str) -> None:
        self._space = uuid5(uuid5(NAMESPACE_URL, CODES_URI), patient_id)
        self.patient = self.of("patient")

    def of(self, *what: str) -> str:
        """Name a thing by what it is."""
        return f"urn:uuid:{uuid5(self._space, json.dumps(what))}"

    def device(self, method: Method) -> str:
        """Name a method."""
        return self.of("device", *method.key, method.software_version)


def _to(name: str) -> dict[str, str]:
    return {"reference": name}


def _named(name: str, resource: _Resource) -> _Resource:
    """Return an entry of the bundle."""
    given = {"id": name.removeprefix("urn:uuid:"), **resource}
    kind = {"resourceType": given.pop("resourceType")}
    return {"fullUrl": name, "resource": {**kind, **given}}


def _category(code: str) -> list[dict[str, Any]]:
    return [{"coding": [{"system": _CATEGORY, "code": code}]}]


# --- who and with what ------------------------------------------------------


def _device(method: Method) -> _Resource:
    """Return the software and method as a ``Device``."""
    parts = {
        "software": method.software_version,
        "landmark tracker": method.tracker,
        "landmark tracker weights (SHA-256)": method.tracker_weights_sha256,
        "burst detector": method.detector,
        "burst detector weights (SHA-256)": method.networks_sha256,
        "parameters (SHA-256)": method.parameters_sha256,
    }
    return {
        "resourceType": "Device",
        "status": "active",
        "deviceName": [{"name": "twitch_tracker", "type": "other"}],
        "type": {"text": "software that measures facial movement on video"},
        "version": [
            {"type": {"text": part}, "value": value}
            for part, value in parts.items()
            if value
        ],
    }


# --- recordings -------------------------------------------------------------


def _component(
    measure: CodedNumber, recording: LoggedRecording, side: SideTotals
) -> dict[str, Any]:
    value = measure.of(recording, side)
    given: dict[str, Any] = {"code": bare_concept(measure.code)}
    return given | _value(measure, value)


def _value(measure: CodedNumber, value: float) -> dict[str, Any]:
    if math.isfinite(value):
        return {"valueQuantity": quantity(value, measure.unit, measure.ucum)}
    reason = {"system": _ABSENT, "code": "not-applicable"}
    return {"dataAbsentReason": {"coding": [reason]}}


def _headlines(recording: LoggedRecording) -> Iterator[dict[str, Any]]:
    """Yield the components that stand for a recording where there is no room for all."""
    whole = next(iter(recording.sides.values()))
    for measure in RECORDING_MEASURES:
        if measure.code == "analysable_min":
            yield _component(measure, recording, whole)
    task = {"valueString": recording.task.replace("_", " ")}
    yield {"code": bare_concept("task"), **task}
    for side, totals in recording.sides.items():
        for measure in SIDE_MEASURES:
            if measure.code not in HEADLINE_CODES:
                continue
            value = measure.of(recording, totals)
            code = {"code": bare_concept(side_code(side, measure.code))}
            if measure.unit == "bursts":
                yield {**code, "valueInteger": int(value)}
            else:
                yield code | _value(measure, value)


def _headline(names: _Names, recording: LoggedRecording) -> _Resource:
    """Return a recording as one short observation of both sides."""
    reviewed = recording.basis is Basis.REVIEWED
    return {
        "resourceType": "Observation",
        "status": "final" if reviewed else "preliminary",
        "code": bare_concept("recording"),
        "subject": _to(names.patient),
        "effectiveDateTime": recording.started_at.isoformat(timespec="seconds"),
        "device": _to(names.device(recording.method)),
        "component": list(_headlines(recording)),
    }


def _measured(
    names: _Names, recording: LoggedRecording, code: str, components: list[Any]
) -> _Resource:
    """Return what is the same in every Observation of a recording."""
    reviewed = recording.basis is Basis.REVIEWED
    return {
        "resourceType": "Observation",
        "status": "final" if reviewed else "preliminary",
        "category": _category("procedure"),
        "code": coded_concept(code),
        "subject": _to(names.patient),
        "effectiveDateTime": recording.started_at.isoformat(timespec="seconds"),
        "method": {"text": _MADE_FROM[recording.basis]},
        "device": _to(names.device(recording.method)),
        "component": components,
    }


def _side_of_face(side: Side) -> dict[str, Any]:
    return {**face(), "text": f"{side} side of the face (the person's own {side})"}


def _one_side(names: _Names, recording: LoggedRecording, side: Side) -> _Resource:
    totals = recording.sides[side]
    components = [_component(m, recording, totals) for m in SIDE_MEASURES]
    components.append(
        {"code": bare_concept("side"), "valueCodeableConcept": laterality(side)}
    )
    reached = [r.replace("_", " ") for r in REGIONS if totals.with_region.get(r, 0)]
    if reached:
        regions = {"valueString": ", ".join(reached)}
        components.append({"code": bare_concept("regions"), **regions})
    given = _measured(names, recording, "side_of_recording", components)
    return {**given, "bodySite": _side_of_face(side)}


def _recording(names: _Names, recording: LoggedRecording) -> Iterator[_Resource]:
    """Yield the entries of one recording: each side, then the whole."""
    sides = {
        side: names.of("side", recording.recording_id, side)
        for side in SIDES
        if side in recording.sides
    }
    for side, name in sides.items():
        yield _named(name, _one_side(names, recording, side))
    whole = next(iter(recording.sides.values()))
    components = [_component(m, recording, whole) for m in RECORDING_MEASURES]
    task = {"valueString": recording.task.replace("_", " ")}
    components.append({"code": bare_concept("task"), **task})
    given = _measured(names, recording, "recording", components)
    given["hasMember"] = [_to(name) for name in sides.values()]
    yield _named(names.of("recording", recording.recording_id), given)


# --- treatments -------------------------------------------------------------

_PROCEDURES: Final = {
    TreatmentKind.BOTULINUM_TOXIN: "injection",
    TreatmentKind.MICROVASCULAR_DECOMPRESSION: "microvascular_decompression",
    TreatmentKind.OTHER: "other_treatment",
}


def _procedure(names: _Names, treatment: Treatment, notes: bool) -> _Resource:
    given: _Resource = {
        "resourceType": "Procedure",
        "status": "completed",
        "code": coded_concept(_PROCEDURES[treatment.kind]),
        "subject": _to(names.patient),
        "performedDateTime": treatment.on.isoformat(),
    }
    if treatment.side is not None:
        given["bodySite"] = [_side_of_face(treatment.side)]
    said = [treatment.product] if treatment.product else []
    if math.isfinite(treatment.units):
        said.append(f"{treatment.units:g} units in all")
    if treatment.side_effects is not None:
        noticed = ", ".join(one.replace("_", " ") for one in treatment.side_effects)
        said.append(
            f"noticed after it: {noticed or 'none of the side effects asked for'}"
        )
    said += [treatment.notes] if notes and treatment.notes else []
    if said:
        given["note"] = [{"text": "; ".join(said)}]
    return given


def _doses(treatment: Treatment) -> dict[str, float]:
    """Return doses by muscle; the total under no muscle where none has its own dose."""
    if any(math.isfinite(dose) for dose in treatment.muscles.values()):
        return dict(treatment.muscles)
    return {", ".join(treatment.muscles): treatment.units}


def _site(treatment: Treatment, muscles: str) -> str:
    side = f"{treatment.side} side of the face" if treatment.side else ""
    return ": ".join(part for part in (side, muscles) if part)


def _administration(
    names: _Names, treatment: Treatment, muscles: str, dose: float
) -> _Resource:
    """Return the toxin given to one muscle, or to all where only the total is known."""
    given: _Resource = {
        "resourceType": "MedicationAdministration",
        "partOf": [_to(_treatment_name(names, treatment))],
        "status": "completed",
        "medicationCodeableConcept": {"text": treatment.product or "botulinum toxin"},
        "subject": _to(names.patient),
        "effectiveDateTime": treatment.on.isoformat(),
    }
    site = _site(treatment, muscles)
    if math.isfinite(dose):
        # Units of a toxin are the product's own, so UCUM has no code for them.
        value = quantity(dose, "units of the product", "1")["value"]
        dosage = {"dose": {"value": value, "unit": "units of the product"}}
        given["dosage"] = {**({"site": {"text": site}} if site else {}), **dosage}
    else:
        text = f"dose not known; {site}" if site else "dose not known"
        given["note"] = [{"text": text}]
    return given


def _treatment_name(names: _Names, treatment: Treatment) -> str:
    about = (treatment.treatment_id, treatment.kind, treatment.on.isoformat())
    return names.of("treatment", *about, treatment.side or "", treatment.product)


def _treatment(names: _Names, treatment: Treatment, notes: bool) -> Iterator[_Resource]:
    name = _treatment_name(names, treatment)
    yield _named(name, _procedure(names, treatment, notes))
    if treatment.kind is TreatmentKind.BOTULINUM_TOXIN:
        for muscles, dose in _doses(treatment).items():
            given = _administration(names, treatment, muscles, dose)
            yield _named(names.of("dose", name, muscles), given)


# --- diary ------------------------------------------------------------------


def _entered(value: float, unit: str, ucum: str) -> _Resource:
    """Return a number of the diary; a score is a whole number without a unit."""
    if ucum == "{score}" and value == int(value):
        return {"valueInteger": int(value)}
    return {"valueQuantity": quantity(value, unit, ucum)}


def _diary_values(entry: DiaryEntry, notes: bool) -> Iterator[tuple[str, _Resource]]:
    for factor, (_, unit, ucum) in DIARY_UNITS.items():
        value = getattr(entry, factor)
        if math.isfinite(value):
            yield factor, _entered(value, unit, ucum)
    if entry.medication:
        yield "medication", {"valueString": entry.medication}
    if notes and entry.notes:
        yield "diary_notes", {"valueString": entry.notes}


def _diary(
    names: _Names, entry: DiaryEntry, notes: bool, detail: Detail
) -> Iterator[_Resource]:
    """Yield what the person entered for one day, as one observation."""
    components = [
        {"code": bare_concept(code), **value}
        for code, value in _diary_values(entry, notes)
    ]
    if not components:
        return
    full = detail is Detail.FULL
    given: _Resource = {
        "resourceType": "Observation",
        "status": "final",
        "code": coded_concept("diary") if full else bare_concept("diary"),
        "subject": _to(names.patient),
        "effectiveDateTime": entry.on.isoformat(),
        "component": components,
    }
    if full:
        given |= {
            "category": _category("survey"),
            "performer": [_to(names.patient)],
        }
    yield _named(names.of("diary", entry.on.isoformat()), given)


# --- the bundle -------------------------------------------------------------


def _entries(
    history: PatientHistory,
    notes: bool,
    detail: Detail,
    pdf: bytes,
    written_at: datetime | None,
) -> Iterator[_Resource]:
    names = _Names(history.patient.patient_id)
    pseudonym = {"system": PSEUDONYM_URI, "value": history.patient.patient_id}
    patient = {"resourceType": "Patient", "identifier": [pseudonym]}
    yield _named(names.patient, patient)
    yield _named(names.of("codes"), code_system())
    methods = {names.device(r.method): r.method for r in history.recordings}
    for name, method in methods.items():
        yield _named(name, _device(method))
    results = [names.of("recording", r.recording_id) for r in history.recordings]
    if results:
        report = diagnostic_report(
            history,
            subject=names.patient,
            results=results,
            pdf=pdf,
            written_at=written_at,
        )
        yield _named(names.of("report"), report)
    for name, recording in zip(results, history.recordings, strict=True):
        if detail is Detail.FULL:
            yield from _recording(names, recording)
        else:
            yield _named(name, _headline(names, recording))
    for treatment in history.treatments:
        yield from _treatment(names, treatment, notes)
    for entry in history.diary:
        yield from _diary(names, entry, notes, detail)


def _distinct(entries: Iterable[_Resource]) -> list[_Resource]:
    """Leave out what is there twice under one name."""
    return list({entry["fullUrl"]: entry for entry in entries}.values())


def fhir_bundle(
    history: PatientHistory,
    *,
    notes: bool = False,
    detail: Detail = Detail.FULL,
    pdf: bytes = b"",
    written_at: datetime | None = None,
) -> dict[str, Any]:
    """Turn a person's history into a FHIR R4 bundle.

    Parameters
    ----------
    history : PatientHistory
        Recordings, treatments and diary of one person.
    notes : bool
        Take free-text notes of treatments and diary along. They may name people. The
        notes on the person never go out.
    detail : Detail
        How much of each recording.
    pdf : bytes
        The course on paper, attached to the report; empty for none.
    written_at : datetime, optional
        When it is made; aware. Without, the bundle does not say.

    Returns
    -------
    dict
        A ``Bundle`` of type ``collection``, JSON-ready. References inside it are
        ``urn:uuid`` and resolve within it.
    """
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "collection"}
    if written_at is not None:
        bundle["timestamp"] = written_at.isoformat(timespec="seconds")
    bundle["entry"] = _distinct(_entries(history, notes, detail, pdf, written_at))
    return bundle


def fhir_text(bundle: dict[str, Any]) -> str:
    """Write a bundle as JSON.

    Parameters
    ----------
    bundle : dict
        Of `fhir_bundle`.

    Returns
    -------
    str
        The text of a ``.json`` file.
    """
    compact = (",", ":")
    text = json.dumps(bundle, separators=compact, ensure_ascii=False, allow_nan=False)
    return text + "\n"
