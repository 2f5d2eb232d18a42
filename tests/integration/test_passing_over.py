"""Passing over pictures in which nothing moves leaves the log as it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from twitch_tracker import AnalysisOptions, Session, analyze

EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"
EDGE_S = 0.04
"""A little more than a picture of the example."""


@pytest.fixture(scope="module")
def both_ways(a_tracker) -> tuple[Session, Session]:
    """The example with every picture looked at, and as it is analysed by default."""
    every = analyze(EXAMPLE, AnalysisOptions(every_picture=True))
    return every, analyze(EXAMPLE)


def test_the_same_bursts_are_logged(both_ways):
    every, default = both_ways
    assert len(every.episodes) == len(default.episodes) > 3
    for one, other in zip(every.episodes, default.episodes, strict=True):
        assert (one.side, one.regions, one.kind) == (
            other.side,
            other.regions,
            other.kind,
        )
        assert other.span.start_s == pytest.approx(one.span.start_s, abs=EDGE_S)
        assert other.span.end_s == pytest.approx(one.span.end_s, abs=EDGE_S)
        assert other.contractions == pytest.approx(one.contractions, abs=1)


def test_so_are_blinks_and_what_could_be_measured(both_ways):
    every, default = both_ways
    assert len(every.blinks) == len(default.blinks) > 3
    assert default.summary.analysable_s == pytest.approx(every.summary.analysable_s)
    np.testing.assert_array_equal(every.motion.usable, default.motion.usable)


def test_every_picture_has_its_signals(both_ways):
    every, default = both_ways
    np.testing.assert_array_equal(every.motion.time_s, default.motion.time_s)
    for name, signal in every.motion.scores.items():
        other = default.motion.scores[name].values
        assert np.isfinite(other).sum() == np.isfinite(signal.values).sum(), name
