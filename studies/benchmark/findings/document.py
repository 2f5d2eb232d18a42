"""Everything the benchmark found as one JSON-ready document.

The page and the table in Markdown are written from this document and hold
nothing else, so that readers of the file can check them. Missing numbers are
None, never zero; shares are 0 to 1.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import twitch_tracker
from studies.benchmark.building.faces import Deliberate, Tier
from studies.benchmark.building.films import CRF, Film
from studies.benchmark.building.plan import Family, VersionKind
from studies.benchmark.findings.views import titled
from studies.benchmark.judging.detectors import OURS
from studies.benchmark.judging.figures import PUT_IN, DetectorFigures, Number
from studies.benchmark.judging.groups import (
    Dimension,
    Group,
    compare_films,
    compare_groups,
)
from studies.benchmark.judging.score import Judged, Scored
from studies.benchmark.judging.targets import (
    TARGETS,
    Target,
    TargetResult,
    judge_targets,
)
from studies.benchmark.run import Recording, Results
from twitch_tracker.evaluate.figures.calibration import Calibration
from twitch_tracker.evaluate.figures.held import HELD
from twitch_tracker.evaluate.recordings import score
from twitch_tracker.records import EpisodeKind
from twitch_tracker.simulate.plan.draw import SEVERITIES

__all__ = ["SCHEMA_VERSION", "build_document"]

SCHEMA_VERSION: Final = 2

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
    "spasm_time_within_10pct",
    "kind_agreement",
    "kind_agreement_claimed",
    "region_agreement",
    "lead_region_agreement",
    "contractions_within_one",
    "contractions_within_one_claimed",
    "amplitude_correlation",
    "amplitude_ratio",
    "spasm_time_kappa",
)
SPANS_ONLY: Final = frozenset(ATTRIBUTE_FIGURES[:11])
"""Figures that make sense for a detector which finds spans only."""


def build_document(
    results: Results, figures: Mapping[str, DetectorFigures]
) -> dict[str, Any]:
    """Put everything into one document.

    Parameters
    ----------
    results : Results
        From `run.run_stages`.
    figures : mapping
        From `views.figures_of`.

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
        "crf": CRF[Film.PLAIN],
        "only": list(results.options.only),
        "leave_one_face_out": results.options.folds is not None,
        "leave_one_family_out": ours.family_unseen,
        "sensitivity": results.options.sensitivity.value,
        "faces": len({s.version.video.face for s in results.scored}),
        "material": [_material(results, tier) for tier in tiers],
        "targets": _targets(figures),
        "detectors": [_detector(name, f, tiers) for name, f in figures.items()],
        "groups": [
            *(_dimension(item) for item in compare_groups(ours)),
            *_films(results, ours),
        ],
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
    once = {
        s.version.name: s
        for s in results.scored
        if s.version.video.tier is tier and s.version.film is Film.PLAIN
    }
    scored = list(once.values())
    put_in = [s for s in scored if s.version.kind in PUT_IN]
    closures = [s for s in scored if s.version.kind is VersionKind.REOPENED]
    made = [r for r in results.recordings if r.built.name in once]
    drawn = Counter(name for s in scored for name in s.severities.values())
    return {
        "tier": tier.value,
        "faces": len({s.version.video.face for s in scored}),
        "videos": len({s.version.video.file for s in scored}),
        "untouched_min": _minutes(made, VersionKind.UNTOUCHED),
        "spasms_min": _minutes(made, *PUT_IN),
        "bursts": sum(map(_true_bursts, put_in)),
        "families": {
            family.value: sum(
                _true_bursts(s) for s in put_in if s.version.family is family
            )
            for family in Family
        },
        "severities": dict(sorted(drawn.items())),
        "hidden": sum(s.hidden for s in scored),
        "unmeasured": sum(s.unmeasured for s in put_in),
        "closures_min": _minutes(made, VersionKind.REOPENED),
        "closures": sum(map(_true_bursts, closures)),
        "blinks": sum(
            s.blinks for s in scored if s.version.kind is VersionKind.UNTOUCHED
        ),
    }


def _true_bursts(scored: Scored) -> int:
    """Return true bursts that are in a recording."""
    return len(next(iter(scored.judged.values())).lenient.truth)


def _minutes(recordings: Iterable[Recording], *kinds: VersionKind) -> float:
    lasts_s = [
        r.built.playing.duration_s for r in recordings if r.version.kind in kinds
    ]
    return round(sum(lasts_s) / 60, 3)


# --- detectors --------------------------------------------------------------


def _detector(
    name: str, figures: DetectorFigures, tiers: Sequence[Tier]
) -> dict[str, Any]:
    """Return everything about one detector."""
    logged, movements = figures.deliberate_logged
    wanted = [
        name
        for name in ATTRIBUTE_FIGURES
        if figures.detector.attributes or name in SPANS_ONLY
    ]
    return {
        **titled(name, figures),
        "tiers": {tier.value: _tier(figures, tier.value) for tier in tiers},
        "whole": {name: _number(figures.of(figures.spasms, name)) for name in wanted},
        "families": _families(figures, tiers),
        "long": _long(figures),
        "closures": _closures(figures, tiers),
        "subsets": _subsets(figures, tiers),
        "blinks": _number(figures.blinks_logged),
        "deliberate": {"logged": logged, "n": movements},
        "ms_per_frame": _number(figures.ms_per_frame),
    }


def _tier(figures: DetectorFigures, tier: str) -> dict[str, Any]:
    """Return figures of one tier; ``strict`` counts movements on purpose as alarms."""
    found = {
        name: _number(figures.of(figures.spasms, name, tier)) for name in TIER_FIGURES
    }
    rate = "false_alarms_per_min"
    return {
        **found,
        "f1_with_eyelid": _number(figures.f1_with_eyelid(tier)),
        "f1_strict": _number(figures.of(figures.spasms_strict, "f1", tier)),
        rate: _number(figures.of(figures.untouched, rate, tier)),
        f"{rate}_strict": _number(figures.of(figures.untouched_strict, rate, tier)),
    }


def _families(figures: DetectorFigures, tiers: Sequence[Tier]) -> dict[str, Any]:
    """Return bursts put in by each family, by tier; empty families are left out."""
    sets = {family: figures.of_family(family) for family in Family}
    return {
        family.value: {
            tier.value: {
                name: _number(figures.of(scores, name, tier.value))
                for name in ("f1", "sensitivity", "precision")
            }
            for tier in tiers
        }
        for family, scores in sets.items()
        if scores
    }


def _long(figures: DetectorFigures) -> dict[str, Any]:
    """Return long contractions, time in spasm and the wrong side, over all tiers."""
    found = {name: figures.of(figures.spasms, name) for name in HELD}
    wrong = figures.of(figures.one_sided, "strange_side_bursts")
    numbers = {
        **found,
        "strange_side_bursts": wrong,
        "real_lids_held": figures.held_lids(),
    }
    return {name: _number(number) for name, number in numbers.items()}


def _closures(figures: DetectorFigures, tiers: Sequence[Tier]) -> dict[str, Any]:
    """Return real one-sided closures: all, and by tier."""
    names = ("sensitivity", "precision", "false_alarms_per_min", "onset_error_s")
    return {
        place or "all": {
            name: _number(figures.of(figures.reopened, name, place)) for name in names
        }
        for place in ("", *(tier.value for tier in tiers))
    }


def _subsets(figures: DetectorFigures, tiers: Sequence[Tier]) -> dict[str, Any]:
    """Return sensitivity by how strong, how far and of which kind a burst was drawn."""
    return {tier.value: _subsets_of(figures, tier.value) for tier in tiers}


def _subsets_of(figures: DetectorFigures, tier: str) -> dict[str, Any]:
    found: dict[str, Number] = {
        **{str(name): figures.severity(name, tier) for name in SEVERITIES},
        "eyelid only": figures.eyelid_only(tier),
        "eyelid and more": figures.with_lower_face(tier),
        "lower face only": figures.lower_face_only(tier),
        **{kind.value: figures.kind(kind, tier) for kind in EpisodeKind},
    }
    return {name: _number(number) for name, number in found.items()}


# --- targets ----------------------------------------------------------------


def _targets(figures: Mapping[str, DetectorFigures]) -> list[dict[str, Any]]:
    """Return one row per target, with what every detector reached."""
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
    """Return confidence against the share that is true."""
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
    """Return what a threshold of confidence gives and costs."""
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


# --- groups -----------------------------------------------------------------


def _films(results: Results, ours: DetectorFigures) -> list[dict[str, Any]]:
    """Return worse films against plain ones; nothing where none were made."""
    everything = DetectorFigures(
        ours.detector,
        results.scored,
        family_unseen=ours.family_unseen,
        films=tuple(Film),
        seed=results.options.seed,
    )
    if len(everything.scored) == len(ours.scored):
        return []
    return [_dimension(compare_films(everything))]


def _dimension(item: Dimension) -> dict[str, Any]:
    return {
        "name": item.name,
        "met": item.met,
        "groups": [_group(group) for group in item.groups],
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "faces": group.faces,
        "minutes": round(group.minutes, 3),
        "false_alarms_per_min": _number(group.alarms),
        "sensitivity": _number(group.found),
        "alarms_met": group.alarms_met,
        "found_met": group.found_met,
    }


# --- recordings -------------------------------------------------------------


def _recordings(ours: DetectorFigures) -> list[dict[str, Any]]:
    """Return one row per recording and exam: what was true, found, missed, invented."""
    kinds = (VersionKind.UNTOUCHED, *PUT_IN, VersionKind.REOPENED)
    return [
        _recording_row(scored, judged)
        for kind in kinds
        for scored, judged in ours.judged(kind)
    ]


def _recording_row(scored: Scored, judged: Judged) -> dict[str, Any]:
    version, found = scored.version, score(judged.lenient)
    return {
        "name": version.name,
        "face": found.face,
        "tier": found.activity,
        "kind": version.kind.value,
        "stage": version.stage.value,
        "family": version.family.value if version.family else "",
        "exam": scored.exam,
        "minutes": round(found.rate_s / 60, 3),
        "true": found.true_count,
        "found": len(found.matching.found),
        "missed": len(found.matching.missed),
        "false_alarms": len(found.matching.false_alarms),
        "wrong_side": found.matching.wrong_side,
    }


def _deliberate_row(item: Deliberate) -> dict[str, Any]:
    return {
        "file": item.file,
        "onset_s": item.span.start_s,
        "offset_s": item.span.end_s,
        "side": item.side.value,
        "what": item.what,
    }
