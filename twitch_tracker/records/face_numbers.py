"""What a face did apart from bursts: long closures, and how far it moves when asked to.

The table `FACE_NUMBERS` is what `summary.json`, the journal's columns and the documents
follow from. Note: NaN is not measured; a reach is what the side came to in nineteen of
twenty moments outside bursts, so that it means a task only where one was done; a
difference is right less left.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from twitch_tracker.regions import Side

__all__ = ["FACE_NUMBERS", "FaceNumbers", "face_numbers_from"]

_NAN: Final = float("nan")


@dataclass(frozen=True, kw_only=True)
class FaceNumbers:
    """Numbers of one recording that belong to no burst; what each is: `FACE_NUMBERS`."""

    long_closures: float = _NAN
    long_closures_s: float = _NAN
    mouth_asymmetry_mm: float = _NAN
    closure_reach_left: float = _NAN
    closure_reach_right: float = _NAN
    mouth_reach_left_mm: float = _NAN
    mouth_reach_right_mm: float = _NAN
    brow_reach_left_mm: float = _NAN
    brow_reach_right_mm: float = _NAN

    def closure_reach(self, side: Side) -> float:
        """Return how far a side's eye came to close, 0 to 1."""
        return {
            Side.LEFT: self.closure_reach_left,
            Side.RIGHT: self.closure_reach_right,
        }[side]

    def mouth_reach_mm(self, side: Side) -> float:
        """Return how far a side's mouth corner came along its pull."""
        return {
            Side.LEFT: self.mouth_reach_left_mm,
            Side.RIGHT: self.mouth_reach_right_mm,
        }[side]

    def brow_reach_mm(self, side: Side) -> float:
        """Return how far a side's eyebrow came to rise."""
        return {
            Side.LEFT: self.brow_reach_left_mm,
            Side.RIGHT: self.brow_reach_right_mm,
        }[side]


FACE_NUMBERS: Final[Mapping[str, tuple[str, str]]] = {
    "long_closures": (
        "number",
        "closures of both eyes longer than a blink (0.8 s), outside bursts",
    ),
    "long_closures_s": ("s", "how long these lasted together"),
    "mouth_asymmetry_mm": (
        "mm",
        "at rest, how much further the right mouth corner lies up and out than the left",
    ),
    "closure_reach_left": (
        "fraction",
        (
            "how far the left eye came to close outside bursts (95 % of the time less), of "
            "its open aperture"
        ),
    ),
    "closure_reach_right": ("fraction", "the same of the right eye"),
    "mouth_reach_left_mm": (
        "mm",
        (
            "how far the left mouth corner came along its pull outside bursts (95 % of the "
            "time less), from the face at rest"
        ),
    ),
    "mouth_reach_right_mm": ("mm", "the same of the right mouth corner"),
    "brow_reach_left_mm": (
        "mm",
        (
            "how far the left eyebrow came to rise outside bursts (95 % of the time less), "
            "from the face at rest"
        ),
    ),
    "brow_reach_right_mm": ("mm", "the same of the right eyebrow"),
}
"""Unit and meaning of each number."""


def face_numbers_from(document: Mapping[str, Any] | None) -> FaceNumbers:
    """Read numbers by name; what is missing, null or no number is not measured."""
    known = document if isinstance(document, Mapping) else {}
    values = {one.name: known.get(one.name) for one in fields(FaceNumbers)}
    return FaceNumbers(
        **{
            name: float(value)
            for name, value in values.items()
            if isinstance(value, int | float)
            and not isinstance(value, bool)
            and math.isfinite(value)
        }
    )
