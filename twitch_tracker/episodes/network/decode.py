"""From a chance in every frame to bursts: the likeliest course of rest and burst.

A side is at rest or in a burst; changing costs. The cheapest course of the whole
recording (Viterbi 1967, two states) is the decision: a held contraction of minutes
stays one burst through moments of doubt, and a pause of half a second that is clearly
rest parts two. Doubt over half a second of rest counts for as much as certainty over a
tenth; but what is only doubt from one end to the other parts nothing. Stretches that were
not measured say nothing; a long one ends the course, and so does the beginning of another
recording in the same file.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["DecodeParams", "in_burst"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class DecodeParams:
    """What changing between rest and burst costs.

    Attributes
    ----------
    switch_cost : float
        Cost of a change, in the unit of summed evidence.
    evidence_per_s : float
        Weight of the log-odds of one second: neighbouring frames repeat each other,
        so that a second holds this many independent ones.
    evidence_cap : float
        Log-odds beyond this say nothing more: one sure frame decides nothing alone.
    rest_log_odds : float
        A pause between two bursts holds a moment at least this far below even odds;
        another one is no rest, and what lies around it is one burst.
    bridge_s : float
        Unmeasured stretches up to this long are lived through; longer ones end a
        burst.
    """

    switch_cost: float = 1.2
    evidence_per_s: float = 7.5
    evidence_cap: float = 4.0
    rest_log_odds: float = 2.0
    bridge_s: float = 2.0


def in_burst(
    log_odds: Floats,
    time_s: Floats,
    frame_s: Floats,
    params: DecodeParams,
    joins_s: tuple[float, ...] = (),
) -> NDArray[np.bool_]:
    """Decide in which frames one side is in a burst.

    Parameters
    ----------
    log_odds : Floats
        Of a burst, shape (n,); NaN where not measured.
    time_s, frame_s : Floats
        Time of each frame and the seconds it stands for, shape (n,).
    params : DecodeParams
        What changing costs.
    joins_s : tuple of float
        Times at which another recording begins: no burst is lived through there.

    Returns
    -------
    NDArray[np.bool_]
        Shape (n,).
    """
    decided = np.zeros(len(log_odds), bool)
    known = np.isfinite(log_odds)
    for first, end in _courses(known, time_s, params.bridge_s, joins_s):
        cut = slice(first, end)
        capped = np.clip(
            np.nan_to_num(log_odds[cut]), -params.evidence_cap, params.evidence_cap
        )
        evidence = capped * frame_s[cut] * params.evidence_per_s
        course = _likeliest(evidence, params.switch_cost)
        decided[cut] = _without_doubts(course, log_odds[cut], params.rest_log_odds)
    return decided


def _without_doubts(
    course: NDArray[np.bool_], log_odds: Floats, rest_log_odds: float
) -> NDArray[np.bool_]:
    """Fill the pauses of a course in which no moment is clearly rest, shape (n,)."""
    filled = course.copy()
    for first, last in _pauses(course):
        clearest = np.nanmin(log_odds[first:last], initial=0.0)
        if clearest > -rest_log_odds:
            filled[first:last] = True
    return filled


def _pauses(course: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return first frame and end of each pause between bursts, shape (pauses, 2)."""
    places = np.flatnonzero(course)
    parted = np.flatnonzero(np.diff(places) > 1)
    return np.stack([places[parted] + 1, places[parted + 1]], axis=1)


def _courses(
    known: NDArray[np.bool_],
    time_s: Floats,
    bridge_s: float,
    joins_s: tuple[float, ...],
) -> list[tuple[int, int]]:
    """Return stretches of measured frames without a long gap between."""
    places = np.flatnonzero(known)
    if len(places) == 0:
        return []
    parted = np.diff(time_s[places]) > bridge_s
    for join_s in joins_s:
        later = int(np.searchsorted(time_s[places], join_s))
        if 0 < later < len(places):
            parted[later - 1] = True
    apart = np.flatnonzero(parted)
    firsts = [places[0], *places[apart + 1]]
    lasts = [*places[apart], places[-1]]
    return [(int(a), int(b) + 1) for a, b in zip(firsts, lasts, strict=True)]


def _likeliest(evidence: Floats, cost: float) -> NDArray[np.bool_]:
    """Return course of most evidence in bursts less the cost of changes, shape (n,)."""
    came_from_rest = np.empty(len(evidence), bool)
    came_from_burst = np.empty(len(evidence), bool)
    rest, burst = 0.0, 0.0  # a recording may begin in the middle of a burst
    for frame, gain in enumerate(evidence.tolist()):
        came_from_burst[frame] = burst - cost > rest
        came_from_rest[frame] = rest - cost > burst
        rest, burst = max(rest, burst - cost), max(burst, rest - cost) + gain
    course = np.empty(len(evidence), bool)
    state = burst > rest
    for frame in range(len(evidence) - 1, -1, -1):
        course[frame] = state
        state = not came_from_rest[frame] if state else bool(came_from_burst[frame])
    return course
