"""Describe a recording without reading it all.

Note: nothing here decodes more than one picture, and the container is trusted for the
duration; `timing.measure_duration_s` reads every packet and knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from twitch_tracker.records import ReadOptions, VideoInfo
from twitch_tracker.video.decoding import Decoder
from twitch_tracker.video.files import describe
from twitch_tracker.video.metadata import FileMetadata
from twitch_tracker.video.pictures import compute_layout

__all__ = ["ProbedFile", "look_into", "probe"]


@dataclass(frozen=True, kw_only=True)
class ProbedFile:
    """What a glance at a file shows.

    Attributes
    ----------
    info : VideoInfo
        What is known of the recording, without a hash.
    metadata : FileMetadata
        Its metadata.
    flipped : bool
        Whether the file asks its player to show it mirrored, which is done.
    """

    info: VideoInfo
    metadata: FileMetadata
    flipped: bool


def look_into(path: str | Path, reading: ReadOptions | None = None) -> ProbedFile:
    """Look at the header and the first picture of a recording.

    Parameters
    ----------
    path : str or Path
        The file.
    reading : ReadOptions, optional
        What a person says of how to read it.

    Returns
    -------
    ProbedFile
        With the duration the container claims (NaN where it claims none).

    Raises
    ------
    VideoUnreadable
        If the file holds no decodable video.
    TimestampsUnusable
        If its pictures carry no presentation times.
    BadParameter
        If what a person says cannot be.
    """
    decoder = Decoder(Path(path), reading)
    try:
        layout = compute_layout(decoder.first, decoder.stream.sample_aspect_ratio)
        info = describe(decoder, layout, mirrored=False, sha256="")
        return ProbedFile(info=info, metadata=decoder.metadata, flipped=layout.flipped)
    finally:
        decoder.close()


def probe(path: str | Path, reading: ReadOptions | None = None) -> VideoInfo:
    """Describe a recording; parameters and errors as for `look_into`.

    Returns
    -------
    VideoInfo
        Without a hash.
    """
    return look_into(path, reading).info
