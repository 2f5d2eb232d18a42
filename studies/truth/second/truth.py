"""What really happens, read from the second injector's own curves."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studies.truth.second.kinematics import BurstCurve
from twitch_tracker.regions import REGIONS, Region
from twitch_tracker.simulate.truth import EDGE, TruthRow

__all__ = ["MM_SHARE", "rows"]

MM_SHARE: Final = {Region.MOUTH_CORNER: 1.0, Region.CHEEK: 0.5, Region.BROW: 1 / 3}
"""Peak of a region as a share of the mouth corner's excursion (see `Spasm`)."""


def rows(curves: Iterable[BurstCurve], aperture_mm: float) -> tuple[TruthRow, ...]:
    """Return what happens, in order of onset.

    Parameters
    ----------
    curves : iterable of BurstCurve
        What was drawn.
    aperture_mm : float
        Open palpebral aperture of the face.
    """
    rows = [_row(curve, aperture_mm) for curve in curves]
    return tuple(sorted(rows, key=lambda row: (row.onset_s, row.offset_s)))


def _row(curve: BurstCurve, aperture_mm: float) -> TruthRow:
    spasm = curve.spasm
    size = _size_mm(curve, aperture_mm)
    above = np.flatnonzero(size > EDGE * size.max())
    onset_s, offset_s = (float(curve.times_s[above[k]]) for k in (0, -1))
    count = len(curve.peaks_s)
    spread_s = float(curve.peaks_s[-1] - curve.peaks_s[0])
    lids = Region.EYELID in spasm.regions
    return TruthRow(
        onset_s=round(onset_s, 4),
        offset_s=round(offset_s, 4),
        duration_s=round(offset_s - onset_s, 4),
        side=spasm.side.value,
        regions=";".join(spasm.ordered_regions),
        lead_region=spasm.lead_region.value,
        kind=spasm.kind.value,
        contractions=count,
        rate_hz=round((count - 1) / spread_s, 3) if count > 1 else math.nan,
        excursion_mm=round(float(size.max()), 3),
        asymmetry=1.0,
        lag_s=_lag_s(curve),
        reasons="second injector",
        event="spasm",
        closure=spasm.closure if lids else 0.0,
    )


def _lag_s(curve: BurstCurve) -> float:
    """Return mouth corner minus eyelid."""
    spasm = curve.spasm
    if not {Region.EYELID, Region.MOUTH_CORNER} <= set(spasm.regions):
        return math.nan
    late = dict.fromkeys(REGIONS, spasm.lag_s) | {spasm.lead_region: 0.0}
    return late[Region.MOUTH_CORNER] - late[Region.EYELID]


def _size_mm(curve: BurstCurve, aperture_mm: float) -> NDArray[np.float64]:
    """Return largest displacement of any part over the curve's times."""
    spasm = curve.spasm
    parts = [spasm.closure * aperture_mm * curve.course(Region.EYELID)]
    for region, share in MM_SHARE.items():
        parts.append(share * spasm.excursion_mm * curve.course(region))
    return np.asarray(np.max(parts, axis=0))
