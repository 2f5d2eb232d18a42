"""What a recording is, without reading it all.

The convention that bites: `probe` decodes one picture only and trusts the
container for the duration; `timing.measure_duration_s` reads every packet and knows.
"""

from __future__ import annotations

from pathlib import Path

from twitch_tracker.records import Reading, VideoInfo
from twitch_tracker.video.decoding import Decoder
from twitch_tracker.video.files import describe
from twitch_tracker.video.pictures import compute_layout

__all__ = ["probe"]


def probe(path: str | Path, reading: Reading | None = None) -> VideoInfo:
    """Describe a recording from its header and first picture.

    Parameters
    ----------
    path : str or Path
        The file.
    reading : Reading, optional
        What a person says of how to read it.

    Returns
    -------
    VideoInfo
        With the duration the container claims (NaN where it claims none), without
        a hash.

    Raises
    ------
    VideoUnreadable
        If the file holds no decodable video.
    TimestampsUnusable
        If its pictures carry no presentation times.
    """
    decoder = Decoder(Path(path), reading)
    try:
        layout = compute_layout(decoder.first, decoder.stream.sample_aspect_ratio)
        return describe(decoder, layout, mirrored=False, sha256="")
    finally:
        decoder.close()
