"""Everything the benchmark found as one JSON-ready document.

The page and the table in Markdown are written from this document and hold
nothing else, so that whoever reads the file can check them. Missing numbers are
None, never zero; shares are 0 to 1.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import twitch_tracker
from twitch_tracker.benchmark.build import CRF
from twitch_tracker.benchmark.detectors import DETECTORS, OURS
from twitch_tracker.benchmark.faces import Deliberate, Tier
from twitch_tracker.benchmark.figures import DetectorFigures, Number
from twitch_tracker.benchmark.plan import VersionKind
from twitch_tracker.benchmark.run import Recording, Results
from twitch_tracker.benchmark.targets import (
    TARGETS,
    Target,
    TargetResult,
    judge_targets,
)
from twitch_tracker.evaluate.calibration import Calibration
from twitch_tracker.evaluate.recordings import RecordingScore
from twitch_tracker.records import EpisodeKind
from twitch_tracker.simulate.draw import SEVERITIES

__all__ = ["SCHEMA_VERSION", "build_document", "figures_of"]

SCHEMA_VERSION: Final = 1

CUT_OFFS: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)

TIER_FIGURES: Final = ("f1", "sensitivity", "precision", "iou_f1", "count_error")
ATTRIBUTE_FIGURES: Final = (
    "onset_error_frames",
    "onset_error_s",
    "onset_bias_s",
    "offset_error_s",
    "offset_bias_s",
    "duration_ratio",
    "rate_error_median_abs",
    "rate_within_10pct",
    "rate_correlation",
    "wrong_side_share",
    "kind_agreement",
    "region_agreement",
    "lead_region_agreement",
    "contractions_within_one",
    "amplitude_correlation",
    "amplitude_ratio",
    "spasm_time_kappa",
)
SPANS_ONLY: Final = frozenset(ATTRIBUTE_FIGURES[:10])
"""Figures that make sense for a detector which finds spans only."""


def figures_of(results: Results, *, draws: int = 2000) -> dict[str, DetectorFigures]:
    """Make the figures of every detector, by its name."""
    return {
        detector.name: DetectorFigures(
            detector, results.scored, seed=results.options.seed, draws=draws
        )
        for detector in DETECTORS
    }


def build_document(
    results: Results, figures: Mapping[str, DetectorFigures]
) -> dict[str, Any]:
    """Put everything into one document.

    Parameters
    ----------
    results : Results
        From `run.run_stages`.
    figures : mapping
        From `figures_of`.

    Returns
    -------
    dict
        JSON-ready.
    """
    ours = figures[OURS.name]
    tiers = [tier for tier in Tier if _has_tier(results, tier)]
    return {
        "schema_version": SCHEMA_VERSION,
        "software_version": twitch_tracker.__version__,
        "seed": results.options.seed,
        "variants": results.options.variants,
        "crf": CRF,
        "only": list(results.options.only),
        "leave_one_face_out": results.options.folds is not None,
        "sensitivity": results.options.sensitivity.value,
        "faces": len({s.version.video.face for s in results.scored}),
        "material": [_material(results, tier) for tier in tiers],
        "targets": _targets(figures),
        "detectors": [_detector(f, tiers) for f in figures.values()],
        "calibration": _calibration(ours.calibration()),
        "prices": {tier.value: _prices(ours, tier) for tier in tiers},
        "recordings": _recordings(ours),
        "deliberate": [_deliberate_row(item) for item in results.deliberate],
        "left_out": [{"file": v.file, "why": v.note} for v in results.left_out],
        "empty": [
            {"name": r.built.name, "why": r.built.empty}
            for r in results.recordings
            if r.built.empty
        ],
        "failures": [
            {"name": name, "why": why} for name, why in sorted(results.failures.items())
        ],
    }


# --- numbers ----------------------------------------------------------------


def _plain(value: float) -> float | None:
    """Round for the file; None when not known."""
    return round(float(value), 5) if math.isfinite(value) else None


def _number(number: Number) -> dict[str, Any]:
    return {
        "value": _plain(number.value),
        "low": _plain(number.low),
        "high": _plain(number.high),
        "n": number.n,
    }


# --- material ---------------------------------------------------------------


def _has_tier(results: Results, tier: Tier) -> bool:
    return any(s.version.video.tier is tier for s in results.scored)


def _material(results: Results, tier: Tier) -> dict[str, Any]:
    """Count what a tier is made of."""
    scored = [s for s in results.scored if s.version.video.tier is tier]
    names = {s.version.name for s in scored}
    made = [r for r in results.recordings if r.built.name in names]
    drawn = Counter(name for s in scored for name in s.severities.values())
    return {
        "tier": tier.value,
        "faces": len({s.version.video.face for s in scored}),
        "videos": len({s.version.video.file for s in scored}),
        "untouched_min": _minutes(made, VersionKind.UNTOUCHED),
        "spasms_min": _minutes(made, VersionKind.SPASMS),
        "bursts": sum(len(s.severities) - s.hidden for s in scored),
        "severities": dict(sorted(drawn.items())),
        "hidden": sum(s.hidden for s in scored),
        "unmeasured": sum(
            s.unmeasured for s in scored if s.version.kind is VersionKind.SPASMS
        ),
        "closures_min": _minutes(made, VersionKind.REOPENED),
        "closures": sum(
            r.built.bursts for r in made if r.version.kind is VersionKind.REOPENED
        ),
        "blinks": sum(
            s.blinks for s in scored if s.version.kind is VersionKind.UNTOUCHED
        ),
    }


def _minutes(recordings: Iterable[Recording], kind: VersionKind) -> float:
    lasts_s = [r.built.playing.duration_s for r in recordings if r.version.kind is kind]
    return round(sum(lasts_s) / 60, 3)


# --- detectors --------------------------------------------------------------


def _detector(figures: DetectorFigures, tiers: Sequence[Tier]) -> dict[str, Any]:
    """Everything about one detector."""
    logged, movements = figures.deliberate_logged
    wanted = [
        name
        for name in ATTRIBUTE_FIGURES
        if figures.detector.attributes or name in SPANS_ONLY
    ]
    return {
        "name": figures.detector.name,
        "title": figures.detector.title,
        "about": figures.detector.about,
        "attributes": figures.detector.attributes,
        "tiers": {tier.value: _tier(figures, tier.value) for tier in tiers},
        "whole": {name: _number(figures.of(figures.spasms, name)) for name in wanted},
        "closures": _closures(figures, tiers),
        "subsets": _subsets(figures, tiers),
        "blinks": _number(figures.blinks_logged),
        "deliberate": {"logged": logged, "n": movements},
        "ms_per_frame": _number(figures.ms_per_frame),
    }


def _tier(figures: DetectorFigures, tier: str) -> dict[str, Any]:
    """Figures of one tier; ``strict`` counts movements on purpose as alarms."""
    found = {
        name: _number(figures.of(figures.spasms, name, tier)) for name in TIER_FIGURES
    }
    rate = "false_alarms_per_min"
    return {
        **found,
        "f1_strict": _number(figures.of(figures.spasms_strict, "f1", tier)),
        rate: _number(figures.of(figures.untouched, rate, tier)),
        f"{rate}_strict": _number(figures.of(figures.untouched_strict, rate, tier)),
    }


def _closures(figures: DetectorFigures, tiers: Sequence[Tier]) -> dict[str, Any]:
    """Real one-sided closures: all, and by tier."""
    names = ("sensitivity", "precision", "false_alarms_per_min", "onset_error_s")
    return {
        place or "all": {
            name: _number(figures.of(figures.reopened, name, place)) for name in names
        }
        for place in ("", *(tier.value for tier in tiers))
    }


def _subsets(figures: DetectorFigures, tiers: Sequence[Tier]) -> dict[str, Any]:
    """Sensitivity by how strong, how far and of which kind a burst was drawn."""
    return {tier.value: _subsets_of(figures, tier.value) for tier in tiers}


def _subsets_of(figures: DetectorFigures, tier: str) -> dict[str, Any]:
    found: dict[str, Number] = {
        **{str(name): figures.severity(name, tier) for name in SEVERITIES},
        "eyelid only": figures.eyelid_only(tier),
        "with lower face": figures.with_lower_face(tier),
        **{kind.value: figures.kind(kind, tier) for kind in EpisodeKind},
    }
    return {name: _number(number) for name, number in found.items()}


# --- targets ----------------------------------------------------------------


def _targets(figures: Mapping[str, DetectorFigures]) -> list[dict[str, Any]]:
    """One row per target, with what every detector reached."""
    judged = {name: judge_targets(item) for name, item in figures.items()}
    return [
        {
            "key": target.key,
            "what": target.what,
            "target": _bound(target),
            "unit": target.unit,
            "must": target.must,
            "results": {name: _result(rows[place]) for name, rows in judged.items()},
        }
        for place, target in enumerate(TARGETS)
    ]


def _result(row: TargetResult) -> dict[str, Any]:
    return {**_number(row.number), "met": row.met, "sure": row.sure}


def _bound(target: Target) -> str:
    """Say a target in words."""
    if math.isfinite(target.least) and math.isfinite(target.most):
        return f"{target.least:g} to {target.most:g}"
    if math.isfinite(target.least):
        return f"at least {target.least:g}"
    return f"at most {target.most:g}"


# --- confidence -------------------------------------------------------------


def _calibration(found: Calibration) -> dict[str, Any]:
    """Confidence against the share that is true."""
    return {
        "bins": [
            {
                "low": item.low,
                "high": item.high,
                "n": item.n,
                "mean_confidence": _plain(item.mean_confidence),
                "share_true": _plain(item.share_true.value),
                "share_low": _plain(item.share_true.low),
                "share_high": _plain(item.share_true.high),
            }
            for item in found.bins
        ],
        "expected_error": _plain(found.expected_error.value),
    }


def _prices(ours: DetectorFigures, tier: Tier) -> list[dict[str, Any]]:
    """What a threshold of confidence gives and costs."""
    rows = []
    for cut_off in CUT_OFFS:
        hits, alarms = ours.price(tier.value, cut_off)
        rows.append(
            {
                "confidence": cut_off,
                "sensitivity": _number(hits),
                "false_alarms_per_min": _number(alarms),
            }
        )
    return rows


# --- recordings -------------------------------------------------------------


def _recordings(ours: DetectorFigures) -> list[dict[str, Any]]:
    """One row per recording: what was true, found, missed and invented."""
    scores = (*ours.untouched, *ours.spasms, *ours.reopened)
    kinds = {s.version.name: s.version.kind.value for s in ours.scored}
    return [_recording_row(score, kinds) for score in scores]


def _recording_row(score: RecordingScore, kinds: Mapping[str, str]) -> dict[str, Any]:
    name = score.source.name if score.source else ""
    return {
        "name": name,
        "face": score.face,
        "tier": score.activity,
        "kind": kinds.get(name, ""),
        "minutes": round(score.rate_s / 60, 3),
        "true": score.true_count,
        "found": len(score.matching.found),
        "missed": len(score.matching.missed),
        "false_alarms": len(score.matching.false_alarms),
        "wrong_side": score.matching.wrong_side,
    }


def _deliberate_row(item: Deliberate) -> dict[str, Any]:
    return {
        "file": item.file,
        "onset_s": item.span.start_s,
        "offset_s": item.span.end_s,
        "side": item.side.value,
        "what": item.what,
    }
