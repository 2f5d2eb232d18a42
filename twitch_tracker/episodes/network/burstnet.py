"""The chance of a one-sided burst in every frame, by the learned network.

The network (`models/README.md`) sees `REACH_S` to either side of a moment, and
both sides of the face from one side's point of view; it is asked once for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.network.features import (
    ABSOLUTES,
    PACE_HZ,
    features,
    paced,
)
from twitch_tracker.networks import BURST, Network
from twitch_tracker.records import MotionSignals
from twitch_tracker.regions import SIDES
from twitch_tracker.timebase import Interval

__all__ = ["REACH_S", "Verdict", "burst_verdict", "quiet_moments"]

REACH_S: Final = 126 / PACE_HZ
"""How far the network sees: two convolutions of three samples at each dilation of 1, 2,
4 ... 32. What lies beyond changes nothing."""


PIECE: Final = 8192
"""Samples it is asked about at once: four and a half minutes."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the network said of a recording.

    Attributes
    ----------
    log_odds : NDArray[np.float64]
        Log-odds (natural logarithm) of a burst, shape (n, sides); NaN where not
        measured.
    movement_log_odds : NDArray[np.float64]
        The same when the network is shown what moved, and nothing of how the eyes look
        in themselves and how unlike the two sides are (`features.ABSOLUTES`).
    seen : NDArray[np.float32]
        What the network saw, from `features.features`, shape (m, sides, `FEATURES`).
    seen_time_s : NDArray[np.float64]
        When, shape (m,); rising.
    quiet : NDArray[np.bool_]
        Moments at which no side is in a burst, rather than in one, shape (m,).
    """

    log_odds: NDArray[np.float64]
    movement_log_odds: NDArray[np.float64]
    seen: NDArray[np.float32]
    seen_time_s: NDArray[np.float64]
    quiet: NDArray[np.bool_]

    def near(self, span: Interval, reach_s: float) -> slice:
        """Return samples of a span and this long around it."""
        edges_s = (span.start_s - reach_s, span.end_s + reach_s)
        first, end = np.searchsorted(self.seen_time_s, edges_s)
        return slice(max(int(first) - 1, 0), int(end) + 1)


def quiet_moments(
    log_odds: NDArray[np.float64],
    time_s: NDArray[np.float64],
    at_s: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Find the moments at which no side is in a burst, rather than in one.

    Parameters
    ----------
    log_odds : NDArray[np.float64]
        Of a burst, shape (n, sides); NaN where not measured.
    time_s : NDArray[np.float64]
        When, shape (n,).
    at_s : NDArray[np.float64]
        What is asked about, shape (m,).

    Returns
    -------
    NDArray[np.bool_]
        Shape (m,); nowhere, where nothing was measured.
    """
    most = np.fmax(*log_odds.T)
    known = np.isfinite(most)
    if not known.any():
        return np.zeros(len(at_s), bool)
    return np.asarray(np.interp(at_s, time_s[known], most[known]) < 0)


def burst_verdict(motion: MotionSignals, networks: Path) -> Verdict:
    """Ask the network about every frame and side.

    Parameters
    ----------
    motion : MotionSignals
        The signals of a recording.
    networks : Path
        Folder of the networks.

    Returns
    -------
    Verdict
        At every frame.

    Raises
    ------
    WeightsMissing, WeightsCorrupt
        If the network cannot be read.
    """
    network = Network(networks / BURST)
    signals = paced(motion)
    seen = features(signals)
    time_s = signals.time_s
    del signals  # of a long recording as much as what is seen of them
    log_odds, movement_log_odds = (
        _at_frames(network, seen, time_s, motion, hidden=hidden)
        for hidden in (slice(0), ABSOLUTES)
    )
    return Verdict(
        log_odds=log_odds,
        movement_log_odds=movement_log_odds,
        seen=seen,
        seen_time_s=time_s,
        quiet=quiet_moments(log_odds, motion.time_s, time_s),
    )


def _at_frames(
    network: Network,
    seen: NDArray[np.float32],
    seen_time_s: NDArray[np.float64],
    motion: MotionSignals,
    *,
    hidden: slice,
) -> NDArray[np.float64]:
    """Ask about both sides, shape (m, sides, `FEATURES`) to (n, sides).

    Features that are `hidden` are shown as 0.
    """
    log_odds = np.full((len(motion.time_s), len(SIDES)), np.nan)
    for place in range(len(SIDES)):
        answers = _piece_by_piece(network, seen[:, place], hidden).astype(np.float64)
        at_frames = np.interp(motion.time_s, seen_time_s, answers)
        log_odds[motion.usable, place] = at_frames[motion.usable]
    return log_odds


def _piece_by_piece(
    network: Network, seen: NDArray[np.float32], hidden: slice
) -> NDArray[np.float32]:
    """Ask the network about one side, shape (m, `FEATURES`) to (m,).

    In pieces that begin and end as far before and after as it sees: the answers are
    the same, and the memory it needs does not grow with the recording.
    """
    reach = round(REACH_S * PACE_HZ)
    out = np.empty(len(seen), np.float32)
    for first in range(0, len(seen), PIECE):
        end = min(first + PIECE, len(seen))
        low, high = max(0, first - reach), min(len(seen), end + reach)
        shown = seen[low:high].T.copy()
        shown[hidden] = 0.0
        answers = network(shown[None])[0]
        out[first:end] = answers[first - low : end - low]
    return out
