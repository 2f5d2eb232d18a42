"""How coarsely pictures were written, of any codec, on the one scale of H.264.

Each codec counts in its own steps. They are put on the scale of H.264 (0 to 51) by what
is lost: the level of H.264 at which a small talking face (256 by 256 pixels, where
false bursts are seen first) is as far from its source, by mean squared error. That is
rough: in larger pictures VP8, VP9 and AV1 lose less, by up to 4 levels.
`studies/coarse_films.py` measures it.

For H.264, VP9, H.263, MPEG-1, 2 and 4 the decoder gives it for every picture; VP8 and
Motion JPEG stand in the header of every picture; HEVC and AV1 are read from the headers
of key pictures only.

Note: of H.264 FFmpeg's threads hand a few pictures out before all of their blocks are
described, on busy computers one in a hundred, and their level is then too low. Only the
median of a film is to be believed.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, cast

from av.packet import Packet
from av.sidedata.encparams import VideoEncParams
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from twitch_tracker.video.coarse import jpeg, vp8
from twitch_tracker.video.coarse.av1 import Av1Headers
from twitch_tracker.video.coarse.hevc import HevcHeaders

__all__ = ["Coarseness", "on_scale"]

_BLOCKS_LOOKED_AT: Final = 64

_Points = tuple[tuple[float, float], ...]

_ITSELF: Final[_Points] = ((0.0, 0.0), (51.0, 51.0))

_SCALES: Final[Mapping[str, _Points]] = MappingProxyType(
    {
        "h264": _ITSELF,
        "hevc": ((0.0, 0.0), (4.0, 0.0), (51.0, 47.0)),
        "vp8": (
            *((0.0, 17.0), (9.0, 20.0), (25.0, 25.0), (39.0, 28.0), (59.0, 31.0)),
            *((88.0, 35.0), (112.0, 39.0), (127.0, 40.5)),
        ),
        "vp9": (
            *((0.0, 12.0), (67.0, 19.0), (109.0, 23.5), (151.0, 28.0), (184.0, 32.0)),
            *((212.0, 35.0), (232.0, 38.0), (248.0, 40.5), (255.0, 41.5)),
        ),
        "av1": (
            *((0.0, 17.0), (17.0, 21.0), (30.0, 23.5), (52.0, 26.0), (78.0, 28.5)),
            *((104.0, 31.0), (131.0, 34.0), (165.0, 38.0), (255.0, 48.0)),
        ),
    }
)
"""By codec: index of its quantiser and the level of H.264 at which as much is lost."""

_STEPS: Final = frozenset({"mpeg1video", "mpeg2video", "mpeg4", "h263"})
"""These give the step itself: level 4 of H.264 is a step of 1, 6 levels more are twice
that."""

_IN_KEYS: Final = frozenset({"hevc", "av1"})
"""Of these only key pictures are read."""

_JPEG_FINER: Final = 2.0
"""Pictures that stand alone lose as much as others at half of the step."""


class Coarseness:
    """Measures how coarsely the pictures of one film are written.

    Parameters
    ----------
    stream : VideoStream
        The film, set up to decode with ``export_side_data=venc_params``.
    """

    def __init__(self, stream: VideoStream) -> None:
        """Look at the codec, and at what the file says of it."""
        context = stream.codec_context
        self._codec = context.codec.canonical_name
        self._read = _reader(self._codec, bytes(context.extradata or b""))
        self._key_only = self._codec in _IN_KEYS
        self._last = math.nan

    def took(self, packet: Packet[VideoStream]) -> None:
        """Look at the header of a picture that is about to be decoded."""
        if self._read is None or not packet.size:
            return
        if packet.is_keyframe or not self._key_only:
            found = self._read(bytes(packet))
            if found is not None:
                self._last = on_scale(self._codec, found)

    def of(self, picture: VideoFrame) -> float:
        """Return how coarsely a picture was written.

        Returns
        -------
        float
            On the scale of H.264, 0 to 51; for codecs that write it in headers, of the
            last header that has it; NaN without any.
        """
        # Iterating changed in PyAV 19; access by name did not.
        beside = cast("Mapping[str, Any]", picture.side_data)
        params = beside.get("VIDEO_ENC_PARAMS")
        if isinstance(params, VideoEncParams):
            return on_scale(self._codec, _mean(params))
        return self._last


def on_scale(codec: str, step: float) -> float:
    """Convert a codec's quantiser to the scale of H.264.

    Parameters
    ----------
    codec : str
        As FFmpeg calls it.
    step : float
        Index of its quantiser, or its step.

    Returns
    -------
    float
        0 to 51; NaN of a codec whose steps nobody has measured.
    """
    if codec == "mjpeg":
        codec, step = "mpeg4", step / _JPEG_FINER
    if codec in _STEPS:
        return min(4 + 6 * math.log2(max(step, 0.63)), 51.0)
    points = _SCALES.get(codec)
    if points is None or math.isnan(step):
        return math.nan
    at = min(max(bisect_right(points, (step, math.inf)), 1), len(points) - 1)
    (low, level), (high, next_level) = points[at - 1], points[at]
    part = min(max((step - low) / (high - low), 0.0), 1.0)
    return level + part * (next_level - level)


def _reader(codec: str, extradata: bytes) -> Callable[[bytes], float | None] | None:
    """Choose what reads the headers of pictures of a codec."""
    if codec == "vp8":
        return vp8.read_quantiser
    if codec == "mjpeg":
        return jpeg.read_step
    if codec == "hevc":
        return HevcHeaders(extradata).read_quantiser
    if codec == "av1":
        return Av1Headers(extradata).read_quantiser
    return None


def _mean(params: VideoEncParams) -> float:
    """Average some of the blocks of a picture."""
    step = max(params.nb_blocks // _BLOCKS_LOOKED_AT, 1)
    blocks = range(0, params.nb_blocks, step)
    steps = [params.block_params(k).delta_qp for k in blocks]
    return params.qp + (sum(steps) / len(steps) if steps else 0.0)
