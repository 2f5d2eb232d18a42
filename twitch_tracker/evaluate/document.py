"""An evaluation as one JSON document.

Knows the layout of ``evaluation.json``. "Not defined" (NaN) is ``null``. Shares
are 0 to 1, times are seconds from the first shown frame, sides the subject's
own. A change that would break a reader raises `SCHEMA_VERSION`.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from twitch_tracker.border.plain import plain
from twitch_tracker.evaluate.evaluation import OTHER_RULES, Evaluation, Part
from twitch_tracker.evaluate.figures.alarms import NEAR_S, around
from twitch_tracker.evaluate.figures.detection import could_not_be_measured
from twitch_tracker.evaluate.figures.subgroups import SEVERITY_MM
from twitch_tracker.evaluate.matching import PRIMARY_RULE
from twitch_tracker.evaluate.recordings import RecordingScore
from twitch_tracker.records import Episode

__all__ = ["SCHEMA_VERSION", "evaluation_json"]

SCHEMA_VERSION: Final = 1
"""Version of the layout of ``evaluation.json``."""


def evaluation_json(evaluation: Evaluation) -> dict[str, Any]:
    """Describe an evaluation for a program.

    Returns
    -------
    dict
        JSON-ready; `docs/evaluation.md` explains the figures.
    """
    document: dict[str, Any] = plain(
        {
            "schema_version": SCHEMA_VERSION,
            "rules": {
                "primary": asdict(PRIMARY_RULE),
                **{name: asdict(rule) for name, rule in OTHER_RULES.items()},
                "near_event_s": NEAR_S,
                "severity_mm": SEVERITY_MM,
            },
            **_part(evaluation.whole),
            "faces_told": evaluation.faces_known,
            "activities": {k: _part(v) for k, v in evaluation.activities.items()},
            "regions": [asdict(region) for region in evaluation.regions],
            "alarms_around": [asdict(item) for item in evaluation.alarms_around],
            "rate_agreement_per_min": asdict(evaluation.agreement),
            "calibration": asdict(evaluation.calibration),
            "prices": [asdict(price) for price in evaluation.prices],
            "each": [_recording(score) for score in evaluation.scores],
        }
    )
    return document


def _part(part: Part) -> dict[str, Any]:
    """Describe the figures of some recordings."""
    return {
        "recordings": part.recordings,
        "faces": part.faces,
        "minutes": part.minutes,
        "figures": {
            name: {**asdict(figure.estimate), "n": figure.n}
            for name, figure in part.figures.items()
        },
        "subgroups": [asdict(subgroup) for subgroup in part.subgroups],
    }


def _recording(score: RecordingScore) -> dict[str, Any]:
    """Describe one recording with its misses and false alarms."""
    matching = score.matching
    return {
        "name": score.source.name if score.source else "",
        "face": score.face,
        "activity": score.activity,
        "minutes": score.rate_s / 60,
        "minutes_basis": score.minutes_basis,
        "overridden": [str(m) for m in score.source.misfits] if score.source else [],
        "true": score.true_count,
        "logged": score.logged_count,
        "found": len(matching.found),
        "wrong_side": matching.wrong_side,
        "true_per_min": score.true_per_min,
        "logged_per_min": score.logged_per_min,
        "rate_error": score.rate_error,
        "missed": [
            {**_burst(miss), "unmeasured": could_not_be_measured(score, miss)}
            for miss in matching.missed
        ],
        "false_alarms": [
            {**_burst(alarm), "around": around(score, alarm)}
            for alarm in matching.false_alarms
        ],
    }


def _burst(burst: Episode) -> dict[str, Any]:
    return {
        "onset_s": burst.span.start_s,
        "offset_s": burst.span.end_s,
        "side": burst.side,
        "regions": burst.regions,
        "excursion_mm": burst.excursion_mm,
        "confidence": burst.confidence,
    }
