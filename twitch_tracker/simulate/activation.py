"""Scenario -> how much every part of the face moves, over any times.

Pure numpy, deterministic: each event draws from its own generator, made from
the scenario's seed and the event's place in the list, so that adding an event
does not change the others. Side axes follow `regions.SIDES`.

>>> import numpy as np
>>> from twitch_tracker.simulate.plan.scenario import BilateralBlink, Scenario
>>> plan = Scenario(duration_s=2, events=(BilateralBlink(onset_s=1),))
>>> float(activate(plan, np.array([0.5, 1.08])).closure[1].min())
1.0
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import BadParameter
from twitch_tracker.regions import SIDES, Region, Side
from twitch_tracker.simulate.picture.scene import Hand, Scene
from twitch_tracker.simulate.plan.action import Action
from twitch_tracker.simulate.plan.events import (
    Absence,
    BilateralBlink,
    Event,
    GazeShift,
    HandOverFace,
    HeadTurn,
    Smile,
    Spasm,
    SpeechLike,
    Wink,
    Yawn,
)
from twitch_tracker.simulate.plan.kinematics import (
    away_curve,
    blink_curve,
    gaze_curve,
    hand_curve,
    hold,
    plan_burst,
    smile_curve,
    speech_curve,
    yawn_curve,
)
from twitch_tracker.simulate.plan.scenario import Scenario

__all__ = ["CHEEK_SHARE", "Activation", "activate", "event_generator"]

CHEEK_SHARE: Final = 0.5
"""Cheek lift as a share of the mouth corner's excursion."""

BROW_SHARE: Final = 1 / 3
_SMILE_LIDS: Final = 0.18  # closure at the peak of a smile of 4 mm
_GAZE_LIDS: Final = 0.02
"""Closure per degree of downward gaze: the upper lid follows the eyeball, about
half of the aperture at 25 degrees (our choice)."""
_GAZE_BROW: Final = 0.06  # millimetres of brow per degree of upward gaze
_YAWN_BROW: Final = 0.05  # millimetres of brow per millimetre of a yawn
_SPEECH_CORNER: Final = 0.15  # mouth corners move a little with the jaw, inward


@dataclass(frozen=True, kw_only=True)
class Activation:
    """Movement of every part over time; see `Action` for the meaning.

    Attributes
    ----------
    time_s : NDArray[np.float64]
        Shape (n,).
    closure, mouth_corner_mm, cheek_mm, brow_mm : NDArray[np.float64]
        Shape (n, sides).
    jaw_mm : NDArray[np.float64]
        Shape (n,).
    turn_deg : NDArray[np.float64]
        Commanded yaw and pitch of the head, shape (n, 2).
    gaze_deg : NDArray[np.float64]
        Gaze to the subject's left and up, shape (n, 2).
    mouth_open_mm : NDArray[np.float64]
        Shape (n,).
    hands : tuple of (HandOverFace, NDArray[np.float64])
        Hands and how far each has come in, 0 to 1, shape (n,).
    away : NDArray[np.float64]
        How far the picture is moved sideways, in its widths, positive towards
        the subject's left; shape (n,).
    """

    time_s: NDArray[np.float64]
    closure: NDArray[np.float64]
    mouth_corner_mm: NDArray[np.float64]
    cheek_mm: NDArray[np.float64]
    brow_mm: NDArray[np.float64]
    jaw_mm: NDArray[np.float64]
    turn_deg: NDArray[np.float64]
    gaze_deg: NDArray[np.float64]
    mouth_open_mm: NDArray[np.float64]
    hands: tuple[tuple[HandOverFace, NDArray[np.float64]], ...]
    away: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of times."""
        return len(self.time_s)

    def action(self, index: int) -> Action:
        """Return what the face does at one of the times."""
        return Action(
            closure=self.closure[index],
            mouth_corner_mm=self.mouth_corner_mm[index],
            cheek_mm=self.cheek_mm[index],
            brow_mm=self.brow_mm[index],
            jaw_mm=float(self.jaw_mm[index]),
            gaze_deg=self.gaze_deg[index],
            mouth_open_mm=float(self.mouth_open_mm[index]),
        )

    def scene(self, index: int) -> Scene:
        """Return what happens to the whole picture at one of the times."""
        hands = tuple(
            Hand(
                side=e.side, reach=e.reach, height=e.height, amount=float(curve[index])
            )
            for e, curve in self.hands
            if curve[index] > 0
        )
        return Scene(hands=hands, away=float(self.away[index]))


def event_generator(scenario: Scenario, index: int) -> np.random.Generator:
    """Return the generator of the event at `index`, fresh."""
    return np.random.default_rng([scenario.seed, 1, index])


def activate(
    scenario: Scenario, time_s: NDArray[np.float64], only: int | None = None
) -> Activation:
    """Compute what the face does at each time.

    Parameters
    ----------
    scenario : Scenario
        What shall happen.
    time_s : NDArray[np.float64]
        Any times, regular or not, shape (n,).
    only : int, optional
        Place of the one event to show; all of them by default.

    Returns
    -------
    Activation
        Closures of different events are joined by the largest, millimetres
        are added.

    Raises
    ------
    BadParameter
        If `time_s` is not one axis of finite times.
    """
    times = np.asarray(time_s, dtype=np.float64)
    if times.ndim != 1 or not np.isfinite(times).all():
        raise BadParameter("time_s", "one axis of finite seconds", times.shape)
    board = _Board(times)
    for index, event in enumerate(scenario.events):
        if only is None or index == only:
            board.add(event, event_generator(scenario, index))
    return board.result()


class _Board:
    """Collects the movements of all events."""

    def __init__(self, time_s: NDArray[np.float64]) -> None:
        self.time_s = time_s
        self.closure = np.zeros((len(time_s), len(SIDES)))
        self.pulls = {
            region: np.zeros((len(time_s), len(SIDES)))
            for region in (Region.MOUTH_CORNER, Region.CHEEK, Region.BROW)
        }
        self.jaw_mm = np.zeros(len(time_s))
        self.turn_deg = np.zeros((len(time_s), 2))
        self.gaze_deg = np.zeros((len(time_s), 2))
        self.mouth_open_mm = np.zeros(len(time_s))
        self.hands: list[tuple[HandOverFace, NDArray[np.float64]]] = []
        self.away = np.zeros(len(time_s))

    def add(self, event: Event, rng: np.random.Generator) -> None:
        """Add one event."""
        match event:
            case Spasm():
                self._spasm(event, rng)
            case BilateralBlink():
                self._blink(event)
            case Smile():
                self._smile(event)
            case SpeechLike():
                self._speech(event, rng)
            case HeadTurn():
                self._turn(event)
            case Wink():
                self._wink(event)
            case GazeShift():
                self._gaze(event)
            case Yawn():
                self._yawn(event)
            case HandOverFace() | Absence():
                self._cover(event)

    def _spasm(self, spasm: Spasm, rng: np.random.Generator) -> None:
        column = SIDES.index(spasm.side)
        plan = plan_burst(spasm, rng)
        for region in spasm.ordered_regions:
            late = 0.0 if region is spasm.lead_region else spasm.lag_s
            curve = plan.curve(self.time_s - late, spasm)
            if region is Region.EYELID:
                self._close(spasm.closure * curve, column)
            else:
                self.pulls[region][:, column] += _share_mm(spasm, region) * curve

    def _blink(self, blink: BilateralBlink) -> None:
        curve = blink.depth * blink_curve(self.time_s, blink)
        for column, side in enumerate(SIDES):
            self._close(curve * _side_share(side, blink.inequality), column)

    def _smile(self, smile: Smile) -> None:
        curve = smile_curve(self.time_s, smile)
        for column, side in enumerate(SIDES):
            amount = smile.amount_mm * _side_share(side, smile.inequality)
            self.pulls[Region.MOUTH_CORNER][:, column] += amount * curve
            self.pulls[Region.CHEEK][:, column] += CHEEK_SHARE * amount * curve
            self._close(min(_SMILE_LIDS * amount / 4, 0.4) * curve, column)

    def _speech(self, speech: SpeechLike, rng: np.random.Generator) -> None:
        curve = speech.amount_mm * speech_curve(self.time_s, speech, rng)
        self.jaw_mm += curve
        self.pulls[Region.MOUTH_CORNER] -= _SPEECH_CORNER * curve[:, None]

    def _turn(self, turn: HeadTurn) -> None:
        ramp = 0.4 * (turn.offset_s - turn.onset_s)
        curve = hold(self.time_s, turn.onset_s, turn.offset_s, ramp, ramp)
        self.turn_deg += curve[:, None] * [turn.yaw_deg, turn.pitch_deg]

    def _wink(self, wink: Wink) -> None:
        curve = hold(self.time_s, wink.onset_s, wink.offset_s, wink.rise_s, wink.rise_s)
        column = SIDES.index(wink.side)
        self._close(wink.closure * curve, column)
        self.pulls[Region.CHEEK][:, column] += wink.cheek_mm * curve

    def _gaze(self, gaze: GazeShift) -> None:
        curve = gaze_curve(self.time_s, gaze)
        self.gaze_deg += curve[:, None] * [gaze.left_deg, gaze.up_deg]
        for column in range(len(SIDES)):
            self._close(_GAZE_LIDS * max(-gaze.up_deg, 0.0) * curve, column)
        self.pulls[Region.BROW] += _GAZE_BROW * max(gaze.up_deg, 0.0) * curve[:, None]

    def _yawn(self, yawn: Yawn) -> None:
        curve = yawn_curve(self.time_s, yawn)
        self.mouth_open_mm = np.maximum(self.mouth_open_mm, yawn.opening_mm * curve)
        for column in range(len(SIDES)):
            self._close(yawn.closure * curve, column)
        self.pulls[Region.BROW] += _YAWN_BROW * yawn.opening_mm * curve[:, None]

    def _cover(self, event: HandOverFace | Absence) -> None:
        if isinstance(event, HandOverFace):
            self.hands.append((event, hand_curve(self.time_s, event)))
            return
        towards = 1.0 if event.side is Side.LEFT else -1.0
        self.away += towards * away_curve(self.time_s, event)

    def _close(self, closure: NDArray[np.float64], column: int) -> None:
        """Join a closure with what is there: the lid goes with the stronger."""
        self.closure[:, column] = np.maximum(self.closure[:, column], closure)

    def result(self) -> Activation:
        """Return the finished movements."""
        return Activation(
            time_s=self.time_s,
            closure=np.clip(self.closure, 0.0, 1.0),
            mouth_corner_mm=self.pulls[Region.MOUTH_CORNER],
            cheek_mm=self.pulls[Region.CHEEK],
            brow_mm=self.pulls[Region.BROW],
            jaw_mm=self.jaw_mm,
            turn_deg=self.turn_deg,
            gaze_deg=self.gaze_deg,
            mouth_open_mm=self.mouth_open_mm,
            hands=tuple(self.hands),
            away=np.clip(self.away, -1.0, 1.0),
        )


def _share_mm(spasm: Spasm, region: Region) -> float:
    """Return the peak of one pulled region in millimetres."""
    shares = {Region.MOUTH_CORNER: 1.0, Region.CHEEK: CHEEK_SHARE}
    return spasm.excursion_mm * shares.get(region, BROW_SHARE)


def _side_share(side: Side, inequality: float) -> float:
    """Share of the stronger side's amount, from (left - right)/(left + right)."""
    left, right = 1 + inequality, 1 - inequality
    return (left if side is Side.LEFT else right) / max(left, right)
