"""What can happen to a face: the events of a scenario, as plain values.

Times are seconds from the first frame; amounts are millimetres at the face,
degrees, or fractions. Sides are the subject's own. Only `Spasm` is a burst;
everything else is there to be distinguished from one.

>>> Wink(onset_s=1, offset_s=2, side="left").side
<Side.LEFT: 'left'>
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar, Final, TypeVar

from pydantic import TypeAdapter

from twitch_tracker.border.documents import checked
from twitch_tracker.errors import BadFile, BadParameter
from twitch_tracker.language import say
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import REGIONS, Region, Side

__all__ = [
    "EVENTS",
    "ONLY_ON_PORTRAITS",
    "Absence",
    "BilateralBlink",
    "Event",
    "GazeShift",
    "HandOverFace",
    "HeadTurn",
    "Smile",
    "Spasm",
    "SpeechLike",
    "Wink",
    "Yawn",
    "check",
    "event_from",
    "member",
]

_Word = TypeVar("_Word", bound=StrEnum)

_LARGEST: Final = sys.float_info.max
"""A whole number above it cannot be a number with a point."""


def check(name: str, value: float, low: float, high: float) -> None:
    """Refuse a number outside [low, high]."""
    if not low <= value <= min(high, _LARGEST):
        raise BadParameter(name, f"a number from {low:g} to {high:g}", value)


def member(name: str, kind: type[_Word], value: str) -> _Word:
    """Return the member of an enumeration that a word names."""
    try:
        return kind(value)
    except ValueError:
        raise BadParameter(name, f"one of {', '.join(kind)}", value) from None


@dataclass(frozen=True, kw_only=True)
class _Spanned:
    """Anything that happens from `onset_s` until `offset_s`."""

    onset_s: float
    offset_s: float

    def __post_init__(self) -> None:
        """Refuse spans that are empty, infinite or start before the recording."""
        check("onset_s", self.onset_s, 0.0, math.inf)
        if not self.onset_s < self.offset_s <= _LARGEST:
            raise BadParameter("offset_s", f"more than {self.onset_s:g}", self.offset_s)


@dataclass(frozen=True, kw_only=True)
class Spasm(_Spanned):
    """A burst of involuntary contractions on one side.

    Attributes
    ----------
    side : Side
        The subject's own side.
    regions : tuple of Region
        Regions that take part; the first one leads.
    kind : EpisodeKind
        Clonic: separate contractions; tonic: one held one with ripple;
        mixed: separate contractions on a held one.
    closure : float
        Deepest closure of the eye, 0 to 1 (used with `Region.EYELID`).
    excursion_mm : float
        Largest excursion of the mouth corner, 0.3 to 8 mm. The cheek moves by
        half of it and the brow by a third.
    rate_hz : float
        Mean rate of contractions in clonic and mixed bursts, 1 to 10 per
        second; their times are irregular.
    contraction_s : float
        Mean length of a contraction, 50 to 200 ms.
    lag_s : float
        How much later than the first region the others move, 0 to 10 ms: one
        nerve discharge reaches them together.
    """

    event: ClassVar[str] = "spasm"
    side: Side
    regions: tuple[Region, ...] = (Region.EYELID, Region.MOUTH_CORNER, Region.CHEEK)
    kind: EpisodeKind = EpisodeKind.CLONIC
    closure: float = 0.6
    excursion_mm: float = 3.0
    rate_hz: float = 4.0
    contraction_s: float = 0.12
    lag_s: float = 0.0

    def __post_init__(self) -> None:
        """Check the ranges and bring the enumerations to their types."""
        super().__post_init__()
        object.__setattr__(self, "side", member("side", Side, self.side))
        object.__setattr__(self, "kind", member("kind", EpisodeKind, self.kind))
        regions = tuple(member("regions", Region, name) for name in self.regions)
        if not regions or len(set(regions)) != len(regions):
            raise BadParameter("regions", "different regions, at least one", regions)
        object.__setattr__(self, "regions", regions)
        check("closure", self.closure, 0.02, 1.0)
        check("excursion_mm", self.excursion_mm, 0.3, 8.0)
        check("rate_hz", self.rate_hz, 1.0, 10.0)
        check("contraction_s", self.contraction_s, 0.05, 0.2)
        check("lag_s", self.lag_s, 0.0, 0.01)

    @property
    def lead_region(self) -> Region:
        """The region that moves first."""
        return self.regions[0]

    @property
    def ordered_regions(self) -> tuple[Region, ...]:
        """The regions in the order of `regions.REGIONS`."""
        return tuple(region for region in REGIONS if region in self.regions)


@dataclass(frozen=True, kw_only=True)
class BilateralBlink:
    """Both eyes closing together.

    Attributes
    ----------
    onset_s : float
        When the lids start to move.
    duration_s : float
        From there until they are open again; 0.15 to 0.4 s is natural.
    depth : float
        Closure of the deeper eye, 1 for a complete blink.
    inequality : float
        (left - right) / (left + right) of the closures, -0.3 to 0.3.
    """

    event: ClassVar[str] = "blink"
    onset_s: float
    duration_s: float = 0.28
    depth: float = 1.0
    inequality: float = 0.0

    def __post_init__(self) -> None:
        """Check the ranges."""
        check("onset_s", self.onset_s, 0.0, math.inf)
        check("duration_s", self.duration_s, 0.08, 2.0)
        check("depth", self.depth, 0.02, 1.0)
        check("inequality", self.inequality, -0.3, 0.3)

    @property
    def offset_s(self) -> float:
        """When the lids are open again."""
        return self.onset_s + self.duration_s


@dataclass(frozen=True, kw_only=True)
class Smile(_Spanned):
    """A smile of both sides.

    Attributes
    ----------
    amount_mm : float
        Excursion of the mouth corner of the stronger side.
    inequality : float
        (left - right) / (left + right), -0.3 to 0.3; about 0.06 is natural.
    """

    event: ClassVar[str] = "smile"
    amount_mm: float = 4.0
    inequality: float = 0.0

    def __post_init__(self) -> None:
        """Check the ranges."""
        super().__post_init__()
        check("amount_mm", self.amount_mm, 0.1, 12.0)
        check("inequality", self.inequality, -0.3, 0.3)


@dataclass(frozen=True, kw_only=True)
class SpeechLike(_Spanned):
    """Jaw and lips moving as in talking, at syllable rate.

    Attributes
    ----------
    amount_mm : float
        Largest fall of the lower lip.
    rate_hz : float
        Syllables per second, about 4 to 5 in speech.
    """

    event: ClassVar[str] = "speech"
    amount_mm: float = 2.5
    rate_hz: float = 4.5

    def __post_init__(self) -> None:
        """Check the ranges."""
        super().__post_init__()
        check("amount_mm", self.amount_mm, 0.1, 6.0)
        check("rate_hz", self.rate_hz, 1.0, 8.0)


@dataclass(frozen=True, kw_only=True)
class HeadTurn(_Spanned):
    """A turn of the head and back; only a still portrait can do it.

    Attributes
    ----------
    yaw_deg : float
        Positive to the subject's own left.
    pitch_deg : float
        Positive upward.
    """

    event: ClassVar[str] = "head_turn"
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0

    def __post_init__(self) -> None:
        """Check the ranges: beyond 12 degrees a flat picture tears."""
        super().__post_init__()
        check("yaw_deg", self.yaw_deg, -12.0, 12.0)
        check("pitch_deg", self.pitch_deg, -12.0, 12.0)


@dataclass(frozen=True, kw_only=True)
class Wink(_Spanned):
    """One eye closed on purpose, smoothly, with a little cheek: no spasm.

    Attributes
    ----------
    side : Side
        The subject's own side.
    closure : float
        Deepest closure, 0 to 1.
    rise_s : float
        Closing and opening each take this long; 0.15 to 0.3 s is natural
        (our choice: slower than a blink, which is a reflex).
    cheek_mm : float
        Lift of the cheek of that side.
    """

    event: ClassVar[str] = "wink"
    side: Side
    closure: float = 1.0
    rise_s: float = 0.2
    cheek_mm: float = 1.0

    def __post_init__(self) -> None:
        """Check the ranges."""
        super().__post_init__()
        object.__setattr__(self, "side", member("side", Side, self.side))
        check("closure", self.closure, 0.02, 1.0)
        check("rise_s", self.rise_s, 0.05, 1.0)
        check("cheek_mm", self.cheek_mm, 0.0, 6.0)


@dataclass(frozen=True, kw_only=True)
class GazeShift(_Spanned):
    """Both eyes look elsewhere and back; the upper lids go down with them.

    Attributes
    ----------
    left_deg : float
        Positive to the subject's own left.
    up_deg : float
        Positive upward.
    """

    event: ClassVar[str] = "gaze"
    left_deg: float = 0.0
    up_deg: float = 0.0

    def __post_init__(self) -> None:
        """Check the ranges: a picture of the eye holds no more of the eyeball."""
        super().__post_init__()
        check("left_deg", self.left_deg, -20.0, 20.0)
        check("up_deg", self.up_deg, -20.0, 15.0)
        if self.left_deg == 0 and self.up_deg == 0:
            raise BadParameter("left_deg", "a gaze away from the camera", 0.0)


@dataclass(frozen=True, kw_only=True)
class Yawn(_Spanned):
    """The jaw opens wide and slowly, both eyes narrow.

    Attributes
    ----------
    opening_mm : float
        Distance between the lips at the widest.
    closure : float
        Closure of both eyes at the widest.
    """

    event: ClassVar[str] = "yawn"
    opening_mm: float = 22.0
    closure: float = 0.6

    def __post_init__(self) -> None:
        """Check the ranges."""
        super().__post_init__()
        check("opening_mm", self.opening_mm, 4.0, 35.0)
        check("closure", self.closure, 0.0, 1.0)


@dataclass(frozen=True, kw_only=True)
class HandOverFace(_Spanned):
    """A hand comes in from one side, stays over part of the face and leaves.

    Attributes
    ----------
    side : Side
        The subject's own side that it comes from.
    reach : float
        How far its tip gets across the face: 0 the edge of that side, 1 the
        opposite edge.
    height : float
        Where it crosses: 0 brow, 1 chin.
    """

    event: ClassVar[str] = "hand"
    side: Side
    reach: float = 0.6
    height: float = 0.6

    def __post_init__(self) -> None:
        """Check the ranges."""
        super().__post_init__()
        object.__setattr__(self, "side", member("side", Side, self.side))
        check("reach", self.reach, 0.05, 1.0)
        check("height", self.height, 0.0, 1.0)


@dataclass(frozen=True, kw_only=True)
class Absence(_Spanned):
    """The person leaves the picture sideways and comes back.

    Attributes
    ----------
    side : Side
        The subject's own side towards which they leave.
    slide_s : float
        How long leaving and coming back each take.
    """

    event: ClassVar[str] = "absence"
    side: Side = Side.LEFT
    slide_s: float = 0.5

    def __post_init__(self) -> None:
        """Check the ranges."""
        super().__post_init__()
        object.__setattr__(self, "side", member("side", Side, self.side))
        check("slide_s", self.slide_s, 0.05, 5.0)


Event = (
    Spasm
    | BilateralBlink
    | Smile
    | SpeechLike
    | HeadTurn
    | Wink
    | GazeShift
    | Yawn
    | HandOverFace
    | Absence
)
EVENTS: Final[dict[str, type[Event]]] = {
    kind.event: kind
    for kind in (
        *(Spasm, BilateralBlink, Smile, SpeechLike, HeadTurn),
        *(Wink, GazeShift, Yawn, HandOverFace, Absence),
    )
}
"""Every kind of event under the name it has in files."""

ONLY_ON_PORTRAITS: Final = (HeadTurn,)
"""Events that need a still: a real video's head turns as it was filmed."""


def event_from(item: dict[str, Any], where: str) -> Event:
    """Build one event from its JSON object.

    Parameters
    ----------
    item : dict
        The object; its type stands under ``"event"``.
    where : str
        File and place, for messages.

    Raises
    ------
    BadFile
        If its name or a value is not allowed, missing or not known.
    """
    values = dict(item)
    name = values.pop("event", None)
    if not (isinstance(name, str) and name in EVENTS):
        raise BadFile(
            say(
                "{where}: expected an event, one of {names}, got {name!r}.",
                where=where,
                names=", ".join(EVENTS),
                name=name,
            )
        )
    return checked(_schema_of(name), values, where, BadFile, known_only=True)


@lru_cache(maxsize=len(EVENTS))
def _schema_of(name: str) -> TypeAdapter[Event]:
    return TypeAdapter(EVENTS[name])
