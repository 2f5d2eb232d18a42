"""Still portraits from disk.

Turned upright as the file says, in RGB, without transparency. What is larger
than a recording would be is scaled down.

>>> image = read_still(Path("face.jpg"))  # doctest: +SKIP
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image as Picture
from PIL import ImageOps, UnidentifiedImageError

from twitch_tracker.errors import VideoUnreadable
from twitch_tracker.simulate.picture.resampling import Image

__all__ = ["STILL_SUFFIXES", "is_still", "read_still"]

STILL_SUFFIXES: Final = frozenset(
    [".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"]
)
"""What is taken for a still rather than for a video."""


def is_still(path: Path) -> bool:
    """Return whether a file is a still by its name."""
    return path.suffix.lower() in STILL_SUFFIXES


def read_still(path: Path, max_side_px: int = 960) -> Image:
    """Read a portrait.

    Parameters
    ----------
    path : Path
        A picture file.
    max_side_px : int
        Pictures whose longer side exceeds this are scaled down to it.

    Returns
    -------
    NDArray[np.uint8]
        RGB, shape (height, width, 3).

    Raises
    ------
    VideoUnreadable
        If it is no readable picture.
    """
    try:
        with Picture.open(path) as opened:
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except UnidentifiedImageError as error:
        raise VideoUnreadable(
            f"{path}: not a readable picture. Expected JPEG, PNG or the like."
        ) from error
    except (OSError, ValueError, Picture.DecompressionBombError) as error:
        raise VideoUnreadable(f"{path}: this picture cannot be read ({error}).") from (
            error
        )
    upright.thumbnail((max_side_px, max_side_px), Picture.Resampling.LANCZOS)
    return np.asarray(upright, dtype=np.uint8)
