"""How strongly a burst contracts over time.

Three shapes and their mixture: one jerk, a train of jerks, a contraction that is held
and trembles, and a train on top of a held one. Nobody has published curves of spasms;
rates are those that neurologists see, 1 to 10 a second, and a single twitch takes 50 to
400 ms. Everything else is the choice of this family.

>>> float(pulse(np.array([0.0, 0.3, 1.0]), Pulse(0.1, 0.1, 0.2, 0.1)).max())
1.0
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Course", "Pulse", "Shape", "contract", "pulse"]

Values = NDArray[np.float64]

_TRAIN_HZ: Final = (3.0, 8.0)
"""Jerks a second of a train; on a held contraction they come slower."""
_SLOW_TRAIN_HZ: Final = (2.6, 6.0)
_IRREGULAR: Final = 0.2
"""Standard deviation of the time between jerks, as a share of it."""
_INTERVAL_S: Final = (0.09, 0.42)
_LONGEST_JERK_S: Final = 0.34
_TREMOR_HZ: Final = (8.0, 12.0)
"""As physiological tremor of a held contraction has it."""
_TREMOR: Final = (0.03, 0.07)
_SWAY: Final = 0.10
"""Half of how much a held contraction waxes and wanes, of its height ..."""
_SWAY_S: Final = (1.8, 4.0)
"""... and how long one such wave takes."""
_UNDERTONE: Final = 0.22
"""Height of the contraction that some trains stand on ..."""
_UNDERTONE_SHARE: Final = 0.4
"""... and the share of trains that do."""


class Shape(StrEnum):
    """How a burst runs."""

    JERK = "jerk"
    TRAIN = "train"
    HELD = "held"
    MIXED = "mixed"


class Pulse(NamedTuple):
    """A rise, a plateau and a fall, each a half cosine but the plateau; seconds."""

    start_s: float
    rise_s: float
    top_s: float
    fall_s: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """How strongly a burst contracts.

    Attributes
    ----------
    strength : NDArray[np.float64]
        0 to 1 at every time that was asked for.
    contractions : int
        Separate jerks, or 1.
    rate_hz : float
        Jerks a second as drawn; NaN without a train.
    """

    strength: Values
    contractions: int = 1
    rate_hz: float = math.nan


def pulse(time_s: Values, one: Pulse) -> Values:
    """Return a pulse of height 1 at some times."""
    up_s = time_s - one.start_s
    down_s = up_s - one.rise_s - one.top_s
    rising = 0.5 - 0.5 * np.cos(np.pi * np.clip(up_s / one.rise_s, 0, 1))
    falling = 0.5 + 0.5 * np.cos(np.pi * np.clip(down_s / one.fall_s, 0, 1))
    return np.asarray(np.minimum(rising, falling))


def contract(
    shape: Shape,
    time_s: Values,
    onset_s: float,
    duration_s: float,
    rng: np.random.Generator,
) -> Course:
    """Draw how a burst runs.

    Parameters
    ----------
    shape : Shape
        Which of the shapes.
    time_s : NDArray[np.float64]
        Times to draw it at, increasing.
    onset_s, duration_s : float
        Where it begins and how long it lasts, seconds.
    rng : numpy.random.Generator
        Where the randomness comes from.
    """
    if shape is Shape.JERK:
        rise_s, top_s = rng.uniform(0.05, 0.09), 0.1 * duration_s
        one = Pulse(onset_s, rise_s, top_s, duration_s - 0.07 - top_s)
        return Course(strength=pulse(time_s, one))
    if shape is Shape.TRAIN:
        return _train_alone(time_s, onset_s, duration_s, rng)
    return _held(time_s, onset_s, duration_s, rng, jerking=shape is Shape.MIXED)


def _train_alone(
    time_s: Values, onset_s: float, duration_s: float, rng: np.random.Generator
) -> Course:
    """Draw a train, which may stand on a weak contraction that is held."""
    course = _train(time_s, onset_s, duration_s, rng.uniform(*_TRAIN_HZ), rng)
    if rng.random() >= _UNDERTONE_SHARE:
        return course
    under = Pulse(onset_s + 0.1, 0.2, max(duration_s - 0.5, 0.05), 0.2)
    strength = np.maximum(course.strength, _UNDERTONE * pulse(time_s, under))
    return Course(
        strength=strength, contractions=course.contractions, rate_hz=course.rate_hz
    )


def _train(
    time_s: Values,
    onset_s: float,
    duration_s: float,
    rate_hz: float,
    rng: np.random.Generator,
) -> Course:
    """Draw jerks one after another, faster up than down."""
    strength, count, start_s = np.zeros_like(time_s), 0, onset_s
    while start_s < onset_s + duration_s - 0.15:
        between_s = float(
            np.clip(rng.normal(1 / rate_hz, _IRREGULAR / rate_hz), *_INTERVAL_S)
        )
        long_s = min(1.05 * between_s, _LONGEST_JERK_S)
        height = float(np.clip(rng.normal(0.85, 0.15), 0.45, 1.0))
        one = Pulse(start_s, 0.3 * long_s, 0.08 * long_s, 0.62 * long_s)
        strength = np.maximum(strength, height * pulse(time_s, one))
        start_s, count = start_s + between_s, count + 1
    return Course(strength=strength, contractions=max(count, 1), rate_hz=rate_hz)


def _held(
    time_s: Values,
    onset_s: float,
    duration_s: float,
    rng: np.random.Generator,
    *,
    jerking: bool,
) -> Course:
    """Draw a contraction that is held: it sways and trembles, or jerks."""
    rise_s = min(rng.uniform(0.15, 0.7), 0.35 * duration_s)
    fall_s = min(rng.uniform(0.25, 1.1), 0.4 * duration_s)
    whole = Pulse(onset_s, rise_s, duration_s - rise_s - fall_s, fall_s)
    envelope = pulse(time_s, whole)
    turns = (time_s - onset_s) / rng.uniform(*_SWAY_S)
    sway = 1 - _SWAY + _SWAY * np.sin(2 * np.pi * turns + rng.uniform(0, 6))
    wander = np.cumsum(rng.normal(0, 0.04, len(time_s)))
    phase = 2 * np.pi * rng.uniform(*_TREMOR_HZ) * time_s + wander
    tremor = rng.uniform(*_TREMOR) * np.sin(phase)
    if not jerking:
        return Course(strength=np.clip(envelope * (sway + tremor - 0.04), 0, 1))
    long_s = duration_s - 0.5 * rise_s - 0.3 * fall_s
    rate_hz = rng.uniform(*_SLOW_TRAIN_HZ)
    jerks = _train(time_s, onset_s + 0.5 * rise_s, long_s, rate_hz, rng)
    on_top = 0.5 * jerks.strength * np.maximum(envelope, 0.3)
    return Course(
        strength=np.clip(0.5 * envelope * sway + on_top, 0, 1),
        contractions=jerks.contractions,
        rate_hz=rate_hz,
    )
