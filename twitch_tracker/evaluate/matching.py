"""Match logged bursts with true bursts.

One burst is matched to at most one other, on the same side; matching as many as
possible comes first, overlapping as much as possible second. So one long detection
never "finds" five short twitches, and a burst on the wrong side is both a miss and a
false alarm.

Both lists are brought to the same granularity first, by `merging`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.evaluate.merging import levelled
from twitch_tracker.records import Episode
from twitch_tracker.timebase import Interval

__all__ = ["IOU_RULE", "PRIMARY_RULE", "Match", "MatchRule", "Matching", "match_bursts"]


@dataclass(frozen=True, kw_only=True)
class MatchRule:
    """When two bursts of the same side may be the same.

    Attributes
    ----------
    tolerance_s : float
        The true burst is widened by this much at both ends before overlap is
        asked for; three frames at 30 fps.
    merge_gap_s : float
        Pieces closer than this are one burst, in truth and log alike.
    shortest_s : float
        Shorter bursts are left out; two frames at 30 fps.
    short_iou, long_iou : float
        Least intersection over union asked of bursts shorter, and not
        shorter, than `long_s`; 0 asks for any overlap.
    long_s : float
        Where a burst is long.
    """

    tolerance_s: float = 0.10
    merge_gap_s: float = 0.30
    shortest_s: float = 0.067
    short_iou: float = 0.0
    long_iou: float = 0.0
    long_s: float = 1.0


PRIMARY_RULE: Final = MatchRule()
"""Any overlap within the tolerance."""

IOU_RULE: Final = MatchRule(tolerance_s=0.0, short_iou=0.2, long_iou=0.5)
"""Secondary rule: the spans must agree, long ones more than short ones."""


@dataclass(frozen=True, kw_only=True)
class Match:
    """A true burst and the logged burst that found it."""

    truth: Episode
    logged: Episode


@dataclass(frozen=True, kw_only=True)
class Matching:
    """The outcome for one recording.

    Attributes
    ----------
    found : tuple of Match
        True positives.
    missed : tuple of Episode
        True bursts that nothing logged matches.
    false_alarms : tuple of Episode
        Logged bursts that match no true one.
    wrong_side : int
        Missed bursts at whose time only the other side was logged.
    """

    found: tuple[Match, ...]
    missed: tuple[Episode, ...]
    false_alarms: tuple[Episode, ...]
    wrong_side: int


def match_bursts(
    truth: Iterable[Episode],
    logged: Iterable[Episode],
    rule: MatchRule = PRIMARY_RULE,
) -> Matching:
    """Match the logged bursts of a recording to the true ones.

    Parameters
    ----------
    truth, logged : Iterable of Episode
        Bursts of one recording, in any order.
    rule : MatchRule
        What counts as the same.

    Returns
    -------
    Matching
        Every burst, after merging, is in exactly one of its lists.
    """
    true, said = (
        levelled(bursts, merge_gap_s=rule.merge_gap_s, shortest_s=rule.shortest_s)
        for bursts in (truth, logged)
    )
    pairs = _best_pairs(true, said, rule)
    taken = {j for _, j in pairs}
    met = {i for i, _ in pairs}
    missed = tuple(e for i, e in enumerate(true) if i not in met)
    false = tuple(e for j, e in enumerate(said) if j not in taken)
    return Matching(
        found=tuple(Match(truth=true[i], logged=said[j]) for i, j in pairs),
        missed=missed,
        false_alarms=false,
        wrong_side=sum(_only_other_side(e, false, rule) for e in missed),
    )


def _eligible(truth: Episode, logged: Episode, rule: MatchRule) -> bool:
    """Return whether two bursts may be the same under the rule."""
    if truth.side is not logged.side:
        return False
    if truth.span.widened(rule.tolerance_s).overlap_s(logged.span) <= 0:
        return False
    is_long = truth.span.duration_s >= rule.long_s
    return _iou(truth.span, logged.span) >= (
        rule.long_iou if is_long else rule.short_iou
    )


def _iou(one: Interval, other: Interval) -> float:
    """Return the intersection over union of two spans."""
    shared = one.overlap_s(other)
    union = one.duration_s + other.duration_s - shared
    return shared / union if union > 0 else 0.0


def _best_pairs(
    true: list[Episode], said: list[Episode], rule: MatchRule
) -> list[tuple[int, int]]:
    """Assign as many pairs as possible, then as much overlap as possible."""
    from scipy.optimize import linear_sum_assignment

    gain = np.zeros((len(true), len(said)))
    for i, j in _near(true, said, rule.tolerance_s):
        if _eligible(true[i], said[j], rule):
            gain[i, j] = 1.0 + _iou(true[i].span, said[j].span) / (len(true) + 1)
    rows, columns = linear_sum_assignment(gain, maximize=True)
    return [
        (int(i), int(j)) for i, j in zip(rows, columns, strict=True) if gain[i, j] > 0
    ]


def _near(
    true: list[Episode], said: list[Episode], tolerance_s: float
) -> list[tuple[int, int]]:
    """Return the few pairs that lie near each other in time, of all there could be."""
    begun, ended = _edges(true)
    other_begun, other_ended = _edges(said)
    near = (other_begun <= ended[:, np.newaxis] + tolerance_s) & (
        other_ended >= begun[:, np.newaxis] - tolerance_s
    )
    return [(int(i), int(j)) for i, j in np.argwhere(near)]


def _edges(bursts: list[Episode]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return onsets and offsets, each of shape (bursts,), in s."""
    edges = np.array([(b.span.start_s, b.span.end_s) for b in bursts], np.float64)
    return edges.reshape(-1, 2)[:, 0], edges.reshape(-1, 2)[:, 1]


def _only_other_side(
    missed: Episode, false_alarms: tuple[Episode, ...], rule: MatchRule
) -> bool:
    """Return whether a missed burst was logged, but on the other side."""
    mirrored = replace(missed, side=missed.side.other)
    return any(_eligible(mirrored, alarm, rule) for alarm in false_alarms)
