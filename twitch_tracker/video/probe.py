"""What a recording is, without reading it all.

The convention that bites: `probe` decodes one picture only and trusts the
container for the duration; `measure_timing` reads every packet (not the
pictures) and knows.
"""

from __future__ import annotations

from pathlib import Path

from twitch_tracker.records import VideoInfo
from twitch_tracker.video.decoding import Decoder
from twitch_tracker.video.files import describe, hash_file
from twitch_tracker.video.pictures import compute_layout
from twitch_tracker.video.timing import Timing, measure_timing

__all__ = ["Timing", "measure_timing", "probe"]


def probe(
    path: str | Path, *, mirrored: bool = False, with_hash: bool = False
) -> VideoInfo:
    """Describe a recording from its header and first picture.

    Parameters
    ----------
    path : str or Path
        The file.
    mirrored : bool
        Whether it was stored mirrored; only noted.
    with_hash : bool
        Whether to read the whole file for its hash; otherwise `sha256` is
        empty.

    Returns
    -------
    VideoInfo
        With the duration the container claims; NaN where it claims none.

    Raises
    ------
    VideoUnreadable
        If the file holds no decodable video.
    TimestampsUnusable
        If its pictures carry no presentation times.
    """
    path = Path(path)
    decoder = Decoder(path)
    try:
        layout = compute_layout(decoder.first, decoder.stream.sample_aspect_ratio)
        sha256 = hash_file(path) if with_hash else ""
        return describe(decoder, layout, mirrored=mirrored, sha256=sha256)
    finally:
        decoder.close()
