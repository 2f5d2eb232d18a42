"""Bursts made by hand, and a made-up set of recordings, for the judge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.evaluate.evaluation import Evaluation, evaluate_set
from twitch_tracker.evaluate.recordings import ScoredRecording
from twitch_tracker.exchange.coding.coded import OtherEvent
from twitch_tracker.records import Episode, EpisodeKind, Origin
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval


@pytest.fixture
def burst() -> Callable[..., Episode]:
    """Return a maker of bursts: onset and offset in seconds, on the right side."""

    def make(start_s: float, end_s: float, side: Side = Side.RIGHT, **more) -> Episode:
        given = {
            "regions": (Region.EYELID,),
            "lead_region": Region.EYELID,
            "kind": EpisodeKind.CLONIC,
            **more,
        }
        return Episode(span=Interval(start_s=start_s, end_s=end_s), side=side, **given)

    return make


def made_up_recording(number: int) -> ScoredRecording:
    """Three minutes with a true burst every 12 s unless it is every third one.

    The log finds most of them, a little late, and invents some near blinks; its
    confidence is honest: a burst logged with confidence c is true with chance c.
    """
    rng = np.random.default_rng(number)
    truth, logged = [], []
    for onset_s in np.arange(5.0, 170.0, 12.0):
        side = (Side.LEFT, Side.RIGHT)[int(rng.integers(2))]
        kind = (EpisodeKind.CLONIC, EpisodeKind.TONIC)[int(rng.integers(2))]
        mm, length_s = float(rng.uniform(0.5, 8)), float(rng.uniform(0.3, 2.5))
        burst = Episode(
            span=Interval(start_s=float(onset_s), end_s=float(onset_s) + length_s),
            side=side,
            regions=(Region.EYELID, Region.CHEEK)[: int(rng.integers(1, 3))],
            lead_region=Region.EYELID,
            kind=kind,
            contractions=5,
            excursion_mm=mm,
            origin=Origin.SIMULATED,
        )
        late = Interval(
            start_s=burst.span.start_s + float(rng.normal(0.03, 0.02)),
            end_s=burst.span.end_s + float(rng.normal(0.05, 0.05)),
        )
        sure = float(rng.uniform(0.2, 1))
        is_true = number % 3 and rng.random() < sure
        if number % 3:
            truth.append(burst)
        if is_true or rng.random() < 0.2:
            span = (
                late if is_true else Interval(start_s=onset_s + 6, end_s=onset_s + 6.4)
            )
            said = replace(burst, span=span, confidence=sure, origin=Origin.DETECTED)
            logged.append(
                replace(said, excursion_mm=0.8 * mm + float(rng.normal(0, 0.3)))
            )
    blinks = [
        OtherEvent(event="blink", span=Interval(start_s=t, end_s=t + 0.25))
        for t in np.arange(11.1, 170.0, 12.0).tolist()
    ]
    return ScoredRecording(
        name=f"face{number % 4}_{('rest', 'talk')[number % 2]}_{number}",
        face=f"face{number % 4}",
        activity=("rest", "talk")[number % 2],
        truth=tuple(truth),
        logged=tuple(logged),
        others=tuple(blinks),
        recorded_s=180.0,
        analysable_s=171.0,
        excluded=(Interval(start_s=171.0, end_s=180.0),),
        frame_s=1 / 30,
    )


def build_evaluation(recordings: int = 12, draws: int = 200) -> Evaluation:
    """Judge the made-up set."""
    made = [made_up_recording(number) for number in range(recordings)]
    return evaluate_set(made, draws=draws)


@pytest.fixture(scope="session")
def made_up() -> Callable[[int], ScoredRecording]:
    """Return the maker of made-up recordings."""
    return made_up_recording


@pytest.fixture(scope="session")
def evaluation() -> Evaluation:
    """Twelve recordings of four faces, judged."""
    return build_evaluation()
