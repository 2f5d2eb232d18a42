"""What the burst network looks at: both sides and the head, at an even pace.

Ten channels say how each side moves (`CHANNELS`), each given four ways: this side,
the other side, what this side does beyond the other and the head (`motion.onesided`)
in deviations of the quiet face, and the same in the channel's own unit. All of them
are displacements from this person's face at rest (`motion.reference`). Beside them
stands what needs no level at all (`ABSOLUTE`): how closed each eye looks, how wide it
is, how unlike the two sides are. The head's turns and speed follow. Everything is
brought to `PACE_HZ`, so that a recording's frame rate does not matter; fast recordings
are averaged, not thinned out.

Note: ``features`` gives every side's own view, in which "this side" and the sign of yaw
and roll are that side's. Swapping left and right in the signals swaps the two views and
changes nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.motion.baseline import quiet_noise
from twitch_tracker.motion.onesided import SMOOTH_SD_S, unexplained_difference
from twitch_tracker.motion.smoothing import smooth
from twitch_tracker.records import MotionSignals
from twitch_tracker.regions import SIDES, Region

__all__ = [
    "ABSOLUTE",
    "ABSOLUTES",
    "CHANNELS",
    "FEATURES",
    "PACE_HZ",
    "Channel",
    "Paced",
    "beyond_other",
    "features",
    "paced",
]

Floats = NDArray[np.float64]

PACE_HZ: Final = 30.0
"""Samples a second that the network sees, whatever the recording's rate."""

_AVERAGE_SD_S: Final = 0.01
"""Recordings faster than the pace are averaged with this kernel before they are
sampled; at 30 frames a second it leaves every value as it is."""

_LIMIT: Final = 4.0
"""Features beyond this say nothing new."""

_TURN_UNIT_DEG: Final = 10.0
_SPEED_UNIT: Final = 5.0
_EVIDENCE_UNIT_SD: Final = 5.0
_FEWEST: Final = 10


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One kind of movement.

    Attributes
    ----------
    name : str
        Of the channel.
    unit : float
        What counts as 1 for the network.
    noise_floor : float
        Smallest noise believed, in the channel's own unit (`motion.signals`).
    """

    name: str
    unit: float
    noise_floor: float


CHANNELS: Final = (
    Channel(name="lid_mesh", unit=1.0, noise_floor=0.067),
    Channel(name="lid_look", unit=1.0, noise_floor=0.05),
    Channel(name="mouth", unit=0.03, noise_floor=0.006),
    Channel(name="cheek", unit=0.03, noise_floor=0.004),
    Channel(name="brow", unit=0.03, noise_floor=0.006),
    Channel(name="mouth_skin", unit=0.03, noise_floor=0.004),
    Channel(name="cheek_skin", unit=0.03, noise_floor=0.004),
    Channel(name="brow_skin", unit=0.03, noise_floor=0.004),
    Channel(name="upper_lip", unit=0.03, noise_floor=0.006),
    Channel(name="ala", unit=0.02, noise_floor=0.004),
)
"""Closure of the lids by the mesh and by their look, as fractions; the others in
interocular fractions, by the mesh (the cheek with flow) and by the skin's flow."""

ABSOLUTE: Final = ("look", "aperture", "mouth", "brow")
"""Channels that need no level of this person: how closed the eye looks, palpebral
aperture, place of mouth corner and brow in the head."""

ABSOLUTES: Final = slice(4 * len(CHANNELS), 4 * len(CHANNELS) + 6)
"""Places of what needs no level of the person among the features."""

APERTURE_UNIT_IO: Final = 0.1
"""An open eye's aperture, about."""

UNLIKE_UNIT_IO: Final = 0.03

MOUTH_OPEN_UNIT_IO: Final = 0.1

FEATURES: Final = 4 * len(CHANNELS) + 2 * 2 + 2 + 2 + 6 + 1
"""Numbers a sample holds: channels, look and aperture of both eyes, difference of
mouth corners and brows, how far the mouth is open and how fast that changes, turns and
their speeds, and whether it was measured at all."""


@dataclass(frozen=True, kw_only=True)
class Paced:
    """Channels of a recording at `PACE_HZ`.

    Attributes
    ----------
    time_s : Floats
        Shape (m,).
    usable : NDArray[np.bool_]
        Shape (m,).
    channels : Floats
        Shape (m, channels, sides); NaN where not measured.
    absolute : Floats
        `ABSOLUTE`, shape (m, 4, sides); NaN where not measured.
    mouth_open_io : Floats
        Distance of the lips, shape (m,); NaN where not measured.
    rest_weight : Floats
        How much a sample says about the face at rest, shape (m,).
    pose_deg : Floats
        Shape (m, 3); NaN where not measured.
    """

    time_s: Floats
    usable: NDArray[np.bool_]
    channels: Floats
    absolute: Floats
    mouth_open_io: Floats
    rest_weight: Floats
    pose_deg: Floats


def paced(motion: MotionSignals) -> Paced:
    """Bring a recording's channels to `PACE_HZ`.

    Parameters
    ----------
    motion : MotionSignals
        The signals of a recording.

    Returns
    -------
    Paced
        From the first to the last frame.
    """
    lower = (Region.MOUTH_CORNER, Region.CHEEK, Region.BROW)
    moved = [
        motion.scores[name].of_both(region)
        for name in ("position_io", "skin_io")
        for region in lower
    ]
    beside = motion.beside_mouth_io
    sides = [
        1.0 - motion.aperture,
        motion.patch_closure,
        *moved,
        beside[:, 0],
        beside[:, 1],
    ]
    place = motion.scores["place_io"]
    absolute = [
        motion.look,
        -place.of_both(Region.EYELID),
        place.of_both(Region.MOUTH_CORNER),
        place.of_both(Region.BROW),
    ]
    time_s = motion.time_s
    steps = int(np.floor((time_s[-1] - time_s[0]) * PACE_HZ + 1e-6)) + 1
    at_s = time_s[0] + np.arange(steps) / PACE_HZ
    share = np.interp(at_s, time_s, motion.usable.astype(np.float64))
    usable = share > 1 - 1e-6
    return Paced(
        time_s=at_s,
        usable=usable,
        channels=_each_sampled(sides, time_s, at_s, usable),
        absolute=_each_sampled(absolute, time_s, at_s, usable),
        mouth_open_io=_sampled(
            motion.mouth_open_io.astype(np.float64), time_s, at_s, usable
        ),
        rest_weight=np.interp(at_s, time_s, motion.rest_weight) * usable,
        pose_deg=_sampled(motion.pose_deg.astype(np.float64), time_s, at_s, usable),
    )


def _each_sampled(
    channels: Sequence[NDArray[np.float32]],
    time_s: Floats,
    at_s: Floats,
    usable: NDArray[np.bool_],
) -> Floats:
    """Bring one channel after another to the pace, shape (m, channels, sides)."""
    out = np.empty((len(at_s), len(channels), len(SIDES)))
    for index, values in enumerate(channels):
        out[:, index] = _sampled(values.astype(np.float64), time_s, at_s, usable)
    return out


def _sampled(
    values: Floats, time_s: Floats, at_s: Floats, usable: NDArray[np.bool_]
) -> Floats:
    """Average and interpolate every column; NaN where not usable."""
    even = smooth(values, time_s, _AVERAGE_SD_S).reshape(len(time_s), -1)
    out = np.full((len(at_s), even.shape[1]), np.nan)
    for column, series in enumerate(even.T):
        known = np.isfinite(series)
        if known.any():
            out[:, column] = np.interp(at_s, time_s[known], series[known])
    out[~usable] = np.nan
    return out.reshape(len(at_s), *values.shape[1:])


def features(signals: Paced) -> NDArray[np.float32]:
    """Compute what the network sees.

    Parameters
    ----------
    signals : Paced
        Channels and pose of a recording.

    Returns
    -------
    NDArray[np.float32]
        Each side's own view, shape (m, sides, `FEATURES`); 0 where a channel was
        not measured.
    """
    seen = np.zeros((len(signals.time_s), len(SIDES), FEATURES), np.float32)
    for place in range(len(SIDES)):
        for number, column in enumerate(_columns(signals, place)):
            clipped = np.clip(np.nan_to_num(column), -_LIMIT, _LIMIT)
            seen[signals.usable, place, number] = clipped[signals.usable]
        seen[:, place, -1] = signals.usable
    return seen


def _columns(signals: Paced, place: int) -> Iterator[Floats]:
    """Yield one side's view without the last feature, columns of shape (m,).

    One at a time: all of them in full precision would be the most that an analysis
    holds of a long recording.
    """
    for index, channel in enumerate(CHANNELS):
        yield from _channel_features(signals, index, channel, place)
    yield from _absolute_features(signals, place)
    yield from _mouth_open(signals)
    mirror = np.array([1.0, 1.0, 1.0] if place == 0 else [-1.0, 1.0, -1.0])
    turn = _turns(signals)
    yield from (turn * mirror).T
    yield from (_speeds(turn) * mirror).T


def _speeds(turn: Floats) -> Floats:
    """Return the change of the turns per second, in units, shape (m, 3)."""
    if len(turn) < 2:
        return np.zeros_like(turn)
    change = np.asarray(np.gradient(np.nan_to_num(turn), axis=0))
    return change * PACE_HZ / _SPEED_UNIT


def _channel_features(
    signals: Paced, index: int, channel: Channel, place: int
) -> list[Floats]:
    """Return one channel of one side in its four ways, each of shape (m,)."""
    moved = signals.channels[:, index]
    own, other = moved[:, place], moved[:, 1 - place]
    alone = beyond_other(own - other, signals)
    noise = quiet_noise(alone, signals.time_s, SMOOTH_SD_S)
    scale = max(channel.noise_floor, noise if np.isfinite(noise) else 0.0)
    evidence = np.minimum(alone, own) / scale / _EVIDENCE_UNIT_SD
    return [own / channel.unit, other / channel.unit, evidence, alone / channel.unit]


def _absolute_features(signals: Paced, place: int) -> list[Floats]:
    """Return what needs no level of this person, from one side, each of shape (m,)."""
    look, aperture, mouth, brow = signals.absolute.transpose(1, 2, 0)
    return [
        look[place],
        look[1 - place],
        aperture[place] / APERTURE_UNIT_IO,
        aperture[1 - place] / APERTURE_UNIT_IO,
        (mouth[place] - mouth[1 - place]) / UNLIKE_UNIT_IO,
        (brow[place] - brow[1 - place]) / UNLIKE_UNIT_IO,
    ]


def _mouth_open(signals: Paced) -> list[Floats]:
    """Return the opening of the mouth and its speed (speech), shape (m,) each."""
    opened = signals.mouth_open_io / MOUTH_OPEN_UNIT_IO
    if len(opened) < 2:
        return [opened, np.zeros_like(opened)]
    change = np.asarray(np.gradient(np.nan_to_num(opened)))
    return [opened, change * PACE_HZ / _SPEED_UNIT]


def beyond_other(difference: Floats, signals: Paced) -> Floats:
    """Remove what the head explains from the difference of the two sides.

    Parameters
    ----------
    difference : Floats
        Own minus other of any channel, shape (m,).
    signals : Paced
        Where it is from.

    Returns
    -------
    Floats
        Shape (m,); zeros where too little was measured
        (`motion.onesided.unexplained_difference`).
    """
    if signals.usable.sum() <= _FEWEST:
        return np.zeros_like(difference)
    return unexplained_difference(difference, signals.pose_deg, signals.rest_weight)


def _turns(signals: Paced) -> Floats:
    """Turn of the head from its usual pose, in units, shape (m, 3)."""
    if not signals.usable.any():
        return np.zeros_like(signals.pose_deg)
    usual = np.nanmedian(signals.pose_deg[signals.usable], axis=0)
    return np.asarray((signals.pose_deg - usual) / _TURN_UNIT_DEG)
