"""Opening a file with FFmpeg, or saying in plain words why it is no recording.

The convention that bites: only local files are read. Playlists that could lead
FFmpeg to the network or to other files are refused, and so are single pictures
and text that FFmpeg would gladly play as a film.
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Final, cast

import av
from av.container import Flags, InputContainer
from av.stream import Discard, Disposition
from av.video.stream import VideoStream

from twitch_tracker.errors import VideoUnreadable

__all__ = ["open_container", "pick_video_stream"]

_LOCAL_ONLY: Final = {"protocol_whitelist": "file"}
_PICTURE_FORMATS: Final = ("image2", "jpeg_pipe", "png_pipe")
_NOT_FILMS: Final = frozenset(
    {"tty", "bin", "xbin", "adf", "idf", "sdp", "hls", "concat", "dash", "imf"}
)
_COVERS: Final = (
    Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
)


def open_container(path: Path) -> InputContainer:
    """Open a file for reading, or say in plain words why it cannot be read.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    InputContainer
        The open container; the caller closes it.

    Raises
    ------
    VideoUnreadable
        If the file is missing, a folder, empty, or no video.
    """
    _refuse_what_is_no_file(path)
    try:
        container = av.open(
            str(path.absolute()), mode="r", container_options=dict(_LOCAL_ONLY)
        )
    except PermissionError as error:
        raise VideoUnreadable(
            f"{path}: this file may not be read. Check its permissions."
        ) from error
    except (av.FFmpegError, OSError, ValueError) as error:
        raise VideoUnreadable(_not_a_video(path, error)) from error
    if container.format.name == "avi":
        # PyAV asks FFmpeg to fill in missing stamps. AVI has none at all, and what
        # is filled in is out of order with B-frames.
        container.flags &= ~cast("int", Flags.gen_pts.value)
    try:
        _refuse_what_is_no_film(path, container)
    except VideoUnreadable:
        container.close()
        raise
    return container


def _refuse_what_is_no_file(path: Path) -> None:
    """Raise for missing files, folders and empty files."""
    try:
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise VideoUnreadable(
            f"{path}: no such file. Check the name and the folder."
        ) from error
    if path.is_dir():
        raise VideoUnreadable(
            f"{path}: this is a folder. Give the video files in it one by one."
        )
    if path.is_file() and size == 0:
        raise VideoUnreadable(
            f"{path}: the file is empty (0 bytes). The recording was probably not "
            "saved or copied completely; copy it again."
        )


def _not_a_video(path: Path, error: Exception) -> str:
    """Word why FFmpeg refused a file."""
    if getattr(error, "errno", None) == errno.EINVAL:
        reason = "FFmpeg cannot make sense of it"
    else:
        reason = getattr(error, "strerror", None) or str(error)
    return (
        f"{path}: not a readable video ({reason}). Expected a recording such as "
        "MP4, MOV or WebM. If it is one, the copy may be cut off before its index; "
        "copy it again from the phone or camera."
    )


def _refuse_what_is_no_film(path: Path, container: InputContainer) -> None:
    """Raise for single pictures, playlists and character art."""
    names = set(container.format.name.split(","))
    if any(n.endswith("_pipe") or n in _PICTURE_FORMATS for n in names):
        raise VideoUnreadable(f"{path}: a single picture, not a video.")
    if names & _NOT_FILMS:
        raise VideoUnreadable(
            f"{path}: a {container.format.long_name} file, not a video. Give the "
            "recording itself."
        )


def pick_video_stream(path: Path, container: InputContainer) -> VideoStream:
    """Choose the stream that holds the film: no covers, the default, the largest.

    Parameters
    ----------
    path : Path
        Only for the message.
    container : InputContainer
        The open file.

    Returns
    -------
    VideoStream
        The stream, set up to decode on several threads; all others are skipped.

    Raises
    ------
    VideoUnreadable
        If the file has no moving picture.
    """
    if not container.streams.video:
        kind = "only sound" if container.streams.audio else "no picture"
        raise VideoUnreadable(f"{path}: this file holds {kind}, no video.")
    films = [s for s in container.streams.video if not s.disposition & _COVERS]
    if not films:
        raise VideoUnreadable(f"{path}: a single picture or cover, not a video.")
    best = max(films, key=_film_rank)
    for stream in container.streams:
        stream.discard = Discard.default if stream is best else Discard.all
    if best.codec_context is None:
        raise VideoUnreadable(
            f"{path}: its video codec is unknown here. Convert it to H.264 (MP4)."
        )
    best.thread_type = "AUTO"
    return best


def _film_rank(stream: VideoStream) -> tuple[bool, bool, int, int]:
    """Order streams by how likely they are the film."""
    known = stream.codec_context is not None
    area = stream.width * stream.height if known else 0
    default = bool(stream.disposition & Disposition.default)
    return known, default, area, -stream.index
