"""What shall happen when: the plan of a simulated recording, as plain values.

A `Scenario` says everything that a rendering depends on besides the face, so
that the same scenario gives the same arrays. Times are seconds from the first
frame; amounts are millimetres at the face, or fractions. Sides are the
subject's own. Saved as JSON with one object per event, its type under
``"event"``.

>>> plan = Scenario(duration_s=10, seed=1, events=(Smile(onset_s=2, offset_s=4),))
>>> Scenario.from_json(plan.to_json()) == plan
True
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

from twitch_tracker.errors import BadParameter
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import REGIONS, Region, Side

__all__ = [
    "BilateralBlink",
    "Camera",
    "Event",
    "HeadMotion",
    "HeadTurn",
    "Scenario",
    "Smile",
    "Spasm",
    "SpeechLike",
]


_Word = TypeVar("_Word", bound=StrEnum)


def _check(name: str, value: float, low: float, high: float) -> None:
    """Refuse a number outside [low, high]."""
    if not (math.isfinite(value) and low <= value <= high):
        raise BadParameter(name, f"a number from {low:g} to {high:g}", value)


def _member(name: str, kind: type[_Word], value: str) -> _Word:
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
        _check("onset_s", self.onset_s, 0.0, math.inf)
        if not (math.isfinite(self.offset_s) and self.offset_s > self.onset_s):
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
        object.__setattr__(self, "side", _member("side", Side, self.side))
        object.__setattr__(self, "kind", _member("kind", EpisodeKind, self.kind))
        regions = tuple(_member("regions", Region, name) for name in self.regions)
        if not regions or len(set(regions)) != len(regions):
            raise BadParameter("regions", "different regions, at least one", regions)
        object.__setattr__(self, "regions", regions)
        _check("closure", self.closure, 0.02, 1.0)
        _check("excursion_mm", self.excursion_mm, 0.3, 8.0)
        _check("rate_hz", self.rate_hz, 1.0, 10.0)
        _check("contraction_s", self.contraction_s, 0.05, 0.2)
        _check("lag_s", self.lag_s, 0.0, 0.01)

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
        _check("onset_s", self.onset_s, 0.0, math.inf)
        _check("duration_s", self.duration_s, 0.08, 2.0)
        _check("depth", self.depth, 0.02, 1.0)
        _check("inequality", self.inequality, -0.3, 0.3)

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
        _check("amount_mm", self.amount_mm, 0.1, 12.0)
        _check("inequality", self.inequality, -0.3, 0.3)


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
        _check("amount_mm", self.amount_mm, 0.1, 6.0)
        _check("rate_hz", self.rate_hz, 1.0, 8.0)


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
        _check("yaw_deg", self.yaw_deg, -12.0, 12.0)
        _check("pitch_deg", self.pitch_deg, -12.0, 12.0)


Event = Spasm | BilateralBlink | Smile | SpeechLike | HeadTurn
_EVENTS: Final[dict[str, type[Event]]] = {
    kind.event: kind for kind in (Spasm, BilateralBlink, Smile, SpeechLike, HeadTurn)
}


@dataclass(frozen=True, kw_only=True)
class HeadMotion:
    """How much a sitting person's head wanders, as standard deviations.

    Attributes
    ----------
    shift_mm : float
        Translation, per axis.
    yaw_deg, pitch_deg, roll_deg : float
        Rotation.
    breath_mm : float
        Rise of head and shoulders in breathing, amplitude.
    breath_s : float
        Length of a breath.
    """

    shift_mm: float = 1.6
    yaw_deg: float = 1.6
    pitch_deg: float = 1.2
    roll_deg: float = 0.7
    breath_mm: float = 0.4
    breath_s: float = 4.0

    def __post_init__(self) -> None:
        """Check the ranges."""
        for item in fields(self):
            _check(item.name, getattr(self, item.name), 0.0, 20.0)
        _check("breath_s", self.breath_s, 1.0, 20.0)

    @classmethod
    def still(cls) -> HeadMotion:
        """Return a head that does not move at all."""
        return cls(shift_mm=0, yaw_deg=0, pitch_deg=0, roll_deg=0, breath_mm=0)


@dataclass(frozen=True, kw_only=True)
class Camera:
    """What the camera adds.

    Attributes
    ----------
    noise : float
        Standard deviation of the sensor noise, in grey levels of 255.
    drift : float
        Standard deviation of the slow change of exposure, as a fraction.
    """

    noise: float = 1.2
    drift: float = 0.004

    def __post_init__(self) -> None:
        """Check the ranges."""
        _check("noise", self.noise, 0.0, 50.0)
        _check("drift", self.drift, 0.0, 0.5)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """The plan of a recording.

    Attributes
    ----------
    duration_s : float
        Length.
    fps : float
        Frames per second of a rendering from a still; a real video keeps its
        own times.
    seed : int
        Where all randomness comes from.
    events : tuple of Event
        What happens; may overlap.
    head : HeadMotion
        How the head wanders in a rendering from a still.
    camera : Camera
        What the camera adds to a rendering from a still.
    """

    duration_s: float
    fps: float = 30.0
    seed: int = 0
    events: tuple[Event, ...] = ()
    head: HeadMotion = field(default_factory=HeadMotion)
    camera: Camera = field(default_factory=Camera)

    def __post_init__(self) -> None:
        """Check the ranges, and that every event ends within the recording."""
        _check("duration_s", self.duration_s, 0.1, 86400.0)
        _check("fps", self.fps, 1.0, 1000.0)
        object.__setattr__(self, "events", tuple(self.events))
        for event in self.events:
            if event.offset_s > self.duration_s:
                expected = f"events that end by duration_s = {self.duration_s:g}"
                raise BadParameter("events", expected, event)

    def to_json(self) -> str:
        """Return the plan as JSON text."""
        plan = asdict(self)
        plan["events"] = [{"event": e.event, **asdict(e)} for e in self.events]
        return json.dumps(plan, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Scenario:
        """Read a plan back.

        Raises
        ------
        BadParameter
            If the text is not JSON, or a name or value in it is not allowed.
        """
        try:
            plan = dict(json.loads(text))
            events = tuple(_event_from(item) for item in plan.pop("events", ()))
            head = HeadMotion(**plan.pop("head", {}))
            camera = Camera(**plan.pop("camera", {}))
            return cls(events=events, head=head, camera=camera, **plan)
        except BadParameter:
            raise
        except (TypeError, ValueError, KeyError) as error:
            raise BadParameter("scenario", "a saved scenario", str(error)) from error

    def save(self, path: Path) -> None:
        """Write the plan as a JSON file."""
        Path(path).write_text(self.to_json(), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Scenario:
        """Read a plan from a JSON file; raises as `from_json`."""
        return cls.from_json(Path(path).read_text(encoding="utf-8"))


def _event_from(item: dict[str, Any]) -> Event:
    """Build one event from its JSON object."""
    values = dict(item)
    name = values.pop("event", None)
    if name not in _EVENTS:
        raise BadParameter("event", f"one of {', '.join(_EVENTS)}", name)
    if "regions" in values:
        values["regions"] = tuple(values["regions"])
    return _EVENTS[name](**values)
