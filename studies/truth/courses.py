"""When and where bursts happen in a recording, whatever then shows them.

A course is a tuple of commands (`Spasm`): onset, offset, side, regions, kind and
strength. Every family of the simulator (the warp of `inject`, the second injector,
real lids held closed, halves of real expressions) shows the same commands with
kinematics of its own, so that families differ in how a burst looks and not in when
it comes. The disease in one sentence: bursts of seconds grow to minutes, pauses
shrink; `Stage.EARLY` and `Stage.LATE` are its two ends.

>>> course = draw_course(duration_s=60, seed=1, side="left", stage=Stage.LATE)
>>> {spasm.side.value for spasm in course}
{'left'}
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Final

import numpy as np

from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.simulate.plan.draw import (
    CLOSURE,
    CONTRACTION_S,
    EXCURSION_MM,
    LAG_S,
    RATE_HZ,
    SEVERITY_SHARES,
    checked_seed,
    choose,
)
from twitch_tracker.simulate.plan.events import Spasm, check, member

__all__ = ["LEAST_PAUSE_S", "Layout", "Stage", "draw_course"]

Range = tuple[float, float]


class Stage(StrEnum):
    """How far the disease has come."""

    EARLY = "early"
    LATE = "late"


class Layout(StrEnum):
    """Which sides take part in a recording."""

    ONE = "one"
    ALTERNATING = "alternating"
    BOTH = "both"


LAYOUT_SHARES: Final = {Layout.ONE: 0.84, Layout.ALTERNATING: 0.08, Layout.BOTH: 0.08}

KIND_SHARES: Final = {
    Stage.EARLY: {
        EpisodeKind.CLONIC: 0.5,
        EpisodeKind.TONIC: 0.32,
        EpisodeKind.MIXED: 0.18,
    },
    Stage.LATE: {
        EpisodeKind.CLONIC: 0.2,
        EpisodeKind.TONIC: 0.6,
        EpisodeKind.MIXED: 0.2,
    },
}

EARLY_LENGTH_S: Final[dict[EpisodeKind, Range]] = {
    EpisodeKind.CLONIC: (0.25, 3.0),
    EpisodeKind.TONIC: (0.3, 6.0),
    EpisodeKind.MIXED: (0.8, 4.0),
}
"""Drawn evenly on a logarithmic scale."""

LATE_LENGTH_S: Final[Range] = (1.0, 180.0)
LATE_MOST: Final = 0.7
"""No burst of a late recording takes more than this share of it."""

EARLY_PAUSE_S: Final[Range] = (0.5, 6.0)
DUTY: Final[Range] = (0.3, 0.9)
"""Share of a late recording in spasm."""

LEAST_PAUSE_S: Final = 0.5
"""Shorter pauses are taken for pauses within a train of contractions."""

REGION_SHARES: Final[dict[tuple[Region, ...], float]] = {
    (Region.EYELID,): 0.27,
    (Region.EYELID, Region.CHEEK, Region.MOUTH_CORNER): 0.46,
    (Region.EYELID, Region.CHEEK, Region.MOUTH_CORNER, Region.BROW): 0.13,
    (Region.MOUTH_CORNER, Region.CHEEK): 0.14,
}
"""With the lower face alone, which `draw` leaves out."""

FIRST_ONSET_S: Final[Range] = (0.8, 3.0)


def draw_course(
    *, duration_s: float, seed: int, side: Side | str, stage: Stage | str
) -> tuple[Spasm, ...]:
    """Draw when and where bursts happen.

    Parameters
    ----------
    duration_s : float
        Length of the recording. The last burst may reach beyond it: recordings
        end in the middle of a burst, too.
    seed : int
        Where all randomness comes from.
    side : Side or str
        The subject's own side; of most recordings the only one.
    stage : Stage or str
        Short bursts apart, or long ones with little between.

    Returns
    -------
    tuple of Spasm
        In order of onset; bursts of one side are at least `LEAST_PAUSE_S` apart.

    Raises
    ------
    BadParameter
        If an argument is outside its range.
    """
    where, how_far = member("side", Side, side), member("stage", Stage, stage)
    check("duration_s", duration_s, 1.0, 86400.0)
    rng = np.random.default_rng([checked_seed(seed), 20])
    layout = choose(LAYOUT_SHARES, rng)
    if layout is Layout.BOTH:
        bursts = [
            *_one_side(duration_s, lambda _: where, how_far, rng),
            *_one_side(duration_s, lambda _: where.other, how_far, rng),
        ]
        return tuple(sorted(bursts, key=lambda burst: burst.onset_s))
    turns = (where, where.other) if layout is Layout.ALTERNATING else (where, where)
    return tuple(_one_side(duration_s, lambda k: turns[k % 2], how_far, rng))


def _one_side(
    duration_s: float,
    side_of: Callable[[int], Side],
    stage: Stage,
    rng: np.random.Generator,
) -> list[Spasm]:
    """Draw bursts one after the other until the recording is full."""
    duty = rng.uniform(*DUTY)
    regions = choose(REGION_SHARES, rng)
    bursts: list[Spasm] = []
    onset_s = rng.uniform(*FIRST_ONSET_S)
    while onset_s < duration_s - 0.6:
        if stage is Stage.EARLY or rng.random() < 0.3:
            regions = choose(REGION_SHARES, rng)
        kind = choose(KIND_SHARES[stage], rng)
        length_s = _length_s(kind, stage, duration_s, rng)
        burst = _burst(onset_s, length_s, kind, regions, rng)
        bursts.append(replace(burst, side=side_of(len(bursts))))
        onset_s += length_s + _pause_s(length_s, stage, duty, rng)
    return bursts


def _length_s(
    kind: EpisodeKind, stage: Stage, duration_s: float, rng: np.random.Generator
) -> float:
    if stage is Stage.EARLY:
        return _log_uniform(*EARLY_LENGTH_S[kind], rng)
    most_s = max(min(LATE_LENGTH_S[1], LATE_MOST * duration_s), 2 * LATE_LENGTH_S[0])
    return _log_uniform(LATE_LENGTH_S[0], most_s, rng)


def _pause_s(
    length_s: float, stage: Stage, duty: float, rng: np.random.Generator
) -> float:
    if stage is Stage.EARLY:
        return _log_uniform(*EARLY_PAUSE_S, rng)
    usual_s = length_s * (1 - duty) / duty
    return max(LEAST_PAUSE_S, float(usual_s * np.exp(rng.normal(0, 0.4))))


def _burst(
    onset_s: float,
    length_s: float,
    kind: EpisodeKind,
    regions: tuple[Region, ...],
    rng: np.random.Generator,
) -> Spasm:
    """Draw one command; its side is put in afterwards."""
    severity = choose(SEVERITY_SHARES, rng)
    return Spasm(
        onset_s=round(onset_s, 4),
        offset_s=round(onset_s + length_s, 4),
        side=Side.LEFT,
        regions=regions,
        kind=kind,
        closure=round(rng.uniform(*CLOSURE[severity]), 3),
        excursion_mm=round(rng.uniform(*EXCURSION_MM[severity]), 3),
        rate_hz=round(rng.uniform(*RATE_HZ), 3),
        contraction_s=round(rng.uniform(*CONTRACTION_S), 4),
        lag_s=round(rng.uniform(*LAG_S), 4),
    )


def _log_uniform(low: float, high: float, rng: np.random.Generator) -> float:
    return float(np.exp(rng.uniform(math.log(low), math.log(high))))
