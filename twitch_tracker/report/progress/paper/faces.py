"""Pictures of a burst on paper, where somebody asked for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.language import say

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Faces", "draw_faces"]

_MM_PER_INCH: Final = 25.4


@dataclass(frozen=True, kw_only=True)
class Faces:
    """Pictures of one burst.

    Attributes
    ----------
    pictures : tuple of NDArray[np.uint8]
        RGB, shape (height, width, 3), upright and unmirrored.
    titles : tuple of str
        One each.
    words : str
        Which burst it is.
    """

    pictures: tuple[NDArray[np.uint8], ...]
    titles: tuple[str, ...]
    words: str


def draw_faces(faces: Faces, *, width_mm: float, height_mm: float) -> Figure:
    """Draw the pictures side by side.

    Parameters
    ----------
    faces : Faces
        At least one picture.
    width_mm, height_mm : float
        Of the whole.

    Returns
    -------
    matplotlib.figure.Figure
        Not yet written.
    """
    from matplotlib.figure import Figure

    figure = Figure(
        figsize=(width_mm / _MM_PER_INCH, height_mm / _MM_PER_INCH),
        layout="constrained",
    )
    places = figure.subplots(1, len(faces.pictures), squeeze=False)[0]
    for ax, picture, title in zip(places, faces.pictures, faces.titles, strict=False):
        ax.imshow(picture)
        ax.set_axis_off()
        ax.set_title(title, fontsize=7)
    figure.suptitle(
        say("The last burst that was filmed: {words}", words=faces.words),
        fontsize=8, fontweight="bold", x=0.01, ha="left",
    )  # fmt: skip
    return figure
