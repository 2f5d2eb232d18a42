"""Draw which bursts a film shows, and when both eyes close.

Depends on nothing of the video but its name, so that a seed gives the same plan
whatever is filmed. Nobody has published how often which burst comes; shares are the
choice of this family. In some persons the brow rises while the eye closes (the other
Babinski sign), in as many or more it goes down.

>>> plan = draw_plan(seed=1, name="somebody", seconds=32)
>>> {burst.side for burst in plan.bursts} == {plan.side}
True
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from studies.truth.third.kinetics import Shape
from studies.truth.third.plan import AMOUNTS, Burst, Closure, FilmPlan, Severity
from twitch_tracker.regions import REGIONS, Region, Side
from twitch_tracker.simulate.plan.draw import checked_seed, choose

__all__ = ["LONG_S", "draw_closures", "draw_plan"]

Range = tuple[float, float]
_Places = dict[tuple[bool, bool], float]

LONG_S: Final = 58.0
"""Length of a film with long bursts, seconds."""

_SHAPES: Final[dict[Shape, float]] = {
    Shape.JERK: 6,
    Shape.TRAIN: 5,
    Shape.HELD: 5,
    Shape.MIXED: 4,
}
_PLACES: Final[_Places] = {(True, False): 8, (True, True): 9, (False, True): 3}
"""How often a burst takes the lids, the lower face, or both."""
_LONG_PLACES: Final[_Places] = {(True, False): 45, (True, True): 55}
"""... of bursts of more than `_HELD_S` in films with long ones."""
_HELD_S: Final = 3.0
_EVEN: Final = dict.fromkeys(Severity, 1.0)
_OWN: Final[Range] = (0.85, 1.15)
"""What one burst moves, as a share of what its severity does."""
_BROW_DOWN: Final = 0.5
_PLATYSMA: Final = 0.85
"""A brow that goes down and a mouth that does, as shares of those that go up."""
_LENGTH_S: Final[dict[Shape, Range]] = {
    Shape.JERK: (0.2, 0.5),
    Shape.TRAIN: (1.0, 8.0),
    Shape.HELD: (0.5, 10.0),
    Shape.MIXED: (1.2, 8.0),
}
"""Lengths of bursts; jerks are spread evenly, the others over their logarithm."""
_LONG: Final[tuple[tuple[Shape, Range], ...]] = (
    (Shape.JERK, _LENGTH_S[Shape.JERK]),
    (Shape.HELD, (12.0, 28.0)),
    (Shape.JERK, _LENGTH_S[Shape.JERK]),
    (Shape.HELD, (4.0, 8.0)),
    (Shape.TRAIN, (4.0, 9.0)),
)
"""What a film with long bursts shows, in this order."""
_PAUSE_S: Final[Range] = (1.2, 3.6)
_FIRST_S: Final[Range] = (2.0, 3.5)
_QUIET_END_S: Final = 1.0
_LEAST_S: Final = 0.6
"""A burst that the film's end would cut shorter than this is left out."""
_USUAL_SHARE: Final = 0.45
"""Bursts of the severity that a person's usually have."""
_PLATYSMA_SHARE: Final = 0.35
"""Bursts of the lower face alone that pull the mouth down."""


@dataclass(frozen=True, kw_only=True)
class _Habits:
    """What is the same in all bursts of a film: brow (-1, 0 or 1), lower lid, severity."""

    side: Side
    brow: int
    lower_lid: float
    severity: Severity


def draw_plan(*, seed: int, name: str, seconds: float, long: bool = False) -> FilmPlan:
    """Draw the bursts of a film.

    Parameters
    ----------
    seed : int
        Where all randomness comes from; an odd one shows the other side of the face
        than an even one, and a film with long bursts the same side.
    name : str
        Of the video: each has bursts of its own.
    seconds : float
        Length of the film; one with long bursts has at least `LONG_S`.
    long : bool
        Whether to show few and long ones.
    """
    seconds = max(seconds, LONG_S) if long else seconds
    key = (checked_seed(seed), zlib.crc32(name.encode()), 33 if long else 32)
    rng = np.random.default_rng(key)
    habits = _Habits(
        side=(Side.LEFT, Side.RIGHT)[(seed + key[1]) % 2],
        brow=int(rng.choice([0, -1, 1], p=[0.4, 0.35, 0.25])),
        lower_lid=rng.uniform(0.15, 0.4),
        severity=choose(_EVEN, rng),
    )
    spans = _spans(seconds, rng, long=long)
    return FilmPlan(
        seconds=seconds,
        seed=key,
        side=habits.side,
        bursts=tuple(_burst(span, habits, rng, long=long) for span in spans),
    )


def draw_closures(*, seed: int, name: str, seconds: float) -> FilmPlan:
    """Draw up to three closures of both eyes, alike as two eyes are."""
    key = (checked_seed(seed), zlib.crc32(name.encode()), 34)
    rng = np.random.default_rng(key)
    closures: list[Closure] = []
    onset_s = rng.uniform(3, 5)
    for _ in range(3):
        duration_s = rng.uniform(2, 6)
        if onset_s + duration_s > seconds - _QUIET_END_S:
            break
        closures.append(
            Closure(
                onset_s=onset_s,
                duration_s=duration_s,
                lids={side: rng.uniform(0.97, 1.03) for side in Side},
                late_s={side: rng.uniform(-0.01, 0.01) for side in Side},
                squeeze={side: rng.uniform(0, 0.6) for side in Side},
                fall_s=rng.uniform(0.2, 0.4),
            )
        )
        onset_s += duration_s + rng.uniform(2, 4)
    return FilmPlan(seconds=seconds, seed=key, side=Side.LEFT, closures=tuple(closures))


_Span = tuple[Shape, float, float]
"""Shape, onset and duration in seconds."""


def _spans(seconds: float, rng: np.random.Generator, *, long: bool) -> Iterator[_Span]:
    """Draw one burst after another until the film is full."""
    onset_s = rng.uniform(*_FIRST_S)
    for shape, length_s in _LONG if long else _any_shapes(rng):
        duration_s = _length_s(shape, length_s, rng)
        left_s = seconds - _QUIET_END_S - onset_s
        if duration_s > left_s:
            if long or shape is Shape.JERK or left_s < _LEAST_S:
                return
            duration_s = left_s
        yield shape, onset_s, duration_s
        onset_s += duration_s + rng.uniform(*_PAUSE_S)


def _any_shapes(rng: np.random.Generator) -> Iterator[tuple[Shape, Range]]:
    while True:
        shape = choose(_SHAPES, rng)
        yield shape, _LENGTH_S[shape]


def _length_s(shape: Shape, between_s: Range, rng: np.random.Generator) -> float:
    """Draw a length: short ones of trains and held bursts are as likely as long ones."""
    if shape is Shape.JERK or between_s != _LENGTH_S[shape]:
        return rng.uniform(*between_s)
    least, most = (math.log(end_s) for end_s in between_s)
    return math.exp(rng.uniform(least, most))


def _burst(
    span: _Span, habits: _Habits, rng: np.random.Generator, *, long: bool
) -> Burst:
    """Draw where and how strong one burst is."""
    shape, onset_s, duration_s = span
    shares = _LONG_PLACES if long and duration_s > _HELD_S else _PLACES
    lids, lower_face = choose(shares, rng)
    usual = rng.random() < _USUAL_SHARE
    severity = habits.severity if usual else choose(_EVEN, rng)
    amounts = AMOUNTS[severity]
    platysma = not lids and rng.random() < _PLATYSMA_SHARE
    brow, corner, cheek = rng.uniform(*_OWN, 3)
    closure = rng.uniform(*amounts.lids)
    brow_mm = habits.brow * amounts.brow_mm * (1.0 if habits.brow > 0 else _BROW_DOWN)
    moved = {
        Region.EYELID: lids,
        Region.CHEEK: lower_face and not platysma,
        Region.MOUTH_CORNER: lower_face,
        Region.BROW: lids and habits.brow != 0,
    }
    return Burst(
        onset_s=onset_s,
        duration_s=duration_s,
        side=habits.side,
        shape=shape,
        severity=severity,
        regions=tuple(region for region in REGIONS if moved.get(region)),
        platysma=platysma,
        lids=closure if lids else 0.0,
        lower_lid=habits.lower_lid,
        squeeze=amounts.squeeze if lids else 0.0,
        corner_mm=corner * amounts.corner_mm * (_PLATYSMA if platysma else 1.0)
        if lower_face
        else 0.0,
        cheek_mm=cheek * amounts.cheek_mm if moved[Region.CHEEK] else 0.0,
        brow_mm=brow * brow_mm if lids else 0.0,
    )
