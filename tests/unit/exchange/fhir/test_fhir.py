"""A history becomes a FHIR R4 bundle that maintained FHIR libraries accept."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from twitch_tracker.exchange.fhir.bundle import fhir_bundle, fhir_text
from twitch_tracker.exchange.fhir.codes import CODES_URI, code_system
from twitch_tracker.exchange.fhir.report import narrative
from twitch_tracker.exchange.formats import Detail
from twitch_tracker.history import Basis, PatientHistory


@pytest.fixture
def bundle(history: PatientHistory) -> dict[str, Any]:
    """The history as a bundle, as it comes back from JSON."""
    made = fhir_bundle(history, written_at=datetime(2026, 11, 1, tzinfo=UTC))
    return json.loads(fhir_text(made))


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    found = [entry["resource"] for entry in bundle["entry"]]
    return [resource for resource in found if resource["resourceType"] == kind]


def coded(resource: dict[str, Any]) -> str:
    return resource["code"]["coding"][0]["code"]


def components(resource: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {coded(component): component for component in resource["component"]}


def walk(value: Any) -> Iterator[tuple[str, Any]]:
    """Every key and value, however deep."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key, item
            yield from walk(item)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item)


def test_fhirclient_accepts_it_and_loses_nothing(bundle: dict[str, Any]):
    """Its models are generated from FHIR 4.0.1; `strict` raises on anything else."""
    models = pytest.importorskip("fhirclient.models.bundle", reason="needs fhirclient")
    assert models.Bundle(bundle, strict=True).as_json() == bundle


def test_fhir_resources_accepts_it(bundle: dict[str, Any]):
    models = pytest.importorskip(
        "fhir.resources.R4B.bundle", reason="needs fhir.resources"
    )
    read = models.Bundle.model_validate(bundle)
    assert len(read.entry) == len(bundle["entry"])


def test_the_libraries_would_notice(bundle: dict[str, Any]):
    """A test that cannot fail is worth nothing: a wrong status type is refused."""
    models = pytest.importorskip("fhirclient.models.bundle", reason="needs fhirclient")
    resources(bundle, "Observation")[0]["status"] = 3
    with pytest.raises(Exception, match="status"):
        models.Bundle(bundle, strict=True)


def test_every_reference_resolves_within_the_bundle(bundle: dict[str, Any]):
    names = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(names)) == len(names)
    assert all(name.startswith("urn:uuid:") for name in names)
    for entry in bundle["entry"]:
        assert entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}"
    references = [value for key, value in walk(bundle) if key == "reference"]
    assert len(references) > 40
    assert set(references) <= set(names)


def test_names_stay_the_same_and_differ_between_people(history: PatientHistory):
    assert fhir_bundle(history) == fhir_bundle(history)
    other = replace(history, patient=replace(history.patient, patient_id="bert"))
    mine = {entry["fullUrl"] for entry in fhir_bundle(history)["entry"]}
    assert not mine & {entry["fullUrl"] for entry in fhir_bundle(other)["entry"]}


def test_nothing_of_the_person_but_the_pseudonym(history: PatientHistory):
    (patient,) = resources(fhir_bundle(history), "Patient")
    assert set(patient) == {"resourceType", "id", "identifier"}
    assert [i["value"] for i in patient["identifier"]] == ["anna"]
    text = fhir_text(fhir_bundle(history))
    assert "lives in town" not in text
    assert "Somebody" not in text
    told = fhir_text(fhir_bundle(history, notes=True))
    assert "by Dr. Somebody" in told
    assert "met Somebody" in told
    assert "lives in town" not in told


def test_the_numbers_of_a_side(bundle: dict[str, Any], history: PatientHistory):
    observation = next(
        found
        for found in resources(bundle, "Observation")
        if coded(found) == "side_of_recording"
        and found["bodySite"]["text"].startswith("right")
    )
    told = components(observation)
    assert told["episodes"]["valueQuantity"]["value"] == 12
    rate = told["onsets_per_free_min"]["valueQuantity"]
    own = next(iter(history.recordings)).sides["right"]
    onsets = int((~own.onset_cut).sum())
    assert 0 < onsets <= 12
    free_min = (100 - float(own.durations_s.sum())) / 60
    assert rate["value"] == pytest.approx(onsets / free_min, rel=1e-4)
    assert (rate["code"], rate["system"]) == ("/min", "http://unitsofmeasure.org")
    totals = next(iter(history.recordings)).sides["right"]
    time = told["spasm_s"]["valueQuantity"]
    assert time["value"] == pytest.approx(float(totals.durations_s.sum()), rel=1e-4)
    assert observation["status"] == "preliminary"
    assert observation["effectiveDateTime"] == "2026-03-01T08:30:00+00:00"


def test_what_is_not_defined_is_absent_and_not_zero(bundle: dict[str, Any]):
    sides = [
        found
        for found in resources(bundle, "Observation")
        if coded(found) == "side_of_recording"
    ]
    quiet = components(sides[0])
    assert quiet["episodes"]["valueQuantity"]["value"] == 0
    assert quiet["onsets_per_free_min"]["valueQuantity"]["value"] == 0
    assert "valueQuantity" not in quiet["median_duration_s"]
    reason = quiet["median_duration_s"]["dataAbsentReason"]["coding"][0]["code"]
    assert reason == "not-applicable"
    unmeasured = components(sides[-1])
    assert "valueQuantity" not in unmeasured["onsets_per_free_min"]


def test_reviewed_numbers_are_final(bundle: dict[str, Any]):
    whole = [r for r in resources(bundle, "Observation") if coded(r) == "recording"]
    assert [r["status"] for r in whole] == ["preliminary", "final", "preliminary"]
    assert [len(r["hasMember"]) for r in whole] == [2, 2, 2]
    minutes = components(whole[0])["analysable_min"]["valueQuantity"]
    assert minutes["value"] == pytest.approx(100 / 60, rel=1e-5)


def test_doses(bundle: dict[str, Any]):
    """By muscle where that is known, else the total once; an unknown dose is none."""
    given = resources(bundle, "MedicationAdministration")
    doses = [
        (
            g["effectiveDateTime"],
            g.get("dosage", {}).get("dose", {}).get("value"),
            g.get("dosage", {}).get("site", {}).get("text"),
        )
        for g in given
    ]
    right = "right side of the face"
    assert doses == [
        ("2026-03-05", 20, f"{right}: orbicularis oculi"),
        ("2026-03-05", 2.5, f"{right}: zygomaticus"),
        ("2026-06-05", 25, f"{right}: orbicularis oculi, frontalis"),
        ("2026-09-05", None, None),
    ]
    assert "dose not known" in given[-1]["note"][0]["text"]
    procedures = resources(bundle, "Procedure")
    assert [coded(p) for p in procedures] == [
        *["injection"] * 3,
        "microvascular_decompression",
        "other_treatment",
    ]
    assert "bodySite" not in procedures[-1]


def test_a_day_of_the_diary_is_one_observation_by_the_person(bundle: dict[str, Any]):
    (patient,) = resources(bundle, "Patient")
    days = [r for r in resources(bundle, "Observation") if "performer" in r]
    assert {r["effectiveDateTime"]: set(components(r)) for r in days} == {
        "2026-03-01": {"stress", "sleep_hours", "hfs7_total"},
        "2026-03-02": {"medication"},
    }
    assert {coded(r) for r in days} == {"diary"}
    sleep = components(days[0])["sleep_hours"]
    assert sleep["valueQuantity"]["code"] == "h"
    assert days[0]["performer"][0]["reference"] == f"urn:uuid:{patient['id']}"


def test_every_code_is_defined_in_the_bundle_or_named_with_its_version(
    bundle: dict[str, Any],
):
    """Borrowed is only what others name with certainty; no measure is."""
    defined = {concept["code"] for concept in code_system()["concept"]}
    borrowed = {
        (c["system"], c["code"])
        for key, codings in walk(bundle)
        if key == "coding"
        for c in codings
        if "loinc" in c["system"] or "snomed" in c["system"]
        if c["version"] and c["display"]
    }
    sct = "http://snomed.info/sct"
    assert borrowed == {
        (sct, "89545001"),
        (sct, "7771000"),
        (sct, "24028007"),
        ("http://loinc.org", "93832-4"),
    }
    used = {
        c["code"]
        for key, codings in walk(bundle)
        if key == "coding"
        for c in codings
        if c["system"] == CODES_URI
    }
    assert used <= defined
    assert len(used) > 20


def test_a_person_without_anything_is_a_bundle_too(history: PatientHistory):
    nobody = replace(history, recordings=(), treatments=(), diary=())
    kinds = [e["resource"]["resourceType"] for e in fhir_bundle(nobody)["entry"]]
    assert kinds == ["Patient", "CodeSystem"]


# --- the report -----------------------------------------------------------------


def test_the_report_tells_what_it_rests_on(
    bundle: dict[str, Any], history: PatientHistory
):
    (report,) = resources(bundle, "DiagnosticReport")
    whole = [r for r in resources(bundle, "Observation") if coded(r) == "recording"]
    results = [r["reference"] for r in report["result"]]
    assert results == [f"urn:uuid:{r['id']}" for r in whole]
    assert report["status"] == "preliminary", "one of three is reviewed"
    assert report["effectivePeriod"]["start"] == "2026-03-01T08:30:00+00:00"
    assert report["issued"] == "2026-11-01T00:00:00+00:00"
    assert "presentedForm" not in report
    reviewed = [replace(r, basis=Basis.REVIEWED) for r in history.recordings]
    final = fhir_bundle(replace(history, recordings=tuple(reviewed)))
    assert resources(final, "DiagnosticReport")[0]["status"] == "final"


def test_the_narrative_pools_nothing_across_a_treatment(history: PatientHistory):
    """Four days of March, an injection on the third: before, on, and after it."""
    first = history.recordings[0]
    days = [first.started_at + timedelta(days=n) for n in (2, 3, 4, 5, 6)]
    same = tuple(
        replace(first, recording_id=str(n), started_at=day)
        for n, day in enumerate(days)
    )
    bundle = fhir_bundle(replace(history, recordings=same, diary=()))
    (report,) = resources(bundle, "DiagnosticReport")
    root = ET.fromstring(report["text"]["div"])  # noqa: S314 - our own
    rows = [
        ["".join(cell.itertext()) for cell in row]
        for row in root.iter("{http://www.w3.org/1999/xhtml}tr")
    ]
    injected = history.treatments[0].on.isoformat()
    assert injected == "2026-03-05"
    assert [(row[0], row[1], row[4]) for row in rows[1:]] == [
        ("2026-03-03", "2026-03-04", "2"),
        ("2026-03-05", "2026-03-05", "1"),
        ("2026-03-06", "2026-03-07", "2"),
    ]
    assert rows[1][rows[0].index("right: per min")] == "7.20"


def test_names_in_the_narrative_are_text(history: PatientHistory):
    toxin = replace(history.treatments[0], product="<b>&Brand")
    told = narrative(replace(history, treatments=(toxin,)))
    assert "&lt;b&gt;&amp;Brand" in told
    ET.fromstring(told)  # noqa: S314 - our own


def test_the_course_on_paper_is_attached(history: PatientHistory):
    bundle = fhir_bundle(history, pdf=b"%PDF-1.7 x")
    (report,) = resources(bundle, "DiagnosticReport")
    (form,) = report["presentedForm"]
    assert base64.b64decode(form["data"]) == b"%PDF-1.7 x"
    models = pytest.importorskip("fhirclient.models.bundle", reason="needs fhirclient")
    again = json.loads(fhir_text(bundle))
    assert models.Bundle(again, strict=True).as_json() == again


# --- a year ------------------------------------------------------------------------


@pytest.fixture
def year(history: PatientHistory) -> PatientHistory:
    """A recording and an entry in the diary every day of a year."""
    first, entry = history.recordings[0], history.diary[0]
    daily = tuple(
        replace(
            first, recording_id=str(n), started_at=first.started_at + timedelta(days=n)
        )
        for n in range(365)
    )
    entries = tuple(replace(entry, on=entry.on + timedelta(days=n)) for n in range(365))
    return replace(history, recordings=daily, diary=entries)


def test_a_year_of_daily_recordings_is_well_under_a_megabyte(year: PatientHistory):
    """And with a diary of three numbers kept every day it stays under one."""
    alone = fhir_text(fhir_bundle(replace(year, diary=()), detail=Detail.HEADLINE))
    assert len(alone.encode()) < 700_000
    assert len(fhir_text(fhir_bundle(year, detail=Detail.HEADLINE)).encode()) < 1e6


def test_headlines_are_the_same_numbers(history: PatientHistory):
    made = json.loads(fhir_text(fhir_bundle(history, detail=Detail.HEADLINE)))
    models = pytest.importorskip("fhirclient.models.bundle", reason="needs fhirclient")
    assert models.Bundle(made, strict=True).as_json() == made
    full = fhir_bundle(history)
    for short, side in product(range(2), ("left", "right")):
        told = components(
            [r for r in resources(made, "Observation") if coded(r) == "recording"][
                short
            ]
        )
        whole = [
            components(r)
            for r in resources(full, "Observation")
            if coded(r) == "side_of_recording" and side in r["bodySite"]["text"]
        ][short]
        count = told[f"{side}_episodes"]["valueInteger"]
        assert count == whole["episodes"]["valueQuantity"]["value"]
        for code in ("onsets_per_free_min", "spasm_fraction"):
            assert told[f"{side}_{code}"] | {"code": 0} == whole[code] | {"code": 0}
    defined = {concept["code"] for concept in code_system()["concept"]}
    assert set(told) <= defined


def test_what_was_only_partly_seen_is_counted(bundle: dict[str, Any]):
    """Twelve bursts: each fourth began unseen, each sixth ended so, one both."""
    told = [
        components(found)
        for found in resources(bundle, "Observation")
        if coded(found) == "side_of_recording"
    ]
    (right,) = (one for one in told[:2] if one["episodes"]["valueQuantity"]["value"])
    assert right["cut_off"]["valueQuantity"]["value"] == 4
    assert right["bilateral"]["valueQuantity"]["value"] == 3
    assert right["hardly_open_s"]["valueQuantity"]["value"] == 12.5
    assert "dataAbsentReason" in told[0]["hardly_open_s"], "nobody looked"
