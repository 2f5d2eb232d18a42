"""How one person's face contracts on one side, drawn once a recording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from twitch_tracker.regions import SIDES, Side

__all__ = ["SideStyle", "draw_styles"]

_DOWN_SHARE: Final = 0.15
"""Share of faces whose mouth corner goes down (platysma) rather than up."""


@dataclass(frozen=True, kw_only=True)
class SideStyle:
    """Habits of one side of a face; lengths in interocular distances (io).

    Attributes
    ----------
    lower_lid : float
        Part of the aperture that the lower lid closes.
    zip_ : float
        Which end of the lids closes first, -1 (inner) to 1 (outer).
    band : float
        Where the lid's pull ends, in distances from the lid to the brow.
    canthus : float
        How far the lateral canthus goes inward, as a share of the eye's width.
    pull_deg : float
        Direction of the mouth corner above straight lateral.
    ahead, behind, across : float
        Half widths of the mouth's movement before, behind and across the muscle.
    lip, ala, philtrum : float
        What goes along with the mouth corner, as shares of its excursion.
    cheek_deg : float
        Direction of the cheek above straight lateral.
    brow_up : float
        1 lifts the brow, -1 lowers it.
    wrinkles, fold, bulge : float
        Depth of crow's feet, nasolabial fold and cheek, as contrast at full
        contraction.
    lines : tuple of tuple of float
        Crow's feet: angle above lateral in degrees, length in eye widths.
    """

    lower_lid: float
    zip_: float
    band: float
    canthus: float
    pull_deg: float
    ahead: float
    behind: float
    across: float
    lip: float
    ala: float
    philtrum: float
    cheek_deg: float
    brow_up: float
    wrinkles: float
    fold: float
    bulge: float
    lines: tuple[tuple[float, float], ...]


def draw_styles(seed: int) -> dict[Side, SideStyle]:
    """Draw the habits of both sides of a face."""
    return {
        side: _draw(np.random.default_rng([seed, 31, place]))
        for place, side in enumerate(SIDES)
    }


def _draw(rng: np.random.Generator) -> SideStyle:
    down = rng.random() < _DOWN_SHARE
    count = int(rng.integers(2, 5))
    angles = np.linspace(-28, 32, count) + rng.normal(0, 4, count)
    lengths = rng.uniform(0.22, 0.45, count)
    return SideStyle(
        lower_lid=rng.uniform(0.10, 0.35),
        zip_=rng.uniform(-0.3, 0.5),
        band=rng.uniform(1.05, 1.3),
        canthus=rng.uniform(0.02, 0.07),
        pull_deg=rng.uniform(-35, -10) if down else rng.uniform(0, 60),
        ahead=rng.uniform(0.24, 0.36),
        behind=rng.uniform(0.15, 0.22),
        across=rng.uniform(0.13, 0.2),
        lip=rng.uniform(0.15, 0.4),
        ala=rng.uniform(0.05, 0.25),
        philtrum=rng.uniform(0.05, 0.18),
        cheek_deg=rng.uniform(50, 100),
        brow_up=1.0 if rng.random() < 0.6 else -1.0,
        wrinkles=rng.uniform(0.05, 0.22),
        fold=rng.uniform(0.05, 0.2),
        bulge=rng.uniform(0.02, 0.09),
        lines=tuple((float(a), float(b)) for a, b in zip(angles, lengths, strict=True)),
    )
