"""Random plans: one-sided bursts, and what must not be mistaken for one.

Everything comes from the seed that is passed in; the same arguments give the
same plan. Amounts and shares are named below. What is known of real bursts
bounds them: lids alone or lids with the lower face (a spread to both in 93 % of
178 patients: Mov Disord Clin Pract, 10.1002/mdc3.12106), all muscles within a
few milliseconds (lateral spread 9 to 10 ms: Lee, Chun and Shin 1992), smaller
and slower than blinks in many (Osaki et al. 2019, 10.1007/s00417-019-04567-w).
No publication gives how often each occurs on video: the shares, and every
constant without a source here, are our choice, made so that a benchmark holds
enough of each.

>>> plan = draw_scenario(duration_s=20, seed=1, side="left")
>>> {event.event for event in plan.events}
{'spasm'}
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, Literal, TypeVar

import numpy as np

from twitch_tracker.errors import BadParameter
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import SIDES, Region, Side
from twitch_tracker.simulate.plan.events import Event, Spasm, check, member
from twitch_tracker.simulate.plan.scenario import Scenario

__all__ = [
    "SEVERITIES",
    "Severity",
    "draw_bursts",
    "draw_scenario",
    "draw_side",
    "severity_of",
]

Severity = Literal["mild", "moderate", "severe"]
Range = tuple[float, float]
_T = TypeVar("_T")

SEVERITIES: Final[tuple[Severity, ...]] = ("mild", "moderate", "severe")

KIND_SHARES: Final = {
    EpisodeKind.CLONIC: 0.55,
    EpisodeKind.TONIC: 0.25,
    EpisodeKind.MIXED: 0.20,
}
LENGTH_S: Final[dict[EpisodeKind, Range]] = {
    EpisodeKind.CLONIC: (0.25, 2.2),
    EpisodeKind.TONIC: (0.8, 4.0),
    EpisodeKind.MIXED: (0.8, 3.0),
}
"""Shorter than some real ones (seconds to minutes), so that a short video holds
several; all in reach of the 1 s at which the Jankovic scale parts long from short."""

SEVERITY_SHARES: Final[dict[Severity, float]] = {
    "mild": 0.3,
    "moderate": 0.4,
    "severe": 0.3,
}
EXCURSION_MM: Final[dict[Severity, Range]] = {
    "mild": (0.8, 2.0),
    "moderate": (2.0, 4.0),
    "severe": (4.0, 7.0),
}
CLOSURE: Final[dict[Severity, Range]] = {
    "mild": (0.25, 0.45),
    "moderate": (0.4, 0.75),
    "severe": (0.7, 1.0),
}
REGION_SHARES: Final[dict[tuple[Region, ...], float]] = {
    (Region.EYELID,): 0.25,
    (Region.EYELID, Region.CHEEK, Region.MOUTH_CORNER): 0.60,
    (Region.EYELID, Region.CHEEK, Region.MOUTH_CORNER, Region.BROW): 0.15,
}
"""The lid leads: bursts begin around the eye in 97 % and more."""

RATE_HZ: Final[Range] = (2.0, 7.0)
CONTRACTION_S: Final[Range] = (0.07, 0.18)
LAG_S: Final[Range] = (0.0, 0.01)
GAP_S: Final[Range] = (1.5, 5.0)
FIRST_ONSET_S: Final[Range] = (1.0, 2.5)


QUIET_END_S: Final = 0.4


def severity_of(spasm: Spasm) -> Severity:
    """Say how strong a burst is.

    By the mouth corner where it takes part, else by the eye's closure. The
    bounds are those of `EXCURSION_MM`; of `CLOSURE`, whose ranges overlap, the
    middle of the overlap.

    Parameters
    ----------
    spasm : Spasm
        Any burst, drawn or written by hand.
    """
    if Region.MOUTH_CORNER in spasm.regions:
        size, ranges = spasm.excursion_mm, EXCURSION_MM
    else:
        size, ranges = spasm.closure, CLOSURE
    first, second = _bounds(ranges)
    return "mild" if size < first else "moderate" if size < second else "severe"


def _bounds(ranges: dict[Severity, Range]) -> Range:
    """Return what separates mild from moderate and moderate from severe."""
    mild, moderate, severe = (ranges[severity] for severity in SEVERITIES)
    return (mild[1] + moderate[0]) / 2, (moderate[1] + severe[0]) / 2


def draw_scenario(
    *,
    duration_s: float,
    seed: int,
    side: Side | str,
    gentle: bool = False,
    others: Iterable[Event] = (),
) -> Scenario:
    """Draw a plan of one-sided bursts.

    Parameters
    ----------
    duration_s : float
        Length of the recording.
    seed : int
        Where all randomness comes from, also that of the rendering.
    side : Side or str
        The subject's own side on which every burst is.
    gentle : bool
        Only mild bursts.
    others : iterable of Event
        Further events, e.g. from `distract.draw_distractors`; they come after
        the bursts in the list, so that they change nothing about them.

    Returns
    -------
    Scenario
        Empty of bursts when the recording is too short for one.

    Raises
    ------
    BadParameter
        If an argument is outside what a `Scenario` takes.
    """
    where = member("side", Side, side)
    check("duration_s", duration_s, 0.1, 86400.0)
    seed = checked_seed(seed)
    rng = np.random.default_rng([seed, 3])
    bursts = draw_bursts(duration_s, where, rng, gentle=gentle)
    return Scenario(duration_s=duration_s, seed=seed, events=(*bursts, *others))


def draw_side(seed: int) -> Side:
    """Draw the side of a recording's bursts."""
    rng = np.random.default_rng([checked_seed(seed), 10])
    return SIDES[int(rng.integers(len(SIDES)))]


def draw_bursts(
    end_s: float, side: Side, rng: np.random.Generator, *, gentle: bool = False
) -> tuple[Spasm, ...]:
    """Draw bursts one after another from the first moment on.

    A burst that would reach into the quiet end is shortened, and dropped when
    less than the least length of its kind is left.
    """
    bursts: list[Spasm] = []
    last_s = end_s - QUIET_END_S
    onset = rng.uniform(*FIRST_ONSET_S)
    while True:
        spasm = _draw_burst(onset, side, rng, gentle=gentle)
        offset = min(spasm.offset_s, last_s)
        if offset - onset < LENGTH_S[spasm.kind][0]:
            return tuple(bursts)
        bursts.append(replace(spasm, offset_s=round(offset, 4)))
        onset = offset + rng.uniform(*GAP_S)


def _draw_burst(
    onset_s: float, side: Side, rng: np.random.Generator, *, gentle: bool
) -> Spasm:
    kind = choose(KIND_SHARES, rng)
    severity = choose(SEVERITY_SHARES, rng)
    if gentle:
        severity = "mild"
    regions = choose(REGION_SHARES, rng)
    closure = rng.uniform(*CLOSURE[severity])
    if regions == (Region.EYELID,):  # only the lid shows how strong it is
        edges = dict(
            zip(SEVERITIES, pairwise((0.0, *_bounds(CLOSURE), 1.0)), strict=True)
        )
        closure = float(np.clip(closure, edges[severity][0], edges[severity][1] - 1e-3))
    return Spasm(
        onset_s=round(onset_s, 4),
        offset_s=onset_s + rng.uniform(*LENGTH_S[kind]),
        side=side,
        regions=regions,
        kind=kind,
        closure=round(closure, 3),
        excursion_mm=round(rng.uniform(*EXCURSION_MM[severity]), 3),
        rate_hz=round(rng.uniform(*RATE_HZ), 3),
        contraction_s=round(rng.uniform(*CONTRACTION_S), 4),
        lag_s=round(rng.uniform(*LAG_S), 4),
    )


def choose(shares: dict[_T, float], rng: np.random.Generator) -> _T:
    """Draw one key by its share."""
    keys: Sequence[_T] = list(shares)
    weights = np.array(list(shares.values()))
    return keys[int(rng.choice(len(keys), p=weights / weights.sum()))]


def checked_seed(seed: int) -> int:
    """Refuse seeds that numpy does not take."""
    if seed < 0 or seed != int(seed):
        raise BadParameter("seed", "a whole number, 0 or more", seed)
    return int(seed)
