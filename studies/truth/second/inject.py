"""Bursts in a real video, frame by frame.

>>> from twitch_tracker.simulate.plan.events import Spasm
>>> burst = Spasm(onset_s=1, offset_s=3, side="left", kind="tonic")
>>> injector = SecondInjector(SecondPlan(bursts=(burst,), seed=4))
>>> [row.side for row in injector.truth()]
['left']
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from studies.truth.second.field import (
    Block,
    Force,
    block_of,
    displacement,
    pulls_of,
)
from studies.truth.second.geometry import Face, LidLines, Points
from studies.truth.second.kinematics import draw_curve
from studies.truth.second.lids import Band, close_lids
from studies.truth.second.style import draw_styles
from studies.truth.second.truth import MM_SHARE, rows
from studies.truth.second.wrinkles import shade
from twitch_tracker.regions import SIDES, Region, Side
from twitch_tracker.simulate.picture.resampling import Field, Image, sample
from twitch_tracker.simulate.plan.draw import checked_seed
from twitch_tracker.simulate.plan.events import Spasm
from twitch_tracker.simulate.truth import EYE_APERTURE_MM, TruthRow

__all__ = ["SecondInjector", "SecondPlan"]

_EYE_REACH: Final = (0.62, 1.1, 0.75)
"""Of the lids' block beside, above and below the canthi, in eye widths."""


@dataclass(frozen=True, kw_only=True)
class SecondPlan:
    """What shall happen.

    Attributes
    ----------
    bursts : tuple of Spasm
        Commands, of both sides if wished, in any order.
    seed : int
        Where all randomness comes from.
    """

    bursts: tuple[Spasm, ...]
    seed: int

    def __post_init__(self) -> None:
        """Refuse seeds that cannot be one."""
        checked_seed(self.seed)


class SecondInjector:
    """Puts the bursts of a plan into frames.

    Parameters
    ----------
    plan : SecondPlan
        What shall happen; its curves are drawn here, once.
    mm_per_io : float, optional
        Millimetres between the lateral canthi; from each mesh's irises by default.
    """

    def __init__(self, plan: SecondPlan, mm_per_io: float | None = None) -> None:
        self.plan = plan
        self.mm_per_io = mm_per_io
        self.curves = tuple(
            draw_curve(burst, np.random.default_rng([plan.seed, 30, place]))
            for place, burst in enumerate(plan.bursts)
        )
        self.styles = draw_styles(plan.seed)
        self._bands = {side: Band(style.band) for side, style in self.styles.items()}

    def truth(self, aperture_mm: float = EYE_APERTURE_MM) -> tuple[TruthRow, ...]:
        """Return what happens, in order of onset.

        Parameters
        ----------
        aperture_mm : float
            Open palpebral aperture of the face, which turns a closure into
            millimetres.
        """
        return rows(self.curves, aperture_mm)

    def force(self, time_s: float, side: Side) -> Force:
        """Return what one side does at one time; of bursts that meet, the stronger."""
        lids, mm = 0.0, dict.fromkeys(MM_SHARE, 0.0)
        for curve in self.curves:
            spasm = curve.spasm
            if spasm.side is not side or not spasm.onset_s <= time_s < curve.end_s:
                continue
            lids = max(lids, spasm.closure * curve.at(time_s, Region.EYELID))
            for region, share in MM_SHARE.items():
                pull = share * spasm.excursion_mm * curve.at(time_s, region)
                mm[region] = max(mm[region], pull)
        return Force(
            lids=lids,
            mouth_mm=mm[Region.MOUTH_CORNER],
            cheek_mm=mm[Region.CHEEK],
            brow_mm=mm[Region.BROW],
        )

    def frame(
        self, image: Image, mesh: NDArray[np.floating[Any]] | None, time_s: float
    ) -> Image:
        """Put one moment into one frame.

        Parameters
        ----------
        image : NDArray[np.uint8]
            The frame, shape (height, width, 3); never changed.
        mesh : NDArray or None
            The face landmarker's mesh of it, shape (478, 3); without one the
            frame stays as it is.
        time_s : float
            When it is shown.

        Returns
        -------
        NDArray[np.uint8]
            A new picture, or `image` itself where nothing happens.
        """
        forces = {side: self.force(time_s, side) for side in SIDES}
        active = {side: force for side, force in forces.items() if force.any}
        if mesh is None or not active:
            return image
        face = Face(mesh, self.mm_per_io)
        pulls = [
            pull
            for side, force in active.items()
            for pull in pulls_of(face, side, self.styles[side], force)
        ]
        eyes = {s: face.lids(s) for s, force in active.items() if force.lids > 0.005}
        corners = [c for eye in eyes.values() if eye for c in _corners(eye)]
        block = block_of(face, pulls, corners, image.shape)
        if block is None:
            return image
        moved = displacement(face, pulls, block)
        at = _grid(block) - moved
        shown = sample(image, at[..., 0], at[..., 1]).astype(np.float32)
        for side, eye in eyes.items():
            if eye is not None:
                self._lids(image, shown, at, block, side, eye, active[side])
        for side, force in active.items():
            light = shade(face, side, self.styles[side], force, block, moved)
            if light is not None:
                shown *= light[..., None]
        out = image.copy()
        out[block.cut] = cv2.convertScaleAbs(shown)
        return out

    def _lids(
        self,
        image: Image,
        shown: Field,
        at: Field,
        block: Block,
        side: Side,
        eye: LidLines,
        force: Force,
    ) -> None:
        corners = np.array(_corners(eye)) - [block.x0, block.y0]
        low = np.maximum(np.floor(corners.min(axis=0)), 0).astype(int)
        high = np.ceil(corners.max(axis=0)).astype(int) + 1
        cut = np.s_[low[1] : high[1], low[0] : high[0]]
        if min(shown[cut].shape) > 0:
            close_lids(
                image,
                shown[cut],
                at[cut],
                eye,
                force.lids,
                self.styles[side],
                self._bands[side],
            )


def _corners(eye: LidLines) -> list[Points]:
    """Return corners of the part of a picture that the lids of one eye take."""
    beside, above, below = _EYE_REACH
    return [
        eye.origin + u * eye.along + v * eye.down
        for u in (-beside, 1 + beside)
        for v in (-above, below)
    ]


def _grid(block: Block) -> Field:
    """Return places of a block's pixels, shape (h, w, 2)."""
    x = np.arange(block.x0, block.x1, dtype=np.float32)
    y = np.arange(block.y0, block.y1, dtype=np.float32)
    return np.stack(np.meshgrid(x, y), axis=-1)
