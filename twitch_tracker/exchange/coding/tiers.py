"""How bursts are laid out on ELAN tiers, and read from them again.

For each side one tier ``left bursts`` whose annotations name the kind; below it a tier
for each region that took part (``left eyelid``), on which ``first`` marks the region
that moved first; and ``left details`` with everything else that is known. Sides are the
person's own. Note: an annotation on a tier below belongs to the burst that encloses it
most closely; without such a burst it counts as a burst of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from twitch_tracker.exchange.coding.films import CodedRow
from twitch_tracker.exchange.coding.recording import REGION_WORDS
from twitch_tracker.regions import REGIONS, SIDES, Region, Side

__all__ = [
    "BLINK_TIER",
    "LENGTH_PROPERTY",
    "TierRow",
    "burst_tier",
    "details_tier",
    "is_details",
    "is_own",
    "joined",
    "region_tier",
]

BLINK_TIER: Final = "blinks"
LENGTH_PROPERTY: Final = "recorded_ms"
"""Property of the header with the length of the recording."""

_TOLERANCE_S: Final = 0.0015
"""Times in milliseconds may differ by one after rounding."""

_MOST_NEAR: Final = 100
"""How many bursts that began before may still enclose an annotation; on one tier of ELAN
there is one."""


def burst_tier(side: Side) -> str:
    """Name the tier of the bursts of a side."""
    return f"{side} bursts"


def region_tier(side: Side, region: Region) -> str:
    """Name the tier of a region of a side."""
    return f"{side} {REGION_WORDS[region]}"


def details_tier(side: Side) -> str:
    """Name the tier of what else is known of the bursts of a side."""
    return f"{side} details"


_HEADS: Final = {burst_tier(side): side for side in SIDES}
_DETAILS: Final = {details_tier(side): side for side in SIDES}
_REGIONS: Final = {region_tier(s, r): s for s in SIDES for r in REGIONS}
_PARTS: Final = {**_DETAILS, **_REGIONS}


def is_details(tier: str) -> bool:
    """Return whether a tier holds what else is known."""
    return _plain(tier) in _DETAILS


def is_own(tier: str) -> bool:
    """Return whether a tier has one of the names that this program gives."""
    return _plain(tier) in _HEADS or _plain(tier) in _PARTS


def _plain(tier: str) -> str:
    return re.sub(r"[\s_]+", " ", tier).strip().lower()


@dataclass(frozen=True, kw_only=True)
class TierRow:
    """One annotation.

    Attributes
    ----------
    where : str
        File and place, for messages.
    tier, value : str
        On which tier, and what it says.
    others : tuple of str
        Other words of the same row: participant, annotations that refer to it.
    start_s, end_s : float
        When.
    name : str
        Its name in the document, where it has one.
    """

    where: str
    tier: str
    value: str
    others: tuple[str, ...] = field(default=())
    start_s: float
    end_s: float
    name: str = ""


def joined(rows: Iterable[TierRow]) -> list[CodedRow]:
    """Join the annotations of one burst.

    Returns
    -------
    list of CodedRow
        One for each burst or other event. Annotations on tiers with other names than
        this program's stay as they are.
    """
    rows = list(rows)
    heads = _heads(rows)
    alone: list[TierRow] = []
    parts: dict[int, list[TierRow]] = {}
    for row in rows:
        side = _PARTS.get(_plain(row.tier))
        head = None if side is None else heads[side].owner(row)
        if head is not None:
            parts.setdefault(id(head), []).append(row)
        elif not is_details(row.tier) or not any(heads.values()):
            alone.append(row)
    return [_coded(row, parts.get(id(row), ())) for row in alone]


class _Heads:
    """The bursts of a side, in order of their beginnings."""

    def __init__(self, rows: Iterable[TierRow]) -> None:
        self._rows = sorted(rows, key=lambda row: row.start_s)
        self._starts = [row.start_s for row in self._rows]

    def __bool__(self) -> bool:
        return bool(self._rows)

    def owner(self, part: TierRow) -> TierRow | None:
        """Find the burst that an annotation of a lower tier belongs to."""
        after = bisect_right(self._starts, part.start_s + _TOLERANCE_S)
        near = self._rows[max(0, after - _MOST_NEAR) : after]
        fitting = [head for head in near if part.end_s <= head.end_s + _TOLERANCE_S]
        return min(fitting, key=lambda head: _apart(head, part), default=None)


def _heads(rows: Iterable[TierRow]) -> dict[Side, _Heads]:
    """Collect the bursts of each side."""
    found: dict[Side, list[TierRow]] = {side: [] for side in SIDES}
    for row in rows:
        side = _HEADS.get(_plain(row.tier))
        if side is not None:
            found[side].append(row)
    return {side: _Heads(mine) for side, mine in found.items()}


def _apart(head: TierRow, part: TierRow) -> float:
    return max(abs(head.start_s - part.start_s), abs(head.end_s - part.end_s))


def _coded(row: TierRow, parts: Sequence[TierRow]) -> CodedRow:
    words = [f"{p.tier} {p.value}" for p in parts if not is_details(p.tier)]
    details = [p.value for p in parts if is_details(p.tier)]
    return CodedRow(
        where=row.where,
        texts=(row.value, row.tier, *words, *row.others),
        start_s=row.start_s,
        end_s=row.end_s,
        comment=next(iter(details), ""),
    )
