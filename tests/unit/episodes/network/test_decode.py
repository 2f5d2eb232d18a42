"""From chances to bursts: what is one, what is two, and what is none."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.episodes.network.decode import DecodeParams, in_burst

HZ = 30


def decided(
    chances: list[tuple[float, float]], joins_s: tuple[float, ...] = ()
) -> list[tuple[float, float]]:
    """Spans in seconds of bursts decided from pieces of (seconds, log-odds)."""
    log_odds = np.concatenate([np.full(round(s * HZ), x) for s, x in chances])
    time_s = np.arange(len(log_odds)) / HZ
    frame_s = np.full(len(time_s), 1 / HZ)
    found = in_burst(log_odds, time_s, frame_s, DecodeParams(), joins_s)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], found, [0]])))
    return [(a / HZ, b / HZ) for a, b in edges.reshape(-1, 2).tolist()]


def test_a_contraction_of_minutes_with_moments_of_doubt_is_one_burst():
    doubt = [(20.0, 3.0), (0.3, -1.0), (40.0, 2.0), (2 / HZ, -5.0), (60.0, 3.0)]
    [(start_s, end_s)] = decided([(5.0, -5.0), *doubt, (5.0, -5.0)])
    assert start_s == pytest.approx(5.0, abs=0.04)
    assert end_s == pytest.approx(125.4, abs=0.04)


def test_two_bursts_half_a_second_apart_are_two():
    assert len(decided([(2, -4), (3, 3), (0.5, -3), (3, 3), (2, -4)])) == 2


def test_a_pause_that_is_nowhere_clearly_rest_is_no_pause():
    """Seconds of doubt within a held contraction cut it to pieces."""
    held = [(2, -4), (3, 3), (1.5, -1.5), (3, 3), (2, -4)]
    assert len(decided(held)) == 1
    one_moment = [(2, -4), (3, 3), (0.7, -1.5), (0.1, -2.5), (0.7, -1.5), (3, 3)]
    assert len(decided(one_moment)) == 2


def test_one_sure_frame_is_no_burst():
    assert decided([(2, -4), (1 / HZ, 20), (2, -4)]) == []


def test_a_contraction_of_a_sixth_of_a_second_is_a_burst():
    assert len(decided([(2, -4), (1 / 6, 4), (2, -4)])) == 1


def test_a_recording_may_begin_and_end_in_a_burst():
    assert decided([(3, 3), (2, -4), (3, 3)]) == [
        (0.0, pytest.approx(3.0)),
        (pytest.approx(5.0), pytest.approx(8.0)),
    ]


def test_a_short_gap_is_lived_through_and_a_long_one_ends_a_burst():
    assert len(decided([(2, -4), (2, 3), (1.5, np.nan), (2, 3), (2, -4)])) == 1
    assert len(decided([(2, -4), (2, 3), (2.5, np.nan), (2, 3), (2, -4)])) == 2


@pytest.mark.parametrize("gap_s", [0.2, 0.5, 1.5])
def test_no_burst_goes_on_in_another_recording(gap_s):
    """Whatever was between two recordings that were put together, nobody saw it."""
    pieces = [(2, -4), (3, 3), (gap_s, np.nan), (3, 3), (2, -4)]
    assert len(decided(pieces)) == 1
    assert decided(pieces, (5.0,)) == [
        (pytest.approx(2.0), pytest.approx(5.0)),
        (pytest.approx(5 + gap_s, abs=0.04), pytest.approx(8 + gap_s, abs=0.04)),
    ]
    assert decided(pieces, (0.0, 99.0)) == decided(pieces), (
        "at the edges none is parted"
    )


def test_nothing_measured_is_no_burst():
    assert decided([(3, np.nan)]) == []


def test_the_frame_rate_does_not_matter():
    for hz in (12, 30, 120):
        log_odds = np.concatenate([np.full(n * hz, x) for n, x in ((2, -3), (1, 2))])
        time_s = np.arange(len(log_odds)) / hz
        found = in_burst(log_odds, time_s, np.full(len(time_s), 1 / hz), DecodeParams())
        assert found.sum() == hz
