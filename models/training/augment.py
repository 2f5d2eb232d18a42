"""More lessons out of the same faces: events put into signals instead of pictures.

Rendering is slow and every untouched video is short. Here the same kinds of events
are added to the signals of untouched videos: one-sided bursts, unequal blinks and
smiles of both sides, slow squints of one side (which are no bursts: contractions
come on abruptly); and real blinks are turned into one-sided closures by bridging
one eye's signals from before to after. How strongly a movement shows in a channel,
and how much of it leaks to the other side, is drawn anew each time, within what
rendered recordings show.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.features import PACE_HZ, Paced
from twitch_tracker.motion.signals import SKIN_HOLD_S
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import SIDES, Region, Side
from twitch_tracker.simulate.activation import activate
from twitch_tracker.simulate.events import (
    BilateralBlink,
    Event,
    Smile,
    Spasm,
    SpeechLike,
)
from twitch_tracker.simulate.scenario import Scenario

Floats = NDArray[np.float64]

LID_MESH, LID_LOOK, MOUTH, CHEEK, BROW, MOUTH_SKIN, CHEEK_SKIN, BROW_SKIN = range(8)
"""Places of `features.CHANNELS`."""

MM_PER_IO: Final = 85.0
"""Between the outer canthi of an adult; only the strength of the lessons."""

BLINK_CLOSURE: Final = 0.4
BLINK_SAMPLES: Final = (2, 14)
_BRIDGE = (5, 7)

SQUINT_EDGE_S: Final = (0.35, 1.5)
"""A squint on purpose takes at least this long to come and to go; contractions of
a spasm come within a tenth of a second (`simulate.kinematics`)."""

SINGLE_SHARE: Final = 0.15
SINGLE_S: Final = (0.12, 0.35)
"""Some bursts are one brief closure, as long as a blink."""


@dataclass(frozen=True)
class Lesson:
    """Signals, and where bursts are: (onset_s, offset_s, place of the side)."""

    signals: Paced
    spans: tuple[tuple[float, float, int], ...]


def lessons(signals: Paced, rng: np.random.Generator, count: int) -> list[Lesson]:
    """Make lessons from the signals of an untouched video."""
    return [_lesson(signals, rng, number) for number in range(count)]


def _lesson(signals: Paced, rng: np.random.Generator, number: int) -> Lesson:
    """Half of them with re-opened blinks; one in six without any burst put in."""
    paced = _stretched(signals, rng.uniform(0.8, 1.25))
    spans: list[tuple[float, float, int]] = []
    if number % 2 == 0:
        paced, spans = _reopened(paced, rng)
    lasts_s = float(paced.time_s[-1] - paced.time_s[0])
    if rng.random() < 0.5:
        paced = _with_events(paced, _common_events(lasts_s, rng), rng)
    if rng.random() < 0.5:
        paced = _with_squint(paced, rng)
    if number % 6 != 1:
        side = SIDES[rng.integers(2)]
        bursts = _bursts(lasts_s, side, rng)
        paced = _with_events(paced, list(bursts), rng)
        first_s = float(paced.time_s[0])
        place = SIDES.index(side)
        spans += [(first_s + b.onset_s, first_s + b.offset_s, place) for b in bursts]
    return Lesson(paced, tuple(spans))


def _stretched(signals: Paced, factor: float) -> Paced:
    """Play faster or slower."""
    n = len(signals.time_s)
    at = np.arange(int(n / factor)) * factor
    nearest = np.minimum(np.round(at).astype(int), n - 1)

    def played(values: Floats) -> Floats:
        flat = values.reshape(n, -1)
        columns = [np.interp(at, np.arange(n), column) for column in flat.T]
        return np.stack(columns, 1).reshape(len(at), *values.shape[1:])

    return Paced(
        time_s=signals.time_s[0] + np.arange(len(at)) / PACE_HZ,
        usable=signals.usable[nearest],
        channels=played(signals.channels),
        pose_deg=played(signals.pose_deg),
    )


def _bursts(lasts_s: float, side: Side, rng: np.random.Generator) -> list[Spasm]:
    """Draw one-sided bursts: more, longer and weaker ones than a benchmark holds."""
    found = []
    at_s = rng.uniform(0.6, 2.5)
    while at_s < lasts_s - 1.0:
        kind = rng.choice(list(EpisodeKind), p=_shares())
        burst = _burst(EpisodeKind(kind), at_s, lasts_s, side, rng)
        if burst is None:
            break
        found.append(burst)
        at_s = burst.offset_s + 0.8 + rng.exponential(2.5)
    return found


def _shares() -> list[float]:
    share = {EpisodeKind.CLONIC: 0.6, EpisodeKind.TONIC: 0.22, EpisodeKind.MIXED: 0.18}
    return [share[kind] for kind in EpisodeKind]


def _burst(
    kind: EpisodeKind, at_s: float, lasts_s: float, side: Side, rng: np.random.Generator
) -> Spasm | None:
    length = {
        EpisodeKind.CLONIC: (0.12, 2.5),
        EpisodeKind.TONIC: (0.6, 8.0),
        EpisodeKind.MIXED: (0.8, 4.0),
    }
    single = rng.random() < SINGLE_SHARE
    long_s = rng.uniform(*(SINGLE_S if single else length[kind]))
    long_s = min(long_s, lasts_s - 0.4 - at_s)
    if long_s < 0.12:
        return None
    strength = rng.choice(3, p=[0.4, 0.35, 0.25])
    lower = (Region.MOUTH_CORNER, Region.CHEEK)
    extent = [(), lower, (*lower, Region.BROW)][rng.choice(3, p=[0.3, 0.56, 0.14])]
    return Spasm(
        onset_s=float(at_s),
        offset_s=float(at_s + long_s),
        side=side,
        regions=(Region.EYELID, *extent),
        kind=EpisodeKind.CLONIC if single else kind,
        closure=float(rng.uniform(*((0.2, 0.45), (0.4, 0.75), (0.7, 1.0))[strength])),
        excursion_mm=float(rng.uniform(*((0.6, 2), (2, 4), (4, 7))[strength])),
        rate_hz=float(rng.uniform(1.5, 8)),
        contraction_s=float(rng.uniform(0.06, 0.19)),
    )


def _common_events(lasts_s: float, rng: np.random.Generator) -> list[Event]:
    """Draw movements of both sides, a little unequal."""
    found: list[Event] = []
    at_s = rng.uniform(0.5, 4.0)
    while at_s < lasts_s - 1.5:
        event = _common_event(float(at_s), lasts_s, rng)
        if event.offset_s < lasts_s:
            found.append(event)
        at_s = event.offset_s + rng.exponential(2.0)
    return found


def _common_event(at_s: float, lasts_s: float, rng: np.random.Generator) -> Event:
    which = rng.random()
    if which < 0.45:
        return BilateralBlink(
            onset_s=at_s,
            duration_s=float(rng.uniform(0.15, 0.5)),
            depth=float(rng.uniform(0.3, 1.0)),
            inequality=float(rng.uniform(-0.2, 0.2)),
        )
    until_s = float(min(lasts_s - 0.1, at_s + rng.uniform(0.8, 4.0)))
    if which < 0.85:
        return Smile(
            onset_s=at_s,
            offset_s=until_s,
            amount_mm=float(rng.uniform(1, 9)),
            inequality=float(rng.uniform(-0.3, 0.3)),
        )
    return SpeechLike(onset_s=at_s, offset_s=until_s)


def _with_events(
    signals: Paced, events: list[Event], rng: np.random.Generator
) -> Paced:
    """Add events, each channel with a gain of its own."""
    first_s = signals.time_s[0]
    plan = Scenario(
        duration_s=float(signals.time_s[-1] - first_s) + 1.0,
        seed=int(rng.integers(1 << 30)),
        events=tuple(events),
    )
    moves = activate(plan, signals.time_s - first_s)
    channels = signals.channels.copy()
    mesh, look = rng.uniform(0.65, 1.1), rng.uniform(0.7, 1.05)
    curve, leak = rng.uniform(0.8, 1.4), rng.uniform(-0.05, 0.12)
    seen = moves.closure * mesh + moves.closure[:, ::-1] * leak
    natural = np.clip(channels[:, LID_MESH], -0.3, 1.0)
    channels[:, LID_MESH] += seen * (1.0 - natural)
    told = np.clip(look * moves.closure**curve, 0.0, 1.0)
    channels[:, LID_LOOK] = 1.0 - (1.0 - channels[:, LID_LOOK]) * (1.0 - told)
    for place, moved_mm, gain in (
        (MOUTH, moves.mouth_corner_mm, rng.uniform(0.6, 1.1)),
        (CHEEK, moves.cheek_mm, rng.uniform(0.5, 1.1)),
        (BROW, moves.brow_mm, rng.uniform(0.5, 1.0)),
    ):
        channels[:, place] += gain * moved_mm / MM_PER_IO
    for place, moved_mm in (
        (MOUTH_SKIN, moves.mouth_corner_mm),
        (CHEEK_SKIN, moves.cheek_mm),
        (BROW_SKIN, moves.brow_mm),
    ):
        gain = rng.uniform(0.5, 1.0)
        channels[:, place] += gain * _forgetting(moved_mm) / MM_PER_IO
    return replace(signals, channels=channels)


def _with_squint(signals: Paced, rng: np.random.Generator) -> Paced:
    """One eye narrows slowly, with or without the mouth, and opens as slowly."""
    side, time_s = int(rng.integers(2)), signals.time_s - signals.time_s[0]
    rise_s, fall_s = rng.uniform(*SQUINT_EDGE_S, 2)
    start_s = rng.uniform(0.0, max(time_s[-1] - 3.0, 0.1))
    hold_s = rng.uniform(0.2, 4.0)
    shape = np.clip((time_s - start_s) / rise_s, 0, 1)
    shape *= np.clip((start_s + rise_s + hold_s + fall_s - time_s) / fall_s, 0, 1)
    shape = shape * shape * (3 - 2 * shape)
    closure = rng.uniform(0.1, 0.6) * shape
    pull_io = rng.choice([0.0, rng.uniform(0.0, 4.0)]) * shape / MM_PER_IO
    channels = signals.channels.copy()
    for place, share in ((LID_MESH, rng.uniform(0.5, 1.1)), (LID_LOOK, 0.8)):
        seen = share * closure
        channels[:, place, side] = 1 - (1 - channels[:, place, side]) * (1 - seen)
    for place, share in ((MOUTH, 1.0), (CHEEK, 0.5)):
        channels[:, place, side] += share * pull_io
    for place, share in ((MOUTH_SKIN, 0.8), (CHEEK_SKIN, 0.4)):
        channels[:, place, side] += share * _forgetting(pull_io[:, None])[:, 0]
    return replace(signals, channels=channels)


def _forgetting(moved: Floats) -> Floats:
    """What a leaky sum of steps makes of a movement, as `motion.signals` does."""
    keep = np.exp(-1.0 / (PACE_HZ * SKIN_HOLD_S))
    steps = np.diff(moved, axis=0, prepend=moved[:1])
    total = np.zeros_like(moved)
    now = np.zeros(moved.shape[1])
    for place, step in enumerate(steps):
        now = keep * (now + step)
        total[place] = now
    return total


def _reopened(
    signals: Paced, rng: np.random.Generator
) -> tuple[Paced, list[tuple[float, float, int]]]:
    """Keep one eye open in most real blinks: bridge it from before to after."""
    channels = signals.channels.copy()
    both = np.nan_to_num(channels[:, LID_MESH]).min(axis=1) > BLINK_CLOSURE
    edges = np.flatnonzero(np.diff(np.concatenate([[False], both, [False]])))
    spans = []
    for first, end in edges.reshape(-1, 2):
        if not BLINK_SAMPLES[0] <= end - first <= BLINK_SAMPLES[1]:
            continue
        if rng.random() < 0.35:
            continue
        low = max(0, first - _BRIDGE[0])
        high = min(len(both) - 1, end + _BRIDGE[1])
        closed = int(rng.integers(2))
        _bridge(channels[:, :, 1 - closed], low, high, rng)
        lid = channels[low : high + 1, LID_MESH, closed]
        on = np.flatnonzero(lid - min(lid[0], lid[-1], 0.3) > 0.12)
        if len(on):
            start, stop = signals.time_s[low + on[[0, -1]]]
            spans.append((float(start), float(stop) + 1 / PACE_HZ, closed))
    return replace(signals, channels=channels), spans


def _bridge(side: Floats, low: int, high: int, rng: np.random.Generator) -> None:
    """Replace the lids and brow of one side, (m, channels), between two samples."""
    share = np.linspace(0.0, 1.0, high - low + 1)
    for place, noise in ((LID_MESH, 0.028), (LID_LOOK, 0.021), (BROW, 0.0)):
        series = side[:, place]
        straight = series[low] * (1 - share) + series[high] * share
        series[low : high + 1] = straight + rng.normal(0, noise, len(share))
