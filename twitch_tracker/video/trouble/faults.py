"""Why a film cannot be read: a code with its values, and the sentence for each.

Note: what is kept of such an error is its `reason`,
``too_many_pixels(9000,5000,33)``, in no language and without the file's name; from it
`film_error` makes the same error again, in the language spoken then and under the name
by which its reader knows the file.

>>> error = film_error("a.mp4", "empty")
>>> error.reason
'empty'
>>> str(error).startswith("a.mp4: the file is empty (0 bytes).")
True
"""

from __future__ import annotations

import re
from typing import Final

from twitch_tracker.errors import RecordingError, TimestampsUnusable, VideoUnreadable
from twitch_tracker.language import mark, say

__all__ = ["film_error"]

_STEERING: Final = re.compile(r"[(),\x00-\x1f]+")
"""What has a meaning where a code is written with its values."""

_UNREADABLE: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "locked": (
        mark(
            "it is encrypted, and its journal is locked. The app shows it once the "
            "passphrase is given."
        ),
        (),
    ),
    "closed": (mark("you may not read this file. Check its permissions."), ()),
    "missing": (mark("no such file. Check the name and the folder."), ()),
    "folder": (mark("this is a folder. Give the video files in it one by one."), ()),
    "device": (
        mark("this is a device or a pipe, no file. Give the recording itself."),
        (),
    ),
    "empty": (
        mark(
            "the file is empty (0 bytes). The recording was probably not saved or "
            "copied completely; copy it again."
        ),
        (),
    ),
    "not_video": (
        mark(
            "not a readable video ({why}). Expected a recording such as MP4, MOV or "
            "WebM. If it is one, the copy may be cut off before its index; copy it "
            "again from the phone or camera."
        ),
        ("why",),
    ),
    "one_picture": (mark("a single picture, not a video."), ()),
    "cover": (mark("a single picture or cover, not a video."), ()),
    "other_format": (
        mark("a {format} file, not a video. Give the recording itself."),
        ("format",),
    ),
    "only_sound": (mark("this file holds only sound, no video."), ()),
    "no_picture": (mark("this file holds no picture, no video."), ()),
    "unknown_codec": (
        mark("its video codec is unknown here. Convert it to H.264 (MP4)."),
        (),
    ),
    "too_many_pixels": (
        mark(
            "its pictures have {width} x {height} pixels; expected at most {most} "
            "million (8K). Make it smaller, for example to 1920 x 1080."
        ),
        ("width", "height", "most"),
    ),
    "no_size": (
        mark(
            "no picture in it can be decoded: their size is not stated, or they have "
            "more than {most} million pixels (8K). Make the film smaller, for example "
            "1920 x 1080."
        ),
        ("most",),
    ),
    "undecodable": (
        mark("no picture in it can be decoded ({count} damaged packets)."),
        ("count",),
    ),
    "reading_stopped": (
        mark("reading stopped ({why}). Copy the file to this computer and try again."),
        ("why",),
    ),
    "changed": (
        mark(
            "the file changed while it was read ({before} bytes, now {now}). It is "
            "probably still being copied or recorded; wait until that is done and try "
            "again."
        ),
        ("before", "now"),
    ),
}

_UNTIMED: Final = {
    "no_time_base": mark("the video has no time base."),
    "no_times": mark(
        "the pictures carry no presentation times, so no duration could be trusted. Put "
        "the recording into a container that states them (MP4, WebM) and try again."
    ),
    "lost_time": mark("a picture has lost its presentation time."),
}


def film_error(name: object, code: str, *values: object) -> RecordingError:
    """Build the error of a film that cannot be read.

    Parameters
    ----------
    name : object
        The file as its reader knows it; empty where the reader knows of no name.
    code : str
        What is wrong with it.
    *values : object
        What its sentence needs; an empty ``why`` stands for FFmpeg's refusal.

    Returns
    -------
    RecordingError
        `TimestampsUnusable` or `VideoUnreadable`, to be raised.

    Raises
    ------
    KeyError
        There is no such code.
    ValueError
        It takes other values.
    """
    sentence, fields = _UNREADABLE.get(code) or (_UNTIMED[code], ())
    written = tuple(_STEERING.sub(" ", str(value)).strip() for value in values)
    filled: dict[str, object] = dict(zip(fields, written, strict=True))
    if "why" in filled:
        filled["why"] = filled["why"] or say("FFmpeg cannot read it")
    fault = say(sentence, **filled)
    kind = TimestampsUnusable if code in _UNTIMED else VideoUnreadable
    error = kind(say("{name}: {fault}", name=name, fault=fault) if name else fault)
    error.reason = f"{code}({','.join(written)})" if written else code
    return error
