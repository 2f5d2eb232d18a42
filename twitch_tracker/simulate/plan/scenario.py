"""The plan of a simulated recording, as plain values.

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
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field, TypeAdapter

from twitch_tracker.border.documents import checked, parsed
from twitch_tracker.border.files import read_text
from twitch_tracker.border.limits import MOST_ANNOTATIONS, MOST_TEXT_BYTES
from twitch_tracker.errors import BadFile, BadParameter
from twitch_tracker.simulate.plan.events import (
    Event,
    check,
    event_from,
)

__all__ = ["Camera", "HeadMotion", "Scenario"]

_PLAN: Final = TypeAdapter(dict[str, Any])
_LISTED: Final = TypeAdapter(
    Annotated[list[dict[str, Any]], Field(max_length=MOST_ANNOTATIONS)]
)


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
            check(item.name, getattr(self, item.name), 0.0, 20.0)
        check("breath_s", self.breath_s, 1.0, 20.0)

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
    blur_px : float
        Standard deviation of the defocus.
    shake_px : float
        Typical length of the blur by movement, different in every picture.
    distance : float
        Size of the face in the picture against how it was: below 1 farther
        away, above 1 nearer.
    mirrored : bool
        Whether the recording is stored as a mirror image; the truth keeps the
        subject's own sides.
    fps : float, optional
        Frame rate at which a real video is shown again; its own times by
        default. A rendering from a still has the scenario's.
    jitter_s : float
        By how much frame steps differ from their mean; 0.01 at 30 frames per
        second is a browser's recording. In a real video it needs `fps`.
    crf : int, optional
        Compression: constant rate factor of x264, 0 (lossless) to 51.
    """

    noise: float = 1.2
    drift: float = 0.004
    blur_px: float = 0.0
    shake_px: float = 0.0
    distance: float = 1.0
    mirrored: bool = False
    fps: float | None = None
    jitter_s: float = 0.0
    crf: int | None = None

    def __post_init__(self) -> None:
        """Check the ranges."""
        check("noise", self.noise, 0.0, 50.0)
        check("drift", self.drift, 0.0, 0.5)
        check("blur_px", self.blur_px, 0.0, 50.0)
        check("shake_px", self.shake_px, 0.0, 100.0)
        check("distance", self.distance, 0.1, 4.0)
        check("jitter_s", self.jitter_s, 0.0, 0.5)
        if self.fps is not None:
            check("fps", self.fps, 1.0, 1000.0)
        if self.crf is not None:
            check("crf", self.crf, 0, 51)

    @classmethod
    def perfect(cls) -> Camera:
        """Return a camera that adds nothing."""
        return cls(noise=0.0, drift=0.0)


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
        What the camera adds.
    """

    duration_s: float
    fps: float = 30.0
    seed: int = 0
    events: tuple[Event, ...] = ()
    head: HeadMotion = field(default_factory=HeadMotion)
    camera: Camera = field(default_factory=Camera)

    def __post_init__(self) -> None:
        """Check the ranges, and that every event ends within the recording."""
        check("duration_s", self.duration_s, 0.1, 86400.0)
        check("fps", self.fps, 1.0, 1000.0)
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
    def from_json(cls, text: str, name: str = "scenario") -> Scenario:
        """Read a plan back.

        Parameters
        ----------
        text : str
            The JSON.
        name : str
            Of the file, for messages.

        Raises
        ------
        BadFile
            If the text is not JSON, or a name or value in it is not allowed.
        """
        plan = checked(_PLAN, parsed(text, name, BadFile), name, BadFile)
        listed = checked(_LISTED, plan.get("events", []), f"{name}, events", BadFile)
        bare = checked(
            TypeAdapter(cls), {**plan, "events": []}, name, BadFile, known_only=True
        )
        events = (
            event_from(item, f"{name}, events.{place}")
            for place, item in enumerate(listed)
        )
        try:
            return replace(bare, events=tuple(events))
        except BadParameter as error:
            raise BadFile(f"{name}, {error}") from error

    def save(self, path: Path) -> None:
        """Write the plan as a JSON file."""
        Path(path).write_text(self.to_json(), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Scenario:
        """Read a plan from a JSON file; raises as `from_json`."""
        path = Path(path)
        text = read_text(path, MOST_TEXT_BYTES, BadFile)
        return cls.from_json(text, path.name)
