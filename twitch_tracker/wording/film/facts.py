"""The metadata of a file, in words, for ``doctor FILE`` and ``analyze --explain``.

Note: what a file does not hold (whether the camera stored a mirror image) is mentioned,
too, because right and left depend on it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from twitch_tracker import units
from twitch_tracker.language import say

if TYPE_CHECKING:
    from twitch_tracker.video.metadata import FileMetadata, Film
    from twitch_tracker.video.probe import ProbedFile

__all__ = ["file_facts"]


def file_facts(look: ProbedFile) -> tuple[tuple[str, str], ...]:
    """Put into words what a file says.

    Parameters
    ----------
    look : ProbedFile
        From `video.probe.look_into`.
    """
    metadata, info = look.metadata, look.info
    return (
        (say("filmed"), _filmed(metadata)),
        (say("device"), metadata.device or say("not stated")),
        (say("lens"), metadata.lens or say("not stated")),
        *((say("video"), _film(film, metadata.stream)) for film in metadata.films),
        (say("speed"), _speed(metadata)),
        (say("length"), _length(info.duration_s)),
        (say("turn"), _turn(look)),
        (say("mirror"), _mirror(metadata)),
    )


def _filmed(metadata: FileMetadata) -> str:
    if metadata.created is None:
        return say("not stated; the date of the file would be used")
    return say(
        "{when:%Y-%m-%d %H:%M %z} (by {entry})",
        when=metadata.created,
        entry=metadata.created_by,
    )


def _film(film: Film, read: int) -> str:
    text = say(
        "number {stream}: {codec}, {width} by {height} pixels, {fps} pictures a second",
        stream=film.stream,
        codec=film.codec or say("unknown codec"),
        width=film.width_px,
        height=film.height_px,
        fps=say("?") if math.isnan(film.fps) else units.decimal(film.fps, 2),
    )
    marks = (
        *((say("marked as default"),) if film.default else ()),
        *((say("this one is read"),) if film.stream == read else ()),
    )
    return "; ".join((text, *marks))


def _speed(metadata: FileMetadata) -> str:
    if metadata.slowed == 1:
        return say("real time")
    if metadata.slowed > 1:
        return say(
            "slow motion, {times} times slower than life; times are given in real time",
            times=units.decimal(float(metadata.slowed), 2),
        )
    return say(
        "time lapse, {times} times faster than life; times are given in real time",
        times=units.decimal(1 / float(metadata.slowed), 2),
    )


def _length(duration_s: float) -> str:
    if math.isnan(duration_s):
        return say("not stated")
    return say("{length} in real time", length=units.duration(duration_s))


def _turn(look: ProbedFile) -> str:
    turned = say(
        "{deg} degrees clockwise, as the file asks", deg=look.info.rotation_deg
    )
    if look.flipped:
        return say(
            "{turned}; the file asks to be shown mirrored, which is done", turned=turned
        )
    return turned


def _mirror(metadata: FileMetadata) -> str:
    if metadata.by_front_camera:
        return say(
            "filmed by the front camera, and some of them store a mirror image: if "
            "writing in the picture is back to front, use --mirrored"
        )
    return say(
        "no file says whether the camera stored a mirror image: if writing in the "
        "picture is back to front, use --mirrored"
    )
