"""Single bursts of simulated recordings, and their totals.

Bursts of a side never overlap and lie inside the recording; pauses are what is left
between them. Times are seconds from the first frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.description.bilateral import overlapped
from twitch_tracker.history import SideTotals
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import REGIONS, Region, Side
from twitch_tracker.timebase import Interval

__all__ = ["Bursts", "place_bursts", "totals_of"]

Array = NDArray[np.float64]

_LEAST_PAUSE_S = 0.35
_FULLEST = 0.85


@dataclass(frozen=True, kw_only=True)
class Bursts:
    """Bursts of one side of one recording, in order of onset.

    Attributes
    ----------
    onsets_s, durations_s, excursions_mm : NDArray[np.float64]
        Shape (bursts,).
    taking_part : NDArray[np.bool_]
        Shape (bursts, regions), in the order of `regions.REGIONS`.
    """

    onsets_s: Array
    durations_s: Array
    excursions_mm: Array
    taking_part: NDArray[np.bool_]

    def episodes(self, side: Side) -> tuple[Episode, ...]:
        """Return them as a detector would have logged them."""
        brow = self.taking_part[:, REGIONS.index(Region.BROW)]
        return tuple(
            Episode(
                span=Interval(start_s=float(onset), end_s=float(onset + length)),
                side=side,
                regions=tuple(r for r, on in zip(REGIONS, part, strict=True) if on),
                lead_region=Region.EYELID,
                kind=EpisodeKind.TONIC if length > 2 else EpisodeKind.CLONIC,
                contractions=1,
                excursion_mm=float(size),
                asymmetry=0.9,
                confidence=0.9,
                brow_lift=bool(lift),
            )
            for onset, length, size, part, lift in zip(
                self.onsets_s,
                self.durations_s,
                self.excursions_mm,
                self.taking_part,
                brow,
                strict=True,
            )
        )


def place_bursts(
    rng: np.random.Generator,
    durations_s: Array,
    recorded_s: float,
    excursions_mm: Array,
    shares: Array,
) -> Bursts:
    """Lay bursts into a recording, pauses split at random.

    Parameters
    ----------
    rng : np.random.Generator
        Source of chance.
    durations_s, excursions_mm : NDArray[np.float64]
        Of each burst, shape (bursts,). Bursts beyond what fits (85 % of the time)
        are left out.
    recorded_s : float
        Length of the recording.
    shares : NDArray[np.float64]
        Chance that each region takes part, shape (regions,).

    Returns
    -------
    Bursts
        Times rounded to milliseconds.
    """
    lengths = np.round(np.maximum(durations_s, 0.067), 3)
    busy = np.cumsum(lengths + _LEAST_PAUSE_S)
    n = int(np.searchsorted(busy, _FULLEST * recorded_s))
    lengths = lengths[:n]
    free = recorded_s - (float(busy[n - 1]) if n else 0.0)
    cuts = np.sort(rng.random(n)) * free
    before = np.concatenate([[0.0], busy[: max(n - 1, 0)]])[:n]
    part = rng.random((n, len(REGIONS))) < shares
    part[:, REGIONS.index(Region.EYELID)] = True
    return Bursts(
        onsets_s=np.round(cuts + before, 3),
        durations_s=lengths,
        excursions_mm=np.round(excursions_mm[:n], 3),
        taking_part=part,
    )


def totals_of(bursts: Bursts, other: Bursts) -> SideTotals:
    """Sum the bursts of a side up as the journal does, beside those of the other."""
    ends = bursts.onsets_s + bursts.durations_s
    part = bursts.taking_part
    column = {region: part[:, place] for place, region in enumerate(REGIONS)}
    lower = column[Region.MOUTH_CORNER] | column[Region.CHEEK]
    return SideTotals(
        durations_s=bursts.durations_s.astype(np.float32),
        pauses_s=(bursts.onsets_s[1:] - ends[:-1]).astype(np.float32),
        excursions_mm=bursts.excursions_mm.astype(np.float32),
        with_region={region: int(on.sum()) for region, on in column.items()},
        both_regions=int((column[Region.EYELID] & lower).sum()),
        brow_lifts=int(column[Region.BROW].sum()),
        onset_cut=np.zeros(len(ends), bool),
        offset_cut=np.zeros(len(ends), bool),
        bilateral=int(
            overlapped(
                bursts.onsets_s,
                ends,
                other.onsets_s,
                other.onsets_s + other.durations_s,
            ).sum()
        ),
    )
