"""Random events that are no bursts: what a detector must leave alone.

Blinks come as in ordinary life (about 10 to 20 a minute, half of them partial,
right-skewed pauses: Doughty 2002; PMC4015796), with the small inequality that
is normal (about 6 % apparent asymmetry in healthy faces: PMID 33235050); their
number and everything else is our choice, made so that a short recording holds
many kinds. Everything comes from the seed.

>>> events = draw_distractors(duration_s=30, seed=1)
>>> "spasm" in {event.event for event in events}
False
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np

from twitch_tracker.errors import BadParameter
from twitch_tracker.regions import SIDES, Side
from twitch_tracker.simulate.plan.draw import checked_seed, choose
from twitch_tracker.simulate.plan.events import (
    Absence,
    BilateralBlink,
    Event,
    GazeShift,
    HandOverFace,
    HeadTurn,
    Smile,
    SpeechLike,
    Wink,
    Yawn,
    check,
)

__all__ = ["KIND_SHARES", "draw_distractors"]

KIND_SHARES: Final = {
    "speech": 0.22,
    "smile": 0.22,
    "gaze": 0.20,
    "head_turn": 0.12,
    "wink": 0.10,
    "hand": 0.06,
    "yawn": 0.04,
    "absence": 0.04,
}
"""How often each kind is drawn; blinks have a clock of their own."""

FIRST_ONSET_S: Final = (0.4, 1.5)
GAP_S: Final = (0.8, 3.0)
QUIET_END_S: Final = 0.4
MARGIN_S: Final = 0.3
"""Least time between a distractor and a span that is to be avoided."""

BLINK_PAUSE_S: Final = (1.2, 0.5)
"""Mean and standard deviation of the logarithm of the pauses between blinks, in
log seconds: median 3.3 s, about 15 blinks a minute."""
PARTIAL_SHARE: Final = 0.5
_MIN_PAUSE_S: Final = 0.6


def draw_distractors(
    *,
    duration_s: float,
    seed: int,
    kinds: Iterable[str] | None = None,
    blinks: bool = True,
    on_portrait: bool = False,
    avoid: Iterable[Event] = (),
) -> tuple[Event, ...]:
    """Draw events that are no bursts.

    Parameters
    ----------
    duration_s : float
        Length of the recording; nothing happens in its last 0.4 s.
    seed : int
        Where all randomness comes from.
    kinds : iterable of str, optional
        Which of `KIND_SHARES` may be drawn; all that the material can show by
        default. Empty: blinks only.
    blinks : bool
        Whether to draw blinks too; a real video has its own.
    on_portrait : bool
        Whether head turns may be drawn, which only a still portrait can show.
    avoid : iterable of Event
        Events, such as the bursts of a plan, that nothing may touch.

    Returns
    -------
    tuple of Event
        In order of onset; blinks may fall on other distractors.

    Raises
    ------
    BadParameter
        If a kind is not known, or is a head turn without a portrait.
    """
    check("duration_s", duration_s, 0.1, 86400.0)
    seed = checked_seed(seed)
    shares = _shares(kinds, on_portrait=on_portrait)
    taken = sorted((event.onset_s, event.offset_s) for event in avoid)
    events: list[Event] = []
    if shares:
        events += _draw_row(duration_s, shares, taken, np.random.default_rng([seed, 5]))
    if blinks:
        events += _draw_blinks(duration_s, taken, np.random.default_rng([seed, 6]))
    return tuple(sorted(events, key=lambda event: (event.onset_s, event.offset_s)))


def _shares(kinds: Iterable[str] | None, *, on_portrait: bool) -> dict[str, float]:
    """Return shares of the kinds that may be drawn."""
    possible = {k: v for k, v in KIND_SHARES.items() if on_portrait or k != "head_turn"}
    if kinds is None:
        return possible
    wanted = tuple(kinds)
    for kind in wanted:
        if kind not in possible:
            raise BadParameter("kinds", f"some of {', '.join(possible)}", kind)
    return {kind: possible[kind] for kind in wanted}


def _draw_row(
    duration_s: float,
    shares: dict[str, float],
    taken: list[tuple[float, float]],
    rng: np.random.Generator,
) -> list[Event]:
    """Draw events one after another around what is taken."""
    events: list[Event] = []
    onset = rng.uniform(*FIRST_ONSET_S)
    while True:
        kind = choose(shares, rng)
        length = rng.uniform(*LENGTH_S[kind])
        onset = _free_from(onset, length, taken)
        if onset + length > duration_s - QUIET_END_S:
            return events
        start, end = round(onset, 4), round(onset + length, 4)
        events.append(_MAKERS[kind](start, end, rng))
        onset = end + rng.uniform(*GAP_S)


def _free_from(
    onset_s: float, length_s: float, taken: list[tuple[float, float]]
) -> float:
    """Return the earliest time from `onset_s` on at which nothing is in the way."""
    for start, end in taken:
        if onset_s < end + MARGIN_S and onset_s + length_s > start - MARGIN_S:
            onset_s = end + MARGIN_S
    return onset_s


def _draw_blinks(
    duration_s: float, taken: list[tuple[float, float]], rng: np.random.Generator
) -> list[Event]:
    blinks: list[Event] = []
    onset = rng.uniform(*FIRST_ONSET_S)
    while True:
        length = round(rng.uniform(0.18, 0.38), 3)
        partial = rng.uniform() < PARTIAL_SHARE
        depth = round(rng.uniform(0.35, 0.95), 3) if partial else 1.0
        inequality = round(float(np.clip(rng.normal(0, 0.04), -0.12, 0.12)), 3)
        pause = max(float(rng.lognormal(*BLINK_PAUSE_S)), _MIN_PAUSE_S)
        onset = _free_from(onset, length, taken)
        if onset + length > duration_s - QUIET_END_S:
            return blinks
        blinks.append(
            BilateralBlink(
                onset_s=round(onset, 4),
                duration_s=length,
                depth=depth,
                inequality=inequality,
            )
        )
        onset += length + pause


# --- one of each kind -------------------------------------------------------


def _side(rng: np.random.Generator) -> Side:
    return SIDES[int(rng.integers(len(SIDES)))]


def _uneven(rng: np.random.Generator) -> float:
    """Return (left - right) / (left + right) of a smile; 0.06 is normal."""
    return round(float(np.clip(rng.normal(0, 0.06), -0.2, 0.2)), 3)


def _smile(start_s: float, end_s: float, rng: np.random.Generator) -> Event:
    amount = round(rng.uniform(2.0, 7.0), 2)
    return Smile(
        onset_s=start_s, offset_s=end_s, amount_mm=amount, inequality=_uneven(rng)
    )


def _speech(start_s: float, end_s: float, rng: np.random.Generator) -> Event:
    return SpeechLike(
        onset_s=start_s,
        offset_s=end_s,
        amount_mm=round(rng.uniform(1.5, 4.5), 2),
        rate_hz=round(rng.uniform(3.5, 5.5), 2),
    )


def _gaze(start_s: float, end_s: float, rng: np.random.Generator) -> Event:
    return GazeShift(
        onset_s=start_s,
        offset_s=end_s,
        left_deg=round(float(rng.choice([-1, 1]) * rng.uniform(5, 18)), 1),
        up_deg=round(rng.uniform(-15, 10), 1),
    )


def _turn(start_s: float, end_s: float, rng: np.random.Generator) -> Event:
    yaw, pitch = rng.uniform(-9, 9), rng.uniform(-7, 7)
    return HeadTurn(
        onset_s=start_s,
        offset_s=end_s,
        yaw_deg=round(yaw, 1),
        pitch_deg=round(pitch, 1),
    )


def _wink(start_s: float, end_s: float, rng: np.random.Generator) -> Event:
    return Wink(
        onset_s=start_s,
        offset_s=end_s,
        side=_side(rng),
        closure=round(rng.uniform(0.8, 1.0), 3),
        rise_s=round(rng.uniform(0.15, 0.3), 3),
        cheek_mm=round(rng.uniform(0.3, 2.0), 2),
    )


def _hand(start_s: float, end_s: float, rng: np.random.Generator) -> Event:
    reach, height = rng.uniform(0.3, 0.95), rng.uniform(0.1, 0.95)
    return HandOverFace(
        onset_s=start_s,
        offset_s=end_s,
        side=_side(rng),
        reach=round(reach, 3),
        height=round(height, 3),
    )


def _yawn(start_s: float, end_s: float, rng: np.random.Generator) -> Event:
    opening, closure = rng.uniform(12, 26), rng.uniform(0.3, 0.9)
    return Yawn(
        onset_s=start_s,
        offset_s=end_s,
        opening_mm=round(opening, 1),
        closure=round(closure, 3),
    )


def _absence(start_s: float, end_s: float, rng: np.random.Generator) -> Event:
    slide = round(rng.uniform(0.3, 0.7), 3)
    return Absence(onset_s=start_s, offset_s=end_s, side=_side(rng), slide_s=slide)


LENGTH_S: Final = {
    "speech": (1.0, 4.0),
    "smile": (1.5, 4.0),
    "gaze": (0.4, 2.0),
    "head_turn": (0.8, 2.5),
    "wink": (0.6, 1.6),
    "hand": (1.2, 3.0),
    "yawn": (3.0, 6.0),
    "absence": (2.0, 4.0),
}
"""From onset to offset; a wink is held for 0.2 to 1 s between its rise and fall."""

_MAKERS: Final[dict[str, Callable[[float, float, np.random.Generator], Event]]] = {
    "speech": _speech,
    "smile": _smile,
    "gaze": _gaze,
    "head_turn": _turn,
    "wink": _wink,
    "hand": _hand,
    "yawn": _yawn,
    "absence": _absence,
}
