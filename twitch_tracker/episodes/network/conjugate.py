"""Whether the other eye closed along: blinks of which one eye shows less.

Both eyes blink together. Where one of them is partly hidden (hair, glasses, a turned
head) or its lids hardly move, a blink looks one-sided, but not wholly: at every
moment at which this eye closes, the other one closes a little, too. In a spasm of
one side there is at least one contraction in which it does not.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.network.burstnet import Verdict
from twitch_tracker.episodes.network.features import CHANNELS, PACE_HZ
from twitch_tracker.episodes.rules import Candidate
from twitch_tracker.regions import SIDES

__all__ = ["MIRRORED_MOST", "mirrored_share"]

Floats = NDArray[np.float64]

MIRRORED_MOST: Final = 0.45
"""A candidate in which the other eye mirrors more than this of every contraction is
refused: a blink of which one eye shows half. The mesh itself moves the other eye along,
that of the face landmarker by about a quarter (models/README.md), so that less is no
reason (docs/validation.md#a-refusal-that-cost-more-than-it-saved)."""

LONGEST_S: Final = 0.8
"""Longer candidates are no blinks (`EpisodeParams.blink_longest_s`)."""

_AROUND_S: Final = 0.3
_EDGE_S: Final = 0.05
_LEAST_RISE: Final = 0.1
_PEAK_SHARE: Final = 0.4
"""Contractions are peaks of own minus other closure with at least this prominence,
as closure and as a share of the strongest."""

_TOGETHER: Final = round(0.067 * PACE_HZ)
_NEAR: Final = round(0.33 * PACE_HZ)
_LEAST_CLOSURE: Final = 0.15

_NAMES: Final = [channel.name for channel in CHANNELS]
_MESH, _LOOK = 4 * _NAMES.index("lid_mesh"), 4 * _NAMES.index("lid_look")


def mirrored_share(candidate: Candidate, verdict: Verdict) -> float:
    """Return how much of every contraction the other eye mirrors.

    Parameters
    ----------
    candidate : Candidate
        The candidate.
    verdict : Verdict
        From `burstnet.burst_verdict`.

    Returns
    -------
    float
        The least over the contractions: rise of the other eye's closure at that
        moment over this eye's closure, 0 (not at all) to 1 (as much); 0 when
        there is no contraction of the lids, or it is too long for a blink.
    """
    from scipy.signal import find_peaks  # loads for half a second

    if candidate.frames.span.duration_s > LONGEST_S:
        return 0.0
    own, other, most = _lids(candidate, verdict)
    alone = np.concatenate([[0.0], np.clip(own - other, 0.0, None), [0.0]])
    most = np.concatenate([most[:1], most, most[-1:]])
    least = max(_LEAST_RISE, _PEAK_SHARE * float(alone.max()))
    peaks, _ = find_peaks(alone, prominence=least)
    return min((_share(int(p), alone, most) for p in peaks), default=0.0)


def _lids(candidate: Candidate, verdict: Verdict) -> tuple[Floats, Floats, Floats]:
    """Return closure of this eye, of the other, and the larger of the other's measures.

    By mesh and by look together, around the candidate, each of shape (k,); outside
    of it both are nil, so that only its own contractions count.
    """
    span = candidate.frames.span
    reach = verdict.near(span, _AROUND_S)
    at_s = verdict.seen_time_s[reach]
    near = (at_s >= span.start_s - _AROUND_S) & (at_s <= span.end_s + _AROUND_S)
    seen = verdict.seen[reach][near, SIDES.index(candidate.side)].astype(np.float64)
    at_s = at_s[near]
    inside = (at_s >= span.start_s - _EDGE_S) & (at_s <= span.end_s + _EDGE_S)
    own = (seen[:, _MESH] + seen[:, _LOOK]) / 2
    mesh, look = seen[:, _MESH + 1], seen[:, _LOOK + 1]
    return own * inside, (mesh + look) / 2 * inside, np.maximum(mesh, look)


def _share(peak: int, alone: Floats, other: Floats) -> float:
    """Return rise of the other eye at a contraction over this eye's closure there."""
    before = other[max(0, peak - _NEAR) : peak + 1].min()
    after = other[peak : peak + _NEAR + 1].min()
    top = other[max(0, peak - _TOGETHER) : peak + _TOGETHER + 1].max()
    rise = max(float(top - max(before, after)), 0.0)
    return rise / max(float(alone[peak]) + rise, _LEAST_CLOSURE)
