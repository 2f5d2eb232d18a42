"""Long contractions: one burst or pieces, time in spasm, and whose side."""

from __future__ import annotations

import pytest

from twitch_tracker.evaluate.figures.held import HELD, held_as_one
from twitch_tracker.evaluate.recordings import RecordingScore, ScoredRecording, score
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import Side

TONIC = EpisodeKind.TONIC


def judged(
    truth: list[Episode], logged: list[Episode], minutes: float = 1.0
) -> list[RecordingScore]:
    return [
        score(
            ScoredRecording(
                name="a",
                face="a",
                truth=tuple(truth),
                logged=tuple(logged),
                recorded_s=60 * minutes,
            )
        )
    ]


@pytest.mark.parametrize(
    ("seconds", "name"),
    [
        (1.0, "held_1_to_3_s"),
        (2.9, "held_1_to_3_s"),
        (3.0, "held_3_to_20_s"),
        (20.0, "held_over_20_s"),
    ],
)
def test_a_contraction_has_one_length(burst, seconds: float, name: str):
    scores = judged([burst(5, 5 + seconds, kind=TONIC)], [])
    names = [name for name in HELD if name.startswith("held")]
    assert [key for key in names if HELD[key].n(scores)] == [name]


@pytest.mark.parametrize(
    ("logged", "share"),
    [([(10, 18)], 1.0), ([(10, 17.9)], 0.0), ([(10, 15), (15.5, 20)], 0.0)],
)
def test_one_burst_must_cover_four_fifths(burst, logged, share: float):
    """Pieces that a count of overlaps would call found are not one burst."""
    scores = judged([burst(10, 20, kind=TONIC)], [burst(*span) for span in logged])
    assert HELD["held_3_to_20_s"](scores) == share


def test_the_other_side_does_not_cover(burst):
    scores = judged([burst(10, 20, kind=TONIC)], [burst(10, 20, Side.LEFT)])
    assert HELD["held_3_to_20_s"](scores) == 0.0
    assert HELD["strange_side_bursts"].n(scores) == 1


def test_trains_of_jerks_are_not_held(burst):
    scores = judged([burst(10, 20, kind=EpisodeKind.CLONIC)], [])
    assert HELD["held_3_to_20_s"].n(scores) == 0


def test_any_lengths_can_be_asked_for(burst):
    truth = [burst(5, 7, kind=TONIC), burst(10, 40, kind=TONIC)]
    scores = judged(truth, [burst(10, 40)])
    assert (held_as_one(1.0)(scores), held_as_one(1.0).n(scores)) == (0.5, 2)
    assert held_as_one(1.0, 3.0)(scores) == 0.0


@pytest.mark.parametrize(
    ("logged_s", "right"), [(9.0, 1), (10.9, 1), (8.9, 0), (11.1, 0)]
)
def test_time_in_spasm_may_be_a_tenth_off(burst, logged_s: float, right: int):
    scores = judged([burst(10, 20)], [burst(10, 10 + logged_s)])
    assert HELD["spasm_time_within_10pct"](scores) == right


def test_time_in_spasm_of_both_sides_is_added(burst):
    truth = [burst(10, 20), burst(10, 20, Side.LEFT)]
    scores = judged(truth, [burst(10, 20)])
    assert HELD["spasm_time_within_10pct"](scores) == 0


@pytest.mark.parametrize(("seconds", "asked"), [(2.9, 0), (3.1, 1), (54, 1), (55, 0)])
def test_time_is_asked_from_5_to_90_percent_of_a_recording(burst, seconds, asked: int):
    scores = judged([burst(1, 1 + seconds)], [])
    assert HELD["spasm_time_within_10pct"].n(scores) == asked


def test_a_side_is_strange_only_while_the_other_one_has_a_burst(burst):
    """A plain false alarm, a burst of both sides, and one at the other's time."""
    truth = [burst(10, 20), burst(30, 40), burst(30, 40, Side.LEFT)]
    logged = [
        burst(1, 2, Side.LEFT),
        burst(12, 14, Side.LEFT),
        burst(30, 40, Side.LEFT),
    ]
    scores = judged(truth, logged)
    assert HELD["strange_side_bursts"].n(scores) == 1
    assert HELD["strange_side_bursts"](scores) == pytest.approx(1 / 3)
