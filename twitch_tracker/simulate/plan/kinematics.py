"""The shapes of facial movements over time, as functions of any times.

Every curve runs from 0 to 1, is continuous and zero outside its event. Times
may be irregular. Randomness comes only from the generator that is passed in.

>>> import numpy as np
>>> float(pulse(np.array([0.0, 0.04, 0.2]), 0.0, 0.1).max())
1.0
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.records import EpisodeKind
from twitch_tracker.simulate.plan.events import (
    Absence,
    BilateralBlink,
    GazeShift,
    HandOverFace,
    Smile,
    Spasm,
    SpeechLike,
    Yawn,
)

__all__ = [
    "RISE_SHARE",
    "BurstPlan",
    "away_curve",
    "blink_curve",
    "gaze_curve",
    "hand_curve",
    "hold",
    "plan_burst",
    "pulse",
    "smile_curve",
    "speech_curve",
    "yawn_curve",
]

Times = NDArray[np.float64]

RISE_SHARE: Final = 0.4  # of a contraction: it rises faster than it falls
_REFRACTORY_S: Final = 0.03  # shortest pause between the peaks' rises
_BLINK_CLOSING_S: Final = 0.075
"""Down-phase of a blink, 66-78 ms (CLINICAL section 3: 77.6 ms voluntary,
17.6 % longer than spontaneous)."""
_SACCADE_S: Final = 0.055  # of 15 degrees: 2.2 ms a degree and 21 ms (Carpenter 1988)
_HAND_S: Final = 0.35


def pulse(time_s: Times, start_s: float, length_s: float) -> Times:
    """Return one contraction: raised cosine up, slower raised cosine down."""
    rise = RISE_SHARE * length_s
    t = time_s - start_s
    up = 0.5 - 0.5 * np.cos(np.pi * np.clip(t / rise, 0, 1))
    down = 0.5 + 0.5 * np.cos(np.pi * np.clip((t - rise) / (length_s - rise), 0, 1))
    return np.asarray(np.where((t < 0) | (t > length_s), 0.0, np.minimum(up, down)))


def hold(
    time_s: Times, start_s: float, end_s: float, rise_s: float, fall_s: float
) -> Times:
    """Return a rise, a plateau at 1 and a fall; rise and fall lie within the span."""
    room = end_s - start_s
    shrink = min(1.0, room / (rise_s + fall_s))
    up = np.clip((time_s - start_s) / (rise_s * shrink), 0, 1)
    down = np.clip((end_s - time_s) / (fall_s * shrink), 0, 1)
    level = np.minimum(up, down)
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * level))


@dataclass(frozen=True, kw_only=True)
class BurstPlan:
    """What one `Spasm` does in detail, drawn from the seed.

    Attributes
    ----------
    starts_s, lengths_s, heights : NDArray[np.float64]
        Contractions in order, shape (n,); empty for a tonic burst.
    plateau : float
        Height of the held part, 0 without one.
    ripple_hz, ripple_phase : NDArray[np.float64]
        Components of the tremor on the held part, shape (k,).
    """

    starts_s: Times
    lengths_s: Times
    heights: Times
    plateau: float
    ripple_hz: Times
    ripple_phase: Times

    def curve(self, time_s: Times, spasm: Spasm) -> Times:
        """Return the shape of the whole burst over time, 0 to 1."""
        total = np.zeros_like(time_s)
        for start, length, height in zip(
            self.starts_s, self.lengths_s, self.heights, strict=True
        ):
            total = np.maximum(total, height * pulse(time_s, start, length))
        if self.plateau > 0:
            total = self._held(time_s, spasm) + (1 - self.plateau) * total
        return np.clip(total, 0.0, 1.0)

    def _held(self, time_s: Times, spasm: Spasm) -> Times:
        level = hold(time_s, spasm.onset_s, spasm.offset_s, 0.12, 0.22)
        waves = (
            2 * np.pi * self.ripple_hz[:, None] * time_s + self.ripple_phase[:, None]
        )
        ripple = 1 - 0.06 * (1 + np.sin(waves).mean(axis=0))
        return np.asarray(self.plateau * level * ripple)


def plan_burst(spasm: Spasm, rng: np.random.Generator) -> BurstPlan:
    """Draw the contractions of a burst.

    The first contraction starts at the onset and the last one ends at the
    offset; the intervals between vary by about a third, the lengths by a
    fifth. The highest contraction has height 1.
    """
    count = contraction_count(spasm)
    ripple_hz = rng.uniform(4.0, 9.0, 3)
    ripple_phase = rng.uniform(0, 2 * np.pi, 3)
    starts, lengths = _contractions(spasm, count, rng)
    heights = rng.uniform(0.6, 1.0, count)
    if count:
        heights[rng.integers(count)] = 1.0
    plateau = {
        EpisodeKind.CLONIC: 0.0,
        EpisodeKind.MIXED: 0.5,
        EpisodeKind.TONIC: 1.0,
    }[spasm.kind]
    return BurstPlan(
        starts_s=starts,
        lengths_s=lengths,
        heights=heights,
        plateau=plateau,
        ripple_hz=ripple_hz,
        ripple_phase=ripple_phase,
    )


def contraction_count(spasm: Spasm) -> int:
    """Return how many separate contractions a burst is planned with (0 for tonic)."""
    if spasm.kind is EpisodeKind.TONIC:
        return 0
    room = spasm.offset_s - spasm.onset_s - spasm.contraction_s
    most = int(room / (spasm.contraction_s + _REFRACTORY_S)) + 1
    return max(1, min(round(room * spasm.rate_hz) + 1, most))


def _contractions(
    spasm: Spasm, count: int, rng: np.random.Generator
) -> tuple[Times, Times]:
    """Return irregular starts and lengths that fill the span without overlapping."""
    if count == 0:
        return np.zeros(0), np.zeros(0)
    span = spasm.offset_s - spasm.onset_s
    lengths = spasm.contraction_s * rng.uniform(0.8, 1.2, count)
    if count == 1:
        return np.array([spasm.onset_s]), np.array([min(span, lengths[0])])
    pauses = rng.lognormal(0.0, 0.45, count - 1)
    least = _REFRACTORY_S * (count - 1)
    lengths *= min(1.0, (span - least) / lengths.sum())
    free = max(span - lengths.sum() - least, 0.0)
    pauses = _REFRACTORY_S + free * pauses / pauses.sum()
    steps = np.concatenate([[0.0], lengths[:-1] + pauses])
    return spasm.onset_s + np.cumsum(steps), lengths


def blink_curve(time_s: Times, blink: BilateralBlink) -> Times:
    """Return closing in about 75 ms, shut for a moment, reopening slower."""
    closing = min(_BLINK_CLOSING_S, 0.35 * blink.duration_s)
    shut = min(0.015, 0.1 * blink.duration_s)
    t = time_s - blink.onset_s
    down = np.clip(t / closing, 0, 1)
    opening = blink.duration_s - closing - shut
    up = np.clip((t - closing - shut) / opening, 0, 1)
    closed = 0.5 - 0.5 * np.cos(np.pi * down)
    # Reopening starts fast and creeps to the end.
    opened = 1 - (1 - up) ** 2 * (1 + 2 * up)
    return np.asarray(np.where((t < 0) | (up >= 1), 0.0, closed * (1 - opened)))


def smile_curve(time_s: Times, smile: Smile) -> Times:
    """Return a rise over half a second, a hold, a fall over two thirds of a second."""
    return hold(time_s, smile.onset_s, smile.offset_s, 0.5, 0.65)


def speech_curve(time_s: Times, speech: SpeechLike, rng: np.random.Generator) -> Times:
    """Return opening by syllables of irregular height and spacing."""
    span = speech.offset_s - speech.onset_s
    count = max(1, round(span * speech.rate_hz))
    spacing = rng.uniform(0.7, 1.3, count)
    edges = speech.onset_s + span * np.concatenate(
        [[0.0], np.cumsum(spacing) / spacing.sum()]
    )
    total = np.zeros_like(time_s)
    for start, end, height in zip(
        edges[:-1], edges[1:], rng.uniform(0.3, 1.0, count), strict=True
    ):
        total += height * pulse(time_s, start, end - start)
    return total


def gaze_curve(time_s: Times, gaze: GazeShift) -> Times:
    """Return a saccade there, fixation, a saccade back."""
    return hold(time_s, gaze.onset_s, gaze.offset_s, _SACCADE_S, _SACCADE_S)


def yawn_curve(time_s: Times, yawn: Yawn) -> Times:
    """Open over the first half, stay wide, close faster."""
    span = yawn.offset_s - yawn.onset_s
    return hold(time_s, yawn.onset_s, yawn.offset_s, 0.45 * span, 0.3 * span)


def hand_curve(time_s: Times, hand: HandOverFace) -> Times:
    """Come in within a third of a second, stay, and leave as fast."""
    return hold(time_s, hand.onset_s, hand.offset_s, _HAND_S, _HAND_S)


def away_curve(time_s: Times, absence: Absence) -> Times:
    """Leave the picture, stay away, come back."""
    slide = absence.slide_s
    return hold(time_s, absence.onset_s, absence.offset_s, slide, slide)
