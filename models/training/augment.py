"""More lessons out of the same faces: events put into signals instead of pictures.

Rendering is slow and every untouched video is short. Here the same kinds of events
are added to the signals of untouched videos: one-sided bursts, unequal blinks and
smiles of both sides, slow squints of one side (which are no bursts: contractions
come on abruptly); and real blinks are turned into one-sided closures by bridging
one eye's signals from before to after. How strongly a movement shows in a channel,
and how much of it leaks to the other side, is drawn again each time, within what
rendered recordings show.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studies.benchmark.building.plan import Family
from twitch_tracker.episodes.network.features import PACE_HZ, Paced
from twitch_tracker.motion.signals import SKIN_HOLD_S
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import SIDES, Region, Side
from twitch_tracker.simulate.activation import Activation, activate
from twitch_tracker.simulate.plan.events import (
    BilateralBlink,
    Event,
    Smile,
    Spasm,
    SpeechLike,
)
from twitch_tracker.simulate.plan.scenario import Scenario

Floats = NDArray[np.float64]

LID_MESH, LID_LOOK, MOUTH, CHEEK, BROW, MOUTH_SKIN, CHEEK_SKIN, BROW_SKIN = range(8)
UPPER_LIP, ALA = 8, 9
"""Places of `features.CHANNELS`."""

ABS_LOOK, ABS_APERTURE, ABS_MOUTH, ABS_BROW = range(4)
"""Places of `features.ABSOLUTE`."""

ABSOLUTE_OF: Final = {MOUTH: ABS_MOUTH, BROW: ABS_BROW}

MM_PER_IO: Final = 85.0
"""Between the outer canthi of an adult; only the strength of the lessons."""

BLINK_CLOSURE: Final = 0.4
BLINK_SAMPLES: Final = (2, 14)
_BRIDGE = (5, 7)
_APART: Final = 15
_LID_TRACKS: Final = ((LID_MESH, 0.028), (LID_LOOK, 0.021), (BROW, 0.0005))
_ABSOLUTE_TRACKS: Final = ((ABS_LOOK, 0.021), (ABS_APERTURE, 0.003))
"""What is bridged and held of an eye, and its noise."""

SQUINT_EDGE_S: Final = (0.35, 1.5)
"""A squint on purpose takes at least this long to come and to go; contractions of
a spasm come within a tenth of a second (`simulate.plan.kinematics`)."""

SQUINT_SHARE: Final = 0.1
"""In so many lessons an eye narrows on purpose. When it was in half of them, held lids
of turned or talking faces were taken for squints."""

EXTENT_SHARES: Final = (0.26, 0.36, 0.1, 0.28)
"""Of the bursts put in: eyelid alone, eyelid and lower face, the brow too, lower face
alone. Of the last a network needs to see many: when they were one in seven, even pulls
of 5 mm in a quiet face were missed."""

SINGLE_SHARE: Final = 0.15
SINGLE_S: Final = (0.12, 0.35)
"""Some bursts are one brief closure, as long as a blink."""


STRENGTHS_MM: Final = ((0.6, 2), (2, 4), (4, 7))
"""Excursions of weak, moderate and strong pulls of the mouth corner."""

SLOWEST_S: Final = (0.08, 0.2)
"""Muscles answer a command with time constants up to this, on the way up and down."""

TREMOR_HZ: Final = (4.0, 12.0)
TREMOR_MOST: Final = 0.2
"""Rate of a tremor on top, and its amplitude as a share of the contraction."""

FADE_MOST: Final = 0.5
FADE_S: Final = (1.0, 10.0)
"""A held contraction loses up to this share, with a time constant of so long."""

GENTLE_S: Final = (1.0, 15.0)
"""Both eyes closed on purpose, as in the task "gentle closure"."""

LONGEST_S: Final = 25.0
LONG_TRAIN_SHARE: Final = 0.3
"""Of trains of jerks, and of jerks that end in a hold, so many may last as long as what
is held. When all of them were short, long ones fell to pieces."""


@dataclass(frozen=True)
class Lesson:
    """Signals, and where bursts are: (onset_s, offset_s, place of the side).

    `family` is that of the kinematics: a lesson with bursts teaches what the first
    injector does, too.
    """

    signals: Paced
    spans: tuple[tuple[float, float, int], ...]
    family: Family | None


def lessons(signals: Paced, rng: np.random.Generator, count: int) -> list[Lesson]:
    """Make lessons from the signals of an untouched video."""
    return [_lesson(signals, rng, number) for number in range(count)]


def _lesson(signals: Paced, rng: np.random.Generator, number: int) -> Lesson:
    """Make a lesson: blinks re-opened, bursts put in, or neither, in turn."""
    paced = _stretched(signals, rng.uniform(0.8, 1.25))
    spans: list[tuple[float, float, int]] = []
    family: Family | None = None
    if number % 3 == 0:
        paced, spans = _reopened(paced, rng)
        family = Family.REAL
    lasts_s = float(paced.time_s[-1] - paced.time_s[0])
    if rng.random() < 0.5:
        paced = _with_events(paced, _common_events(lasts_s, rng), rng)
    if rng.random() < SQUINT_SHARE:
        paced = _with_squint(paced, rng)
    if rng.random() < 0.3:
        paced = _with_gentle_closure(paced, rng)
    if number % 3 == 1:
        side = SIDES[rng.integers(2)]
        bursts = _bursts(lasts_s, side, rng)
        paced = _with_events(paced, list(bursts), rng)
        first_s = float(paced.time_s[0])
        place = SIDES.index(side)
        spans += [(first_s + b.onset_s, first_s + b.offset_s, place) for b in bursts]
        family = Family.WARP
    return Lesson(paced, tuple(spans), family)


def _with_gentle_closure(signals: Paced, rng: np.random.Generator) -> Paced:
    """Close both eyes for seconds, not quite alike; no burst."""
    time_s = signals.time_s - signals.time_s[0]
    length_s = float(np.exp(rng.uniform(*np.log(GENTLE_S))))
    start_s = rng.uniform(0.0, max(float(time_s[-1]) - 1.0, 0.1))
    curve = _slow(time_s, start_s, length_s, rng.uniform(0.1, 0.5, 2))
    depth = rng.uniform(0.5, 1.0) * np.array([1.0, rng.uniform(0.75, 1.0)])
    if rng.random() < 0.5:
        depth = depth[::-1]
    closure = curve[:, None] * depth
    pull_io = rng.choice([0.0, rng.uniform(0.0, 2.0)]) * curve / MM_PER_IO
    return _closed(signals, closure, np.stack([pull_io, pull_io], axis=1), rng)


def _slow(time_s: Floats, start_s: float, hold_s: float, edges_s: Floats) -> Floats:
    """Return rise and fall of a movement made on purpose, 0 to 1, shape (m,)."""
    rise_s, fall_s = edges_s
    shape = np.clip((time_s - start_s) / rise_s, 0, 1)
    shape *= np.clip((start_s + rise_s + hold_s + fall_s - time_s) / fall_s, 0, 1)
    return np.asarray(shape * shape * (3 - 2 * shape))


def _closed(
    signals: Paced, closure: Floats, pull_io: Floats, rng: np.random.Generator
) -> Paced:
    """Close eyes and pull mouth corners and cheeks, shape (m, sides) each."""
    channels, absolute = signals.channels.copy(), signals.absolute.copy()
    _close_eyes(channels, absolute, rng.uniform(0.6, 1.1) * closure, closure)
    for place, share in ((MOUTH, 1.0), (CHEEK, 0.5), (UPPER_LIP, 0.6), (ALA, 0.1)):
        channels[:, place] += share * pull_io
    for place, share in ((MOUTH_SKIN, 0.8), (CHEEK_SKIN, 0.4)):
        channels[:, place] += share * _forgetting(pull_io)
    absolute[:, ABS_MOUTH] += pull_io
    return replace(signals, channels=channels, absolute=absolute)


def _close_eyes(
    channels: Floats, absolute: Floats, by_mesh: Floats, by_look: Floats
) -> None:
    """Close eyes in place, in every signal that shows a closure."""
    natural = np.clip(channels[:, LID_MESH], -0.3, 1.0)
    channels[:, LID_MESH] += by_mesh * (1.0 - natural)
    absolute[:, ABS_APERTURE] *= 1.0 - np.clip(by_mesh, -0.2, 0.95)
    seen = np.clip(by_look, 0.0, 1.0)
    channels[:, LID_LOOK] = 1.0 - (1.0 - channels[:, LID_LOOK]) * (1.0 - seen)
    absolute[:, ABS_LOOK] = 1.0 - (1.0 - absolute[:, ABS_LOOK]) * (1.0 - seen)


def _stretched(signals: Paced, factor: float) -> Paced:
    """Play faster or slower."""
    n = len(signals.time_s)
    at = np.arange(int(n / factor)) * factor
    nearest = np.minimum(np.round(at).astype(int), n - 1)

    def played(values: Floats) -> Floats:
        flat = values.reshape(n, -1)
        columns = [np.interp(at, np.arange(n), column) for column in flat.T]
        return np.stack(columns, 1).reshape(len(at), *(values.shape[1:] or (1,)))

    return Paced(
        time_s=signals.time_s[0] + np.arange(len(at)) / PACE_HZ,
        usable=signals.usable[nearest],
        channels=played(signals.channels),
        absolute=played(signals.absolute),
        mouth_open_io=played(signals.mouth_open_io)[:, 0],
        rest_weight=played(signals.rest_weight)[:, 0],
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
        at_s = burst.offset_s + 0.5 + rng.exponential(2.0)
    return found


def _shares() -> list[float]:
    share = {EpisodeKind.CLONIC: 0.54, EpisodeKind.TONIC: 0.28, EpisodeKind.MIXED: 0.18}
    return [share[kind] for kind in EpisodeKind]


def _burst(
    kind: EpisodeKind, at_s: float, lasts_s: float, side: Side, rng: np.random.Generator
) -> Spasm | None:
    length = {
        EpisodeKind.CLONIC: (0.12, 2.5),
        EpisodeKind.TONIC: (0.3, LONGEST_S),
        EpisodeKind.MIXED: (0.8, 4.0),
    }
    single = rng.random() < SINGLE_SHARE
    shortest_s, longest_s = SINGLE_S if single else length[kind]
    if not single and rng.random() < LONG_TRAIN_SHARE:
        longest_s = LONGEST_S
    long_s = float(np.exp(rng.uniform(np.log(shortest_s), np.log(longest_s))))
    long_s = min(long_s, lasts_s - 0.4 - at_s)
    if long_s < 0.12:
        return None
    strength = rng.choice(3, p=[0.4, 0.35, 0.25])
    lower = (Region.MOUTH_CORNER, Region.CHEEK)
    lid = (Region.EYELID,)
    extents = [lid, (*lid, *lower), (*lid, *lower, Region.BROW), lower]
    regions = extents[rng.choice(4, p=EXTENT_SHARES)]
    if regions == lower:
        strength = len(STRENGTHS_MM) - 1  # weaker ones look like speech
    return Spasm(
        onset_s=float(at_s),
        offset_s=float(at_s + long_s),
        side=side,
        regions=regions,
        kind=EpisodeKind.CLONIC if single else kind,
        closure=float(rng.uniform(*((0.2, 0.45), (0.4, 0.75), (0.7, 1.0))[strength])),
        excursion_mm=float(rng.uniform(*STRENGTHS_MM[strength])),
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
    moves = _varied(activate(plan, signals.time_s - first_s), rng)
    channels, absolute = signals.channels.copy(), signals.absolute.copy()
    mesh, look = rng.uniform(0.65, 1.1), rng.uniform(0.7, 1.05)
    curve, leak = rng.uniform(0.8, 1.4), rng.uniform(-0.05, 0.12)
    seen = moves.closure * mesh + moves.closure[:, ::-1] * leak
    _close_eyes(channels, absolute, seen, look * moves.closure**curve)
    for place, moved_mm, gain in (
        (MOUTH, moves.mouth_corner_mm, rng.uniform(0.6, 1.1)),
        (CHEEK, moves.cheek_mm, rng.uniform(0.5, 1.1)),
        (UPPER_LIP, moves.mouth_corner_mm, rng.uniform(0.2, 0.7)),
        (ALA, moves.mouth_corner_mm, rng.uniform(0.0, 0.25)),
        (BROW, moves.brow_mm, rng.uniform(0.5, 1.0)),
    ):
        channels[:, place] += gain * moved_mm / MM_PER_IO
        if place in ABSOLUTE_OF:
            absolute[:, ABSOLUTE_OF[place]] += gain * moved_mm / MM_PER_IO
    for place, moved_mm in (
        (MOUTH_SKIN, moves.mouth_corner_mm),
        (CHEEK_SKIN, moves.cheek_mm),
        (BROW_SKIN, moves.brow_mm),
    ):
        gain = rng.uniform(0.5, 1.0)
        channels[:, place] += gain * _forgetting(moved_mm) / MM_PER_IO
    return replace(signals, channels=channels, absolute=absolute)


def _varied(moves: Activation, rng: np.random.Generator) -> Activation:
    """Let muscles answer in another way: later, with tremor, with fading strength.

    What one generator draws is no law: who learned its shapes alone misses others.
    """
    rise_s, fall_s = rng.uniform(0.0, SLOWEST_S)
    tremor = rng.choice([0.0, rng.uniform(0.0, TREMOR_MOST)])
    wave = np.sin(2 * np.pi * (rng.uniform(*TREMOR_HZ) * moves.time_s + rng.uniform()))
    fade = rng.choice([0.0, rng.uniform(0.0, FADE_MOST)])
    fade_s = rng.uniform(*FADE_S)

    def answer(command: Floats) -> Floats:
        followed = _following(command, rise_s, fall_s)
        tired = _following(command, fade_s, fade_s)
        return followed * (1.0 + tremor * wave[:, None]) - fade * np.minimum(
            tired, followed
        )

    return replace(
        moves,
        closure=np.clip(answer(moves.closure), 0.0, 1.0),
        mouth_corner_mm=answer(moves.mouth_corner_mm),
        cheek_mm=answer(moves.cheek_mm),
        brow_mm=answer(moves.brow_mm),
    )


def _following(command: Floats, rise_s: float, fall_s: float) -> Floats:
    """Follow a command in the first order, shape (m, sides), faster up or not."""
    shares = [1.0 - np.exp(-1.0 / (PACE_HZ * max(t, 1e-3))) for t in (rise_s, fall_s)]
    now = np.zeros(command.shape[1])
    out = np.empty_like(command)
    for place, wanted in enumerate(command):
        now = now + np.where(wanted > now, *shares) * (wanted - now)
        out[place] = now
    return out


def _with_squint(signals: Paced, rng: np.random.Generator) -> Paced:
    """Narrow one eye slowly, with or without the mouth, and open it as slowly."""
    side, time_s = int(rng.integers(2)), signals.time_s - signals.time_s[0]
    start_s = rng.uniform(0.0, max(time_s[-1] - 3.0, 0.1))
    hold_s = rng.uniform(0.2, 4.0)
    shape = _slow(time_s, start_s, hold_s, rng.uniform(*SQUINT_EDGE_S, 2))
    pull_io = rng.choice([0.0, rng.uniform(0.0, 4.0)]) * shape / MM_PER_IO
    own = np.eye(len(SIDES))[side]
    closure = rng.uniform(0.1, 0.6) * shape[:, None] * own
    return _closed(signals, closure, pull_io[:, None] * own, rng)


def _forgetting(moved: Floats) -> Floats:
    """Pass a movement through a leaky sum of steps, as `motion.signals` does."""
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
    """Keep one eye open in most real blinks, and hold the other one closed in some."""
    channels, absolute = signals.channels.copy(), signals.absolute.copy()
    both = np.nan_to_num(channels[:, LID_MESH]).min(axis=1) > BLINK_CLOSURE
    edges = np.flatnonzero(np.diff(np.concatenate([[False], both, [False]])))
    spans = []
    free = 0
    for first, end in edges.reshape(-1, 2):
        if not BLINK_SAMPLES[0] <= end - first <= BLINK_SAMPLES[1]:
            continue
        low = max(0, first - _BRIDGE[0])
        high = min(len(both) - 1, end + _BRIDGE[1])
        if rng.random() < 0.35 or low < free:
            continue
        closed = int(rng.integers(2))
        tracks = [(channels, place, noise) for place, noise in _LID_TRACKS]
        tracks += [(absolute, place, noise) for place, noise in _ABSOLUTE_TRACKS]
        held = _held_samples(high, len(both), rng)
        for values, place, noise in tracks:
            _bridge(values[:, place, 1 - closed], low, high, noise, rng)
            if held:
                own = values[:, place, closed]
                _hold(own, low, high, held, noise, rng)
        lid = channels[low : high + held + 1, LID_MESH, closed]
        on = np.flatnonzero(lid - min(lid[0], lid[-1], 0.3) > 0.12)
        if len(on):
            start, stop = signals.time_s[low + on[[0, -1]]]
            spans.append((float(start), float(stop) + 1 / PACE_HZ, closed))
        free = high + held + _APART
    return replace(signals, channels=channels, absolute=absolute), spans


def _held_samples(high: int, samples: int, rng: np.random.Generator) -> int:
    """Return how long to hold a blink, in samples: often not at all."""
    if rng.random() < 0.5:
        return 0
    wanted = np.exp(rng.uniform(np.log(0.3), np.log(LONGEST_S))) * PACE_HZ
    return max(0, min(int(wanted), samples - high - _APART))


def _hold(
    series: Floats,
    low: int,
    high: int,
    held: int,
    noise: float,
    rng: np.random.Generator,
) -> None:
    """Stay at the middle of a blink for `held` samples, then open as it did."""
    blink = series[low : high + 1].copy()
    middle = len(blink) // 2
    wander = rng.normal(0, noise, held)
    series[low + middle : low + middle + held] = blink[middle] + wander
    series[low + middle + held : high + held + 1] = blink[middle:]


def _bridge(
    series: Floats, low: int, high: int, noise: float, rng: np.random.Generator
) -> None:
    """Replace a series between two samples by a straight line with noise."""
    share = np.linspace(0.0, 1.0, high - low + 1)
    straight = series[low] * (1 - share) + series[high] * share
    series[low : high + 1] = straight + rng.normal(0, noise, len(share))
