"""A whole set judged, and what is written of it."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from twitch_tracker.errors import BadParameter
from twitch_tracker.evaluate.document import evaluation_json
from twitch_tracker.evaluate.evaluation import evaluate_set
from twitch_tracker.evaluate.figures.measures import measures


def test_every_figure_is_there_under_every_rule(evaluation):
    names = set(measures())
    for rule in ("iou", "merge_0.15", "merge_0.5"):
        names |= {f"{rule}_{name}" for name in ("sensitivity", "precision", "f1")}
    assert set(evaluation.figures) == names
    assert set(evaluation.activities) == {"rest", "talk"}
    assert set(evaluation.activities["rest"].figures) == names


def test_intervals_hold_their_value(evaluation):
    for name, figure in evaluation.figures.items():
        found = figure.estimate
        if math.isfinite(found.low):
            assert found.low <= found.value <= found.high, name


def test_activities_add_up(evaluation):
    parts = evaluation.activities.values()
    assert sum(part.recordings for part in parts) == evaluation.whole.recordings == 12
    assert sum(part.minutes for part in parts) == pytest.approx(
        evaluation.whole.minutes
    )
    assert evaluation.whole.minutes == pytest.approx(12 * 171 / 60)


def test_the_stricter_rule_is_never_kinder(made_up):
    film = made_up(1)
    late = [
        replace(b, span=replace(b.span, start_s=b.span.end_s - 0.07))
        for b in film.logged
    ]
    found = evaluate_set([replace(film, logged=tuple(late))], draws=10).figures
    assert found["iou_sensitivity"].value < found["sensitivity"].value


def test_the_same_set_gives_the_same_numbers(made_up):
    films = [made_up(k) for k in range(4)]
    one, other = (evaluation_json(evaluate_set(films, draws=50)) for _ in range(2))
    assert one == other
    again = evaluation_json(evaluate_set(films, draws=50, seed=1))
    assert again["figures"] != one["figures"]


def test_mirroring_truth_and_log_changes_nothing(made_up):
    def mirrored(film):
        truth, logged = (
            tuple(replace(burst, side=burst.side.other) for burst in bursts)
            for bursts in (film.truth, film.logged)
        )
        return replace(film, truth=truth, logged=logged)

    films = [made_up(k) for k in range(4)]
    one = evaluate_set(films, draws=20).figures
    other = evaluate_set([mirrored(film) for film in films], draws=20).figures
    assert {n: f.n for n, f in one.items()} == {n: f.n for n, f in other.items()}
    for name in one:
        same = pytest.approx(one[name].value, nan_ok=True)
        assert other[name].value == same, name


def test_a_perfect_log_is_perfect(made_up):
    films = [made_up(k) for k in (1, 2, 4)]
    perfect = [replace(film, logged=film.truth, excluded=()) for film in films]
    found = evaluate_set(perfect, draws=20).figures
    for name in ("sensitivity", "precision", "f1", "iou_f1", "spasm_time_kappa"):
        assert found[name].value == pytest.approx(1), name
    for name in ("kind_agreement", "amplitude_correlation", "duration_ratio"):
        assert found[name].value == pytest.approx(1), name
    for name in ("false_alarms_per_min", "count_error", "onset_error_s"):
        assert found[name].value == 0, name


@pytest.mark.parametrize("count", [0, 2])
def test_no_recording_or_two_of_one_name_are_refused(made_up, count):
    with pytest.raises(BadParameter, match="each name once"):
        evaluate_set([made_up(1)] * count)


def test_the_document_is_json_and_holds_every_mistake(evaluation):
    text = json.dumps(evaluation_json(evaluation), allow_nan=False)
    document = json.loads(text)
    assert document["schema_version"] == 1
    each = document["each"]
    assert len(each) == 12
    for row in each:
        assert row["found"] + len(row["missed"]) == row["true"]
        assert row["found"] + len(row["false_alarms"]) == row["logged"]
        assert all(alarm["around"] for alarm in row["false_alarms"])
    figure = document["figures"]["sensitivity"]
    assert set(figure) == {"value", "low", "high", "n"}
    assert document["activities"]["rest"]["figures"]["f1"]["value"] > 0


def test_a_set_without_times_or_confidence_still_has_its_counts(made_up):
    bare = [
        replace(
            made_up(k),
            recorded_s=math.nan,
            analysable_s=math.nan,
            frame_s=math.nan,
            logged=tuple(replace(b, confidence=math.nan) for b in made_up(k).logged),
        )
        for k in range(3)
    ]
    found = evaluate_set(bare, draws=20)
    assert found.figures["sensitivity"].value > 0
    assert math.isnan(found.figures["false_alarms_per_min"].value)
    assert math.isnan(found.figures["onset_error_frames"].value)
    assert found.prices == ()
    assert found.calibration.bins == ()
    json.dumps(evaluation_json(found), allow_nan=False)
