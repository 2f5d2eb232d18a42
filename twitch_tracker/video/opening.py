"""Open a file with FFmpeg, or say in plain words why it is no recording.

Note: only local files are read. Playlists that could lead FFmpeg to the network or to
other files are refused, and so are single pictures and text that FFmpeg would gladly
play as a film.
"""

from __future__ import annotations

import contextlib
import errno
from pathlib import Path
from typing import Final, cast

import av
from av.container import Flags, InputContainer
from av.stream import Discard, Disposition
from av.video.stream import VideoStream

from twitch_tracker.border.limits import MOST_PICTURE_PIXELS
from twitch_tracker.encrypted.files import as_source, is_encrypted
from twitch_tracker.errors import BadParameter, RecordingError
from twitch_tracker.language import say
from twitch_tracker.video.trouble.faults import film_error

__all__ = ["films_of", "open_container", "pick_video_stream"]

_LOCAL_ONLY: Final = {"protocol_whitelist": "file"}
_BOUNDED: Final = {"max_pixels": str(MOST_PICTURE_PIXELS)}
"""For every decoder of FFmpeg, also while it looks what is in a file."""

_WITH_QUANTISERS: Final = {"export_side_data": "venc_params"}
"""How coarsely each picture was written (`coarse.scale`)."""

_PICTURE_FORMATS: Final = ("image2", "jpeg_pipe", "png_pipe")
_NOT_FILMS: Final = frozenset(
    {"tty", "bin", "xbin", "adf", "idf", "sdp", "hls", "concat", "dash", "imf"}
)
_STILL_CODECS: Final = frozenset({"mjpeg", "png", "bmp", "webp", "tiff", "gif"})
"""In which thumbnails are written."""

_COVERS: Final = (
    Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
)


def open_container(path: Path) -> InputContainer:
    """Open a file for reading, or say in plain words why it cannot be read.

    Returns
    -------
    InputContainer
        The open container; the caller closes it.

    Raises
    ------
    VideoUnreadable
        If the file is missing, a folder, a device, empty, or no video.
    """
    _refuse_what_is_no_file(path)
    try:
        container = av.open(
            as_source(path),
            mode="r",
            options=dict(_BOUNDED),
            container_options=dict(_LOCAL_ONLY),
        )
    except PermissionError as error:
        if is_encrypted(path):
            raise film_error(path, "locked") from error
        raise film_error(path, "closed") from error
    except (av.FFmpegError, OSError, ValueError) as error:
        raise _not_a_video(path, error) from error
    if container.format.name == "avi":
        # PyAV asks FFmpeg to fill in missing stamps. AVI has none at all, and what
        # is filled in is out of order with B-frames.
        container.flags &= ~cast("int", Flags.gen_pts.value)
    try:
        _refuse_what_is_no_film(path, container)
    except RecordingError:
        container.close()
        raise
    return container


def _refuse_what_is_no_file(path: Path) -> None:
    """Raise for missing files, folders, devices, pipes and empty files."""
    try:
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise film_error(path, "missing") from error
    if path.is_dir():
        raise film_error(path, "folder")
    if not path.is_file():
        raise film_error(path, "device")
    if size == 0:
        raise film_error(path, "empty")


def _not_a_video(path: Path, error: Exception) -> RecordingError:
    """Say why FFmpeg refused a file, where it says more than that it did."""
    why = ""
    if getattr(error, "errno", None) != errno.EINVAL:
        why = getattr(error, "strerror", None) or str(error)
    return film_error(path, "not_video", why)


def _refuse_what_is_no_film(path: Path, container: InputContainer) -> None:
    """Raise for single pictures, playlists and character art."""
    names = set(container.format.name.split(","))
    if any(n.endswith("_pipe") or n in _PICTURE_FORMATS for n in names):
        raise film_error(path, "one_picture")
    if names & _NOT_FILMS:
        raise film_error(path, "other_format", container.format.long_name)


def films_of(container: InputContainer) -> list[VideoStream]:
    """Return the moving pictures of a file, in its order: no covers, no thumbnails."""
    return [s for s in container.streams.video if not s.disposition & _COVERS]


def pick_video_stream(
    path: Path, container: InputContainer, wanted: int | None = None
) -> VideoStream:
    """Choose the stream that holds the film: the one that a player would show.

    That is the first one marked as default, else the first one. How large it is says
    nothing: a file with a film of a face and a larger one of a screen plays the former
    where it comes first.

    Parameters
    ----------
    path : Path
        Only for the message.
    container : InputContainer
        The open file.
    wanted : int, optional
        Number of the stream in the file, where a person says which.

    Returns
    -------
    VideoStream
        The stream, set up to decode on several threads; all others are skipped.

    Raises
    ------
    VideoUnreadable
        If the file has no moving picture.
    BadParameter
        If the wanted stream is none.
    """
    if not container.streams.video:
        if container.streams.audio:
            raise film_error(path, "only_sound")
        raise film_error(path, "no_picture")
    films = films_of(container)
    if not films:
        raise film_error(path, "cover")
    chosen = _chosen(_moving(path, films) if wanted is None else films, wanted)
    for stream in container.streams:
        stream.discard = Discard.default if stream is chosen else Discard.all
    if chosen.codec_context is None:
        raise film_error(path, "unknown_codec")
    _refuse_huge_pictures(path, chosen)
    chosen.codec_context.options = {**_BOUNDED, **_WITH_QUANTISERS}
    chosen.thread_type = "AUTO"
    return chosen


def _moving(path: Path, films: list[VideoStream]) -> list[VideoStream]:
    """Drop single pictures that a file does not mark as a cover.

    Cameras and converters put a thumbnail beside the film as a stream of one picture.
    Where all are such, all stay.
    """
    if len(films) < 2:
        return films
    return [film for film in films if not _is_still(path, film)] or films


def _is_still(path: Path, stream: VideoStream) -> bool:
    """Return whether a stream holds one picture, counting them where needed."""
    if stream.frames:
        return stream.frames == 1
    # A stream whose codec is unknown has none, whatever its type says.
    codec = getattr(stream.codec_context, "name", "")
    if codec not in _STILL_CODECS:
        return False
    packets = 0
    with open_container(path) as container, contextlib.suppress(av.FFmpegError):
        for packet in container.demux(container.streams[stream.index]):
            packets += bool(packet.size)
            if packets > 1:
                return False
    return packets == 1


def _refuse_huge_pictures(path: Path, stream: VideoStream) -> None:
    """Refuse what no camera films and no memory holds, also in the decoder."""
    if stream.width * stream.height > MOST_PICTURE_PIXELS:
        most = f"{MOST_PICTURE_PIXELS / 1e6:.0f}"
        raise film_error(path, "too_many_pixels", stream.width, stream.height, most)


def _chosen(films: list[VideoStream], wanted: int | None) -> VideoStream:
    """Return the film that a person wants, or that a player would show."""
    if wanted is None:
        return max(films, key=_film_rank)
    for film in films:
        if film.index == wanted:
            return film
    raise BadParameter(
        "stream",
        say(
            "the number of a video in this file ({numbers})",
            numbers=", ".join(str(film.index) for film in films),
        ),
        wanted,
    )


def _film_rank(stream: VideoStream) -> tuple[bool, bool, int]:
    """Order streams by how likely a player shows them."""
    known = stream.codec_context is not None
    default = bool(stream.disposition & Disposition.default)
    return known, default, -stream.index
