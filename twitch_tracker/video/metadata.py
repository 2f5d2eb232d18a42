"""The metadata of a file: dates, rate of capture, films, device, lens, turn.

Nothing is decoded. Note: a date with its own zone, which a phone wrote when filming,
comes before the container's ``creation_time``, which an export writes again; the rate
of capture is believed only where nothing speaks against it; and what the file leaves
open becomes a doubt in the notes, never a guess.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Final

from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from twitch_tracker.errors import BadParameter
from twitch_tracker.language import say
from twitch_tracker.records import ReadOptions
from twitch_tracker.records.reasons import Reason
from twitch_tracker.video.opening import films_of

__all__ = ["FileMetadata", "Film", "claimed_fps", "created_at", "read_metadata"]

_DATES: Final = (
    "com.apple.quicktime.creationdate",
    "com.apple.proapps.date",
    "date",
    "creation_time",
)
"""Most to be believed first; a date without a time of day is no answer."""

_NO_ZONE_IS_UTC: Final = frozenset({"creation_time"})

_FIRST_CREDIBLE: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Containers without a clock say 1904 or 1970."""

_DEVICE: Final = (
    ("com.apple.quicktime.make", "com.apple.quicktime.model"),
    ("com.android.manufacturer", "com.android.model"),
    ("make", "model"),
)

_LENS: Final = (
    "com.apple.quicktime.camera.lens_model",
    "com.apple.quicktime.camera.identifier",
    "lens_model",
    "lens",
)
"""Phones name the side of the camera here: "iPhone 15 Pro front camera 2.69mm f/1.9"."""

_FRONT: Final = ("front", "selfie")

_CAPTURE_FPS: Final = "com.android.capture.fps"
"""Written by Android (MediaRecorder, MediaMuxer). iPhones store slow motion with the
true times and say nothing of it."""

_HIGHEST_BELIEVABLE_FPS: Final = 1000.0
_HIGHEST_CAPTURE_FPS: Final = 8000.0

_OTHER_RATE: Final = 1.2
"""Rates of capture and of storage differ by more than this (either way) in slow motion
and time lapse; less is a camera that does not keep its rate exactly."""

_SURELY_SLOWED: Final = 3.0
"""Twice slower may be a camera that fell back to half its rate in dim light: such a
file with sound of the same length plays at life's speed. Nothing falls back further."""

_LEAST_SLOW_MOTION_FPS: Final = 50.0
"""Phones film slow motion with 60 pictures a second and more. Fewer that play slower
still are a camera in dim light."""

_WHOLE: Final = 0.03
"""A ratio this near to a whole number is that number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Film:
    """One moving picture of a file.

    Attributes
    ----------
    stream : int
        Its number in the file.
    codec : str
        Empty where it is unknown here.
    width_px, height_px : int
        As stored, before any turn.
    fps : float
        Pictures a second the file claims; NaN without.
    default : bool
        Whether the file marks it as the one to play.
    """

    stream: int
    codec: str
    width_px: int
    height_px: int
    fps: float
    default: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class FileMetadata:
    """The metadata of a file.

    Attributes
    ----------
    created : datetime or None
        When it was filmed; aware.
    created_by : str
        The entry that says it; empty without.
    device : str
        With what it was filmed; empty without.
    lens : str
        Which camera of it; empty where it is not known.
    films : tuple of Film
        All moving pictures, in order.
    stream : int
        Number of the one that is read.
    stored_fps : float
        Pictures a second as it plays; NaN without.
    capture_fps : float
        Pictures a second that were taken, as the file or a person says; NaN without.
    slowed : Fraction
        How many times slower than life it plays; 1 for ordinary recordings.
    notes : tuple of str
        What a reader must know, as `records.reasons` writes it:
        ``slow_motion(240,30)``, ``time_lapse(1,30)``, ``slow_motion_unclear(60,30)``,
        ``one_of_films(0,0,1)`` (the one read, then all), ``front_camera``.
    """

    created: datetime | None
    created_by: str
    device: str
    lens: str
    films: tuple[Film, ...]
    stream: int
    stored_fps: float
    capture_fps: float
    slowed: Fraction
    notes: tuple[str, ...]

    @property
    def by_front_camera(self) -> bool:
        """Whether the camera beside the screen filmed: some store a mirror image."""
        return any(word in self.lens.lower() for word in _FRONT)


def read_metadata(
    path: Path, container: InputContainer, stream: VideoStream, reading: ReadOptions
) -> FileMetadata:
    """Read the metadata of a file.

    Parameters
    ----------
    path : Path
        For messages.
    container, stream
        The open file and the film that is read.
    reading : ReadOptions
        What a person says; it comes before what the file says.

    Returns
    -------
    FileMetadata
        Nothing was decoded for it.

    Raises
    ------
    BadParameter
        If a person says a rate of capture that cannot be.
    """
    created, created_by = created_at(container.metadata)
    stored = claimed_fps(stream)
    capture, slowed, notes = _speed(path, container, stream, reading)
    films = tuple(_film(one) for one in films_of(container))
    if len(films) > 1:
        numbers = (film.stream for film in films)
        notes = (_note("one_of_films", stream.index, *numbers), *notes)
    metadata = FileMetadata(
        created=created,
        created_by=created_by,
        device=_device(container.metadata),
        lens=_lens(stream.metadata) or _lens(container.metadata),
        films=films,
        stream=stream.index,
        stored_fps=stored,
        capture_fps=capture,
        slowed=slowed,
        notes=notes,
    )
    return (
        replace(metadata, notes=("front_camera", *notes))
        if metadata.by_front_camera
        else metadata
    )


def created_at(metadata: Mapping[str, str]) -> tuple[datetime | None, str]:
    """Read when a file was filmed.

    Returns
    -------
    created : datetime or None
        Aware; in the zone that it was written in, if it has one.
    created_by : str
        The entry that says it; empty without.
    """
    found = {key.lower(): value for key, value in metadata.items()}
    for key in _DATES:
        when = _read_date(found.get(key, ""), utc=key in _NO_ZONE_IS_UTC)
        if when is not None:
            return when, key
    return None, ""


def _read_date(text: str, *, utc: bool) -> datetime | None:
    """Read a date with a time of day; None where it is none, or no credible one."""
    text = text.split(";", maxsplit=1)[0].strip()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if ":" not in text or (found.tzinfo is None and not utc):
        return None
    if utc:
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone()
    return found if found >= _FIRST_CREDIBLE else None


def claimed_fps(stream: VideoStream) -> float:
    """Return the rate the file claims; NaN without a believable one."""
    rate = stream.average_rate or stream.guessed_rate
    if not rate or rate >= _HIGHEST_BELIEVABLE_FPS:
        return math.nan
    return float(rate)


def _film(stream: VideoStream) -> Film:
    known = stream.codec_context is not None
    return Film(
        stream=stream.index,
        codec=stream.codec_context.name if known else "",
        width_px=stream.width if known else 0,
        height_px=stream.height if known else 0,
        fps=claimed_fps(stream),
        default=bool(stream.disposition & Disposition.default),
    )


def _device(metadata: Mapping[str, str]) -> str:
    for names in _DEVICE:
        parts = [metadata[name].strip() for name in names if metadata.get(name)]
        if parts:
            return " ".join(parts)
    return ""


def _lens(metadata: Mapping[str, str]) -> str:
    """Read which camera of a phone filmed; a film's own words come before the file's."""
    return next((metadata[key].strip() for key in _LENS if metadata.get(key)), "")


# --- how fast it plays -------------------------------------------------------


def _speed(
    path: Path, container: InputContainer, stream: VideoStream, reading: ReadOptions
) -> tuple[float, Fraction, tuple[str, ...]]:
    """Return the rate of capture, how much slower than life it plays, and notes."""
    stored = claimed_fps(stream)
    if reading.slowed is not None:
        return math.nan, Fraction(reading.slowed).limit_denominator(1000), ()
    if reading.capture_fps is not None:
        return _as_stated(path, reading.capture_fps, stored)
    capture = _number(container.metadata.get(_CAPTURE_FPS, ""))
    if not (0 < capture <= _HIGHEST_CAPTURE_FPS) or math.isnan(stored):
        return math.nan, Fraction(1), ()
    ratio = capture / stored
    if 1 / _OTHER_RATE <= ratio <= _OTHER_RATE:
        return capture, Fraction(1), ()
    if ratio > 1 and capture < _LEAST_SLOW_MOTION_FPS:
        return capture, Fraction(1), ()
    if 1 < ratio < _SURELY_SLOWED and _has_sound_as_long(container, stream):
        return (
            capture,
            Fraction(1),
            (_speed_note("slow_motion_unclear", capture, stored),),
        )
    return capture, _whole(ratio), (_slowed_note(capture, stored),)


def _as_stated(
    path: Path, capture: float, stored: float
) -> tuple[float, Fraction, tuple[str, ...]]:
    """Take the rate that a person says."""
    if not (math.isfinite(capture) and 0 < capture <= _HIGHEST_CAPTURE_FPS):
        expected = say(
            "pictures a second between 0 and {most:.0f}", most=_HIGHEST_CAPTURE_FPS
        )
        raise BadParameter("capture_fps", expected, capture)
    if math.isnan(stored):
        raise BadParameter(
            "capture_fps",
            say("a file that states its frame rate"),
            path.name,
            say("Convert it to MP4 and try again."),
        )
    ratio = capture / stored
    if 1 / _OTHER_RATE <= ratio <= _OTHER_RATE:
        return capture, Fraction(1), ()
    return capture, _whole(ratio), (_slowed_note(capture, stored),)


def _slowed_note(capture: float, stored: float) -> str:
    code = "slow_motion" if capture > stored else "time_lapse"
    return _speed_note(code, capture, stored)


def _speed_note(code: str, capture: float, stored: float) -> str:
    return _note(code, f"{capture:.4g}", f"{stored:.4g}")


def _has_sound_as_long(container: InputContainer, stream: VideoStream) -> bool:
    """Return whether sound is as long as the picture; Android slow motion has none."""
    if stream.duration is None or not stream.time_base:
        return bool(container.streams.audio)
    shown_s = float(stream.duration * stream.time_base)
    return any(
        sound.duration is None
        or not sound.time_base
        or float(sound.duration * sound.time_base) > 0.8 * shown_s
        for sound in container.streams.audio
    )


def _whole(ratio: float) -> Fraction:
    """Return a ratio, whole where it nearly is: rates are written inexactly."""
    large = max(ratio, 1 / ratio)
    near = round(large)
    exact = Fraction(near) if abs(large / near - 1) <= _WHOLE else Fraction(large)
    exact = exact.limit_denominator(1000)
    return exact if ratio >= 1 else 1 / exact


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _note(code: str, *values: object) -> str:
    return str(Reason(code, tuple(str(value) for value in values)))
