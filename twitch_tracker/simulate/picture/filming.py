"""What a camera makes of a picture: size, blur, exposure, noise, frame times.

Works alike on portraits and on real video. Everything random comes from a seed and from
the number of the picture, so that a recording can be filmed again. Note: the order is
distance, defocus, shake, exposure, noise, mirror; a mirrored recording keeps the truth
of the subject's own sides.

>>> frame_times_s(0.1, 30.0)
array([0.        , 0.03333333, 0.06666667])
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import count
from typing import Any, Final, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import BadParameter
from twitch_tracker.records import Frame
from twitch_tracker.simulate.picture.motion_noise import wander
from twitch_tracker.simulate.picture.resampling import Field, Image, blur
from twitch_tracker.simulate.plan.scenario import Camera
from twitch_tracker.timebase import Stamp
from twitch_tracker.video.writer import TICKS_PER_S

__all__ = ["expose", "frame_times_s", "refilm", "resample"]

_BORDER_BLUR: Final = 0.03  # of the picture's height, around a face put farther away
_Mesh = TypeVar("_Mesh", bound=NDArray[np.floating[Any]] | None)


# --- frame times ------------------------------------------------------------


def _steps_s(fps: float, jitter_s: float, seed: int) -> Iterator[float]:
    """Yield endless frame times from 0 on."""
    rng = np.random.default_rng([seed, 7])
    time_s = 0.0
    for index in count(1):
        yield time_s
        if jitter_s == 0:
            time_s = index / fps
        else:
            time_s += 1 / fps + rng.uniform(-jitter_s, jitter_s)


def frame_times_s(
    duration_s: float, fps: float, jitter_s: float = 0.0, seed: int = 0
) -> NDArray[np.float64]:
    """Return the presentation times of a recording.

    Parameters
    ----------
    duration_s : float
        Length.
    fps : float
        Mean frames per second.
    jitter_s : float
        Steps differ from the mean by up to this, evenly; 0.01 at 30 frames per
        second gives the 23 to 43 ms of a browser's recording.
    seed : int
        Where the jitter comes from.

    Raises
    ------
    BadParameter
        If the jitter is more than 0.9 of a step.
    """
    _check_jitter(fps, jitter_s)
    if jitter_s == 0:
        return np.arange(max(1, round(duration_s * fps))) / fps
    times: list[float] = []
    for time_s in _steps_s(fps, jitter_s, seed):
        if times and time_s >= duration_s:
            break
        times.append(time_s)
    return np.array(times)


def _check_jitter(fps: float, jitter_s: float) -> None:
    if jitter_s > 0.9 / fps:
        raise BadParameter(
            "jitter_s", f"at most {0.9 / fps:.4f} at this rate", jitter_s
        )


def resample(
    pairs: Iterable[tuple[Frame, _Mesh]],
    fps: float,
    jitter_s: float = 0.0,
    seed: int = 0,
) -> Iterator[tuple[Frame, _Mesh]]:
    """Show a video at other times: the nearest of its frames each time.

    Parameters
    ----------
    pairs : iterable of (Frame, mesh)
        The video with the mesh of each frame.
    fps, jitter_s, seed
        As for `frame_times_s`.

    Yields
    ------
    tuple of Frame and mesh
        Frames numbered from 0 with the new times, until the last old one.

    Raises
    ------
    BadParameter
        As for `frame_times_s`.
    """
    _check_jitter(fps, jitter_s)
    wanted = enumerate(_steps_s(fps, jitter_s, seed))
    index, time_s = next(wanted)
    before: tuple[Frame, _Mesh] | None = None
    for pair in pairs:
        start = before or pair
        while time_s <= pair[0].time_s:
            nearer = abs(start[0].time_s - time_s) <= abs(pair[0].time_s - time_s)
            frame, mesh = start if nearer else pair
            yield _restamped(frame, index, time_s), mesh
            index, time_s = next(wanted)
        before = pair


def _restamped(frame: Frame, index: int, time_s: float) -> Frame:
    stamp = Stamp(pts=round(time_s * TICKS_PER_S), time_base=Fraction(1, TICKS_PER_S))
    return replace(frame, index=index, stamp=stamp)


# --- pictures ---------------------------------------------------------------


def refilm(
    pictures: Iterable[tuple[Image, float]], camera: Camera, seed: int
) -> Iterator[tuple[Image, float]]:
    """Film pictures again; their times stay.

    Parameters
    ----------
    pictures : iterable of (image, time in seconds)
        E.g. from `animate` or `reopen.reopen`.
    camera : Camera
        What it adds (frame times aside).
    seed : int
        Where all randomness comes from.

    Yields
    ------
    tuple of NDArray[np.uint8] and float
        Picture of the same shape and its time.
    """
    for index, (image, time_s) in enumerate(pictures):
        light = float(wander(np.array([time_s]), np.random.default_rng([seed, 8]))[0])
        yield expose(camera, image, seed=seed, index=index, light=light), time_s


def expose(
    camera: Camera, image: Image, *, seed: int, index: int, light: float
) -> Image:
    """Film one picture.

    Parameters
    ----------
    camera : Camera
        What it adds.
    image : NDArray[np.uint8]
        RGB, shape (height, width, 3).
    seed, index : int
        Of the recording, and of the picture in it.
    light : float
        Standardised drift of the exposure at this moment.

    Returns
    -------
    NDArray[np.uint8]
        `image` itself where the camera adds nothing.
    """
    if camera.distance != 1.0:
        image = _farther(image, camera.distance)
    if camera.blur_px > 0:
        image = _rounded(blur(image.astype(np.float32), camera.blur_px))
    if camera.shake_px > 0:
        image = _shaken(image, camera.shake_px, np.random.default_rng([seed, 9, index]))
    if camera.noise > 0 or camera.drift > 0:
        image = _noisy(camera, image, light, np.random.default_rng([seed, 2, index]))
    return np.ascontiguousarray(image[:, ::-1]) if camera.mirrored else image


def _noisy(
    camera: Camera, image: Image, light: float, rng: np.random.Generator
) -> Image:
    """Return the exposure drift and sensor noise."""
    noise = rng.standard_normal(image.shape[:2], dtype=np.float32)
    colour = rng.standard_normal(image.shape, dtype=np.float32)
    noise = blur(noise, 0.6) * np.float32(1.6 * camera.noise)
    gain = np.float32(1.0 + camera.drift * light)
    picture = image.astype(np.float32) * gain + noise[..., None]
    picture += colour * np.float32(0.4 * camera.noise)
    return _rounded(picture)


def _rounded(picture: Field) -> Image:
    return np.asarray(np.clip(np.rint(picture), 0, 255), dtype=np.uint8)


def _farther(image: Image, scale: float) -> Image:
    """Scale about the middle; around a smaller picture its edge goes on, blurred."""
    height, width = image.shape[:2]
    matrix = np.array(
        [
            [scale, 0.0, 0.5 * (1 - scale) * (width - 1)],
            [0.0, scale, 0.5 * (1 - scale) * (height - 1)],
        ]
    )
    source = blur(image.astype(np.float32), 0.45 / scale) if scale < 1 else image
    shown = np.asarray(
        cv2.warpAffine(
            source,
            matrix,
            (width, height),
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        dtype=np.float32,
    )
    if scale >= 1:
        return _rounded(shown)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    outside = np.maximum(
        np.abs(x - 0.5 * (width - 1)) - 0.5 * scale * (width - 1),
        np.abs(y - 0.5 * (height - 1)) - 0.5 * scale * (height - 1),
    )
    soft = _BORDER_BLUR * height
    share = np.clip(outside / soft, 0.0, 1.0)[..., None]
    return _rounded(shown + share * (blur(shown, soft) - shown))


def _shaken(image: Image, length_px: float, rng: np.random.Generator) -> Image:
    """Blur along a line, of a length and direction of this picture's own."""
    length = length_px * abs(float(rng.normal()))
    if length < 0.5:
        return image
    angle = rng.uniform(0, np.pi)
    size = 2 * int(np.ceil(length / 2)) + 1
    at = np.arange(size) - size // 2
    x, y = np.meshgrid(at, at)
    along = np.abs(x * np.cos(angle) + y * np.sin(angle))
    across = np.abs(y * np.cos(angle) - x * np.sin(angle))
    kernel = np.clip(length / 2 + 0.5 - along, 0, 1) * np.clip(1 - across, 0, 1)
    filtered = cv2.filter2D(image, -1, kernel / kernel.sum())
    return np.asarray(filtered, dtype=np.uint8)
