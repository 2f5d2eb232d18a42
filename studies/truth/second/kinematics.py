"""How strongly a muscle contracts over time: responses, trains, tremor.

Every burst is drawn once on a fine grid and read from it afterwards, so that a
frame costs the same in a burst of a third of a second and in one of minutes. A
held contraction rises like a damped second-order system, a Hill curve or a
logistic one, relaxes in one or two phases, and between them drifts, fluctuates
and trembles; jerks come at gamma-distributed intervals, some of them doubled,
and add up with saturation. Ranges without a source are our choice, wide on
purpose.

>>> burst = Spasm(onset_s=1, offset_s=2, side="left", kind="tonic")
>>> curve = draw_curve(burst, np.random.default_rng(1))
>>> curve.at(0.9, Region.EYELID)
0.0
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator
from scipy.signal import find_peaks

from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import REGIONS, Region
from twitch_tracker.simulate.plan.events import Spasm

__all__ = ["STEP_S", "BurstCurve", "draw_curve"]

Curve = NDArray[np.float64]
Range = tuple[float, float]

STEP_S: Final = 0.002
"""Grid of the drawn curves: a tenth of the shortest time constant."""

TAIL_S: Final = 0.3
"""What is left of a relaxation is gone this long after the offset: bursts of one
side are half a second apart."""

RISE_TAU_S: Final[Range] = (0.02, 0.12)
RELAXATION_S: Final[Range] = (0.08, 0.6)
"""Until a tenth is left."""

TREMOR_HZ: Final[Range] = (4.0, 10.0)
"""Physiological tremor of small muscles lies at 8 to 10 Hz, fatigue slows it."""
TREMOR: Final[Range] = (0.008, 0.05)
FLUCTUATION: Final[Range] = (0.01, 0.08)
"""Standard deviation of the slow wander, as a share of the hold."""

TRENDS: Final = {"steady": 0.45, "growing": 0.25, "fading": 0.3}
TREND_LEVEL: Final[Range] = (0.45, 0.85)
"""Weaker end of a growing or fading hold, as a share of the stronger."""

INTERVAL_SHAPE: Final[Range] = (2.5, 9.0)
"""Shape of the gamma distribution of intervals: nearly random to nearly regular."""
DOUBLETS: Final[Range] = (0.0, 0.3)
DOUBLET_S: Final[Range] = (0.035, 0.09)
JERK_PEAK_S: Final[Range] = (0.02, 0.07)
TONIC_LEVEL: Final[Range] = (0.3, 0.6)
"""Share of a mixed burst that is held."""

BEND: Final[Range] = (0.85, 1.25)
"""Exponent between the common drive and one region's movement."""

PROMINENCE: Final = 0.1
"""A contraction stands out from its neighbours by this share of the peak."""

_TENTH_EXP: Final = math.log(10.0)
_TENTH_DAMPED: Final = 3.89  # (1 + k) exp(-k) is 0.1 there


@dataclass(frozen=True, kw_only=True, eq=False)
class BurstCurve:
    """What one burst does over time.

    Attributes
    ----------
    spasm : Spasm
        The command.
    drive : NDArray[np.float64]
        Common drive from the onset on, every `STEP_S`, 0 to 1; its peak is 1.
    peaks_s : NDArray[np.float64]
        Times of the contractions.
    bend : Mapping[Region, float]
        Exponent of each region.
    """

    spasm: Spasm
    drive: Curve
    peaks_s: Curve
    bend: Mapping[Region, float]

    @property
    def end_s(self) -> float:
        """When nothing moves any more."""
        return self.spasm.onset_s + len(self.drive) * STEP_S + self.spasm.lag_s

    def at(self, time_s: float, region: Region) -> float:
        """Return movement of one region at one time, as a share of its peak."""
        if region not in self.spasm.regions:
            return 0.0
        place = (time_s - self.spasm.onset_s - self._late_s(region)) / STEP_S
        if not 0.0 <= place < len(self.drive) - 1:
            return 0.0
        first = int(place)
        near, far = self.drive[first], self.drive[first + 1]
        value = near + (place - first) * (far - near)
        return float(max(value, 0.0) ** self.bend[region])

    def course(self, region: Region) -> Curve:
        """Return movement of one region at all `times_s`."""
        if region not in self.spasm.regions:
            return np.zeros(len(self.drive))
        late = round(self._late_s(region) / STEP_S)
        shifted = np.concatenate([np.zeros(late), self.drive])[: len(self.drive)]
        return np.asarray(shifted ** self.bend[region])

    @property
    def times_s(self) -> Curve:
        """Times of `course`."""
        return self.spasm.onset_s + STEP_S * np.arange(len(self.drive))

    def _late_s(self, region: Region) -> float:
        return 0.0 if region is self.spasm.lead_region else self.spasm.lag_s


def draw_curve(spasm: Spasm, rng: np.random.Generator) -> BurstCurve:
    """Draw how one burst runs.

    Parameters
    ----------
    spasm : Spasm
        The command.
    rng : numpy.random.Generator
        Of this burst alone.
    """
    length_s = spasm.offset_s - spasm.onset_s
    t = np.arange(0.0, length_s + TAIL_S + STEP_S, STEP_S)
    drive = _SHAPES[spasm.kind](t, spasm, rng)
    drive *= 1.0 - _smooth((t - length_s) / TAIL_S)
    drive = np.maximum(drive, 0.0) / max(float(drive.max()), 1e-9)
    return BurstCurve(
        spasm=spasm,
        drive=drive,
        peaks_s=spasm.onset_s + STEP_S * _peaks(drive, spasm.kind),
        bend={region: float(rng.uniform(*BEND)) for region in REGIONS},
    )


def _peaks(drive: Curve, kind: EpisodeKind) -> NDArray[np.intp]:
    """Return places of the contractions that can be distinguished."""
    strongest = np.array([int(drive.argmax())])
    if kind is EpisodeKind.TONIC:
        return strongest
    found = find_peaks(np.concatenate([[0.0], drive]), prominence=PROMINENCE)[0] - 1
    return np.asarray(found) if len(found) else strongest


def _tonic(t: Curve, spasm: Spasm, rng: np.random.Generator) -> Curve:
    """Return one held contraction."""
    length_s = spasm.offset_s - spasm.onset_s
    tau_s = min(rng.uniform(*RISE_TAU_S), length_s / 9)
    fall_s = min(_log_uniform(RELAXATION_S, rng), 0.45 * length_s)
    held = _rise(t, tau_s, rng) * _fall(t - (length_s - fall_s), fall_s, rng)
    return held * _trend(t / length_s, rng) * _variability(t, rng)


def _clonic(t: Curve, spasm: Spasm, rng: np.random.Generator) -> Curve:
    """Return separate jerks, of which quick ones fuse."""
    return _saturated(_jerks(t, spasm, rng))


def _mixed(t: Curve, spasm: Spasm, rng: np.random.Generator) -> Curve:
    """Return jerks on a partial hold."""
    level = rng.uniform(*TONIC_LEVEL)
    jerks = _jerks(t, spasm, rng)
    return _saturated(level * _tonic(t, spasm, rng) + (1 - level) * jerks)


_SHAPES: Final[
    Mapping[EpisodeKind, Callable[[Curve, Spasm, np.random.Generator], Curve]]
] = {
    EpisodeKind.TONIC: _tonic,
    EpisodeKind.CLONIC: _clonic,
    EpisodeKind.MIXED: _mixed,
}


def _rise(t: Curve, tau_s: float, rng: np.random.Generator) -> Curve:
    """Return onset of a hold, from 0 at 0 to nearly 1 within five time constants."""
    form = int(rng.integers(3))
    if form == 0:  # critically damped second order
        return np.asarray(1 - (1 + t / tau_s) * np.exp(-t / tau_s))
    if form == 1:  # Hill
        power = (t / (1.7 * tau_s)) ** rng.uniform(2.0, 4.0)
        return np.asarray(power / (1 + power))
    start = 1 / (1 + math.exp(4.0))  # logistic, shifted to begin at 0
    logistic = 1 / (1 + np.exp(np.minimum(4.0 - 2.0 * t / tau_s, 50.0)))
    return np.asarray((logistic - start) / (1 - start))


def _fall(since_s: Curve, fall_s: float, rng: np.random.Generator) -> Curve:
    """Return relaxation: 1 before 0, about a tenth after `fall_s`."""
    k = np.clip(since_s, 0.0, None) / fall_s
    if rng.random() < 0.4:
        return np.asarray(np.exp(-_TENTH_EXP * k))
    quick = _damped_fall(k * rng.uniform(1.2, 2.0))
    slow = _damped_fall(k * rng.uniform(0.7, 0.9))
    share = rng.uniform(0.5, 0.95)
    return np.asarray(share * quick + (1 - share) * slow)


def _damped_fall(k: Curve) -> Curve:
    """Return critically damped way back, a tenth at 1."""
    return np.asarray((1 + _TENTH_DAMPED * k) * np.exp(-_TENTH_DAMPED * k))


def _trend(share: Curve, rng: np.random.Generator) -> Curve:
    """Return growth or fatigue over a hold."""
    names, weights = list(TRENDS), list(TRENDS.values())
    name = names[int(rng.choice(len(names), p=weights))]
    level, bend = rng.uniform(*TREND_LEVEL), rng.uniform(0.5, 1.8)
    way = np.clip(share, 0.0, 1.0) ** bend
    if name == "steady":
        return np.ones_like(share)
    return np.asarray(level + (1 - level) * (way if name == "growing" else 1 - way))


def _variability(t: Curve, rng: np.random.Generator) -> Curve:
    """Return slow wander and tremor around 1."""
    wander = rng.uniform(*FLUCTUATION) * _wander(t, rng.uniform(0.6, 2.5), rng)
    rate_hz = rng.uniform(*TREMOR_HZ) * (1 + 0.08 * _wander(t, 1.0, rng))
    phase = 2 * np.pi * np.cumsum(rate_hz) * STEP_S + rng.uniform(0, 2 * np.pi)
    swell = np.clip(1 + 0.6 * _wander(t, 0.7, rng), 0.0, 2.0)
    trembling = 1 + rng.uniform(*TREMOR) * swell * np.sin(phase)
    return np.asarray((1 + wander) * trembling)


def _wander(t: Curve, knot_s: float, rng: np.random.Generator) -> Curve:
    """Smooth random curve of about unit size with a turn every `knot_s`."""
    knots = np.arange(-knot_s, t[-1] + 2 * knot_s, knot_s)
    values = np.clip(rng.standard_normal(len(knots)), -2.0, 2.0)
    return np.asarray(PchipInterpolator(knots, values)(t))


def _jerks(t: Curve, spasm: Spasm, rng: np.random.Generator) -> Curve:
    """Sum of jerks of different strength."""
    length_s = spasm.offset_s - spasm.onset_s
    peak_s = min(rng.uniform(*JERK_PEAK_S), 0.5 * spasm.contraction_s)
    tenth_s = peak_s + (spasm.contraction_s - peak_s) * rng.uniform(1.2, 2.0)
    squeeze = min(1.0, 0.95 * length_s / tenth_s)
    peak_s, tenth_s = peak_s * squeeze, tenth_s * squeeze
    out = np.zeros_like(t)
    for start_s, strength in _train(spasm, length_s - tenth_s, rng):
        near = slice(*np.searchsorted(t, [start_s, start_s + 2.5 * tenth_s]))
        since = t[near] - start_s
        rise = since / peak_s * np.exp(1 - since / peak_s)
        fall = _damped_fall(np.maximum(since - peak_s, 0.0) / (tenth_s - peak_s))
        out[near] += strength * np.where(since < peak_s, rise, fall)
    return out


def _train(
    spasm: Spasm, last_s: float, rng: np.random.Generator
) -> list[tuple[float, float]]:
    """Draw starts and strengths of jerks; the last one starts before `last_s`."""
    shape, doubles = rng.uniform(*INTERVAL_SHAPE), rng.uniform(*DOUBLETS)
    spread, mean_s = rng.uniform(0.1, 0.4), 1.0 / spasm.rate_hz
    jerks: list[tuple[float, float]] = []
    start_s = 0.0
    while not jerks or start_s <= last_s:
        strength = float(np.clip(np.exp(rng.normal(-0.1, spread)), 0.3, 1.2))
        jerks.append((start_s, strength))
        second_s = start_s + rng.uniform(*DOUBLET_S)
        if rng.random() < doubles and second_s <= last_s:
            jerks.append((second_s, strength * rng.uniform(0.5, 0.9)))
        start_s += max(float(rng.gamma(shape, mean_s / shape)), 0.05)
    return jerks


def _saturated(drive: Curve) -> Curve:
    """Limit two jerks together to less than twice the pull."""
    return np.asarray(drive / (1 + np.clip(drive, 0.0, None) ** 3) ** (1 / 3))


def _smooth(share: Curve) -> Curve:
    s = np.clip(share, 0.0, 1.0)
    return np.asarray(s * s * (3 - 2 * s))


def _log_uniform(bounds: Range, rng: np.random.Generator) -> float:
    return float(np.exp(rng.uniform(math.log(bounds[0]), math.log(bounds[1]))))
