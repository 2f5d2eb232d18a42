"""Bursts of the lower face alone: one mouth corner pulled while the eye stays as it is.

The network (`network`) finds them badly: speech and expression pull mouth corners all
day, so that it waits for the eyelid. A pull differs from both where the face around
it is quiet, and whether it is quiet can be measured. So candidates are taken where one
mouth corner leaves its level of the last seconds and the other one does not follow, by
more than this face does anyway; and each is judged by seven numbers (`PULL_TRAITS`)
whose weights were fitted on faces and bursts (`models/training/pulls.py`).

Note: the level is that of a few seconds around (`AROUND_S`), so a pull that lasts
longer than that becomes the level itself; those that last are found by their edges
(`held_pulls`) and judged like all others. Where eyelids or mouth say that it was the
other side that moved, no side is claimed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.held_pulls import (
    HeldPull,
    before_onset,
    held_parameters,
    held_pulls,
)
from twitch_tracker.episodes.network.features import (
    ABSOLUTE,
    CHANNELS,
    PACE_HZ,
    Paced,
    beyond_other,
)
from twitch_tracker.episodes.spans import FrameSpan, find_spans
from twitch_tracker.motion.smoothing import smooth
from twitch_tracker.records import MotionSignals
from twitch_tracker.regions import SIDES, Side
from twitch_tracker.timebase import Interval

__all__ = [
    "MOST_BUSY",
    "MOST_BUSY_DOWN",
    "PULLS",
    "PULL_TRAITS",
    "MouthPull",
    "frames_of",
    "pull_parameters",
    "pulls",
    "seen_closely",
]

Floats = NDArray[np.float64]

PULLS: Final = "pulls.json"
"""Name of the file with the weights, beside the networks."""

PULL_TRAITS: Final = (
    "height",
    "rise",
    "head_moves",
    "mouth_opens",
    "mouth_busy",
    "turns",
    "cheek_lifts",
)
"""What a pull is judged by: the seven of 34 numbers that a forward selection kept by
the log loss on faces left out (`models/training/pulls.py`)."""

AROUND_S: Final = 6.0
"""The level of a mouth corner is its median from this long before to this long after."""

STEP_S: Final = 0.5
"""Levels are taken this often and interpolated between."""

SMOOTH_SD_S: Final = 1 / 30
"""About a frame at 30 pictures a second."""

ENTER_IO: Final = 0.012
"""A pull reaches this, in interocular distances: about 1 mm as read, of which the mesh
reads a half."""

LEAVE_SHARE: Final = 0.5
"""... and lasts while it stays above this share of it."""

USUAL_FACTOR: Final = 2.0
"""... and it reaches this many deviations of what the difference of the mouth corners
does around it."""

MAD_TO_SD: Final = 1.4826
"""Standard deviation over median absolute deviation of a Gaussian."""

SHORTEST_S: Final = 0.12
MERGE_GAP_S: Final = 0.3
"""Pieces closer than this are one burst (scoring rule of the design)."""

TOP_S: Final = 1 / 6
"""The height is the mean over the strongest moments of this length together."""

RISE_S: Final = 0.13
"""The steepest rise is looked for over this long, `NEAR_S` around the onset."""

NEAR_S: Final = 0.27
BESIDE_S: Final = (0.1, 0.6)
"""A movement during a pull is held against the moments this long before and after."""

BUSY_S: Final = 0.5
"""The mouth is busy when it opens and closes within the pull and this long around."""

MOST_HEIGHT: Final = 0.8
"""Of the height (a logarithm) no more counts: strong contractions are read so; what
draws a mouth further to one side is a grimace."""

LEAST_RISE: Final = 0.2
"""A pull rises by at least this share of its height within `RISE_S`; what does not has
not moved: its level did, because the other side was pulled for most of the time."""

MOST_OPENING: Final = 1.5
MOST_TURN_DEG: Final = 2.5
MOST_HEAD: Final = 3.0
"""Nothing is said where the lips part or close more than this (in `HEIGHT_UNIT_IO`),
the head turns further, or moves more around (the trait's logarithm: 18 degrees a
second). Chosen together with `QUIET_WEIGHT` of `models/training/pulls.py` on faces left
out; docs/validation.md has what is found and what is false."""

MOST_BUSY: Final = -3.0
MOST_BUSY_DOWN: Final = -4.0
"""Nothing is said where the lips move by more than 4 mm around, nor, of a corner that is
drawn down, by more than 1 mm (the trait's logarithm): what opens the mouth draws its
corners down, in one face more on one side than on the other."""

MOST_OTHER: Final = 1.0
"""A pull of one side moves the other mouth corner by less than the two differ; a smile
of both moves both by more."""

MOST_AWAY: Final = 0.5
"""A pull does not begin where the mouth is drawn to the other side by more than this
share of it: what comes then may be the other side letting go."""

CLOSED: Final = 0.3
MOST_BLINKING: Final = 0.25
"""A pull is none that is over a quarter a closure of both eyes by more than this: a
blink moves the mesh of the whole face, of some faces more on one side."""

MOST_OTHER_EYE: Final = 0.1
OWN_EYE_SHARE: Final = 0.5
"""No side is claimed where the other eye opens or closes by this much of an open eye
while the mouth corner is pulled, and this eye by less than half of that."""

_PIECE: Final = 1000
"""Levels taken at a time: what each is the median of is copied."""

HIGH_QUANTILE: Final = 0.75
HEIGHT_UNIT_IO: Final = 0.02
LEAST_HEAD_DEG_S: Final = 2.0
LEAST_OPEN_IO: Final = 0.005
"""Added before a logarithm is taken: below these lies the trackers' own noise."""

_NAMES: Final = [channel.name for channel in CHANNELS]
_LID: Final = _NAMES.index("lid_mesh")
_LOOK: Final = _NAMES.index("lid_look")
_MOUTH: Final = _NAMES.index("mouth")
_CHEEK: Final = _NAMES.index("cheek")
_BUSY: Final = PULL_TRAITS.index("mouth_busy")
_MOUTH_PLACE: Final = ABSOLUTE.index("mouth")


@dataclass(frozen=True, kw_only=True)
class MouthPull:
    """A stretch in which one mouth corner moves and the other does not.

    Attributes
    ----------
    side : Side
        The subject's own side.
    span : Interval
        When.
    traits : Floats
        In the order of `PULL_TRAITS`.
    """

    side: Side
    span: Interval
    traits: Floats


def pulls(signals: Paced, most_busy: float = MOST_BUSY) -> list[MouthPull]:
    """Find every stretch that might be a burst of the lower face alone.

    Parameters
    ----------
    signals : Paced
        Channels and pose of a recording (`network.features.paced`).
    most_busy : float
        `MOST_BUSY_DOWN` where the signals follow mouth corners downward
        (`motion.drawn_down`).

    Returns
    -------
    list of MouthPull
        Left before right, each in order of onset.
    """
    if len(signals.time_s) < 2 or not signals.usable.any():
        return []
    scene = _scene(signals)
    return [
        pull
        for place in range(len(SIDES))
        for pull in sorted(_of_side(scene, place), key=lambda p: p.span)
        if pull.traits[_BUSY] < most_busy
    ]


def _of_side(scene: _Scene, place: int) -> list[MouthPull]:
    """Return what one mouth corner does: held pulls, and shorter ones beside them."""
    own, apart = scene.own_at[:, place], scene.apart_at[:, place]
    found = []
    for held in held_pulls(own, apart, scene.time_s):
        anchored = _anchored(scene, held)
        pull = _judged(anchored, place, held.span)
        if pull is not None:
            found.append(pull)
    lasting = [pull.span.widened(MERGE_GAP_S) for pull in found]
    for span in _spans(scene.pull[:, place] / scene.unit, scene.time_s):
        pull = _judged(scene, place, span)
        if pull is not None and not any(s.overlap_s(span) > 0 for s in lasting):
            found.append(pull)
    return found


def _judged(scene: _Scene, place: int, span: Interval) -> MouthPull | None:
    """Judge a stretch by its traits; None where the face around it is not still."""
    pull = MouthPull(side=SIDES[place], span=span, traits=_traits(scene, place, span))
    still = _at_rest(pull) and _alone(scene, pull)
    other_side = _other_eye_moves(scene, pull) or _lets_go(scene, pull)
    return pull if still and not other_side else None


def _other_eye_moves(scene: _Scene, pull: MouthPull) -> bool:
    """Return whether the eye of the other side moves, and not this one.

    In late disease a twitching eye opens for a moment; whatever the other mouth corner
    does then is no reason to claim that side.
    """
    place = SIDES.index(pull.side)
    own, other = (
        abs(_beyond_beside(scene.closed[:, side], scene, pull.span))
        for side in (place, 1 - place)
    )
    return other >= MOST_OTHER_EYE and own < OWN_EYE_SHARE * other


def _lets_go(scene: _Scene, pull: MouthPull) -> bool:
    """Return whether the other side falls back and the mouth grows more even.

    Where the mouth was drawn to the other side before, seen from rest, and is more
    symmetric after, without any level of this person: a pull of the other side ended.
    """
    place = SIDES.index(pull.side)
    inside = _within(scene, pull.span, 0.0)
    before = before_onset(scene.time_s, pull.span.start_s)
    before_io, inside_io = (
        _quantile(scene.apart_at[part, place], 0.5) for part in (before, inside)
    )
    uneven_io = [abs(_quantile(scene.uneven_io[p], 0.5)) for p in (before, inside)]
    drawn_away = -before_io > MOST_AWAY * (inside_io - before_io)
    return bool(drawn_away and uneven_io[1] < uneven_io[0])


def _anchored(scene: _Scene, held: HeldPull) -> _Scene:
    """Return the scene with the levels from before a held pull."""
    own = scene.own_at - np.nanmedian(scene.own_at[held.before], axis=0)
    apart = scene.apart_at - np.nanmedian(scene.apart_at[held.before], axis=0)
    return replace(scene, own=own, pull=np.minimum(apart, own))


def _at_rest(pull: MouthPull) -> bool:
    """Return whether it comes on as a contraction, while head and lips are still."""
    of = dict(zip(PULL_TRAITS, pull.traits, strict=True))
    return bool(
        of["rise"] >= LEAST_RISE
        and of["mouth_opens"] < MOST_OPENING
        and of["turns"] < MOST_TURN_DEG
        and of["head_moves"] < MOST_HEAD
    )


def _alone(scene: _Scene, pull: MouthPull) -> bool:
    """Return whether the other mouth corner and the eyes stay as they are."""
    inside = _within(scene, pull.span, 0.0)
    place = SIDES.index(pull.side)
    moved_io = _quantile(scene.pull[inside, place], HIGH_QUANTILE)
    other_io = _quantile(np.abs(scene.own[inside, 1 - place]), HIGH_QUANTILE)
    blinks = float((scene.both_closed[inside] > CLOSED).mean())
    return other_io <= MOST_OTHER * moved_io and blinks <= MOST_BLINKING


def pull_parameters() -> dict[str, object]:
    """Return every constant that pulls depend on, for the log and its hash."""
    return {
        "around_s": AROUND_S,
        "enter_io": ENTER_IO,
        "leave_share": LEAVE_SHARE,
        "usual_factor": USUAL_FACTOR,
        "most_height": MOST_HEIGHT,
        "least_rise": LEAST_RISE,
        "rise_s": RISE_S,
        "most_opening": MOST_OPENING,
        "most_turn_deg": MOST_TURN_DEG,
        "most_head": MOST_HEAD,
        "most_busy": MOST_BUSY,
        "most_busy_down": MOST_BUSY_DOWN,
        "most_other": MOST_OTHER,
        "most_other_eye": MOST_OTHER_EYE,
        "own_eye_share": OWN_EYE_SHARE,
        "closed": CLOSED,
        "most_blinking": MOST_BLINKING,
        "most_away": MOST_AWAY,
        "held": held_parameters(),
    }


def seen_closely(span: Interval, motion: MotionSignals) -> bool:
    """Return whether pictures came fast enough to show how a pull began.

    None within `NEAR_S` of the onset may be further from the next one than `RISE_S`, over
    which the rise is judged: of three pictures in a third of a second the beginning of a
    smile cannot be distinguished from a pull.
    """
    near_s = span.start_s - NEAR_S, span.start_s + NEAR_S
    near = (motion.time_s[1:] > near_s[0]) & (motion.time_s[:-1] < near_s[1])
    steps_s = np.diff(motion.time_s)
    if motion.fresh_step_s is not None:
        steps_s = np.maximum(steps_s, motion.fresh_step_s[:-1])
    return bool(np.max(steps_s[near], initial=0.0) <= RISE_S)


def frames_of(span: Interval, motion: MotionSignals) -> FrameSpan | None:
    """Return frames of a recording that lie in a span; None where there are none."""
    inside = (motion.time_s >= span.start_s - 1e-9) & (motion.time_s < span.end_s)
    found = np.flatnonzero(inside)
    if not len(found):
        return None
    first, last = int(found[0]), int(found[-1])
    end_s = float(motion.time_s[last] + motion.frame_s[last])
    there = Interval(start_s=float(motion.time_s[first]), end_s=end_s)
    return FrameSpan(first=first, end=last + 1, span=there)


@dataclass(frozen=True, kw_only=True)
class _Scene:
    """What pulls are found in and judged by, all in samples of `PACE_HZ`.

    `pull`: how far each mouth corner is from its level, beyond the other one, in
    interocular distances, shape (m, sides). `unit`: what counts as one, shape (m,).
    `own`: each mouth corner's distance from its level, shape (m, sides). `own_at`,
    `apart_at`: its place by itself and beyond the other one, without a level, likewise.
    `uneven_io`: how far the two are from symmetric, without anything of this person,
    shape (m,).
    `closed`: closure of each eye, by mesh and look, shape (m, sides). `both_closed`:
    closure of the eye that is less closed, by the mesh, shape (m,).
    `cheek`: lift of each cheek beyond the other one, shape (m, sides). `open_io`,
    `lips_moving_io`: distance of the lips, and how far it is from its level, shape (m,).
    `yaw_deg`, `head_deg_s`: turn of the head, and its speed, shape (m,).
    """

    time_s: Floats
    pull: Floats
    unit: Floats
    own: Floats
    own_at: Floats
    apart_at: Floats
    uneven_io: Floats
    closed: Floats
    both_closed: Floats
    cheek: Floats
    open_io: Floats
    lips_moving_io: Floats
    yaw_deg: Floats
    head_deg_s: Floats


def _scene(signals: Paced) -> _Scene:
    """Measure everything once."""
    place, beyond = signals.channels[:, _MOUTH], _apart(signals, _MOUTH)
    own = _from_level(place, signals.time_s)
    apart = _from_level(beyond, signals.time_s)
    spread = MAD_TO_SD * _around(np.abs(apart))
    unit = np.maximum(ENTER_IO, USUAL_FACTOR * np.nan_to_num(spread[:, 0]))
    opened = signals.mouth_open_io
    return _Scene(
        time_s=signals.time_s,
        pull=np.minimum(apart, own),
        unit=unit,
        own=own,
        own_at=smooth(place, signals.time_s, SMOOTH_SD_S),
        apart_at=smooth(beyond, signals.time_s, SMOOTH_SD_S),
        uneven_io=np.diff(signals.absolute[:, _MOUTH_PLACE], axis=1)[:, 0],
        closed=_mean_known(signals.channels[:, [_LID, _LOOK]]),
        both_closed=np.nan_to_num(signals.channels[:, _LID]).min(axis=1),
        cheek=_apart(signals, _CHEEK),
        open_io=opened,
        lips_moving_io=np.abs(opened - _around(opened[:, None])[:, 0]),
        yaw_deg=signals.pose_deg[:, 0],
        head_deg_s=_speed(signals.pose_deg),
    )


def _mean_known(ways: Floats) -> Floats:
    """Average what is known of several ways, shape (m, ways, sides) to (m, sides)."""
    known = np.isfinite(ways)
    total = np.where(known, ways, 0.0).sum(axis=1)
    count = known.sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _apart(signals: Paced, channel: int) -> Floats:
    """Return each side beyond the other and the head, shape (m, sides)."""
    left, right = signals.channels[:, channel].T
    beyond = beyond_other(left - right, signals)
    return np.stack([beyond, -beyond], axis=1)


def _from_level(values: Floats, time_s: Floats) -> Floats:
    """Return the distance from the level around, smoothed, shape (m, sides)."""
    return smooth(values - _around(values), time_s, SMOOTH_SD_S)


def _around(values: Floats) -> Floats:
    """Return the median of the known values around every sample, shape (m, columns)."""
    reach, step = round(AROUND_S * PACE_HZ), round(STEP_S * PACE_HZ)
    centres = np.arange(0, len(values) + step, step)
    at = np.arange(len(values))
    out = np.full_like(values, np.nan)
    for column, series in enumerate(values.T):
        padded = np.pad(series, reach + step, constant_values=np.nan)
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
        pieces = np.array_split(centres + step, len(centres) // _PIECE + 1)
        levels = np.concatenate([_medians(windows[piece]) for piece in pieces])
        known = np.isfinite(levels)
        if known.any():
            out[:, column] = np.interp(at, centres[known], levels[known])
    return out


def _medians(rows: Floats) -> Floats:
    """Return the median of what is known of each row, shape (rows,), or NaN."""
    found = np.full(len(rows), np.nan)
    known = np.isfinite(rows).any(axis=1)
    if known.any():
        found[known] = np.nanmedian(rows[known], axis=1)
    return found


def _speed(pose_deg: Floats) -> Floats:
    """Return speed of the head's turning, all axes together, in degrees a second."""
    change = np.asarray(np.gradient(pose_deg, axis=0)) * PACE_HZ
    return np.asarray(np.sqrt((change**2).sum(axis=1)))


def _spans(score: Floats, time_s: Floats) -> list[Interval]:
    """Return stretches of one side, those closer than `MERGE_GAP_S` as one."""
    frame_s = np.full(len(time_s), 1 / PACE_HZ)
    found = find_spans(score, time_s, frame_s, enter=1.0, leave=LEAVE_SHARE)
    joined: list[Interval] = []
    for piece in found:
        span = piece.span
        if joined and span.start_s - joined[-1].end_s < MERGE_GAP_S:
            span = Interval(start_s=joined.pop().start_s, end_s=span.end_s)
        joined.append(span)
    return [span for span in joined if span.duration_s >= SHORTEST_S]


def _traits(scene: _Scene, place: int, span: Interval) -> Floats:
    """Sum a stretch up, in the order of `PULL_TRAITS`."""
    inside = _within(scene, span, 0.0)
    around = _within(scene, span, AROUND_S)
    near = _within(scene, span, BUSY_S)
    pull = np.nan_to_num(scene.pull[:, place])
    strongest = np.sort(pull[inside])[::-1][: max(1, round(TOP_S * PACE_HZ))]
    height_io = max(float(strongest.mean()), 1e-4)
    head_deg_s = _quantile(scene.head_deg_s[around], HIGH_QUANTILE)
    lips_moving_io = _quantile(scene.lips_moving_io[near], HIGH_QUANTILE)
    return np.array(
        [
            min(math.log(height_io / HEIGHT_UNIT_IO), MOST_HEIGHT),
            _steepest_io(pull, scene.time_s, span) / height_io,
            math.log(np.nan_to_num(head_deg_s) + LEAST_HEAD_DEG_S),
            abs(_beyond_beside(scene.open_io, scene, span)) / HEIGHT_UNIT_IO,
            math.log(np.nan_to_num(lips_moving_io) + LEAST_OPEN_IO),
            abs(_beyond_beside(scene.yaw_deg, scene, span)),
            _beyond_beside(scene.cheek[:, place], scene, span) / HEIGHT_UNIT_IO,
        ]
    )


def _within(scene: _Scene, span: Interval, reach_s: float) -> NDArray[np.bool_]:
    """Return samples of a span and this long around it."""
    late = scene.time_s >= span.start_s - reach_s - 1e-9
    return np.asarray(late & (scene.time_s < span.end_s + reach_s))


def _steepest_io(pull: Floats, time_s: Floats, span: Interval) -> float:
    """Return the largest gain within `RISE_S` near the onset."""
    steps = round(RISE_S * PACE_HZ)
    near = np.flatnonzero(np.abs(time_s - span.start_s) <= NEAR_S)
    later = np.minimum(near + steps, len(pull) - 1)
    return float((pull[later] - pull[near]).max())


def _beyond_beside(values: Floats, scene: _Scene, span: Interval) -> float:
    """Return median in a stretch less that just before and after; 0 when unknown."""
    least_s, most_s = BESIDE_S
    inside = _within(scene, span, 0.0)
    beside = _within(scene, span, most_s) & ~_within(scene, span, least_s)
    change = _quantile(values[inside], 0.5) - _quantile(values[beside], 0.5)
    return float(np.nan_to_num(change))


def _quantile(values: Sequence[float] | Floats, quantile: float) -> float:
    """Return the quantile of what is known; NaN when nothing is."""
    known = np.asarray(values, float)
    known = known[np.isfinite(known)]
    return float(np.quantile(known, quantile)) if len(known) else math.nan
